"""The sheet of paper within a picture: found on a dark table, and rid of frames and scanners' edges."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from micronn_core.drawing.photographs.ground import Grey, shrunk

Mask = NDArray[np.bool_]

SIDE = 160
"""Length of the longer side of the picture in which the sheet is looked for."""

TABLE, TABLE_AROUND = 0.5, 0.75
"""A table's brightness beside the sheet's, at most, and the same if it is seen all around the sheet.

A lighter one may be a shadow, and is evened out like one.
"""

AROUND = 0.95
"""Share of the picture's border that is table if it is seen all around."""

CONVEX, RECTANGULAR, BRIGHT = 0.93, 0.87, 0.78
"""Least share of a sheet in its hull and in the smallest rectangle around it, and of paper in it."""

LONGEST = 3.0
"""A sheet's greatest length beside its breadth: what is longer is a light stroke."""

SMALLEST, LARGEST = 0.1, 0.985
"""Least and greatest share of the picture that is a sheet."""

FRAME, EDGE = 0.09, 0.87
"""Greatest depth of a frame, as a share of the side, and its greatest brightness beside the sheet's."""


def find_sheet(brightness: Grey) -> Mask | None:
    """Return where the sheet is, (height, width), if it lies on a table darker by half; else None."""
    from scipy import ndimage  # here, because most of what runs opens no picture

    small = ndimage.median_filter(shrunk(brightness, SIDE), 3)
    low, high = np.percentile(small, (2, 95))
    if low > TABLE_AROUND * high:
        return None
    best, found = 0.0, None
    for level in np.linspace(low, high, 8)[1:-1]:
        sheet, likeness = _candidate(small > level)
        if likeness > best and _lies_on_table(small, sheet):
            best, found = likeness, sheet
    if found is None:
        return None
    inner = ndimage.binary_erosion(found, iterations=3, border_value=True)
    rows, columns = (
        (np.arange(length) * part // length)
        for length, part in zip(brightness.shape, inner.shape, strict=True)
    )
    return np.asarray(inner[np.ix_(rows, columns)])


def _lies_on_table(brightness: Grey, sheet: Mask) -> bool:
    """Return whether it is darker all around a sheet: by half, or less if the table is seen on all sides."""
    border = np.concatenate([sheet[0], sheet[-1], sheet[:, 0], sheet[:, -1]])
    return _contrast(brightness, sheet) < (TABLE_AROUND if border.mean() < 1 - AROUND else TABLE)


def _candidate(bright: Mask) -> tuple[Mask, float]:
    """Return the largest bright region with what is written on it, and how much it has a sheet's shape.

    The likeness is the share of it in the smallest rectangle around it; 0 if it is no sheet.
    """
    from scipy import ndimage

    marks, count = ndimage.label(ndimage.binary_opening(bright, iterations=1))
    if not count:
        return bright, 0.0
    paper = marks == 1 + np.argmax(np.bincount(marks.ravel())[1:])
    sheet = _with_holes(paper)
    area = int(sheet.sum())
    if not SMALLEST < area / sheet.size < LARGEST or paper.sum() < BRIGHT * area:
        return sheet, 0.0
    corners = _hull(sheet)
    hull = _area(corners)
    length, breadth = _smallest_rectangle(corners)
    likeness = area / (length * breadth)
    if area < CONVEX * hull or likeness < RECTANGULAR or length > LONGEST * breadth:
        return sheet, 0.0
    return sheet, likeness


def _with_holes(paper: Mask) -> Mask:
    """Return a region with its holes, and with what reaches in from the border but is no table."""
    from scipy import ndimage

    # Lines of squared paper, too, are dark and reach the border; a table is broad.
    broad = ndimage.binary_opening(np.pad(~paper, 4, "edge"), np.ones((5, 5)))[4:-4, 4:-4]
    outside, count = ndimage.label(broad)
    sheet: Mask = outside == 0
    height, width = paper.shape
    for number in range(1, count + 1):
        part = outside == number
        contact = max(
            part[0].sum() / width,
            part[-1].sum() / width,
            part[:, 0].sum() / height,
            part[:, -1].sum() / height,
        )
        if contact < 0.25:
            sheet |= part
    return sheet


def _contrast(brightness: Grey, sheet: Mask) -> float:
    """Return the brightness just outside a sheet beside that just inside: 1 if it has no edge."""
    from scipy import ndimage

    within = sheet & ~ndimage.binary_erosion(sheet, iterations=5, border_value=True)
    within &= ndimage.binary_erosion(sheet, iterations=2, border_value=True)
    without = ndimage.binary_dilation(sheet, iterations=5) & ~ndimage.binary_dilation(sheet, iterations=2)
    if not within.any() or not without.any():
        return 1.0
    inside, outside = float(np.median(brightness[within])), float(np.percentile(brightness[without], 90))
    return outside / max(inside, 1e-6)


def _hull(region: Mask) -> NDArray[np.float64]:
    """Return the corners of a region's convex hull, (n, 2), x and y (Andrew's monotone chain, 1979)."""
    points = []
    for y in np.flatnonzero(region.any(axis=1)):
        columns = np.flatnonzero(region[y])
        for x in (columns[0], columns[-1] + 1):
            points += [(float(x), float(y)), (float(x), float(y + 1))]
    points = sorted(set(points))
    chains = []
    for way in (points, points[::-1]):
        chain: list[tuple[float, float]] = []
        for point in way:
            while len(chain) > 1 and _turn(chain[-2], chain[-1], point) <= 0:
                chain.pop()
            chain.append(point)
        chains += chain[:-1]
    return np.array(chains)


def _turn(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _area(corners: NDArray[np.float64]) -> float:
    x, y = corners.T
    return float(abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2)


def _smallest_rectangle(corners: NDArray[np.float64]) -> tuple[float, float]:
    """Return the length and breadth of the smallest rectangle around corners."""
    angles = np.radians(np.arange(0, 90, 2))
    across = np.stack([np.cos(angles), np.sin(angles)])
    along = np.stack([-np.sin(angles), np.cos(angles)])
    sides = np.stack([np.ptp(corners @ across, axis=0), np.ptp(corners @ along, axis=0)])
    length, breadth = sorted(sides[:, sides.prod(axis=0).argmin()], reverse=True)
    return float(length), float(breadth)


def on_sheet(darkness: Grey, sheet: Mask | None) -> Grey:
    """Return the sheet alone: the picture cut to it, the table around it and frames painted over."""
    if sheet is not None:
        darkness = _filled(darkness, sheet)
        rows, columns = np.flatnonzero(sheet.any(axis=1)), np.flatnonzero(sheet.any(axis=0))
        darkness = darkness[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return without_frames(darkness)


def _filled(darkness: Grey, kept: Mask) -> Grey:
    """Return a picture in which all that is not kept looks like what is nearest to it."""
    from scipy import ndimage

    nearest = ndimage.distance_transform_edt(~kept, return_distances=False, return_indices=True)
    return np.asarray(darkness[tuple(nearest)])


def without_frames(darkness: Grey) -> Grey:
    """Paint over dark stripes that run along a whole border: a frame, or where a scanner's sheet ended."""
    kept = np.ones(darkness.shape, bool)
    for turns in range(4):
        view, keep = np.rot90(darkness, turns), np.rot90(kept, turns)
        _mark_frame(view, keep)
    if kept.all() or not kept.any():
        return darkness
    return _filled(darkness, kept)


def _mark_frame(darkness: Grey, kept: Mask) -> None:
    """Take the frame along the upper border out of what is kept."""
    from scipy import ndimage

    height, width = darkness.shape
    deepest = round(FRAME * height)
    if deepest < 1 or height < 20:
        return
    brightness = 1 - darkness
    reference = np.median(brightness[deepest : max(3 * deepest, deepest + 1)], axis=0)
    reference = ndimage.percentile_filter(reference, 75, max(3, width // 4))
    dark = brightness[: 2 * deepest] < EDGE * reference
    depth = np.where(dark.all(axis=0), 2 * deepest, dark.argmin(axis=0))  # pixels of frame in each column
    framed = (depth > 0) & (brightness[:2].min(axis=0) < EDGE * reference)
    if framed.mean() < 0.85:
        return
    usual = float(np.median(depth[framed]))
    if usual > deepest:
        return
    smooth = ndimage.median_filter(depth, max(3, width // 10))
    depth = np.minimum(depth, np.minimum(smooth + 2, deepest)) + 1
    kept[np.arange(height)[:, None] < depth] = False
