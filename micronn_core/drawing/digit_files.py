"""The files of kept digits: PNG pictures, an index in CSV, and both together in one ZIP archive.

Files of others are opened with suspicion: names, sizes and counts are checked before anything is
unpacked, and nothing is ever unpacked to the disk under a name that an archive asks for.
"""

from __future__ import annotations

import csv
import io
import os
import re
import secrets
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from micronn_core.common.errors import DataError, StorageError
from micronn_core.data.dataset import DIGITS

Picture = NDArray[np.uint8]

INDEX = "index.csv"
FIELDS = ("name", "label", "kept_at")
SIDE = 28
MOST = 20_000
"""Most digits of an archive: more than a school draws, and few enough to read in some seconds."""

_SAFE_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_MAX_PICTURE_BYTES = 1 << 14
_MAX_INDEX_BYTES = 128 * MOST
_MAX_ARCHIVE_BYTES = 1 << 27
_COPY_AGAIN = "Choose a file that MicroNN has exported, or export and copy it again."
_BAD_PICTURE = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)
_BAD_ARCHIVE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, RuntimeError)


@dataclass(frozen=True)
class KeptDigit:
    """A digit that was drawn and labelled.

    Attributes:
        name: stem of its file, unique in its folder; it says which of two digits is meant.
        label: the digit that it is said to be, 0 to 9.
        picture: (28, 28), 0 (paper) to 255 (ink), read-only.
        kept_at: when it was kept, ISO 8601 in UTC.
    """

    name: str
    label: int
    picture: Picture = field(compare=False, repr=False)
    kept_at: str


class Fault(NamedTuple):
    """A line of an index that gives no digit: its number from 1, its text, and why."""

    number: int
    line: str
    reason: str


def read_only(picture: Picture) -> Picture:
    """Lock a picture, and return it."""
    picture.setflags(write=False)
    return picture


def png_bytes(picture: Picture) -> bytes:
    """Return a picture as a PNG file."""
    content = io.BytesIO()
    Image.fromarray(picture).save(content, "PNG")
    return content.getvalue()


def picture_from(content: bytes) -> Picture:
    """Return the picture of a PNG file.

    Raises:
        ValueError: it is damaged, or not 28x28 pixels in grey; says which.
    """
    if len(content) > _MAX_PICTURE_BYTES:
        raise ValueError("its picture is too large a file for a digit")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about sizes, which are looked at here
            with Image.open(io.BytesIO(content), formats=["PNG"]) as image:
                form = image.mode, image.size
                picture = np.array(image) if form == ("L", (SIDE, SIDE)) else None
    except _BAD_PICTURE:
        raise ValueError("its picture is damaged, or is no PNG file") from None
    if picture is None:
        raise ValueError(f"its picture is not one of {SIDE} x {SIDE} pixels in grey")
    return read_only(picture)


def index_bytes(digits: Sequence[KeptDigit], more: Sequence[str] = ()) -> bytes:
    """Return an index: a heading, a line for each digit, and then more lines as they are."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(FIELDS)
    table.writerows((digit.name, digit.label, digit.kept_at) for digit in digits)
    text.writelines(f"{line}\n" for line in more)
    return text.getvalue().encode("utf-8", "surrogateescape")


def parse_index(text: str, picture_of: Callable[[str], Picture]) -> tuple[list[KeptDigit], list[Fault]]:
    """Read an index line by line, so that a damaged one costs no other.

    Args:
        text: the whole of it.
        picture_of: returns the picture of a name; may raise ValueError or OSError.
    """
    digits: dict[str, KeptDigit] = {}
    faults = []
    for number, line in enumerate(text.split("\n"), start=1):
        line = line.removesuffix("\r")
        if not line or line == ",".join(FIELDS):
            continue
        try:
            name, label, kept_at = _checked_cells(line)
            if name in digits:
                raise ValueError(f"the name {name} stands there twice")
            digits[name] = KeptDigit(name, label, picture_of(name), kept_at)
        except OSError as error:
            faults.append(Fault(number, line, f"{name}.png cannot be read: {error.strerror or error}"))
        except ValueError as error:
            faults.append(Fault(number, line, str(error)))
    return list(digits.values()), faults


def _checked_cells(line: str) -> tuple[str, int, str]:
    """Return name, label and time of a line; a ValueError says what is wrong with it."""
    try:
        cells = next(csv.reader([line], strict=True))
    except csv.Error as error:
        raise ValueError(f"it cannot be read ({error})") from None
    if len(cells) != len(FIELDS):
        raise ValueError(f"{len(cells):,} cells instead of {len(FIELDS)} ({', '.join(FIELDS)})")
    name, label, kept_at = cells
    if not _SAFE_NAME.fullmatch(name):
        raise ValueError(f"{name[:80]!r} is no name of a digit (small letters, figures, - and _)")
    if label not in DIGITS:
        raise ValueError(f"the label is {label[:40]!r}, not a digit from 0 to 9")
    try:
        in_utc = datetime.fromisoformat(kept_at).utcoffset() == timedelta(0)
    except ValueError:
        in_utc = False
    if not in_utc:
        raise ValueError(f"{kept_at[:40]!r} is no time in UTC, such as 2025-03-09T10:30:00+00:00")
    return name, int(label), kept_at


def archive_bytes(digits: Sequence[KeptDigit]) -> bytes:
    """Return a ZIP archive of digits with their index."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(INDEX, index_bytes(digits))
        for digit in digits:
            archive.writestr(f"{digit.name}.png", png_bytes(digit.picture))
    return content.getvalue()


