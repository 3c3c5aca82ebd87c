"""Pictures are read beside the window: it goes on, the last one counts, and closing waits for nothing."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QTimer
from PySide6.QtGui import QImage
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from micronn_core.common.errors import DataError
from micronn_core.common.stopping import check_stopped
from micronn_core.data.catalog import register
from micronn_core.drawing.images import open_photograph, read_image
from micronn_core.drawing.photographs.steps import Photograph
from micronn_core.settings.suiting import suited_to
from micronn_gui.session import opened_picture
from micronn_gui.session.opened_picture import OpenedPicture
from micronn_gui.session.states import States
from tests.core.shapes import flowers, letters, write_csv, write_npz

LONGEST_GAP = 0.1


@pytest.fixture
def opened(states: States) -> OpenedPicture:
    return states.opened_picture


def seven(side: int = 60) -> Image.Image:
    image = Image.new("L", (side, side), 255)
    image.paste(0, (side // 5, side // 5, 3 * side // 4, side // 5 + side // 12))
    image.paste(0, (3 * side // 4 - side // 12, side // 5, 3 * side // 4, 4 * side // 5))
    return image


def saved(path: Path, side: int = 60) -> Path:
    seven(side).save(path)
    return path


class Slow:
    """A reader that goes on until it is let go or given up."""

    def __init__(self) -> None:
        self.let_go, self.begun, self.given_up = Event(), Event(), Event()

    def __call__(self, path: Path) -> Photograph:
        self.begun.set()
        while not self.let_go.is_set():
            try:
                check_stopped()
            except DataError:
                self.given_up.set()
                raise
            time.sleep(0.001)
        return open_photograph(path)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[Slow]:
    """Read files called slow until they are let go."""
    made = Slow()

    def read(path: Path) -> Photograph:
        return made(path) if path.stem == "slow" else open_photograph(path)

    monkeypatch.setattr(opened_picture, "open_photograph", read)
    yield made
    made.let_go.set()


def test_that_a_picture_is_laid_on_the_pad_as_it_is_read_elsewhere(
    qtbot: QtBot, states: States, opened: OpenedPicture, tmp_path: Path
) -> None:
    path = saved(tmp_path / "seven.png")
    expected = read_image(path) / 255
    for take in (
        lambda: opened.open(path),
        lambda: opened.take(path.read_bytes()),
        lambda: opened.take(QImage(str(path))),
    ):
        states.drawing.clear()
        with qtbot.waitSignal(opened.accepted):
            take()
            assert opened.is_reading
            assert states.drawing.is_empty
        assert not opened.is_reading
        np.testing.assert_allclose(states.drawing.picture, expected, atol=1e-6)


def test_that_what_cannot_be_read_gets_a_word(
    qtbot: QtBot, states: States, opened: OpenedPicture, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    (tmp_path / "text.png").write_text("no picture")
    Image.new("L", (40, 40), 255).save(tmp_path / "blank.png")
    for name, word in (
        ("pipe.png", "is a device, a pipe or a socket"),
        ("gone.png", "there is no such file"),
        ("text.png", "is not a picture"),
        ("blank.png", "is blank"),
    ):
        with qtbot.waitSignal(opened.refused) as said:
            opened.open(tmp_path / name)
        assert word in said.args[0]
        assert name in said.args[0]
    with qtbot.waitSignal(opened.refused) as said:
        opened.take((tmp_path / "blank.png").read_bytes())
    assert said.args[0].startswith("The picture is blank")
    assert states.drawing.is_empty


def test_that_a_slow_reading_is_said_and_a_quick_one_is_not(
    qtbot: QtBot, opened: OpenedPicture, slow: Slow, tmp_path: Path
) -> None:
    spy = QSignalSpy(opened.reading)
    with qtbot.waitSignal(opened.reading) as said:
        opened.open(saved(tmp_path / "slow.png"))
    assert said.args == ["Reading the picture …"]
    slow.let_go.set()
    with qtbot.waitSignal(opened.accepted):
        pass
    assert spy.count() == 1


def test_that_a_second_picture_gives_up_the_first(
    qtbot: QtBot, states: States, opened: OpenedPicture, slow: Slow, tmp_path: Path
) -> None:
    told: list[str] = []
    opened.accepted.connect(lambda: told.append("accepted"))
    opened.refused.connect(told.append)
    opened.open(saved(tmp_path / "slow.png", 90))
    assert slow.begun.wait(10)
    second = saved(tmp_path / "second.png", 60)
    with qtbot.waitSignal(opened.accepted):
        opened.open(second)
    assert slow.given_up.is_set()
    assert told == ["accepted"]
    np.testing.assert_allclose(states.drawing.picture, read_image(second) / 255, atol=1e-6)
    states.drawing.undo()
    assert states.drawing.is_empty


def test_that_closing_gives_up_what_is_being_read(
    states: States, opened: OpenedPicture, slow: Slow, tmp_path: Path
) -> None:
    told = QSignalSpy(opened.refused)
    opened.open(saved(tmp_path / "slow.png"))
    assert slow.begun.wait(10)
    states.close()
    assert slow.given_up.is_set()
    assert told.count() == 0
    assert states.drawing.is_empty


def become(qtbot: QtBot, states: States, data: Path) -> None:
    """Begin with a network for other data."""
    training = states.training
    with qtbot.waitSignal(training.run_started):
        training.new_network(suited_to(training.config, register(data)))


def test_that_a_picture_comes_in_the_size_of_the_network_that_is_there_when_it_has_been_read(
    qtbot: QtBot, states: States, opened: OpenedPicture, slow: Slow, tmp_path: Path
) -> None:
    opened.open(saved(tmp_path / "slow.png"))
    assert slow.begun.wait(10)
    become(qtbot, states, write_npz(tmp_path / "letters.npz", letters()))
    slow.let_go.set()
    with qtbot.waitSignal(opened.accepted):
        pass
    assert states.drawing.under is not None
    assert states.drawing.under.shape == letters().spec.features.image_shape


def test_that_a_picture_is_of_no_use_to_a_network_of_columns(
    qtbot: QtBot, states: States, opened: OpenedPicture, slow: Slow, tmp_path: Path
) -> None:
    opened.open(saved(tmp_path / "slow.png"))
    assert slow.begun.wait(10)
    become(qtbot, states, write_csv(tmp_path / "flowers.csv", flowers()))
    slow.let_go.set()
    qtbot.waitUntil(lambda: not opened.is_reading)
    assert states.drawing.under is None


def longest_gap(qtbot: QtBot, opened: OpenedPicture, begin: Callable[[], None]) -> float:
    """Return the longest time in seconds that the window stands still until a picture is read.

    It is the least of three tries: what another program on the machine did is not to count.
    """
    return min(_longest_gap(qtbot, opened, begin) for _ in range(3))


def _longest_gap(qtbot: QtBot, opened: OpenedPicture, begin: Callable[[], None]) -> float:
    ticks: list[float] = []
    timer = QTimer(interval=1)
    timer.timeout.connect(lambda: ticks.append(time.perf_counter()))
    timer.start()
    ticks.append(time.perf_counter())
    with qtbot.waitSignal(opened.accepted):
        begin()
    ticks.append(time.perf_counter())
    timer.stop()
    return float(np.diff(ticks).max())


@pytest.fixture(scope="module")
def photograph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A photograph of 48 megapixels."""
    path = tmp_path_factory.mktemp("photograph") / "photograph.jpg"
    image = Image.effect_noise((1000, 750), 12).resize((8000, 6000))
    image.paste(10, (3000, 1500, 5000, 1900))
    image.paste(10, (4600, 1500, 5000, 4500))
    image.convert("RGB").save(path, quality=85)
    return path


def test_that_the_window_goes_on_while_a_large_photograph_is_read(
    qtbot: QtBot, states: States, opened: OpenedPicture, photograph: Path
) -> None:
    assert longest_gap(qtbot, opened, lambda: opened.open(photograph)) < LONGEST_GAP
    assert states.drawing.picture.max() > 0.9
    copied = QImage(str(photograph))
    assert longest_gap(qtbot, opened, lambda: opened.take(copied)) < LONGEST_GAP
