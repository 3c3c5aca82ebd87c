"""Ruled and squared lines are taken out of the ink.

A line is thin, nearly straight and runs from one border to the other; a stroke is not. What is no thicker
than a line and no darker vanishes in a grey opening across it; this is done along the lines alone. Where
a stroke, itself thin, crosses a line aslant, it is put back from its end above to its end below.
"""

from __future__ import annotations

import itertools
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from micronn_core.drawing.photographs.ground import Grey

THICKEST = 0.028
"""Greatest thickness of a line, as a share of the picture's longer side."""

FAINTEST = 0.05
"""Least ink of a line: what is fainter than this does not disturb."""

STEEPEST = 8.0
"""Greatest slope of lines, in degrees."""

STRIPS = 32
"""Strips across the lines in which they are looked for."""

COVERED, SPANNED = 0.4, 0.9
"""Least share of the width in which a line is seen, and over which it runs."""

BESIDE, DARKER = 2.5, 0.15
"""Pixels beside a line that are its edge, and by how much ink may be darker than it and yet be line."""

BRIDGED, FLATTEST = 0.15, 3.0
"""Least ink of a stroke that crosses a line, and how far it may run along it, beside the gap's height."""

NARROWEST = 40
"""Least side, in pixels, of a picture in which lines are looked for."""

FAMILY = 3
"""So many lines alike make ruled paper: then a line need not run from border to border."""


class _Line(NamedTuple):
    """A line across the picture: its row at each column, (width,), its thickness in pixels, and its ink."""

    rows: NDArray[np.float64]
    thickness: float
    ink: float


def without_lines(ink: Grey) -> Grey:
    """Return the ink without lines across and without lines from top to bottom."""
    if min(ink.shape) < NARROWEST:
        return ink
    across = _find(ink)
    cleaned = _opened(ink, across)
    down = _find(cleaned.T)
    cleaned = _opened(cleaned.T, down).T
    for _ in range(2 if across and down else 1):  # a stroke may cross where lines cross
        _bridge(cleaned, ink, across)
        _bridge(cleaned.T, ink.T, down)
    return np.ascontiguousarray(cleaned)


def _opened(ink: Grey, lines: list[_Line]) -> Grey:
    """Return the ink without what is no thicker than a line and no darker, along lines across."""
    from scipy import ndimage

    cleaned = ink.copy()
    y = np.arange(len(ink))[:, None]
    for thickness in sorted({round(line.thickness) for line in lines}):
        opened = ndimage.grey_opening(ink, (thickness + 4, 1))
        for line in lines:
            if round(line.thickness) == thickness:
                near = np.abs(y - line.rows) <= thickness / 2 + BESIDE
                near &= ink <= line.ink + DARKER
                cleaned[near] = np.minimum(cleaned, opened)[near]
    return cleaned


def _bridge(cleaned: Grey, ink: Grey, lines: list[_Line]) -> None:
    """Put back where a thin stroke crosses lines across: from its end above a line to the nearest below."""
    height, width = ink.shape
    for line in lines:
        reach = line.thickness / 2 + BESIDE + 0.5
        above, below = (np.rint(line.rows + way * reach).astype(int) for way in (-1, 1))
        if above.min() < 0 or below.max() >= height:
            continue
        over, under = (cleaned[rows, np.arange(width)] for rows in (above, below))
        starts, ends = np.flatnonzero(over > BRIDGED), np.flatnonzero(under > BRIDGED)
        if not len(starts) or not len(ends):
            continue
        pairs = np.concatenate(
            [
                np.stack([starts, _nearest(starts, ends)], axis=1),
                np.stack([_nearest(ends, starts), ends], axis=1),
            ]
        )
        pairs = pairs[np.abs(pairs[:, 1] - pairs[:, 0]) <= FLATTEST * 2 * reach]
        value = np.minimum(over[pairs[:, 0]], under[pairs[:, 1]])
        for share in np.linspace(0, 1, 2 * round(FLATTEST * 2 * reach) + 1):
            x = np.rint(pairs[:, 0] + share * (pairs[:, 1] - pairs[:, 0])).astype(int)
            row = np.rint(line.rows[x] + (2 * share - 1) * reach).astype(int)
            np.maximum.at(cleaned, (row, x), np.minimum(value, ink[row, x]))


