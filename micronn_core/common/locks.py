"""Locks between programs: what is read, changed and written again, no other program changes meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from micronn_core.common.errors import StorageError
from micronn_core.common.files import make_folder
from micronn_core.common.texts import tr

if TYPE_CHECKING:
    from filelock import BaseFileLock

NAME = ".lock"
"""The file in a folder that whoever changes the folder holds; it is empty, and stays."""

PATIENCE = 10.0
"""Seconds to wait for others, each of whom takes some hundredths."""


class FolderLock:
    """Keeps a folder for one program at a time; whoever holds it may take it once more.

    The system lets go of it when a program ends, however it ends.

    Args:
        folder: made when it is first kept.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def _lock(self) -> BaseFileLock:
        from filelock import FileLock  # here, because it is slow to load, and a window opens without it

        return FileLock(self._folder / NAME, PATIENCE)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the folder.

        Raises:
            StorageError: another program does not let go of it, or nothing can be written there.
        """
        from filelock import Timeout

        make_folder(self._folder)
        try:
            self._lock.acquire()
        except Timeout:
            raise StorageError(
                tr(
                    "{folder} is being changed by another program. Try again, or close that program.",
                    folder=self._folder,
                )
            ) from None
        except OSError as error:
            raise StorageError(
                tr(
                    "Nothing can be saved in {folder}: {reason}. Choose another place.",
                    folder=self._folder,
                    reason=error.strerror or error,
                )
            ) from error
        try:
            yield
        finally:
            self._lock.release()
