"""The store of kept runs: a folder with a file for each, saved whole or not at all."""

from __future__ import annotations

import dataclasses
import re
import shutil
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from micronn_core.common.errors import StorageError
from micronn_core.common.files import delete, reading, sweep, write_atomically
from micronn_core.common.locks import FolderLock
from micronn_core.common.texts import tr
from micronn_core.common.trash import Trash
from micronn_core.runs.record import RunRecord, new_id
from micronn_core.runs.run_file import read_run, run_bytes
from micronn_core.runs.saved_network import SUFFIX
from micronn_core.training.history import Metrics

KEPT = 200
"""Most runs of a store; beyond that the oldest go, but for those with a star."""
KEPT_BYTES = 4 * 2**30
"""Most bytes of a store: the same goes for these, for networks can be large."""

_Stamp = tuple[int, int, int]
"""What changes when a file does."""


class _Own(NamedTuple):
    """A run as it was read or written here: the stamp of its file, and how it stood."""

    stamp: _Stamp | None
    metrics: Metrics


_SAFE_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,63}")


class RunStore:
    """The runs of a folder. It belongs to one thread.

    Args:
        folder: where the files lie; made when it is needed.
        most: most runs.
        most_bytes: most bytes of their files.

    Attributes:
        trash: what was deleted from it here, until it is closed.
    """

    def __init__(self, folder: Path, most: int = KEPT, most_bytes: int = KEPT_BYTES) -> None:
        self.folder = folder
        self._most, self._most_bytes = most, most_bytes
        self._lock = FolderLock(folder)
        self.trash = Trash(folder, self._lock)
        self._records: dict[str, RunRecord] = {}
        self._faults: dict[str, str] = {}
        self._stamps: dict[str, _Stamp | None] = {}
        self._own: dict[str, _Own] = {}
        self._swept = False

    def list(self) -> tuple[RunRecord, ...]:
        """Return all runs without their weights, the newest first.

        Raises:
            StorageError: the folder cannot be read.
        """
        return tuple(sorted(self._known().values(), key=_age, reverse=True))

    def take_in(self, folder: Path) -> None:
        """Move the runs of another folder here, as far as that is possible; the others stay there."""
        with self._lock.held():
            for path in sorted(folder.glob(f"*{SUFFIX}")):
                if path.is_file() and not (self.folder / path.name).exists():
                    with suppress(OSError):
                        shutil.move(path, self.folder / path.name)

    def read(self, id_: str) -> RunRecord:
        """Return a run with its weights.

        Raises:
            StorageError: its file is gone or damaged.
        """
        path = self._path(id_)
        stamp, record = _stamp(path), read_run(path, weights=True)
        self._own[id_] = _Own(stamp, record.final.metrics)
        return record

    def add(self, record: RunRecord) -> tuple[RunRecord, tuple[RunRecord, ...]]:
        """Save a run, under the next number if it has none; returns it, and what had to go for it.

        No other program gives the same number, and none is given twice. A run that has been trained on
        by another program since it was read or written here stays as it is: this one gets another id.

        Raises:
            StorageError: it cannot be written.
        """
        with self._lock.held():
            record, known = self._apart(record), self._known()
            if not record.number:
                next_one = 1 + max((run.number for run in known.values()), default=0)
                number = known[record.id].number if record.id in known else next_one
                record = dataclasses.replace(record, number=number)
            return record, self.save(record)

    def _apart(self, record: RunRecord) -> RunRecord:
        """Return a run so that it takes the place of nothing but what was read or written here."""
        own, path = self._own.get(record.id), self._path(record.id)
        if own is None or _stamp(path) in (None, own.stamp):
            return record
        try:
            other = read_run(path, weights=False)
        except StorageError:
            return dataclasses.replace(record, id=new_id(), number=0)
        if str(other.final.metrics) == str(own.metrics):  # another name or star, no other training
            return dataclasses.replace(record, name=other.name, starred=other.starred)
        return dataclasses.replace(record, id=new_id(), number=0)

    def save(self, record: RunRecord) -> tuple[RunRecord, ...]:
        """Keep a run, in the place of what had its id; the file is written beside and then renamed.

        Returns:
            The oldest runs, which had to go for it.

        Raises:
            StorageError: it cannot be written; what was there before is untouched.
        """
        content = run_bytes(record)
        with self._lock.held():
            write_atomically(self._path(record.id), content)
            stamp = _stamp(self._path(record.id))
            self._own[record.id] = _Own(stamp, record.final.metrics)
            self._records[record.id], self._stamps[record.id] = record.without_weights(), stamp
            return self._make_room(record.id)

    def change(self, id_: str, **values: Any) -> None:  # noqa: ANN401 - those of a RunRecord
        """Give a kept run another name or a star.

        Raises:
            StorageError: its file cannot be read, or not be written; it is then as it was.
        """
        with self._lock.held():
            self.save(dataclasses.replace(self.read(id_), **values))

    def delete(self, id_: str) -> bool:
        """Move a run to the trash; one that is gone already is no error.

        Returns:
            Whether it can be restored.

        Raises:
            StorageError: it cannot be deleted.
        """
        with self._lock.held():
            kept = self.trash.throw_away(self._path(id_))
            self._forget(id_)
        return kept

    def restore(self, id_: str) -> RunRecord:
        """Get a deleted run back and return it without its weights.

        It has another number if its own was given to another run meanwhile.

        Raises:
            NotInTrashError: it is gone for good, or there again.
            StorageError: it cannot be moved; it is still in the trash.
        """
        path = self._path(id_)
        with self._lock.held():
            self.trash.get_back(path.name, path)
            record = read_run(path, weights=False)
            numbers = {run.number for other, run in self._known().items() if other != id_}
            if record.number in numbers:
                with suppress(StorageError):  # a full disk: better two of one number than none
                    self.change(id_, number=1 + max(numbers))
            return self._known().get(id_, record)

    def close(self) -> None:
        """Delete for good what was deleted."""
        self.trash.close()

    def _known(self) -> dict[str, RunRecord]:
        """Return the runs by their ids; a file is read again when another program has changed it."""
        with reading(self.folder):
            paths = {path.stem: path for path in sorted(self.folder.glob(f"*{SUFFIX}"))}
        if not self._swept:
            self._swept = True
            sweep(self.folder)
            self.trash.sweep()
        stamps = {id_: _stamp(path) for id_, path in paths.items()}
        for id_ in [id_ for id_, stamp in self._stamps.items() if id_ not in stamps or stamps[id_] != stamp]:
            self._forget(id_)
        for id_ in paths.keys() - self._stamps.keys():
            self._stamps[id_] = stamps[id_]
            try:
                self._path(id_)
                self._records[id_] = read_run(paths[id_], weights=False)
            except StorageError as error:
                self._faults[id_] = str(error)
        return self._records

    def _forget(self, id_: str) -> None:
        for known in (self._records, self._faults, self._stamps):
            known.pop(id_, None)

    @property
    def problems(self) -> tuple[str, ...]:
        """What cannot be read, in words for the user; nothing of it is ever deleted."""
        return tuple(fault for _, fault in sorted(self._faults.items()))

    def _make_room(self, newest: str) -> tuple[RunRecord, ...]:
        known = self._known()
        sizes = {id_: self._size(id_) for id_ in known}
        dropped = []
        for record in sorted(known.values(), key=_age):
            if len(known) <= self._most and sum(sizes.values()) <= self._most_bytes:
                break
            if not record.starred and record.id != newest:
                delete(self._path(record.id))  # for good: it makes room
                self._forget(record.id)
                del sizes[record.id]
                dropped.append(record)
        return tuple(dropped)

    def _size(self, id_: str) -> int:
        path = self._path(id_)
        return path.stat().st_size if path.exists() else 0

    def _path(self, id_: str) -> Path:
        if not _SAFE_ID.fullmatch(id_):
            text = tr(
                "{path}: {name!r} is no name of a run (letters, figures and -). The file is left as it is; "
                "rename it if it is one.",
                path=self.folder / f"{id_}{SUFFIX}",
                name=id_,
            )
            raise StorageError(text)
        return self.folder / f"{id_}{SUFFIX}"


def _stamp(path: Path) -> _Stamp | None:
    """Return what changes when a file does; None if there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _age(record: RunRecord) -> tuple[datetime, int, str]:
    """Return what a run is sorted by: those of one moment, as a sweep makes them, by their number."""
    return datetime.fromisoformat(record.began), record.number, record.id
