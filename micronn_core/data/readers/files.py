"""Opening files of samples: plain or gzipped, bounded, and with words for whatever goes wrong.

Nothing is believed of a file's length: what a packed one unpacks to, each line and each row of a table
is counted while it is read, so that no file of whatever make takes more memory than its samples need.
"""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TextIO, cast

from micronn_core.common.archives import most_unpacked
from micronn_core.common.errors import DataError
from micronn_core.common.files import open_file, reading, too_large
from micronn_core.common.memory import available_bytes
from micronn_core.common.stopping import check_stopped
from micronn_core.common.texts import mark, tr

GZIP_MAGIC = bytes.fromhex("1f8b")
COPY_AGAIN = mark("Copy or download the file again.")

MOST_BYTES = 1 << 32
"""Most bytes of a file of samples, packed or not."""

MOST_SAMPLE_BYTES = 1 << 31
"""Most bytes that its samples may take in memory."""

LONGEST_ROW = 1 << 24
"""Most letters of a row of a table."""

FILE_TROUBLE = (OSError, EOFError, zlib.error, MemoryError)
"""What is no fault of a file's content, and what `opened` has words for."""

_DAMAGED = mark("{path} is damaged ({error}). Copy or download the file again.")


class OpenedFile(io.BufferedReader):
    """A file of samples that is open for reading, up to the most bytes that it may hold.

    Args:
        stream: where the bytes come from.
        most: how many there may be; an OSError if there are more.
    """

    def __init__(self, stream: IO[bytes], most: int) -> None:
        super().__init__(_Bounded(stream, most))
        self.most = most


class _Bounded(io.RawIOBase):
    def __init__(self, stream: IO[bytes], most: int) -> None:
        self._stream, self._most = stream, most

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        check_stopped()
        content = self._stream.read(min(len(buffer), 1 << 20))
        if self._stream.tell() > self._most:
            raise too_large(self._stream.tell(), self._most)
        buffer[: len(content)] = content
        return len(content)


@contextmanager
def opened(path: Path, remedy: str = COPY_AGAIN) -> Iterator[OpenedFile]:
    """Open a file to read bytes, unpacking gzip if that is what it holds, whatever its name.

    Raises:
        DataError: instead of whatever else is raised, here or in the body.
    """
    with reading(path, DataError, _DAMAGED):
        try:
            with open_file(path, MOST_BYTES) as raw:
                packed = raw.read(len(GZIP_MAGIC)) == GZIP_MAGIC
                length = raw.seek(0, io.SEEK_END)
                raw.seek(0)
                if packed:
                    with gzip.open(raw) as unpacked:
                        yield OpenedFile(cast(IO[bytes], unpacked), min(MOST_BYTES, most_unpacked(length)))
                else:
                    yield OpenedFile(raw, length)
        except FileNotFoundError as error:
            raise DataError(
                tr("{path}: there is no such file. {remedy}", path=path, remedy=tr(remedy))
            ) from error
        except EOFError as error:
            raise DataError(
                tr(
                    "{path}: the file is truncated, its gzip data end too early. {remedy}",
                    path=path,
                    remedy=tr(remedy),
                )
            ) from error
        except (gzip.BadGzipFile, zlib.error) as error:
            raise DataError(
                tr(
                    "{path}: the gzip data are damaged ({error}). {remedy}",
                    path=path,
                    error=error,
                    remedy=tr(remedy),
                )
            ) from error


@contextmanager
def as_text(stream: io.BufferedIOBase) -> Iterator[TextIO]:
    """Read an opened file as text in UTF-8, with or without its mark; bytes that are none become escapes."""
    text = io.TextIOWrapper(cast(IO[bytes], stream), "utf-8-sig", errors="backslashreplace", newline="")
    try:
        yield text
    finally:
        text.detach()  # whoever opened the file closes it


def rows_of(text: TextIO) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a table that are not blank, each with the number of the line where it begins.

    Raises:
        UnreadableRow: one is no row of CSV; a row may be of several lines, since a quoted cell may.
    """
    taken = 0

    def lines() -> Iterator[str]:
        nonlocal taken
        while line := text.readline(LONGEST_ROW + 1):
            taken += len(line)
            if taken > LONGEST_ROW:
                raise csv.Error(tr("more than {most:,} letters", most=LONGEST_ROW))
            yield line

    rows = csv.reader(lines())
    while True:
        taken, number = 0, rows.line_num + 1
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            raise UnreadableRow(
                tr(
                    "line {line}: cannot be read ({error}). Is a quotation mark left open?",
                    line=number,
                    error=error,
                )
            ) from None
        if len(cells) > 1 or "".join(cells).strip():
            yield number, cells


class UnreadableRow(Exception):
    """What is wrong with a row, and in which line; without the name of the file."""


def check_memory(path: Path, length: int) -> None:
    """Raise a DataError if the samples of a file, so many bytes, are more than can be held."""
    if length > min(MOST_SAMPLE_BYTES, available_bytes()):
        raise DataError(
            tr(
                "{path}: its samples take {length:,} bytes of memory, and {most:,} can be had. Use fewer.",
                path=path,
                length=length,
                most=min(MOST_SAMPLE_BYTES, available_bytes()),
            )
        )
