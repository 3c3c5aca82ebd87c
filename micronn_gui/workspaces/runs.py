"""Runs: what was tried, side by side, and trying more."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QSplitter

from micronn_gui.panels.runs.run_cards import RunCardsPanel
from micronn_gui.panels.runs.run_curves import RunCurvesPanel
from micronn_gui.panels.runs.try_change import TryChange
from micronn_gui.panels.runs.what_differs import WhatDiffersPanel
from micronn_gui.session.states import States
from micronn_gui.session.undo import RUNS
from micronn_gui.theme import px
from micronn_gui.widgets.controls.columns import NO_LIMIT
from micronn_gui.workspaces.workspace import Workspace

MOST_CARDS = 420
"""Greatest width of the cards beside the chart, in pixels."""
LEAST_CARDS, LEAST_CHART = 300, 300
"""Least heights where they stand below each other: then the page is scrolled."""
BESIDE, BELOW = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom


class RunsWorkspace(Workspace):
    """The runs, and beside them, or below where it is narrow, their curves and what differs between them."""

    undoes = (RUNS,)

    def __init__(self, states: States) -> None:
        super().__init__()
        self._runs, self._training = states.runs, states.training
        self.cards = RunCardsPanel(states.runs, states.experiments)
        self.curves = RunCurvesPanel(states.runs, states.experiments)
        self.differences = WhatDiffersPanel(states.runs)
        self.trying = TryChange(self, states.training, states.runs, states.experiments)
        self.cards.open_wanted.connect(self._open)
        self.cards.change_wanted.connect(self._try_change)
        self.differences.seeds_wanted.connect(self._try_luck)
        self.trying.run_wanted.connect(self._begin)
        self.rows = QSplitter(Qt.Orientation.Vertical)
        self.rows.setHandleWidth(px(16))
        self.rows.setChildrenCollapsible(False)
        self.rows.addWidget(self.curves)
        self.rows.addWidget(self.differences)
        self.rows.setStretchFactor(0, 1)
        self.rows.setStretchFactor(1, 0)
        self._shared_by_hand = False
        self.rows.splitterMoved.connect(self._leave_rows)
        self.differences.length_changed.connect(self._share_rows)
        self._parts = QBoxLayout(BESIDE, self)
        self._parts.setContentsMargins(px(16), px(16), px(16), px(16))
        self._parts.setSpacing(px(16))
        self._parts.addWidget(self.cards, 2)
        self._parts.addWidget(self.rows, 5)

    def minimumSizeHint(self) -> QSize:
        """Return the least size: as narrow as the parts are one below the other, as high as they stand."""
        least, margins = super().minimumSizeHint(), self._parts.contentsMargins()
        widest = max(part.minimumSizeHint().width() for part in (self.cards, self.rows))
        return QSize(widest + margins.left() + margins.right(), least.height())

    def _arrange(self) -> None:
        """Have the parts beside each other where there is room, and else one below the other."""
        margins = self._parts.contentsMargins()
        needed = sum(part.minimumSizeHint().width() for part in (self.cards, self.rows))
        needed += self._parts.spacing() + margins.left() + margins.right()
        beside = self.width() >= needed
        self._parts.setDirection(BESIDE if beside else BELOW)
        self.cards.setMaximumWidth(px(MOST_CARDS) if beside else NO_LIMIT)
        self.cards.setMinimumHeight(0 if beside else px(LEAST_CARDS))
        table = self.differences.heightForWidth(self.rows.width())
        self.rows.setMinimumHeight(0 if beside else px(LEAST_CHART) + self.rows.handleWidth() + table)

    def _open(self, saved: Any) -> None:  # noqa: ANN401 - a network that was read
        self.replacement_wanted.emit(partial(self._runs.open, saved))

    def _begin(self, config: Any, origin: str) -> None:  # noqa: ANN401 - the settings of a run
        self.replacement_wanted.emit(partial(self._runs.begin, config, origin))

    def _try_change(self) -> None:
        self._open_try(luck=False)

    def _try_luck(self, _: str) -> None:
        self._open_try(luck=True)

    def _open_try(self, luck: bool) -> None:
        """Open the place where a change is tried, about the selected run or the present one."""
        selected = self.cards.selected()
        run = selected[0] if len(selected) == 1 else self._runs.present()
        self.trying.open_for(run, self.cards.change_anchor, luck)

    def _leave_rows(self) -> None:
        """Leave the chart and the table as somebody has dragged them."""
        self._shared_by_hand = True

    def _share_rows(self) -> None:
        """Give the table the height of its rows, up to half the page, and the chart the rest."""
        self._arrange()
        if not self._shared_by_hand:
            room = self.rows.height() - self.rows.handleWidth()
            below = self.differences.height_within(self.rows.width(), room // 2)
            self.rows.setSizes([room - below, below])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange the parts anew."""
        super().resizeEvent(event)
        self._share_rows()

    def showEvent(self, event: QShowEvent) -> None:
        """Follow the present run while somebody looks."""
        self._runs.watch(True)
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Follow it no more."""
        super().hideEvent(event)
        self._runs.watch(False)
