"""Messages that lie over the window and move nothing."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QApplication, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from micronn_gui.widgets.controls import toasts
from micronn_gui.widgets.controls.toasts import MOST, Offer, Toasts
from tests.gui.running import part

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def page(qtbot: QtBot) -> QWidget:
    made = QWidget()
    made.resize(800, 500)
    qtbot.addWidget(made)
    made.show()
    return made


def test_that_what_went_wrong_stays_until_it_is_dismissed(qtbot: QtBot, page: QWidget) -> None:
    made = Toasts(page)
    toast = made.show_message("First <b>fault</b>.")
    assert made.text == toast.accessibleName() == "First <b>fault</b>."
    assert not toast._time.isActive()
    qtbot.mouseClick(part(toast, QToolButton, "Dismiss"), LEFT)
    assert made.newest is None


def test_that_what_was_done_is_said_for_a_while(
    qtbot: QtBot, page: QWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(toasts, "TIME", 30)
    made = Toasts(page)
    made.show_message("Done.", good=True)
    made.show_message("Wrong.")
    qtbot.waitUntil(lambda: made.texts == ("Wrong.",))


def test_that_the_mouse_over_a_message_stops_its_time(
    qtbot: QtBot, page: QWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(toasts, "TIME", 30)
    made = Toasts(page)
    toast = made.show_message("Done.", good=True)
    here = QPointF(1, 1)
    QApplication.sendEvent(toast, QEnterEvent(here, here, here))
    assert not toast._time.isActive()
    QApplication.sendEvent(toast, QEvent(QEvent.Type.Leave))
    qtbot.waitUntil(lambda: made.newest is None)


def test_that_an_offer_is_taken_once_and_its_message_goes(qtbot: QtBot, page: QWidget) -> None:
    done: list[str] = []
    made = Toasts(page)
    toast = made.show_message("Deleted.", good=True, offer=Offer("Undo", "Undo it", lambda: done.append("x")))
    button = part(toast, QPushButton, "Undo")
    for _ in range(2):
        qtbot.mouseClick(button, LEFT)
    assert done == ["x"]
    assert made.newest is None


def test_that_messages_stand_one_above_the_other_within_the_page(page: QWidget) -> None:
    made = Toasts(page)
    shown = [made.show_message(f"Message {i} " + "with many words " * 12) for i in range(MOST + 2)]
    assert made.texts == tuple(toast.text for toast in shown[-MOST:])
    page.resize(500, 400)
    places = [toast.geometry() for toast in shown[-MOST:]]
    for above, below in pairwise(places):
        assert above.bottom() < below.top()
    assert all(page.rect().contains(place) for place in places)


def test_that_the_same_words_are_not_said_twice(page: QWidget) -> None:
    made = Toasts(page)
    for _ in range(3):
        made.show_message("Full.")
    assert made.texts == ("Full.",)


def test_that_a_message_moves_nothing(qtbot: QtBot, page: QWidget) -> None:
    button = QPushButton("Here", page)
    button.show()
    before = button.mapToGlobal(QPoint(0, 0))
    Toasts(page).show_message("A message.")
    assert button.mapToGlobal(QPoint(0, 0)) == before
