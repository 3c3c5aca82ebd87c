"""Pen, palm and finger: who draws, who erases, and who is passed over."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QInputDevice, QPointingDevice, QTabletEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from micronn_gui.widgets.images import pen_surface
from micronn_gui.widgets.images.pen_surface import PenSurface
from tests.pen import lift, move, press

SIDE = 202
"""The square's side and a border of a pixel, so that 200 pixels are 1."""

PRESS, MOVE, RELEASE = QEvent.Type.TabletPress, QEvent.Type.TabletMove, QEvent.Type.TabletRelease
TIP, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
BARREL = [Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton]


class Surface(PenSurface):
    """Notes what it says."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[tuple[object, ...]] = []
        self.pen_down.connect(lambda *place: self.said.append(("down", *place)))
        self.pen_pressed.connect(lambda *place: self.said.append(("pressed", *place)))
        self.pen_moved.connect(lambda points: self.said.append(("moved", *points[0])))
        self.pen_up.connect(lambda: self.said.append(("up",)))
        self.withdrawn.connect(lambda: self.said.append(("withdrawn",)))
        self.erased.connect(lambda *place: self.said.append(("erased", *place)))

    @property
    def words(self) -> list[object]:
        return [what for what, *_ in self.said]


@pytest.fixture
def surface(qtbot: QtBot) -> Surface:
    made = Surface()
    qtbot.addWidget(made)
    made.resize(SIDE, SIDE)
    with qtbot.waitExposed(made):
        made.show()
    return made


class Pen:
    """A tablet's pen, with or without a word on how hard it is pressed."""

    def __init__(self, surface: Surface, tells_pressure: bool = True, end: str = "Pen") -> None:
        can = QInputDevice.Capability.Position
        if tells_pressure:
            can |= QInputDevice.Capability.Pressure
        kind = QPointingDevice.PointerType[end]
        self._device = QPointingDevice("pen", 1, QInputDevice.DeviceType.Stylus, kind, can, 1, 3)
        self._surface = surface

    def send(
        self,
        what: QEvent.Type,
        x: float,
        y: float,
        pressure: float = 0.0,
        button: Qt.MouseButton = TIP,
        buttons: Qt.MouseButton = TIP,
    ) -> None:
        place, plain = QPointF(x, y), Qt.KeyboardModifier.NoModifier
        event = QTabletEvent(
            what, self._device, place, place, pressure, 0, 0, 0, 0, 0, plain, button, buttons
        )
        QApplication.sendEvent(self._surface, event)
        assert event.isAccepted()  # or Qt sends a mouse's event after it

    def draw(self, *pressures: float) -> None:
        """Draw a stroke to the right, a point for each pressure."""
        for i, pressure in enumerate(pressures):
            self.send(MOVE if i else PRESS, 21 + 20 * i, 41, pressure, NONE if i else TIP)
        self.send(RELEASE, 1 + 20 * len(pressures), 41, 0.0, TIP, NONE)


# -- the pen --


def test_that_a_pen_tells_its_pressure_at_every_point(surface: Surface) -> None:
    Pen(surface).draw(0.25, 0.75, 0.0, 0.5)
    assert surface.said == [
        ("pressed", 0.1, 0.2, 0.25),
        ("moved", 0.2, 0.2, 0.75),
        ("moved", pytest.approx(0.3), 0.2, 0.0),
        ("moved", 0.4, 0.2, 0.5),
        ("up",),
    ]


@pytest.mark.parametrize("tells_pressure", [True, False])
def test_that_a_pen_whose_pressure_is_always_0_draws(surface: Surface, tells_pressure: bool) -> None:
    Pen(surface, tells_pressure).draw(0.0, 0.0, 0.0)
    assert surface.words == ["down", "moved", "moved", "up"]
    assert all(len(said) <= 3 for said in surface.said)


def test_that_a_pen_that_cannot_tell_pressure_is_not_believed(surface: Surface) -> None:
    Pen(surface, tells_pressure=False).draw(1.0, 1.0)
    assert surface.words == ["down", "moved", "up"]


def test_that_the_other_end_erases(surface: Surface) -> None:
    Pen(surface, end="Eraser").draw(0.5, 0.5)
    Pen(surface, tells_pressure=False, end="Eraser").draw(0.0, 0.0)
    assert surface.words == ["erased", "erased", "up"] * 2


@pytest.mark.parametrize("pressure", [0.0, 0.3])
def test_that_a_pen_that_hovers_draws_nothing(surface: Surface, pressure: float) -> None:
    Pen(surface).send(MOVE, 50, 50, pressure, NONE, NONE)
    Pen(surface).send(RELEASE, 50, 50, 0, TIP, NONE)
    assert surface.said == []


@pytest.mark.parametrize("button", BARREL)
def test_that_a_side_button_does_not_draw(surface: Surface, button: Qt.MouseButton) -> None:
    pen = Pen(surface)
    pen.send(PRESS, 21, 41, 0, button, button)
    pen.send(MOVE, 81, 41, 0, NONE, button)
    pen.send(RELEASE, 81, 41, 0, button, NONE)
    assert surface.said == []


