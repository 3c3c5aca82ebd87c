"""The panel of the runs: a card each, and what can be done with them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, QStandardPaths, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QHBoxLayout, QStackedWidget, QWidget

from micronn_core.common.texts import number, tr, trn
from micronn_core.runs.record import RunRecord
from micronn_core.runs.saved_network import SavedNetwork
from micronn_core.runs.tables import TABLE_KINDS
from micronn_gui.panels.panel import Panel, while_seen
from micronn_gui.panels.runs.experiment_progress import ExperimentProgress
from micronn_gui.panels.runs.run_card import RunCardDelegate
from micronn_gui.panels.runs.run_list import RunListModel, RunListView
from micronn_gui.panels.runs.run_rows import NEWEST, ORDERS, CardRow, HeadingRow, Row, rows_of
from micronn_gui.session.experiments import Experiments
from micronn_gui.session.runs import Runs
from micronn_gui.theme import px
from micronn_gui.widgets.as_written import as_written
from micronn_gui.widgets.controls.buttons import IconButton, button, guard_wheel, label
from micronn_gui.widgets.controls.menu import Menu
from micronn_gui.widgets.controls.saving import ask_where_to_save


class RunCardsPanel(Panel):
    """Lists the kept runs and the present one."""

    open_wanted = Signal(SavedNetwork)
    """The weights of a run are to become the present network."""
    change_wanted = Signal()
    """Somebody wants to try a change."""

    def __init__(self, runs: Runs, experiments: Experiments) -> None:
        super().__init__(tr("Runs"))
        self.body.setContentsMargins(px(16), px(14), px(16), px(14))
        self._runs = runs
        self._order = NEWEST
        self._folded: set[str] = set()
        self._short_shown = False
        self._count = label("", "count")
        self._count.setFixedHeight(px(22))
        self.head.insertWidget(1, self._count)
        self.head.addWidget(self._make_order())
        self.head.addWidget(self._make_menu())
        self._model = RunListModel(runs, self)
        self._model.toggled.connect(self._toggle_row)
        self.view = RunListView(self._model, tr("All runs"))
        self.view.setItemDelegate(RunCardDelegate(self.view))
        self.view.setToolTip(
            tr("Tick runs to lay their curves over each other; select one to open or vary it.")
        )
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._open_menu)
        self.view.open_wanted.connect(self._open_final)
        self.view.delete_wanted.connect(self._delete_selected)
        self._note = label("", "soft")
        self._note.setWordWrap(True)
        self._note.hide()
        self._stack = QStackedWidget()
        self._stack.addWidget(self._invitation())
        self._stack.addWidget(self.view)
        self.body.addWidget(self._stack, 1)
        self.body.addWidget(self._note)
        self.body.addLayout(self._make_foot(experiments))
        self.view.selectionModel().selectionChanged.connect(self._follow_selection)
        runs.changed.connect(self.touch)
        runs.grew.connect(self._follow_growth)
        runs.loaded.connect(self.open_wanted)
        self._follow_selection()

    # -- building --

    def _make_order(self) -> QComboBox:
        self._orders = QComboBox()
        self._orders.setObjectName("small")
        self._orders.setAccessibleName(tr("Order of the runs"))
        self._orders.setToolTip(tr("Which runs stand first"))
        self._orders.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        guard_wheel(self._orders)
        for key, text in ORDERS.items():
            self._orders.addItem(tr(text), key)
        self._orders.activated.connect(self._sort)
        return self._orders

    def _make_menu(self) -> IconButton:
        self._menu = Menu(self)
        self._menu.setToolTipsVisible(True)
        self._open_end = self._action(
            tr("Open its final weights"),
            tr(
                "Go on from its end exactly, with its past. A run that was stopped on its way grows; one "
                "that had come to its end stays, and a new run goes on from there."
            ),
        )
        self._open_end.triggered.connect(self._open_final)
        self._open_peak = self._action(
            tr("Open its best weights"),
            tr(
                "Begin a new run with the weights at its lowest validation loss: epochs, momentum and "
                "schedule begin anew"
            ),
        )
        self._open_peak.triggered.connect(self._open_best)
        self._rename = self._action(tr("Rename …"), tr("Call the run something (F2, or a double click)"))
        self._rename.triggered.connect(self._rename_current)
        self._menu.addSeparator()
        self._export = self._action(
            tr("Export the table …"), tr("Save all runs as a workbook or CSV, with all settings and figures")
        )
        self._export.triggered.connect(self._ask_export)
        more = IconButton("ellipsis", tr("More to do with runs"), "soft", style="flat")
        more.clicked.connect(self._open_menu_below)
        self._more = more
        return more

    def _action(self, text: str, tip: str) -> QAction:
        action = self._menu.addAction(text)
        action.setToolTip(tip)
        return action

    def _make_foot(self, experiments: Experiments) -> QHBoxLayout:
        self.change = button(
            tr("Try a change …"),
            tr("Train once more with one thing different, try several values, or see whether it is luck"),
            "primary",
        )
        self.change.clicked.connect(self.change_wanted)
        self._progress = ExperimentProgress(experiments)
        self._progress.opened.connect(self.change_wanted)
        self._first = QStackedWidget()
        self._first.addWidget(self.change)
        self._first.addWidget(self._progress)
        self._first.setFixedHeight(px(40))
        experiments.changed.connect(self._follow_experiments)
        self._experiments = experiments
        self._open = button(tr("Open"), tr("Make the selected run the present network (Enter)"), "outline")
        self._open.clicked.connect(self._open_final)
        self._star = IconButton("star", tr("Keep the selected runs however many there are"), style="square")
        self._star.clicked.connect(self._toggle_star)
        self._delete = IconButton(
            "trash-2", tr("Delete the selected runs (Delete); Ctrl+Z brings them back"), style="square"
        )
        self._delete.clicked.connect(self._delete_selected)
        foot = QHBoxLayout()
        foot.setSpacing(px(8))
        foot.addWidget(self._first, 1)
        self._open.setFixedHeight(px(40))
        self._star.setFixedSize(px(30), px(40))
        self._delete.setFixedSize(px(30), px(40))
        for control in (self._open, self._star, self._delete):
            foot.addWidget(control)
        return foot

    def _invitation(self) -> QWidget:
        words = label(
            tr(
                "Train a network, and its curve is kept here.\n\n"
                "Then change one thing and train again: the runs lie side by side, and you see what it did."
            ),
            "soft",
        )
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        words.setWordWrap(True)
        return words

    # -- following --

    def refresh(self) -> None:
        """Show the runs as they are now; the selection stays with its runs."""
        if self.view.state() is QAbstractItemView.State.EditingState:
            return
        self._follow_experiments()
        runs = self._runs.records()
        chosen, current = [run.id for run in self.selected()], self.view.current_key()
        titles = {run.id: self._runs.title(run) for run in runs}
        rows = rows_of(runs, self._order, self._folded, self._short_shown, self._runs.present_id, titles)
        if self._model.show_rows(rows, runs):
            self.view.select(chosen, current)
        self._stack.setCurrentIndex(1 if rows else 0)
        self._count.setText(number(len(runs)))
        self._count.setToolTip(trn("{count:,} run", "{count:,} runs", len(runs)))
        self._tell(self._runs.problems)
        self._follow_selection()

    def _tell(self, problems: tuple[str, ...]) -> None:
        """Say what happened to the store."""
        text = self._runs.note
        if problems and not text:
            text = trn("{count:,} file cannot be read.", "{count:,} files cannot be read.", len(problems))
        self._note.setText(text)
        self._note.setToolTip(as_written("\n".join(problems)))
        self._note.setVisible(bool(text))

    @while_seen
    def _follow_growth(self) -> None:
        present = self._runs.present()
        if present is not None:
            self._model.show_grown(present)

    @while_seen
    def _follow_experiments(self) -> None:
        self._first.setCurrentIndex(1 if self._experiments.running else 0)

    def _follow_selection(self) -> None:
        selected = self.selected()
        kept = [run for run in selected if run.id != self._runs.present_id]
        for control in (self._open, self._open_end, self._open_peak, self._rename):
            control.setEnabled(len(selected) == 1)
        self._star.setEnabled(bool(selected))
        starred = _all_starred(selected)
        self._star.set_filled(starred)
        tip = tr("Keep the selected runs no longer than others") if starred else ""
        self._star.show_as("star", tip or tr("Keep the selected runs however many there are"))
        self._delete.setEnabled(bool(kept))
        self._export.setEnabled(bool(self._model.rows))

    def selected(self) -> list[RunRecord]:
        """Return the selected runs, from top to bottom."""
        return self.view.selected()

    @property
    def change_anchor(self) -> QWidget:
        """Beside what the place for a change opens."""
        return self._first

    # -- intents --

    def _sort(self, place: int) -> None:
        self._order = self._orders.itemData(place)
        self.refresh()

    def _toggle_row(self, row: Row) -> None:
        if isinstance(row, HeadingRow):
            self._folded ^= {row.experiment}
        elif not isinstance(row, CardRow):
            self._short_shown = not self._short_shown
        self.refresh()

    def _open_menu(self, place: QPoint) -> None:
        self._menu.popup(self.view.viewport().mapToGlobal(place))

    def _open_menu_below(self) -> None:
        self._menu.popup(self._more.mapToGlobal(self._more.rect().bottomLeft()))

    def _open_final(self) -> None:
        for run in self.selected()[:1]:
            self._runs.load(run.id, best=False)

    def _open_best(self) -> None:
        for run in self.selected()[:1]:
            self._runs.load(run.id, best=True)

    def _rename_current(self) -> None:
        self.view.setFocus()
        self.view.edit(self.view.selectionModel().selectedRows()[0])

    def _toggle_star(self) -> None:
        selected = self.selected()
        starred = not _all_starred(selected)
        for run in selected:
            self._runs.change(run.id, starred=starred)

    def _delete_selected(self) -> None:
        self._runs.delete([run.id for run in self.selected()])

    def _ask_export(self) -> None:
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        kinds = {ending: tr(kind.label) for ending, kind in TABLE_KINDS.items()}
        start = Path(documents) / f"micronn-runs{next(iter(kinds))}"
        records = self._runs.records()
        ask_where_to_save(
            self.window(),
            tr("Export the table of runs"),
            start,
            kinds,
            lambda path: self._runs.export(path, records),
        )


def _all_starred(selected: list[RunRecord]) -> bool:
    return bool(selected) and all(run.starred for run in selected)
