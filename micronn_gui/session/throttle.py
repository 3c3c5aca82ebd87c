"""News that is told seldom enough to leave the processor to the training."""

from __future__ import annotations

import time

from PySide6.QtCore import SignalInstance


class News:
    """Collects what happens and emits one signal for it, at most once in an interval.

    Args:
        signal: what tells the news.
        interval: least seconds between two tellings.
    """

    def __init__(self, signal: SignalInstance, interval: float) -> None:
        self._signal = signal
        self._interval = interval
        self._pending = False
        self._told = 0.0

    def note(self, happened: bool) -> None:
        """Remember that something happened, if it did."""
        self._pending |= happened

    def tell(self, at_once: bool) -> None:
        """Emit the signal if there is news, at once or when the interval is over."""
        now = time.monotonic()
        if self._pending and (at_once or now - self._told >= self._interval):
            self._pending, self._told = False, now
            self._signal.emit()
