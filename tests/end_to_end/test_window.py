"""A person trains a network: all by mouse and keyboard, all seen on the screen."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings

from tests.end_to_end.screen import PATIENCE, Window, wait_until
from tests.pictures import assert_other_picture, assert_same_picture

pytestmark = pytest.mark.xdist_group("end to end")

NEURONS, TIMELINE = "What it has learned to look for", "Timeline"
PAD, ANSWER = "Drawing pad", "Probability of each answer"
SEVEN = [(0.25, 0.2), (0.5, 0.2), (0.75, 0.2), (0.6, 0.45), (0.5, 0.65), (0.45, 0.85)]


def assert_ends_well(program: subprocess.Popen[str]) -> None:
    """The program ends, though its training goes on for hours, and finds nothing to complain of."""
    assert program.wait(timeout=PATIENCE) == 0


def test_that_the_arrow_takes_one_step_space_plays_and_a_click_pauses(
    window: Window, train: Callable[[int], None]
) -> None:
    for epoch in (1, 2):
        window.press("Right")
        wait_until(lambda epoch=epoch: window.title == f"MicroNN – epoch {epoch}, paused", "the step")

    train(5)

    window.click("Pause (Space)")
    wait_until(lambda: window.title.endswith("paused"), "the pause")
    epoch = window.epoch
    window.press("Right")
    wait_until(lambda: window.epoch > epoch, "the step")
    assert window.title.endswith("paused")


def test_that_dragging_the_timeline_shows_the_past_while_training_goes_on(
    window: Window, train: Callable[[int], None]
) -> None:
    untrained = window.picture(NEURONS)
    train(30)
    assert_other_picture(window.picture(NEURONS), untrained)

    window.drag(TIMELINE, start=0.06, end=0)
    wait_until(lambda: window.part(TIMELINE).description == "epoch 0", "the past")
    past, epoch = window.picture(NEURONS), window.epoch
    wait_until(lambda: window.epoch >= epoch + 5, "five epochs more")
    assert_same_picture(window.picture(NEURONS), past)

    window.press("l")
    wait_until(lambda: window.part(TIMELINE).description == "LIVE", "the present")
    assert_other_picture(window.picture(NEURONS), past)
    assert window.title.endswith("training")


def test_that_a_learning_rate_is_typed_while_it_trains_and_kept_for_the_next_time(
    window: Window, train: Callable[[int], None], program: subprocess.Popen[str], tmp_path: Path
) -> None:
    train(2)

    window.click("Learning rate")
    window.write("0.25")
    window.press("ctrl+q")

    assert_ends_well(program)
    settings = QSettings(str(tmp_path / "MicroNN" / "MicroNN.conf"), QSettings.Format.IniFormat)
    assert json.loads(str(settings.value("config")))["learning_rate"] == 0.25


def test_that_the_cross_of_the_window_ends_the_program_while_it_trains(
    window: Window, train: Callable[[int], None], program: subprocess.Popen[str]
) -> None:
    train(2)

    window.ask_to_close()

    assert_ends_well(program)


def test_that_a_digit_drawn_with_the_mouse_is_answered_while_it_trains_and_escape_clears_it(
    window: Window, train: Callable[[int], None]
) -> None:
    empty, no_answer = window.picture(PAD), window.part(ANSWER).description
    train(2)

    window.draw(PAD, SEVEN)
    wait_until(lambda: window.part(PAD).description.startswith("1 "), "the stroke")
    wait_until(lambda: window.part(ANSWER).description != no_answer, "the answer")
    drawn = window.picture(PAD)
    assert_other_picture(drawn, empty)
    answer = window.part(ANSWER).description
    wait_until(lambda: window.part(ANSWER).description != answer, "another answer as the network learns")

    window.press("Escape")
    wait_until(lambda: window.part(ANSWER).description == no_answer, "the empty pad")
    assert window.part(PAD).description.startswith("0 ")
    assert_other_picture(window.picture(PAD), drawn)
    assert window.title.endswith("training")


def test_that_a_digit_is_kept_by_its_key_and_is_still_there_the_next_time(
    window: Window, program: subprocess.Popen[str], tmp_path: Path
) -> None:
    window.draw(PAD, SEVEN)
    window.press("ctrl+2")
    window.press("7")

    def index() -> list[Path]:
        return list(tmp_path.rglob("index.csv"))

    wait_until(index, "the index of the kept digits")
    assert index()[0].read_text("utf-8").splitlines()[1].split(",")[1] == "7"
    window.press("ctrl+q")
    assert_ends_well(program)


def test_that_the_keys_lead_through_the_steps_of_an_explanation(window: Window) -> None:
    window.press("ctrl+3")
    wait_until(lambda: window.parts().get("z1"), "the explanation")
    window.click("z1")
    wait_until(lambda: window.part("z1").checked, "z1")
    pictures = []
    for keys, step in (("Right", "a1"), ("Right", "z2"), ("Left", "a1"), ("Left", "z1"), ("Right", "a1")):
        window.press(keys)
        wait_until(lambda step=step: window.part(step).checked, step)
        pictures.append(window.picture("The network and what flows through it"))

    first, second, back, before, again = pictures
    assert_other_picture(first, second)
    assert_other_picture(first, before)
    assert_same_picture(back, first)
    assert_same_picture(again, first)
    assert window.title == "MicroNN – epoch 0, paused"
