"""The table of what differs between the ticked runs, and what came of it."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QFont, QPainter, QResizeEvent
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
LEAST_WIDTH = 86
"""Of a run's column, in pixels."""
LEAST_ROWS = 3
"""Rows that are seen at least."""
Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class WhatDiffersPanel(Panel):
    """A column for each ticked run, a row for each setting in which they differ and for each figure."""

    seeds_wanted = Signal(str)
    """Somebody wants to see whether it is luck."""
    length_changed = Signal()
    """There are more rows or fewer than before."""

    def __init__(self, runs: Runs) -> None:
        super().__init__(tr("What differs"))
        self.body.setContentsMargins(px(16), px(14), px(16), px(14))
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
        length = self._model.rowCount()
        self._model.show_rows(shown, difference_rows(records))
        self.table.fit()
        self.table.setVisible(bool(records))
        self._say(comparison_text(records), bool(records))
        if self._model.rowCount() != length:
            self.table.updateGeometry()
            self.length_changed.emit()

    def height_within(self, width: int, most: int) -> int:
        """Return the height for all rows, or for as many whole ones as fit into so many pixels."""
        height, hidden = self.heightForWidth(width), self._model.rowCount() - LEAST_ROWS
        over = math.ceil(max(height - most, 0) / px(ROW_HEIGHT))
        return height - max(min(over, hidden), 0) * px(ROW_HEIGHT)

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
                return _value_font(text, place in row.best)
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


def _value_font(text: str, best: bool) -> QFont:
    """Return the font of a value: digits stand below each other, words need less room."""
    if any(map(str.isdigit, text)):
        return number_font(12, QFont.Weight.Bold if best else QFont.Weight.Normal)
    return text_font(12)


class _MarkingDelegate(Guarded, QStyledItemDelegate):
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Put a ground below what differs from the first run; the style sheet knows none of a single cell."""
        if index.data(Role.UserRole):
            painter.fillRect(option.rect, themes.current.color("accent_soft"))
        super().paint(painter, option, index)


class _DifferenceTable(Guarded, QTableView):
    def __init__(self, model: _DifferenceModel, name: str) -> None:
        super().__init__()
        self._is_wider = False  # than what is seen of it
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
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        header.setMinimumSectionSize(px(LEAST_WIDTH))

    def fit(self) -> None:
        """Give each column the width of its texts, and the runs what is left in equal parts."""
        header, count = self.horizontalHeader(), self.model().columnCount() - 1
        if count < 1:
            return
        widths = [self._needed(place) for place in range(count + 1)]
        room = self.viewport().width() - widths[0]
        spare = room - sum(widths[1:])
        self._is_wider = spare < 0
        if max(widths[1:]) * count <= room:
            widths[1:] = _shared(room, count)
        elif spare > 0:
            parts = _shared(spare, count)
            widths[1:] = [width + part for width, part in zip(widths[1:], parts, strict=True)]
        for place, width in enumerate(widths):
            header.resizeSection(place, width)

    def _needed(self, place: int) -> int:
        """Return the width that the texts of a column need."""
        needed = max(self.sizeHintForColumn(place), self.horizontalHeader().sectionSizeHint(place))
        return max(needed, px(LEAST_WIDTH))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new width."""
        super().resizeEvent(event)
        self.fit()

    def sizeHint(self) -> QSize:
        """Return room for the head and all rows."""
        return QSize(px(480), self._height(self.model().rowCount()))

    def minimumSizeHint(self) -> QSize:
        """Return room for the head and three rows."""
        return QSize(px(320), self._height(LEAST_ROWS))

    def _height(self, rows: int) -> int:
        """Return the height of the head and so many rows, and of the bar below them if there is one."""
        below = self.horizontalScrollBar().sizeHint().height() if self._is_wider else 0
        return self.horizontalHeader().sizeHint().height() + rows * px(ROW_HEIGHT) + below


def _shared(length: int, count: int) -> list[int]:
    """Return a length in so many nearly equal parts."""
    return [length * (i + 1) // count - length * i // count for i in range(count)]
