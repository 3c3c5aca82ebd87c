"""Pictures from anywhere, brought into the form in which MNIST shows its digits.

MNIST's makers cropped each digit, fitted it into a box of 20x20 pixels with its proportions
kept, and laid its centre of mass on the centre of a field of 28x28 pixels, white on black. A
network that has only ever seen such pictures recognises others only if they are treated alike.
"""

from __future__ import annotations

import struct
import warnings
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from micronn_core.common.errors import DataError
from micronn_core.common.texts import tr
from micronn_core.data.features import WHITE
from micronn_core.drawing.preparation import MNIST_FIELD, Field

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
    path = Path(path)
    grey = _read_grey(path)
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    ground = float(np.median(border))
    light = ground > WHITE / 2
    ink = np.maximum(ground - grey if light else grey - ground, 0)
    if ink.max() < FAINTEST:
        raise DataError(
            tr(
                "{path} is blank: nothing in it stands out from its ground. Choose a picture of a digit.",
                path=path,
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


def _read_grey(path: Path) -> Grey:
    """Return the picture's brightness, (height, width), 0 to 255."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about oddities in its notes, which are not our concern
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path) as image:
                return _grey(ImageOps.exif_transpose(image))
    except FileNotFoundError:
        raise DataError(tr("{path}: there is no such picture. Check its name.", path=path)) from None
    except IsADirectoryError:
        raise DataError(tr("{path} is a folder. Choose a picture in it.", path=path)) from None
    except PermissionError:
        text = tr("{path}: no permission to read it. Change its permissions.", path=path)
        raise DataError(text) from None
    except UnidentifiedImageError:
        text = tr("{path} is not a picture that can be read. Save it as PNG or JPEG.", path=path)
        raise DataError(text) from None
    except (Image.DecompressionBombWarning, Image.DecompressionBombError, MemoryError):
        text = tr("{path} is far too large for a picture of one digit. Make it smaller.", path=path)
        raise DataError(text) from None
    except (OSError, SyntaxError, ValueError, TypeError, LookupError, EOFError, struct.error) as error:
        # What Pillow's many decoders raise on damaged files.
        text = tr(
            "{path}: the picture is damaged ({reason}). Save or copy it again.", path=path, reason=error
        )
        raise DataError(text) from error


def _grey(image: Image.Image) -> Grey:
    if image.mode.startswith("I") or image.mode == "F":  # 16 bits and more a pixel
        numbers = np.nan_to_num(np.asarray(image, np.float64), posinf=0, neginf=0)
        whites = (65_535,) if image.mode.startswith("I;16") else (1, WHITE, 65_535)
        white = next((value for value in whites if numbers.max() <= value), numbers.max())
        return np.clip(numbers * (WHITE / white), 0, WHITE)
    layers = np.asarray(image.convert("RGBA").convert("LA"), np.float64)
    grey, opacity = layers[..., 0], layers[..., 1] / WHITE
    if not opacity.any():
        return np.zeros_like(grey)
    # Where a picture is see-through, its ground is taken to be the opposite of its writing.
    paper = WHITE if np.average(grey, weights=opacity) < WHITE / 2 else 0
    return grey * opacity + paper * (1 - opacity)
