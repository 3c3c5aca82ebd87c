"""Pictures are laid on the pad from files and from the clipboard, and no file is made for it."""

from __future__ import annotations

import os
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
    return Pictures(training, states.drawing, window)


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
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, states: States, pictures: Pictures
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
    pictures.paste()
    assert refused == []
    np.testing.assert_allclose(states.drawing.picture, read_image(path) / 255, atol=1e-6)


def test_that_a_pipe_and_a_blank_picture_get_a_word_each(tmp_path: Path, pictures: Pictures) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    blank = QImage(40, 40, QImage.Format.Format_RGB32)
    blank.fill(0xFFFFFF)
    refused: list[str] = []
    pictures.refused.connect(refused.append)
    pictures.read(tmp_path / "pipe.png")
    pictures.lay(blank)
    assert "is a device, a pipe or a socket" in refused[0]
    assert refused[1].startswith("The picture is blank")
