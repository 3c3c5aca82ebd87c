"""The files of kept digits: PNG pictures, an index in CSV, and both together in one ZIP archive.

Files of others are opened with suspicion: names, sizes and counts are checked before anything is
unpacked, and nothing is ever unpacked to the disk under a name that an archive asks for.
"""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from micronn_core.common.archives import Archive, open_archive
from micronn_core.common.errors import DataError
from micronn_core.common.formats import VERSION, Format
from micronn_core.common.texts import mark, tr, trn
from micronn_core.data.features import DIGITS_SPEC

Picture = NDArray[np.uint8]

INDEX = "index.csv"
FIELDS = ("name", "label", "kept_at")
FORMAT = Format(2, {})
"""The versions of the index, of a folder as of an archive. Its heading says its version from the second
on; the lines are the same."""

_LABEL, _TIME = "Label", "Creation Time"
"""Names of the texts in a picture."""

SIDE = 28
MOST = 20_000
"""Most digits of an archive: more than a school draws, and few enough to read in some seconds."""

MAX_PICTURE_BYTES = 1 << 14
MAX_INDEX_BYTES = 128 * MOST

_HEADING = re.compile(rf"{','.join(FIELDS)}(,{VERSION}=(?P<version>[1-9][0-9]{{0,8}}),*)?")
_SAFE_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_MAX_ARCHIVE_BYTES = 1 << 27
_DAMAGED = mark(
    "{path} is damaged, or no export of digits ({error}). Choose a file that MicroNN has exported, or "
    "export and copy it again."
)


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


def png_bytes(digit: KeptDigit) -> bytes:
    """Return a digit as a PNG file, which says its label and time too: should the index lose its line."""
    from PIL.PngImagePlugin import PngInfo  # here, because it is slow to load, and a window opens without it

    content, about = io.BytesIO(), PngInfo()
    about.add_text(_LABEL, str(digit.label))
    about.add_text(_TIME, digit.kept_at)
    Image.fromarray(digit.picture).save(content, "PNG", pnginfo=about)
    return content.getvalue()


def digit_from(name: str, content: bytes) -> KeptDigit:
    """Return the digit of a PNG file that says its label and time.

    Raises:
        ValueError: it does not, or the picture is damaged, or not 28x28 pixels in grey; says which.
    """
    picture, about = _opened(content)
    name, label, kept_at = _checked(name, about.get(_LABEL, ""), about.get(_TIME, ""))
    return KeptDigit(name, label, picture, kept_at)


def picture_from(content: bytes) -> Picture:
    """Return the picture of a PNG file.

    Raises:
        ValueError: it is damaged, or not 28x28 pixels in grey; says which.
    """
    picture, _ = _opened(content)
    return picture