def read_archive(path: Path) -> list[KeptDigit]:
    """Read an exported archive: all of it is sound, or it is refused.

    Raises:
        DataError: names the member or the line of the index, and what to do.
    """
    try:
        with path.open("rb") as stream:
            content = stream.read(_MAX_ARCHIVE_BYTES + 1)
        if len(content) > _MAX_ARCHIVE_BYTES:
            raise DataError(f"it is larger than {_MAX_ARCHIVE_BYTES:,} bytes.")
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _read_members(archive)
    except FileNotFoundError:
        raise DataError(f"{path}: there is no such file. Check its name.") from None
    except IsADirectoryError:
        raise DataError(f"{path} is a folder. Choose an exported file in it.") from None
    except DataError as error:
        raise DataError(f"{path} cannot be imported: {error} {_COPY_AGAIN}") from None
    except _BAD_ARCHIVE as error:
        raise DataError(f"{path} is damaged, or no export of digits ({error}). {_COPY_AGAIN}") from error
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}. {_COPY_AGAIN}") from error


def _read_members(archive: zipfile.ZipFile) -> list[KeptDigit]:
    """Read an archive whose every member must be the index or a picture that it lists."""
    members = {member.filename: member for member in archive.infolist()}
    if INDEX not in members:
        raise DataError(f"there is no {INDEX} in it.")
    if len(members) < len(archive.infolist()):
        raise DataError("two of its files have the same name.")
    if len(members) > MOST + 1:
        raise DataError(f"it holds more than {MOST:,} digits.")
    for member in members.values():
        _check_member(member)

    def picture_of(name: str) -> Picture:
        file = f"{name}.png"
        if file not in members:
            raise ValueError(f"there is no {file}")
        return picture_from(archive.read(members[file]))

    digits, faults = parse_index(archive.read(INDEX).decode("utf-8-sig"), picture_of)
    for fault in faults:
        raise DataError(f"{INDEX}, line {fault.number}: {fault.reason}.")
    if strange := members.keys() - {INDEX} - {f"{digit.name}.png" for digit in digits}:
        raise DataError(f"its file {min(strange)[:80]!r} is not listed in {INDEX}.")
    return digits


def _check_member(member: zipfile.ZipInfo) -> None:
    most = _MAX_INDEX_BYTES if member.filename == INDEX else _MAX_PICTURE_BYTES
    if member.file_size > most:
        name = member.filename[:80]
        raise DataError(
            f"its file {name!r} would unpack to {member.file_size:,} bytes; {most:,} are the most."
        )
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise DataError(f"its file {member.filename[:80]!r} is packed in a way that MicroNN never uses.")


def make_folder(folder: Path) -> None:
    """Make a folder, with those above it, if it is not there; raises StorageError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _cannot_save(folder, error) from error


def write_whole(path: Path, content: bytes) -> None:
    """Write a file beside its place and then rename it: all or nothing.

    Raises:
        StorageError: it cannot be written; what was there before is untouched.
    """
    temporary = path.with_name(f".micronn-{secrets.token_hex(8)}.part")
    try:
        try:
            with temporary.open("xb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise _cannot_save(path, error) from error


def _cannot_save(path: Path, error: OSError) -> StorageError:
    return StorageError(
        f"{path} cannot be saved: {error.strerror or error}. "
        "Make room on the disk, or see to it that its folder exists and can be written to, and try again."
    )
