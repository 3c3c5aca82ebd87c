"""The pad: strokes follow the mouse, in coordinates that run from 0 to 1."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from micronn_gui.theme import DARK, LIGHT, themes
from micronn_gui.widgets.images.canvas import DigitCanvas, PadStroke
from tests.pen import draw, lift, move, press

SIDE = 202
"""The pad's side; one pixel on each side is its border, so that 200 pixels are 1."""


@pytest.fixture
def canvas(qtbot: QtBot) -> DigitCanvas:
    made = DigitCanvas("Pad", "Draw here")
    qtbot.addWidget(made)
    made.resize(SIDE, SIDE)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


SIDE_BUTTONS = [
    Qt.MouseButton.RightButton,
    Qt.MouseButton.MiddleButton,
    Qt.MouseButton.BackButton,
    Qt.MouseButton.ForwardButton,
]


class Heard:
    """What the pad has said, in order."""

    def __init__(self, canvas: DigitCanvas) -> None:
        self.said: list[tuple[str, ...]] = []
        canvas.pen_down.connect(lambda x, y: self._add("down", x, y))
        canvas.pen_pressed.connect(lambda x, y, pressure: self._add("pressed", x, y, pressure))
        canvas.pen_moved.connect(lambda points: self._add("moved", *points[0]))
        canvas.pen_up.connect(lambda: self._add("up"))
        canvas.withdrawn.connect(lambda: self._add("withdrawn"))
        canvas.erased.connect(lambda x, y: self._add("erased", x, y))

    def _add(self, what: str, *place: float) -> None:
        self.said.append((what, *(f"{number:.3f}" for number in place)))


@pytest.fixture
def heard(canvas: DigitCanvas) -> Heard:
    return Heard(canvas)


def pixel(canvas: DigitCanvas, x: float, y: float) -> QColor:
    image: QImage = canvas.grab().toImage()
    return image.pixelColor(round(1 + 200 * x), round(1 + 200 * y))


def test_that_a_stroke_is_said_point_by_point_in_unit_coordinates(canvas: DigitCanvas, heard: Heard) -> None:
    draw(canvas, [[(21, 41), (101, 61), (201, 201)]])
    assert heard.said == [
        ("down", "0.100", "0.200"),
        ("moved", "0.500", "0.300"),
        ("moved", "1.000", "1.000"),
        ("up",),
    ]


def test_that_a_click_is_a_dot(canvas: DigitCanvas, heard: Heard) -> None:
    draw(canvas, [[(101, 101)]])
    assert heard.said == [("down", "0.500", "0.500"), ("up",)]


def test_that_outside_the_pad_the_stroke_goes_along_its_edge(canvas: DigitCanvas, heard: Heard) -> None:
    press(canvas, 101, 101)
    move(canvas, 400, 101)
    move(canvas, -50, -50)
    assert heard.said[1:] == [("moved", "1.000", "0.500"), ("moved", "0.000", "0.000")]


@pytest.mark.parametrize("size", [(402, 202), (202, 402)])
def test_that_the_pad_stays_square_in_the_middle(
    canvas: DigitCanvas, heard: Heard, size: tuple[int, int]
) -> None:
    canvas.resize(*size)
    press(canvas, size[0] / 2 - 100, size[1] / 2 - 100)
    assert heard.said == [("down", "0.000", "0.000")]
    assert canvas.sizeHint().width() == canvas.sizeHint().height()


def test_that_the_trembling_of_the_hand_adds_no_points(canvas: DigitCanvas, heard: Heard) -> None:
    canvas.resize(1202, 1202)
    press(canvas, 601, 601)
    for x, y in ((602, 601), (601, 602), (601, 601)):
        move(canvas, x, y)
    assert heard.said == [("down", "0.500", "0.500")]
    move(canvas, 604, 601)
    assert len(heard.said) == 2


@pytest.mark.parametrize("button", SIDE_BUTTONS)
def test_that_other_buttons_and_a_mouse_that_passes_over_draw_nothing(
    qtbot: QtBot, canvas: DigitCanvas, heard: Heard, button: Qt.MouseButton
) -> None:
    qtbot.mousePress(canvas, button, pos=QPoint(50, 50))
    qtbot.mouseMove(canvas, QPoint(90, 90))
    qtbot.mouseRelease(canvas, button, pos=QPoint(90, 90))
    qtbot.mouseMove(canvas, QPoint(120, 90))
    assert heard.said == []


def test_that_the_eraser_says_where_it_is_and_when_it_is_lifted(canvas: DigitCanvas, heard: Heard) -> None:
    canvas.use(eraser=True)
    draw(canvas, [[(21, 41), (101, 61)]])
    assert heard.said == [("erased", "0.100", "0.200"), ("erased", "0.500", "0.300"), ("up",)]


