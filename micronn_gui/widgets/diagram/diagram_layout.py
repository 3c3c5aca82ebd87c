"""Where the nodes and links of a network diagram lie, and which of them are shown at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QPainterPath

from micronn_gui.theme import px, text_size

Values = NDArray[np.floating]

MOST_NODES, MOST_LINKS = 16, 150
"""Nodes shown of a column, and links between two columns."""

MARGIN = 4
LEAST_GAP, GAP, WIDEST_GAP = 24, 80, 300
"""The space between two columns, in pixels: the least, what is kept free while boxes can shrink, the most."""

LEAST_PITCH, PITCH, BOX, APART = 20, 110, 44, 7
"""The least and the most from box to box in a column, the most height of a box, and the space between two."""

FEW_COLUMNS, WITH_WORDS, NARROW_IMAGES = 3, 76, 62
"""Of so few columns, those with pictures have room for names and values at least; else for a picture."""

THICKEST, THINNEST = 7.0, 0.8
"""Pixels of the link with the largest share, and the least that can be seen."""

REACH = 5
"""Pixels beside a link that still belong to it."""

USUAL, MOST_GROWN = (760, 480), 4.0
"""The page, in pixels, from which on boxes grow with it, and how much they grow at most."""

STEPS = np.linspace(0, 1, 25)
"""Places along a link that are compared with the mouse's."""


@dataclass(frozen=True, eq=False)
class DiagramColumn:
    """A layer.

    Attributes:
        title: what it is called.
        names: of its n nodes.
        values: (n,), what each node has.
        images: (n, rows, columns) or None: a picture in each node. In the first column they are
            ink on paper, 0 to 1, in the others weights, in the diverging colours.
        bars: whether its values are bars; else they tint their boxes.
        empty: whether nothing has come so far yet: the boxes have their names only.
        winner: the node that is framed, or None.
    """

    title: str
    names: Sequence[str]
    values: Values
    images: Values | None = None
    bars: bool = False
    empty: bool = False
    winner: int | None = None

    @property
    def limit(self) -> float:
        """The largest absolute value; what is not finite does not count."""
        return largest(self.values)

    @property
    def is_picture(self) -> bool:
        """Whether it is a single picture, as the input of a network can be."""
        return self.images is not None and len(self.values) == 1

    @property
    def is_share(self) -> bool:
        """Whether its values are shares of 1, as softmax makes them."""
        values = np.asarray(self.values)
        return bool(len(values) and (values >= 0).all() and abs(float(values.sum()) - 1) < 1e-6)


@dataclass(frozen=True, eq=False)
class DiagramLinks:
    """What flows between a column and the next.

    Attributes:
        values: (n_next, n_this), 0 where there is no link.
        lit: whether they are what is told now; else they are pale.
    """

    values: Values
    lit: bool = True


class Node(NamedTuple):
    """A node by its column and its number among all nodes of that layer."""

    column: int
    number: int


class Link(NamedTuple):
    """A link by the column it starts in and the indices of its ends."""

    column: int
    source: int
    target: int

    @property
    def ends(self) -> tuple[Node, Node]:
        """The nodes that it joins, left and right."""
        return Node(self.column, self.source), Node(self.column + 1, self.target)


@dataclass(frozen=True, eq=False)
class PlacedLink:
    """A link on the page.

    Attributes:
        link: which.
        value: what flows.
        share: value / the largest absolute value between these columns, -1 to 1.
        start: its left end.
        end: its right end.
    """

    link: Link
    value: float
    share: float
    start: QPointF
    end: QPointF

    @property
    def width(self) -> float:
        """How thick it is, in pixels."""
        return max(THICKEST * text_size.factor * abs(self.share), THINNEST)

    @property
    def path(self) -> QPainterPath:
        """The curve: it leaves and arrives horizontally."""
        middle = (self.start.x() + self.end.x()) / 2
        path = QPainterPath(self.start)
        path.cubicTo(QPointF(middle, self.start.y()), QPointF(middle, self.end.y()), self.end)
        return path


def largest(values: Values) -> float:
    """Return the largest absolute value that is finite, or 0: a network may have diverged."""
    known = np.abs(values[np.isfinite(values)])
    return float(known.max()) if known.size else 0.0


def strongest(values: Values, most: int) -> list[int]:
    """Return the indices of the largest absolute values, at most so many, in ascending order."""
    order = np.argsort(-np.abs(values), kind="stable")[:most]
    return [int(i) for i in np.sort(order)]


