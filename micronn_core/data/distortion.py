"""Varied copies of pictures of digits, as `Augmentation` asks for.

Every pixel of a varied picture is fetched from a place nearby in the original. These places are a
weighted sum of a few fixed fields: two for turning, slanting and scaling, one for shifting, and a
lattice of smooth bumps for the elastic distortion (Simard, Steinkraus and Platt 2003). So the
places for many pictures are one matrix product.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from micronn_core.data.augmentation import Augmentation
from micronn_core.data.hands import Hands

Array = NDArray[np.floating]
Rows = NDArray[np.float32]

LATTICE = 7
"""Bumps of the elastic distortion along each side."""

SMOOTHNESS = 4.0
"""Standard deviation of a bump in pixels of 28x28 (sigma in Simard et al., who use 4 too)."""

MEASURED_ON = 28
"""Pixels on the side of the pictures that amounts are given for: on others they have the same share."""

AT_ONCE = 64
"""Pictures worked on together: what is computed between the steps stays in the processor's cache."""

_EXACT = 1 << 24
"""Whole numbers below this are exact in float32."""


def augment(
    pictures: Array,
    rng: np.random.Generator,
    augmentation: Augmentation,
    white: float = 1.0,
    digits: NDArray[np.intp] | None = None,
) -> Rows:
    """Return a varied copy of each picture.

    Args:
        pictures: (m, height, width), 0 (black) to `white`.
        rng: the same state gives the same copies.
        augmentation: how far to go, in pixels of a picture of 28x28.
        white: the largest value of a pixel.
        digits: which digit each picture is, (m,), if they are digits: hands write some in ways of their own.

    Returns:
        (m, height, width), 0 to `white`, in the order of `pictures`.
    """
    count, height, width = pictures.shape
    bench = Workbench((height, width), min(max(count, 1), AT_ONCE))
    rows = pictures.reshape(count, height * width)
    if augmentation.hands:
        hands = Hands((height, width), count, digits, white)
        rows = hands.redrawn(rows, np.arange(count), rng, augmentation.hands)
    return bench.vary(rows, np.arange(count), rng, augmentation, white).reshape(pictures.shape)


def _evenly(rng: np.random.Generator, count: int, limit: float) -> Rows:
    """Draw numbers between -limit and limit, (count,)."""
    return ((2 * rng.random(count, np.float32) - 1) * limit).astype(np.float32)


def _field_weights(
    count: int, shape: tuple[int, int], rng: np.random.Generator, augmentation: Augmentation
) -> Rows:
    """Draw how much of each field makes the x and the y that pixels are fetched from, (2, count, fields)."""
    share = _share(shape)
    angle = np.radians(_evenly(rng, count, augmentation.rotation))
    slant = np.tan(np.radians(_evenly(rng, count, augmentation.slant)))
    width, height = (np.exp(_evenly(rng, count, np.log1p(augmentation.scale))) for _ in range(2))
    cos, sin = np.cos(angle), np.sin(angle)
    weights = np.empty((2, count, _PLAIN + LATTICE**2), np.float32)
    weights[0, :, 0] = cos * width
    weights[0, :, 1] = (cos * slant - sin) * height
    weights[1, :, 0] = sin * width
    weights[1, :, 1] = (sin * slant + cos) * height
    for axis, side in enumerate(reversed(shape)):
        weights[axis, :, 2] = _evenly(rng, count, augmentation.shift * share) + (side + 1) / 2
    rng.standard_normal(dtype=np.float32, out=(bumps := np.empty((2, count, LATTICE**2), np.float32)))
    np.multiply(bumps, augmentation.elastic * share, out=weights[:, :, _PLAIN:])
    return weights if augmentation.elastic else weights[:, :, :_PLAIN]


def _share(shape: tuple[int, int]) -> float:
    """Return how large a picture is beside those that amounts are given for."""
    return min(shape) / MEASURED_ON


def _fields(shape: tuple[int, int]) -> Rows:
    """Return the fixed fields, (3 + LATTICE², pixels): x and y from the middle, 1, and the bumps."""
    down, across = (np.arange(side) - (side - 1) / 2 for side in shape)
    y, x = np.meshgrid(down, across, indexing="ij")
    smoothness = SMOOTHNESS * _share(shape)
    rows, columns = _bumps(down, smoothness), _bumps(across, smoothness)
    lattice = rows[:, None, :, None] * columns[None, :, None, :]
    plain = x.reshape(1, -1), y.reshape(1, -1), np.ones((1, x.size))
    return np.concatenate([*plain, lattice.reshape(LATTICE**2, -1)]).astype(np.float32)


