"""The table of what differs between the ticked runs, and what came of it."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from micronn_core.common.texts import tr
from micronn_gui.panels.panel import Panel
from micronn_gui.panels.runs.differences import DifferenceRow, base_first, comparison_text, difference_rows
from micronn_gui.panels.runs.shown_runs import ShownRun, chosen_runs
from micronn_gui.session.runs import Runs
from micronn_gui.theme import number_font, px, text_font, themes
from micronn_gui.widgets.as_written import as_written
from micronn_gui.widgets.controls.buttons import keep_place, label
from micronn_gui.widgets.guard import Guarded

ROW_HEIGHT = 28
NAMES_WIDTH, LEAST_WIDTH = 168, 86
"""Of the first column and, at least, of the others, in pixels."""
Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class WhatDiffersPanel(Panel):
    """A column for each ticked run, a row for each setting in which they differ and for each figure."""

    seeds_wanted = Signal(str)
    """Somebody wants to see whether it is luck."""

    def __init__(self, runs: Runs) -> None:
        super().__init__(tr("What differs"))
        self._runs = runs
        self.title.hide()
        self._model = _DifferenceModel(self)
        self.table = _DifferenceTable(self._model, self.accessibleName())
        self.words = label("", "soft")
        self.words.setWordWrap(True)
        self.words.setMinimumHeight(px(32))  # two lines: other words move nothing
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.words.setTextFormat(Qt.TextFormat.RichText)
        self.words.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self.words.setToolTip(
            tr("Train it again with other first weights and another order: how far do the figures scatter?")
        )
        self.words.linkActivated.connect(self.seeds_wanted)
        self.body.removeItem(self.head)
        keep_place(self.table)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.words)
        self.refresh_seldom(interval_ms=500, share=4)
        runs.changed.connect(self.touch)
        runs.grew.connect(self.touch)
        themes.changed.connect(self.touch)  # the colour of the link

    def refresh(self) -> None:
        """Show what differs between the ticked runs as they are now."""
        shown = base_first(chosen_runs(self._runs))
        records = [item.run for item in shown]
        self._model.show_rows(shown, difference_rows(records))
        self.table.fit()
        self.table.setVisible(bool(records))
        self._say(comparison_text(records), bool(records))

    def _say(self, words: str, with_link: bool) -> None:
        """Say what the comparison is worth, and lead on to trying whether it is luck."""
        link = html.escape(tr("Is it luck? Repeat with other seeds ›"))
        color = themes.current.color("accent").name()
        anchor = f'<a href="seeds" style="color: {color}; font-weight: 600; text-decoration: none">{link}</a>'
        self.words.setText(f"{html.escape(words)} {anchor}" if with_link else html.escape(words))


class _DifferenceModel(Guarded, QAbstractTableModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.shown: Sequence[ShownRun] = ()
        self.rows: Sequence[DifferenceRow] = ()

    def show_rows(self, shown: Sequence[ShownRun], rows: Sequence[DifferenceRow]) -> None:
        """Show these rows about these runs."""
        shape = len(rows), len(shown)
        if shape != (len(self.rows), len(self.shown)):
            self.beginResetModel()
            self.shown, self.rows = shown, rows
            self.endResetModel()
        elif rows:
            self.shown, self.rows = shown, rows
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(shown)))
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(shown))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Return how many rows there are."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Return how many columns there are: the names, and the runs."""
        return 0 if parent.isValid() else 1 + len(self.shown)

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:  # noqa: ANN401 - whatever a role asks for
        """Return what a cell shows."""
        row, place = self.rows[index.row()], index.column() - 1
        text = row.name if place < 0 else row.texts[place]
        match role:
            case Role.DisplayRole:
                return text
            case Role.ToolTipRole:
                return as_written(text if place < 0 else self._words(row, place))
            case Role.TextAlignmentRole:
                return LEFT if place < 0 else RIGHT
            case Role.FontRole if place < 0:
                return text_font(12, QFont.Weight.Medium)
            case Role.FontRole:
                return number_font(12, QFont.Weight.Bold if place in row.best else QFont.Weight.Normal)
            case Role.ForegroundRole:
                return themes.current.color("soft" if place < 0 else "text")
            case Role.UserRole:
                return place in row.marked
        return None

    def _words(self, row: DifferenceRow, place: int) -> str:
        run = self.shown[place].title
        return tr("{run}, {figure}: {value}", run=run, figure=row.name, value=row.texts[place])

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:  # noqa: ANN401
        """Return what a run is called, in its colour."""
        if orientation is not Qt.Orientation.Horizontal or section > len(self.shown):
            return None
        item = self.shown[section - 1] if section else None
        match role:
            case Role.DisplayRole | Role.ToolTipRole:
                return item.title if item else tr("WHAT DIFFERS") if self.shown else ""
            case Role.FontRole:
                return text_font(12, QFont.Weight.DemiBold if item else QFont.Weight.Medium)
            case Role.ForegroundRole:
                return themes.current.color(item.look.role if item else "faint")
            case Role.TextAlignmentRole:
                return RIGHT if item else LEFT
        return None


class _MarkingDelegate(Guarded, QStyledItemDelegate):
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Put a ground below what differs from the first run; the style sheet knows none of a single cell."""
        if index.data(Role.UserRole):
            painter.fillRect(option.rect, themes.current.color("accent_soft"))
        super().paint(painter, option, index)


class _DifferenceTable(Guarded, QTableView):
    def __init__(self, model: _DifferenceModel, name: str) -> None:
        super().__init__()
        self.setModel(model)
        self.setItemDelegate(_MarkingDelegate(self))
        self.setAccessibleName(name)
        self.setToolTip(tr("The settings in which the ticked runs differ, and what came of it"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(px(16))
        self.verticalHeader().setDefaultSectionSize(px(ROW_HEIGHT))
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        header.setMinimumSectionSize(px(LEAST_WIDTH))

    def fit(self) -> None:
        """Share the width among the columns."""
        header = self.horizontalHeader()
        if header.count():
            header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
            header.setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(0, px(NAMES_WIDTH))

    def sizeHint(self) -> QSize:
        """Return room for the head and six rows."""
        return QSize(px(480), px(7.2 * ROW_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        """Return room for the head and three rows."""
        return QSize(px(320), px(4 * ROW_HEIGHT))
