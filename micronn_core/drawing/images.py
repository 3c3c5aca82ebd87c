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
from typing import IO

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
            return _grey(ImageOps.exif_transpose(image))


def _far_too_large(name: str) -> DataError:
    return DataError(tr("{path} is far too large for a picture of one digit. Make it smaller.", path=name))


def _grey(image: Image.Image) -> Grey:
    if image.mode.startswith("I") or image.mode == "F":  # 16 bits and more a pixel
        whites = (65_535,) if image.mode.startswith("I;16") else (1, WHITE, 65_535)
        numbers = np.nan_to_num(np.asarray(image, np.float32), copy=True, posinf=0, neginf=0)
        greatest = float(numbers.max())
        white = next((value for value in whites if greatest <= value), greatest)
        averaged = np.asarray(_smaller(Image.fromarray(numbers)), np.float64)
        return np.clip(averaged * (WHITE / white), 0, WHITE)
    layers = np.asarray(_smaller(image.convert("RGBA")).convert("LA"), np.float64)
    grey, opacity = layers[..., 0], layers[..., 1] / WHITE
    if not opacity.any():
        return np.zeros_like(grey)
    # Where a picture is see-through, its ground is taken to be the opposite of its writing.
    paper = WHITE if np.average(grey, weights=opacity) < WHITE / 2 else 0
    return grey * opacity + paper * (1 - opacity)


def _smaller(image: Image.Image) -> Image.Image:
    """Average blocks of pixels, so that there are no more of them than are needed."""
    factor = math.ceil(math.sqrt(image.width * image.height) / _LARGEST_SIDE)
    return image if factor == 1 else image.reduce(factor)
