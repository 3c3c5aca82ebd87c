"""For every test: no display is needed, and nothing is left running."""

from __future__ import annotations

import gc
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.screen import OFFSCREEN

# Before Qt is imported. Whoever wants to see the tests names another platform: QT_QPA_PLATFORM=xcb.
if os.environ.get("QT_QPA_PLATFORM", "offscreen") == "offscreen":  # whose own screen is of 800 x 800
    os.environ["QT_QPA_PLATFORM"] = OFFSCREEN
# Before NumPy is imported. Where all cores run tests, the matrix library's own threads would only wait for
# each other: it then takes six times as long.
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ["LANGUAGE"] = "en"  # whatever language whoever runs the tests speaks
# A shell lets what it runs in the background ignore this, and so would the programs that tests start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

from PySide6.QtCore import QTimer
from shiboken6 import isValid

from tests.pseudo_language import write_pseudo


@pytest.fixture(scope="session")
def pseudo_translations(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a translation that is made from the program's own texts."""
    folder = tmp_path_factory.mktemp("locale")
    write_pseudo(folder)
    return folder


@pytest.fixture(autouse=True, scope="session")
def _only_what_tests_make() -> None:
    """Take all that the imports have made out of every look at Python's objects: it stays anyway."""
    gc.collect()
    gc.freeze()


def ends_by_itself(timer: QTimer) -> bool:
    """Whether a timer has run out, once and for all, and only waits for the next round of the event loop."""
    return timer.isSingleShot() and timer.interval() == 0


@pytest.fixture(autouse=True)
def _nothing_left_running(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that leaves a thread or an active timer behind."""
    before = set(threading.enumerate())
    yield
    left = [thread.name for thread in threading.enumerate() if thread not in before and thread.is_alive()]
    assert not left, f"threads left running: {left}"
    if "qtbot" in request.fixturenames:  # looking for timers takes a while
        timers = [thing for thing in gc.get_objects() if isinstance(thing, QTimer)]
        active = [
            timer for timer in timers if isValid(timer) and timer.isActive() and not ends_by_itself(timer)
        ]
        assert not active, f"timers left running: {active}"
