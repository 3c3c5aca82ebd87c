"""Long curves reduced to what can be seen of them: few points cost little to draw."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

POINTS = 300
"""Most points of a drawn curve; more cost time and cannot be told apart."""
NOISY_POINTS = 80
"""Most points of a curve through noise: each is then the mean of many batches."""

Curve = NDArray[np.float64]


class Thinned(NamedTuple):
    """What is drawn of a curve: a line, and behind it, or not, a band as one up-and-down line."""

    x: Curve
    y: Curve
    band: tuple[Curve, Curve] | None


def thin(
    x: Curve,
    y: Curve,
    weights: Curve,
    low: float,
    high: float,
    noisy: bool,
    extremes: tuple[Curve, Curve] | None = None,
) -> Thinned:
    """Reduce a curve to what can be seen between two places of its x.

    Args:
        x: rising.
        y: as many values.
        weights: how much each point weighs in a mean: the samples that it was measured on.
        low: where the part in sight begins.
        high: where it ends.
        noisy: whether neighbouring points differ by chance, as those of small batches do: the
            line is then a mean over more of them, and the band behind it shows them all.
        extremes: the least and the greatest value of each point, where it stands for several; y if not given.
    """
    least, greatest = (y, y) if extremes is None else extremes
    first = max(0, int(np.searchsorted(x, low)) - 1)
    last = int(np.searchsorted(x, high, side="right")) + 1
    x, y, weights, least, greatest = (line[first:last] for line in (x, y, weights, least, greatest))
    fine = _bin_length(len(x), POINTS)
    line = _means(x, y, weights, _bin_length(len(x), NOISY_POINTS) if noisy else fine)
    if not noisy and fine > 1 and first == 0:  # a steep line begins where the curve does
        line[0][0], line[1][0] = x[0], y[0]
    if fine == 1:
        return Thinned(*line, (x, y) if noisy else None)
    starts = np.arange(0, len(x), fine)
    ends = np.stack([np.minimum.reduceat(least, starts), np.maximum.reduceat(greatest, starts)], axis=1)
    return Thinned(*line, (np.repeat(x[starts], 2), ends.ravel()))


def _bin_length(count: int, points: int) -> int:
    """Return a power of two, so that the bins of a growing curve stay where they are."""
    return 1 << max(0, math.ceil(math.log2(max(count, 1) / points)))


def _means(x: Curve, y: Curve, weights: Curve, length: int) -> tuple[Curve, Curve]:
    if length == 1:
        return x, y
    starts = np.arange(0, len(x), length)
    total = np.add.reduceat(weights, starts)
    middle = np.add.reduceat(x * weights, starts) / total
    return middle, np.add.reduceat(y * weights, starts) / total