def _nearest(places: NDArray[np.intp], others: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return for each place the nearest of others, which are in order."""
    after = np.searchsorted(others, places).clip(1, max(1, len(others) - 1))
    left, right = others[after - 1], others[np.minimum(after, len(others) - 1)]
    nearest: NDArray[np.intp] = np.where(places - left <= right - places, left, right)
    return nearest


def _find(ink: Grey) -> list[_Line]:
    """Return the lines across."""
    from scipy import ndimage  # here, because most of what runs opens no picture

    height, width = ink.shape
    thickest = max(5, round(THICKEST * max(ink.shape)))
    thin = ink - ndimage.grey_opening(ink, (thickest, 1))
    seen = thin > FAINTEST
    slope = _slope(thin)
    shifts = np.rint(slope * (np.arange(width) - width / 2)).astype(int)
    rows = (np.arange(height)[:, None] + shifts) % height
    level = np.take_along_axis(seen, rows, axis=0)  # the lines lie level here
    value = np.take_along_axis(thin, rows, axis=0)
    length = max(8, width // 16)
    # A line is broken where one from top to bottom crosses it.
    thick = ndimage.maximum_filter(level.astype(np.uint8), (3, thickest))
    long = level & (ndimage.grey_opening(thick, (1, length + thickest)) > 0)
    reach = max(2, round(0.008 * width))
    covered = ndimage.maximum_filter1d(long.astype(np.uint8), 2 * reach + 1, axis=0).mean(axis=1)
    lines = []
    mass = ndimage.uniform_filter1d(long.mean(axis=1, dtype=np.float64), 3)
    candidates = np.flatnonzero(
        (covered >= COVERED) & (mass == ndimage.maximum_filter1d(mass, 2 * reach + 1)) & (mass > 0)
    )
    spans = []
    for row in candidates:
        line, span = _trace(long, value, int(row), reach + 1, thickest)
        if line is not None:
            lines.append(line._replace(rows=line.rows + shifts))
            spans.append(span)
    if len(lines) < FAMILY:
        lines = [line for line, span in zip(lines, spans, strict=True) if span >= SPANNED]
    return lines


def _trace(
    long: NDArray[np.bool_], value: Grey, row: int, reach: int, thickest: int
) -> tuple[_Line | None, float]:
    """Return the line near a row, and the share of the width over which it runs."""
    top, bottom = max(0, row - reach), min(len(long), row + reach + 1)
    weight = np.where(long[top:bottom], value[top:bottom], 0)
    mass = weight.sum(axis=0)
    columns = np.flatnonzero(mass)
    if len(columns) < 8:
        return None, 0.0
    width = long.shape[1]
    places = (weight * np.arange(top, bottom)[:, None]).sum(axis=0)[columns] / mass[columns]
    x = columns / width - 0.5
    good = np.ones(len(x), bool)
    bow = np.zeros(3)
    for _ in range(3):
        bow = np.polyfit(x[good], places[good], 2)
        off = np.abs(places - np.polyval(bow, x))
        good = off <= max(1.0, 2.5 * float(np.median(off)))
    peak = float(np.median(weight.max(axis=0)[columns]))
    thickness = float(np.median((weight[:, columns] > 0.3 * peak).sum(axis=0)))
    rows = np.polyval(bow, np.arange(width) / width - 0.5)
    span = float(columns[-1] - columns[0] + 1) / width
    return _Line(rows, min(max(thickness, 1.0), float(thickest)), peak), span


def _slope(thin: Grey) -> float:
    """Return by how many rows lines rise in a column: the slope at which they add up most sharply."""
    width = thin.shape[1]
    edges = np.linspace(0, width, STRIPS + 1).astype(int)
    strips = np.stack([thin[:, a:b].mean(axis=1) for a, b in itertools.pairwise(edges)], axis=1)
    middles = (edges[:-1] + edges[1:]) / 2 - width / 2
    rows, columns = np.arange(len(thin))[:, None], np.arange(STRIPS)
    best, slope = 0.0, 0.0
    for angle in sorted(np.arange(-STEEPEST, STEEPEST + 0.1, 0.5), key=abs):
        rise = float(np.tan(np.radians(angle)))
        shifts = np.rint(rise * middles).astype(int)
        sharpness = float(np.square(strips[(rows + shifts) % len(thin), columns].sum(axis=1)).sum())
        if sharpness > 1.001 * best:
            best, slope = sharpness, rise
    return slope
