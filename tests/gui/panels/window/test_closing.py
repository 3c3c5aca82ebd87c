"""Closing with work that could not be saved asks what to do; an end from outside never does."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from micronn_core.runs.saved_network import load_network
from micronn_gui.main_window import MainWindow
from micronn_gui.session.states import States
from micronn_gui.worker.update import Status
from tests.gui.running import LONG, begin, train_to
from tests.small_disk import SmallDisk


@pytest.fixture
def disk(states: States, monkeypatch: pytest.MonkeyPatch) -> SmallDisk:
    """A disk without any room for runs."""
    return SmallDisk(states.runs.folder, monkeypatch, capacity=0)


@pytest.fixture
def trained(qtbot: QtBot, states: States, window: MainWindow, disk: SmallDisk) -> MainWindow:
    """The window with a run under way that could not be kept."""
    begin(qtbot, states.training, epochs=LONG)
    train_to(qtbot, states.training, 2)
    return window


def asked(window: MainWindow) -> QMessageBox:
    """The question, when the window is to be closed."""
    assert not window.close()
    (box,) = window.findChildren(QMessageBox)
    return box


def choose(box: QMessageBox, text: str) -> None:
    (button,) = (button for button in box.buttons() if button.text() == text)
    button.click()


def test_that_what_would_be_lost_is_named_with_its_reason(trained: MainWindow) -> None:
    box = asked(trained)
    assert box.text() == "Not everything could be saved. If you close the window, it is lost."
    assert box.informativeText().startswith("This run: ")
    assert "the disk is full" in box.informativeText()
    choose(box, "Close without")
    assert not trained.isVisible()


def test_that_whoever_cancels_goes_on_with_the_training(
    qtbot: QtBot, states: States, trained: MainWindow, disk: SmallDisk
) -> None:
    states.training.play()
    qtbot.waitUntil(lambda: states.training.status is Status.RUNNING)
    box = asked(trained)
    qtbot.waitUntil(lambda: states.training.status is not Status.RUNNING)
    choose(box, "Cancel")
    qtbot.waitUntil(lambda: states.training.status is Status.RUNNING)
    assert trained.isVisible()
    disk.capacity = 1 << 40  # room was made meanwhile
    assert trained.close()


def test_that_what_is_saved_elsewhere_goes_on_from_there(
    trained: MainWindow, states: States, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for folder, closed in (("", False), (str(tmp_path / "none"), False), (str(elsewhere), True)):
        monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_, found=folder: found)
        box = asked(trained)
        choose(box, "Save elsewhere …")
        assert trained.isVisible() is not closed
        box.setParent(None)
    (path,) = elsewhere.iterdir()
    run = load_network(path).run
    assert run is not None
    assert states.training.newest is not None
    assert run.final.metrics.step == states.training.newest.metrics.step
    assert run.checkpoint is not None


@pytest.mark.usefixtures("disk")
def test_that_nothing_is_asked_when_the_program_is_ended_from_outside(
    trained: MainWindow, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        trained.end()
    assert not trained.isVisible()
    assert not trained.findChildren(QMessageBox)
    assert "lost: This run: " in caplog.text


def test_that_nothing_is_asked_while_a_session_ends(trained: MainWindow) -> None:
    trained.keep()
    assert trained.close()
    assert not trained.findChildren(QMessageBox)


def test_that_settings_that_cannot_be_saved_are_named_and_saved_elsewhere(
    qtbot: QtBot, states: States, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_bytes(b"")
    window = MainWindow(states, QSettings(str(tmp_path / "file" / "micronn.ini"), QSettings.Format.IniFormat))
    qtbot.addWidget(window)
    window.show()
    begin(qtbot, states.training)
    box = asked(window)
    assert box.informativeText().startswith("The settings and the drawing on the pad: ")
    assert "micronn.ini cannot be saved" in box.informativeText()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    choose(box, "Save elsewhere …")
    assert not window.isVisible()
    saved = QSettings(str(tmp_path / "micronn.ini"), QSettings.Format.IniFormat)
    assert saved.contains("config")


def test_that_nothing_is_asked_where_all_is_saved(window: MainWindow) -> None:
    assert window.close()
    assert not window.findChildren(QMessageBox)