def test_that_a_stroke_begun_as_a_stroke_ends_as_one(canvas: DigitCanvas, heard: Heard) -> None:
    press(canvas, 21, 41)
    canvas.use(eraser=True)
    move(canvas, 101, 61)
    lift(canvas, 101, 61)
    assert [what for what, *_ in heard.said] == ["down", "moved", "up"]


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Delete, Qt.Key.Key_Backspace])
def test_that_esc_and_delete_clear(qtbot: QtBot, canvas: DigitCanvas, key: Qt.Key) -> None:
    spy = QSignalSpy(canvas.cleared)
    qtbot.keyClick(canvas, key)
    assert spy.count() == 1


def test_that_other_keys_are_left_to_the_window(qtbot: QtBot, canvas: DigitCanvas) -> None:
    spy = QSignalSpy(canvas.cleared)
    qtbot.keyClick(canvas, Qt.Key.Key_Space)
    qtbot.keyClick(canvas, Qt.Key.Key_A)
    assert spy.count() == 0


def test_that_a_side_button_during_a_stroke_neither_ends_nor_breaks_it(
    qtbot: QtBot, canvas: DigitCanvas, heard: Heard
) -> None:
    press(canvas, 21, 41)
    for button in (Qt.MouseButton.RightButton, Qt.MouseButton.BackButton):
        qtbot.mousePress(canvas, button, pos=QPoint(50, 50))
        qtbot.mouseRelease(canvas, button, pos=QPoint(50, 50))
    move(canvas, 101, 61)
    lift(canvas, 101, 61)
    assert [what for what, *_ in heard.said] == ["down", "moved", "up"]


def test_that_the_wheel_is_left_to_the_page(canvas: DigitCanvas, heard: Heard) -> None:
    place, none = QPointF(50, 50), Qt.MouseButton.NoButton
    plain, phase = Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(place, place, QPoint(), QPoint(0, 120), none, plain, phase, False)
    QApplication.sendEvent(canvas, event)
    assert not event.isAccepted()
    assert heard.said == []


# -- painting --


def test_that_a_pen_pressed_harder_draws_a_wider_line(canvas: DigitCanvas) -> None:
    def thickness(pressure: float) -> int:
        canvas.show_strokes([PadStroke([(0.1, 0.5, pressure), (0.9, 0.5, pressure)])])
        return sum(pixel(canvas, 0.5, y / 200) == LIGHT.color("text") for y in range(60, 140))

    assert 3 <= thickness(0.0) < thickness(0.5) < thickness(1.0) <= 20


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_that_strokes_are_painted_where_they_are(canvas: DigitCanvas, theme: object) -> None:
    themes.use(theme)
    canvas.show_strokes([PadStroke([(0.2, 0.5), (0.8, 0.5)]), PadStroke([(0.5, 0.9)])])
    ink = themes.current.color("text")
    for x, y in ((0.2, 0.5), (0.5, 0.5), (0.79, 0.5), (0.5, 0.9)):
        assert pixel(canvas, x, y) == ink
    for x, y in ((0.1, 0.5), (0.5, 0.4), (0.5, 0.6), (0.9, 0.9)):
        assert pixel(canvas, x, y) != ink


@pytest.mark.parametrize("brush", [0.02, 0.06, 0.12])
def test_that_the_brush_says_how_wide_a_stroke_is_painted(canvas: DigitCanvas, brush: float) -> None:
    canvas.show_strokes([PadStroke([(0.2, 0.5), (0.8, 0.5)], brush)])
    image = canvas.grab().toImage()
    ink = LIGHT.color("text").lightness()
    dark = sum(abs(image.pixelColor(101, y).lightness() - ink) < 100 for y in range(20, 180))
    assert dark == pytest.approx(brush * 200, abs=1)


def test_that_an_empty_pad_invites_and_a_drawn_one_does_not(canvas: DigitCanvas) -> None:
    inviting = canvas.grab().toImage()
    canvas.show_strokes([PadStroke([(0.01, 0.01)])])
    image = canvas.grab().toImage()
    middle = [(x, y) for x in range(60, 140) for y in range(85, 115)]
    assert len({inviting.pixelColor(*place).name() for place in middle}) > 1
    assert len({image.pixelColor(*place).name() for place in middle}) == 1


def test_that_a_picture_lies_under_the_strokes(canvas: DigitCanvas) -> None:
    picture = np.zeros((28, 28))
    picture[:14] = 1
    canvas.show_strokes([], picture)
    assert pixel(canvas, 0.5, 0.2) == LIGHT.color("text")
    assert pixel(canvas, 0.5, 0.8) != LIGHT.color("text")


