"""Jobs for background processes: they must be functions of a module that a new process can import."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator

from micronn_core.common.errors import DataError


def count(stop: int) -> Iterator[int]:
    yield from range(stop)


def look_around() -> Iterator[object]:
    """What a process has loaded, how it hears Ctrl-C, and how many threads its matrix library uses."""
    from threadpoolctl import threadpool_info

    os.kill(os.getpid(), signal.SIGINT)
    yield sorted(name for name in sys.modules if name.startswith(("PySide6", "micronn_gui")))
    yield {library["num_threads"] for library in threadpool_info()}


def be_killed() -> Iterator[int]:
    yield 1
    os.kill(os.getpid(), signal.SIGKILL)


def refuse() -> Iterator[int]:
    yield 1
    raise DataError("There are no such digits.")


def stumble() -> Iterator[int]:
    yield 1 // 0


def work_for_ever() -> Iterator[int]:
    yield os.getpid()
    while True:
        time.sleep(60)


def note_and_wait(path: str, seconds: float) -> Iterator[None]:
    """Write when it began and ended."""
    begun = time.monotonic()
    time.sleep(seconds)
    with open(path, "a", encoding="utf-8") as stream:
        stream.write(f"{begun} {time.monotonic()}\n")
    yield None
