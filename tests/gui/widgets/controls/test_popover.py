"""The popover: beside what it belongs to, inside the window, gone when it is not wanted."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from micronn_gui.widgets.controls.buttons import Card, label
from micronn_gui.widgets.controls.popover import Popover
from tests.gui.running import part

LEFT = Qt.MouseButton.LeftButton


class Window(QWidget):
    """A window with a card of a line and a button, and a line elsewhere."""

    def __init__(self, card_left: bool) -> None:
        super().__init__()
        self.card = Card("Card")
        self.card.setFixedWidth(200)
        self.row = QWidget()
        self.line, self.button = QLineEdit(), QPushButton("open")
        column = QVBoxLayout(self.row)
        column.addWidget(self.line)
        column.addWidget(self.button)
        self.card.body.addWidget(self.row)
        self.elsewhere = QLineEdit()
        layout = QHBoxLayout(self)
        for widget in (self.card, self.elsewhere) if card_left else (self.elsewhere, self.card):
            layout.addWidget(widget)
        self.popover = Popover(self, 240)
        self.popover.title.setText("Title")
        self.inside = QLineEdit()
        self.popover.body.addWidget(self.inside)
        self.popover.body.addWidget(label("Some words"))
        self.resize(700, 400)


@pytest.fixture(params=[True, False], ids=["card at the left", "card at the right"])
def window(qtbot: QtBot, request: pytest.FixtureRequest) -> Window:
    made = Window(request.param)
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.line.setFocus()
    made.popover.open_at(made.row)
    return made


def place(window: Window, widget: QWidget) -> QRect:
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


@pytest.mark.parametrize("size", [(700, 400), (600, 150)])
def test_that_it_covers_no_part_of_the_card_and_stays_inside_the_window(
    qtbot: QtBot, window: Window, size: tuple[int, int]
) -> None:
    window.resize(*size)
    qtbot.waitUntil(lambda: window.rect().contains(window.popover.geometry()))
    assert not window.popover.geometry().intersects(place(window, window.card))


def test_that_it_leaves_the_keyboard_where_it_was(window: Window) -> None:
    assert window.line.hasFocus()


def test_that_esc_closes_it_and_goes_no_further(qtbot: QtBot, window: Window) -> None:
    closed = QSignalSpy(window.popover.closed)
    qtbot.keyClick(window.line, Qt.Key.Key_Escape)
    assert window.popover.isHidden()
    assert closed.count() == 1


def test_that_a_press_elsewhere_closes_it_but_not_one_on_its_row_or_on_itself(
    qtbot: QtBot, window: Window
) -> None:
    for used in (window.line, window.button, window.popover, window.inside):
        qtbot.mouseClick(used, LEFT)
        assert window.popover.isVisible()
    far = 5 if window.card.x() > window.elsewhere.x() else window.elsewhere.width() - 5
    qtbot.mouseClick(window.elsewhere, LEFT, pos=QPoint(far, window.elsewhere.height() // 2))
    assert window.popover.isHidden()
    assert window.elsewhere.hasFocus()  # the press has reached what it was meant for


def test_that_it_gives_the_keyboard_back_if_it_has_it(qtbot: QtBot, window: Window) -> None:
    window.inside.setFocus()
    qtbot.keyClick(window.inside, Qt.Key.Key_Escape)
    assert window.line.hasFocus()


def test_that_its_button_closes_it(qtbot: QtBot, window: Window) -> None:
    qtbot.mouseClick(part(window.popover, QToolButton, "Close (Esc)"), LEFT)
    assert window.popover.isHidden()


def test_that_it_goes_when_what_it_belongs_to_goes(qtbot: QtBot, window: Window) -> None:
    window.card.hide()
    assert window.popover.isHidden()


def test_that_one_is_open_at_a_time(qtbot: QtBot, window: Window) -> None:
    other = Popover(window, 200)
    other.open_at(window.row)
    assert window.popover.isHidden()
    assert other.isVisible()


def test_that_it_grows_with_its_content(qtbot: QtBot, window: Window) -> None:
    before = window.popover.height()
    more = label("Many more words " * 20)
    more.setWordWrap(True)
    window.popover.body.addWidget(more)
    more.show()
    window.popover.fit()
    assert window.popover.height() > before + 50
    assert window.rect().contains(window.popover.geometry())
