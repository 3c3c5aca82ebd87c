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

WARM_UP = 0.1
"""The share of the run in which the learning rate rises."""


@dataclass(frozen=True)
class Schedule:
    """A course of the learning rate.

    Attributes:
        name: key in `SCHEDULES`.
        label: name as people write it.
        description: what it does, in a sentence.
        factor: progress p, 0 to 1 -> the factor, above 0 and at most 1 for p < 1.
        latex: the formula; p is the progress.
        source: the document or paper it comes from.
    """

    name: str
    label: str
    description: str
    factor: Callable[[float], float]
    latex: str
    source: str


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


SCHEDULES = {
    schedule.name: schedule
    for schedule in (
        Schedule(
            "constant",
            "Constant",
            "The learning rate stays as it is set.",
            constant,
            r"\alpha_p = \alpha",
            "the MicroNN tutorial",
        ),
        Schedule(
            "step",
            "In steps",
            "A tenth from half of the run on, a hundredth in its last quarter (He et al. 2016).",
            step,
            r"\alpha_p = \alpha \cdot \{1,\ 0.1,\ 0.01\}",
            "He, Zhang, Ren and Sun 2016, for CIFAR-10",
        ),
        Schedule(
            "exponential",
            "Exponential",
            "Shrinks by the same factor in every step, to a hundredth at the end.",
            exponential,
            r"\alpha_p = \alpha \cdot 0.01^{p}",
            "Senior, Heigold, Ranzato and Yang 2013, exponential scheduling",
        ),
        Schedule(
            "cosine",
            "Cosine",
            "Falls slowly, then quickly, then slowly to 0 at the end (Loshchilov and Hutter 2017).",
            cosine,
            r"\alpha_p = \alpha \cdot \frac{1 + \cos \pi p}{2}",
            "Loshchilov and Hutter 2017, equation 5, without restarts",
        ),
        Schedule(
            "warm-up",
            "Warm-up",
            "Rises from a tenth to the full rate in the first tenth of the run (Goyal et al. 2017).",
            warm_up,
            r"\alpha_p = \alpha \cdot \min(1,\ 0.1 + 9p)",
            "Goyal et al. 2017, section 2.2",
        ),
    )
}
