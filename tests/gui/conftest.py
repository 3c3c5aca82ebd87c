"""The application in parts: a worker, a session, a window, each closed at the end of its test."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSettings
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from micronn_core.datasets import DATASETS, SPLITS, DatasetSource, SplitRule
from micronn_gui.app import make_application, make_window
from micronn_gui.main_window import MainWindow
from micronn_gui.session import Session
from micronn_gui.theme import LIGHT, themes
from micronn_gui.worker import TrainingWorker
from tests.gui.running import TRAIN, VALIDATION, ready, small_dataset


@pytest.fixture(scope="session")
def qapp(qapp: QApplication) -> QApplication:  # noqa: ARG001 - pytest-qt makes it, we dress it
    return make_application()


@pytest.fixture(autouse=True)
def _small_data(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a few easy digits in the place of MNIST, so that a step takes a millisecond."""
    dataset = small_dataset()
    monkeypatch.setitem(DATASETS, "mnist", DatasetSource("mnist", "Small", lambda: dataset, lambda: dataset))
    for name, rule in list(SPLITS.items()):
        small = SplitRule(name, rule.label, TRAIN, VALIDATION, rule.source)
        monkeypatch.setitem(SPLITS, name, small)


@pytest.fixture(autouse=True)
def _light(qapp: QApplication) -> None:
    if themes.current is not LIGHT:
        themes.use(LIGHT)


@pytest.fixture
def worker() -> Iterator[TrainingWorker]:
    made = TrainingWorker()
    yield made
    made.close()


@pytest.fixture
def session(qapp: QApplication, worker: TrainingWorker) -> Iterator[Session]:
    made = Session(worker)
    yield made
    made.close()


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "micronn.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def open_window(qtbot: QtBot) -> Iterator[Callable[[QSettings], MainWindow]]:
    """Open windows; what goes wrong in their slots fails the test instead of showing a banner."""
    opened: list[tuple[MainWindow, TrainingWorker]] = []
    hooks = sys.excepthook, threading.excepthook

    def make(chosen: QSettings) -> MainWindow:
        worker = TrainingWorker()
        window = make_window(worker, chosen)
        opened.append((window, worker))
        sys.excepthook, threading.excepthook = hooks
        window.show()
        qtbot.waitActive(window).__enter__()
        return window

    yield make
    for window, worker in opened:
        window.close()
        worker.close()
        window.deleteLater()
    opened.clear()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def window(
    qtbot: QtBot, open_window: Callable[[QSettings], MainWindow], settings: QSettings
) -> MainWindow:
    """The window with an untrained network."""
    made = open_window(settings)
    ready(qtbot, made.session)
    return made
