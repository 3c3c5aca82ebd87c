"""The application: what is kept from one session to the next, and the last net for errors."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt, QTimer
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from micronn_core.runs.store import RunStore
from micronn_core.settings.config import TrainingConfig
from micronn_gui.app import make_window
from micronn_gui.main_window import MainWindow
from micronn_gui.preferences import Preferences
from micronn_gui.theme import DARK, LIGHT, themes
from micronn_gui.worker.training_worker import TrainingWorker
from micronn_gui.worker.update import Status
from tests.gui.keeping import settle
from tests.gui.running import enter, finish, part, train_to

Start = Callable[[], MainWindow]


@pytest.fixture
def start(qtbot: QtBot, settings: QSettings) -> Iterator[Start]:
    """Return how to start the application, with the same settings each time."""
    hooks = sys.excepthook, threading.excepthook
    workers: list[TrainingWorker] = []

    def opened() -> MainWindow:
        workers.append(TrainingWorker())
        window = make_window(workers[-1], settings)
        sys.excepthook, threading.excepthook = hooks  # what goes wrong is to fail the test
        qtbot.addWidget(window)
        with qtbot.waitExposed(window):
            window.show()
        return window

    yield opened
    sys.excepthook, threading.excepthook = hooks
    for worker in workers:
        worker.close()


def until_ready(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: window.windowTitle() == "MicroNN – epoch 0, paused")


def test_that_settings_that_cannot_be_kept_are_told_of_at_the_start(
    qtbot: QtBot, tmp_path: Path, worker: TrainingWorker
) -> None:
    hooks = sys.excepthook, threading.excepthook
    (tmp_path / "file").touch()
    settings = QSettings(str(tmp_path / "file" / "micronn.ini"), QSettings.Format.IniFormat)
    window = make_window(worker, settings)
    sys.excepthook, threading.excepthook = hooks
    qtbot.addWidget(window)
    window.show()
    until_ready(qtbot, window)
    assert "micronn.ini cannot be written: what you set here is forgotten" in window.toasts.text
    window.end()


def test_that_what_was_chosen_by_a_newer_version_stays_and_is_told_of(
    qtbot: QtBot, start: Start, settings: QSettings
) -> None:
    settings.setValue("format", 99)
    window = start()
    until_ready(qtbot, window)
    assert "newer MicroNN" in window.toasts.text
    window.close()
    assert settings.allKeys() == ["format"]


def test_that_the_first_start_opens_the_tutorial(qtbot: QtBot, start: Start, settings: QSettings) -> None:
    window = start()
    until_ready(qtbot, window)
    window.close()
    assert settings.value("config") == TrainingConfig().to_json()


def test_that_theme_sizes_and_recipe_survive_closing(qtbot: QtBot, start: Start) -> None:
    first = start()
    until_ready(qtbot, first)
    first.resize(first.minimumWidth(), 760)
    first.use_theme("dark")
    first.workspace("train").centre.setSizes([300, 300])
    first.workspace("train").recipe.new_network_wanted.emit(
        TrainingConfig(hidden=(7,), seed=3, learning_rate=0.2)
    )
    qtbot.waitUntil(lambda: "7 ReLU" in architecture(first))
    until_ready(qtbot, first)
    sizes = first.workspace("train").centre.sizes()
    first.close()
    themes.use(LIGHT)
    second = start()
    assert second.height() == 760  # the width is held to that of the screen there is
    assert themes.current is DARK
    qtbot.waitUntil(lambda: "7 ReLU" in architecture(second))
    qtbot.waitUntil(lambda: second.workspace("train").centre.sizes() == sizes)


def architecture(window: MainWindow) -> str:
    return window.header.run.toolTip()


@pytest.mark.parametrize(
    "text", ["", "garbage", "[]", "{}}", '{"hidden": [0]}', '{"epochs": "many"}', '{"unknown": 1}', None, 5]
)
def test_that_settings_which_can_not_be_used_fall_back_to_the_tutorial(
    settings: QSettings, text: object, caplog: pytest.LogCaptureFixture
) -> None:
    settings.setValue("config", text)
    with caplog.at_level(logging.CRITICAL):
        assert Preferences(settings).config == TrainingConfig()


def test_that_broken_settings_of_every_kind_still_open_the_window(
    qtbot: QtBot, start: Start, settings: QSettings, caplog: pytest.LogCaptureFixture
) -> None:
    for key in ("geometry", "curves", "centre", "theme", "config"):
        settings.setValue(key, "garbage")
    with caplog.at_level(logging.CRITICAL):
        window = start()
    until_ready(qtbot, window)
    assert (window.width(), window.height()) == (1440, 900)


def test_that_the_frame_is_there_before_the_data_are(qtbot: QtBot, start: Start) -> None:
    window = start()
    assert window.isVisible()
    until_ready(qtbot, window)


@pytest.mark.qt_no_exception_capture
def test_that_an_error_nobody_has_caught_is_told_and_the_window_goes_on(
    qtbot: QtBot, settings: QSettings, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    worker = TrainingWorker()
    try:
        window = make_window(worker, settings)
        qtbot.addWidget(window)
        window.show()

        def fail() -> None:
            raise RuntimeError("a slot went wrong")

        with caplog.at_level(logging.CRITICAL):
            QTimer.singleShot(0, fail)
            qtbot.waitUntil(lambda: window.toasts.newest is not None)
        assert "RuntimeError: a slot went wrong" in window.toasts.text
        until_ready(qtbot, window)
    finally:
        worker.close()


def test_that_the_title_says_how_far_the_run_has_come(qtbot: QtBot, start: Start) -> None:
    window = start()
    until_ready(qtbot, window)
    enter(qtbot, part(window, QLineEdit, "Epochs"), "40")
    window.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: window.windowTitle() == "MicroNN – epoch 40, finished")


def test_that_the_drawing_is_there_at_the_next_start(qtbot: QtBot, start: Start) -> None:
    first = start()
    until_ready(qtbot, first)
    first._states.drawing.show([((0.25, 0.5), (0.75, 0.5)), ((0.5, 0.1), (0.5, 0.9))], [0.02, 0.12])
    first.close()
    second = start()
    assert second._states.drawing.strokes == (((0.25, 0.5), (0.75, 0.5)), ((0.5, 0.1), (0.5, 0.9)))
    assert [line.width for line in second._states.drawing.lines] == [0.02, 0.12]


@pytest.mark.parametrize("widths", [None, "[]", "nonsense", "[0.02, -1]", "[1e9]", '["a"]', "{}", "3"])
def test_that_a_drawing_kept_without_sound_widths_is_shown_with_the_brush(
    qtbot: QtBot, start: Start, settings: QSettings, widths: str | None
) -> None:
    settings.setValue("drawing", "[[[0.25, 0.5], [0.75, 0.5]]]")
    if widths is not None:
        settings.setValue("brushes of the drawing", widths)
    window = start()
    assert [line.width for line in window._states.drawing.lines] == [0.06]


def test_that_keeping_all_at_the_end_of_a_session_lets_training_go_on(
    qtbot: QtBot, start: Start, settings: QSettings
) -> None:
    window = start()
    until_ready(qtbot, window)
    training, kept = window._states.training, window._states.runs
    training.change({"epochs": 1_000_000})
    train_to(qtbot, training, 3)
    window._states.drawing.show([((0.25, 0.5), (0.75, 0.5))])
    window.keep()
    (run,) = RunStore(kept.folder).list()
    assert run.ending == "interrupted"
    assert run.final.metrics.epoch >= 3
    assert settings.contains("drawing")
    assert training.status is Status.RUNNING
    window.close()
    window.close()  # whoever asks again
    (run,) = RunStore(kept.folder).list()
    assert run.ending == "stopped"


def test_that_the_run_and_the_workspace_are_there_at_the_next_start(qtbot: QtBot, start: Start) -> None:
    first = start()
    until_ready(qtbot, first)
    first._states.training.change({"epochs": 7})
    finish(qtbot, first._states.training)
    first.open_workspace("draw")
    first.close()
    second = start()
    assert second.current is second.workspace("draw")
    training = second._states.training
    qtbot.waitUntil(lambda: training.status is Status.FINISHED)
    assert len(training.history) == 8
    second.close()
    (run,) = RunStore(second._states.runs.folder).list()  # it is the same one, in its place
    assert run.final.metrics.epoch == 7


def test_that_a_run_that_is_gone_by_the_next_start_is_not_missed(
    qtbot: QtBot, start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    first = start()
    until_ready(qtbot, first)
    first._states.training.change({"epochs": 2})
    finish(qtbot, first._states.training)
    first.close()
    for file in first._states.runs.folder.iterdir():
        file.unlink()
    with caplog.at_level(logging.CRITICAL):
        second = start()
        until_ready(qtbot, second)
        settle(qtbot, second._states.runs)
    assert second._states.training.config.epochs == 2
    assert second.toasts.text == ""


def test_that_an_unknown_workspace_gives_way_to_the_first(start: Start, settings: QSettings) -> None:
    settings.setValue("workspace", "a newer one")
    window = start()
    assert window.current is window.workspace("train")


def test_that_the_application_has_its_icon_and_its_name(qapp: QApplication) -> None:
    sides = [size.width() for size in qapp.windowIcon().availableSizes()]
    assert (min(sides), max(sides)) == (16, 256)
    assert qapp.windowIcon().pixmap(64, 64).toImage().pixelColor(32, 6).name() == "#4353ff"
    assert qapp.desktopFileName() == "micronn"
