"""Jobs on processes of their own, whose results come back one by one.

A job is a function without arguments that yields its results; each gets a process, which lives
and dies alone. (In the standard library's pool, one process that dies takes all others with it,
and none can be stopped at once.) The processes are spawned, not forked: nothing of the window
and its threads goes into them.
"""

from __future__ import annotations

import atexit
import contextlib
import multiprocessing
import os
import queue
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import NamedTuple

from micronn_core.common.errors import MicroNNError
from micronn_core.common.texts import language_in_use, tr, use_language
from micronn_core.training.compute.blas import single_blas_thread

Job = Callable[[], Iterable[object]]
"""What a process does. It is pickled: a function of a module, or a `functools.partial` of one."""

MOST = 8
"""Most processes at once, unless more are asked for: each that trains holds MNIST, some 400 MB."""

REPORT_INTERVAL = 0.2
"""Least seconds between two reports of a job's progress, for the jobs to keep to."""

NICENESS = 5
"""How far the processes stand back behind the window and what else the machine does."""

_context = multiprocessing.get_context("spawn")


class Failed(NamedTuple):
    """The last message of a job that has failed: what went wrong, and what to do."""

    reason: str


class Ended(NamedTuple):
    """The last message of a job that has come to its end."""


class Message(NamedTuple):
    """What a job has yielded, or `Failed`, or `Ended`; `job` is the job's place among all."""

    job: int
    content: object


def usual_processes() -> int:
    """Return how many processes run at once if nobody says how many."""
    return min(os.cpu_count() or 1, MOST)


class Background:
    """Runs jobs on processes, a few at a time, in their order.

    A thread starts the processes and receives what they send, so that whoever asks never waits.

    Args:
        jobs: what to run.
        processes: most at once; by default one per core, at most `MOST`.
    """

    def __init__(self, jobs: Sequence[Job], processes: int | None = None) -> None:
        self._most = processes or usual_processes()
        self._waiting = deque(enumerate(jobs))
        self._running: dict[Connection, tuple[int, SpawnProcess]] = {}
        self._messages: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self._stopped, self._stop = _context.Pipe(duplex=False)
        # A daemon: should nobody close it, the interpreter still ends, and its processes with it.
        self._thread = threading.Thread(target=self._supervise, name="micronn-background", daemon=True)
        self._thread.start()
        # Before multiprocessing ends the processes in its own way, at the same time as the thread.
        atexit.register(self.close)

    @property
    def finished(self) -> bool:
        """Whether all jobs have ended, or were stopped, and every message has been taken."""
        return not self._thread.is_alive() and self._messages.empty()

    def take(self, timeout: float = 0.0) -> list[Message]:
        """Return the messages since the last call; with a timeout in seconds, wait so long for the first."""
        messages = []
        with contextlib.suppress(queue.Empty):
            messages.append(self._messages.get(timeout > 0, timeout or None))
            while True:
                messages.append(self._messages.get_nowait())
        return messages

    def close(self) -> None:
        """End all processes at once and wait until they are gone; messages can still be taken."""
        atexit.unregister(self.close)
        with contextlib.suppress(OSError):  # it was closed before
            self._stop.close()
        self._thread.join()

    # -- on the supervising thread --

    def _supervise(self) -> None:
        try:
            while self._waiting or self._running:
                while self._waiting and len(self._running) < self._most:
                    self._start(*self._waiting.popleft())
                for connection in wait([*self._running, self._stopped]):
                    if connection is self._stopped:
                        return
                    self._receive(connection)  # type: ignore[arg-type]
        finally:
            for connection in list(self._running):
                self._dispose(connection)
            self._stopped.close()

    def _start(self, job: int, work: Job) -> None:
        receiver, sender = _context.Pipe(duplex=False)
        process = _context.Process(target=_work, args=(work, sender, language_in_use()), daemon=True)
        try:
            with _without_interrupts():
                process.start()
        except OSError as error:
            receiver.close()
            self._messages.put(
                Message(job, Failed(tr("No process could be started: {reason}.", reason=error.strerror)))
            )
        else:
            self._running[receiver] = job, process
        finally:
            sender.close()

    def _receive(self, connection: Connection) -> None:
        job, process = self._running[connection]
        try:
            content = connection.recv()
        except (EOFError, OSError):
            process.join()
            content = Failed(
                tr(
                    "Its process ended before its time (exit code {code}). If the memory was used up, run "
                    "fewer at once; then start it again.",
                    code=str(process.exitcode),  # a code, not a number to be written with a true minus
                )
            )
        if isinstance(content, Failed | Ended):
            self._dispose(connection)
        self._messages.put(Message(job, content))

    def _dispose(self, connection: Connection) -> None:
        """End a process and let go of it: it owns nothing that would have to be put away."""
        _, process = self._running.pop(connection)
        process.kill()
        process.join()
        process.close()
        connection.close()


def _work(job: Job, sender: Connection, language: tuple[str, Path | None]) -> None:
    """Do a job in a new process."""
    use_language(*language)
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    end: Failed | Ended = Ended()
    with contextlib.suppress(BrokenPipeError):  # whoever started it is gone
        try:
            with single_blas_thread():
                for content in job():
                    sender.send(content)
        except MicroNNError as error:
            end = Failed(str(error))
        except MemoryError:
            end = Failed(tr("The memory is used up. Choose smaller networks, or run fewer at once."))
        except BrokenPipeError:
            raise
        except Exception as error:
            end = Failed(tr("It broke off: {error}.", error=f"{type(error).__name__}: {error}"))
        sender.send(end)


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Let what is started here never hear what a terminal sends to children as well: Ctrl-C, and its end.

    Whoever started them decides what becomes of them. Windows knows no signal masks.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # now: when first started, it lets the signal through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGHUP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
