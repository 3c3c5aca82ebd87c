"""Whatever is dropped or pasted is opened as what it is, or gets a word on why not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from micronn_gui.main_window import MainWindow
from micronn_gui.session.states import States
from tests.gui.running import begin, ready

WEB = "https://example.org/seven.png"


def files(*paths: Path | str) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl(path) if "://" in str(path) else QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def words(text: str) -> QMimeData:
    data = QMimeData()
    data.setText(text)
    return data


def drop(window: MainWindow, data: QMimeData) -> None:
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    copy = Qt.DropAction.CopyAction
    QApplication.sendEvent(window, QDragEnterEvent(QPoint(5, 5), copy, data, left, none))
    QApplication.sendEvent(window, QDropEvent(QPointF(5, 5), copy, data, left, none))


def paste(window: MainWindow, data: QMimeData) -> None:
    QApplication.clipboard().setMimeData(data)
    window.files.paste()


def seven() -> QImage:
    image = QImage(40, 40, QImage.Format.Format_Grayscale8)
    image.fill(255)
    for i in range(24):
        image.setPixel(8 + i, 8, 0)
        image.setPixel(31 - i // 2, 8 + i, 0)
    return image


@pytest.mark.parametrize("hand", [drop, paste])
def test_that_what_is_none_of_ours_gets_a_word_and_changes_nothing(
    hand: Callable[[MainWindow, QMimeData], None], window: MainWindow, states: States, tmp_path: Path
) -> None:
    empty, folder, gone = tmp_path / "empty.csv", tmp_path / "folder", tmp_path / "<b>gone & lost</b>.png"
    empty.touch()
    folder.mkdir()
    before = states.training.config
    for data, said in (
        (files(WEB), f"{WEB} is an address, not a file. Download what is there"),
        (words(WEB), f"{WEB} is an address, not a file. Download what is there"),
        (words("seven"), "This is text: 'seven'. Take a picture or a file."),
        (files(empty, folder), "These are 2 files at once. Take one at a time."),
        (files(WEB, WEB), "These are 2 files at once. Take one at a time."),
        (files(empty), f"{empty} is empty."),
        (files(folder), f"{folder} is a folder. Take one of the files in it."),
        (files(gone), f"{gone}: there is no such file. Was it moved or deleted?"),
        (QMimeData(), "This is neither a picture nor a file."),
    ):
        window.toasts.clear()
        hand(window, data)
        assert window.toasts.text.startswith(said)
    assert states.training.config is before
    assert states.drawing.is_empty


@pytest.mark.parametrize("name", ["seven.png", "seven.csv"])
def test_that_a_picture_is_laid_on_the_pad_whatever_it_is_called(
    qtbot: QtBot, window: MainWindow, states: States, tmp_path: Path, name: str
) -> None:
    assert seven().save(str(tmp_path / name), "PNG")
    with qtbot.waitSignal(states.opened_picture.accepted):
        drop(window, files(tmp_path / name))
    assert not states.drawing.is_empty


def test_that_the_picture_of_a_page_is_taken_before_its_address(
    qtbot: QtBot, window: MainWindow, states: States
) -> None:
    data = files(WEB)
    data.setImageData(seven())
    with qtbot.waitSignal(states.opened_picture.accepted):
        drop(window, data)
    assert not states.drawing.is_empty


def test_that_a_saved_network_goes_on_and_samples_are_learned_from(
    qtbot: QtBot, window: MainWindow, states: States, tmp_path: Path
) -> None:
    begin(qtbot, states.training, hidden=(7,))
    saved = states.runs.save_network(tmp_path / "seven neurons.npz")
    begin(qtbot, states.training)
    drop(window, files(saved))
    ready(qtbot, states.training)
    assert states.training.config.hidden == (7,)
    samples = tmp_path / "samples.npz"
    np.savez(samples, x=np.random.default_rng(0).random((40, 3)), y=np.arange(40) % 2)
    drop(window, files(samples))
    qtbot.waitUntil(lambda: states.training.config.dataset == str(samples))


def test_that_digits_of_others_are_taken_in(window: MainWindow, states: States, tmp_path: Path) -> None:
    states.drawing.lay_under(np.eye(28, dtype=np.float32))
    assert states.my_digits.keep(3)
    exported = states.my_digits.export(tmp_path / "digits.zip")
    assert exported is not None
    drop(window, files(exported))
    assert window.toasts.text == "Nothing was added: all of these digits are here already"
    states.my_digits.delete(states.my_digits.digits[0].name)
    drop(window, files(exported))
    assert [digit.label for digit in states.my_digits.digits] == [3]
