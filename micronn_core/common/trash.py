"""The trash: what was deleted from a folder lies in a corner of it until the program ends.

Each program has a part of its own in there and keeps it locked as long as it runs, so that nobody empties
the trash of another one, and what a killed program has left is swept by the next. To throw something away
is to rename it, which needs no room on the disk.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from micronn_core.common.errors import StorageError
from micronn_core.common.files import cannot_delete, cannot_save, delete, read_bytes, write_atomically
from micronn_core.common.locks import NAME, FolderLock
from micronn_core.common.texts import tr

if TYPE_CHECKING:
    from filelock import BaseFileLock

FOLDER = ".trash"
"""The name of the corner: no listing of a folder's own files finds anything in there."""

MOST_COPIED = 1 << 26
"""Most bytes of a file that are copied, where it cannot be linked to: so many take a tenth of a second."""

_PART = re.compile(r"[0-9a-f]{16}")
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


class NotInTrashError(StorageError):
    """What is asked for cannot be got back any more, however often one tries."""


class Trash:
    """What this program has deleted from a folder, or replaced.

    Args:
        folder: from which files are thrown away; a file of another disk has to be copied.
        lock: keeps others out of the folder meanwhile.
    """

    def __init__(self, folder: Path, lock: FolderLock) -> None:
        self._folder, self._lock = folder / FOLDER, lock
        self._own: Path | None = None
        self._held: BaseFileLock | None = None

    def throw_away(self, path: Path, name: str | None = None) -> bool:
        """Move a file here; one that is gone already is no error.

        Args:
            path: the file.
            name: what it is called here, unless as it was; what had that name before goes for it.

        Returns:
            Whether it can be got back: it is deleted for good if there is no room for a trash.

        Raises:
            StorageError: it cannot be deleted; it lies where it was.
        """
        with self._lock.held():
            try:
                place = self._place()
            except OSError:  # no room for it, or something else lies in its place
                delete(path)
                return False
            try:
                path.replace(place / (name or path.name))
            except FileNotFoundError:
                return False
            except OSError as error:
                if error.errno not in _NO_ROOM:
                    raise cannot_delete(path, error) from error
                delete(path)
                return False
        return True

    def copy(self, path: Path) -> str | None:
        """Have a file here as well, before another takes its place.

        Returns:
            What it is called here; None if there is no such file, or it cannot be had here.
        """
        if not path.is_file():
            return None
        name = f"{secrets.token_hex(8)}{path.suffix}"
        with suppress(OSError, StorageError), self._lock.held():
            place = self._place() / name
            try:
                os.link(os.path.realpath(path), place)
            except OSError:  # it is of another disk, or somebody else's
                place.write_bytes(read_bytes(path, MOST_COPIED))
                shutil.copystat(path, place)
            return name
        self.forget(name)
        return None

    def get_back(self, name: str, path: Path, replace: bool = False) -> None:
        """Move a file to where it was.

        Args:
            name: what it is called here.
            path: where to.
            replace: whether what lies there now goes for it.

        Raises:
            NotInTrashError: it is not here any more, or there is another one in its place.
            StorageError: it cannot be moved; it is still here.
        """
        with self._lock.held():
            kept = None if self._own is None else self._own / name
            if kept is None or not kept.is_file():
                raise NotInTrashError(
                    tr("{path} cannot be got back: it is no longer in the trash of its folder.", path=path)
                )
            if path.exists() and not replace:
                text = tr("{path} is not got back, for it is there again. It is left as it is.", path=path)
                raise NotInTrashError(text)
            try:
                kept.replace(path)
            except OSError as error:
                if error.errno != errno.EXDEV:
                    raise cannot_save(path, error) from error
                write_atomically(path, kept.read_bytes())
                self.forget(name)

    def forget(self, name: str) -> None:
        """Delete a file here for good, if it is here."""
        if self._own is not None:
            with suppress(OSError):
                (self._own / name).unlink()

    def empty(self) -> None:
        """Delete all that is here for good, to make room on the disk."""
        if self._own is not None and self._own.is_dir():
            for path in self._own.iterdir():
                if path.name != NAME:
                    self.forget(path.name)

    def close(self) -> None:
        """Delete all that is here for good, at the end of the program."""
        if self._held is not None:
            self._held.release(force=True)  # first: no file that is open can be deleted on Windows
        own, self._own, self._held = self._own, None, None
        if own is not None and own.is_dir():
            with suppress(OSError, StorageError), self._lock.held():
                shutil.rmtree(own, ignore_errors=True)
                self._folder.rmdir()  # unless another program has its part there

    def sweep(self) -> None:
        """Delete what killed programs have left; what another one that runs has in the trash stays."""
        if not self._folder.is_dir() or self._folder.is_symlink():
            return
        with suppress(OSError, StorageError), self._lock.held():
            for part in self._folder.iterdir():
                if _PART.fullmatch(part.name) and part != self._own and not _is_held(part):
                    shutil.rmtree(part, ignore_errors=True)
            self._folder.rmdir()

    def _place(self) -> Path:
        """Return the part of this program; it is made and locked when it is first needed.

        Nobody sweeps it between the two, for the folder is kept.
        """
        if self._own is None or not self._own.is_dir():  # somebody may have deleted it
            from filelock import FileLock  # here, because it is slow to load, and a window opens without it

            self._own = None
            own = self._folder / secrets.token_hex(8)
            own.mkdir(parents=True)
            held = FileLock(own / NAME, 0, thread_local=False)  # any thread may let go of it
            held.acquire()
            self._own, self._held = own, held
        return self._own


def _is_held(part: Path) -> bool:
    """Return whether the program that has made a part of the trash still runs."""
    from filelock import FileLock, Timeout

    lock = FileLock(part / NAME, 0, thread_local=False)
    try:
        lock.acquire()
    except (Timeout, OSError):
        return True
    lock.release()
    return False
