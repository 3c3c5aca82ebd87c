"""Claims: which kept runs are under way, and in which programs.

A program that keeps a run under way holds a file beside it, which the system lets go of however the
program ends. A file that nobody holds is what a killed program has left: its run was interrupted.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from filelock import BaseFileLock

PREFIX, SUFFIX = ".", ".under-way"


def under_way_in(folder: Path) -> set[str]:
    """Return the ids of the runs of a folder that are claimed, whether or not their programs still run."""
    return {path.name[len(PREFIX) : -len(SUFFIX)] for path in folder.glob(f"{PREFIX}*{SUFFIX}")}


class Claims:
    """The claims in a folder, which others are kept out of while they change.

    Args:
        folder: the folder of the runs.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._own: dict[str, BaseFileLock] = {}

    def ids(self) -> set[str]:
        """Return the ids of all runs that are claimed, whether or not their programs still run."""
        return under_way_in(self._folder)

    def take(self, id_: str) -> None:
        """Say that a run is under way in this program, as far as anything can be written there."""
        if id_ in self._own and self._path(id_).exists():  # somebody may have deleted it
            return
        lock = self._lock(id_)
        with suppress(OSError, TimeoutError):
            lock.acquire()
            self._own[id_] = lock

    def drop(self, id_: str) -> None:
        """Say that a run is under way here no longer."""
        lock = self._own.pop(id_, None)
        if lock is not None:
            lock.release()
            self._remove(id_)

    def left(self) -> list[str]:
        """Return the ids of the runs whose programs were killed, and forget their claims."""
        found = []
        for id_ in sorted(self.ids() - self._own.keys()):
            lock = self._lock(id_)
            with suppress(OSError, TimeoutError):  # somebody holds it
                lock.acquire()
                lock.release()
                self._remove(id_)
                found.append(id_)
        return found

    def close(self) -> None:
        """Let go of all claims; they stay, to tell of runs that could not be kept to their ends."""
        for lock in self._own.values():
            lock.release()
        self._own.clear()

    def _remove(self, id_: str) -> None:
        with suppress(OSError):
            self._path(id_).unlink(missing_ok=True)

    def _path(self, id_: str) -> Path:
        return self._folder / f"{PREFIX}{id_}{SUFFIX}"

    def _lock(self, id_: str) -> BaseFileLock:
        from filelock import FileLock  # here, because it is slow to load, and a window opens without it

        return FileLock(self._path(id_), 0, thread_local=False)  # whoever closes the store lets go of it
