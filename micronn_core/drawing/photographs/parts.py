"""Which parts of the ink are the digit: dust and specks are dropped, a loose bar and an open 4 kept whole."""

from __future__ import annotations

import enum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from micronn_core.drawing.photographs.ground import FAINTEST, Grey, threshold

SMALLEST, SMALLEST_CUT = 0.035, 0.25
"""Least length of a digit beside the picture's longer side, and of one that the border cuts."""

FAINTEST_CUT = 0.35
"""Least ink of a digit that the border cuts: where it is all there is, shadows end there, too."""

ROUNDEST = 2.0
"""Least length of a stroke beside its width: what is rounder is a blot."""

LINKED = 0.006
"""Half the width of a gap that does not part what is written, beside the picture's longer side."""

LOOSE = 0.04
"""Least ink of a loose part beside the digit's."""

NEAR = 0.4
"""Greatest distance of a loose part, beside the digit's length."""

LONG = 1.5
"""Greatest length of a loose part that the border cuts, beside the digit's."""

ALIKE, APART = 0.6, 0.12
"""Two parts are two digits if the smaller is so tall beside the larger, and the gap between them so wide."""


class Trouble(enum.Enum):
    """Why no digit is found."""

    BLANK = enum.auto()
    TWO = enum.auto()


class NoDigit(Exception):
    """There is no digit, or not one."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble)
        self.trouble = trouble


class _Part(NamedTuple):
    """A connected part of the ink: its number, box, pixels, length, and whether the border cuts it."""

    number: int
    top: int
    bottom: int
    left: int
    right: int
    area: int
    width: float
    at_border: bool

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def length(self) -> int:
        return max(self.height, self.right - self.left)


def _level(ink: Grey) -> float:
    noise = 1.4826 * float(np.median(np.abs(ink - np.median(ink))))
    return max(threshold(ink), FAINTEST, 6 * noise)


def digit_alone(ink: Grey) -> Grey:
    """Return the ink of the digit alone, 0 (ground) to 1 (its darkest).

    Raises:
        NoDigit: it is blank, or there are two digits side by side.
    """
    from scipy import ndimage  # here, because most of what runs opens no picture

    level = _level(ink)
    strong = ink > level
    if not strong.any():
        raise NoDigit(Trouble.BLANK)
    full = float(np.percentile(ink[strong], 75))
    weak = ink > min(level, max(0.5 * full, FAINTEST))
    marks, count = _linked(weak)
    if not count:
        raise NoDigit(Trouble.BLANK)
    parts = [part for part in _parts(marks, count) if part.area >= 4]
    kept = _of_digit(parts, max(ink.shape))
    if kept[0].at_border and full < FAINTEST_CUT:
        raise NoDigit(Trouble.BLANK)
    chosen = np.isin(marks, [part.number for part in kept])
    around = ndimage.binary_dilation(chosen, iterations=max(1, round(max(ink.shape) / 200)))
    around &= ~(weak & ~chosen)
    return np.where(around, np.clip(ink / full, 0, 1), 0).astype(np.float32)


def _linked(written: NDArray[np.bool_]) -> tuple[NDArray[np.int32], int]:
    """Return the number of the part of each pixel, (height, width), and how many parts there are.

    What a fine gap parts is one, such as what was a line before.
    """
    from scipy import ndimage

    reach = max(1, round(LINKED * max(written.shape)))
    around = ndimage.maximum_filter(written, 2 * reach + 1)
    marks, count = ndimage.label(around)
    return np.where(written, marks, 0), int(count)


def _parts(marks: NDArray[np.int32], count: int) -> list[_Part]:
    from scipy import ndimage

    areas = np.bincount(marks.ravel(), minlength=count + 1)
    depths = ndimage.distance_transform_edt(np.pad(marks > 0, 1))[1:-1, 1:-1]
    widths = np.zeros(count + 1)
    np.maximum.at(widths, marks.ravel(), 2 * depths.ravel())
    height, width = marks.shape
    parts = []
    for number, place in enumerate(ndimage.find_objects(marks), 1):
        (top, bottom), (left, right) = ((part.start, part.stop) for part in place)
        at_border = top == 0 or left == 0 or bottom == height or right == width
        parts.append(
            _Part(number, top, bottom, left, right, int(areas[number]), float(widths[number]), at_border)
        )
    return parts


def _of_digit(parts: list[_Part], side: int) -> list[_Part]:
    """Return the digit's parts."""
    strokes = [part for part in parts if part.length >= max(SMALLEST * side, ROUNDEST * part.width)]
    inner = [part for part in strokes if not part.at_border]
    largest_inner = max(inner, key=_size, default=None)
    cut = [part for part in strokes if part.at_border and part.length >= SMALLEST_CUT * side]
    largest = max([*inner, *cut], key=_size, default=None)
    if largest is None:
        raise NoDigit(Trouble.BLANK)
    if largest_inner is not None and largest_inner.length >= 0.2 * largest.length:
        strokes = [part for part in strokes if not part.at_border or _is_loose(part, largest_inner)]
        largest = largest_inner
    kept = [largest]
    for part in sorted(parts, key=_size, reverse=True):
        if part is largest or (part.at_border and part not in strokes):
            continue
        if part in strokes and _is_another_digit(part, largest):
            raise NoDigit(Trouble.TWO)
        if part.area >= LOOSE * largest.area and _is_near(part, largest, NEAR):
            kept.append(part)
    return kept


def _size(part: _Part) -> float:
    return float(part.area) * part.length


def _gaps(part: _Part, other: _Part) -> tuple[int, int]:
    """Return how far two boxes lie apart across and down; below 0 if they overlap."""
    across = max(part.left, other.left) - min(part.right, other.right)
    down = max(part.top, other.top) - min(part.bottom, other.bottom)
    return across, down


def _is_near(part: _Part, other: _Part, share: float) -> bool:
    return max(*_gaps(part, other), 0) <= share * other.length


def _is_loose(part: _Part, digit: _Part) -> bool:
    """Return whether a part that the border cuts may belong to a digit that it does not cut."""
    encloses = part.left <= (digit.left + digit.right) / 2 <= part.right and (
        part.top <= (digit.top + digit.bottom) / 2 <= part.bottom
    )
    return part.length <= LONG * digit.length and not encloses and _is_near(part, digit, 0.1)


def _is_another_digit(part: _Part, digit: _Part) -> bool:
    """Return whether a part is as large as a digit and lies apart from the one that was found."""
    tall = min(part.height, digit.height) >= ALIKE * max(part.height, digit.height)  # no loose bar of a 5
    return tall and part.area >= 0.2 * digit.area and max(_gaps(part, digit)) >= APART * digit.length
