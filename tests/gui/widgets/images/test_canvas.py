"""The pad: strokes follow the mouse, in coordinates that run from 0 to 1."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QInputDevice, QPointingDevice, QTabletEvent, QWheelEvent
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from micronn_gui.theme import DARK, LIGHT, themes
from micronn_gui.widgets.images.canvas import DigitCanvas
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


class Heard:
    """What the pad has said, in order."""

    def __init__(self, canvas: DigitCanvas) -> None:
        self.said: list[tuple[str, ...]] = []
        canvas.pen_down.connect(lambda x, y: self._add("down", x, y))
        canvas.pen_pressed.connect(lambda x, y, pressure: self._add("pressed", x, y, pressure))
        canvas.pen_moved.connect(lambda points: self._add("moved", *points[0]))
        canvas.pen_up.connect(lambda: self._add("up"))
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
    assert canvas.heightForWidth(300) == 300
    assert canvas.sizeHint().width() == canvas.sizeHint().height()


def test_that_the_trembling_of_the_hand_adds_no_points(canvas: DigitCanvas, heard: Heard) -> None:
    canvas.resize(1202, 1202)
    press(canvas, 601, 601)
    for x, y in ((602, 601), (601, 602), (601, 601)):
        move(canvas, x, y)
    assert heard.said == [("down", "0.500", "0.500")]
    move(canvas, 604, 601)
    assert len(heard.said) == 2


@pytest.mark.parametrize("button", [Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton])
def test_that_other_buttons_and_a_mouse_that_passes_over_draw_nothing(
    qtbot: QtBot, canvas: DigitCanvas, heard: Heard, button: Qt.MouseButton
) -> None:
    qtbot.mousePress(canvas, button, pos=QPoint(50, 50))
    qtbot.mouseMove(canvas, QPoint(90, 90))
    qtbot.mouseRelease(canvas, button, pos=QPoint(90, 90))
    qtbot.mouseMove(canvas, QPoint(120, 90))
    assert heard.said == []


def test_that_the_eraser_says_where_it_is_and_when_it_is_lifted(canvas: DigitCanvas, heard: Heard) -> None:
    canvas.use(0.06, eraser=True)
    draw(canvas, [[(21, 41), (101, 61)]])
    assert heard.said == [("erased", "0.100", "0.200"), ("erased", "0.500", "0.300"), ("up",)]


def test_that_a_stroke_begun_as_a_stroke_ends_as_one(canvas: DigitCanvas, heard: Heard) -> None:
    press(canvas, 21, 41)
    canvas.use(0.06, eraser=True)
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


# -- tablets --


def tablet(canvas: DigitCanvas, kind: QEvent.Type, x: float, y: float, end: str, pressure: float) -> bool:
    """Send an event of a tablet's pen; returns whether it was accepted."""
    device = QPointingDevice(
        "pen",
        1,
        QInputDevice.DeviceType.Stylus,
        QPointingDevice.PointerType.Eraser if end == "eraser" else QPointingDevice.PointerType.Pen,
        QInputDevice.Capability.Position | QInputDevice.Capability.Pressure,
        1,
        1,
    )
    button, plain = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    place = QPointF(x, y)
    event = QTabletEvent(kind, device, place, place, pressure, 0, 0, 0, 0, 0, plain, button, button)
    QApplication.sendEvent(canvas, event)
    return event.isAccepted()


@pytest.mark.parametrize(
    ("end", "expected"), [("pen", ["pressed", "moved", "up"]), ("eraser", ["erased", "erased", "up"])]
)
def test_that_a_tablets_pen_draws_and_its_other_end_erases(
    canvas: DigitCanvas, heard: Heard, end: str, expected: list[str]
) -> None:
    kinds = QEvent.Type.TabletPress, QEvent.Type.TabletMove, QEvent.Type.TabletRelease
    for i, kind in enumerate(kinds):
        assert tablet(canvas, kind, 21 + 40 * i, 41, end, 0.5)
    assert [what for what, *_ in heard.said] == expected


def test_that_a_tablets_pen_tells_its_pressure_at_every_point(canvas: DigitCanvas, heard: Heard) -> None:
    tablet(canvas, QEvent.Type.TabletPress, 21, 41, "pen", 0.25)
    tablet(canvas, QEvent.Type.TabletMove, 101, 61, "pen", 0.75)
    assert heard.said == [("pressed", "0.100", "0.200", "0.250"), ("moved", "0.500", "0.300", "0.750")]


