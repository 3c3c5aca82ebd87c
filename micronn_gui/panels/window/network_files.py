"""Networks as files: save the one that is shown, open another, open one that comes with MicroNN."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from micronn_core.common.errors import MicroNNError
from micronn_core.common.texts import tr
from micronn_core.runs.opening import open_saved
from micronn_core.runs.saved_network import SavedNetwork
from micronn_gui.panels.window.discarding import ask_before_discarding
from micronn_gui.session.runs import Runs
from micronn_gui.session.training import TrainingState
from micronn_gui.widgets.controls.banner import Banner


class NetworkFiles:
    """What the menu does with files.

    Args:
        training: whose network is saved or replaced.
        runs: saves it together with its run.
        window: the parent of the dialogs.
        banner: says how it went.
    """

    def __init__(self, training: TrainingState, runs: Runs, window: QWidget, banner: Banner) -> None:
        self._training, self._runs = training, runs
        self._window = window
        self._banner = banner
        self._filter = tr("Networks (*.npz)")
        self.ready = self._ready_menu()

    def save(self) -> None:
        """Ask where to save the network that is shown, and save it."""
        moment = self._training.shown
        name = f"micronn-epoch-{round(moment.metrics.epoch)}.npz" if moment else "micronn.npz"
        title = tr("Save the network")
        path, _ = QFileDialog.getSaveFileName(self._window, title, str(_documents() / name), self._filter)
        if not path:
            return
        try:
            saved = self._runs.save_network(Path(path))
        except MicroNNError as error:
            self._banner.show_message(str(error))
        else:
            self._banner.show_message(tr("Saved as {path}", path=saved), good=True)

    def open(self) -> None:
        """Ask for a file and open the network in it."""
        title = tr("Open a network")
        path, _ = QFileDialog.getOpenFileName(self._window, title, str(_documents()), self._filter)
        if path:
            self.read(Path(path))

    def read(self, path: Path) -> None:
        """Open the network in a file, or the run in it."""
        self._open(lambda: open_saved(path))

    def _ready_menu(self) -> QMenu:
        """Return a menu of the networks that come with MicroNN."""
        from micronn_core.runs.pretrained import READY, load_ready

        menu = QMenu(tr("Ready networks"), self._window)
        menu.setToolTipsVisible(True)
        for ready in READY.values():
            action = menu.addAction(tr(ready.label))
            action.setToolTip(tr(ready.description))
            action.triggered.connect(lambda _=False, name=ready.name: self._open(lambda: load_ready(name)))
        return menu

    def _open(self, load: Callable[[], SavedNetwork]) -> None:
        """Read a network first: a file that cannot be used discards nothing."""
        try:
            saved = load()
        except MicroNNError as error:
            self._banner.show_message(str(error))
        else:
            ask_before_discarding(self._training, self._window, lambda: self._begin(saved))

    def _begin(self, saved: SavedNetwork) -> None:
        try:
            self._training.open_network(saved)
        except MicroNNError as error:
            self._banner.show_message(str(error))


def _documents() -> Path:
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
