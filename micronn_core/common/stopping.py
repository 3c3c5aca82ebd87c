"""Giving up what is being read on another thread, as soon as somebody no longer waits for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from io import RawIOBase
from threading import Event
from typing import IO

from micronn_core.common.errors import DataError
from micronn_core.common.texts import tr

_STOPPED: ContextVar[Event | None] = ContextVar("stopped", default=None)


@contextmanager
def until_set(stopped: Event) -> Iterator[None]:
    """Let whatever is read inside, on this thread, end with a DataError soon after an event is set."""
    token = _STOPPED.set(stopped)
    try:
        yield
    finally:
        _STOPPED.reset(token)


def can_be_stopped() -> bool:
    """Return whether somebody may give up what is read here."""
    return _STOPPED.get() is not None


def check_stopped() -> None:
    """Raise a DataError if what is read here has been given up."""
    if (stopped := _STOPPED.get()) is not None and stopped.is_set():
        raise DataError(tr("The reading was given up."))


class Stoppable(RawIOBase):
    """A stream of bytes that looks at each reading whether it has been given up."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Go to a place, as in any stream."""
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        """Return the place."""
        return self._stream.tell()

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Read some bytes; raises a DataError if that has been given up."""
        check_stopped()
        content = self._stream.read(len(buffer))
        buffer[: len(content)] = content
        return len(content)

    def close(self) -> None:
        """Close the stream."""
        self._stream.close()
        super().close()
