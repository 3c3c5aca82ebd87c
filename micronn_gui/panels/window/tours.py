"""The tours through the window: a row a step. What shows them is in `tour.py`.

To add a step, add its row; a test looks whether its part of the window is there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from micronn_core.common.texts import mark
from micronn_gui.session.drawing import Drawing
from micronn_gui.session.inspection import Inspection
from micronn_gui.session.training import TrainingState


class Watched(NamedTuple):
    """What tells whether the user has done what a step waits for."""

    training: TrainingState
    drawing: Drawing
    inspection: Inspection


class Step(NamedTuple):
    """A step of a tour.

    Attributes:
        page: the workspace that it is about.
        parts: what the control is called, as screen readers are told; the first name that is seen counts.
        sentence: what is said of it.
        waits_for: what becomes another when the user has done what the sentence asks for; None if it
            asks for nothing.
        is_past: whether the step has nothing to say any more, and is left out; None if it always has.
        spares: what the card leaves in sight besides, if it can.
        opened_by: the button that brings the control into sight where it is put away; "" for none.
    """

    page: str
    parts: tuple[str, ...]
    sentence: str
    waits_for: Callable[[Watched], object] | None = None
    is_past: Callable[[Watched], bool] | None = None
    spares: tuple[str, ...] = ()
    opened_by: str = ""


class Tour(NamedTuple):
    """A tour.

    Attributes:
        name: what the program calls it.
        title: what it is called before a user.
        promise: what one sees in it.
        icon: its icon.
        steps: its steps.
        prepare: goes to where it begins; None if it begins anywhere.
    """

    name: str
    title: str
    promise: str
    icon: str
    steps: tuple[Step, ...]
    prepare: Callable[[Watched], object] | None = None


def _training(watched: Watched) -> bool:
    return watched.training.playing or watched.training.trained


def _from_the_picture(watched: Watched) -> None:
    while watched.inspection.move_step(-1):
        pass


def _is_live(watched: Watched) -> bool:
    return watched.training.live


def _is_past(watched: Watched) -> bool:
    return not watched.training.live


def _drawing(watched: Watched) -> object:
    return watched.drawing.strokes


def _part(watched: Watched) -> object:
    step = watched.inspection.step
    return None if step is None else step.key


def _number(watched: Watched) -> object:
    return watched.inspection.trail


_NEURONS = (
    mark("What it has learned to look for"),
    mark("The weights of each neuron"),
    mark("What the next step will change"),
    mark("What goes on in each layer"),
)
_PLAY = (mark("Play (Space)"), mark("Pause (Space)"))

TOURS = (
    Tour(
        "watch",
        mark("Watch it learn"),
        mark("Strokes appear out of nothing, and a curve climbs: a network goes from guessing to reading."),
        "activity",
        (
            Step(
                "train",
                _PLAY,
                mark(
                    "Each square is a neuron that knows nothing yet. Press Play, and the network looks at "
                    "thousands of digits, round after round."
                ),
                _training,
                _training,
                spares=_NEURONS,
            ),
            Step(
                "train",
                _NEURONS,
                mark(
                    "Watch strokes appear. Where it is blue, ink speaks for the neuron; where it is orange, "
                    "ink speaks against it."
                ),
            ),
            Step(
                "train",
                (mark("How it goes"),),
                mark(
                    "The orange line is how many digits it reads right that it has never learned from. That "
                    "is what counts."
                ),
            ),
            Step(
                "train",
                (mark("Timeline"),),
                mark("Drag this back: the whole window shows how it was then. A training goes on meanwhile."),
                _is_live,
                _is_past,
            ),
            Step(
                "train",
                (mark("Timeline"),),
                mark("Drag it to the right end, or press the key End, to come back to now."),
                _is_live,
                _is_live,
            ),
        ),
    ),
    Tour(
        "draw",
        mark("Draw a digit"),
        mark("Write a number with the mouse, and see what the network makes of it, and why."),
        "pencil",
        (
            Step(
                "draw",
                (mark("Drawing pad"),),
                mark("Draw a digit here with the mouse, a finger or a pen."),
                _drawing,
                spares=(mark("Answer"),),
            ),
            Step(
                "draw",
                (mark("Probability of each answer"),),
                mark(
                    "For each digit the network says how likely it finds it. It must choose one, even if you "
                    "drew a house."
                ),
                spares=(mark("Answer"), mark("Drawing pad")),
            ),
            Step(
                "draw",
                _PLAY,
                mark(
                    "A network that has not learned yet only guesses. Press Play and watch it make up its "
                    "mind."
                ),
                _training,
                _training,
                spares=(mark("Answer"), mark("Drawing pad")),
            ),
            Step(
                "draw",
                (mark("How it changed its mind"),),
                mark("Here you see how sure it was of each digit in every round, from the first one to now."),
                spares=(mark("Answer"), mark("Drawing pad")),
            ),
            Step(
                "draw",
                (mark("About the answer"),),
                mark(
                    "Here you find what the network saw of your drawing, which neurons spoke for it, and the "
                    "digits that you keep."
                ),
            ),
        ),
    ),
    Tour(
        "follow",
        mark("Follow one number"),
        mark("Take one picture and go through one whole learning step, down to a single multiplication."),
        "microscope",
        (
            Step(
                "inspect",
                (mark("Sample"),),
                mark("This is the picture that is followed. Take another one here, or your own drawing."),
            ),
            Step(
                "inspect",
                (mark("Stages of the learning step"),),
                mark("Learning from it has these stages. Press Next here, and see the network light up."),
                _part,
                spares=(mark("The network and what flows through it"),),
            ),
            Step(
                "inspect",
                (mark("The network and what flows through it"), mark("Step")),
                mark("Blue adds, orange takes away. Click any box to ask where its number comes from."),
                _number,
                spares=(mark("Where the number comes from"),),
            ),
            Step(
                "inspect",
                (mark("Where the number comes from"),),
                mark("The number is the sum of these parts, the largest first. Click one to go deeper."),
                _number,
                opened_by=mark("Why?"),
            ),
            Step(
                "inspect",
                (mark("Train on this picture"), mark("Again")),
                mark("Take this one learning step, and see how much surer the network has become."),
                opened_by=mark("Why?"),
            ),
        ),
        _from_the_picture,
    ),
)
