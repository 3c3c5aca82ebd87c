"""The disk's own thread: what is done with the store of runs, one thing after the other."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Signal

from micronn_core.common.errors import MicroNNError, StorageError
from micronn_core.common.texts import tr
from micronn_core.runs.record import RunRecord
from micronn_core.runs.store import RunStore

Task = Callable[[RunStore], Any]
Then = Callable[[Any], None]
Otherwise = Callable[[MicroNNError], None]

PROBLEMS = 3
"""Most faults of the folder that are named at once."""

log = logging.getLogger(__name__)


class _Answer(NamedTuple):
    """How a task went, and what there is on the store afterwards."""

    then: Then
    otherwise: Otherwise | None
    result: Any
    error: MicroNNError | None
    runs: tuple[RunRecord, ...] | None
    problems: tuple[str, ...]


class RunDisk(QObject):
    """Does with a store what is asked, beside the window, so that no file holds it up.

    Args:
        folder: where the runs lie.

    Attributes:
        runs: those of the store without their weights, the newest first; None before it was read.
        problems: what of the store cannot be read.
    """

    done = Signal()
    """There may be other runs."""
    failed = Signal(str)
    """Something could not be done; the text says what and what to do."""
    _answered = Signal(object)

    def __init__(self, folder: Path, parent: QObject) -> None:
        super().__init__(parent)
        self.runs: tuple[RunRecord, ...] | None = None
        self._store = RunStore(folder)
        self.problems: tuple[str, ...] = ()
        self._open = True
        self._logged = ""
        self._thread = ThreadPoolExecutor(1, "micronn-runs")
        self._answered.connect(self._take)

    @property
    def most(self) -> int:
        """Most runs of the store."""
        return self._store.most

    def do(self, task: Task, then: Then = lambda _: None, otherwise: Otherwise | None = None) -> None:
        """Have something done on the thread, and go on here with what it returns.

        Args:
            task: what to do.
            then: takes its result.
            otherwise: takes why it could not be done, and says so; by default `failed` does.
        """
        if self._open:
            self._thread.submit(self._work, task, then, otherwise)

    def finish(self) -> None:
        """Wait until what was asked for has been done, and tell of it."""
        if self._open:
            self._thread.submit(lambda: None).result()
            QCoreApplication.sendPostedEvents(self, QEvent.Type.MetaCall.value)

    def close(self) -> None:
        """Finish what was asked for, and end the thread; what was deleted is then gone for good."""
        if self._open:
            self._thread.submit(self._store.close)
        self._open = False
        self._thread.shutdown()

    def _work(self, task: Task, then: Then, otherwise: Otherwise | None) -> None:
        """Do it, on the thread."""
        store, result, runs = self._store, None, None
        error: MicroNNError | None = None
        try:
            result, runs = task(store), store.list()
        except MicroNNError as refused:
            error = refused
            if str(error) != self._logged:  # as it is tried again and again
                self._logged = str(error)
                log.warning("%s", error)
        except Exception as unexpected:
            what = f"{type(unexpected).__name__}: {unexpected}"
            error = StorageError(tr("Something went wrong with the kept runs: {what}.", what=what))
            log.exception("the store of runs")
        self._answered.emit(_Answer(then, otherwise, result, error, runs, store.problems))

    def _take(self, answer: _Answer) -> None:
        if not self._open:
            return
        if answer.problems != self.problems:
            self.problems = answer.problems
            self.failed.emit("\n".join(answer.problems[:PROBLEMS]))
        if answer.error is not None and answer.otherwise is not None:
            answer.otherwise(answer.error)
        elif answer.error is not None:
            self.failed.emit(str(answer.error))
        else:
            self.runs = answer.runs
            answer.then(answer.result)
        self.done.emit()
