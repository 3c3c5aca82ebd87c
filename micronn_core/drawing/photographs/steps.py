"""The way of a photograph to the network: a table of steps, each of which can be left out."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from micronn_core.common.errors import DataError
from micronn_core.common.texts import mark, tr
from micronn_core.drawing.photographs.decoding import WHITE, working_size
from micronn_core.drawing.photographs.ground import FAINTEST, Grey, evened, is_light
from micronn_core.drawing.photographs.lines import without_lines
from micronn_core.drawing.photographs.normalising import has_mnists_form, normalise
from micronn_core.drawing.photographs.parts import NoDigit, Trouble, digit_alone
from micronn_core.drawing.photographs.sheet import Mask, find_sheet, on_sheet
from micronn_core.drawing.preparation import MNIST_FIELD, Field, Stage


@dataclass(frozen=True, eq=False)
class Photograph:
    """A picture that has been decoded.

    Attributes:
        name: what it is called in words: its file, or "The picture".
        brightness: (height, width), 0 to 255, as it was decoded.
        darkness: (height, width), 0 to 1, of a size to reckon with; the writing is what is high.
        sheet: where the sheet of paper is, if it lies on a dark table.
    """

    name: str
    brightness: Grey
    darkness: Grey
    sheet: Mask | None


class Step(NamedTuple):
    """A step on the way.

    Attributes:
        name: its name in `Stage`, and in `without`.
        label: what the window calls it, marked for translation.
        tip: what it does, in a sentence, marked for translation.
        change: from the picture before it to that after it, 0 to 1.
        otherwise: the same if the step is left out.
    """

    name: str
    label: str
    tip: str
    change: Callable[[Grey, Photograph], Grey]
    otherwise: Callable[[Grey], Grey] = lambda picture: picture


def _above_border(darkness: Grey) -> Grey:
    """Return what is darker than the middle of the border, which is then the ground of all of the picture."""
    border = np.concatenate([darkness[0], darkness[-1], darkness[:, 0], darkness[:, -1]])
    return np.asarray(np.clip(darkness - np.median(border), 0, 1), np.float32)


STEPS = (
    Step(
        "sheet",
        mark("sheet"),
        mark("Take the sheet of paper alone, without the table around it and without dark edges"),
        lambda picture, photograph: on_sheet(picture, photograph.sheet),
    ),
    Step(
        "even",
        mark("even light"),
        mark("Measure the ink against the paper around it, so that shadows vanish"),
        lambda picture, _: evened(picture),
        _above_border,
    ),
    Step(
        "lines",
        mark("no lines"),
        mark("Take out the lines of ruled and squared paper"),
        lambda picture, _: without_lines(picture),
    ),
    Step(
        "parts",
        mark("digit alone"),
        mark("Drop specks and dust; keep what belongs to the digit"),
        lambda picture, _: digit_alone(picture),
    ),
)
"""What is done to a photograph before it is brought into MNIST's form."""

TAKEN, FORM = "taken", ("crop", "fit", "centre")
"""The name of the first stage; the names of the last ones, which are those of a drawing's steps."""

STEP_NAMES = (*(step.name for step in STEPS), *FORM)
"""All that can be left out."""


def photograph_of(brightness: Grey, name: str) -> Photograph:
    """Return a picture, 0 to 255, ready for its way: its size, and which way round it is, are settled."""
    working = working_size(brightness) / np.float32(WHITE)
    sheet = find_sheet(working)
    light = sheet is not None or is_light(working)
    return Photograph(name, brightness, 1 - working if light else working, sheet)


def stages_of_photograph(
    photograph: Photograph, field: Field = MNIST_FIELD, without: Collection[str] = ()
) -> list[Stage]:
    """Return the pictures on the way from a photograph to the network, 0 (ground) to 1 (ink).

    The first stage is named "taken"; a step that is left out shows the picture before it. The last
    picture is what the network sees, (height, width); those before "crop" have the photograph's shape.

    Args:
        photograph: what `open_photograph` returns.
        field: the size of the last pictures.
        without: names of steps, of `STEP_NAMES`, that are left out.

    Raises:
        DataError: there is no digit in it, or there are two.
    """
    if not without and is_ready(photograph, field):
        picture = (photograph.brightness / WHITE).astype(np.float32)
        return [Stage(name, picture) for name in (TAKEN, *STEP_NAMES)]
    stages = [Stage(TAKEN, photograph.darkness)]
    for step in STEPS:
        before = stages[-1].picture
        if step.name in without:
            stages.append(Stage(step.name, step.otherwise(before)))
            continue
        try:
            stages.append(Stage(step.name, step.change(before, photograph)))
        except NoDigit as error:
            raise DataError(tr(_NO_DIGIT[error.trouble], path=photograph.name)) from None
    ink = stages[-1].picture
    if ink.max() < FAINTEST:
        raise DataError(tr(_NO_DIGIT[Trouble.BLANK], path=photograph.name))
    for i in range(1, len(FORM) + 1):
        done = {name: name in FORM[:i] and name not in without for name in FORM}
        stages.append(Stage(FORM[i - 1], (normalise(ink, field, **done) / WHITE).astype(np.float32)))
    return stages


def picture_of(photograph: Photograph, field: Field = MNIST_FIELD) -> NDArray[np.uint8]:
    """Return what the network sees of a photograph, (height, width), 0 to 255; raises DataError."""
    last = stages_of_photograph(photograph, field)[-1].picture
    return (last * WHITE).round().astype(np.uint8)


def is_ready(photograph: Photograph, field: Field) -> bool:
    """Return whether a picture is taken as it is: light on dark, of the field's size, in MNIST's form.

    In which form the pictures of other data are is not known: those of the field's size are taken as
    they are if their border is dark.
    """
    brightness = photograph.brightness
    if brightness.shape != (field.height, field.width) or brightness.max() < FAINTEST * WHITE:
        return False
    if field == MNIST_FIELD:
        return has_mnists_form(brightness)
    border = np.concatenate([brightness[0], brightness[-1], brightness[:, 0], brightness[:, -1]])
    return bool(np.median(border) <= WHITE / 2)


_NO_DIGIT = {
    Trouble.BLANK: mark(
        "{path} is blank: nothing in it stands out from its ground. Choose a picture of a digit."
    ),
    Trouble.TWO: mark("{path}: there are two digits side by side. Crop the picture to one."),
}
