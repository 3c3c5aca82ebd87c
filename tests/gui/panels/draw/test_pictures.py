"""Pictures are laid on the pad from files and from the clipboard, and no file is made for it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from micronn_core.drawing.images import read_image
from micronn_gui.panels.draw.pictures import Pictures
from micronn_gui.session.states import States
from micronn_gui.session.training import TrainingState


@pytest.fixture
def pictures(qtbot: QtBot, training: TrainingState, states: States) -> Pictures:
    window = QWidget()
    qtbot.addWidget(window)
    return Pictures(training, states.drawing, states.opened_picture, window)


def seven(size: int = 60) -> QImage:
    image = QImage(size, size, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFF)
    for i in range(size // 6, size // 2):
        for thick in range(4):
            image.setPixel(i, size // 6 + thick, 0)
            image.setPixel(size // 2 - thick, i, 0)
    return image


def pasted(image: QImage) -> QMimeData:
    data = QMimeData()
    data.setImageData(image)
    return data


def test_that_a_pasted_picture_is_the_one_of_its_file_and_needs_no_folder(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, states: States, pictures: Pictures
) -> None:
    path = tmp_path / "seven.png"
    assert seven().save(str(path))
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    refused: list[str] = []
    pictures.refused.connect(refused.append)
    QApplication.clipboard().setMimeData(pasted(seven()))
    with qtbot.waitSignal(states.opened_picture.accepted):
        pictures.paste()
    assert refused == []
    np.testing.assert_allclose(states.drawing.picture, read_image(path) / 255, atol=1e-6)


def test_that_a_copied_file_of_a_picture_is_read_as_that_and_not_decoded_before(
    qtbot: QtBot, tmp_path: Path, states: States, pictures: Pictures
) -> None:
    path = tmp_path / "seven.png"
    assert seven().save(str(path))
    data = pasted(QImage(3, 3, QImage.Format.Format_RGB32))
    data.setData("image/png", path.read_bytes())
    QApplication.clipboard().setMimeData(data)
    with qtbot.waitSignal(states.opened_picture.accepted):
        pictures.paste()
    np.testing.assert_allclose(states.drawing.picture, read_image(path) / 255, atol=1e-6)


def test_that_an_empty_clipboard_gets_a_word(pictures: Pictures) -> None:
    refused: list[str] = []
    pictures.refused.connect(refused.append)
    data = QMimeData()
    data.setText("seven")
    QApplication.clipboard().setMimeData(data)
    pictures.paste()
    assert refused == ["This is text: 'seven'. Take a picture or a file."]
