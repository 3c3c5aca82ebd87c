"""All runs in a table: sort, choose, open, vary, rename, delete and export them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, QSignalBlocker, QStandardPaths, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QMenu,
    QStackedWidget,
    QTableView,
    QWidget,
)

from micronn_core.common.texts import tr, trn
from micronn_core.runs.record import RunRecord
from micronn_core.runs.saved_network import SavedNetwork
from micronn_core.runs.tables import TABLE_KINDS
from micronn_core.settings.config import TrainingConfig
from micronn_gui.panels.panel import Panel, while_seen
from micronn_gui.panels.runs.run_columns import RunColumns
from micronn_gui.panels.runs.run_model import RunModel
from micronn_gui.panels.runs.run_variant import VariantDialog
from micronn_gui.session.runs import Runs
from micronn_gui.session.training import TrainingState
from micronn_gui.theme import px
from micronn_gui.widgets.as_written import as_written
from micronn_gui.widgets.charts.overlay_chart import SAMPLE
from micronn_gui.widgets.controls.buttons import button, label
from micronn_gui.widgets.controls.saving import ask_where_to_save
from micronn_gui.widgets.guard import Guarded

ROW_HEIGHT = 27


class RunTablePanel(Panel):
    """Lists the kept runs and the present one."""

    open_wanted = Signal(SavedNetwork)
    """The weights of a run are to become the present network."""
    run_wanted = Signal(TrainingConfig)
    """A run of these settings is to begin."""

    def __init__(self, training: TrainingState, runs: Runs) -> None:
        super().__init__(tr("Runs"))
        self._training = training
        self._runs = runs
        columns = RunColumns(self._runs, lambda: training.status)
        self._model = RunModel(self._runs, columns, self)
        self._note = label("", "soft")
        self.head.insertWidget(1, self._note)
        self._make_buttons()
        self.view = _RunView(self._model, self.title.text())
        self.view.setToolTip(
            tr("Tick runs to lay their curves over each other; select a run to open, vary or delete it.")
        )
        self.view.delete_wanted.connect(self._delete_selected)
        self.view.selectionModel().selectionChanged.connect(self._follow_selection)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._invitation())
        self._stack.addWidget(self.view)
        self.body.addWidget(self._stack, 1)
        runs.changed.connect(self.touch)
        runs.grew.connect(self._follow_growth)
        runs.loaded.connect(self.open_wanted)
        self._follow_selection()

    # -- building --

    def _make_buttons(self) -> None:
        self._open = button(tr("Open"), tr("Make the weights of the selected run the present network"))
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        final = menu.addAction(tr("Final weights"), lambda: self._load(best=False))
        final.setToolTip(
            tr(
                "Go on from its end exactly, with its past. A run that was stopped on its way grows; one "
                "that had come to its end stays, and a new run goes on from there."
            )
        )
        best = menu.addAction(tr("Best weights"), lambda: self._load(best=True))
        best.setToolTip(
            tr(
                "Begin a new run with the weights at its lowest validation loss: epochs, momentum and "
                "schedule begin anew"
            )
        )
        self._open.setMenu(menu)
        self._again = button(
            tr("Same again but …"), tr("Begin a run like the selected one with a setting changed")
        )
        self._again.clicked.connect(self._vary)
        self._star = button(tr("Star"), tr("Keep the selected runs however many there are, or no longer"))
        self._star.clicked.connect(self._toggle_star)
        self._delete = button(tr("Delete"), tr("Delete the selected runs (Delete); Ctrl+Z brings them back"))
        self._delete.clicked.connect(self._delete_selected)
        self._export = button(tr("Export …"), tr("Save the table as CSV, with all settings and figures"))
        self._export.clicked.connect(self._ask_export)
        for control in (self._open, self._again, self._star, self._delete, self._export):
            self.head.addWidget(control)

    def _invitation(self) -> QWidget:
        text = tr(
            "Every run is kept here, with its settings, curves and weights, as soon as it has taken a step.\n"
            "Press play (Space), then change the recipe and train again: the runs lie side by side."
        )
        words = label(text, "soft")
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        words.setWordWrap(True)
        return words

    # -- following --

    def refresh(self) -> None:
        """Show the runs as they are now; the selection stays with its runs."""
        if self.view.state() is QAbstractItemView.State.EditingState:
            return
        chosen = [run.id for run in self._selected()]
        if self._model.show_records(self._runs.records()):
            self.view.select(chosen)
            self.view.show_order()
            self.view.resizeColumnsToContents()
        self._stack.setCurrentIndex(1 if self._model.records else 0)
        count = len(self._model.records)
        text = trn("{count:,} run", "{count:,} runs", count)
        problems = self._runs.problems
        if problems:
            text = trn(
                "{runs}, {count:,} file cannot be read",
                "{runs}, {count:,} files cannot be read",
                len(problems),
                runs=text,
            )
        self._note.setText(self._runs.note or (text if count or problems else ""))
        self._note.setToolTip(as_written("\n".join(problems)))
        self._follow_selection()

    @while_seen
    def _follow_growth(self) -> None:
        present = self._runs.present()
        if present is not None:
            self._model.show_grown(present)
            self.view.widen(present.id)

    def _follow_selection(self) -> None:
        selected = self._selected()
        kept = [run for run in selected if run.id != self._runs.present_id]
        for control in (self._open, self._again):
            control.setEnabled(len(selected) == 1)
        self._star.setEnabled(bool(selected))
        self._star.setText(tr("Unstar") if self._all_starred(selected) else tr("Star"))
        self._delete.setEnabled(bool(kept))
        self._export.setEnabled(bool(self._model.records))

    @staticmethod
    def _all_starred(selected: list[RunRecord]) -> bool:
        return bool(selected) and all(run.starred for run in selected)

    def _selected(self) -> list[RunRecord]:
        rows = sorted(index.row() for index in self.view.selectionModel().selectedRows())
        return [self._model.records[row] for row in rows if row < len(self._model.records)]

    # -- intents --

    def _load(self, best: bool) -> None:
        for run in self._selected()[:1]:
            self._runs.load(run.id, best)

    def _vary(self) -> None:
        for run in self._selected()[:1]:
            dialog = VariantDialog(run, self._runs.title(run), self.window())
            dialog.wanted.connect(self.run_wanted)
            dialog.open()

    def _toggle_star(self) -> None:
        selected = self._selected()
        starred = not self._all_starred(selected)
        for run in selected:
            self._runs.change(run.id, starred=starred)

    def _delete_selected(self) -> None:
        self._runs.delete([run.id for run in self._selected()])

    def _ask_export(self) -> None:
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        kinds = {ending: tr(kind.label) for ending, kind in TABLE_KINDS.items()}
        start = Path(documents) / f"micronn-runs{next(iter(kinds))}"
        records = self._model.records
        ask_where_to_save(
            self.window(),
            tr("Export the table of runs"),
            start,
            kinds,
            lambda path: self._runs.export(path, records),
        )


class _RunView(Guarded, QTableView):
    """The table itself: it is sorted by a click on a title."""

    delete_wanted = Signal()

    def __init__(self, model: RunModel, name: str) -> None:
        super().__init__()
        self._runs_shown = model
        self.setModel(model)
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.EditKeyPressed | QAbstractItemView.EditTrigger.DoubleClicked
        )
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setIconSize(SAMPLE)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        header = self.horizontalHeader()
        header.setResizeContentsPrecision(0)  # by the rows in sight: to ask all of them takes too long
        header.setHighlightSections(False)
        header.setMinimumSectionSize(px(48))
        header.setSortIndicator(*model.order)
        self.setSortingEnabled(True)

    def select(self, ids: list[str]) -> None:
        """Select the runs of these ids."""
        flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        for row, run in enumerate(self._runs_shown.records):
            if run.id in ids:
                self.selectionModel().select(self._runs_shown.index(row, 0), flags)

    def widen(self, id_: str) -> None:
        """Make room for the texts of a run, which grow."""
        model = self._runs_shown
        for row, run in enumerate(model.records):
            if run.id == id_:
                for i in range(len(model.columns)):
                    needed = self.sizeHintForIndex(model.index(row, i)).width()
                    self.setColumnWidth(i, max(self.columnWidth(i), needed))

    def show_order(self) -> None:
        """Show by which column the runs are sorted."""
        with QSignalBlocker(self.horizontalHeader()):
            self.horizontalHeader().setSortIndicator(*self._runs_shown.order)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete deletes, once however long it is held down."""
        if event.key() == Qt.Key.Key_Delete:
            if not event.isAutoRepeat():
                self.delete_wanted.emit()
        else:
            super().keyPressEvent(event)
