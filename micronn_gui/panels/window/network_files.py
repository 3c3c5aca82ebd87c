"""Networks as files: save the one that is shown, open another, open one that comes with MicroNN."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from micronn_core.common.errors import MicroNNError
from micronn_core.common.texts import tr
from micronn_core.runs.opening import open_saved
from micronn_core.runs.saved_network import SUFFIX, SavedNetwork
from micronn_gui.session.runs import Runs
from micronn_gui.session.saved_files import SavedFiles
from micronn_gui.session.training import TrainingState
from micronn_gui.widgets.controls.saving import ask_where_to_save
from micronn_gui.widgets.controls.toasts import Toasts


class ReadyNetworkEntry(NamedTuple):
    """A network that comes with MicroNN, as it is offered."""

    title: str
    tip: str
    open: Callable[[], None]


class NetworkFiles:
    """What the menu does with files.

    Attributes:
        ready: the networks that come with MicroNN.

    Args:
        training: whose network is saved or replaced.
        runs: saves it together with its run.
        files: keeps the file that it replaces.
        window: the parent of the dialogs.
        toasts: says how it went.
    """

    def __init__(
        self,
        training: TrainingState,
        runs: Runs,
        files: SavedFiles,
        window: QWidget,
        toasts: Toasts,
    ) -> None:
        self._training, self._runs, self._files = training, runs, files
        self._window = window
        self._toasts = toasts
        self._kind = tr("Networks")
        self.ready = self._ready_networks()

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
            self._toasts.show_message(str(error))
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
        self._open(lambda: open_saved(path), path.stem)

    def _ready_networks(self) -> tuple[ReadyNetworkEntry, ...]:
        from micronn_core.runs.pretrained import READY

        return tuple(
            ReadyNetworkEntry(tr(ready.label), tr(ready.description), partial(self._open_ready, ready.name))
            for ready in READY.values()
        )

    def _open_ready(self, name: str) -> None:
        from micronn_core.runs.pretrained import READY, load_ready

        self._open(lambda: load_ready(name), tr(READY[name].label))

    def _open(self, load: Callable[[], SavedNetwork], name: str = "") -> None:
        """Read a network first: a file that cannot be used discards nothing."""
        try:
            saved = load()
        except MicroNNError as error:
            self._toasts.show_message(str(error))
        else:
            self._begin(saved, name)

    def _begin(self, saved: SavedNetwork, name: str) -> None:
        try:
            self._training.open_network(saved, name)
        except MicroNNError as error:
            self._toasts.show_message(str(error))


def _documents() -> Path:
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
