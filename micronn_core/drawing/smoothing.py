"""A curve through the few points that a fast hand leaves.

A mouse tells its place some sixty times a second: who writes a digit in a tenth of one leaves six
points, and straight lines between them make a polygon of a 0. The curve goes through every point,
with Catmull and Rom's tangents in their centripetal form (C. Yuksel and others, Parameterization and
applications of Catmull-Rom curves, 2011), which makes neither loops nor cusps of its own.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]

SPARSE = 0.05
"""Length, as a share of the drawing's extent, up to which a piece of a stroke stays straight: a pixel of
the twenty that a digit fills."""

STEP = 0.02
"""Length of the pieces of a curve, as a share of the drawing's extent."""

FINEST = 1e-200
"""Extent up to which a drawing is a point."""

CORNER = 120.0
"""Degrees of a turn that is a corner, such as that of a 7."""

LONE_CORNER, LONE = 75.0, 3.0
"""Degrees of a turn that is a corner if it is so many times as sharp as its neighbours, as that of a 4."""


def smoothed(line: Points, extent: float) -> Points:
    """Return a line with its long pieces bent into a curve; one of short pieces is returned as it is.

    Args:
        line: (points, 2 or more): x, y, and what else a point holds, such as the pen's pressure.
        extent: the longer side of the drawing's box.

    Returns:
        (points, as many): the same points, and more between them.
    """
    if len(line) < 3 or extent <= FINEST or not (_lengths(line) > SPARSE * extent).any():
        return line
    line = line[np.append(True, _lengths(line) > 0)]  # a place that is said twice has no direction
    if len(line) < 3:
        return line
    lengths = _lengths(line)
    parts = np.where(lengths > SPARSE * extent, np.ceil(lengths / (STEP * extent)), 1).astype(int)
    starts, ends = _tangents(line, np.sqrt(lengths))
    piece = np.repeat(np.arange(len(parts)), parts)
    first = np.repeat(np.cumsum(parts) - parts, parts)
    t = ((np.arange(len(piece)) - first + 1) / parts[piece])[:, None]
    # Hermite's cubic: places and tangents of both ends.
    curve = (
        (1 + 2 * t) * (1 - t) ** 2 * line[piece]
        + t * (1 - t) ** 2 * starts[piece]
        + t**2 * (3 - 2 * t) * line[piece + 1]
        - t**2 * (1 - t) * ends[piece]
    )
    curve[np.cumsum(parts) - 1] = line[1:]  # to the last digit
    return np.concatenate([line[:1], curve])


def _lengths(line: Points) -> NDArray[np.float64]:
    steps = np.diff(line[:, :2], axis=0)
    lengths: NDArray[np.float64] = np.hypot(steps[:, 0], steps[:, 1])
    return lengths


def _tangents(line: Points, times: NDArray[np.float64]) -> tuple[Points, Points]:
    """Return the tangents at the start and at the end of each piece, times its time.

    A point's tangent is that of the parabola through it and its neighbours. At a corner, and at the
    ends of the line, each piece has one of its own: that of a parabola with the tangent of its other end.
    """
    spans = times[:, None]
    speeds = np.diff(line, axis=0) / spans
    inner = (speeds[:-1] * spans[1:] + speeds[1:] * spans[:-1]) / (spans[:-1] + spans[1:])
    corners = _corners(line)
    starts = np.concatenate([speeds[:1], inner])
    ends = np.concatenate([inner, speeds[-1:]])
    sharp_start, sharp_end = np.append(True, corners), np.append(corners, True)
    own_start, own_end = sharp_start & ~sharp_end, sharp_end & ~sharp_start
    starts[own_start] = 2 * speeds[own_start] - ends[own_start]
    ends[own_end] = 2 * speeds[own_end] - starts[own_end]
    straight = sharp_start & sharp_end
    starts[straight] = ends[straight] = speeds[straight]
    return starts * spans, ends * spans


def _corners(line: Points) -> NDArray[np.bool_]:
    """Return which of the inner points of a line are corners, (points - 2,)."""
    x, y = np.diff(line[:, :2], axis=0).T
    turns = np.abs(np.degrees(np.arctan2(x[:-1] * y[1:] - y[:-1] * x[1:], x[:-1] * x[1:] + y[:-1] * y[1:])))
    around = np.pad(turns, 1)
    neighbours = np.maximum(around[:-2], around[2:])
    corners: NDArray[np.bool_] = (turns > CORNER) | ((turns > LONE_CORNER) & (turns > LONE * neighbours))
    return corners
