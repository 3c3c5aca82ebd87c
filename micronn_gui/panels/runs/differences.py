"""What differs between runs, and what came of it: the rows of a table."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from micronn_core.common.texts import number, percent, percent_of, tr
from micronn_core.runs.lineage import origin_of
from micronn_core.runs.record import RunRecord, differences
from micronn_gui.panels.runs.run_words import setting_name, setting_text
from micronn_gui.panels.runs.shown_runs import ShownRun

THRESHOLDS = (50, 60, 70, 80, 85, *range(90, 100), 99.5)
"""The percentages whose first reaching is told."""
MOST_OF = 2 / 3
"""Of the runs: so many have reached the one that is told."""
OUTSIDE = ("my_digits",)
"""What is not told as a setting."""


class DifferenceRow(NamedTuple):
    """A row: a name, and a text for each run.

    Attributes:
        name: of a setting or a figure.
        texts: what it is in each run.
        marked: the places of the runs that differ from the first, in a setting.
        best: the places of the runs in which a figure is best.
    """

    name: str
    texts: tuple[str, ...]
    marked: frozenset[int] = frozenset()
    best: frozenset[int] = frozenset()


def base_first(shown: Sequence[ShownRun]) -> list[ShownRun]:
    """Return runs with that first from which most of the others came, and else as they are."""
    runs = [item.run for item in shown]
    origins = [origin_of(run, runs) for run in runs]
    counts = Counter(origin.id for origin in origins if origin is not None)
    if not counts:
        return list(shown)
    most = max(counts.values())
    base = next(item for item in shown if counts[item.run.id] == most)
    return [base, *(item for item in shown if item is not base)]


def difference_rows(runs: Sequence[RunRecord]) -> list[DifferenceRow]:
    """Return the rows about runs: first the settings in which they differ, then their figures."""
    names = [name for name in differences([run.config for run in runs]) if name not in OUTSIDE]
    return [*(_setting_row(name, runs) for name in names), *_figure_rows(runs)]


def _setting_row(name: str, runs: Sequence[RunRecord]) -> DifferenceRow:
    values = [getattr(run.config, name) for run in runs]
    texts = tuple(
        setting_text(name, run.config) + (tr(" (changed)") if name in run.changed else "") for run in runs
    )
    marked = frozenset(i for i, value in enumerate(values) if value != values[0])
    return DifferenceRow(setting_name(name), texts, marked)


def _figure_rows(runs: Sequence[RunRecord]) -> list[DifferenceRow]:
    if not runs:
        return []
    losses = [run.final.metrics.validation_loss for run in runs]
    best = [run.highest_accuracy for run in runs]
    name = tr("best on unseen pictures") if of_pictures(runs) else tr("best on unseen samples")
    rows = [
        DifferenceRow(name, tuple(percent(value, 2) for value in best), best=_where(best, max)),
        DifferenceRow(tr("loss there, last"), tuple(map(_loss, losses)), best=_where(losses, min)),
    ]
    if (threshold := _threshold(best)) is not None:
        firsts = [_first_above(run, threshold / 100) for run in runs]
        words = tuple(tr("epoch {epoch:,.1f}", epoch=e) if math.isfinite(e) else "–" for e in firsts)
        title = tr("first above {accuracy}", accuracy=percent_of(number(threshold, "g")))
        rows.append(DifferenceRow(title, words, best=_where(firsts, min)))
    seconds = tuple(tr("{seconds:,.1f} s", seconds=run.seconds) for run in runs)
    return [*rows, DifferenceRow(tr("time"), seconds)]


def of_pictures(runs: Sequence[RunRecord]) -> bool:
    """Return whether all runs learn from pictures."""
    return all(run.spec.features.image_shape is not None for run in runs)


def _where(values: Sequence[float], best: Callable[[Sequence[float]], float]) -> frozenset[int]:
    """Return the places of the best of several figures."""
    known = [value for value in values if math.isfinite(value)]
    if len(values) < 2 or not known:
        return frozenset()
    target = best(known)
    return frozenset(i for i, value in enumerate(values) if value == target)


def _loss(value: float) -> str:
    return number(value, ".3f" if value < 1000 else ".2e") if math.isfinite(value) else "–"


def _threshold(best: Sequence[float]) -> float | None:
    """Return the highest percentage that most runs have reached."""
    needed = math.ceil(MOST_OF * len(best))
    reached = [t for t in THRESHOLDS if sum(value > t / 100 for value in best) >= needed]
    return max(reached, default=None)


def _first_above(run: RunRecord, share: float) -> float:
    """Return the epoch in which a run first read more than a share; NaN if it never did."""
    above = np.flatnonzero(run.column("validation_accuracy") > share)
    return float(run.column("epoch")[above[0]]) if above.size else math.nan


def comparison_text(runs: Sequence[RunRecord]) -> str:
    """Return in a sentence how far what is seen comes from what differs."""
    if len(runs) < 2:
        return tr("Tick two runs or more: what differs between them stands here.")
    differing = differences([run.config for run in runs])
    if any(run.changed for run in runs) or not all(run.fresh for run in runs):
        return tr(
            "One of them was changed on its way, or did not begin anew: what you see does not come from its "
            "settings alone."
        )
    if "seed" in differing:
        return tr(
            "Other seeds: other first weights and another order of the samples. So part of what you see is "
            "luck."
        )
    if not differing:
        return tr("The same settings and the same seed: they should lie on each other.")
    if of_pictures(runs):
        return tr(
            "Same first weights where the shape is the same, same order of the pictures: what you see comes "
            "from what differs."
        )
    return tr(
        "Same first weights where the shape is the same, same order of the samples: what you see comes from "
        "what differs."
    )