@pytest.mark.parametrize("button", BARREL)
def test_that_a_side_button_during_a_stroke_neither_ends_nor_breaks_it(
    surface: Surface, button: Qt.MouseButton
) -> None:
    pen = Pen(surface)
    pen.send(PRESS, 21, 41, 0.5)
    pen.send(PRESS, 21, 41, 0.5, button, TIP | button)
    pen.send(MOVE, 81, 41, 0.5, NONE, TIP | button)
    pen.send(RELEASE, 81, 41, 0.5, button, TIP)
    pen.send(MOVE, 121, 41, 0.5, NONE)
    pen.send(RELEASE, 121, 41, 0, TIP, NONE)
    assert surface.words == ["pressed", "moved", "moved", "up"]


def test_that_a_stroke_whose_end_was_missed_ends_when_the_pen_hovers(surface: Surface) -> None:
    pen = Pen(surface)
    pen.send(PRESS, 21, 41, 0.5)
    pen.send(MOVE, 81, 41, 0.5, NONE)
    pen.send(MOVE, 121, 41, 0.0, NONE, NONE)
    pen.send(MOVE, 141, 41, 0.0, NONE, NONE)
    assert surface.words == ["pressed", "moved", "up"]


# -- the finger --


class Finger:
    """A touch screen."""

    def __init__(self, surface: Surface) -> None:
        self._device = QTest.createTouchDevice()
        self._surface = surface

    def do(self, **points: tuple[str, int, int]) -> None:
        """Send one event of points by what they do: press, move, release or stay."""
        sequence = QTest.touchEvent(self._surface, self._device, autoCommit=False)
        for name, (what, x, y) in points.items():
            place = QPointF(x, y).toPoint()
            number = int(name.removeprefix("finger"))
            if what == "stay":
                sequence.stationary(number)
            else:
                getattr(sequence, what)(number, place, self._surface)
        sequence.commit()


@pytest.fixture
def finger(surface: Surface) -> Finger:
    return Finger(surface)


def test_that_a_finger_draws_alone_and_once(surface: Surface, finger: Finger) -> None:
    finger.do(finger1=("press", 21, 41))
    finger.do(finger1=("move", 101, 61))
    finger.do(finger1=("release", 121, 61))
    assert surface.said == [
        ("down", 0.1, 0.2),
        ("moved", 0.5, 0.3),
        ("moved", 0.6, 0.3),
        ("up",),
    ]


def test_that_a_second_finger_does_not_draw(surface: Surface, finger: Finger) -> None:
    finger.do(finger1=("press", 21, 41))
    finger.do(finger1=("stay", 0, 0), finger2=("press", 150, 150))
    finger.do(finger1=("move", 101, 61), finger2=("move", 180, 180))
    finger.do(finger1=("release", 101, 61), finger2=("stay", 0, 0))
    finger.do(finger2=("move", 190, 100))
    finger.do(finger2=("release", 190, 100))
    assert surface.said == [("down", 0.1, 0.2), ("moved", 0.5, 0.3), ("up",)]


def test_that_a_palm_beside_a_pen_does_not_draw(surface: Surface, finger: Finger) -> None:
    pen = Pen(surface)
    pen.send(PRESS, 21, 41, 0.5)
    finger.do(finger1=("press", 150, 150))
    pen.send(MOVE, 81, 41, 0.5, NONE)
    finger.do(finger1=("move", 160, 160))
    pen.send(RELEASE, 81, 41, 0, TIP, NONE)
    finger.do(finger1=("move", 170, 170))
    finger.do(finger1=("release", 170, 170))
    assert surface.words == ["pressed", "moved", "up"]


def test_that_a_palm_that_lay_there_first_is_withdrawn(surface: Surface, finger: Finger) -> None:
    finger.do(finger1=("press", 150, 150))
    Pen(surface).draw(0.5, 0.5)
    finger.do(finger1=("move", 170, 170))
    finger.do(finger1=("release", 170, 170))
    assert surface.words == ["down", "withdrawn", "pressed", "moved", "up"]


def test_that_a_palm_below_a_hovering_pen_does_not_draw_and_a_finger_long_after_it_does(
    monkeypatch: pytest.MonkeyPatch, surface: Surface, finger: Finger
) -> None:
    Pen(surface).send(MOVE, 50, 50, 0, NONE, NONE)
    finger.do(finger1=("press", 150, 150))
    finger.do(finger1=("release", 150, 150))
    assert surface.said == []
    monkeypatch.setattr(pen_surface, "PEN_NEAR_S", 0.0)
    finger.do(finger1=("press", 150, 150))
    finger.do(finger1=("release", 150, 150))
    assert surface.words == ["down", "up"]


def test_that_a_touch_that_the_system_takes_for_itself_draws_nothing(
    surface: Surface, finger: Finger
) -> None:
    finger.do(finger1=("press", 150, 150))
    QApplication.sendEvent(surface, cancelled())
    assert surface.words == ["down", "withdrawn"]


def cancelled() -> QEvent:
    from PySide6.QtGui import QTouchEvent

    return QTouchEvent(QEvent.Type.TouchCancel)


# -- one hand at a time --


def test_that_the_mouse_waits_for_the_pen_and_the_pen_ends_the_mouses_stroke(surface: Surface) -> None:
    press(surface, 21, 41)
    pen = Pen(surface)
    pen.send(PRESS, 61, 61, 0.5)
    move(surface, 101, 101)
    lift(surface, 101, 101)
    press(surface, 151, 151)
    lift(surface, 151, 151)
    pen.send(RELEASE, 61, 61, 0, TIP, NONE)
    assert surface.words == ["down", "up", "pressed", "up"]
