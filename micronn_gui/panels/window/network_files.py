"""Networks as files: save the one that is shown, open another, open one that comes with MicroNN."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from micronn_core.common.errors import MicroNNError
from micronn_core.common.texts import tr
from micronn_core.runs.opening import open_saved
from micronn_core.runs.saved_network import SUFFIX, SavedNetwork
from micronn_gui.panels.window.discarding import ask_before_discarding
from micronn_gui.session.runs import Runs
from micronn_gui.session.saved_files import SavedFiles
from micronn_gui.session.training import TrainingState
from micronn_gui.widgets.controls.banner import Banner
from micronn_gui.widgets.controls.saving import ask_where_to_save


class NetworkFiles:
    """What the menu does with files.

    Args:
        training: whose network is saved or replaced.
        runs: saves it together with its run.
        files: keeps the file that it replaces.
        window: the parent of the dialogs.
        banner: says how it went.
    """

    def __init__(
        self, training: TrainingState, runs: Runs, files: SavedFiles, window: QWidget, banner: Banner
    ) -> None:
        self._training, self._runs, self._files = training, runs, files
        self._window = window
        self._banner = banner
        self._kind = tr("Networks")
        self.ready = self._ready_menu()

    def save(self) -> None:
        """Ask where to save the network that is shown, and save it."""
        moment = self._training.shown
        name = f"micronn-epoch-{round(moment.metrics.epoch)}.npz" if moment else "micronn.npz"
        kinds = {SUFFIX: self._kind}
        ask_where_to_save(self._window, tr("Save the network"), _documents() / name, kinds, self._save)

    def _save(self, path: Path) -> None:
        try:
            saved = self._files.save(path, self._runs.save_network)
        except MicroNNError as error:
            self._banner.show_message(str(error))
        else:
            self._files.tell(saved, tr("Saved as {path}", path=saved.path))

    def open(self) -> None:
        """Ask for a file and open the network in it."""
        title = tr("Open a network")
        path, _ = QFileDialog.getOpenFileName(
            self._window, title, str(_documents()), f"{self._kind} (*{SUFFIX})"
        )
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
