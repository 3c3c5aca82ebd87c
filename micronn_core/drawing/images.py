"""Pictures from anywhere, brought into the form in which MNIST shows its digits.

MNIST's makers cropped each digit, fitted it into a box of 20x20 pixels with its proportions
kept, and laid its centre of mass on the centre of a field of 28x28 pixels, white on black. A
network that has only ever seen such pictures recognises others only if they are treated alike.
"""

from __future__ import annotations

import io
import math
import warnings
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from micronn_core.common.errors import DataError
from micronn_core.common.files import open_file, reading
from micronn_core.common.texts import mark, tr
from micronn_core.data.features import WHITE
from micronn_core.drawing.preparation import MNIST_FIELD, Field

FORMATS = ("PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP")
"""The formats that are decoded. Pillow knows many more, some of which hand a file to other programs."""

MOST_BYTES = 1 << 29
"""Most bytes of a file of a picture."""

MOST_PIXELS = 40_000_000
"""Most pixels that are decoded: those of a good camera."""

MOST_JPEG_PIXELS = 100_000_000
"""Most pixels of a JPEG file, which is decoded to an eighth of its size at once if it is large."""

_LARGEST_SIDE = 2048
"""Side of a square of as many pixels as a picture has at most when it is reckoned with."""

_DAMAGED = mark("{path}: the picture is damaged ({error}). Save or copy it again.")

Grey = NDArray[np.float64]

FAINTEST = 32.0
"""Least difference of 255 between ink and ground: what is fainter is not taken for writing."""

NOISE = 0.15
"""Share of the darkest ink below which a pixel is paper: its grain, its shadows."""


def read_image(path: Path | str, field: Field = MNIST_FIELD) -> NDArray[np.uint8]:
    """Read a picture of one digit, of any size, colour and common format, and normalise it.

    Dark writing on a light ground is turned round; what the ground is shows at the border. A
    picture of the field's size on a dark ground is taken as it is.

    Args:
        path: a PNG, JPEG, BMP, GIF, TIFF, WebP ...; of an animation the first picture counts.
        field: the size that it is brought to.

    Returns:
        (height, width), 0 (ground) to 255 (ink).

    Raises:
        DataError: the file is missing, damaged, no picture, too large or blank.
    """
    with reading(path, DataError, _DAMAGED), open_file(path, MOST_BYTES) as stream:
        return _picture(stream, str(path), field)


def picture_in(content: bytes, field: Field = MNIST_FIELD) -> NDArray[np.uint8]:
    """Read a picture of one digit from the content of a file, as `read_image` does; raises as it does."""
    name = tr("The picture")
    with reading(name, DataError, _DAMAGED):
        return _picture(io.BytesIO(content), name, field)


def _picture(stream: IO[bytes], name: str, field: Field) -> NDArray[np.uint8]:
    grey = _read_grey(stream, name)
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    ground = float(np.median(border))
    light = ground > WHITE / 2
    ink = np.maximum(ground - grey if light else grey - ground, 0)
    if ink.max() < FAINTEST:
        raise DataError(
            tr(
                "{path} is blank: nothing in it stands out from its ground. Choose a picture of a digit.",
                path=name,
            )
        )
    if grey.shape == (field.height, field.width) and not light:
        return grey.round().astype(np.uint8)
    return normalise(ink, field)


def normalise(ink: Grey, field: Field = MNIST_FIELD) -> NDArray[np.uint8]:
    """Crop, scale and centre a drawing as MNIST's makers did.

    Args:
        ink: (rows, columns), 0 where there is none; any scale, not blank.
        field: the size that it is brought to.

    Returns:
        (height, width), 0 to 255.
    """
    ink = ink / ink.max()
    ink[ink < NOISE] = 0
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    digit = Image.fromarray(
        (255 * ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]).astype(np.uint8)
    )
    scale = min(side / length for side, length in zip(field.box, digit.size, strict=True))
    width, height = (max(1, round(side * scale)) for side in digit.size)
    fitted = np.asarray(digit.resize((width, height), Image.Resampling.BICUBIC), np.float64)
    fitted *= WHITE / fitted.max()  # a thin stroke pales when it is made smaller
    top = _offset(fitted.sum(axis=1), field.height)
    left = _offset(fitted.sum(axis=0), field.width)
    picture = np.zeros((field.height, field.width), np.uint8)
    picture[top : top + height, left : left + width] = fitted.round()
    return picture


def _offset(mass: Grey, side: int) -> int:
    """Return where to begin so that the centre of mass, (n,), falls on the side's middle, with all inside."""
    centre = float(mass @ np.arange(mass.size) / mass.sum())
    return min(max(round(side // 2 - centre), 0), side - mass.size)


def _read_grey(stream: IO[bytes], name: str) -> Grey:
    """Return a picture's brightness, (height, width), 0 to 255; large ones are made smaller."""
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # about oddities in its notes, and about sizes, which are looked at here
        try:
            image = Image.open(stream, formats=FORMATS)
        except UnidentifiedImageError:
            raise DataError(
                tr("{path} is not a picture that can be read. Save it as PNG or JPEG.", path=name)
            ) from None
        except Image.DecompressionBombError:
            raise _far_too_large(name) from None
        with image:
            if image.width * image.height > MOST_JPEG_PIXELS:
                raise _far_too_large(name)
            image.draft(None, (_LARGEST_SIDE, _LARGEST_SIDE))
            if image.width * image.height > MOST_PIXELS:
                raise _far_too_large(name)
            ImageOps.exif_transpose(image, in_place=True)
            return _grey(image)


def _far_too_large(name: str) -> DataError:
    return DataError(tr("{path} is far too large for a picture of one digit. Make it smaller.", path=name))


def _grey(image: Image.Image) -> Grey:
    if image.mode.startswith("I") or image.mode == "F":  # 16 bits and more a pixel
        whites = (65_535,) if image.mode.startswith("I;16") else (1, WHITE, 65_535)
        numbers = np.asarray(image)
        if numbers.dtype.kind == "f":
            numbers = np.nan_to_num(numbers, posinf=0, neginf=0)
        greatest = float(numbers.max())
        white = next((value for value in whites if greatest <= value), greatest)
        return np.clip(_averaged(numbers, _factor(image)) * (WHITE / white), 0, WHITE)
    image = image if image.mode == "RGBA" else image.convert("RGBA")
    factor = _factor(image)
    layers = np.asarray((image if factor == 1 else image.reduce(factor)).convert("LA"), np.float64)
    grey, opacity = layers[..., 0], layers[..., 1] / WHITE
    if not opacity.any():
        return np.zeros_like(grey)
    # Where a picture is see-through, its ground is taken to be the opposite of its writing.
    paper = WHITE if np.average(grey, weights=opacity) < WHITE / 2 else 0
    return grey * opacity + paper * (1 - opacity)


def _factor(image: Image.Image) -> int:
    """Return the side of the blocks of pixels to average, so that there are no more than are needed."""
    return math.ceil(math.sqrt(image.width * image.height) / _LARGEST_SIDE)


def _averaged(numbers: NDArray[Any], side: int) -> Grey:
    """Return the averages of blocks of pixels; what is left over at the lower and right border is cut off."""
    side = min(side, *numbers.shape)
    height, width = (length // side for length in numbers.shape)
    blocks = numbers[: height * side, : width * side].reshape(height, side, width, side)
    averages: Grey = blocks.mean(axis=(1, 3), dtype=np.float64)
    return averages