def test_that_a_pen_pressed_harder_draws_a_wider_line(canvas: DigitCanvas) -> None:
    def thickness(pressure: float) -> int:
        canvas.show_strokes([((0.1, 0.5, pressure), (0.9, 0.5, pressure))])
        return sum(pixel(canvas, 0.5, y / 200) == LIGHT.color("text") for y in range(60, 140))

    assert 3 <= thickness(0.0) < thickness(0.5) < thickness(1.0) <= 20


def test_that_a_pen_that_hovers_draws_nothing(canvas: DigitCanvas, heard: Heard) -> None:
    tablet(canvas, QEvent.Type.TabletMove, 50, 50, "pen", 0)
    assert heard.said == []


def test_that_the_wheel_is_left_to_the_page(canvas: DigitCanvas, heard: Heard) -> None:
    place, none = QPointF(50, 50), Qt.MouseButton.NoButton
    plain, phase = Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(place, place, QPoint(), QPoint(0, 120), none, plain, phase, False)
    QApplication.sendEvent(canvas, event)
    assert not event.isAccepted()
    assert heard.said == []


# -- painting --


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_that_strokes_are_painted_where_they_are(canvas: DigitCanvas, theme: object) -> None:
    themes.use(theme)
    canvas.show_strokes([((0.2, 0.5), (0.8, 0.5)), ((0.5, 0.9),)])
    ink = themes.current.color("text")
    for x, y in ((0.2, 0.5), (0.5, 0.5), (0.79, 0.5), (0.5, 0.9)):
        assert pixel(canvas, x, y) == ink
    for x, y in ((0.1, 0.5), (0.5, 0.4), (0.5, 0.6), (0.9, 0.9)):
        assert pixel(canvas, x, y) != ink


@pytest.mark.parametrize("brush", [0.02, 0.06, 0.12])
def test_that_the_brush_says_how_wide_a_stroke_is_painted(canvas: DigitCanvas, brush: float) -> None:
    canvas.use(brush)
    canvas.show_strokes([((0.2, 0.5), (0.8, 0.5))])
    image = canvas.grab().toImage()
    ink = LIGHT.color("text").lightness()
    dark = sum(abs(image.pixelColor(101, y).lightness() - ink) < 100 for y in range(20, 180))
    assert dark == pytest.approx(brush * 200, abs=1)


def test_that_an_empty_pad_invites_and_a_drawn_one_does_not(canvas: DigitCanvas) -> None:
    inviting = canvas.grab().toImage()
    canvas.show_strokes([((0.01, 0.01),)])
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
    canvas.show_strokes([((0.9, 0.1),)])
    canvas.show_overlay(image, np.array([[28, 0, -0.5], [0, 28, -0.5]]))
    assert pixel(canvas, 7.5 / 28, 21.5 / 28) == QColor("red")
    canvas.show_overlay(image, np.array([[56, 0, -0.5], [0, 56, -0.5]]))
    assert pixel(canvas, 7.5 / 56, 21.5 / 56) == QColor("red")
    canvas.show_overlay(None)
    assert pixel(canvas, 7.5 / 56, 21.5 / 56) != QColor("red")


def test_that_a_map_that_leads_nowhere_paints_no_overlay(canvas: DigitCanvas) -> None:
    image = QImage(QSize(28, 28), QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    canvas.show_strokes([((0.9, 0.1),)])
    canvas.show_overlay(image, np.array([[0, 0, 14.0], [0, 0, 14.0]]))
    assert pixel(canvas, 0.5, 0.5) != QColor("red")


def test_that_ten_thousand_points_are_painted(canvas: DigitCanvas) -> None:
    points = np.random.default_rng(1).random((10_000, 2)).tolist()
    canvas.show_strokes([points])
    assert pixel(canvas, 0.5, 0.5) == LIGHT.color("text")


def test_that_the_number_of_strokes_is_told_to_those_who_cannot_see_it(canvas: DigitCanvas) -> None:
    canvas.show_strokes([((0.1, 0.1),), ((0.2, 0.2),)])
    assert "2" in canvas.accessibleDescription()
