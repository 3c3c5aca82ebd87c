"""What a file is for, decided by what is in it: a network, kept digits, a picture, or samples."""

from __future__ import annotations

import zipfile
from enum import Enum
from pathlib import Path

from micronn_core.common.archives import open_archive
from micronn_core.common.errors import DataError
from micronn_core.common.files import open_file, reading
from micronn_core.common.texts import mark, tr
from micronn_core.drawing.digit_files import INDEX

MOST_BYTES = 1 << 32
"""Most bytes of a file of any kind."""

PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"BM", b"GIF8", b"II*\0", b"MM\0*")
"""How files of pictures begin; a WebP file names its kind a little later."""

ENDINGS = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp")
"""How files of pictures are called."""

ARCHIVE = b"PK\3\4"
"""How archives begin."""

_CANNOT = mark("{path} cannot be opened: {error}.")


class FileKind(Enum):
    """What a file can be opened as."""

    NETWORK = "network"
    DIGITS = "digits"
    PICTURE = "picture"
    SAMPLES = "samples"


def kind_of(path: Path) -> FileKind:
    """Return what a file is to be opened as; whatever is no other kind is taken for samples.

    What is called a picture is none of these: whoever reads pictures says what is wrong with it.

    Raises:
        DataError: there is none, it is empty, damaged, or no file.
    """
    if path.is_dir():
        raise DataError(tr("{path} is a folder. Take one of the files in it.", path=path))
    if not path.exists():
        raise DataError(tr("{path}: there is no such file. Was it moved or deleted?", path=path))
    with reading(path, DataError, _CANNOT), open_file(path, MOST_BYTES) as stream:
        start = stream.read(16)
    if not start:
        raise DataError(tr("{path} is empty. Copy or download the file again.", path=path))
    if start.startswith(PICTURES) or (start.startswith(b"RIFF") and start[8:12] == b"WEBP"):
        return FileKind.PICTURE
    if start.startswith(ARCHIVE):
        return _kind_of_archive(path)
    return FileKind.PICTURE if path.suffix.lower() in ENDINGS else FileKind.SAMPLES


def _kind_of_archive(path: Path) -> FileKind:
    if not zipfile.is_zipfile(path):
        raise DataError(tr("{path} is damaged: its end is missing. Copy or download it again.", path=path))
    with open_archive(path, _CANNOT, DataError, MOST_BYTES) as archive:
        names = {name.rsplit("/", 1)[-1].removesuffix(".npy") for name in archive.members}
    if names & {"W1", "final"}:
        return FileKind.NETWORK
    return FileKind.DIGITS if INDEX in names else FileKind.SAMPLES
