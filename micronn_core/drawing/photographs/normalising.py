"""Ink is cropped, scaled and centred as MNIST's makers did.

They fitted each digit into a box of 20x20 pixels with its proportions kept, and laid its centre of mass
on the centre of a field of 28x28 pixels, white on black. A network that has only ever seen such pictures
recognises others only if they are treated alike.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from micronn_core.data.features import WHITE
from micronn_core.drawing.preparation import BOX, MNIST_FIELD, MNIST_SIDE, Field

NOISE = 0.15
"""Share of the darkest ink below which a pixel is paper: its grain, its shadows."""

OFF_CENTRE = 0.75
"""Pixels by which the centre of mass is off the middle at most; half a pixel in MNIST."""


def normalise(
    ink: NDArray[Any], field: Field = MNIST_FIELD, *, crop: bool = True, fit: bool = True, centre: bool = True
) -> NDArray[np.uint8]:
    """Crop, scale and centre a drawing as MNIST's makers did.

    Args:
        ink: (rows, columns), 0 where there is none; any scale, not blank.
        field: the size that it is brought to.
        crop: take the ink's own box; else the whole picture.
        fit: scale it to the field's box; else to all of the field.
        centre: lay the centre of mass on the middle; else the middle of the box.

    Returns:
        (height, width), 0 to 255.
    """
    ink = ink / ink.max()
    ink[ink < NOISE] = 0
    if crop:
        rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
        ink = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    digit = Image.fromarray((255 * ink).astype(np.uint8))
    sides = field.box if fit else field.size
    scale = min(side / length for side, length in zip(sides, digit.size, strict=True))
    width, height = (max(1, round(side * scale)) for side in digit.size)
    fitted = np.asarray(digit.resize((width, height), Image.Resampling.BICUBIC), np.float64)
    fitted *= WHITE / max(fitted.max(), 1)  # a thin stroke pales when it is made smaller
    top, left = (
        _offset(fitted.sum(axis=axis), side) if centre else (side - fitted.shape[1 - axis]) // 2
        for axis, side in ((1, field.height), (0, field.width))
    )
    picture = np.zeros((field.height, field.width), np.uint8)
    picture[top : top + height, left : left + width] = fitted.round()
    return picture


def has_mnists_form(brightness: NDArray[Any]) -> bool:
    """Return whether a picture, (28, 28), 0 to 255, is in the form of MNIST's: boxed and centred on black."""
    rows, columns = np.flatnonzero(brightness.any(axis=1)), np.flatnonzero(brightness.any(axis=0))
    if not len(rows) or abs(max(np.ptp(rows), np.ptp(columns)) + 1 - BOX) > 1:
        return False
    mass = brightness.astype(np.float64)
    down, across = (mass.sum(axis=axis) @ np.arange(mass.shape[1 - axis]) / mass.sum() for axis in (1, 0))
    return bool(max(abs(down - MNIST_SIDE / 2), abs(across - MNIST_SIDE / 2)) <= OFF_CENTRE)


def _offset(mass: NDArray[np.float64], side: int) -> int:
    """Return where to begin so that the centre of mass, (n,), falls on the side's middle, with all inside."""
    centre = float(mass @ np.arange(mass.size) / max(mass.sum(), 1))
    return min(max(round(side // 2 - centre), 0), side - mass.size)
