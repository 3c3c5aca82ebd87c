"""Ruled and squared lines are taken out of the ink.

A line is thin, nearly straight and runs from one border to the other; a stroke is not. What is thinner than
a line across it vanishes in a grey opening; this is done along the lines alone, so strokes that cross
them stay whole.
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

FAMILY = 3
"""So many lines alike make ruled paper: then a line need not run from border to border."""


class _Line(NamedTuple):
    """A line across the picture: its row at each column, (width,), and how thick it is, in pixels."""

    rows: NDArray[np.float64]
    thickness: float


def without_lines(ink: Grey) -> Grey:
    """Return the ink without lines across and without lines from top to bottom."""
    across = _without_lines_across(ink)
    return np.ascontiguousarray(_without_lines_across(np.ascontiguousarray(across.T)).T)


def _without_lines_across(ink: Grey) -> Grey:
    from scipy import ndimage  # here, because most of what runs opens no picture

    height, width = ink.shape
    if min(height, width) < 40:
        return ink
    thickest = max(5, round(THICKEST * max(ink.shape)))
    thin = ink - ndimage.grey_opening(ink, (thickest, 1))
    lines = _find(thin, thickest)
    if not lines:
        return ink
    cleaned = ink.copy()
    y = np.arange(height)[:, None]
    for thickness in sorted({round(line.thickness) for line in lines}):
        near = np.zeros(ink.shape, bool)
        for line in lines:
            if round(line.thickness) == thickness:
                near |= np.abs(y - line.rows) <= thickness / 2 + 2.5
        opened = ndimage.grey_opening(ink, (thickness + 4, 1))
        cleaned[near] = np.minimum(cleaned, opened)[near]
    return cleaned


def _find(thin: Grey, thickest: int) -> list[_Line]:
    """Return the lines in a picture that shows only what is thin from top to bottom."""
    from scipy import ndimage

    height, width = thin.shape
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
            lines.append(_Line(line.rows + shifts, line.thickness))
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
    return _Line(rows, min(max(thickness, 1.0), float(thickest))), span


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
