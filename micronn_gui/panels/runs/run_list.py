"""The list of runs as Qt's views want it, and the view."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QListView

from micronn_core.common.texts import percent_of, tr
from micronn_core.runs.record import RunRecord
from micronn_gui.panels.runs.run_rows import CardRow, HeadingRow, HiddenRow, Row
from micronn_gui.panels.runs.run_words import accuracy_text, epochs_text, origin_text, shape_text
from micronn_gui.session.runs import Runs
from micronn_gui.theme import px
from micronn_gui.widgets.as_written import as_written
from micronn_gui.widgets.charts.overlay_chart import LineLook, line_look
from micronn_gui.widgets.guard import Guarded

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
CONTENT = Role.UserRole
"""The role under which the delegate finds what it paints: a `Card`, or a row that is none."""


class Card(NamedTuple):
    """What the card of a run shows.

    Attributes:
        title: what it is called.
        shape: the neurons of its layers.
        chip: what differs from the run that it came from, first of all.
        more: what else differs.
        epochs: how far it came.
        accuracy: its best one, in percent.
        look: of its line.
        ticked: whether its line is drawn.
        present: whether it is the present run.
        starred: whether it has a star.
        failed: whether it ended by an error.
        grouped: whether it stands below the heading of an experiment.
    """

    title: str
    shape: str
    chip: str
    more: tuple[str, ...]
    epochs: str
    accuracy: str
    look: LineLook
    ticked: bool
    present: bool
    starred: bool
    failed: bool
    grouped: bool

    @property
    def words(self) -> str:
        """All of it in words."""
        marks = [tr("now") if self.present else "", tr("starred") if self.starred else ""]
        marks.append(tr("failed") if self.failed else "")
        shape = tr("{shape} neurons", shape=self.shape)
        best = tr("best {accuracy}", accuracy=percent_of(self.accuracy))
        parts = [self.title, *marks, shape, self.chip, *self.more, self.epochs, best]
        return ", ".join(filter(None, parts))


class RunListModel(Guarded, QAbstractListModel):
    """Rows are cards, headings, and a line about what is hidden.

    Args:
        runs: whose choice is ticked, and who renames.
    """

    toggled = Signal(object)
    """Somebody wants a heading's runs, or the short tries, to be shown or hidden: the row."""

    def __init__(self, runs: Runs, parent: QObject) -> None:
        super().__init__(parent)
        self._runs = runs
        self.rows: list[Row] = []
        self._all: Sequence[RunRecord] = ()
        self._cards: dict[str, Card] = {}

    def show_rows(self, rows: list[Row], runs: Sequence[RunRecord]) -> bool:
        """Show these rows of all these runs; returns whether there are other rows than before."""
        other = [row.key for row in rows] != [row.key for row in self.rows]
        if other:
            self.beginResetModel()
        self.rows, self._all, self._cards = rows, runs, {}
        if other:
            self.endResetModel()
        elif rows:
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
        return other

    def show_grown(self, grown: RunRecord) -> None:
        """Show a run that has become longer, in its row: where it belongs by its figures is asked later."""
        for i, row in enumerate(self.rows):
            if isinstance(row, CardRow) and row.run.id == grown.id:
                self.rows[i] = CardRow(grown, row.grouped)
                self._cards.pop(grown.id, None)
                self.dataChanged.emit(self.index(i), self.index(i))

    def run_at(self, index: Index) -> RunRecord | None:
        """Return the run of a card."""
        row = self.rows[index.row()] if 0 <= index.row() < len(self.rows) else None
        return row.run if isinstance(row, CardRow) else None

    def toggle(self, index: Index) -> None:
        """Tick a run or untick it; show or hide what a heading, or the last line, stands for."""
        row = self.rows[index.row()]
        if isinstance(row, CardRow):
            self._runs.choose(row.run.id, not self._runs.is_chosen(row.run.id))
        else:
            self.toggled.emit(row)

    def _card(self, row: CardRow) -> Card:
        run = row.run
        if run.id not in self._cards:
            first, *more = origin_text(run, self._all)
            self._cards[run.id] = Card(
                title=self._runs.title(run),
                shape=shape_text(run),
                chip=first,
                more=tuple(more),
                epochs=epochs_text(run),
                accuracy=accuracy_text(run.highest_accuracy),
                look=line_look(run.number),
                ticked=self._runs.is_chosen(run.id),
                present=run.id == self._runs.present_id,
                starred=run.starred,
                failed=run.ending == "failed",
                grouped=row.grouped,
            )
        return self._cards[run.id]

    # -- Qt's questions --

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Return how many rows there are."""
        return 0 if parent.isValid() else len(self.rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """A card can be selected, ticked and renamed; what is none can be reached."""
        flags = Qt.ItemFlag.ItemIsEnabled
        if self.run_at(index) is not None:
            flags |= Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEditable
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:  # noqa: ANN401 - whatever a role asks for
        """Return what a row shows."""
        row = self.rows[index.row()]
        if role == CONTENT:
            return self._card(row) if isinstance(row, CardRow) else row
        if isinstance(row, CardRow):
            return self._of_card(self._card(row), role)
        words = {
            HeadingRow: tr("Fold or unfold the runs of this experiment (Enter)"),
            HiddenRow: tr("Tries that were given up at once: show or hide them (Enter)"),
        }
        if role == Role.ToolTipRole:
            return words[type(row)]
        if role in (Role.DisplayRole, Role.AccessibleTextRole):
            return f"{row.text}, {row.result}" if isinstance(row, HeadingRow) else row.text
        return None

    def _of_card(self, card: Card, role: int) -> Any:  # noqa: ANN401 - whatever a role asks for
        match role:
            case Role.DisplayRole | Role.EditRole:
                return card.title
            case Role.AccessibleTextRole:
                return card.words
            case Role.ToolTipRole:
                tick = tr("Its box lays its curve over the others (Space); Enter opens it, F2 renames it.")
                changes = "\n".join([card.chip, *card.more]) if card.more else card.chip
                best = tr(
                    "The figure is its best accuracy on the way; the chart writes the last one at its end."
                )
                return as_written("\n".join([card.title, changes, best, tick]))
            case Role.CheckStateRole:
                return Qt.CheckState.Checked if card.ticked else Qt.CheckState.Unchecked
        return None

    def setData(self, index: Index, value: Any, role: int = Role.EditRole) -> bool:  # noqa: ANN401
        """Rename a run; an empty name stands for its number."""
        run = self.run_at(index)
        if run is None or role != Role.EditRole or value == self._runs.title(run):
            return False
        self._runs.rename(run.id, str(value))
        return True


class RunListView(Guarded, QListView):
    """The cards one below the other."""

    open_wanted = Signal()
    """The current run is to be opened."""
    delete_wanted = Signal()
    """The selected runs are to be deleted."""

    def __init__(self, model: RunListModel, name: str) -> None:
        super().__init__()
        self._model = model
        self.setModel(model)
        self.setObjectName("cards")
        self.setAccessibleName(name)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.EditKeyPressed | QAbstractItemView.EditTrigger.DoubleClicked
        )
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMouseTracking(True)
        self.verticalScrollBar().setSingleStep(px(24))

    def minimumSizeHint(self) -> QSize:
        """Return room for a card."""
        return QSize(px(240), px(96))

    def selected(self) -> list[RunRecord]:
        """Return the selected runs, from top to bottom."""
        rows = sorted(self.selectionModel().selectedRows(), key=lambda index: index.row())
        return [run for index in rows if (run := self._model.run_at(index)) is not None]

    def select(self, keys: Iterable[str], current: str = "") -> None:
        """Select the runs of these ids, and have the keyboard at a row."""
        wanted, selection = set(keys), self.selectionModel()
        for i, row in enumerate(self._model.rows):
            index = self._model.index(i)
            if row.key in wanted:
                selection.select(index, QItemSelectionModel.SelectionFlag.Select)
            if row.key == current:
                selection.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)

    def current_key(self) -> str:
        """Return by what the row with the keyboard is found again; "" where there is none."""
        row = self.currentIndex().row()
        return self._model.rows[row].key if 0 <= row < len(self._model.rows) else ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space ticks, Enter opens, Delete deletes, once however long they are held down."""
        index, key = self.currentIndex(), event.key()
        if key not in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Delete):
            super().keyPressEvent(event)
        elif event.isAutoRepeat() or self.state() is QAbstractItemView.State.EditingState:
            return
        elif key == Qt.Key.Key_Delete:
            self.delete_wanted.emit()
        elif index.isValid() and (key == Qt.Key.Key_Space or self._model.run_at(index) is None):
            self._model.toggle(index)
        elif index.isValid():
            self.open_wanted.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Tick where the box of a card is pressed; fold where a heading is."""
        index = self.indexAt(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and self._acts(index, event.position().toPoint()):
            self._model.toggle(index)
        else:
            super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Rename a run, but not where its box is pressed twice."""
        index = self.indexAt(event.position().toPoint())
        if self._acts(index, event.position().toPoint()):
            self.mousePressEvent(event)
        else:
            super().mouseDoubleClickEvent(event)

    def _acts(self, index: Index, place: QPoint) -> bool:
        """Return whether a press does something at once: on the box of a card, or on what is no card."""
        if not index.isValid():
            return False
        return self._model.run_at(index) is None or place.x() - self.visualRect(index).left() < px(BOX_ROOM)


BOX_ROOM = 36
"""The pixels at the left of a card that belong to its box."""