def test_that_an_overlay_lies_where_the_drawing_is_seen(canvas: DigitCanvas) -> None:
    image = QImage(QSize(28, 28), QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    image.setPixelColor(7, 21, QColor("red"))
    canvas.show_strokes([PadStroke([(0.9, 0.1)])])
    canvas.show_overlay(image, np.array([[28, 0, -0.5], [0, 28, -0.5]]))
    assert pixel(canvas, 7.5 / 28, 21.5 / 28) == QColor("red")
    canvas.show_overlay(image, np.array([[56, 0, -0.5], [0, 56, -0.5]]))
    assert pixel(canvas, 7.5 / 56, 21.5 / 56) == QColor("red")
    canvas.show_overlay(None)
    assert pixel(canvas, 7.5 / 56, 21.5 / 56) != QColor("red")


def test_that_a_map_that_leads_nowhere_paints_no_overlay(canvas: DigitCanvas) -> None:
    image = QImage(QSize(28, 28), QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    canvas.show_strokes([PadStroke([(0.9, 0.1)])])
    canvas.show_overlay(image, np.array([[0, 0, 14.0], [0, 0, 14.0]]))
    assert pixel(canvas, 0.5, 0.5) != QColor("red")


def test_that_ten_thousand_points_are_painted(canvas: DigitCanvas) -> None:
    points = np.random.default_rng(1).random((10_000, 2)).tolist()
    canvas.show_strokes([PadStroke(points)])
    assert pixel(canvas, 0.5, 0.5) == LIGHT.color("text")


def test_that_the_number_of_strokes_is_told_to_those_who_cannot_see_it(canvas: DigitCanvas) -> None:
    canvas.show_strokes([PadStroke([(0.1, 0.1)]), PadStroke([(0.2, 0.2)])])
    assert "2" in canvas.accessibleDescription()


# -- what is left out --


def test_that_what_is_left_out_is_an_outline_with_a_word_and_not_a_colour_alone(canvas: DigitCanvas) -> None:
    digit = PadStroke([(0.2, 0.2), (0.2, 0.8)])
    canvas.show_strokes([digit, PadStroke([(0.8, 0.3)], 0.1)])
    assert pixel(canvas, 0.8, 0.3) == LIGHT.color("text")
    canvas.show_strokes([digit, PadStroke([(0.8, 0.3)], 0.1, left_out=True)])
    image = canvas.grab().toImage()
    assert pixel(canvas, 0.8, 0.3) == pixel(canvas, 0.5, 0.5)
    around = [image.pixelColor(161 + round(10 * x), 61 + round(10 * y)) for x, y in circle()]
    drawn = sum(color != pixel(canvas, 0.5, 0.5) for color in around)
    assert 0.3 * len(around) < drawn < len(around)  # dashes and gaps
    word = {image.pixelColor(x, y).name() for x in range(110, 195) for y in range(22, 100)}
    assert LIGHT.color("text").name() in word
    assert canvas.accessibleDescription() == "2 strokes, 1 of them left out as a speck"


def circle() -> list[tuple[float, float]]:
    angles = np.linspace(0, 2 * np.pi, 60)
    return list(zip(np.cos(angles), np.sin(angles), strict=True))


@pytest.mark.parametrize("place", [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)])
def test_that_the_word_beside_what_is_left_out_stays_on_the_pad(
    canvas: DigitCanvas, place: tuple[float, float]
) -> None:
    canvas.show_strokes([PadStroke([(0.5, 0.3), (0.5, 0.7)], 0.06)])
    plain = canvas.grab().toImage()
    canvas.show_strokes([PadStroke([(0.5, 0.3), (0.5, 0.7)], 0.06), PadStroke([place], 0.12, left_out=True)])
    image = canvas.grab().toImage()
    changed = [(x, y) for x in range(SIDE) for y in range(SIDE) if image.pixel(x, y) != plain.pixel(x, y)]
    texts = [(x, y) for x, y in changed if image.pixelColor(x, y).lightness() < 90]
    assert len(texts) > 50
    assert all(4 <= x < SIDE - 4 and 4 <= y < SIDE - 4 for x, y in texts)


@pytest.mark.parametrize("width", [0.02, 0.12])
def test_that_each_stroke_has_a_width_of_its_own(canvas: DigitCanvas, width: float) -> None:
    canvas.show_strokes(
        [PadStroke([(0.1, 0.2), (0.9, 0.2)], 0.06), PadStroke([(0.1, 0.7), (0.9, 0.7)], width)]
    )
    image = canvas.grab().toImage()
    ink = LIGHT.color("text").lightness()

    def thickness(rows: range) -> int:
        return sum(abs(image.pixelColor(101, y).lightness() - ink) < 100 for y in rows)

    assert thickness(range(20, 90)) == pytest.approx(0.06 * 200, abs=1)
    assert thickness(range(100, 190)) == pytest.approx(width * 200, abs=1)


def test_that_a_faint_digit_says_what_to_draw_until_something_is_drawn(canvas: DigitCanvas) -> None:
    plain = canvas.grab().toImage()
    canvas.show_ghost(True)
    invited = canvas.grab().toImage()
    assert invited != plain
    canvas.show_strokes([PadStroke([(0.1, 0.1), (0.2, 0.2)])])
    drawn = canvas.grab().toImage()
    canvas.show_ghost(False)
    assert canvas.grab().toImage() == drawn
