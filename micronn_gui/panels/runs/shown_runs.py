"""The runs that the page lays side by side: what they are called, and in which colour."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import Qt

from micronn_core.runs.record import RunRecord
from micronn_gui.session.experiments import Experiments
from micronn_gui.session.runs import Runs
from micronn_gui.widgets.charts.overlay_chart import LineLook, line_look

UNDER_WAY = LineLook("faint", Qt.PenStyle.DotLine)
"""Of a run of an experiment that has no number yet."""


class ShownRun(NamedTuple):
    """A run as the chart and the table show it."""

    run: RunRecord
    title: str
    look: LineLook


def chosen_runs(runs: Runs) -> list[ShownRun]:
    """Return the ticked runs, the oldest first."""
    chosen = [run for run in runs.records() if runs.is_chosen(run.id)]
    return [ShownRun(run, runs.title(run), line_look(run.number)) for run in reversed(chosen)]


def runs_under_way(experiments: Experiments) -> list[ShownRun]:
    """Return the runs of the experiment that have begun and are not among the kept ones yet."""
    return [ShownRun(run, run.name, UNDER_WAY) for run in experiments.sweep.under_way()]
