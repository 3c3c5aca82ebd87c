"""Pictures are compared here: a failure says how many pixels differ and where both pictures lie.

Never compare their bytes by `==` in an assertion: pytest then lists megabytes of differences.
"""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtGui import QImage

Picture = Image.Image | QImage


def pixels(picture: Picture) -> NDArray[np.uint8]:
    """Return the colours of a picture, (height, width, 3), red, green and blue from 0 to 255."""
    if isinstance(picture, Image.Image):
        return np.asarray(picture.convert("RGB"))
    image = picture.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()


def differing(found: Picture, other: Picture) -> int:
    """Return how many pixels of two pictures differ; all of them if the pictures differ in size."""
    a, b = pixels(found), pixels(other)
    if a.shape != b.shape:
        return max(a.shape[0] * a.shape[1], b.shape[0] * b.shape[1])
    return int(np.any(a != b, axis=2).sum())


def assert_same_picture(found: Picture, expected: Picture) -> None:
    """Fail if a single pixel differs, and keep both pictures for whoever wants to see why."""
    count = differing(found, expected)
    if count:
        size = "x".join(str(side) for side in pixels(found).shape[1::-1])
        raise AssertionError(
            f"{count:,} pixels of {size} differ: {_saved(found, 'found')}, {_saved(expected, 'expected')}"
        )


def assert_other_picture(found: Picture, before: Picture) -> None:
    """Fail if no pixel differs."""
    if not differing(found, before):
        raise AssertionError(f"not a single pixel differs: {_saved(found, 'found')}")


def _saved(picture: Picture, role: str) -> Path:
    """Save a picture beside others of the running test and return the file."""
    folder = Path(tempfile.gettempdir(), f"micronn-pictures-{os.getpid()}")
    folder.mkdir(exist_ok=True)
    test = re.sub(r"\W+", "-", os.environ.get("PYTEST_CURRENT_TEST", "picture").split("::")[-1])[:80]
    path = folder / f"{test}-{role}.png"
    Image.fromarray(pixels(picture)).save(path)
    return path
