"""Tables of pictures of which every cell is a plain number: read quickly, and all at once.

Only a table without a fault is read here; whatever is wrong or unusual is left to those who read cell by
cell, and can say what stands where.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from micronn_core.data.features import WHITE
from micronn_core.data.readers.files import FILE_TROUBLE, LONGEST_ROW, MOST_SAMPLE_BYTES, opened

UTF8_MARK = b"\xef\xbb\xbf"
_LONGEST_CELL = 32
_LEAST_LINE = 1 << 16
_ROWS_AT_ONCE = 4096
_START = 1 << 16
"""Bytes by which the line ends of a table are told."""


def read_numbers(path: Path, columns: int, has_header: bool) -> NDArray[Any] | None:
    """Read a table of so many columns of numbers from 0 to 255.

    Args:
        path: plain or gzipped; line ends of Unix, of Windows or of old Macintoshes.
        columns: how many.
        has_header: whether the first line holds names.

    Returns:
        (m, columns), bytes if all are whole numbers, else float32; None if there is any fault, or a cell
        is written in an unusual way.
    """
    for dtype in (np.int64, np.float64):
        with opened(path) as stream:
            try:
                return _parse(stream, columns, has_header, np.dtype(dtype))
            except FILE_TROUBLE:
                raise
            except Exception:  # whatever pandas raises
                continue
    return None


class _Lines(io.RawIOBase):
    """Reads no line that is too long, for pandas would keep all of it, and ends each as Unix does."""

    def __init__(self, stream: IO[bytes], longest: int) -> None:
        self._stream, self._longest, self._since = stream, longest, 0
        start = stream.read(_START)
        stream.seek(0)
        self._old_macintosh = b"\r" in start and b"\n" not in start

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        content = self._stream.read(min(len(buffer), self._longest))
        if self._old_macintosh:
            content = content.replace(b"\r", b"\n")
        first = content.find(b"\n")
        if self._since + (len(content) if first < 0 else first) > self._longest:
            raise ValueError("a line is too long")
        self._since = self._since + len(content) if first < 0 else len(content) - 1 - content.rfind(b"\n")
        buffer[: len(content)] = content
        return len(content)


def _parse(stream: IO[bytes], columns: int, has_header: bool, dtype: np.dtype[Any]) -> NDArray[Any]:
    """Read a faultless table; any fault is an exception."""
    import pandas as pd  # here, because it takes a third of a second and the embedded data do without it

    longest = min(LONGEST_ROW, max(_LEAST_LINE, _LONGEST_CELL * columns))
    lines = io.BufferedReader(_Lines(stream, longest))
    if has_header:
        line = b"\n"
        while line.isspace():
            line = lines.readline()
        names = next(csv.reader([line.removeprefix(UTF8_MARK).decode()]), [])
        if len(names) != columns:
            raise ValueError("wrong number of columns")
    # Parsed as int64 and in pieces: not every pandas notices that 256 overflows a uint8.
    # A quotation mark is a fault here: what is quoted may be of many lines, and of any length.
    pieces = pd.read_csv(
        lines, header=None, dtype=dtype, na_filter=False, chunksize=_ROWS_AT_ONCE, quoting=csv.QUOTE_NONE
    )
    kept, length = [], 0
    with pieces, np.errstate(invalid="ignore"):
        for piece in pieces:
            kept.append(_checked(piece.to_numpy(), columns))
            length += kept[-1].nbytes
            if length > MOST_SAMPLE_BYTES:
                raise ValueError("too many samples")
    return np.concatenate(kept)


def _checked(values: NDArray[Any], columns: int) -> NDArray[Any]:
    if values.shape[1] != columns or not (values.min() >= 0 and values.max() <= WHITE):  # NaN is neither
        raise ValueError("a value is out of range")
    return values.astype(np.uint8 if values.dtype.kind == "i" else np.float32, order="C")
