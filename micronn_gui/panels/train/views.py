"""What the pictures of the neurons can show: the title of each view, and what is said of it in words."""

from __future__ import annotations

from dataclasses import dataclass

from micronn_core.common.texts import mark, tr
from micronn_core.data.features import DataSpec
from micronn_gui.panels.train.sentence import SQUARES

LEARNED, WEIGHTS, GRADIENT, LAYERS = "learned", "weights", "gradient", "layers"


@dataclass(frozen=True)
class View:
    """A choice of what is shown. All texts are marked for translation.

    Attributes:
        label: on its button.
        tip: what it is, in the words of the program.
        title: above the pictures.
    """

    label: str
    tip: str
    title: str


VIEWS = {
    LEARNED: View(
        mark("Learned"),
        mark("What training has changed: W1 minus its values at the start"),
        mark("What it has learned to look for"),
    ),
    WEIGHTS: View(
        mark("Weights"),
        mark("Each row of W1 as it is, the chance of its beginning included"),
        mark("The weights of each neuron"),
    ),
    GRADIENT: View(
        mark("Gradient"),
        mark("dW1 on the batch of the next step, which subtracts it"),
        mark("What the next step will change"),
    ),
    LAYERS: View(
        mark("Layers"),
        mark("How weights, answers and gradients of every layer are spread, now and at the start"),
        mark("What goes on in each layer"),
    ),
}
"""The views by their keys, in the order of their buttons; the first is the usual one."""


def words_of(view: str, spec: DataSpec, votes: bool, has_learned: bool, start_known: bool) -> tuple[str, ...]:
    """Return what is said of a view, from the longest words to the shortest.

    Args:
        view: its key.
        spec: what the inputs and the answers mean.
        votes: whether the neurons vote for the classes at once, as those of a single hidden layer do.
        has_learned: whether anything has changed since the start.
        start_known: whether it is known what the weights were at the start.
    """
    match view:
        case "layers":
            return (
                tr(
                    "Filled: now. Outline: at the start, before anything was learned. The answers are those "
                    "to test samples."
                ),
                tr("Filled: now. Outline: at the start."),
            )
        case "gradient":
            return (
                tr(
                    "The next step subtracts this: weights on {blue} blue will fall, weights on {orange} "
                    "orange will rise.",
                    **SQUARES,
                ),
                tr("{blue} blue will fall, {orange} orange will rise", **SQUARES),
            )
        case "learned" if not start_known:
            return (
                tr(
                    "How this network began is not known, so these are its weights as they are: {blue} blue "
                    "speaks for the neuron, {orange} orange against it.",
                    **SQUARES,
                ),
                tr("Its beginning is not known: the weights as they are"),
            )
        case "learned" if not has_learned:
            return (
                tr("Nothing is learned yet. Press Play, and watch patterns appear in these empty frames."),
                tr("Nothing is learned yet: press Play"),
            )
    return _of_patterns(spec, votes, view == WEIGHTS)


def _of_patterns(spec: DataSpec, votes: bool, raw: bool) -> tuple[str, ...]:
    """Return how to read the pattern of a neuron."""
    if spec.features.image_shape is None:
        pattern = tr(
            "Each neuron weighs the columns in its own way: a {blue} blue bar speaks for it, an {orange} "
            "orange one against.",
            **SQUARES,
        )
        short = tr("{blue} blue speaks for the neuron, {orange} orange against", **SQUARES)
    else:
        pattern = tr(
            "Each neuron compares the picture with its own pattern: ink on {blue} blue speaks for it, ink "
            "on {orange} orange against.",
            **SQUARES,
        )
        short = tr("Ink on {blue} blue speaks for it, on {orange} orange against", **SQUARES)
    if raw:
        pattern = tr("{pattern} The noise is what it began with.", pattern=pattern)
    if not votes:
        return pattern, short
    bars = tr("Bars: the digits it then votes for.") if spec.has_digits else tr("Small bars: its votes.")
    return tr("{pattern} {bars}", pattern=pattern, bars=bars), pattern, short
