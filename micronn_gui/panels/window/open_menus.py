"""The menus of what can be opened: runs and ready networks, and data sets."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QInputDialog, QWidget

from micronn_core.common.texts import number, percent, tr
from micronn_core.data.catalog import DATASETS, DatasetSource, opened_files
from micronn_core.runs.record import RunRecord
from micronn_core.settings.suiting import suited_to
from micronn_gui.panels.window.data_files import DataFiles
from micronn_gui.panels.window.network_files import NetworkFiles
from micronn_gui.session.runs import Runs
from micronn_gui.session.training import TrainingState
from micronn_gui.widgets.controls.menu import Menu

MOST = 8
"""So many runs are in the menu; the page of runs has them all."""


class RunMenu(Menu):
    """Offers the newest runs, the ready networks, and files.

    Args:
        runs: those that there are.
        networks: opens ready networks and files.
    """

    all_wanted = Signal()
    """Somebody wants to see all runs."""

    def __init__(self, runs: Runs, networks: NetworkFiles, parent: QWidget) -> None:
        super().__init__(parent)
        self._runs, self._networks = runs, networks
        self.setToolTipsVisible(True)
        self.aboutToShow.connect(self._open)

    def _open(self) -> None:
        self._runs.changed.connect(self._fill)  # the folder may just be read
        self.aboutToHide.connect(self._close)
        self._fill()

    def _close(self) -> None:
        self._runs.changed.disconnect(self._fill)
        self.aboutToHide.disconnect(self._close)

    def _fill(self) -> None:
        self.clear()
        records = self._runs.records()
        for record in records[:MOST]:
            action = self.addAction(run_line(self._runs, record))
            action.setCheckable(True)
            action.setChecked(record.id == self._runs.present_id)
            action.triggered.connect(partial(open_run, self._runs, record.id))
        rename = self.addAction(tr("Rename this run …"))
        rename.setEnabled(bool(self._runs.present_id))
        rename.triggered.connect(self._rename)
        everything = self.addAction(tr("All runs …"))
        everything.triggered.connect(self.all_wanted)
        self.addSeparator()
        for ready in self._networks.ready:
            action = self.addAction(ready.title)
            action.setToolTip(ready.tip)
            action.triggered.connect(ready.open)
        self.addSeparator()
        self.addAction(tr("Open a network …")).triggered.connect(self._networks.open)

    def _rename(self) -> None:
        """Ask for another name of the run that is open."""
        dialog = QInputDialog(self.parentWidget())
        dialog.setWindowTitle(tr("Rename this run"))
        dialog.setLabelText(tr("Name of the run; nothing for its number:"))
        dialog.setTextValue(self._runs.present_title)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.textValueSelected.connect(partial(self._runs.rename, self._runs.present_id))
        dialog.open()


def run_line(runs: Runs, record: RunRecord) -> str:
    """Return a run as a menu names it: its name, its shape, how often it was right."""
    shape = " → ".join(map(number, record.spec.sizes(record.config.hidden)))
    right = record.highest_accuracy
    figure = percent(right, 1) if right == right else ""  # not a number before anything was measured
    return "   ".join(filter(None, (runs.title(record), shape, figure))).replace("&", "&&")


def open_run(runs: Runs, id_: str) -> None:
    """Open a kept run, as it was left; the one that is open stays."""
    if id_ != runs.present_id:
        runs.back_to(id_)


class DataMenu(Menu):
    """Offers the data sets that are known, and files.

    Args:
        training: whose network gives way to one of the same recipe for other data.
        data: opens files.
    """

    def __init__(self, training: TrainingState, data: DataFiles, parent: QWidget) -> None:
        super().__init__(parent)
        self._training, self._data = training, data
        self.aboutToShow.connect(self._fill)

    def _fill(self) -> None:
        self.clear()
        for source in known_data():
            action = self.addAction(tr(source.label).replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(source.name == self._training.config.dataset)
            action.triggered.connect(self.choice(source))
        self.addSeparator()
        self.addAction(tr("Open data …")).triggered.connect(self._data.open)

    def choice(self, source: DatasetSource) -> Callable[[], None]:
        """Return what begins a new network of the present recipe that learns from a data set."""
        training = self._training

        def begin() -> None:
            if source.name != training.config.dataset:
                config = suited_to(training.config, source)
                training.new_network(config)

        return begin


def known_data() -> tuple[DatasetSource, ...]:
    """Return the data sets that come with MicroNN, then the files that were opened."""
    return (*DATASETS.values(), *opened_files())
