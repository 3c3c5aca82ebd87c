"""Who goes first: the training stands aside while the window draws.

Python lets one thread run at a time. What the window draws in five milliseconds takes it thirty when it has
to get Python's lock back from the training a hundred times on the way; and the training, whose lock is taken
as often, gains nothing by it. So the window says when it begins, and the training waits at its next gate.
"""

from __future__ import annotations

import threading

LONGEST = 0.05
"""Seconds that training waits at most: a window that stands still does not hold it."""


class RightOfWay:
    """Between one thread that goes first and others that stand aside; as many of each as there are."""

    def __init__(self) -> None:
        self._free = threading.Event()
        self._free.set()

    @property
    def is_free(self) -> bool:
        """Whether nobody goes first."""
        return self._free.is_set()

    def claim(self) -> None:
        """Go first from now on."""
        self._free.clear()

    def release(self) -> None:
        """Let the others go."""
        self._free.set()

    def stand_aside(self) -> None:
        """Wait while somebody goes first; returns at once if nobody does."""
        if not self._free.is_set() and not self._free.wait(LONGEST):
            self._free.set()  # whoever claimed it has forgotten: nobody waits for that again


RIGHT_OF_WAY = RightOfWay()
"""That of the process, as Python's lock is."""
