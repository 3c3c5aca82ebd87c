"""Runs: what was tried, side by side, and trying more."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from micronn_core.common.texts import tr
from micronn_gui.panels.runs.folds import FoldsPanel
from micronn_gui.panels.runs.run_curves import RunCurvesPanel
from micronn_gui.panels.runs.run_table import RunTablePanel
from micronn_gui.panels.runs.sweep import SweepPanel
from micronn_gui.session.states import States
from micronn_gui.session.undo import RUNS
from micronn_gui.theme import px
from micronn_gui.widgets.controls.buttons import Card, Segments, fix_width
from micronn_gui.workspaces.workspace import Workspace

SWEEP, FOLDS = "sweep", "folds"


class RunsWorkspace(Workspace):
    """Above the table of runs, below the curves of those that are ticked and the experiments."""

    undoes = (RUNS,)

    def __init__(self, states: States) -> None:
        super().__init__()
        self._runs = states.runs
        self.table = RunTablePanel(states.training, states.runs)
        self.table.open_wanted.connect(
            lambda saved: self.replacement_wanted.emit(partial(states.runs.open, saved))
        )
        self.table.run_wanted.connect(
            lambda config: self.replacement_wanted.emit(partial(states.training.new_run, config))
        )
        self.curves = RunCurvesPanel(states.runs)
        self.sweep = SweepPanel(states.training, states.experiments.sweep)
        self.folds = FoldsPanel(states.training, states.experiments.cross_validation)
        self._cards: dict[str, Card] = {SWEEP: self.sweep, FOLDS: self.folds}
        self._experiments = QStackedWidget()
        self._tabs = [self._tab_into(card) for card in self._cards.values()]
        fix_width(self._experiments, px(400))
        below = QWidget()
        row = QHBoxLayout(below)
        row.setContentsMargins(0, px(0), px(0), px(0))
        row.setSpacing(px(16))
        row.addWidget(self.curves, 1)
        row.addWidget(self._experiments)
        self.rows = QSplitter(Qt.Orientation.Vertical)
        self.rows.setHandleWidth(px(16))
        self.rows.setChildrenCollapsible(False)
        self.rows.addWidget(self.table)
        self.rows.addWidget(below)
        for i in range(self.rows.count()):
            self.rows.setStretchFactor(i, 1)
        self.rows.setSizes([500, 500])
        column = QVBoxLayout(self)
        column.setContentsMargins(px(16), px(16), px(16), px(16))
        column.addWidget(self.rows)

    def _tab_into(self, card: Card) -> Segments:
        """Put the choice of the experiments in the place of a card's title."""
        tabs = Segments(
            [
                (SWEEP, tr("Sweep"), tr("Try every combination of a few values of a few settings")),
                (FOLDS, tr("Folds"), tr("See how far the accuracy depends on who judges")),
            ],
            tr("Which experiment"),
        )
        tabs.chosen.connect(self.show_card)
        card.title.hide()
        card.head.insertWidget(0, tabs)
        self._experiments.addWidget(card)
        return tabs

    def show_card(self, key: str) -> None:
        """Show one of the experiments."""
        self._experiments.setCurrentWidget(self._cards[key])
        for tabs in self._tabs:
            tabs.choose(key)

    def showEvent(self, event: QShowEvent) -> None:
        """Follow the present run while somebody looks."""
        self._runs.watch(True)
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Follow it no more."""
        super().hideEvent(event)
        self._runs.watch(False)
