"""The real program in a real window on an X display of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.end_to_end.screen import Window, find_window, wait_until, x_display
from tests.paths import CHECKOUT

PROGRAM = [sys.executable, "-m", "micronn_gui"]
OBSERVED = [sys.executable, "-m", "tests.end_to_end.observed"]
WELCOME = "Welcome to MicroNN"
HOURS = "1000000"
"""So many epochs that whoever waits for the end of the run waits in vain."""


def environment(config: Path, **more: str) -> dict[str, str]:
    """Return the environment of somebody who has never used the program, without a screen."""
    screens = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    mine = {name: value for name, value in os.environ.items() if name not in screens}
    return {
        **mine,
        "PYTHONPATH": str(CHECKOUT),
        "XDG_CONFIG_HOME": str(config),
        "XDG_DATA_HOME": str(config),
        **more,
    }


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    missing = [tool for tool in ("Xvfb", "xdotool") if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"{' and '.join(missing)} is missing; on Debian: apt-get install xvfb xdotool")
    with x_display() as name:
        yield name


@pytest.fixture
def program(display: str, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """The program, just started; what it complains of must be nothing."""
    with (
        (tmp_path / "stderr").open("w+") as complaints,
        subprocess.Popen(
            OBSERVED,
            env=environment(tmp_path, DISPLAY=display),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
            cwd=tmp_path,
        ) as process,
    ):
        try:
            yield process
        finally:
            process.kill()
        complaints.seek(0)
        assert complaints.read() == ""


@pytest.fixture
def window(display: str, program: subprocess.Popen[str]) -> Window:
    """Its window, when the data are loaded and a network waits."""
    found: list[Window] = []

    def look() -> bool:
        assert program.poll() is None, "the program has ended"
        window = find_window(display, program)
        found[:] = [window] if window else []
        return bool(found)

    wait_until(look, "the window")
    wait_until(lambda: found[0].title == "MicroNN – epoch 0, paused", "the network")
    wait_until(lambda: found[0].parts().get(WELCOME), "the welcome of somebody new")
    found[0].press("Escape")
    wait_until(lambda: found[0].parts().get(WELCOME) is None, "the window behind it")
    return found[0]


@pytest.fixture
def train(window: Window) -> Callable[[int], None]:
    """Return how to train up to an epoch by pressing Space, with training going on for hours."""

    def play(epoch: int) -> None:
        window.click("Epochs")
        window.write(HOURS)
        window.press("space")
        wait_until(lambda: window.epoch >= epoch, f"epoch {epoch}")
        assert window.title.endswith("training")

    return play
