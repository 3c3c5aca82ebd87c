"""Pictures from anywhere, brought into the form in which MNIST shows its digits."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from micronn_core.common.errors import DataError
from micronn_core.common.files import open_file, reading
from micronn_core.common.texts import mark, tr
from micronn_core.drawing.photographs.decoding import MOST_BYTES, decode
from micronn_core.drawing.photographs.steps import Photograph, photograph_of, picture_of
from micronn_core.drawing.preparation import MNIST_FIELD, Field

_DAMAGED = mark("{path}: the picture is damaged ({error}). Save or copy it again.")


def read_image(path: Path | str, field: Field = MNIST_FIELD) -> NDArray[np.uint8]:
    """Read a picture of one digit, of any size, colour and common format, and normalise it.

    What is done to it is told in `photographs.steps`. A picture that is in MNIST's own form is taken as
    it is.

    Args:
        path: a PNG, JPEG, BMP, GIF, TIFF, WebP ...; of an animation the first picture counts.
        field: the size that it is brought to.

    Returns:
        (height, width), 0 (ground) to 255 (ink).

    Raises:
        DataError: the file is missing, damaged, no picture, too large, blank, or shows two digits.
    """
    return picture_of(open_photograph(path), field)


def picture_in(content: bytes, field: Field = MNIST_FIELD) -> NDArray[np.uint8]:
    """Read a picture of one digit from the content of a file, as `read_image` does; raises as it does."""
    return picture_of(photograph_in(content), field)


def open_photograph(path: Path | str) -> Photograph:
    """Decode a file of a picture; raises DataError if it is missing, damaged, no picture or too large."""
    with reading(path, DataError, _DAMAGED), open_file(path, MOST_BYTES) as stream:
        return photograph_of(decode(stream, str(path)), str(path))


def photograph_in(content: bytes) -> Photograph:
    """Decode a picture from the content of a file; raises as `open_photograph` does."""
    name = tr("The picture")
    with reading(name, DataError, _DAMAGED):
        return photograph_of(decode(io.BytesIO(content), name), name)
