"""The program as it is, on a folder of its own and with small data: opened, closed and opened again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSettings, Qt
from PySide6.QtWidgets import QApplication

from micronn_core.data import catalog
from micronn_gui.app import make_application, make_window
from micronn_gui.garbage import GarbageCollector
from micronn_gui.main_window import MainWindow
from micronn_gui.session import experiments
from micronn_gui.session.states import States
from micronn_gui.theme import USUAL_SIZE, text_size, themes
from micronn_gui.worker.training_worker import TrainingWorker
from tests.event_loop import live_until
from tests.gui.running import use_small_data
from tests.gui.scripted import Scripted
from tests.soak.watch import Watch


class Program:
    """What somebody starts and ends as often as they like.

    Args:
        folder: where its settings lie.
        watch: hears what goes wrong in it.
    """

    window: MainWindow

    def __init__(self, folder: Path, watch: Watch) -> None:
        self._settings = folder / "micronn.ini"
        self._watch = watch
        self._worker: TrainingWorker | None = None

    @property
    def states(self) -> States:
        return self.window._states

    def open(self) -> None:
        """Start it, and wait for its window."""
        self._worker = TrainingWorker()
        settings = QSettings(str(self._settings), QSettings.Format.IniFormat)
        self._follow(make_window(self._worker, settings))
        self._watch.hear()
        self.window.show()
        self.window.activateWindow()
        live_until(self.window.isActiveWindow, "the window")

    def _follow(self, window: MainWindow) -> None:
        """Go on with a window, until another takes its place."""
        self.window = window
        window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        window.renewed.connect(self._follow)

    def close(self) -> None:
        """End it."""
        if self._worker is not None:
            self.window.close()
            self._worker.close()
            self._worker = None
            self.window.deleteLater()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        if text_size.percent != USUAL_SIZE:
            text_size.percent = USUAL_SIZE
            themes.measure_anew()


@contextmanager
def small_world(folder: Path) -> Iterator[None]:
    """Keep all that the program keeps under a folder, give it small data, and spare it other processes."""
    with pytest.MonkeyPatch.context() as patch:
        for name, place in (("HOME", "home"), ("XDG_DATA_HOME", "data"), ("XDG_CONFIG_HOME", "config")):
            (folder / place).mkdir(exist_ok=True)
            patch.setenv(name, str(folder / place))
        for name in ("Documents", "Pictures"):
            (folder / "home" / name).mkdir(exist_ok=True)
        use_small_data(patch)
        patch.setattr(catalog, "_OPENED", {})
        patch.setattr(experiments, "run_sweep", lambda *_, **__: Scripted())
        yield


@contextmanager
def running(folder: Path, watch: Watch) -> Iterator[Program]:
    """Have the program open, with everything that goes wrong heard of."""
    application = make_application()
    with small_world(folder), watch.watching():
        garbage, program = GarbageCollector(application), Program(folder, watch)
        program.open()
        try:
            yield program
        finally:
            program.close()
            garbage.stop()
            QApplication.clipboard().clear()  # what is Python's in there must not outlive Python
