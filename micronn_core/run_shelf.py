"""The shelf of kept runs: a folder with a file for each, saved whole or not at all."""

from __future__ import annotations

import dataclasses
import re
from datetime import datetime
from pathlib import Path
from typing import Any

from micronn_core.digit_files import make_folder, write_whole
from micronn_core.errors import StorageError
from micronn_core.run_files import read_run, run_bytes
from micronn_core.runs import RunRecord
from micronn_core.storage import SUFFIX

KEPT = 200
"""Most runs of a shelf; beyond that the oldest go, but for those with a star."""
KEPT_BYTES = 4 * 2**30
"""Most bytes of a shelf: the same goes for these, for networks can be large."""

_SAFE_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,63}")


class RunShelf:
    """The runs of a folder. It belongs to one thread.

    Args:
        folder: where the files lie; made when it is needed.
        most: most runs.
        most_bytes: most bytes of their files.

    Attributes:
        problems: what could not be read, in words for the user; nothing of it is ever deleted.
    """

    def __init__(self, folder: Path, most: int = KEPT, most_bytes: int = KEPT_BYTES) -> None:
        self.folder = folder
        self.problems: tuple[str, ...] = ()
        self._most, self._most_bytes = most, most_bytes
        self._records: dict[str, RunRecord] | None = None

    def list(self) -> tuple[RunRecord, ...]:
        """Return all runs without their weights, the newest first.

        Raises:
            StorageError: the folder cannot be read.
        """
        return tuple(sorted(self._known().values(), key=_age, reverse=True))

    def read(self, id_: str) -> RunRecord:
        """Return a run with its weights.

        Raises:
            StorageError: its file is gone or damaged.
        """
        return read_run(self._path(id_), weights=True)

    def save(self, record: RunRecord) -> tuple[RunRecord, ...]:
        """Keep a run, in the place of what had its id; the file is written beside and then renamed.

        Returns:
            The oldest runs, which had to go for it.

        Raises:
            StorageError: it cannot be written; what was there before is untouched.
        """
        known = self._known()
        make_folder(self.folder)
        write_whole(self._path(record.id), run_bytes(record))
        known[record.id] = record.without_weights()
        return self._make_room(record.id)

    def change(self, id_: str, **values: Any) -> None:  # noqa: ANN401 - those of a RunRecord
        """Give a kept run another name or a star.

        Raises:
            StorageError: its file cannot be read, or not be written; it is then as it was.
        """
        self.save(dataclasses.replace(self.read(id_), **values))

    def delete(self, id_: str) -> None:
        """Delete a run for good; one that is gone already is no error.

        Raises:
            StorageError: it cannot be deleted.
        """
        path = self._path(id_)
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise StorageError(
                f"{path} cannot be deleted: {error.strerror or error}. Change the permissions of its folder."
            ) from error
        self._known().pop(id_, None)

    def _known(self) -> dict[str, RunRecord]:
        """Return the runs by their ids; the folder is read once."""
        if self._records is None:
            records, problems = {}, []
            try:
                paths = sorted(self.folder.glob(f"*{SUFFIX}"))
            except OSError as error:
                raise StorageError(
                    f"{self.folder} cannot be read: {error.strerror or error}. Check its permissions."
                ) from error
            for path in paths:
                try:
                    records[path.stem] = read_run(path, weights=False)
                except StorageError as error:
                    problems.append(str(error))
            self._records, self.problems = records, tuple(problems)
        return self._records

    def _make_room(self, newest: str) -> tuple[RunRecord, ...]:
        known = self._known()
        sizes = {id_: self._size(id_) for id_ in known}
        dropped = []
        for record in sorted(known.values(), key=_age):
            if len(known) <= self._most and sum(sizes.values()) <= self._most_bytes:
                break
            if not record.starred and record.id != newest:
                self.delete(record.id)
                del sizes[record.id]
                dropped.append(record)
        return tuple(dropped)

    def _size(self, id_: str) -> int:
        path = self._path(id_)
        return path.stat().st_size if path.exists() else 0

    def _path(self, id_: str) -> Path:
        if not _SAFE_ID.fullmatch(id_):
            raise StorageError(f"{id_[:80]!r} is no name of a run (letters, figures and -).")
        return self.folder / f"{id_}{SUFFIX}"


def _age(record: RunRecord) -> tuple[datetime, str]:
    return datetime.fromisoformat(record.began), record.id
