"""Which run a run came from, and what differs: what people want to know of one among many."""

from __future__ import annotations

from collections.abc import Iterable

from micronn_core.runs.record import RunRecord, differences

SHORT_SHARE = 0.03
"""A try is short below this share of the epochs that were planned,"""
SHORT_S = 10.0
"""and below so many seconds of training."""


def is_short_try(run: RunRecord) -> bool:
    """Return whether a run was given up so soon that nobody will look for it."""
    if run.starred or run.name or run.experiment or run.ending in ("finished", "stopped early", "failed"):
        return False
    return run.final.metrics.epoch < SHORT_SHARE * run.config.epochs and run.seconds < SHORT_S


def origin_of(run: RunRecord, runs: Iterable[RunRecord]) -> RunRecord | None:
    """Return the run that a run came from; None where it began something of its own.

    Where it is not known, or gone, it is the nearest earlier run of the same data set that was no
    short try and no part of an experiment.

    Args:
        run: whose origin.
        runs: all that there are.
    """
    others = [other for other in runs if other.id != run.id]
    known = next((other for other in others if other.id == run.origin), None)
    if known is not None:
        return known
    earlier = [
        other
        for other in others
        if 0 < other.number < (run.number or float("inf"))
        and other.config.dataset == run.config.dataset
        and not (other.experiment or is_short_try(other))
    ]
    return max(earlier, key=lambda other: other.number, default=None)


def changed_since(run: RunRecord, origin: RunRecord) -> tuple[str, ...]:
    """Return the names of the settings in which a run differs from the one that it came from."""
    return tuple(name for name in differences([origin.config, run.config]) if name != "my_digits")
