"""A person trains a network: all by mouse and keyboard, all seen on the screen."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSettings

from tests.end_to_end.screen import Box, Window, wait_until

GOODBYE = 2.0
"""Most seconds from the wish to close to the end of the program: one, and one for a slow machine."""


def ends_well(program: subprocess.Popen[str]) -> bool:
    """Whether the program ends in time, with exit code 0."""
    start = time.monotonic()
    code = program.wait(timeout=30)
    return code == 0 and time.monotonic() - start < GOODBYE


def test_that_space_plays_a_click_pauses_and_the_arrow_takes_one_step(
    window: Window, places: dict[str, Box], train: Callable[[int], None]
) -> None:
    train(3)

    window.click(places["Play (Space)"])
    wait_until(lambda: window.title.endswith("paused"), "the pause")
    epoch = window.epoch
    window.press("Right")

    wait_until(lambda: window.epoch != epoch, "the step")
    assert window.title == f"MicroNN – epoch {epoch + 1:,}, paused"


def test_that_dragging_the_timeline_shows_the_past_while_training_goes_on(
    window: Window, places: dict[str, Box], train: Callable[[int], None]
) -> None:
    neurons, timeline = places["What each hidden neuron looks for"], places["Timeline"]
    train(30)
    live = window.picture(neurons)

    def at_rest() -> bool:
        before, epoch = window.picture(neurons), window.epoch
        wait_until(lambda: window.epoch >= epoch + 5, "five epochs more")
        return window.picture(neurons) == before != live

    window.drag(timeline, start=0.10, end=0.07)
    wait_until(at_rest, "the past on the screen while training goes on")
    past = window.picture(neurons)

    window.press("l")
    wait_until(lambda: window.picture(neurons) != past, "the present again")
    assert window.title.endswith("training")


def test_that_a_learning_rate_is_typed_while_it_trains_and_kept_for_the_next_time(
    window: Window,
    places: dict[str, Box],
    train: Callable[[int], None],
    program: subprocess.Popen[str],
    tmp_path: Path,
) -> None:
    train(2)

    window.click(places["Learning rate"])
    window.write("0.25")
    window.press("ctrl+q")

    assert ends_well(program)
    settings = QSettings(str(tmp_path / "MicroNN" / "MicroNN.conf"), QSettings.Format.IniFormat)
    assert json.loads(str(settings.value("config")))["learning_rate"] == 0.25


def test_that_the_cross_of_the_window_ends_the_program_while_it_trains(
    window: Window, train: Callable[[int], None], program: subprocess.Popen[str]
) -> None:
    train(2)

    window.ask_to_close()

    assert ends_well(program)
