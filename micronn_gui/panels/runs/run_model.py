"""The table of runs as Qt's views want it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont, QIcon, QPixmap

from micronn_core.common.texts import tr
from micronn_core.runs.record import RunRecord, differences
from micronn_gui.panels.runs.run_columns import NAME, Column, RunColumns, sort
from micronn_gui.session.runs import Runs
from micronn_gui.theme import number_font, text_font, themes
from micronn_gui.widgets.charts.overlay_chart import STYLES, line_sample
from micronn_gui.widgets.guard import Guarded

DIFFERS = "• "
"""Stands before the title of a column in which runs differ."""
RATIO = 2.0
"""Pixels of a line's sample for each of the screen's: sharp on any."""

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole


class RunModel(Guarded, QAbstractTableModel):
    """Rows are runs, in the order of a column.

    Args:
        runs: whose choice is ticked, and who renames.
        columns: makes the columns.
    """

    def __init__(self, runs: Runs, columns: RunColumns, parent: QObject) -> None:
        super().__init__(parent)
        self._runs = runs
        self._make = columns
        self.records: list[RunRecord] = []
        self.columns = columns.of([])
        self._order = ("began", Qt.SortOrder.DescendingOrder)
        self._differing: frozenset[str] = frozenset()

    # -- what is shown --

    def show_records(self, records: Sequence[RunRecord]) -> bool:
        """Show these runs; returns whether there are other rows or columns than before."""
        columns = self._make.of(records)
        ordered = self._sorted(records, columns)
        other = [run.id for run in ordered] != [run.id for run in self.records]
        other |= [column.key for column in columns] != [column.key for column in self.columns]
        if other:
            self.beginResetModel()
        self.records, self.columns = ordered, columns
        self._differing = self._differences()
        if other:
            self.endResetModel()
        elif ordered:
            self.dataChanged.emit(self.index(0, 0), self.index(len(ordered) - 1, len(columns) - 1))
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(columns) - 1)
        return other

    def show_grown(self, grown: RunRecord) -> None:
        """Show a run that has become longer, in its row: where it belongs by its figures is asked later."""
        for row, run in enumerate(self.records):
            if run.id == grown.id:
                self.records[row] = grown
                self.dataChanged.emit(self.index(row, 0), self.index(row, len(self.columns) - 1))

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Put the runs into the order of a column."""
        self._order = (self.columns[column].key, order)
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        ids = [self.records[index.row()].id for index in before]
        self.records = self._sorted(self.records, self.columns)
        rows = {run.id: row for row, run in enumerate(self.records)}
        after = [self.index(rows[id_], index.column()) for id_, index in zip(ids, before, strict=True)]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    @property
    def order(self) -> tuple[int, Qt.SortOrder]:
        """The place of the column that decides the order, and the order."""
        key, order = self._order
        keys = [column.key for column in self.columns]
        return keys.index(key) if key in keys else keys.index("began"), order

    def _sorted(self, records: Sequence[RunRecord], columns: Sequence[Column]) -> list[RunRecord]:
        key, order = self._order
        column = next((c for c in columns if c.key == key), None)
        if column is None:
            return list(records)
        return sort(records, column, order is Qt.SortOrder.DescendingOrder)

    def _differences(self) -> frozenset[str]:
        """Return the settings in which the chosen runs differ, or all where fewer than two are chosen."""
        chosen = [run for run in self.records if self._runs.place(run.id) is not None]
        return frozenset(differences([run.config for run in (chosen if len(chosen) > 1 else self.records)]))

    # -- Qt's questions --

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Return how many runs there are."""
        return 0 if parent.isValid() else len(self.records)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(self.columns)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """The name can be ticked and written."""
        flags = super().flags(index)
        if self.columns[index.column()].key == NAME:
            flags |= Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEditable
        return flags

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:  # noqa: ANN401 - whatever a role asks for
        """Return what a cell shows."""
        run, column = self.records[index.row()], self.columns[index.column()]
        place = self._runs.place(run.id) if column.key == NAME else None
        match role:
            case Role.DisplayRole:
                return column.text(run)
            case Role.EditRole:
                return self._runs.title(run)
            case Role.ToolTipRole:
                return column.tip
            case Role.TextAlignmentRole if column.is_number:
                return RIGHT
            case Role.FontRole if column.is_number:
                return number_font(12)
            case Role.CheckStateRole if column.key == NAME:
                return Qt.CheckState.Unchecked if place is None else Qt.CheckState.Checked
            case Role.DecorationRole if place is not None:
                return _icon(line_sample(STYLES[place], themes.current, RATIO))
        return None

    def setData(self, index: Index, value: Any, role: int = Role.EditRole) -> bool:  # noqa: ANN401
        """Choose a run, or rename it; an empty name stands for its number."""
        run = self.records[index.row()]
        if role == Role.CheckStateRole:
            self._runs.choose(run.id, Qt.CheckState(value) is Qt.CheckState.Checked)
            return True
        if role == Role.EditRole and value != self._runs.title(run):
            self._runs.rename(run.id, str(value))
            return True
        return False

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:  # noqa: ANN401
        """Return a column's title: bold and with a sign, where runs differ."""
        if orientation is not Qt.Orientation.Horizontal or section >= len(self.columns):
            return None
        column = self.columns[section]
        differs = column.key in self._differing
        match role:
            case Role.DisplayRole:
                return DIFFERS + column.title if differs else column.title
            case Role.ToolTipRole:
                return tr("{tip}. The runs differ in it.", tip=column.tip) if differs else column.tip
            case Role.FontRole:
                return text_font(12, QFont.Weight.Bold if differs else QFont.Weight.Medium)
            case Role.TextAlignmentRole:
                return RIGHT if column.is_number else LEFT
        return None


def _icon(pixmap: QPixmap) -> QIcon:
    """Return an icon whose colours stay when its row is selected."""
    icon = QIcon(pixmap)
    icon.addPixmap(pixmap, QIcon.Mode.Selected)
    return icon
