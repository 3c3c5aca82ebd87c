"""The files of samples that were opened: remembered, so that they can be chosen again.

What is remembered of each is enough to choose it; its samples are read when they are needed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from micronn_core.common.errors import DataError, StorageError
from micronn_core.common.files import make_folder, read_bytes, reading, write_atomically
from micronn_core.common.formats import PLAIN, VERSION, Format, Record, mapping
from micronn_core.common.texts import mark, tr
from micronn_core.data.catalog import DatasetSource, remember
from micronn_core.data.features import DataSpec

FORMAT = Format(1, {})

MOST = 20
"""Files that are remembered; of more, those that were opened last."""

_MAX_BYTES = 1 << 26
_DAMAGED = mark("{path} is damaged: {error}. Open the files of samples again.")


@dataclass(frozen=True)
class _OpenedFile:
    """What is remembered of a file besides its spec."""

    name: str
    label: str
    count: int


_FIELDS = Record(_OpenedFile, PLAIN)


def remember_files(path: Path) -> None:
    """Let the files of a list be data sets again; none if there is no list.

    Raises:
        StorageError: the list cannot be read, is damaged, or a newer MicroNN has written it.
    """
    if not path.exists():
        return
    with reading(path, damaged=_DAMAGED):
        values = FORMAT.upgraded(path, mapping(json.loads(read_bytes(path, _MAX_BYTES))))
        try:
            for one in values["files"]:
                _remember(mapping(one))
        except DataError as error:
            raise StorageError(tr(_DAMAGED, path=path, error=error)) from None


def _remember(values: dict[str, Any]) -> None:
    found = _OpenedFile(**_FIELDS.read(values))
    remember(found.name, found.label, DataSpec.from_values(mapping(values["spec"])), found.count)


def keep_files(path: Path, sources: Iterable[DatasetSource]) -> None:
    """Write the list of files that were opened.

    Raises:
        StorageError: it cannot be written; what was there before is untouched.
    """
    files = [
        {
            **_FIELDS.values(_OpenedFile(source.name, source.label, source.count or 0)),
            "spec": source.spec.to_values(),
        }
        for source in list(sources)[-MOST:]
    ]
    content = json.dumps({VERSION: FORMAT.version, "files": files}, indent=1)
    make_folder(path.parent)
    write_atomically(path, content.encode())
