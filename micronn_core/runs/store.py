"""The store of kept runs: a folder with a file for each, saved whole or not at all."""

from __future__ import annotations

import dataclasses
import re
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from micronn_core.common.errors import NoRoomError, StorageError
from micronn_core.common.files import check_writable, delete, reading, sweep, write_atomically
from micronn_core.common.locks import FolderLock
from micronn_core.common.texts import tr
from micronn_core.common.trash import Trash
from micronn_core.runs.claims import Claims
from micronn_core.runs.record import INTERRUPTED, RunRecord, new_id
from micronn_core.runs.room import beyond_measure, giving_way, lacking
from micronn_core.runs.run_file import read_run, run_bytes
from micronn_core.runs.saved_network import SUFFIX
from micronn_core.training.history import Metrics

KEPT = 200
"""Most runs of a store; beyond that the oldest go, but for those with a star."""

_Runs = list[RunRecord]

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

    Attributes:
        most: most runs.
        trash: what was deleted from it here, until it is closed.
    """

    def __init__(self, folder: Path, most: int = KEPT) -> None:
        self.folder = folder
        self.most = most
        self._lock = FolderLock(folder)
        self.trash = Trash(folder, self._lock)
        self._claims = Claims(folder)
        self._records: dict[str, RunRecord] = {}
        self._faults: dict[str, str] = {}
        self._stamps: dict[str, _Stamp | None] = {}
        self._own: dict[str, _Own] = {}
        self._swept = self._is_kept = False

    def list(self) -> tuple[RunRecord, ...]:
        """Return all runs without their weights, the newest first.

        Raises:
            StorageError: the folder cannot be read.
        """
        return tuple(sorted(self._known().values(), key=age, reverse=True))

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

    def add(self, record: RunRecord, spared: Collection[str] = ()) -> tuple[RunRecord, tuple[RunRecord, ...]]:
        """Save a run, under the next number if it has none; returns it, and what had to go for it.

        No other program gives the same number, and none is given twice. A run that has been trained on
        by another program since it was read or written here stays as it is: this one gets another id.
        One that is saved as interrupted is under way here, until it is saved otherwise: if this program
        is killed, the next one learns of it by `interrupted`.

        Args:
            record: the run.
            spared: ids of runs that do not give way to it.

        Raises:
            StorageError: it cannot be written.
        """
        with self._lock.held():
            record, known = self._apart(record), self._known()
            if not record.number:
                next_one = 1 + max((run.number for run in known.values()), default=0)
                number = known[record.id].number if record.id in known else next_one
                record = dataclasses.replace(record, number=number)
            if record.ending == INTERRUPTED:
                self._claims.take(record.id)
            dropped = self.save(record, spared)
            if record.ending != INTERRUPTED:
                self._claims.drop(record.id)
            return record, dropped

    def interrupted(self) -> tuple[RunRecord, ...]:
        """Return the runs whose programs were killed, the newest first, without their weights; each once.

        Raises:
            StorageError: nothing can be written there, so that they would be told again and again.
        """
        if not self._claims.ids():
            return ()
        found = []
        with self._lock.held():
            for id_ in self._claims.left():
                with suppress(StorageError):
                    found.append(read_run(self._path(id_), weights=False))
        return tuple(sorted((run for run in found if run.ending == INTERRUPTED), key=age, reverse=True))

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

    def save(self, record: RunRecord, spared: Collection[str] = ()) -> tuple[RunRecord, ...]:
        """Keep a run, in the place of what had its id; the file is written beside and then renamed.

        Args:
            record: the run.
            spared: ids of runs that do not give way to it.

        Returns:
            The oldest runs, which had to go for it.

        Raises:
            NoRoomError: there is no room for it, and all that may go would not make enough.
            StorageError: it cannot be written; what was there before is untouched.
        """
        content, path = run_bytes(record), self._path(record.id)
        with self._lock.held():
            yielding, sizes = self._yielding({record.id, *spared})
            taken, old = sum(sizes.values()), sizes.get(record.id, 0)
            dropped = self._drop(
                yielding, sizes, lambda: beyond_measure(self.folder, taken, old, len(content))
            )
            try:
                write_atomically(path, content)
            except NoRoomError:
                self.trash.empty()
                dropped += self._write_instead(path, content, yielding, sizes)
            stamp = _stamp(path)
            self._own[record.id] = _Own(stamp, record.final.metrics)
            self._records[record.id], self._stamps[record.id] = record.without_weights(), stamp
            too_many = max(0, len(self._records) - self.most)
            return (*dropped, *self._delete(yielding[:too_many], yielding, sizes))

    def _write_instead(self, path: Path, content: bytes, yielding: _Runs, sizes: dict[str, int]) -> _Runs:
        """Write a file in the place of the oldest runs, as many as it takes; return them."""
        dropped: _Runs = []
        while True:
            try:
                write_atomically(path, content)
                return dropped
            except NoRoomError:
                more = self._drop(yielding, sizes, lambda: (lacking(self.folder, len(content)),))
                if not more:
                    raise
                dropped += more

    def make_room(self, path: Path, length: int) -> tuple[RunRecord, ...]:
        """Let the oldest runs go for a file that found no room, if it lies on the same disk.

        Args:
            path: the file.
            length: its bytes.

        Returns:
            What went; nothing if that would not have been enough.

        Raises:
            StorageError: the folder cannot be used.
        """
        if not self.folder.is_dir() or self.folder.stat().st_dev != path.absolute().parent.stat().st_dev:
            return ()
        with self._lock.held():
            yielding, sizes = self._yielding()
            return tuple(self._drop(yielding, sizes, lambda: (lacking(self.folder, length),)))

    def check_room(self, length: int) -> None:
        """Make sure that a run can be kept again and again: each time it is written beside and then renamed.

        Args:
            length: the bytes of its file.

        Raises:
            NoRoomError: there is no room for it, even if all runs that may go make room.
            StorageError: nothing can be written there.
        """
        with self._lock.held():
            try:
                check_writable(self.folder / f"{new_id()}{SUFFIX}", 2 * length)
            except NoRoomError:
                yielding, sizes = self._yielding()
                if not giving_way(yielding, sizes, lacking(self.folder, 2 * length)):
                    raise

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
            record = self._records[id_] = read_run(path, weights=False)
            self._stamps[id_] = _stamp(path)
            numbers = {run.number for other, run in self._known().items() if other != id_}
            if record.number in numbers:
                with suppress(StorageError):  # a full disk: better two of one number than none
                    self.change(id_, number=1 + max(numbers))
            return self._records.get(id_, record)

    def close(self) -> None:
        """Delete for good what was deleted, and let go of what is under way here."""
        self.trash.close()
        self._claims.close()

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Keep others out of the folder meanwhile, so that it is looked through once for many runs.

        Raises:
            StorageError: the folder cannot be kept, or not be read.
        """
        with self._lock.held():
            self._known()
            self._is_kept = True
            try:
                yield
            finally:
                self._is_kept = False

    def _known(self) -> dict[str, RunRecord]:
        """Return the runs by their ids; a file is read again when another program has changed it."""
        if self._is_kept:
            return self._records
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

    def _yielding(self, spared: Collection[str] = ()) -> tuple[_Runs, dict[str, int]]:
        """Return which runs may give way to another, the oldest first, and the bytes of all by their ids.

        Neither those with a star, nor those under way in any window, nor the last that was kept on its way.
        """
        known = sorted(self._known().values(), key=age)
        newest = next((run.id for run in reversed(known) if run.ending == INTERRUPTED), "")
        kept = {*spared, *self._claims.ids(), newest}
        yielding = [run for run in known if not run.starred and run.id not in kept]
        return yielding, {run.id: self._size(run.id) for run in known}

    def holds(self, id_: str) -> bool:
        """Return whether there is a file of a run."""
        return self._path(id_).is_file()

    def _drop(self, yielding: _Runs, sizes: dict[str, int], measure: Callable[[], Iterable[int]]) -> _Runs:
        """Delete the oldest runs that together have so many bytes, as far as there are; return them.

        Args:
            yielding: the runs that may go, the oldest first; those that go are taken out.
            sizes: bytes of the files of all runs; likewise.
            measure: returns how many bytes are to go, for one reason or another.
        """

        def chosen() -> _Runs:
            return max((giving_way(yielding, sizes, count) for count in measure()), key=len, default=[])

        if not chosen():
            return []
        self.trash.empty()  # what nobody wants goes first
        return self._delete(chosen(), yielding, sizes)

    def _delete(self, chosen: _Runs, yielding: _Runs, sizes: dict[str, int]) -> _Runs:
        dropped = []
        for run in chosen:
            yielding.remove(run)
            with suppress(StorageError):  # it stays, and another one may have to go
                delete(self._path(run.id))
                self._forget(run.id)
                del sizes[run.id]
                dropped.append(run)
        return dropped

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


def age(record: RunRecord) -> tuple[int, str, str]:
    """Return what runs are sorted by: their number, for a clock may be set back."""
    return record.number, record.began, record.id
