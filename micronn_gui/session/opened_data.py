"""Files of samples that were opened: read beside the window, remembered, and chosen like other data sets."""

from __future__ import annotations

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Event

from PySide6.QtCore import QObject, QStandardPaths, QTimer, Signal

from micronn_core.common.errors import MicroNNError, NewerFormatError
from micronn_core.common.stopping import until_set
from micronn_core.common.texts import tr
from micronn_core.data.catalog import DatasetSource, is_known, opened_files, register, source_of
from micronn_core.data.opened_files import keep_files, remember_files
from micronn_core.settings.config import TrainingConfig
from micronn_core.settings.suiting import suited_to
from micronn_gui.session.training import TrainingState

LOOK_INTERVAL = 30
"""Milliseconds between two looks whether a file has been read."""

log = logging.getLogger(__name__)


def default_list() -> Path:
    """Return where the opened files of this user are listed."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation)
    return Path(folder) / "opened-data.json"


class OpenedData(QObject):
    """Opens files of samples.

    Args:
        training: whose settings a run on a new data set takes over.
        path: where the opened files are listed.

    Attributes:
        trouble: why those of earlier sessions cannot be chosen; "" if they can.
    """

    changed = Signal()
    """There is another data set to choose."""
    ready = Signal(TrainingConfig)
    """A file has been opened, and this is the config of a run on it."""
    refused = Signal(str)
    """A file cannot be used; the text says why."""

    def __init__(self, training: TrainingState, path: Path | None = None) -> None:
        super().__init__(training)
        self._training, self._path = training, path or default_list()
        self._thread: ThreadPoolExecutor | None = None
        self._reading: Future[DatasetSource] | None = None
        self._given_up = Event()
        self._timer = QTimer(self, interval=LOOK_INTERVAL)
        self._timer.timeout.connect(self._look)
        self.trouble, self._keeps, self._said = "", True, False
        try:
            remember_files(self._path)
        except NewerFormatError as error:
            self.trouble, self._keeps = str(error), False
        except MicroNNError as error:
            self.trouble = str(error)
        if self.trouble:
            log.warning("%s", self.trouble)

    def usable(self, config: TrainingConfig) -> TrainingConfig:
        """Return a config, with another data set if its file is not among those that were opened."""
        return config if is_known(config.dataset) else suited_to(config, source_of(TrainingConfig.dataset))

    def open(self, path: Path, turned: bool = False) -> None:
        """Read a file beside the window; `ready` or `refused` tells when that is done.

        A file that is being read already is given up: its end is not told.

        Args:
            path: the file.
            turned: whether its pictures are to be turned over the diagonal.
        """
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, "micronn-open")
        self._given_up.set()
        self._given_up = Event()
        self._reading = self._thread.submit(_read, path, turned, self._given_up)
        self._timer.start()

    def close(self) -> None:
        """Let go of what is being read, and end the thread."""
        self._timer.stop()
        self._reading = None
        self._given_up.set()
        if self._thread is not None:
            self._thread.shutdown(cancel_futures=True)

    def _look(self) -> None:
        if self._reading is None or not self._reading.done():
            return
        self._timer.stop()
        reading, self._reading = self._reading, None
        try:
            source = reading.result()
        except MicroNNError as error:
            self.refused.emit(str(error))
            return
        self.changed.emit()
        self.ready.emit(suited_to(self._training.config, source))
        self._keep()

    def _keep(self) -> None:
        """Remember the opened files; one that cannot be remembered can be used all the same."""
        if not self._keeps:
            return
        try:
            keep_files(self._path, opened_files())
        except MicroNNError as error:
            text = tr(
                "The file is open, but will have to be opened again the next time: {reason}", reason=error
            )
            if not self._said:
                self.refused.emit(text)
            self._said = True


def _read(path: Path, turned: bool, given_up: Event) -> DatasetSource:
    with until_set(given_up):
        return register(path, turned)
