"""What of a picture is ground: whether the writing is darker or lighter than it, and its light evened out.

Paper under a lamp, in the shade of a hand or by a window is here twice as bright as there. The
ground at a place is taken to be the brightest that reaches it in squares wider than a stroke (a grey
closing): strokes vanish from it, and shadows, also those with a hard edge, stay in it. The ink is
what is darker than that, as a share of it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Grey = NDArray[np.float32]

WINDOWS = (0.05, 0.4)
"""Least and greatest side of the squares, as a share of the picture's longer side."""

STROKES = 2.0
"""Side of the squares beside the width of the broadest stroke: the smaller, the closer they fit a shadow."""

DARKEST = 0.06
"""Brightness below which a ground is black, and shares of it mean nothing."""

MARGIN = 0.1
"""Breadth of the picture's margin, as a share of its side: more than a frame has."""

BLACK, WHITE = 0.12, 0.9
"""Brightness of a margin, nearly all of it, that leaves no doubt of what the ground is."""

GREY = 0.35
"""Brightness of a ground that is paper in the shade rather than a board."""

DECISIVE = 0.6
"""Share of what differs from the ground that has to lie on one side of it to show that it is writing."""

SOFTNESS = 0.5
"""Deviation, in pixels, of the blur that takes the grain of a camera out."""

BESIDE, GOES_ON, ONE_SIDED = 3, 0.3, 0.15
"""Where it is looked whether a stroke ends: so many pixels beside it.

It goes on where it is not brighter there than by this share of what parts it from its ground; if it does
so on this share of its edge, it is no stroke.
"""

PLAIN = 0.3
"""Ink that no noise makes."""

FAINTEST = 0.125
"""Least ink: what is fainter is not taken for writing."""


def is_light(brightness: Grey) -> bool:
    """Return whether the ground is lighter than the writing, of a brightness of 0 to 1.

    The writing is less than the ground around it: so what differs most from the median of its
    surroundings is writing.
    """
    from scipy import ndimage  # here, because most of what runs opens no picture

    inner = np.zeros(brightness.shape, bool)
    height, width = brightness.shape
    top, left = round(MARGIN * height), round(MARGIN * width)
    inner[top : height - top, left : width - left] = True
    border = brightness[~inner] if not inner.all() else brightness
    if np.percentile(border, 75) < BLACK:
        return False
    if np.percentile(border, 25) > WHITE:
        return True
    small = shrunk(ndimage.median_filter(shrunk(brightness, 160), 3), 36)  # without fine lines
    window = max(3, round(0.45 * max(small.shape)) | 1)
    rest = small - ndimage.median_filter(small, window)
    darker, lighter = (float((side**3).sum()) for side in (np.maximum(-rest, 0), np.maximum(rest, 0)))
    if max(darker, lighter) < DECISIVE * (darker + lighter) or np.abs(rest).max() < FAINTEST:
        return bool(np.median(border) > GREY)  # nothing is written: it is paper, if it is not quite dark
    if darker > lighter or np.median(border) <= GREY:
        return darker > lighter
    # What is lighter may be where a shadow ends: then it reaches the border, and writing does not.
    return _inner_ink(1 - brightness) >= _inner_ink(brightness)


def _inner_ink(darkness: Grey) -> float:
    """Return how much ink there is that does not reach the border."""
    from scipy import ndimage

    ink = evened(darkness)
    marks, _ = ndimage.label(ink > max(threshold(ink), PLAIN))
    outer = np.unique(np.concatenate([marks[0], marks[-1], marks[:, 0], marks[:, -1]]))
    return float(ink[~np.isin(marks, [0, *outer])].sum())


def shrunk(picture: Grey, side: int) -> Grey:
    """Return a picture whose longer side has so many pixels at most."""
    scale = side / max(picture.shape)
    if scale >= 1:
        return picture
    height, width = (max(1, round(length * scale)) for length in picture.shape)
    smaller: Grey = np.asarray(Image.fromarray(picture).resize((width, height), Image.Resampling.BOX))
    return smaller


def evened(darkness: Grey) -> Grey:
    """Return the ink, (height, width), 0 (ground) to 1: how much darker each pixel is than its ground."""
    from scipy import ndimage

    brightness = ndimage.gaussian_filter(1 - darkness, SOFTNESS)
    wide_ground = _ground(brightness, WINDOWS[1])
    wide = _relative(brightness, wide_ground)
    writing = wide > max(threshold(wide), FAINTEST)
    stroke = 2 * float(ndimage.distance_transform_edt(np.pad(writing, 1)).max()) / max(darkness.shape)
    window = min(max(STROKES * stroke, WINDOWS[0]), WINDOWS[1])
    ground = wide_ground if window == WINDOWS[1] else _ground(brightness, window)
    return _without_shadows(_relative(brightness, ground), brightness, ground)


def _ground(brightness: Grey, window: float) -> Grey:
    from scipy import ndimage

    size = round(window * max(brightness.shape)) | 1
    return np.asarray(ndimage.minimum_filter(ndimage.maximum_filter(brightness, size), size))


def _relative(brightness: Grey, ground: Grey) -> Grey:
    ink = 1 - brightness / np.maximum(ground, DARKEST)
    ink -= np.median(ink)  # a grain of paper lies below its brightest
    return np.asarray(np.clip(ink, 0, 1), np.float32)


def _without_shadows(ink: Grey, brightness: Grey, ground: Grey) -> Grey:
    """Return the ink without the corners of shadows into which no square fits.

    Such a corner goes on into a shadow that is as dark, while a stroke has paper on all of its sides.
    """
    from scipy import ndimage

    written = ink > max(threshold(ink), FAINTEST)
    marks, count = ndimage.label(written)
    if not count:
        return ink
    around = ndimage.maximum_filter(marks, 2 * BESIDE + 1)
    around[ndimage.maximum_filter(written, 2 * BESIDE - 1)] = 0
    beside = np.nonzero(around)
    nearest = ndimage.distance_transform_edt(~written, return_distances=False, return_indices=True)
    stroke = tuple(axis[beside] for axis in nearest)
    dark = ndimage.minimum_filter(brightness, 2 * BESIDE + 1)[stroke]
    goes_on = brightness[beside] < dark + GOES_ON * (ground[stroke] - dark)
    edge = np.bincount(around[beside], minlength=count + 1)
    as_dark = np.bincount(around[beside], goes_on, count + 1)
    shadows = as_dark > ONE_SIDED * edge
    shadows[0] = False
    if not shadows.any():
        return ink
    beyond = ndimage.maximum_filter(np.where(shadows[marks], 1, 0).astype(np.uint8), 2 * BESIDE - 1) > 0
    return np.where(beyond & (~written | shadows[marks]), np.float32(0), ink)


def threshold(ink: Grey) -> float:
    """Return the value that parts ink from ground best.

    The two kinds differ most from each other then, and least within (Otsu, 1979).
    """
    counts, edges = np.histogram(ink, 128, (0, 1))
    middles = (edges[:-1] + edges[1:]) / 2
    below = np.cumsum(counts)[:-1]
    above = counts.sum() - below
    sums = np.cumsum(counts * middles)[:-1]
    total = float((counts * middles).sum())
    with np.errstate(divide="ignore", invalid="ignore"):
        between = below * above * (sums / below - (total - sums) / above) ** 2
    return float(edges[1 + np.nan_to_num(between).argmax()])
