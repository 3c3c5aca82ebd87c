"""The round numbers of an axis."""

from __future__ import annotations

import math


def round_ticks(
    low: float, high: float, most: int, whole: bool = False, quarters: bool = False
) -> list[float]:
    """Return the round numbers of an axis, as many as there is room for.

    Args:
        low: where the axis begins.
        high: where it ends, beyond `low`.
        most: how many there may be.
        whole: whether what is counted has no halves.
        quarters: whether quarters are round too, as of percent.
    """
    least = (high - low) / (most - 1)
    unit = 10.0 ** math.floor(math.log10(least))
    steps = (1, 2, 2.5, 5, 10, 20) if quarters else (1, 2, 5, 10, 20)
    step = next(unit * times for times in steps if unit * times >= least * (1 - 1e-9))
    if step > high - low >= unit:  # two of them at least
        step = max(unit * times for times in steps if unit * times <= high - low)
    if whole:
        step = math.ceil(step)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [i * step for i in range(first, last + 1)]
