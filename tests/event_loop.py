"""Let the window live for a while, from a script that has no event loop of its own.

QTest.qWait and calls of processEvents would do for the window, but they keep Python's lock, or spin,
and so stop the training beside it.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QDeadlineTimer, QEventLoop, QTimer

PATIENCE = 120_000
"""Milliseconds until something counts as not happening."""
LOOK = 5
"""Milliseconds between two looks whether it has happened."""


def live(milliseconds: int) -> None:
    """Run the event loop for so long."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def live_until(true: Callable[[], bool], what: str) -> None:
    """Run the event loop until something has happened.

    Raises:
        TimeoutError: it has not.
    """
    deadline = QDeadlineTimer(PATIENCE)
    while not true():
        if deadline.hasExpired():
            raise TimeoutError(f"waited in vain for {what}")
        live(LOOK)


def each_in_its_turn(act: Callable[[], bool]) -> None:
    """Do something again and again from within an event loop, as events do, until it returns False.

    What is deleted for later goes between two turns, and never while one of them waits for an answer.
    """
    loop = QEventLoop()

    def turn() -> None:
        if act():
            QTimer.singleShot(0, turn)
        else:
            loop.quit()

    QTimer.singleShot(0, turn)
    loop.exec()
