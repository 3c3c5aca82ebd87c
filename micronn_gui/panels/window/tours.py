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
        opened_by: the button that brings the control into sight where it is put away; "" for none.
    """

    page: str
    parts: tuple[str, ...]
    sentence: str
    waits_for: Callable[[Watched], object] | None = None
    opened_by: str = ""


class Tour(NamedTuple):
    """A tour.

    Attributes:
        name: what the program calls it.
        title: what it is called before a user.
        promise: what one sees in it.
        icon: its icon.
        steps: its steps.
    """

    name: str
    title: str
    promise: str
    icon: str
    steps: tuple[Step, ...]


def _training(watched: Watched) -> object:
    return watched.training.playing or watched.training.trained


def _moment(watched: Watched) -> object:
    return watched.training.live


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
        mark("Noise turns into strokes, and a curve climbs: see a network go from guessing to reading."),
        "activity",
        (
            Step(
                "train",
                _NEURONS,
                mark(
                    "Each square is one neuron. It shows what the neuron has learned to look for: before the "
                    "training, nothing."
                ),
            ),
            Step(
                "train",
                _PLAY,
                mark("Press Play. The network now looks at thousands of digits, round after round."),
                _training,
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
                mark(
                    "Drag this back to see the whole window as it was, while the training goes on. End "
                    "brings you back to now."
                ),
                _moment,
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
            ),
            Step(
                "draw",
                (mark("Probability of each answer"),),
                mark(
                    "For each digit the network says how likely it finds it. It must choose one, even if you "
                    "drew a house."
                ),
            ),
            Step(
                "draw",
                _PLAY,
                mark(
                    "A network that has not learned yet only guesses. Press Play and watch it make up its "
                    "mind."
                ),
                _training,
            ),
            Step(
                "draw",
                (mark("How it changed its mind"),),
                mark("Here you see how sure it was of each digit in every round, from the first one to now."),
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
            ),
            Step(
                "inspect",
                (mark("The network and what flows through it"), mark("Step")),
                mark("Blue adds, orange takes away. Click any box to ask where its number comes from."),
                _number,
            ),
            Step(
                "inspect",
                (mark("Where the number comes from"),),
                mark("The number is the sum of these parts, the weightiest first. Click one to go deeper."),
                opened_by=mark("Why?"),
            ),
            Step(
                "inspect",
                (mark("Train on this picture"),),
                mark("Take this one learning step, and see how much surer the network has become."),
                opened_by=mark("Why?"),
            ),
        ),
    ),
)
