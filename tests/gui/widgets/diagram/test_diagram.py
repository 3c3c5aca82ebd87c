"""The network diagram: links as thick as their share, nodes that the mouse and the keys find."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from micronn_gui.theme import DARK, LIGHT, Theme, contrast, diverging_colors, themes
from micronn_gui.widgets.diagram.diagram import DiagramColumn, DiagramLinks, NetworkDiagram
from micronn_gui.widgets.diagram.diagram_layout import (
    MOST_LINKS,
    MOST_NODES,
    THICKEST,
    DiagramLayout,
    Link,
    Node,
    PlacedLink,
)
from micronn_gui.widgets.diagram.diagram_painter import DiagramPainter, _paint_words, short_text

Network = tuple[list[DiagramColumn], list[DiagramLinks]]

SMALL: Network = (
    [
        DiagramColumn("x", ["x0", "x1", "x2"], np.array([0.5, 0.8, 0.2])),
        DiagramColumn("hidden, ReLU", ["h0", "h1"], np.array([0.0, 0.14])),
        DiagramColumn("softmax", ["0", "1"], np.array([0.504, 0.496]), bars=True, winner=0),
    ],
    [
        DiagramLinks(np.array([[0.1, -0.24, 0.02], [0.2, 0.08, -0.04]])),
        DiagramLinks(np.array([[0.0, 0.07], [0.0, -0.035]])),
    ],
)
PICTURE = np.zeros((1, 28, 28))
PICTURE[0, :14] = 1


def network(*sizes: int, seed: int = 1) -> Network:
    """Return a random network behind a picture, with weights in the nodes of the first hidden layer."""
    rng = np.random.default_rng(seed)
    columns = [DiagramColumn("x", ["x"], np.ones(1), PICTURE)]
    for i, size in enumerate(sizes):
        images = rng.normal(size=(size, 28, 28)) if i == 0 else None
        names = [f"h{k}" for k in range(size)]
        columns.append(DiagramColumn(f"hidden {i + 1}", names, rng.normal(size=size), images))
    values = rng.dirichlet(np.ones(10))
    columns.append(DiagramColumn("softmax", [str(k) for k in range(10)], values, bars=True))
    counts = [len(column.values) for column in columns]
    links = [DiagramLinks(rng.normal(size=(after, before))) for before, after in pairwise(counts)]
    return columns, links


@pytest.fixture
def diagram(qtbot: QtBot) -> NetworkDiagram:
    made = NetworkDiagram("Network")
    qtbot.addWidget(made)
    made.resize(640, 420)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.clearFocus()
    made.show_network(*SMALL)
    return made


def laid_out(shown: Network = SMALL, size: tuple[int, int] = (640, 420)) -> DiagramLayout:
    return DiagramLayout(*shown, QSizeF(*size))


def at(node: Node, layout: DiagramLayout | None = None) -> QPoint:
    return (layout or laid_out()).nodes[node].center().toPoint()


def placed(link: Link, layout: DiagramLayout | None = None) -> PlacedLink:
    return next(each for each in (layout or laid_out()).links if each.link == link)


def on(link: Link, share: float = 0.6, layout: DiagramLayout | None = None) -> QPoint:
    return placed(link, layout).path.pointAtPercent(share).toPoint()


def pixel(diagram: NetworkDiagram, point: QPoint) -> QColor:
    return diagram.grab().toImage().pixelColor(point)


def distance(one: QColor, other: QColor) -> int:
    """Return how far two colours lie apart, 0 to 765."""
    parts = zip(one.getRgb()[:3], other.getRgb()[:3], strict=True)  # type: ignore[index]
    return sum(abs(a - b) for a, b in parts)


# -- what is shown, and where --


@pytest.mark.parametrize("shown", [SMALL, network(10), network(16, 16, 16, 16), network(512, 512)])
@pytest.mark.parametrize("size", [(640, 420), (320, 240), (1200, 700)])
def test_that_every_node_lies_on_the_page_apart_from_the_others(
    shown: Network, size: tuple[int, int]
) -> None:
    layout = laid_out(shown, size)
    page, boxes = QRectF(0, 0, *size), list(layout.nodes.values())
    assert all(page.contains(box) for box in boxes)
    assert not any(a.intersects(b) for i, a in enumerate(boxes) for b in boxes[:i])


@pytest.mark.parametrize("shown", [network(10), network(10, 10, 10, 10, 10), network(512, 512)])
def test_that_columns_leave_room_for_their_links(shown: Network) -> None:
    assert all(link.end.x() - link.start.x() >= 40 for link in laid_out(shown).links)


def test_that_a_wide_column_shows_its_strongest_nodes_and_says_how_many_more_there_are() -> None:
    shown = network(512)
    layout = laid_out(shown)
    kept = [node.number for node in layout.nodes if node.column == 1]
    strengths = np.abs(shown[0][1].values)
    assert kept == sorted(np.argsort(-strengths)[:MOST_NODES])
    assert [count for _, count in layout.more] == [512 - MOST_NODES]


def test_that_what_is_told_of_is_shown_however_weak_it_is() -> None:
    shown = network(512)
    weakest = int(np.abs(shown[0][1].values).argmin())
    layout = DiagramLayout(*shown, QSizeF(640, 420), Node(1, weakest))
    assert Node(1, weakest) in layout.nodes
    assert len([node for node in layout.nodes if node.column == 1]) == MOST_NODES


def test_that_a_low_page_shows_fewer_nodes_but_never_too_low_ones() -> None:
    layout = laid_out(network(16), (320, 240))
    assert len(layout.nodes) == 1 + 10 + 10
    assert [count for _, count in layout.more] == [6]
    assert min(box.height() for box in layout.nodes.values()) >= 14


def test_that_a_column_that_finds_room_shows_all_its_nodes() -> None:
    layout = laid_out(network(MOST_NODES))
    assert [node.number for node in layout.nodes if node.column == 1] == list(range(MOST_NODES))
    assert layout.more == []


def test_that_between_wide_columns_the_strongest_links_are_shown() -> None:
    shown = network(16, 16)
    links = [each for each in laid_out(shown).links if each.link.column == 1]
    strengths = np.sort(np.abs(shown[1][1].values), axis=None)
    assert len(links) == MOST_LINKS
    assert min(abs(each.value) for each in links) == strengths[-MOST_LINKS]


def test_that_links_of_zero_are_not_there() -> None:
    assert {each.link for each in laid_out().links if each.link.column == 1} == {Link(1, 1, 0), Link(1, 1, 1)}


def test_that_links_are_as_thick_as_their_share() -> None:
    assert placed(Link(0, 1, 0)).width == pytest.approx(THICKEST)
    assert placed(Link(0, 0, 1)).width == pytest.approx(THICKEST * 0.2 / 0.24)
    assert placed(Link(1, 1, 1)).width == pytest.approx(THICKEST / 2)


def test_that_links_that_do_not_fit_their_columns_are_refused(diagram: NetworkDiagram) -> None:
    columns, links = SMALL
    with pytest.raises(ValueError, match=r"\(2, 3\)"):
        diagram.show_network(columns, [DiagramLinks(links[0].values.T), links[1]])
    with pytest.raises(ValueError, match="columns of"):
        diagram.show_network(columns, links[:1])


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_that_a_network_that_has_diverged_can_be_shown(diagram: NetworkDiagram, bad: float) -> None:
    columns, links = network(10)
    for column in columns[1:]:
        column.values[3] = bad
    links[1].values[3] = bad
    assert columns[1].images is not None
    columns[1].images[2] = bad
    diagram.show_network(columns, links)
    diagram.grab()
    assert all(each.link.target != 3 for each in laid_out((columns, links)).links if each.link.column == 1)


# -- painting --


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_that_blue_links_are_positive_and_orange_ones_negative(diagram: NetworkDiagram, theme: Theme) -> None:
    themes.use(theme)
    positive, negative = theme.color("positive"), theme.color("negative")
    blue, orange = pixel(diagram, on(Link(0, 0, 1), 0.75)), pixel(diagram, on(Link(0, 1, 0), 0.8))
    assert distance(blue, positive) < 150 < distance(blue, negative)
    assert distance(orange, negative) < 150 < distance(orange, positive)


def test_that_links_lie_under_the_nodes(diagram: NetworkDiagram) -> None:
    columns, links = SMALL
    before = pixel(diagram, at(Node(1, 0)) + QPoint(-30, 12))
    diagram.show_network(columns, [DiagramLinks(-links[0].values), links[1]])
    assert pixel(diagram, at(Node(1, 0)) + QPoint(-30, 12)) == before


def test_that_arrow_heads_show_what_flows_back(diagram: NetworkDiagram) -> None:
    link = placed(Link(0, 1, 0))
    beside = QPointF(0, link.width / 2 + 0.5)  # a head is broader than its line
    left, right = link.start + QPointF(9, 0) + beside, link.end - QPointF(9, 0) + beside
    ground, color = pixel(diagram, QPoint(2, 410)), LIGHT.color("negative")

    def heads() -> tuple[bool, bool]:
        pixels = pixel(diagram, left.toPoint()), pixel(diagram, right.toPoint())
        first, second = (distance(each, color) < distance(each, ground) for each in pixels)
        return first, second

    assert heads() == (False, False)
    diagram.show_network(*SMALL, backward=True)
    assert heads() == (True, False)


def test_that_the_input_is_ink_on_paper(diagram: NetworkDiagram) -> None:
    diagram.show_network(*network(10))
    box = laid_out(network(10)).nodes[Node(0, 0)]
    upper, lower = (box.center() + QPointF(0, way * box.height() / 4) for way in (-1, 1))
    assert pixel(diagram, upper.toPoint()) == LIGHT.color("text")
    assert pixel(diagram, lower.toPoint()) == LIGHT.color("card")


def test_that_the_weights_of_a_column_are_in_one_scale(diagram: NetworkDiagram) -> None:
    columns, links = network(3)
    images = np.ones((3, 28, 28)) * np.array([2.0, -2.0, 0.0])[:, None, None]
    columns[1] = DiagramColumn("hidden", ["h0", "h1", "h2"], np.zeros(3), images)
    diagram.show_network(columns, links)
    boxes = laid_out((columns, links)).nodes
    for i, role in enumerate(("positive", "negative", "zero")):
        inside = boxes[Node(1, i)].topLeft() + QPointF(15, 15)
        assert pixel(diagram, inside.toPoint()) == LIGHT.color(role)


def test_that_probabilities_are_bars_and_other_outputs_tint_their_boxes(diagram: NetworkDiagram) -> None:
    columns, links = SMALL
    assert pixel(diagram, at(Node(2, 0)) - QPoint(30, 0)) == LIGHT.color("accent")
    errors = DiagramColumn("dz2", ["0", "1"], np.array([0.504, -0.504]))
    diagram.show_network([*columns[:2], errors], links, backward=True)
    box = laid_out(([*columns[:2], errors], links)).nodes[Node(2, 1)]
    tint = pixel(diagram, (box.topLeft() + QPointF(8, 8)).toPoint())
    assert distance(tint, LIGHT.color("negative")) < distance(LIGHT.color("card"), LIGHT.color("negative"))


def votes(*values: float) -> Network:
    """Return the small network with these sums of votes."""
    columns, links = SMALL
    names = [str(k) for k in range(len(values))]
    last = DiagramColumn("z2", names, np.array(values), bars=True, winner=0)
    return [*columns[:2], last], [links[0], DiagramLinks(np.ones((len(values), 2)))]


def ink(diagram: NetworkDiagram, box: QRectF, color: QColor) -> list[int]:
    """Return where a colour is in the middle of a box."""
    image, y = diagram.grab().toImage(), round(box.center().y())
    return [x for x in range(int(box.left()), int(box.right())) if image.pixelColor(x, y) == color]


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_that_votes_against_a_class_go_to_the_left_of_a_common_zero(
    diagram: NetworkDiagram, theme: Theme
) -> None:
    themes.use(theme)
    shown = votes(8.0, -4.0, 0.0)
    diagram.show_network(*shown)
    boxes = [laid_out(shown).nodes[Node(2, k)] for k in range(3)]
    blue, orange = theme.color("positive"), theme.color("negative")
    right, left = ink(diagram, boxes[0], blue), ink(diagram, boxes[1], orange)
    assert abs(left[-1] - right[0]) <= 3
    assert len(left) == pytest.approx(len(right) / 2, abs=3)
    assert not ink(diagram, boxes[2], blue)
    assert not ink(diagram, boxes[2], orange)


def test_that_the_values_of_a_column_have_the_same_decimals_and_few_signs() -> None:
    for values, texts in (
        ((8.0, -5.5, -0.004), ["8.00", "−5.50", "0.00"]),
        ((0.05, -0.0123), ["0.050", "−0.012"]),
        ((220.0, 1.5), ["220", "2"]),
        ((0.0, 0.0), ["0.00", "0.00"]),
        ((12_000.0, 1.5), ["1e4", "1.50"]),
        ((math.inf, 1.5), ["inf", "1.50"]),
    ):
        painter = DiagramPainter(laid_out(votes(*values)), False)
        assert [painter._texts[Node(2, k)] for k in range(len(values))] == texts


@pytest.mark.parametrize(("size", "pictured"), [((300, 240), False), ((640, 420), True)])
def test_that_a_narrow_page_leaves_out_pictures_before_values(
    diagram: NetworkDiagram, size: tuple[int, int], pictured: bool
) -> None:
    columns, links = network(10)
    hidden = DiagramColumn("a1", [f"h{k}" for k in range(10)], np.zeros(10), np.ones((10, 28, 28)))
    shown = [columns[0], hidden, columns[2]], links
    diagram.resize(*size)
    diagram.show_network(*shown)
    box = laid_out(shown, size).nodes[Node(1, 0)]
    assert bool(ink(diagram, box, LIGHT.color("positive"))) == pictured
    image = diagram.grab().toImage()
    letters = [
        x
        for x in range(int(box.left()), int(box.right()))
        if any(image.pixelColor(x, y).lightness() < 70 for y in range(int(box.top()), int(box.bottom())))
    ]
    assert letters[-1] - letters[0] >= 7 * 7  # "h0 0.00"


@pytest.mark.parametrize("size", [(1500, 900), (3000, 1600)])
def test_that_boxes_grow_until_the_diagram_fills_a_large_page(size: tuple[int, int]) -> None:
    layout = laid_out(network(10), size)
    left, right = layout.nodes[Node(0, 0)].left(), layout.nodes[Node(2, 0)].right()
    assert left <= 8
    assert right >= size[0] - 8
    top, bottom = layout.nodes[Node(2, 0)].top(), layout.nodes[Node(2, 9)].bottom()
    assert bottom - top >= 0.95 * size[1]
    assert layout.nodes[Node(2, 0)].height() >= 0.08 * size[1]


def test_that_what_comes_later_has_its_names_only(diagram: NetworkDiagram) -> None:
    columns, links = SMALL
    later = DiagramColumn("softmax", ["0", "1"], np.array([0.504, 0.496]), bars=True, empty=True, winner=0)
    diagram.show_network([*columns[:2], later], links)
    assert distance(pixel(diagram, at(Node(2, 0)) - QPoint(30, 0)), LIGHT.color("card")) < 30


def test_that_links_that_do_not_belong_to_what_is_told_are_faint(diagram: NetworkDiagram) -> None:
    ground = pixel(diagram, QPoint(2, 410))

    def strength(link: Link) -> int:
        return distance(pixel(diagram, on(link, 0.8)), ground)

    before = strength(Link(0, 1, 0))
    diagram.show_network(*SMALL, focus=(1, 1))
    assert strength(Link(0, 1, 0)) < before / 3
    columns, (first, second) = SMALL
    diagram.show_network(columns, [DiagramLinks(first.values, lit=False), second])
    assert strength(Link(0, 1, 0)) < before / 2


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_that_words_can_be_read_on_every_colour(theme: Theme) -> None:
    inks = theme.color("text"), theme.color("card")
    for rgb in diverging_colors(theme)[1:]:
        assert max(contrast(ink, QColor.fromRgba(rgb)) for ink in inks) >= 3.8


def test_that_where_words_find_no_room_none_are_painted(qtlog: Any) -> None:  # noqa: ANN401 - of pytest-qt, without a name
    image = QImage(40, 40, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    with QPainter(image) as painter:
        _paint_words(painter, QRectF(0, 0, 3, 30), ("a0", "0.5"), (2, 3))
    assert all(image.pixelColor(x, 15) == QColor("white") for x in range(40))
    assert not qtlog.records


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (-0.02, "−0.020"),
        (0.504, "0.50"),
        (-9.513, "−9.51"),
        (123.4, "123"),
        (0.00042, "4e-4".replace("-", "−")),
        (-123456.0, "−1e5"),
        (float("nan"), "nan"),
        (float("-inf"), "−inf"),
    ],
)
def test_that_numbers_are_written_in_six_signs(value: float, text: str) -> None:
    assert short_text(value) == text
    assert len(text) <= 6


# -- mouse --


def test_that_hovering_says_column_and_node(qtbot: QtBot, diagram: NetworkDiagram) -> None:
    spy = QSignalSpy(diagram.hovered)
    qtbot.mouseMove(diagram, at(Node(1, 1)))
    qtbot.mouseMove(diagram, at(Node(2, 0)))
    QApplication.sendEvent(diagram, QEvent(QEvent.Type.Leave))
    assert [spy.at(i) for i in range(spy.count())] == [[1, 1], [2, 0], [-1, -1]]


def test_that_a_hovered_node_brings_out_its_links_and_the_others_fade(
    qtbot: QtBot, diagram: NetworkDiagram
) -> None:
    ground = pixel(diagram, QPoint(2, 410))
    own, other = on(Link(0, 0, 1), 0.75), on(Link(0, 1, 0), 0.8)
    before = distance(pixel(diagram, own), ground), distance(pixel(diagram, other), ground)
    qtbot.mouseMove(diagram, at(Node(1, 1)))
    after = distance(pixel(diagram, own), ground), distance(pixel(diagram, other), ground)
    assert after[0] >= before[0]
    assert after[1] < before[1] / 3
    box = laid_out().nodes[Node(1, 1)]
    assert distance(pixel(diagram, QPoint(round(box.center().x()), round(box.top()))), QColor("#4353FF")) < 60


def test_that_a_hovered_link_fades_the_others_and_is_described(qtbot: QtBot, diagram: NetworkDiagram) -> None:
    ground = pixel(diagram, QPoint(2, 410))
    other = on(Link(0, 1, 0), 0.8)
    before = distance(pixel(diagram, other), ground)
    qtbot.mouseMove(diagram, on(Link(1, 1, 1)))
    assert diagram.accessibleDescription() == "h1 → 1: −0.035"
    assert distance(pixel(diagram, other), ground) < before / 3


@pytest.mark.parametrize("node", list(laid_out().nodes))
def test_that_a_click_chooses_its_node(qtbot: QtBot, diagram: NetworkDiagram, node: Node) -> None:
    chosen, link_chosen = QSignalSpy(diagram.chosen), QSignalSpy(diagram.link_chosen)
    qtbot.mouseClick(diagram, Qt.MouseButton.LeftButton, pos=at(node))
    assert [chosen.at(i) for i in range(chosen.count())] == [list(node)]
    assert link_chosen.count() == 0


@pytest.mark.parametrize("link", [each.link for each in laid_out().links])
def test_that_a_click_chooses_its_link(qtbot: QtBot, diagram: NetworkDiagram, link: Link) -> None:
    chosen, link_chosen = QSignalSpy(diagram.chosen), QSignalSpy(diagram.link_chosen)
    qtbot.mouseClick(diagram, Qt.MouseButton.LeftButton, pos=on(link, 0.3))
    assert [link_chosen.at(i) for i in range(link_chosen.count())] == [list(link)]
    assert chosen.count() == 0


def test_that_nodes_of_a_collapsed_column_keep_their_numbers(qtbot: QtBot, diagram: NetworkDiagram) -> None:
    shown = network(512)
    diagram.show_network(*shown)
    strongest = Node(1, int(np.abs(shown[0][1].values).argmax()))
    spy = QSignalSpy(diagram.chosen)
    qtbot.mouseClick(diagram, Qt.MouseButton.LeftButton, pos=at(strongest, laid_out(shown)))
    assert spy.at(0) == list(strongest)


def test_that_empty_places_and_other_buttons_choose_nothing(qtbot: QtBot, diagram: NetworkDiagram) -> None:
    chosen, link_chosen = QSignalSpy(diagram.chosen), QSignalSpy(diagram.link_chosen)
    qtbot.mouseClick(diagram, Qt.MouseButton.LeftButton, pos=QPoint(320, 410))
    qtbot.mouseClick(diagram, Qt.MouseButton.RightButton, pos=at(Node(1, 1)))
    qtbot.mouseClick(diagram, Qt.MouseButton.MiddleButton, pos=on(Link(1, 1, 1)))
    assert chosen.count() == link_chosen.count() == 0


# -- keyboard --


def test_that_tab_reaches_the_diagram_and_shows_its_cursor(qtbot: QtBot) -> None:
    page, before, diagram = QWidget(), QLineEdit(), NetworkDiagram("Network")
    diagram.show_network(*SMALL)
    layout = QVBoxLayout(page)
    layout.addWidget(before)
    layout.addWidget(diagram)
    qtbot.addWidget(page)
    with qtbot.waitActive(page):
        page.show()
        page.activateWindow()
    before.setFocus()
    spy = QSignalSpy(diagram.hovered)
    qtbot.keyClick(before, Qt.Key.Key_Tab)
    assert diagram.hasFocus()
    assert [spy.at(i) for i in range(spy.count())] == [[0, 0]]


def test_that_the_arrows_go_over_boxes_and_their_links_and_stay_on_the_page(
    qtbot: QtBot, diagram: NetworkDiagram
) -> None:
    diagram.setFocus(Qt.FocusReason.TabFocusReason)
    keys = Qt.Key
    for key, reached in (
        (keys.Key_Up, "x, x0: 0.50"),
        (keys.Key_Left, "x, x0: 0.50"),
        (keys.Key_Down, "x, x1: 0.80"),
        (keys.Key_Right, "x1 → h0: −0.24"),  # its strongest link
        (keys.Key_Down, "x1 → h1: 0.080"),  # the others that leave it
        (keys.Key_Down, "x1 → h1: 0.080"),
        (keys.Key_Left, "x, x1: 0.80"),
        (keys.Key_Right, "x1 → h0: −0.24"),
        (keys.Key_Right, "hidden, ReLU, h0: 0"),
        (keys.Key_Right, "softmax, 0: 0.50"),  # it has no links
        (keys.Key_Right, "softmax, 0: 0.50"),
        (keys.Key_Left, "h1 → 0: 0.070"),
        (keys.Key_Left, "hidden, ReLU, h1: 0.14"),
    ):
        qtbot.keyClick(diagram, key)
        assert diagram.accessibleDescription() == reached


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_that_enter_chooses_the_link_under_the_cursor(
    qtbot: QtBot, diagram: NetworkDiagram, key: Qt.Key
) -> None:
    diagram.setFocus(Qt.FocusReason.TabFocusReason)
    spy = QSignalSpy(diagram.link_chosen)
    qtbot.keyClick(diagram, Qt.Key.Key_Right)
    qtbot.keyClick(diagram, key)
    assert [spy.at(i) for i in range(spy.count())] == [[0, 0, 1]]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_that_enter_chooses_the_node_under_the_cursor(
    qtbot: QtBot, diagram: NetworkDiagram, key: Qt.Key
) -> None:
    diagram.setFocus(Qt.FocusReason.TabFocusReason)
    spy = QSignalSpy(diagram.chosen)
    qtbot.keyClick(diagram, Qt.Key.Key_Down)
    qtbot.keyClick(diagram, key)
    assert [spy.at(i) for i in range(spy.count())] == [[0, 1]]


def test_that_the_node_under_the_cursor_is_described(qtbot: QtBot, diagram: NetworkDiagram) -> None:
    assert diagram.accessibleDescription() == ""
    diagram.setFocus(Qt.FocusReason.TabFocusReason)
    assert diagram.accessibleDescription() == "x, x0: 0.50"
    qtbot.keyClick(diagram, Qt.Key.Key_Right)
    qtbot.keyClick(diagram, Qt.Key.Key_Right)
    assert diagram.accessibleDescription() == "hidden, ReLU, h1: 0.14"
    diagram.clearFocus()
    assert diagram.accessibleDescription() == ""


def test_that_the_cursor_stays_when_another_sample_is_shown(qtbot: QtBot, diagram: NetworkDiagram) -> None:
    columns, links = SMALL
    diagram.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(diagram, Qt.Key.Key_Down)
    spy = QSignalSpy(diagram.hovered)
    diagram.show_network(
        [DiagramColumn("x", columns[0].names, np.array([0.1, 0.9, 0.3])), *columns[1:]], links
    )
    assert spy.count() == 0
    assert diagram.accessibleDescription() == "x, x1: 0.90"


def test_that_a_cursor_whose_node_is_gone_begins_anew(qtbot: QtBot, diagram: NetworkDiagram) -> None:
    diagram.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(diagram, Qt.Key.Key_Down)
    diagram.show_network(*network(10))
    spy = QSignalSpy(diagram.chosen)
    qtbot.keyClick(diagram, Qt.Key.Key_Return)
    assert spy.count() == 0
    qtbot.keyClick(diagram, Qt.Key.Key_Right)
    qtbot.keyClick(diagram, Qt.Key.Key_Right)
    qtbot.keyClick(diagram, Qt.Key.Key_Return)
    assert spy.at(0)[0] == 1


def test_that_the_arrows_are_claimed_before_shortcuts_and_other_keys_are_not(
    diagram: NetworkDiagram,
) -> None:
    def claimed(key: Qt.Key) -> bool:
        event = QKeyEvent(QEvent.Type.ShortcutOverride, key, Qt.KeyboardModifier.NoModifier)
        event.ignore()
        QApplication.sendEvent(diagram, event)
        return event.isAccepted()

    assert claimed(Qt.Key.Key_Left)
    assert claimed(Qt.Key.Key_Right)
    assert not claimed(Qt.Key.Key_Space)


def test_that_before_anything_is_shown_mouse_and_keys_do_nothing(qtbot: QtBot) -> None:
    empty = NetworkDiagram("Empty")
    qtbot.addWidget(empty)
    empty.show()
    said = [QSignalSpy(signal) for signal in (empty.hovered, empty.chosen, empty.link_chosen)]
    qtbot.mouseMove(empty, QPoint(100, 100))
    qtbot.mouseClick(empty, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Return):
        qtbot.keyClick(empty, key)
    empty.grab()
    assert [spy.count() for spy in said] == [0, 0, 0]
