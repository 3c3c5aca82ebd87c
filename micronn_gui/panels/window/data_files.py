"""Files of samples: opened by the menu or dropped on the window, and learned from."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from micronn_core.common.texts import tr
from micronn_core.data.catalog import file_of, source_of
from micronn_core.settings.config import TrainingConfig
from micronn_gui.session.opened_data import OpenedData
from micronn_gui.session.training import TrainingState
from micronn_gui.widgets.controls.toasts import Offer, Toast, Toasts


class DataFiles(QObject):
    """What the menu does with files of samples.

    A child of the window, so that what is on its way to it ends with the window: Qt would call one that is
    no object of its own after Python has let go of it.

    Args:
        training: whose network gives way to one that learns from a file.
        opened: opens the files.
        window: the parent of the dialogs.
        toasts: says how it goes.
    """

    def __init__(
        self,
        training: TrainingState,
        opened: OpenedData,
        window: QWidget,
        toasts: Toasts,
    ) -> None:
        super().__init__(window)
        self._training, self._opened = training, opened
        self._window, self._toasts = window, toasts
        self._word: Toast | None = None
        self._begun = ""
        opened.ready.connect(self._begin)
        opened.refused.connect(toasts.show_message)
        # Queued, for a run that begins takes away what was said before.
        training.run_started.connect(self._remark, Qt.ConnectionType.QueuedConnection)

    def open(self) -> None:
        """Ask for a file of samples, and open it."""
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        kinds = tr("Samples (*.csv *.csv.gz *.npz *.gz *-ubyte);;All files (*)")
        path, _ = QFileDialog.getOpenFileName(self._window, tr("Open data"), folder, kinds)
        if path:
            self.read(Path(path))

    def read(self, path: Path, turned: bool = False) -> None:
        """Open a file of samples beside the window, its pictures turned over the diagonal if wanted."""
        self._toasts.withdraw(self._word)
        self._word = self._toasts.show_message(tr("Reading {file} …", file=path.name), good=True)
        self._opened.open(path, turned)

    def _begin(self, config: TrainingConfig) -> None:
        self._toasts.withdraw(self._word)
        training, self._begun = self._training, config.dataset
        training.new_network(config)

    def _remark(self) -> None:
        """Say what is unusual about a file that a run has begun to learn from, and offer to mend it."""
        name, self._begun = self._begun, ""
        if not name or self._training.config.dataset != name:
            return
        source, turn = source_of(name), None
        if source.on_side:
            path = Path(file_of(name)[0])
            turn = Offer(
                tr("Turn them"),
                tr("Open the file anew with its pictures turned over the diagonal"),
                lambda: self.read(path, turned=True),
            )
        if source.remark:
            self._toasts.show_message(source.remark, offer=turn)
