"""How the learning rate changes in the course of a run.

A schedule is a factor by which the learning rate is multiplied, a function of the progress of
the run: 0 at its start, 1 when the last epoch is complete. So it fits runs of any length, and a
run that is made longer goes back on its schedule. To add one, write the function and a row in
the table at the foot.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from micronn_core.common.described import Described, table
from micronn_core.common.texts import mark

WARM_UP = 0.1
"""The share of the run in which the learning rate rises."""


@dataclass(frozen=True, kw_only=True)
class Schedule(Described):
    """A course of the learning rate.

    Attributes:
        factor: progress p, 0 to 1 -> the factor, above 0 and at most 1 for p < 1.
    """

    factor: Callable[[float], float]


def constant(progress: float) -> float:
    """Return 1."""
    return 1.0


def step(progress: float) -> float:
    """Return 1 at first, 0.1 from half of the run on, 0.01 in its last quarter (He et al. 2016, CIFAR-10)."""
    return 1.0 if progress < 0.5 else 0.1 if progress < 0.75 else 0.01


def exponential(progress: float) -> float:
    """Return 0.01^p: every step shrinks the rate by the same factor, to a hundredth in all."""
    return float(0.01**progress)


def cosine(progress: float) -> float:
    """Return (1 + cos(pi p)) / 2, without restarts (Loshchilov and Hutter 2017, equation 5)."""
    return (1 + math.cos(math.pi * progress)) / 2


def warm_up(progress: float) -> float:
    """Rise evenly from 0.1 to 1 in the first tenth of the run, then stay (Goyal et al. 2017, section 2.2)."""
    return min(1.0, 0.1 + 0.9 * progress / WARM_UP)


SCHEDULES = table(
    Schedule(
        "constant",
        mark("Constant"),
        mark("The learning rate stays as it is set."),
        r"\alpha_p = \alpha",
        mark("the MicroNN tutorial"),
        factor=constant,
    ),
    Schedule(
        "step",
        mark("In steps"),
        mark("A tenth from half of the run on, a hundredth in its last quarter (He et al. 2016)."),
        r"\alpha_p = \alpha \cdot \{1,\ 0.1,\ 0.01\}",
        mark("He, Zhang, Ren and Sun 2016, for CIFAR-10"),
        factor=step,
    ),
    Schedule(
        "exponential",
        mark("Exponential"),
        mark("Shrinks by the same factor in every step, to a hundredth at the end."),
        r"\alpha_p = \alpha \cdot 0.01^{p}",
        mark("Senior, Heigold, Ranzato and Yang 2013, exponential scheduling"),
        factor=exponential,
    ),
    Schedule(
        "cosine",
        mark("Cosine"),
        mark("Falls slowly, then quickly, then slowly to 0 at the end (Loshchilov and Hutter 2017)."),
        r"\alpha_p = \alpha \cdot \frac{1 + \cos \pi p}{2}",
        mark("Loshchilov and Hutter 2017, equation 5, without restarts"),
        factor=cosine,
    ),
    Schedule(
        "warm-up",
        mark("Warm-up"),
        mark("Rises from a tenth to the full rate in the first tenth of the run (Goyal et al. 2017)."),
        r"\alpha_p = \alpha \cdot \min(1,\ 0.1 + 9p)",
        mark("Goyal et al. 2017, section 2.2"),
        factor=warm_up,
    ),
)
