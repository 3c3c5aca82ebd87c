"""Archives, ZIP and NumPy's .npz, opened with suspicion.

Nothing in them is ever executed (no pickle), no member is unpacked before its length is known to be
right, and nothing that they promise is believed before it is checked.
"""

from __future__ import annotations

import ast
import errno
import io
import json
import math
import struct
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from micronn_core.common.errors import MicroNNError, StorageError
from micronn_core.common.files import open_file, reading
from micronn_core.common.texts import tr

JSON = "micronn"
"""Name of the array that holds a JSON text with all that is no array."""

_ARRAY = ".npy"
_MAX_JSON_BYTES = 1 << 20
_ARRAY_HEADER_BYTES = 1 << 10
MOST_BYTES = 1 << 33
"""Most bytes of an archive: those of the largest run with all that it takes to go on, and more."""
_LENGTHS = {(1, 0): "<H", (2, 0): "<I"}
"""How the length of an array's header is written, by the version of NumPy's format."""

_UNSUSPICIOUS = 1 << 28
_MOST_TIMES = 100


def most_unpacked(packed: int) -> int:
    """Return to how many bytes so many may unpack: no honest file of any size shrinks to a hundredth."""
    return max(_UNSUSPICIOUS, _MOST_TIMES * packed)


class Archive:
    """An archive that is open for reading.

    Args:
        zipped: the ZIP file.

    Attributes:
        members: its members by their names.

    Raises:
        ValueError: two of them have the same name.
    """

    def __init__(self, zipped: zipfile.ZipFile) -> None:
        self._zipped, stream = zipped, zipped.fp
        assert stream is not None, "it is open"
        self._length = stream.seek(0, io.SEEK_END)
        self.members: Mapping[str, zipfile.ZipInfo] = {
            member.filename: member for member in zipped.infolist()
        }
        if len(self.members) < len(zipped.infolist()):
            raise ValueError(tr("two of its files have the same name"))

    def __contains__(self, array: str) -> bool:
        return array + _ARRAY in self.members

    @property
    def arrays(self) -> tuple[str, ...]:
        """The names of its arrays."""
        return tuple(name.removesuffix(_ARRAY) for name in self.members if name.endswith(_ARRAY))

    def length(self, array: str) -> int:
        """Return how many bytes an array is said to unpack to."""
        return self.members[array + _ARRAY].file_size

    def read(self, name: str, most: int) -> bytes:
        """Return a member, unless it is missing or would unpack to more bytes than it may hold.

        Raises:
            ValueError: it cannot be used; says why.
        """
        member, name = self.members.get(name), name.removesuffix(_ARRAY)
        if member is None:
            raise ValueError(tr("{name} is missing", name=name))
        most = min(most, most_unpacked(min(member.compress_size, self._length)))
        if member.file_size > most:
            text = tr(
                "{name} would unpack to {length:,} bytes, but {most:,} are the most",
                name=name,
                length=member.file_size,
                most=most,
            )
            raise ValueError(text)
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ValueError(tr("{name} is packed in a way that MicroNN never uses", name=name))
        with self._zipped.open(member) as stream:
            content = stream.read(member.file_size)  # no more, whatever is packed in it
        if len(content) != member.file_size:
            raise ValueError(tr("{name} is cut off", name=name))
        return content

    def array(self, name: str, most: int) -> NDArray[Any]:
        """Return an array of at most so many bytes, read-only.

        Raises:
            ValueError: it cannot be used; says why.
        """
        content = self.read(name + _ARRAY, most + _ARRAY_HEADER_BYTES)
        shape, columns_first, dtype, start = _header(content)
        length = math.prod(shape) * dtype.itemsize
        if dtype.hasobject or not dtype.itemsize or length != len(content) - start:
            raise ValueError(tr("{name} is not the array that it says it is", name=name))
        array: NDArray[Any] = np.frombuffer(content, dtype, math.prod(shape), start)
        return array.reshape(shape, order="F" if columns_first else "C")

    def values(self) -> dict[str, Any]:
        """Return the values of the JSON text.

        Raises:
            ValueError: there is none, or it cannot be used; says why.
        """
        values = json.loads(str(self.array(JSON, _MAX_JSON_BYTES)))
        if not isinstance(values, dict):
            raise ValueError(tr("its values have no names"))
        return values


def _header(content: bytes) -> tuple[tuple[int, ...], bool, np.dtype[Any], int]:
    """Return what an array in NumPy's format says of itself, and where its numbers begin.

    NumPy's own reader makes room for what a header claims before it looks whether that is there, and
    tries to mend what cannot be read.
    """
    stream = io.BytesIO(content)
    length = _LENGTHS[np.lib.format.read_magic(stream)]
    (count,) = struct.unpack(length, stream.read(struct.calcsize(length)))
    if count > _ARRAY_HEADER_BYTES:
        raise ValueError(tr("a header is too long"))
    header = ast.literal_eval(stream.read(count).decode("latin1"))
    shape, columns_first = header["shape"], header["fortran_order"]
    if not all(type(side) is int and side >= 0 for side in shape) or type(columns_first) is not bool:
        raise ValueError(tr("a header cannot be read"))
    return tuple(shape), columns_first, np.lib.format.descr_to_dtype(header["descr"]), stream.tell()


@contextmanager
def open_archive(
    path: Path, damaged: str, kind: type[MicroNNError] = StorageError, most: int = MOST_BYTES
) -> Iterator[Archive]:
    """Open an archive, and turn whatever is wrong with it or with the reading inside into an error in words.

    Args:
        path: the file.
        damaged: what to say of one that cannot be used: a sentence, marked for translation, with
            the places {path} and {error}.
        kind: the class of the error.
        most: most bytes that the file may have.
    """
    with reading(path, kind, damaged), open_file(path, most) as stream, archive_in(stream) as archive:
        yield archive


@contextmanager
def archive_in(stream: IO[bytes]) -> Iterator[Archive]:
    """Read an archive from a file that is open; whatever is wrong with it is an error of some library's."""
    try:
        with zipfile.ZipFile(stream) as zipped:
            yield Archive(zipped)
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
        # Not trouble of the disk: the file says that a part of it lies before its start.
        raise ValueError(tr("a part of it is said to lie outside of it")) from error


def pack(values: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Return an .npz file of arrays and of values, which any NumPy can open without MicroNN.

    The same content gives the same bytes.
    """
    content = io.BytesIO()
    np.savez(content, allow_pickle=False, **{JSON: np.array(as_json(values))}, **arrays)
    return content.getvalue()


def as_json(values: Mapping[str, Any]) -> str:
    """Return one line of JSON; a number that was not measured (NaN) becomes null."""

    def plain(value: Any) -> Any:  # noqa: ANN401 - whatever JSON can hold
        if isinstance(value, Mapping):
            return {key: plain(inner) for key, inner in value.items()}
        return None if isinstance(value, float) and not math.isfinite(value) else value

    return json.dumps(plain(values), allow_nan=False)
