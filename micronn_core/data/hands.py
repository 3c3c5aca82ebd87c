"""Signs drawn anew by other hands: their strokes are traced, varied as people vary them, and drawn.

What bends a sheet (`distortion`) does not change how a digit is written. A hand does: it writes half
as wide, trembles, moves the pen quickly so that few points are left, ends strokes with serifs; and
it gives the 1 an upstroke and a foot, the 7 a bar, and opens or closes the 4. The pictures are those
of a pen, fitted into the box as drawings are, and some are straightened as drawings are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from micronn_core.data.pen import Pen
from micronn_core.data.tracing import POINTS, Traces, trace

Array = NDArray[np.floating]
Rows = NDArray[np.float32]
Mask = NDArray[np.bool_]

AT_ONCE = 64
"""Pictures drawn together: what is computed between the steps stays in the processor's cache."""

MOST_PIXELS = 1 << 22
"""Pixels drawn together at most."""

WIDER = 2.0
"""Most by which a digit becomes wider or narrower."""

TURN, LEAN = 6.0, 8.0
"""Most degrees by which a hand turns and slants a digit; `rotation` and `slant` come on top."""

TREMBLE = 0.03
"""Most that a hand trembles, standard deviation as a share of the height."""

STRAYS = 0.015
"""How far a stroke strays from the others, standard deviation as a share of the height."""

THINNEST, BROADEST = 1.4, 3.1
"""Widths of pens in pixels of 28x28."""

_SERIFS = 8
"""Ends of strokes that can have a serif."""

_OWN = 4
"""Lines that only some digits have."""


class Signs(NamedTuple):
    """Strokes of some signs as they are varied, padded; a sign's longer side is about 1, y points down.

    Attributes:
        points: (m, POINTS, 2).
        joined: (m, POINTS), whether the pen was down on its way to a point.
        used: (m, POINTS), which points there are.
    """

    points: Rows
    joined: Mask
    used: Mask

    def taken(self, rows: NDArray[np.intp]) -> Signs:
        """Return copies of some signs."""
        return Signs(self.points[rows], self.joined[rows], self.used[rows])


class Lines(NamedTuple):
    """Lines of some pictures, (m, lines, 2) each, and which of them are there, (m, lines)."""

    starts: Rows
    ends: Rows
    down: Mask


