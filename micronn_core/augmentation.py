"""Varied copies of pictures of digits: other hands, other pens, at no cost but time.

A network that is shown each picture a little differently at every epoch learns what a digit is
and not where its pixels lie (Simard, Steinkraus and Platt 2003, "Best Practices for Convolutional
Neural Networks Applied to Visual Document Analysis"). Every pixel of a varied picture is fetched
from a place nearby in the original. These places are a weighted sum of a few fixed fields: two
for turning, slanting and scaling, one for shifting, and a lattice of smooth bumps for the elastic
distortion. So the places for many pictures are one matrix product.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from micronn_core.errors import ConfigError

Rows = NDArray[np.float32]

SIDE = 28
LATTICE = 7
"""Bumps of the elastic distortion along each side."""

SMOOTHNESS = 4.0
"""Standard deviation of a bump in pixels (sigma in Simard et al., who use 4 too)."""

_AT_ONCE = 128
"""Pictures worked on together: what is computed between the steps stays in the processor's cache."""


@dataclass(frozen=True)
class Amount:
    """How far pictures can be varied in one way.

    Attributes:
        name: the field of `Augmentation`, and its key in `AMOUNTS`.
        label: name as people read it.
        unit: what it is counted in; "" for a share.
        most: the largest value that can be used.
        description: what it does to a picture, in a sentence.
    """

    name: str
    label: str
    unit: str
    most: float
    description: str


AMOUNTS = {
    amount.name: amount
    for amount in (
        Amount("shift", "Shift", "pixels", 8.0, "Moves the digit along each side, either way."),
        Amount("rotation", "Rotation", "degrees", 45.0, "Turns the digit, either way."),
        Amount("slant", "Slant", "degrees", 45.0, "Leans the digit to the left or to the right."),
        Amount("scale", "Size", "", 0.5, "Lets width and height, each for itself, grow or shrink."),
        Amount("thickness", "Stroke", "pixels", 1.0, "Widens or thins the stroke on either side."),
        Amount("elastic", "Elastic", "pixels", 4.0, "Bends the digit as a soft sheet would (Simard 2003)."),
        Amount("noise", "Noise", "", 0.5, "Adds a random number to each pixel: 1 is white on black."),
    )
}
"""The ways to vary a picture, in the order of `Augmentation`."""


@dataclass(frozen=True)
class Augmentation:
    """How far a picture may be varied; an amount of 0 is off. Without noise every value is drawn evenly.

    Attributes:
        shift: pixels, along each side and either way.
        rotation: degrees, either way.
        slant: degrees from upright, either way.
        scale: share by which width and height, each for itself, may grow or shrink.
        thickness: from 0, as it is, to 1: a stroke becomes up to a pixel wider or thinner on
            either side.
        elastic: pixels; standard deviation of the elastic distortion of a pixel.
        noise: standard deviation of what is added to each pixel, where 1 is white on black.

    Raises:
        ConfigError: an amount is no number or out of range; it names the setting "augmentation".
    """

    shift: float = 0.0
    rotation: float = 0.0
    slant: float = 0.0
    scale: float = 0.0
    thickness: float = 0.0
    elastic: float = 0.0
    noise: float = 0.0

    def __post_init__(self) -> None:
        for amount in AMOUNTS.values():
            value = getattr(self, amount.name)
            number = isinstance(value, int | float) and not isinstance(value, bool)
            if not number or not 0 <= value <= amount.most:
                raise ConfigError(
                    "augmentation",
                    f"The augmentation's {amount.name} must be a number from 0 (off) to {amount.most:g}"
                    f"{amount.unit and ' '}{amount.unit}, not {value!r}.",
                )

    @property
    def varies(self) -> bool:
        """Whether any amount is above 0."""
        return self != Augmentation()

    @classmethod
    def from_values(cls, values: object) -> Augmentation:
        """Make one from named amounts; those not named are off.

        Raises:
            ConfigError: `values` is no mapping, or an amount is unknown or unusable.
        """
        names = ", ".join(AMOUNTS)
        if not isinstance(values, Mapping):
            raise ConfigError(
                "augmentation", f'The augmentation must be amounts such as {{"shift": 1.5}}, not {values!r}.'
            )
        if unknown := [name for name in values if name not in AMOUNTS]:
            raise ConfigError("augmentation", f"There is no augmentation {unknown[0]!r}. Amounts: {names}.")
        return cls(**values)


@dataclass(frozen=True)
class Strength:
    """An augmentation with a name.

    Attributes:
        name: key in `AUGMENTATIONS`.
        label: name as people read it.
        description: what it is for, in a sentence.
        augmentation: the amounts.
    """

    name: str
    label: str
    description: str
    augmentation: Augmentation


AUGMENTATIONS = {
    strength.name: strength
    for strength in (
        Strength("off", "Off", "Every epoch shows the same pictures.", Augmentation()),
        Strength(
            "gentle",
            "Gentle",
            "As one hand writes on two days: a small network still learns it.",
            Augmentation(shift=1.0, rotation=5.0, slant=5.0, scale=0.05, thickness=0.2, elastic=0.4),
        ),
        Strength(
            "strong",
            "Strong",
            "As many hands write: for networks of hundreds of neurons and long runs.",
            Augmentation(shift=1.5, rotation=12.0, slant=20.0, scale=0.12, thickness=0.8, elastic=1.0),
        ),
    )
}