def _bumps(along: Array, smoothness: float) -> Array:
    """Return the bumps along a side, (LATTICE, pixels)."""
    middles = np.linspace(along[0], along[-1], LATTICE)
    bumps = np.exp(-(((along - middles[:, None]) / smoothness) ** 2) / 2)
    bumps /= np.sqrt((bumps**2).sum(axis=0))  # independent bumps of variance 1 then add up to variance 1
    return bumps


_PLAIN = 3
"""Fields before the bumps."""


class Workbench:
    """Varies a few pictures at a time, in memory that is used again: fresh memory costs as much as the sums.

    Args:
        shape: rows and columns of a picture.
        count: pictures at a time, or fewer if they are very large.
    """

    def __init__(self, shape: tuple[int, int], count: int = AT_ONCE) -> None:
        self._shape = shape
        # Each picture has a pixel of paper on every side, which is what lies beyond.
        height, self._edge = shape[0] + 2, shape[1] + 2
        self._count = count = max(1, min(count, _EXACT // (height * self._edge)))
        self._last = np.array([[[self._edge - 1.001]], [[height - 1.001]]], np.float32)
        self._fields = _fields(shape)
        pixels = self._fields.shape[1]
        self._starts = np.arange(count, dtype=np.float32)[:, None] * (height * self._edge)
        self._papers = np.zeros((3, count, height, self._edge), np.float32)
        self._places = np.empty((4, count, pixels), np.float32)
        self._index = np.empty((count, pixels), np.intp)
        self._paper = self._papers[0]

    def vary(
        self,
        rows: Array,
        chosen: NDArray[np.intp],
        rng: np.random.Generator,
        augmentation: Augmentation,
        white: float,
    ) -> Rows:
        """Return varied copies of chosen pictures, (m, pixels), as `augment` does."""
        weights = _field_weights(len(chosen), self._shape, rng, augmentation)
        thickness = _evenly(rng, len(chosen), min(1.0, augmentation.thickness * _share(self._shape)))
        varied = np.empty((len(chosen), self._fields.shape[1]), np.float32)
        for start in range(0, len(chosen), self._count):
            part = slice(start, start + self._count)
            self._lay(rows, chosen[part])
            if augmentation.thickness:
                self._thicken(thickness[part])
            self._warp(weights[:, part], varied[part])
        if augmentation.noise:
            noise = rng.standard_normal(varied.shape, np.float32)
            noise *= augmentation.noise * white
            varied += noise
            np.clip(varied, 0, white, out=varied)
        return varied

    def _lay(self, rows: Array, chosen: NDArray[np.intp]) -> None:
        """Lay chosen pictures on paper."""
        self._paper = self._papers[0, : len(chosen)]
        self._paper[:, 1:-1, 1:-1] = rows.take(chosen, axis=0).reshape(-1, *self._shape)

    def _thicken(self, thickness: Rows) -> None:
        """Go part of the way to each picture's widened (thickness > 0) or thinned (< 0) self.

        A stroke is widened by the largest of each pixel and its neighbours above, below, left and
        right, and thinned by the smallest, which is the largest of the pixels with their signs turned.
        """
        paper = self._paper
        signed, widest = self._papers[1:, : len(paper)]
        np.multiply(paper, np.sign(thickness)[:, None, None], out=signed)
        widest[...] = signed
        before, after = signed.reshape(-1), widest.reshape(-1)
        for step in (1, self._edge):
            np.maximum(after[step:], before[:-step], out=after[step:])
            np.maximum(after[:-step], before[step:], out=after[:-step])
        widest -= signed
        widest *= thickness[:, None, None]
        paper += widest
        paper[:, :: paper.shape[1] - 1] = 0
        paper[:, :, :: self._edge - 1] = 0

    def _warp(self, weights: Rows, out: Rows) -> None:
        """Fetch every pixel of `out`, (m, pixels), from its place, bilinearly; weights are (2, m, fields)."""
        count = len(out)
        places, corners = self._places[:2, :count], self._places[2:, :count]
        np.matmul(weights, self._fields[: weights.shape[2]], out=places)
        np.clip(places, 0, self._last, out=places)
        np.floor(places, out=corners)
        places -= corners
        column, row = corners
        row *= self._edge
        row += column
        row += self._starts[:count]  # below 2^24, so exact
        index = self._index[:count]
        np.copyto(index, row, casting="unsafe")
        right, down = places
        flat = self._paper.reshape(-1)
        bottom, beside = corners
        for below, left in ((0, out), (self._edge, bottom)):
            flat[below:].take(index, out=left, mode="clip")
            flat[below + 1 :].take(index, out=beside, mode="clip")
            beside -= left
            beside *= right
            left += beside
        bottom -= out
        bottom *= down
        out += bottom
