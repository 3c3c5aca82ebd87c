"""Hands to judge a network by: the 400 drawings, written as others write them.

The drawings repeat test pictures of MNIST, which no network was trained on, and what is done to
them here shares no line with what `micronn_core.data.hands` does to training pictures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from micronn_core.drawing.strokes import Drawing

Points = NDArray[np.float64]
Strokes = tuple[Points, ...]
Hand = Callable[[Drawing, np.random.Generator], Strokes]


@dataclass(frozen=True)
class Condition:
    """A way to write.

    Attributes:
        name: what it is, in a few words.
        aim: the share that is to be read rightly.
        hand: writes a drawing so.
        digits: which drawings are written so; all if empty.
    """

    name: str
    aim: float
    hand: Hand
    digits: tuple[int, ...] = ()

    @property
    def bound(self) -> float:
        """What the ready network is held to: the aim, or what it reached where it falls short of that."""
        return SHORT.get(self.name, self.aim)

    def written(self, drawings: Sequence[Drawing], seed: int = 0) -> list[Drawing]:
        """Return drawings in this hand."""
        rng = np.random.default_rng([seed, len(self.name), sum(map(ord, self.name))])
        chosen = [one for one in drawings if not self.digits or one.label in self.digits]
        return [replace(one, strokes=self.hand(one, rng)) for one in chosen]


def height(strokes: Strokes) -> float:
    """Return the height of a drawing."""
    every = np.concatenate(strokes)
    return float(max(np.ptp(every[:, 1]), np.ptp(every[:, 0]) / 3))


def moved(strokes: Strokes, matrix: Points) -> Strokes:
    """Return strokes under a linear map about their middle."""
    every = np.concatenate(strokes)
    middle = (every.min(axis=0) + every.max(axis=0)) / 2
    return tuple((stroke - middle) @ matrix.T + middle for stroke in strokes)


def turned(strokes: Strokes, degrees: float) -> Strokes:
    """Return strokes turned clockwise."""
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return moved(strokes, np.array([[cos, -sin], [sin, cos]]))


def resampled(stroke: Points, count: int) -> Points:
    """Return so many points of a stroke, evenly along it."""
    length = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(stroke, axis=0), axis=1))])
    places = np.linspace(0, length[-1], count)
    return np.stack([np.interp(places, length, stroke[:, axis]) for axis in (0, 1)], axis=1)


def as_drawn(drawing: Drawing, rng: np.random.Generator) -> Strokes:
    """The drawing as it is."""
    return drawing.strokes


def wide(factor: float) -> Hand:
    """So many times as wide."""
    return lambda drawing, rng: moved(drawing.strokes, np.diag([factor, 1.0]))


def rotated(degrees: float) -> Hand:
    """Turned clockwise."""
    return lambda drawing, rng: turned(drawing.strokes, degrees)


def few_points(count: int) -> Hand:
    """The pen seen but so often in each stroke, and straight lines between."""
    return lambda drawing, rng: tuple(resampled(np.asarray(s), count) for s in drawing.strokes)


def child(amount: float) -> Hand:
    """A trembling line, and width, height and direction by chance; 1 is a usual child."""

    def hand(drawing: Drawing, rng: np.random.Generator) -> Strokes:
        size = height(drawing.strokes)
        strokes = []
        for stroke in drawing.strokes:
            fine = resampled(np.asarray(stroke), max(8, len(stroke)))
            # Two waves of its own along each axis: a hand that sways, and one that shakes.
            along = np.linspace(0, 1, len(fine))[:, None]
            for waves, share in ((rng.uniform(1, 3), 0.022), (rng.uniform(4, 9), 0.012)):
                phase = rng.uniform(0, 2 * np.pi, 2)
                fine = fine + amount * share * size * np.sin(2 * np.pi * waves * along + phase)
            fine = fine + rng.normal(0, 0.006 * amount * size, fine.shape)
            strokes.append(fine + rng.normal(0, 0.012 * amount * size, 2))
        stretch = np.diag(np.exp(rng.uniform(-0.2, 0.2, 2) * amount))
        return turned(moved(tuple(strokes), stretch), rng.uniform(-12, 12) * amount)

    return hand


def serifs(share: float, level: bool) -> Hand:
    """A short line at each end of each stroke, level or across it; its length is a share of the height."""

    def hand(drawing: Drawing, rng: np.random.Generator) -> Strokes:
        half = share * height(drawing.strokes) / 2
        added: list[Points] = []
        for stroke in drawing.strokes:
            points = resampled(np.asarray(stroke), 12)
            if np.linalg.norm(points[0] - points[-1]) < 2 * half:
                continue  # a closed line has no ends
            for end, inner in ((points[0], points[1]), (points[-1], points[-2])):
                along = (end - inner) / max(float(np.linalg.norm(end - inner)), 1e-9)
                side = np.array([1.0, 0.0]) if level else np.array([-along[1], along[0]])
                added.append(np.stack([end - half * side, end + half * side]))
        return (*drawing.strokes, *added)

    return hand


def _stem(drawing: Drawing) -> tuple[Points, Points, float]:
    """Return the top and the bottom of a drawing, and how far they are apart."""
    every = np.concatenate(drawing.strokes)
    top, bottom = every[every[:, 1].argmin()], every[every[:, 1].argmax()]
    return top, bottom, float(np.linalg.norm(bottom - top))


def is_plain_one(drawing: Drawing) -> bool:
    """Whether a drawing is a one without upstroke and foot: a single line, hardly bent."""
    *_, length = _stem(drawing)
    path = sum(float(np.linalg.norm(np.diff(s, axis=0), axis=1).sum()) for s in drawing.strokes)
    return drawing.label == 1 and path < 1.15 * length


def european_one(flag: float, degrees: float, foot: float = 0.0) -> Hand:
    """A one with an upstroke, a share of its height long and so far from upright, and perhaps a foot.

    The stem is a stem: it is first leant back until it is nearly upright.
    """

    def hand(drawing: Drawing, rng: np.random.Generator) -> Strokes:
        top, bottom, length = _stem(drawing)
        if not is_plain_one(drawing):
            return drawing.strokes
        lean = (top[0] - bottom[0]) / max(bottom[1] - top[1], 1e-9)
        keep = rng.uniform(0, 0.4)
        strokes = tuple(
            np.stack([s[:, 0] + (1 - keep) * lean * (s[:, 1] - bottom[1]), s[:, 1]], axis=1)
            for s in map(np.asarray, drawing.strokes)
        )
        upright = replace(drawing, strokes=strokes)
        top, bottom, length = _stem(upright)
        angle = np.radians(degrees + rng.normal(0, 3))
        along = np.array([-np.sin(angle), np.cos(angle)]) * flag * length
        bend = along / 2 + np.array([along[1], -along[0]]) * rng.normal(0, 0.05)
        added = [resampled(np.stack([top + along, top + bend, top]), 9)]
        if foot:
            side = np.array([foot * length / 2, rng.normal(0, 0.02) * length])
            added.append(np.stack([bottom - side, bottom + side]))
        return (*strokes, *added)

    return hand


def barred_seven(share: float, at: float, degrees: float) -> Hand:
    """A seven with a bar, a share of the height long, at a share of the height, rising to the right."""

    def hand(drawing: Drawing, rng: np.random.Generator) -> Strokes:
        size = height(drawing.strokes)
        every = np.concatenate([resampled(np.asarray(s), 60) for s in drawing.strokes])
        level = every[:, 1].min() + (at + rng.normal(0, 0.02)) * np.ptp(every[:, 1])
        middle = every[np.abs(every[:, 1] - level).argmin()]
        angle = np.radians(degrees + rng.normal(0, 3))
        side = np.array([np.cos(angle), -np.sin(angle)]) * share * size / 2
        return (*drawing.strokes, np.stack([middle - side, middle + side]))

    return hand


_FOURS = {
    "open": ([[0.3, 0.0], [0.05, 0.6], [0.95, 0.62]], [[0.72, 0.22], [0.66, 1.0]]),
    "closed": ([[0.66, 0.0], [0.0, 0.68], [0.95, 0.68]], [[0.66, 0.0], [0.66, 1.0]]),
}


def four(kind: str) -> Hand:
    """A four of a hand that writes it open, or closed."""

    def hand(drawing: Drawing, rng: np.random.Generator) -> Strokes:
        corners = [np.array(stroke) * [0.75, 1.0] for stroke in _FOURS[kind]]
        strokes = [resampled(c + rng.normal(0, 0.03, c.shape), 17) for c in corners]
        waves = [0.012 * np.cumsum(rng.normal(0, 1, s.shape), axis=0) / 2 for s in strokes]
        return turned(tuple(s + w for s, w in zip(strokes, waves, strict=True)), rng.uniform(-8, 8))

    return hand


def _conditions() -> Iterator[Condition]:
    yield Condition("as drawn", 0.985, as_drawn)
    yield Condition("a child's hand", 0.98, child(1.0))
    yield Condition("a young child's hand", 0.95, child(1.5))
    for kind, level in (("level", True), ("across", False)):
        for share in (0.12, 0.2):
            yield Condition(f"serifs {kind}, {share:.0%} of the height", 0.97, serifs(share, level))
    for factor in (0.5, 0.7, 1.4, 2.0):
        yield Condition(f"width x{factor:g}", 0.96, wide(factor))
    for degrees in (-20, -10, 10, 20):
        yield Condition(f"turned by {degrees}°", 0.96, rotated(degrees))
    for count in (8, 6, 4):
        yield Condition(f"{count} points a stroke", 0.97 if count > 4 else 0.9, few_points(count))
    for flag in (0.2, 0.35, 0.45, 0.6):
        for degrees in (30, 40, 50, 60):
            name = f"1 with an upstroke of {flag:.0%} at {degrees}°"
            yield Condition(name, 0.95, european_one(flag, degrees), (1,))
    yield Condition("1 with upstroke and foot", 0.95, european_one(0.4, 45, 0.5), (1,))
    yield Condition("1 with a foot", 0.95, european_one(0.05, 45, 0.5), (1,))
    yield Condition("plain 1", 0.985, as_drawn, (1,))
    for share in (0.3, 0.45, 0.6):
        yield Condition(f"7 with a bar of {share:.0%}", 0.95, barred_seven(share, 0.5, 5), (7,))
    yield Condition("7 with a low bar", 0.95, barred_seven(0.45, 0.62, 0), (7,))
    yield Condition("plain 7", 0.95, as_drawn, (7,))
    for kind in _FOURS:
        yield Condition(f"4 written {kind}", 0.95, four(kind), (4,))


SHORT: dict[str, float] = {
    "width x0.5": 0.95,
    "4 points a stroke": 0.86,
    "1 with an upstroke of 20% at 30°": 0.94,
    "1 with an upstroke of 20% at 40°": 0.94,
    "1 with an upstroke of 20% at 50°": 0.94,
    "1 with an upstroke of 20% at 60°": 0.92,
    "1 with an upstroke of 35% at 30°": 0.94,
    "1 with an upstroke of 35% at 40°": 0.94,
    "1 with an upstroke of 35% at 50°": 0.89,
    "1 with an upstroke of 35% at 60°": 0.73,
    "1 with an upstroke of 45% at 30°": 0.94,
    "1 with an upstroke of 45% at 40°": 0.92,
    "1 with an upstroke of 45% at 50°": 0.92,
    "1 with an upstroke of 45% at 60°": 0.71,
    "1 with an upstroke of 60% at 30°": 0.94,
    "1 with an upstroke of 60% at 40°": 0.94,
    "1 with an upstroke of 60% at 50°": 0.92,
    "1 with an upstroke of 60% at 60°": 0.76,
    "plain 1": 0.97,
}
"""Where the ready network falls short of the aim, and what it reads at least."""

CONDITIONS = tuple(_conditions())
"""The ways to write, from the usual to the rare."""
