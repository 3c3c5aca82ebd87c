"""Room on the disk for runs: how much of it they may take, and which of them give way to a new one."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from micronn_core.runs.record import RunRecord

SHARE = 2
"""Runs take at most one part in so many of what would be free without them."""
LEFT_FREE = 300 << 20
"""Bytes that they leave free for everybody else, as long as that is in their power."""


def free_bytes(folder: Path) -> int | None:
    """Return how many bytes are free on the disk of a folder; None where nobody can tell."""
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None


def beyond_measure(folder: Path, taken: int, old: int, new: int) -> tuple[int, ...]:
    """Return how many bytes runs should give way before one is written: for their share, for what stays free.

    Args:
        folder: where they lie.
        taken: bytes of their files.
        old: bytes of those whose place the new one takes, which is written beside it.
        new: bytes of the new one.
    """
    free = free_bytes(folder)
    if free is None:
        return ()
    return taken - old + new - (taken + free) // SHARE, new + LEFT_FREE - free


def lacking(folder: Path, needed: int) -> int:
    """Return how many bytes must go, where so many have found no room."""
    free = free_bytes(folder)
    return needed if free is None or free >= needed else needed - free  # one's share may be what is used up


def giving_way(runs: Iterable[RunRecord], sizes: Mapping[str, int], needed: int) -> list[RunRecord]:
    """Return which runs give way so that so many bytes become free: the first ones.

    Args:
        runs: those that may, the oldest first.
        sizes: bytes of their files, by their ids.
        needed: how many bytes.

    Returns:
        None of them if all together are too few: no run is deleted in vain.
    """
    chosen: list[RunRecord] = []
    freed = 0
    for run in runs:
        if freed >= needed:
            break
        chosen.append(run)
        freed += sizes[run.id]
    return chosen if freed >= needed else []
