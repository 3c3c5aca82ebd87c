"""Garbage is collected on the window's thread, whoever makes it."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from micronn_gui import garbage
from micronn_gui.garbage import GarbageCollector


class Circle:
    """Refers to itself, so that only a collector finds it; notes on which thread it goes."""

    gone_on: list[threading.Thread]

    def __init__(self, gone_on: list[threading.Thread]) -> None:
        self.itself, self.gone_on = self, gone_on

    def __del__(self) -> None:
        self.gone_on.append(threading.current_thread())


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch, qapp: object) -> Iterator[GarbageCollector]:
    monkeypatch.setattr(garbage, "INTERVAL", 10)
    made = GarbageCollector()
    yield made
    made.stop()


def test_that_garbage_of_another_thread_goes_on_the_thread_of_the_window(
    qtbot: QtBot, collector: GarbageCollector
) -> None:
    gone_on: list[threading.Thread] = []

    def litter() -> None:
        for _ in range(5_000):
            Circle(gone_on)

    thread = threading.Thread(target=litter)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: len(gone_on) == 5_000)
    assert set(gone_on) == {threading.main_thread()}


def test_that_python_collects_again_at_the_end(collector: GarbageCollector) -> None:
    assert not gc.isenabled()
    collector.stop()
    assert gc.isenabled()
