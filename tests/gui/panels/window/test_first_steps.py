"""The welcome and the tours, in the real window: every step finds its control and goes on when it is used."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton, QScrollArea, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from micronn_gui.main_window import MainWindow
from micronn_gui.panels.window.tour import TourCard, place_beside
from micronn_gui.panels.window.tours import TOURS, Tour
from micronn_gui.panels.window.welcome import TourButton, Welcome
from micronn_gui.preferences import Preferences
from micronn_gui.session.states import States
from micronn_gui.theme import text_size, themes
from tests.gui.running import LONG, begin, part
from tests.pen import draw

LEFT = Qt.MouseButton.LeftButton


def by_name(name: str) -> Tour:
    return next(tour for tour in TOURS if tour.name == name)


def open_tour(window: MainWindow, name: str) -> TourCard:
    window.first_steps.begin(by_name(name))
    card = window.first_steps.card
    assert card is not None
    return card


def seen(window: MainWindow) -> Welcome:
    welcome = window.first_steps.welcome
    assert welcome is not None
    return welcome


def help_entry(window: MainWindow, text: str) -> QAction:
    return next(
        action for action in part(window, QToolButton, "Help").menu().actions() if action.text() == text
    )


def deed(qtbot: QtBot, states: States, window: MainWindow, card: TourCard) -> None:
    """Do what the step that is shown waits for, as somebody who reads it would."""
    target = card._target
    assert target is not None
    match card.step.sentence.split()[0]:
        case "Each" | "A":
            qtbot.mouseClick(target, LEFT)
        case "Draw":
            draw(target, [[(60, 60), (150, 70), (90, 160)]])
        case "Drag":
            qtbot.keyClick(target, Qt.Key.Key_Home if states.training.live else Qt.Key.Key_End)
        case "Learning":
            qtbot.mouseClick(next(b for b in target.findChildren(QPushButton) if "Next" in b.text()), LEFT)
        case "Blue":
            states.inspection.follow(states.inspection.trail[0]._replace(row=0))
        case "The":
            states.inspection.follow(states.inspection.trail[-1]._replace(row=1))
        case other:
            pytest.fail(f"nothing is known of how to do {other}")


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_that_a_focused_card_is_pressed_by_the_keyboard(
    qtbot: QtBot, window: MainWindow, key: Qt.Key
) -> None:
    window.first_steps.show_welcome()
    card = seen(window).findChildren(TourButton)[0]
    card.setFocus()
    qtbot.keyClick(card, key)
    assert window.first_steps.card is not None


@pytest.mark.parametrize("name", [tour.name for tour in TOURS])
def test_that_every_step_finds_its_control_and_a_deed_leads_on(
    qtbot: QtBot, states: States, window: MainWindow, name: str
) -> None:
    begin(qtbot, states.training, epochs=LONG)
    card = open_tour(window, name)
    for place, step in enumerate(card._tour.steps):
        assert card.step is step
        assert window.current is window.workspace(step.page)
        qtbot.waitUntil(card.ring.isVisible)
        target = card._target
        assert target is not None
        assert target.isVisible()
        middle = target.mapTo(window, target.visibleRegion().boundingRect().center())
        assert card.ring.geometry().contains(middle), step.parts
        assert window.rect().contains(card.geometry()), step.parts
        if step.waits_for is None:
            qtbot.keyClick(window, Qt.Key.Key_Right)
        else:
            deed(qtbot, states, window, card)
            qtbot.waitUntil(lambda place=place: window.first_steps.card is None or card._place > place)
    assert window.first_steps.card is None


def test_that_keys_go_on_back_and_end(qtbot: QtBot, window: MainWindow) -> None:
    card = open_tour(window, "watch")
    for key, place in (
        (Qt.Key.Key_Return, 1),
        (Qt.Key.Key_Right, 2),
        (Qt.Key.Key_Left, 1),
        (Qt.Key.Key_Left, 0),
        (Qt.Key.Key_Left, 0),
    ):
        qtbot.keyClick(window, key)
        assert card._place == place
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.first_steps.card is None


def test_that_a_click_on_the_card_does_the_same_and_space_still_plays(
    qtbot: QtBot, states: States, window: MainWindow
) -> None:
    begin(qtbot, states.training, epochs=LONG)
    card = open_tour(window, "watch")
    qtbot.mouseClick(part(card, QPushButton, "Skip"), LEFT)
    assert card._place == 1
    assert not states.training.playing
    qtbot.mouseClick(part(card, QPushButton, "Back"), LEFT)
    assert card._place == 0
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert states.training.playing
    qtbot.waitUntil(lambda: card._place == 1)


def test_that_a_step_that_has_nothing_to_say_any_more_is_left_out(
    qtbot: QtBot, states: States, window: MainWindow
) -> None:
    begin(qtbot, states.training, epochs=LONG)
    states.training.play()
    card = open_tour(window, "watch")
    assert card._place == 1  # it need not be told to press Play
    card = open_tour(window, "draw")
    for _ in range(2):
        qtbot.keyClick(window, Qt.Key.Key_Right)
    assert card._place == 3


def test_that_a_tour_waits_where_its_control_is_when_somebody_goes_elsewhere(
    qtbot: QtBot, window: MainWindow
) -> None:
    card = open_tour(window, "draw")
    qtbot.waitUntil(card.ring.isVisible)
    window.open_workspace("runs")
    qtbot.waitUntil(lambda: card._next.text() == "Go back there")
    assert not card.ring.isVisible()
    qtbot.mouseClick(card._next, LEFT)
    assert window.current is window.workspace("draw")
    assert card._place == 0


def test_that_following_a_number_begins_at_the_picture(
    qtbot: QtBot, states: States, window: MainWindow
) -> None:
    begin(qtbot, states.training, epochs=LONG)
    window.open_workspace("inspect")
    qtbot.waitUntil(lambda: states.inspection.explanation is not None)
    first = states.inspection.explanation.steps[0]
    states.inspection.move_step(1)
    open_tour(window, "follow")
    assert states.inspection.step is first


def test_that_the_card_spares_what_else_is_to_be_seen() -> None:
    room, size = QRect(0, 0, 1000, 700), QSize(300, 150)
    target, answer = QRect(600, 100, 300, 200), QRect(300, 100, 290, 200)
    place = place_beside(target, size, room, [answer])
    assert not QRect(place, size).intersects(target)
    assert not QRect(place, size).intersects(answer)


def test_that_another_tour_ends_the_first(window: MainWindow) -> None:
    first = open_tour(window, "watch")
    second = open_tour(window, "draw")
    assert second is not first
    assert window.current is window.workspace("draw")
    assert len([card for card in (first, second) if card.isVisible()]) == 1


def test_that_a_tour_whose_control_is_hidden_says_its_words_all_the_same(
    qtbot: QtBot, window: MainWindow
) -> None:
    card = open_tour(window, "draw")
    window.open_workspace("runs")
    qtbot.waitUntil(lambda: not card.ring.isVisible())
    assert card.isVisible()


def test_that_the_welcome_comes_until_it_is_dismissed_and_again_by_the_menu(
    qtbot: QtBot, window: MainWindow
) -> None:
    page = window.workspace("train")
    before = [(child, child.geometry()) for child in page.findChildren(QWidget)]
    help_entry(window, "Welcome").trigger()
    welcome = seen(window)
    assert welcome.isVisible()
    assert [child for child, place in before if child.geometry() != place] == []
    assert not window.preferences.welcomed
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not welcome.isVisible()
    assert Preferences(window._settings).welcomed
    help_entry(window, "Welcome").trigger()
    assert welcome.isVisible()


def test_that_the_welcome_gives_way_when_somebody_plays(
    qtbot: QtBot, states: States, window: MainWindow
) -> None:
    begin(qtbot, states.training, epochs=LONG)
    window.first_steps.show_welcome()
    qtbot.mouseClick(part(window, QToolButton, "Play (Space)"), LEFT)
    assert not seen(window).isVisible()


@pytest.mark.parametrize("tour", TOURS, ids=lambda tour: tour.name)
def test_that_each_tour_begins_from_the_welcome_and_from_the_menu(
    qtbot: QtBot, window: MainWindow, tour: Tour
) -> None:
    window.first_steps.show_welcome()
    qtbot.mouseClick(part(seen(window), TourButton, tour.title), LEFT)
    assert not seen(window).isVisible()
    assert window.first_steps.card is not None
    window.first_steps.end_tour()
    help_entry(window, f"Tour: {tour.title}").trigger()
    assert window.first_steps.card._tour is tour  # type: ignore[union-attr] # it has just begun


def test_that_a_ready_network_is_opened_from_the_welcome(
    qtbot: QtBot, states: States, window: MainWindow
) -> None:
    window.first_steps.show_welcome()
    qtbot.mouseClick(part(seen(window), QPushButton, "Strong"), LEFT)
    assert not seen(window).isVisible()
    qtbot.waitUntil(lambda: len(states.training.config.hidden) > 1)


@pytest.mark.parametrize("tour", TOURS, ids=lambda tour: tour.name)
def test_that_a_tour_has_five_steps_of_one_or_two_short_sentences(tour: Tour) -> None:
    assert len(tour.steps) == 5
    assert all(len(step.sentence) < 130 for step in tour.steps)


@pytest.mark.parametrize("percent", [80, 100, 150, 200])
@pytest.mark.parametrize("size", [(1024, 700), (1440, 900)])
def test_that_the_welcome_stays_in_the_window_at_any_size_of_the_text(
    qtbot: QtBot,
    states: States,
    open_window: Callable[[States], MainWindow],
    request: pytest.FixtureRequest,
    percent: int,
    size: tuple[int, int],
) -> None:
    def as_usual() -> None:
        text_size.percent = 100
        themes.measure_anew()

    request.addfinalizer(as_usual)
    text_size.percent = percent
    themes.measure_anew()
    window = open_window(states)
    window.setMinimumSize(1, 1)
    window.resize(*size)
    window.first_steps.show_welcome()
    (area,) = seen(window).findChildren(QScrollArea)
    qtbot.waitUntil(lambda: area.horizontalScrollBar().maximum() == 0)
    assert window._area.rect().contains(seen(window).geometry())
    if percent <= 100:
        qtbot.waitUntil(lambda: area.verticalScrollBar().maximum() == 0)


ROOM = QRect(0, 0, 1000, 700)
CARD = QSize(320, 160)


@pytest.mark.parametrize(
    "target",
    [QRect(10, 10, 200, 100), QRect(800, 500, 190, 190), QRect(300, 600, 500, 90), QRect(340, 8, 400, 80)],
)
def test_that_a_card_covers_nothing_of_what_it_stands_beside(target: QRect) -> None:
    place = QRect(place_beside(target, CARD, ROOM), CARD)
    assert ROOM.contains(place)
    assert not place.intersects(target)


@pytest.mark.parametrize("target", [QRect(), QRect(0, 0, 1000, 700), QRect(-50, -50, 2000, 2000)])
def test_that_a_card_stays_in_the_window_wherever_its_control_is(target: QRect) -> None:
    assert ROOM.contains(QRect(place_beside(target, CARD, ROOM), CARD))