class DiagramLayout:
    """The places of everything, for one size of the page.

    Attributes:
        columns: the layers.
        size: of the page.
        nodes: the box of each node that is shown.
        links: the links that are shown, the strongest last.
        grow: how much larger the boxes and their words are than usual: 1 or, on a large page, more.
        lit: for each gap between two columns, whether its links are what is told now.
        more: for columns with nodes that are not shown: where that is said, and how many.
    """

    def __init__(
        self,
        columns: Sequence[DiagramColumn],
        links: Sequence[DiagramLinks],
        size: QSizeF,
        focus: Node | None = None,
    ) -> None:
        _check(columns, links)
        self._focus = focus
        self.columns, self.size = columns, size
        self.nodes: dict[Node, QRectF] = {}
        self.more: list[tuple[QRectF, int]] = []
        self.grow = min(max(min(size.width() / px(USUAL[0]), size.height() / px(USUAL[1])), 1.0), MOST_GROWN)
        self.lit = [each.lit for each in links]
        widths, gap = _widths(columns, size, self.grow)
        left = (size.width() - sum(widths) - gap * (len(columns) - 1)) / 2
        for i, (column, width) in enumerate(zip(columns, widths, strict=True)):
            height = max(size.height() - 2 * px(MARGIN), 1.0)
            self._place_column(i, column, QRectF(left, px(MARGIN), width, height))
            left += width + gap
        placed = [link for i, each in enumerate(links) for link in self._placed(i, each.values)]
        self.links = sorted(placed, key=lambda link: abs(link.share))

    def _place_column(self, i: int, column: DiagramColumn, area: QRectF) -> None:
        fit = int(area.height() / px(LEAST_PITCH))
        all_fit = len(column.values) <= min(fit, MOST_NODES)
        most = MOST_NODES if all_fit else max(min(fit - 1, MOST_NODES), 1)
        shown = strongest(column.values, most)
        told = self._focus.number if self._focus and self._focus.column == i else -1
        if told not in shown and 0 <= told < len(column.values):  # what is told of is always shown
            shown = sorted([*strongest(column.values, most - 1), told])
        hidden = len(column.values) - len(shown)
        rows = len(shown) + (hidden > 0)
        if i == 0 and column.is_picture:
            side = min(area.width(), area.height())
            self.nodes[Node(i, shown[0])] = QRectF(area.x(), area.center().y() - side / 2, side, side)
            return
        pitch = min(area.height() / max(rows, 1), px(PITCH) * self.grow)
        height = min(pitch - min(px(APART), pitch * 0.16), px(BOX) * self.grow)
        top = area.center().y() - pitch * rows / 2
        for row, index in enumerate(shown):
            y = top + pitch * row + (pitch - height) / 2
            self.nodes[Node(i, index)] = QRectF(area.x(), round(y), area.width(), height)
        if hidden:
            self.more.append(
                (
                    QRectF(area.x() - px(20), top + pitch * (rows - 1), area.width() + px(40), pitch),
                    hidden,
                )
            )

    def _placed(self, i: int, values: Values) -> list[PlacedLink]:
        """Return the strongest links from column i to the next."""
        sources = [node for node in self.nodes if node.column == i]
        targets = [node for node in self.nodes if node.column == i + 1]
        seen = np.asarray(values)[np.ix_([n.number for n in targets], [n.number for n in sources])]
        seen = np.where(np.isfinite(seen), seen, 0.0)
        limit = largest(seen)
        result = []
        for at in strongest(seen.ravel(), MOST_LINKS):
            target, source = targets[at // len(sources)], sources[at % len(sources)]
            value = float(seen.flat[at])
            if value:
                start, end = _ports(self.nodes[source], self.nodes[target])
                link = Link(i, source.number, target.number)
                result.append(PlacedLink(link, value, value / limit, start, end))
        return result

    def node_at(self, point: QPointF) -> Node | None:
        """Return the node under a point."""
        return next((node for node, box in self.nodes.items() if box.contains(point)), None)

    @cached_property
    def _curves(self) -> Values:
        """Points along all links, (links, steps, 2), which only the mouse asks for."""
        return np.array([_curve(link) for link in self.links]).reshape(-1, len(STEPS), 2)

    def link_at(self, point: QPointF) -> Link | None:
        """Return the link under a point or close beside it; where several cross, the nearest."""
        if not len(self._curves):
            return None
        here = np.array([point.x(), point.y()])
        start, along = self._curves[:, :-1], np.diff(self._curves, axis=1)
        shares = np.einsum("lsc,lsc->ls", here - start, along) / np.maximum((along**2).sum(-1), 1e-9)
        nearest = start + np.clip(shares, 0, 1)[..., None] * along
        distances = np.sqrt(((nearest - here) ** 2).sum(-1)).min(axis=1)
        beyond = distances - np.array([link.width / 2 for link in self.links])
        i = int(beyond.argmin())
        return self.links[i].link if beyond[i] <= px(REACH) else None

    def beside(self, thing: Node | Link, fan: Node | None, columns: int, rows: int) -> Node | Link:
        """Return what the arrow keys lead to: across, from a node over its strongest link to another node.

        Args:
            thing: where they begin.
            fan: the node that a link was reached from: up and down lead to its other links.
            columns: to the right, or to the left if negative; 0 for up and down.
            rows: down, or up if negative.
        """
        if isinstance(thing, Link):
            return thing.ends[columns > 0] if columns else self._next_in_fan(thing, fan, rows)
        if not columns:
            column = [node for node in self.nodes if node.column == thing.column]
            return column[min(max(column.index(thing) + rows, 0), len(column) - 1)]
        there = [placed.link for placed in self.links if placed.link.ends[columns < 0] == thing]
        if there:
            return there[-1]  # the strongest are the last
        y = self.nodes[thing].center().y()
        others = [node for node in self.nodes if node.column == thing.column + columns]
        return min(others, key=lambda node: abs(self.nodes[node].center().y() - y), default=thing)

    def _next_in_fan(self, link: Link, fan: Node | None, rows: int) -> Link:
        """Return the next link of those that meet in a node, from the top down."""
        meeting = fan if fan in link.ends else link.ends[0]
        links = [placed.link for placed in self.links if meeting in placed.link.ends]
        links = [other for other in links if other.column == link.column]
        links.sort()
        return links[min(max(links.index(link) + rows, 0), len(links) - 1)]


def _check(columns: Sequence[DiagramColumn], links: Sequence[DiagramLinks]) -> None:
    """Raise ValueError where links do not fit the columns that they join."""
    counts = [len(column.values) for column in columns]
    wanted = [(after, before) for before, after in pairwise(counts)]
    given = [np.shape(each.values) for each in links]
    if given != wanted:
        raise ValueError(f"the links between columns of {counts} nodes must be {wanted}, not {given}")


def _widths(columns: Sequence[DiagramColumn], size: QSizeF, grow: float) -> tuple[list[float], float]:
    """Return the width of each column and of the gaps: boxes shrink before the gaps do."""
    least, best = [], []
    for i, column in enumerate(columns):
        if i == 0 and column.is_picture:
            low, high = 64, min(190, 0.44 * size.height() / text_size.factor / grow)
        elif column.images is not None:
            low, high = NARROW_IMAGES if len(columns) > FEW_COLUMNS else WITH_WORDS, 150
        elif column.bars:
            low, high = 78, 152
        else:
            low, high = 44, 112
        least.append(low * text_size.factor)
        best.append(max(low, high) * text_size.factor * grow)
    gaps = len(columns) - 1
    free = size.width() - 2 * px(MARGIN)
    room, wish = free - sum(least) - px(GAP) * gaps, sum(best) - sum(least)
    share = min(max(room / wish, 0.0), 1.0) if wish else 1.0
    widths = [low + share * (high - low) for low, high in zip(least, best, strict=True)]
    squeeze = min((free - px(LEAST_GAP) * gaps) / sum(widths), 1.0) if widths else 1.0
    widths = [float(int(width * squeeze)) for width in widths]
    return widths, min((free - sum(widths)) / gaps, px(WIDEST_GAP) * grow) if gaps else 0.0


def _ports(source: QRectF, target: QRectF) -> tuple[QPointF, QPointF]:
    """Return where a link leaves its source and arrives at its target."""
    return QPointF(source.right(), source.center().y()), QPointF(target.left(), target.center().y())


def _curve(link: PlacedLink) -> Values:
    """Return points along a link, (steps, 2)."""
    t = STEPS
    x = link.start.x() + (link.end.x() - link.start.x()) * (1.5 * t * (1 - t) + t**3)
    y = link.start.y() + (link.end.y() - link.start.y()) * (3 * t**2 - 2 * t**3)
    return np.stack([x, y], axis=1)
