"""Jobs for background processes: they must be functions of a module that a new process can import."""

from __future__ import annotations

import os
import signal
import sys
import threading
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
    threading.Event().wait()


def say_nothing_for_ever() -> Iterator[int]:
    threading.Event().wait()
    yield 0


def note_begin_and_end(path: str) -> Iterator[None]:
    """Write a line when it begins and one when it ends."""
    with open(path, "a", encoding="utf-8", buffering=1) as stream:
        stream.write("begin\n")
        yield None
        stream.write("end\n")