def _opened(content: bytes) -> tuple[Picture, dict[str, str]]:
    """Return the picture of a PNG file, and the texts in it."""
    if len(content) > MAX_PICTURE_BYTES:
        raise ValueError(tr("its picture is too large a file for a digit"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about sizes, which are looked at here
            with Image.open(io.BytesIO(content), formats=["PNG"]) as image:
                form = image.mode, image.size  # known before any pixel is decoded
                picture = np.array(image) if form == ("L", (SIDE, SIDE)) else None
                about = {str(key): value for key, value in image.info.items() if isinstance(value, str)}
    except Exception:  # whatever Pillow's decoder raises
        raise ValueError(tr("its picture is damaged, or is no PNG file")) from None
    if picture is None:
        raise ValueError(tr("its picture is not one of {side} x {side} pixels in grey", side=SIDE))
    return read_only(picture), about


def index_bytes(digits: Sequence[KeptDigit], more: Sequence[str] = ()) -> bytes:
    """Return an index: a heading, a line for each digit, and then more lines as they are."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow([*FIELDS, f"{VERSION}={FORMAT.version}"])
    table.writerows((digit.name, digit.label, digit.kept_at) for digit in digits)
    text.writelines(f"{line}\n" for line in more)
    return text.getvalue().encode("utf-8", "surrogateescape")


def parse_index(
    path: Path, text: str, picture_of: Callable[[str], Picture]
) -> tuple[list[KeptDigit], list[Fault]]:
    """Read an index line by line, so that a damaged one costs no other.

    Args:
        path: where it lies.
        text: the whole of it.
        picture_of: returns the picture of a name; may raise ValueError or OSError.

    Raises:
        StorageError: a newer MicroNN has written it.
    """
    digits: dict[str, KeptDigit] = {}
    faults = []
    for number, line in enumerate(text.split("\n"), start=1):
        line = line.removesuffix("\r")
        if not line:
            continue
        if heading := _HEADING.fullmatch(line):
            FORMAT.check(path, int(heading["version"] or 1))
            continue
        try:
            name, label, kept_at = _checked_cells(line)
            if name in digits:
                raise ValueError(tr("the name {name} stands there twice", name=name))
            digits[name] = KeptDigit(name, label, picture_of(name), kept_at)
        except OSError as error:
            reason = tr("{name} cannot be read: {reason}", name=f"{name}.png", reason=error.strerror or error)
            faults.append(Fault(number, line, reason))
        except ValueError as error:
            faults.append(Fault(number, line, str(error)))
    return list(digits.values()), faults


def _checked_cells(line: str) -> tuple[str, int, str]:
    """Return name, label and time of a line; a ValueError says what is wrong with it."""
    try:
        cells = next(csv.reader([line], strict=True))
    except csv.Error as error:
        raise ValueError(tr("it cannot be read ({error})", error=error)) from None
    if len(cells) != len(FIELDS):
        raise ValueError(
            trn(
                "{count:,} cell instead of {right} ({fields})",
                "{count:,} cells instead of {right} ({fields})",
                len(cells),
                right=len(FIELDS),
                fields=", ".join(FIELDS),
            )
        )
    return _checked(*cells)


def _checked(name: str, label: str, kept_at: str) -> tuple[str, int, str]:
    """Return name, label and time; a ValueError says what is wrong with them."""
    if not _SAFE_NAME.fullmatch(name):
        raise ValueError(tr("{name!r} is no name of a digit (small letters, figures, - and _)", name=name))
    if label not in DIGITS_SPEC.class_names:
        raise ValueError(tr("the label is {label!r}, not a digit from 0 to 9", label=label))
    try:
        in_utc = datetime.fromisoformat(kept_at).utcoffset() == timedelta(0)
    except ValueError:
        in_utc = False
    if not in_utc:
        raise ValueError(
            tr(
                "{text!r} is no time in UTC, such as {example}",
                text=kept_at,
                example="2025-03-09T10:30:00+00:00",
            )
        )
    return name, int(label), kept_at


def archive_bytes(digits: Sequence[KeptDigit]) -> bytes:
    """Return a ZIP archive of digits with their index."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(INDEX, index_bytes(digits))
        for digit in digits:
            archive.writestr(f"{digit.name}.png", png_bytes(digit))
    return content.getvalue()


_MAC_FOLDER, _MAC_FILE = "__MACOSX/", "._"
_SYSTEM_FILES = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})


def read_archive(path: Path) -> list[KeptDigit]:
    """Read an exported archive: all of it is sound, or it is refused.

    Raises:
        DataError: names the member or the line of the index, and what to do.
        StorageError: a newer MicroNN has exported it.
    """
    with open_archive(path, _DAMAGED, DataError, _MAX_ARCHIVE_BYTES) as archive:
        return _read_members(path, archive)


def _read_members(path: Path, archive: Archive) -> list[KeptDigit]:
    """Read an archive whose every member must be the index or a picture that it lists."""
    members = _content(archive.members)
    if len(members) > MOST + 1:
        raise ValueError(tr("it holds more than {most:,} digits", most=MOST))
    if INDEX not in members:
        raise ValueError(tr("there is no {name} in it", name=INDEX))

    def picture_of(name: str) -> Picture:
        file = f"{name}.png"
        if file not in members:
            raise ValueError(tr("there is no {name}", name=file))
        return picture_from(archive.read(members[file], MAX_PICTURE_BYTES))

    text = archive.read(members[INDEX], MAX_INDEX_BYTES).decode("utf-8-sig")
    digits, faults = parse_index(path, text, picture_of)
    for fault in faults:
        raise ValueError(
            tr("{name}, line {number}: {reason}", name=INDEX, number=fault.number, reason=fault.reason)
        )
    if strange := members.keys() - {INDEX} - {f"{digit.name}.png" for digit in digits}:
        raise ValueError(tr("its file {name!r} is not listed in {index}", name=min(strange), index=INDEX))
    return digits


def _content(members: Iterable[str]) -> dict[str, str]:
    """Return the members of an archive that was packed again, by their names in the folder of the digits.

    What a system leaves in every folder is no content, and neither is one folder around all the others.
    """
    names = [
        name
        for name in members
        if not name.endswith("/")
        and not name.startswith(_MAC_FOLDER)
        and not name.rpartition("/")[2].startswith(_MAC_FILE)
        and name.rpartition("/")[2] not in _SYSTEM_FILES
    ]
    folders = {name.partition("/")[0] if "/" in name else "" for name in names}
    around = f"{folders.pop()}/" if len(folders) == 1 and "" not in folders else ""
    return {name.removeprefix(around): name for name in names}
