"""A file of a picture becomes brightness, of the size in which it is reckoned with.

A photograph of a hundred megapixels is decoded at an eighth of its size if its format can (JPEG),
and else made smaller in bands, so that nothing is held twice.
"""

from __future__ import annotations

import math
import warnings
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from micronn_core.common.errors import DataError
from micronn_core.common.memory import available_bytes
from micronn_core.common.texts import tr

FORMATS = ("PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP")
"""The formats that are decoded. Pillow knows many more, some of which hand a file to other programs."""

MOST_BYTES = 1 << 29
"""Most bytes of a file of a picture."""

MOST_PIXELS = 128_000_000
"""Most pixels that are decoded: those of the largest cameras of telephones."""

MOST_WEBP_PIXELS = 40_000_000
"""The same of WebP, of which the decoder holds three copies."""

SIDES = (140, 512)
"""Least and greatest length of the longer side with which a picture is reckoned, in pixels."""

WHITE = 255.0

_BYTES_PER_PIXEL = 4
_ROWS = 256
"""Rows of the smaller picture that are made at a time."""

_ORIENTATION = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""How a picture is set upright, by what the camera notes about how it was held."""

Grey = NDArray[np.float32]


def decode(stream: IO[bytes], name: str) -> Grey:
    """Return the brightness of a picture, (height, width), 0 to 255, at most twice `SIDES[1]` long.

    Args:
        stream: a file of one of `FORMATS`; of an animation the first picture counts.
        name: what the file is called in words.

    Raises:
        DataError: it is no picture, or far too large.
    """
    with warnings.catch_warnings():
        # about oddities in its notes, and about sizes, which are looked at here
        warnings.simplefilter("ignore")
        try:
            image = Image.open(stream, formats=FORMATS)
        except UnidentifiedImageError:
            raise DataError(
                tr("{path} is not a picture that can be read. Save it as PNG or JPEG.", path=name)
            ) from None
        except Image.DecompressionBombError:
            raise _far_too_large(name) from None
        with image:
            image.draft(None, (SIDES[1], SIDES[1]))
            most = MOST_WEBP_PIXELS if image.format == "WEBP" else MOST_PIXELS
            pixels = image.width * image.height
            if pixels > most or pixels * _BYTES_PER_PIXEL > available_bytes():
                raise _far_too_large(name)
            grey = _brightness(image)
            upright = _UPRIGHT.get(image.getexif().get(_ORIENTATION, 1))
        if upright is not None:
            grey = np.asarray(Image.fromarray(grey).transpose(upright))
        return grey


def working_size(grey: Grey) -> Grey:
    """Return a picture made smaller or larger, so that its longer side is within `SIDES`."""
    longest = max(grey.shape)
    scale = min(max(longest, SIDES[0]), SIDES[1]) / longest
    if scale == 1:
        return grey
    height, width = (max(1, round(side * scale)) for side in grey.shape)
    way = Image.Resampling.BICUBIC if scale > 1 else Image.Resampling.BOX
    resized: Grey = np.asarray(Image.fromarray(grey).resize((width, height), way))
    return np.clip(resized, 0, WHITE)


def _far_too_large(name: str) -> DataError:
    return DataError(tr("{path} is far too large for a picture of one digit. Make it smaller.", path=name))


def _brightness(image: Image.Image) -> Grey:
    """Return the brightness of a picture, (height, width), in blocks of pixels if there are many."""
    factor = max(1, math.ceil(max(image.size) / (2 * SIDES[1])))
    if image.mode.startswith("I") or image.mode == "F":  # 16 bits and more a pixel
        return _of_numbers(image, factor)
    image.load()
    bands = []
    for top in range(0, image.height, factor * _ROWS):
        band = image.crop((0, top, image.width, min(top + factor * _ROWS, image.height)))
        band = band.convert("L" if band.mode in ("1", "L") and "transparency" not in image.info else "RGBA")
        bands.append(np.asarray(band.reduce(factor).convert("LA"), np.float32))
    grey, opacity = np.moveaxis(np.concatenate(bands), 2, 0)
    opacity = opacity / WHITE
    if not opacity.any():
        return np.zeros_like(grey)
    # Where a picture is see-through, its ground is taken to be the opposite of its writing.
    paper = WHITE if np.average(grey, weights=opacity) < WHITE / 2 else 0
    brightness: Grey = grey * opacity + np.float32(paper) * (1 - opacity)
    return brightness


def _of_numbers(image: Image.Image, factor: int) -> Grey:
    whites = (65_535,) if image.mode.startswith("I;16") else (1, WHITE, 65_535)
    numbers = np.asarray(image)
    if numbers.dtype.kind == "f":
        numbers = np.nan_to_num(numbers, posinf=0, neginf=0)
    greatest = float(numbers.max())
    white = next((value for value in whites if greatest <= value), greatest)
    return np.asarray(np.clip(_averaged(numbers, factor) * (WHITE / white), 0, WHITE), np.float32)


def _averaged(numbers: NDArray[Any], side: int) -> NDArray[np.float64]:
    """Return the averages of blocks of pixels; what is left over at the lower and right border is cut off."""
    side = min(side, *numbers.shape)
    height, width = (length // side for length in numbers.shape)
    blocks = numbers[: height * side, : width * side].reshape(height, side, width, side)
    averages: NDArray[np.float64] = blocks.mean(axis=(1, 3), dtype=np.float64)
    return averages