def augment(rows: Rows, rng: np.random.Generator, augmentation: Augmentation) -> Rows:
    """Return a varied copy of each picture.

    Args:
        rows: (m, 784), one picture of 28x28 a row, 0 (black) to 1 (white).
        rng: the same state gives the same copies.
        augmentation: how far to go.

    Returns:
        (m, 784), 0 to 1, in the order of `rows`.
    """
    weights = _field_weights(len(rows), rng, augmentation)
    thickness = _evenly(rng, len(rows), augmentation.thickness)
    varied = np.empty((len(rows), SIDE, SIDE), np.float32)
    for start in range(0, len(rows), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        pictures = rows[part].reshape(-1, SIDE, SIDE)
        varied[part] = _thickened(_warped(pictures, weights[part]), thickness[part])
    if augmentation.noise:
        varied += augmentation.noise * rng.standard_normal(varied.shape, np.float32)
        np.clip(varied, 0, 1, out=varied)
    return varied.reshape(len(rows), SIDE * SIDE)


def _evenly(rng: np.random.Generator, count: int, limit: float) -> Rows:
    """Draw numbers between -limit and limit, (count,)."""
    return ((2 * rng.random(count, np.float32) - 1) * limit).astype(np.float32)


def _field_weights(count: int, rng: np.random.Generator, augmentation: Augmentation) -> Rows:
    """Draw how much of each field makes the x and the y that pixels are fetched from, (count, 2, fields)."""
    angle = np.radians(_evenly(rng, count, augmentation.rotation))
    slant = np.tan(np.radians(_evenly(rng, count, augmentation.slant)))
    width, height = (np.exp(_evenly(rng, count, np.log1p(augmentation.scale))) for _ in range(2))
    cos, sin = np.cos(angle), np.sin(angle)
    weights = np.empty((count, 2, len(_FIELDS)), np.float32)
    weights[:, 0, 0] = cos * width
    weights[:, 0, 1] = (cos * slant - sin) * height
    weights[:, 1, 0] = sin * width
    weights[:, 1, 1] = (sin * slant + cos) * height
    for axis in range(2):
        weights[:, axis, 2] = _evenly(rng, count, augmentation.shift)
    weights[:, :, 3:] = rng.standard_normal((count, 2, LATTICE**2), np.float32) * augmentation.elastic
    return weights


def _fields() -> Rows:
    """Return the fixed fields, (3 + LATTICE², 784): x and y from the middle, 1, and the bumps."""
    along = np.arange(SIDE) - (SIDE - 1) / 2
    y, x = np.meshgrid(along, along, indexing="ij")
    middles = np.linspace(along[0], along[-1], LATTICE)
    bumps = np.exp(-(((along - middles[:, None]) / SMOOTHNESS) ** 2) / 2)
    bumps /= np.sqrt((bumps**2).sum(axis=0))  # independent bumps of variance 1 then add up to variance 1
    lattice = np.einsum("ar,bc->abrc", bumps, bumps).reshape(LATTICE**2, -1)
    return np.concatenate([x.reshape(1, -1), y.reshape(1, -1), np.ones((1, x.size)), lattice]).astype(
        np.float32
    )


_FIELDS = _fields()
_EDGE = SIDE + 2
"""Side of a picture with a pixel of paper on every side, which is what lies beyond."""


def _warped(pictures: Rows, weights: Rows) -> Rows:
    """Fetch every pixel from its place, bilinearly: (m, 28, 28) and (m, 2, fields) give (m, 28, 28)."""
    places = np.matmul(weights, _FIELDS)
    places += (_EDGE - 1) / 2
    np.clip(places, 0, _EDGE - 1.001, out=places)
    corner = places.astype(np.intp)
    places -= corner
    (right, down), (column, row) = places.swapaxes(0, 1), corner.swapaxes(0, 1)
    paper = np.zeros((len(pictures), _EDGE, _EDGE), np.float32)
    paper[:, 1:-1, 1:-1] = pictures
    flat = paper.ravel()
    first = row * _EDGE + column + np.arange(0, flat.size, _EDGE**2)[:, None]
    top, bottom = (_between(flat, first + below, right) for below in (0, _EDGE))
    warped: Rows = top + down * (bottom - top)
    return warped.reshape(pictures.shape)


def _between(flat: Rows, first: NDArray[np.intp], share: Rows) -> Rows:
    """Return the values a share of the way from places to their right-hand neighbours."""
    left, right = flat.take(first, mode="clip"), flat.take(first + 1, mode="clip")
    return left + share * (right - left)


def _thickened(pictures: Rows, thickness: Rows) -> Rows:
    """Go part of the way to each picture's widened (thickness > 0) or thinned (< 0) self, (m, 28, 28)."""
    result = pictures.copy()
    for chosen, extreme in ((thickness > 0, np.maximum), (thickness < 0, np.minimum)):
        share = np.abs(thickness[chosen, None, None])
        before = pictures[chosen]
        result[chosen] += share * (_extreme_of_neighbours(before, extreme) - before)
    return result


def _extreme_of_neighbours(pictures: Rows, extreme: np.ufunc) -> Rows:
    """Return the largest, or smallest, of each pixel and its neighbours above, below, left and right."""
    result = pictures.copy()
    for ahead, behind in ((np.s_[:, 1:], np.s_[:, :-1]), (np.s_[:, :, 1:], np.s_[:, :, :-1])):
        for here, there in ((ahead, behind), (behind, ahead)):
            extreme(result[here], pictures[there], out=result[here])
    return result
