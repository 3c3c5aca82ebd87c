"""Files that people save: what one of them has replaced can be got back until the program ends."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from micronn_core.common.errors import MicroNNError
from micronn_core.common.folders import local_data_folder
from micronn_core.common.locks import FolderLock
from micronn_core.common.texts import tr
from micronn_core.common.trash import NotInTrashError, Trash
from micronn_gui.session.undo import FILES, Act


def default_folder() -> Path:
    """Return the folder where replaced files are kept: it can be written to, unlike those of others."""
    return local_data_folder()


class SavedFile(NamedTuple):
    """A file that was saved.

    Attributes:
        path: where it lies.
        before: what the file that it has replaced is called in the trash; None if there is none.
        lost: whether it has replaced one that is gone for good.
        stamp: what changes when it is changed.
    """

    path: Path
    before: str | None
    lost: bool
    stamp: tuple[int, int] | None


class SavedFiles(QObject):
    """Has files saved, and puts back what they have replaced."""

    undoable = Signal(Act)
    """A file has been replaced."""
    done = Signal(str)
    """A file has been saved, or put back; the text says which."""
    refused = Signal(str)
    """A file cannot be put back; the text says why."""

    @cached_property
    def _trash(self) -> Trash:
        folder = default_folder()
        trash = Trash(folder, FolderLock(folder))
        trash.sweep()
        return trash

    def save(self, path: Path, write: Callable[[Path], object]) -> SavedFile:
        """Have a file written, and keep what lies there before; on any thread.

        Args:
            path: where to.
            write: writes it, whole or not at all; what it raises goes through.
        """
        place = Path(os.path.realpath(path))
        was_there = place.is_file()
        before = self._trash.copy(place)
        try:
            write(path)
        except BaseException:
            if before is not None:
                self._trash.forget(before)
            raise
        return SavedFile(place, before, was_there and before is None, _stamp(place))

    def tell(self, saved: SavedFile, text: str) -> None:
        """Say that a file has been saved, and let what it has replaced be put back."""
        if saved.lost:
            text = tr("{saved}. What it has replaced was too large to be kept, and is gone.", saved=text)
        if saved.before is None:
            self.done.emit(text)
        else:
            what = tr("replace {name}", name=saved.path.name)
            self.undoable.emit(Act(FILES, what, partial(self._put_back, saved, text), text))

    def close(self) -> None:
        """Delete for good what was replaced."""
        if "_trash" in self.__dict__:
            self._trash.close()

    def _put_back(self, saved: SavedFile, text: str) -> None:
        try:
            if _stamp(saved.path) not in (None, saved.stamp):
                raise NotInTrashError(
                    tr(
                        "{path} has been changed since it was saved. It is left as it is.",
                        path=saved.path,
                    )
                )
            assert saved.before is not None, "it is offered only then"
            self._trash.get_back(saved.before, saved.path, replace=True)
        except MicroNNError as error:
            if not isinstance(error, NotInTrashError):
                self.tell(saved, text)  # it may be possible later
            self.refused.emit(str(error))
        else:
            self.done.emit(tr("{path} is as it was before.", path=saved.path))


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
