"""How long work in the background will take: a rule of thumb, corrected by what was measured."""

from __future__ import annotations

import statistics
from collections.abc import Iterable

from micronn_core.common.errors import MicroNNError
from micronn_core.common.texts import tr
from micronn_core.experiments.sweep import estimated_seconds
from micronn_core.runs.record import RunRecord
from micronn_core.settings.config import TrainingConfig

LATEST = 8
"""So many measured runs say how fast this machine is."""
LEAST_S = 0.5
"""A shorter run says little of it."""
SURE = 0.25
"""From this share of the work on, what it has taken so far alone says how long it will take."""


def expected_seconds(config: TrainingConfig, kept: Iterable[RunRecord] = ()) -> float:
    """Return how many seconds a run takes on a process of its own.

    Args:
        config: its settings.
        kept: runs, the newest first, among which those of experiments say how fast this machine is.
    """
    try:
        return estimated_seconds(config) * _correction(kept)
    except MicroNNError:  # of data that have not been read, nothing is known
        return 0.0


def _correction(kept: Iterable[RunRecord]) -> float:
    ratios: list[float] = []
    for run in kept:
        if run.experiment and run.ending == "finished" and run.seconds >= LEAST_S and len(ratios) < LATEST:
            try:
                ratios.append(run.seconds / estimated_seconds(run.config))
            except MicroNNError:
                continue
    return statistics.median(ratios) if ratios else 1.0


def remaining_seconds(expected: float, elapsed: float, share: float) -> float:
    """Return how long work will still take.

    Args:
        expected: how many seconds it was thought to take.
        elapsed: how many it has taken so far.
        share: how much of it is done, 0 to 1.
    """
    if share <= 0:
        return max(expected - elapsed, 0.0)
    trust = min(share / SURE, 1.0)
    return (1 - share) * (trust * elapsed / share + (1 - trust) * expected)


def duration(seconds: float) -> str:
    """Return a length of time as people say it."""
    if seconds >= 1.5 * 3600:
        return tr("{hours:,.0f} h", hours=seconds / 3600)
    if seconds >= 1.5 * 60:
        return tr("{minutes:.0f} min", minutes=seconds / 60)
    return tr("{seconds:.0f} s", seconds=max(seconds, 1))
