"""Hears of everything that goes wrong, wherever it would otherwise only be said or logged."""

from __future__ import annotations

import logging
import sys
import threading
import time
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QObject, Qt, QTimer, QtMsgType, qInstallMessageHandler

HEARTBEAT = 5
"""Milliseconds between two beats, in whichever event loop runs."""

HARMLESS = ("This plugin does not support",)
"""How a message begins that says what a platform without a screen cannot do."""


class Watch(QObject):
    """Collects what goes wrong, and measures how long the event loop stands still.

    Attributes:
        faults: what went wrong, in the order in which it did.
        longest_gap: most seconds between two beats.
    """

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.longest_gap = 0.0
        self._last = time.perf_counter()
        self._heart = QTimer(self, interval=HEARTBEAT, timerType=Qt.TimerType.PreciseTimer)
        self._heart.timeout.connect(self._beat)

    def _beat(self) -> None:
        now = time.perf_counter()
        self.longest_gap = max(self.longest_gap, now - self._last)
        self._last = now

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Watch, in the place of whoever hears of faults otherwise."""
        before = sys.excepthook, threading.excepthook, sys.unraisablehook
        handler = _Errors(self)
        qt = qInstallMessageHandler(self._message)
        logging.getLogger().addHandler(handler)
        self._last = time.perf_counter()
        self._heart.start()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                self.hear()
                yield
        finally:
            self._heart.stop()
            logging.getLogger().removeHandler(handler)
            qInstallMessageHandler(qt)
            sys.excepthook, threading.excepthook, sys.unraisablehook = before

    def hear(self) -> None:
        """Hear of exceptions; anew when a window has begun to hear of them itself."""
        sys.excepthook = self._exception
        threading.excepthook = lambda args: self._exception(args.exc_type, args.exc_value, args.exc_traceback)
        sys.unraisablehook = lambda args: self._exception(args.exc_type, args.exc_value, args.exc_traceback)

    def _exception(
        self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.faults.append("".join(traceback.format_exception(kind, error, trace)))

    def _message(self, kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        if kind not in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg) and not text.startswith(HARMLESS):
            self.faults.append(f"{kind.name}: {text}\n{''.join(traceback.format_stack(limit=12))}")


class _Errors(logging.Handler):
    """Takes what the program logs as an error."""

    def __init__(self, watch: Watch) -> None:
        super().__init__(logging.ERROR)
        self._watch = watch

    def emit(self, record: logging.LogRecord) -> None:
        self._watch.faults.append(logging.Formatter("%(name)s: %(message)s").format(record))
