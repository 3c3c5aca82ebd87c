"""What takes time is done seldom enough to leave the processor to the training, and never forgotten."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from micronn_gui.session.drawing_first import DrawingFirst


class Throttle(QObject):
    """Does something when it is asked to: at once, or after a pause if it has been done a moment ago.

    However often it is asked during the pause, it is then done once.

    Args:
        do: what is to be done; if it returns False there was nothing to do, and no pause follows.
        interval_ms: least time from one beginning to the next, in milliseconds.
        share: the pause after it was done is at least so many times as long as it took.
        parent: ends the throttle with itself.
    """

    def __init__(
        self,
        do: Callable[[], bool | None],
        interval_ms: int,
        share: float = 0.0,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._do = do
        self._interval, self._share = interval_ms / 1000, share
        self._free_at = 0.0
        self._first = DrawingFirst(self)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.now)

    @property
    def waiting(self) -> bool:
        """Whether it was asked and has not yet been done."""
        return self._timer.isActive()

    def ask(self) -> None:
        """Do it now, or as soon as the pause is over."""
        wait = self._free_at - time.monotonic()
        if wait <= 0:
            self.now()
        else:
            self.later(math.ceil(1000 * wait))

    def now(self) -> None:
        """Do it now, pause or not."""
        self._timer.stop()
        self._first.claim()
        began = time.monotonic()
        self._free_at = began + self._interval  # also for what asks while it is done
        if self._do() is False:
            self._free_at = 0.0
        else:
            ended = time.monotonic()
            self._free_at = max(self._free_at, ended + self._share * (ended - began))

    def later(self, wait_ms: int) -> None:
        """Do it after so many milliseconds, if it is not to be done earlier or later anyway."""
        if not self.waiting:
            self._timer.start(wait_ms)

    def stop(self) -> None:
        """Do no more of what was asked for."""
        self._timer.stop()
