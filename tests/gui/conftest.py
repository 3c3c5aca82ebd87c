"""The application in parts: a worker, the states, a window, each closed at the end of its test."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSettings
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from micronn_core.data import catalog
from micronn_core.nn.activations import ACTIVATIONS, RELU
from micronn_gui.app import make_application
from micronn_gui.main_window import MainWindow
from micronn_gui.session import my_digits as kept_digits
from micronn_gui.session import opened_data, runs, saved_files
from micronn_gui.session.states import States, make_states
from micronn_gui.session.training import TrainingState
from micronn_gui.theme import LIGHT, USUAL_SIZE, text_size, themes
from micronn_gui.worker.training_worker import TrainingWorker
from tests.gui.inbox import Barrier, Inbox
from tests.gui.running import begin, use_small_data


@pytest.fixture(scope="session")
def qapp(qapp: QApplication) -> QApplication:
    return make_application()


MUCH_GARBAGE = 20_000
"""Objects that are made between two collections."""


class PatientBot(QtBot):
    """Waits for a state of the program for as long as a slow machine may need."""

    PATIENCE_MS = 60_000

    def waitUntil(self, callback: Callable[[], object], *, timeout: int = PATIENCE_MS) -> None:
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: object, *, timeout: int = PATIENCE_MS, **words: Any) -> Any:  # noqa: ANN401
        return super().waitSignal(signal, timeout=timeout, **words)

    def waitActive(self, widget: QWidget, *, timeout: int = PATIENCE_MS) -> Any:  # noqa: ANN401
        return super().waitActive(widget, timeout=timeout)

    def waitExposed(self, widget: QWidget, *, timeout: int = PATIENCE_MS) -> Any:  # noqa: ANN401
        return super().waitExposed(widget, timeout=timeout)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    return PatientBot(request)


@pytest.fixture(autouse=True)
def _small_data(monkeypatch: pytest.MonkeyPatch) -> None:
    use_small_data(monkeypatch)


@pytest.fixture(autouse=True)
def _folder_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep digits and runs in the test's folder, never in the user's."""
    monkeypatch.setattr(kept_digits, "default_folder", lambda: tmp_path / "my-digits")
    monkeypatch.setattr(runs, "default_folder", lambda: tmp_path / "runs")
    monkeypatch.setattr(saved_files, "default_folder", lambda: tmp_path / "data")
    monkeypatch.setattr(opened_data, "default_list", lambda: tmp_path / "opened-data.json")
    monkeypatch.setattr(catalog, "_OPENED", {})


@pytest.fixture(autouse=True)
def _garbage_here() -> Iterator[None]:
    """Collect garbage as the program does: never on the training thread, where Qt's objects would go."""
    gc.disable()
    yield
    if gc.get_count()[0] > MUCH_GARBAGE:
        gc.collect()


@pytest.fixture(autouse=True)
def _light(qapp: QApplication) -> Iterator[None]:
    """Begin in the light theme, and let go of the widgets of the test before."""
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    if themes.current is not LIGHT:
        themes.use(LIGHT)


@pytest.fixture(params=[80, 100, 150, 200])
def percent(qapp: QApplication, request: pytest.FixtureRequest) -> Iterator[int]:
    """Each size of the text, in percent, with the application dressed in it."""
    text_size.percent = request.param
    themes.measure_anew()
    yield request.param
    text_size.percent = USUAL_SIZE
    themes.measure_anew()


@pytest.fixture
def worker() -> Iterator[TrainingWorker]:
    made = TrainingWorker()
    yield made
    made.close()


@pytest.fixture
def inbox(worker: TrainingWorker, qtbot: QtBot) -> Inbox:
    return Inbox(worker, qtbot)


@pytest.fixture
def barrier(monkeypatch: pytest.MonkeyPatch) -> Iterator[Barrier]:
    made = Barrier()
    monkeypatch.setitem(ACTIVATIONS, "barrier", replace(RELU, name="barrier", function=made))
    yield made
    made.opened.set()


@pytest.fixture
def states(qapp: QApplication, worker: TrainingWorker) -> Iterator[States]:
    made = make_states(worker)
    yield made
    made.close()


@pytest.fixture
def training(states: States) -> TrainingState:
    return states.training


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "micronn.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def open_window(qtbot: QtBot, settings: QSettings) -> Callable[[States], MainWindow]:
    """Return how to open the window and wait until it has the keyboard."""

    def show(states: States) -> MainWindow:
        made = MainWindow(states, settings)
        qtbot.addWidget(made)
        with qtbot.waitActive(made):
            made.show()
            made.activateWindow()
        return made

    return show


@pytest.fixture
def window(qtbot: QtBot, states: States, open_window: Callable[[States], MainWindow]) -> MainWindow:
    """The window with an untrained network."""
    made = open_window(states)
    begin(qtbot, states.training)
    return made
