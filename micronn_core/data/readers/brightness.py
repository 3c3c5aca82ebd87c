"""What white is in a file of pictures: 255, or less, as some write it; every file is brought to 255."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from micronn_core.common.texts import tr
from micronn_core.data.features import WHITE

_UCI_PIXELS, _UCI_WHITE = 64, 16
"""The optical digits of the UCI repository, which scikit-learn brings along: 8x8 pixels from 0 to 16."""


def as_bytes(values: NDArray[Any]) -> tuple[NDArray[np.uint8], str]:
    """Return pixels as bytes from 0 to 255, and what to say of it; "" if they were such already.

    Args:
        values: (m, n), from 0 to 255; fractions only if none is above 1.
    """
    greatest = values.max(initial=0)
    white = 1 if greatest <= 1 else _UCI_WHITE
    if greatest == 0 or greatest > white or (white == _UCI_WHITE and values.shape[1] != _UCI_PIXELS):
        return values.astype(np.uint8, copy=False), ""
    scaled = np.rint(values.astype(np.float32) * np.float32(WHITE / white)).astype(np.uint8)
    remark = tr(
        "No pixel is above {white}, so {white} was taken for white and every pixel multiplied by {factor}.",
        white=white,
        factor=f"{WHITE / white:g}",
    )
    return scaled, remark


def are_pixels(values: NDArray[Any]) -> bool:
    """Return whether numbers are pixels: whole ones from 0 to 255, or none below 0 and above 1."""
    if not (values.min(initial=0) >= 0 and values.max(initial=0) <= WHITE):  # NaN is neither
        return False
    return bool(values.max(initial=0) <= 1 or np.all(values == np.floor(values)))


class PixelCheck:
    """Looks at the pixels of a table row by row: fractions are right only where no pixel is above 1."""

    def __init__(self) -> None:
        self._fraction: Exception | None = None
        self._beyond_one = False

    def look(self, values: NDArray[np.float64], fault: Callable[[int, str], Exception]) -> None:
        """Raise what is wrong with a row, or with one before it that is seen to be wrong only now.

        Args:
            values: (n,), NaN for what is no number.
            fault: makes the error about a column from what is expected there.
        """
        whole = tr("a whole number from 0 to {limit}", limit=WHITE)
        wrong = ~((values >= 0) & (values <= WHITE))
        fractions = values != np.floor(values)
        if wrong.any():
            expected = tr("a number from 0 to 1") if self._fraction else whole
            raise fault(int(wrong.argmax()), expected)
        if self._fraction is None and fractions.any():
            self._fraction = fault(int(fractions.argmax()), whole)
        self._beyond_one |= bool((values > 1).any())
        if self._fraction is not None and self._beyond_one:
            raise self._fraction
