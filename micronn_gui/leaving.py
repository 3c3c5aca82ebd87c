"""One way out: whatever ends the program from outside closes the window, as its cross does.

Ctrl-C, the request to terminate and a terminal that closes reach Python only between two of its
instructions, inside whatever runs then. So nothing is done there: that a signal has come is read
from a socket by the event loop, which then closes the window.
"""

from __future__ import annotations

import contextlib
import signal
import socket
from collections.abc import Callable
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier, QTimer
from PySide6.QtGui import QGuiApplication, QSessionManager

SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
"""What ends a program, as far as the system knows it."""
INTERVAL = 200
"""Milliseconds between two looks where no socket can be waited for."""


class WaysOut(QObject):
    """Closes a window whichever way the program is asked to end; a session that ends is told in time.

    Args:
        application: it ends when the window is closed.
        end: closes it, with all that has to be kept, and asks nothing: nobody may be there to answer.
        keep: keeps it without closing, for whoever logs out may still change their mind.
    """

    def __init__(
        self,
        application: QGuiApplication,
        end: Callable[[], None],
        keep: Callable[[], None],
    ) -> None:
        super().__init__(application)
        self._application, self._end, self._keep = application, end, keep
        self._asked = False
        application.commitDataRequest.connect(self._session_ends)
        application.aboutToQuit.connect(end)
        self._before = {
            code: signal.signal(code, self._note)
            for code in (getattr(signal, name) for name in SIGNALS if hasattr(signal, name))
            if signal.getsignal(code) is not signal.SIG_IGN  # nohup: not to end with the terminal
        }
        self._reading, self._writing = socket.socketpair()
        for part in (self._reading, self._writing):
            part.setblocking(False)
        self._descriptor = signal.set_wakeup_fd(self._writing.fileno(), warn_on_full_buffer=False)
        self._notifier = QSocketNotifier(self._reading.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._heard)
        self._timer = QTimer(self, interval=INTERVAL)
        self._timer.timeout.connect(self._look)
        if not hasattr(signal, "pthread_sigmask"):  # Windows: Python hears of a signal when it runs next
            self._timer.start()

    def stop(self) -> None:
        """Let signals work as before."""
        self._timer.stop()
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._descriptor)
        for code, handler in self._before.items():
            signal.signal(code, handler)
        for part in (self._reading, self._writing):
            part.close()

    def _note(self, code: int, frame: FrameType | None) -> None:
        self._asked = True

    def _heard(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._reading.recv(4096)
        self._asked = True
        self._look()

    def _look(self) -> None:
        if self._asked:
            self._asked = False
            self._end()
            self._application.quit()  # also out of a dialog that is open

    def _session_ends(self, manager: QSessionManager) -> None:
        self._keep()
