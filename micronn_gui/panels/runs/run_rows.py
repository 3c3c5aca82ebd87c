"""The rows of the list of runs: cards, the headings of experiments, and what is hidden."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from micronn_core.common.texts import mark, number, tr, trn
from micronn_core.runs.lineage import is_short_try
from micronn_core.runs.record import RunRecord, differences
from micronn_core.settings.table import SETTINGS
from micronn_gui.panels.runs.run_words import setting_text

NEWEST, BEST, NAME = "newest", "best", "name"
ORDERS = {NEWEST: mark("newest"), BEST: mark("best"), NAME: mark("name")}
"""What the runs can be sorted by."""
MOST_VALUES = 4
"""Values of a setting that a heading names."""


@dataclass(frozen=True)
class CardRow:
    """A run, alone or in an experiment."""

    run: RunRecord
    grouped: bool = False

    @property
    def key(self) -> str:
        """What it is found again by."""
        return self.run.id


@dataclass(frozen=True)
class HeadingRow:
    """The heading of an experiment, which folds its runs away."""

    experiment: str
    text: str
    result: str
    folded: bool

    @property
    def key(self) -> str:
        """What it is found again by."""
        return f"experiment {self.experiment}"


@dataclass(frozen=True)
class HiddenRow:
    """How many short tries there are, hidden or shown."""

    count: int
    shown: bool

    @property
    def key(self) -> str:
        """What it is found again by."""
        return "short tries"

    @property
    def text(self) -> str:
        """Its words."""
        if self.shown:
            return trn("{count:,} short try · hide", "{count:,} short tries · hide", self.count)
        return trn("{count:,} short try hidden · show", "{count:,} short tries hidden · show", self.count)


Row = CardRow | HeadingRow | HiddenRow


def rows_of(
    runs: Sequence[RunRecord],
    order: str,
    folded: Collection[str],
    short_shown: bool,
    present: str,
    titles: dict[str, str],
) -> list[Row]:
    """Return the rows of a list.

    Args:
        runs: all runs, the newest first.
        order: one of `ORDERS`.
        folded: the experiments whose runs are folded away.
        short_shown: whether short tries are shown.
        present: the id of the present run, which is never hidden.
        titles: what the runs are called, by their ids.
    """
    short = [run for run in runs if run.id != present and is_short_try(run)]
    hidden = set() if short_shown else {run.id for run in short}
    groups: dict[str, list[RunRecord]] = {}  # by the experiment, or the id of a run alone
    for run in runs:
        if run.id not in hidden:
            groups.setdefault(run.experiment or run.id, []).append(run)
    rows: list[Row] = []
    for members in sorted_groups(
        [in_order(group, order, titles) for group in groups.values()], order, titles
    ):
        experiment = members[0].experiment
        if not experiment or len(members) == 1:
            rows += map(CardRow, members)
            continue
        rows.append(HeadingRow(experiment, varied_text(members), result_text(members), experiment in folded))
        if experiment not in folded:
            rows += [CardRow(run, grouped=True) for run in members]
    if short:
        rows.append(HiddenRow(len(short), short_shown))
    return rows


def in_order(runs: Iterable[RunRecord], order: str, titles: dict[str, str]) -> list[RunRecord]:
    """Return runs, the newest first, in an order."""
    if order == BEST:
        return sorted(runs, key=_worth)
    if order == NAME:
        return sorted(runs, key=lambda run: _natural(titles[run.id]))
    return list(runs)


def sorted_groups(
    groups: Iterable[list[RunRecord]], order: str, titles: dict[str, str]
) -> list[list[RunRecord]]:
    """Return groups in the order of their first runs."""
    if order == BEST:
        return sorted(groups, key=lambda group: _worth(group[0]))
    if order == NAME:
        return sorted(groups, key=lambda group: _natural(titles[group[0].id]))
    return list(groups)


def _worth(run: RunRecord) -> float:
    return -run.highest_accuracy if math.isfinite(run.highest_accuracy) else math.inf


def _natural(title: str) -> tuple[str, int, str]:
    """Return what titles are sorted by: Run 9 comes before Run 10."""
    words = title.rstrip("0123456789")
    digits = title[len(words) :]
    return words.casefold(), int(digits or 0), title


def varied_text(runs: Sequence[RunRecord]) -> str:
    """Return what differs between the runs of an experiment: "rate 0.02, 0.1, 0.5"."""
    oldest_first = sorted(runs, key=lambda run: run.number or math.inf)
    parts = []
    for name in differences([run.config for run in runs]):
        values = list(dict.fromkeys(setting_text(name, run.config) for run in oldest_first))
        more = " …" if len(values) > MOST_VALUES else ""
        parts.append(f"{tr(SETTINGS[name].short)} {', '.join(values[:MOST_VALUES])}{more}")
    return " · ".join(parts) or trn("{count:,} run", "{count:,} runs", len(runs))


def result_text(runs: Sequence[RunRecord]) -> str:
    """Return the best accuracy of an experiment; of other seeds the mean and the deviation."""
    shares = [100 * run.highest_accuracy for run in runs if math.isfinite(run.highest_accuracy)]
    if not shares:
        return ""
    if differences([run.config for run in runs]) == ("seed",) and len(shares) > 1:
        return f"{number(float(np.mean(shares)), '.1f')} ± {number(float(np.std(shares, ddof=1)), '.1f')} %"
    return tr("best {accuracy} %", accuracy=number(max(shares), ".1f"))