class Hands:
    """Draws pictures anew. What it has traced it keeps: a picture is traced when it is first drawn.

    Args:
        shape: rows and columns of a picture.
        count: pictures that there are.
        labels: which digit each of them is, (count,); None where they are none.
        white: the largest value of a pixel.
    """

    def __init__(
        self, shape: tuple[int, int], count: int, labels: NDArray[np.intp] | None, white: float = 1.0
    ) -> None:
        self._shape, self._labels, self._white = shape, labels, white
        self._pen = Pen(shape)
        self._unit = max(shape) / 255
        self._at_once = max(1, min(AT_ONCE, MOST_PIXELS // (shape[0] * shape[1])))
        self._places = np.zeros((count, POINTS, 2), np.uint8)
        self._joined = np.zeros((count, POINTS), bool)
        self._counts = np.full(count, -1, np.int16)  # not traced yet

    def redrawn(self, rows: Array, chosen: NDArray[np.intp], rng: np.random.Generator, share: float) -> Array:
        """Return the chosen pictures, (m, pixels), a share of them drawn anew.

        Args:
            rows: all pictures, (count, pixels), 0 to `white`.
            chosen: those that are asked for.
            rng: the same state gives the same pictures.
            share: of the chosen that is drawn anew.
        """
        pictures = rows.take(chosen, axis=0)
        wanted = np.flatnonzero(rng.random(len(chosen)) < share)
        for start in range(0, len(wanted), self._at_once):
            part = wanted[start : start + self._at_once]
            self._trace(rows, chosen[part])
            some = part[self._joined[chosen[part]].any(axis=1)]  # there is a line to draw
            if len(some):
                pictures[some] = self._draw(chosen[some], rng) * self._white
        return pictures

    def _trace(self, rows: Array, chosen: NDArray[np.intp]) -> None:
        """Trace those of the chosen pictures that are not traced yet."""
        new = np.unique(chosen[self._counts[chosen] < 0])
        if len(new):
            found = trace(rows[new].reshape(-1, *self._shape), self._white)
            self._places[new] = np.rint(found.places / self._unit)
            self._joined[new], self._counts[new] = found.joined, found.counts

    def _draw(self, chosen: NDArray[np.intp], rng: np.random.Generator) -> Rows:
        places = self._places[chosen].astype(np.float32) * self._unit
        traces = Traces(places, self._joined[chosen], self._counts[chosen].astype(np.intp))
        labels = None if self._labels is None else self._labels[chosen]
        lines = varied_lines(traces, labels, rng)
        widths = _between(rng, (len(chosen),), THINNEST, BROADEST)
        self._pen.place(*lines, widths)
        return self._pen.draw(*lines, widths)


def varied_lines(traces: Traces, labels: NDArray[np.intp] | None, rng: np.random.Generator) -> Lines:
    """Return the lines of another hand; a sign's longer side is about 1 before it is widened and turned.

    Args:
        traces: strokes of m signs.
        labels: which digit each of them is, (m,); None where they are none.
        rng: the same state gives the same lines.
    """
    signs = _signs(traces)
    own = _no_lines(len(signs.points), _OWN)
    if labels is not None:
        _rewrite(signs, labels, rng)
    _hurry(signs, rng)
    if labels is not None:
        for digit, add in _OWN_LINES.items():
            rows = np.flatnonzero(labels == digit)
            if len(rows):
                add(rows, signs, own, rng)
    serifs = _serifs(signs, rng)
    _tremble(signs, rng)
    base = Lines(signs.points[:, :-1], signs.points[:, 1:], signs.joined[:, 1:])
    lines = Lines(*(np.concatenate(parts, axis=1) for parts in zip(base, own, serifs, strict=True)))
    _widen_slant_and_turn(lines, rng)
    return lines


def _between(rng: np.random.Generator, shape: tuple[int, ...], least: float, most: float) -> Rows:
    return (least + (most - least) * rng.random(shape, np.float32)).astype(np.float32)


def _either(rng: np.random.Generator, shape: tuple[int, ...], limit: float) -> Rows:
    return _between(rng, shape, -limit, limit)


def _chance(rng: np.random.Generator, shape: tuple[int, ...], probability: float) -> Mask:
    return rng.random(shape, np.float32) < probability


def _no_lines(count: int, lines: int) -> Lines:
    places = np.zeros((2, count, lines, 2), np.float32)
    return Lines(places[0], places[1], np.zeros((count, lines), bool))


def _signs(traces: Traces) -> Signs:
    """Return traces about each sign's middle, in units of its longer side."""
    used = np.arange(POINTS) < traces.counts[:, None]
    there = used[:, :, None]
    least = np.where(there, traces.places, np.inf).min(axis=1, keepdims=True)
    most = np.where(there, traces.places, -np.inf).max(axis=1, keepdims=True)
    size = np.maximum((most - least).max(axis=2, keepdims=True), 1e-3)
    points: Rows = ((traces.places - (least + most) / 2) / size).astype(np.float32)
    return Signs(points, traces.joined.copy(), used)


def _hurry(signs: Signs, rng: np.random.Generator) -> None:
    """Let a quarter of the hands move so fast that a stroke has but four to nine points, in place."""
    points, joined, used = signs
    count, index = len(points), np.arange(POINTS)
    begins = used & ~joined
    first = np.maximum.accumulate(np.where(begins, index, 0), axis=1)
    last = used.copy()
    last[:, :-1] &= ~joined[:, 1:]
    until = np.minimum.accumulate(np.where(last, index, POINTS - 1)[:, ::-1], axis=1)[:, ::-1]
    pieces = rng.integers(3, 9, (count, 1))  # that a stroke is left with
    piece = (index - first) * pieces // np.maximum(until - first, 1)
    seen = begins | last | ~used | ~_chance(rng, (count, 1), 0.28)
    seen[:, 1:] |= piece[:, 1:] != piece[:, :-1]
    before = np.maximum.accumulate(np.where(seen, index, 0), axis=1)
    after = np.minimum.accumulate(np.where(seen, index, POINTS - 1)[:, ::-1], axis=1)[:, ::-1]
    part = ((index - before) / np.maximum(after - before, 1))[:, :, None].astype(np.float32)
    rows = np.arange(count)[:, None]
    points[...] = points[rows, before] * (1 - part) + points[rows, after] * part
    # Some programs draw a curve through the few points: corners become round.
    inner = joined.copy()
    inner[:, :-1] &= joined[:, 1:]
    inner[:, -1] = False
    inner &= _chance(rng, (count, 1), 0.5)
    for _ in range(2):
        smooth = points.copy()
        smooth[:, 1:-1] = (points[:, :-2] + 2 * points[:, 1:-1] + points[:, 2:]) / 4
        np.copyto(points, smooth, where=inner[:, :, None])


def _tremble(signs: Signs, rng: np.random.Generator) -> None:
    """Let half of the hands tremble along the line, and strokes stray from each other, in place."""
    points, joined, _ = signs
    count = len(points)
    noise = rng.standard_normal((count, POINTS + 2, 2), np.float32)
    noise = (noise[:, :-2] + noise[:, 1:-1] + noise[:, 2:]) / np.float32(np.sqrt(3))
    amount = _between(rng, (count, 1, 1), 0, TREMBLE) * _chance(rng, (count, 1, 1), 0.5)
    points += noise * amount
    stray = rng.standard_normal(points.shape, np.float32) * np.float32(STRAYS)
    first = np.maximum.accumulate(np.where(joined, 0, np.arange(POINTS)), axis=1)
    points += stray[np.arange(count)[:, None], first] * _chance(rng, (count, 1, 1), 0.5)


def _serifs(signs: Signs, rng: np.random.Generator) -> Lines:
    """Return short lines across the ends of strokes, on a sixth of the signs."""
    points, joined, used = signs
    count = len(points)
    lines = _no_lines(count, _SERIFS)
    ends = used & joined
    ends[:, :-1] &= ~joined[:, 1:]
    begins = used & ~joined
    begins[:, :-1] &= joined[:, 1:]
    begins[:, -1] = False
    writes = _chance(rng, (count,), 0.17)
    across = _chance(rng, (count,), 0.5)
    half = _between(rng, (count,), 0.05, 0.17)
    for is_end, inward in ((begins, 1), (ends, -1)):
        picture, place = np.nonzero(is_end & writes[:, None])
        first = np.searchsorted(picture, picture)
        number = np.arange(len(picture)) - first
        few = (number < _SERIFS // 2) & _chance(rng, (len(picture),), 0.85)
        picture, place, number = picture[few], place[few], number[few]
        further = np.clip(place + 2 * inward, 0, POINTS - 1)
        here = points[picture, place]
        along = points[picture, further] - here
        along /= np.maximum(np.hypot(*along.T), 1e-6)[:, None]
        normal = np.stack([-along[:, 1], along[:, 0]], axis=1)
        level = np.broadcast_to(np.array([1, 0], np.float32), normal.shape)
        # Printed serifs stand across the stroke or lie level; on a level stroke they stand.
        flat = across[picture] & (np.abs(along[:, 0]) < 0.8)
        side = np.where(flat[:, None], level, normal) * half[picture, None]
        slot = number + (0 if inward > 0 else _SERIFS // 2)
        one_sided = _between(rng, (len(picture), 1), 0.3, 1.0)
        lines.starts[picture, slot] = here - side * one_sided
        lines.ends[picture, slot] = here + side
        lines.down[picture, slot] = True
    return lines


def _widen_slant_and_turn(lines: Lines, rng: np.random.Generator) -> None:
    """Widen, slant, turn and perhaps straighten the lines of each sign, in place."""
    count = len(lines.starts)
    limit = np.log(WIDER)
    stretch = _either(rng, (count,), limit) * np.where(_chance(rng, (count,), 0.4), 1, 0.3)
    width = np.exp(stretch).astype(np.float32)
    angle, slant = np.radians(_either(rng, (count,), TURN)), np.tan(np.radians(_either(rng, (count,), LEAN)))
    cos, sin = np.cos(angle), np.sin(angle)
    straightens = _chance(rng, (count,), 0.7)
    matrix = np.empty((count, 2, 2), np.float32)  # of rows: place @ matrix
    matrix[:, 0] = np.stack([cos * width, sin * width], axis=1)
    matrix[:, 1] = np.stack([cos * slant - sin, sin * slant + cos], axis=1)
    starts, ends = lines.starts @ matrix, lines.ends @ matrix
    shear = np.where(straightens, _shear(Lines(starts, ends, lines.down)), 0)[:, None]
    for points, moved in ((lines.starts, starts), (lines.ends, ends)):
        moved[:, :, 0] -= shear * moved[:, :, 1]
        points[...] = moved


def _shear(lines: Lines) -> Rows:
    """Return the shear that a drawing's straightening would undo, (m,)."""
    starts, ends, down = lines
    along = np.moveaxis(ends - starts, 2, 0)
    weight = np.where(down, np.hypot(*along), 0)
    total = np.maximum(weight.sum(axis=1), 1e-9)
    middle = (starts + ends) / 2
    centre = np.einsum("ml,mlk->mk", weight, middle) / total[:, None]
    offset = np.moveaxis(middle - centre[:, None], 2, 0)
    (xx, xy), (_, yy) = (
        [np.einsum("ml,ml->m", weight, offset[k] * offset[i] + along[k] * along[i] / 12) for i in range(2)]
        for k in range(2)
    )
    shear = np.where(yy > 0.02 * xx, xy / np.maximum(yy, 1e-9), 0)
    return np.clip(shear, -1, 1).astype(np.float32)


def _add(own: Lines, slot: int, rows: NDArray[np.intp], start: Rows, end: Rows) -> None:
    own.starts[rows, slot], own.ends[rows, slot], own.down[rows, slot] = start, end, True


def _upstroke_and_foot(rows: NDArray[np.intp], signs: Signs, own: Lines, rng: np.random.Generator) -> None:
    """Give plain ones an upstroke, a foot or both."""
    some, joined, there = signs.taken(rows)
    high = np.where(there, some[:, :, 1], np.inf).argmin(axis=1)
    low = np.where(there, some[:, :, 1], -np.inf).argmax(axis=1)
    every = np.arange(len(rows))
    top, bottom = some[every, high], some[every, low]
    stem = bottom - top
    height = np.hypot(*stem.T)
    path = np.where(joined[:, 1:], np.hypot(*np.moveaxis(np.diff(some, axis=1), 2, 0)), 0).sum(axis=1)
    plain = (path < 1.2 * height) & (stem[:, 1] > 0.3)
    lean = np.arctan2(-stem[:, 0], stem[:, 1]) * _between(rng, (len(rows),), 0, 1)
    angle = np.radians(_between(rng, (len(rows),), 27, 70)) + lean
    length = height * _between(rng, (len(rows),), 0.15, 0.66)
    flag = np.stack([-np.sin(angle), np.cos(angle)], axis=1) * length[:, None]
    bow = np.stack([-flag[:, 1], flag[:, 0]], axis=1) * _either(rng, (len(rows), 1), 0.12)
    bend, tip = top + flag / 2 + bow, top + flag
    with_flag = np.flatnonzero(plain & _chance(rng, (len(rows),), 0.75))
    _add(own, 0, rows[with_flag], top[with_flag], bend[with_flag])
    _add(own, 1, rows[with_flag], bend[with_flag], tip[with_flag])
    tilt = np.radians(_either(rng, (len(rows),), 12))
    level = np.stack([np.cos(tilt), np.sin(tilt)], axis=1).astype(np.float32) * height[:, None]
    left, right = _between(rng, (len(rows), 1), 0.12, 0.42), _between(rng, (len(rows), 1), 0.12, 0.42)
    with_foot = np.flatnonzero(plain & _chance(rng, (len(rows),), 0.3))
    _add(own, 2, rows[with_foot], (bottom - level * left)[with_foot], (bottom + level * right)[with_foot])


def _bar(rows: NDArray[np.intp], signs: Signs, own: Lines, rng: np.random.Generator) -> None:
    """Draw a level bar through the stem of half of the sevens."""
    some, joined, used = signs.taken(rows)
    at = _between(rng, (len(rows),), -0.1, 0.16)
    near = np.where(used & joined, np.abs(some[:, :, 1] - at[:, None]), np.inf).argmin(axis=1)
    middle = some[np.arange(len(rows)), near]
    tilt = np.radians(_between(rng, (len(rows),), -22, 12))
    level = np.stack([np.cos(tilt), np.sin(tilt)], axis=1).astype(np.float32)
    left, right = _between(rng, (len(rows), 1), 0.1, 0.35), _between(rng, (len(rows), 1), 0.1, 0.35)
    crossed = np.flatnonzero(_chance(rng, (len(rows),), 0.45))
    _add(own, 0, rows[crossed], (middle - level * left)[crossed], (middle + level * right)[crossed])


_OWN_LINES: dict[int, Callable[..., None]] = {1: _upstroke_and_foot, 7: _bar}
"""What only some hands add to a digit."""

_FOURS = (
    (((-0.2, -0.42), (-0.38, 0.1), (0.4, 0.1)), ((0.16, -0.3), (0.12, 0.5))),  # open
    (((-0.3, -0.5), (-0.34, 0.05), (0.3, 0.05)), ((0.24, -0.5), (0.22, 0.5))),  # open, square
    (((0.12, -0.5), (-0.38, 0.16), (0.42, 0.16)), ((0.12, -0.5), (0.12, 0.5))),  # closed
    (((0.1, -0.5), (-0.36, 0.12), (0.38, 0.12)), ((0.2, -0.12), (0.16, 0.5))),  # half closed
)
"""Fours as the strokes of a pen."""

_SEVENS = (
    (((-0.34, -0.5), (0.34, -0.5), (-0.08, 0.5)),),
    (((-0.34, -0.36), (-0.34, -0.5), (0.34, -0.5), (0.0, 0.0), (-0.1, 0.5)),),
)
"""Sevens as the strokes of a pen: plain, and with a tick."""

_ONES = ((((0.0, -0.5), (0.0, 0.5)),),)
"""A one as the stroke of a pen."""

_WRITTEN = {1: (_ONES, 0.45, 0.04), 4: (_FOURS, 0.35, 0.05), 7: (_SEVENS, 0.2, 0.05)}
"""By digit: how hands write it, the share that is written so, and how far corners stray."""


def _rewrite(signs: Signs, labels: NDArray[np.intp], rng: np.random.Generator) -> None:
    """Write some digits as the table has them, in place."""
    points, joined, used = signs
    for digit, (ways, share, strays) in _WRITTEN.items():
        rows = np.flatnonzero((labels == digit) & _chance(rng, (len(labels),), share))
        kinds = rng.integers(0, len(ways), len(rows))
        for kind, way in enumerate(ways):
            some = rows[kinds == kind]
            used[some], joined[some] = False, False
            first = 0
            for stroke in way:
                shape = (len(some), len(stroke), 2)
                corners = np.array(stroke, np.float32) + strays * rng.standard_normal(shape, np.float32)
                line = _along(corners, 8 if len(stroke) < 4 else 4)
                until = first + line.shape[1]
                points[some, first:until] = line
                used[some, first:until] = True
                joined[some, first + 1 : until] = True
                first = until


def _along(corners: Rows, pieces: int) -> Rows:
    """Return points along lines from corner to corner, (m, corners, 2), so many pieces between two."""
    last = corners.shape[1] - 1
    places = np.linspace(0, last, pieces * last + 1, dtype=np.float32)
    corner = np.minimum(places.astype(int), last - 1)
    part = (places - corner)[:, None]
    points: Rows = corners[:, corner] * (1 - part) + corners[:, corner + 1] * part
    return points
