"""Which strokes of a drawing are specks: what a palm, a sleeve or a slip of the pen left beside it.

The box around a drawing is what is scaled, so that a single dot far away makes the digit small and
pushes it aside. What is far and what is tiny is measured by the digit itself.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]

TINY = 0.15
"""Extent, as a share of the largest stroke's, from which on a stroke is never a speck."""

FAR = 0.28
"""Distance, as a share of the digit's extent, up to which a tiny stroke belongs to it. In 400 digits that
were written in up to four strokes, the tiny ones lie within 0.23."""


def specks(lines: Sequence[Points]) -> list[bool]:
    """Return for each line whether it is a speck: tiny beside the others, and far from all of them.

    A tiny stroke near to one that belongs to the digit belongs to it too, so that a dotted line stays
    whole. There is always a stroke that is none.

    Args:
        lines: (points, 2) each, at least one point.
    """
    if len(lines) < 2:
        return [False] * len(lines)
    least = np.stack([line.min(axis=0) for line in lines])
    greatest = np.stack([line.max(axis=0) for line in lines])
    centres, extents = (least + greatest) / 2, (greatest - least).max(axis=1)
    large = extents >= TINY * extents.max()
    reach = FAR * (greatest[large].max(axis=0) - least[large].min(axis=0)).max()
    loose, gaps = np.flatnonzero(~large), np.full(len(lines), np.inf)
    belonging: list[int] = np.flatnonzero(large).tolist()
    while belonging and len(loose):
        near = _distances(centres[loose], lines[belonging.pop()]) - extents[loose] / 2
        gaps[loose] = np.minimum(gaps[loose], near)
        belonging.extend(loose[gaps[loose] <= reach].tolist())
        loose = loose[gaps[loose] > reach]
    apart = np.zeros(len(lines), bool)
    apart[loose] = True
    return [bool(one) for one in apart]


def _distances(points: Points, line: Points) -> NDArray[np.float64]:
    """Return the distances, (n,), of points, (n, 2), to the nearest place on a line."""
    starts, pieces = (line[:-1], np.diff(line, axis=0)) if len(line) > 1 else (line, np.zeros((1, 2)))
    squares = (pieces**2).sum(axis=1)
    offsets = points[:, None] - starts
    along = (offsets * pieces).sum(axis=2) / np.where(squares > 0, squares, 1)
    nearest = offsets - np.clip(along, 0, 1)[..., None] * pieces
    distances: NDArray[np.float64] = np.hypot(nearest[..., 0], nearest[..., 1]).min(axis=1)
    return distances
