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
    titles: list[str] = []

    def at_rest() -> bool:
        titles.append(window.title)  # the last step before the pause may still be told
        return len(titles) > 5 and len(set(titles[-5:])) == 1

    wait_until(at_rest, "the last step before the pause")
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


SEVEN = [(0.25, 0.2), (0.5, 0.2), (0.75, 0.2), (0.6, 0.45), (0.5, 0.65), (0.45, 0.85)]


def test_that_a_digit_drawn_with_the_mouse_is_answered_while_it_trains_and_escape_clears_it(
    window: Window, places: dict[str, Box], train: Callable[[int], None]
) -> None:
    pad, seen = places["Drawing pad"], places["What the network sees"]
    bars = places["Probability of each digit"]
    empty, no_answer = window.picture(seen), window.picture(bars)
    train(2)

    window.draw(pad, SEVEN)
    wait_until(lambda: window.picture(seen) != empty, "what the network sees")
    wait_until(lambda: window.picture(bars) != no_answer, "the answer")
    answer = window.picture(bars)
    wait_until(lambda: window.picture(bars) != answer, "another answer as the network learns")

    window.press("Escape")
    wait_until(lambda: window.picture(seen) == empty, "the empty pad")
    assert window.title.endswith("training")


def test_that_a_digit_is_kept_by_its_key_and_is_still_there_the_next_time(
    window: Window, places: dict[str, Box], program: subprocess.Popen[str], tmp_path: Path
) -> None:
    window.draw(places["Drawing pad"], SEVEN)
    window.press("ctrl+2")
    window.press("7")

    def index() -> list[Path]:
        return list(tmp_path.rglob("index.csv"))

    wait_until(index, "the index of the kept digits")
    assert index()[0].read_text("utf-8").splitlines()[1].split(",")[1] == "7"
    window.press("ctrl+q")
    assert ends_well(program)


def test_that_the_keys_lead_through_the_steps_of_an_explanation(
    window: Window, places: dict[str, Box]
) -> None:
    step = places["Loss"]  # where the step lies in Inspect
    window.press("ctrl+3")

    def at_rest() -> bytes:
        seen: list[bytes] = []

        def twice_the_same() -> bool:
            seen.append(window.picture(step))
            return len(seen) > 1 and seen[-1] == seen[-2]

        wait_until(twice_the_same, "a picture at rest")
        return seen[-1]

    pictures = [at_rest()]
    for keys in ("Right", "Right", "Left"):
        window.press(keys)
        wait_until(lambda: window.picture(step) != pictures[-1], "another step")
        pictures.append(at_rest())
    first, second, third, back = pictures
    assert len({first, second, third}) == 3
    assert back == second
    assert window.title == "MicroNN – epoch 0, paused"
