"""Files of samples: opened by the menu or dropped on the window, and learned from."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from micronn_core.common.texts import tr
from micronn_core.settings.config import TrainingConfig
from micronn_gui.panels.window.discarding import ask_before_discarding
from micronn_gui.session.opened_data import OpenedData
from micronn_gui.session.training import TrainingState
from micronn_gui.widgets.controls.banner import Banner


class DataFiles:
    """What the menu does with files of samples.

    Args:
        training: whose network gives way to one that learns from a file.
        opened: opens the files.
        window: the parent of the dialogs.
        banner: says how it goes.
    """

    def __init__(self, training: TrainingState, opened: OpenedData, window: QWidget, banner: Banner) -> None:
        self._training, self._opened = training, opened
        self._window, self._banner = window, banner
        opened.ready.connect(self._begin)
        opened.refused.connect(banner.show_message)

    def open(self) -> None:
        """Ask for a file of samples, and open it."""
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        kinds = tr("Samples (*.csv *.csv.gz *.npz *.gz *-ubyte);;All files (*)")
        path, _ = QFileDialog.getOpenFileName(self._window, tr("Open data"), folder, kinds)
        if path:
            self.read(Path(path))

    def read(self, path: Path) -> None:
        """Open a file of samples beside the window."""
        self._banner.show_message(tr("Reading {file} …", file=path.name), good=True)
        self._opened.open(path)

    def _begin(self, config: TrainingConfig) -> None:
        self._banner.hide()
        training = self._training
        ask_before_discarding(training, self._window, lambda: training.new_network(config))
