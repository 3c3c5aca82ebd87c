"""Present: one view large, the pad and the figures, over the same states; and all is as before afterwards."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLabel, QToolButton
from pytestqt.qtbot import QtBot

from micronn_gui.main_window import MainWindow
from micronn_gui.session.states import States
from micronn_gui.theme import DARK, LIGHT, px, text_size, themes
from micronn_gui.widgets.charts.big_answer import BigAnswer
from micronn_gui.widgets.charts.share_bars import ShareBars
from micronn_gui.workspaces.present import PresentWindow, type_for
from micronn_gui.workspaces.present_views import LARGE_VIEWS
from tests.gui.running import LONG, begin, finish, part, train_to
from tests.pen import draw

STROKE = [[(60, 60), (150, 70), (90, 160)]]


@pytest.fixture
def screen(qtbot: QtBot, window: MainWindow) -> PresentWindow:
    """What is presented from the window."""
    qtbot.keyClick(window, Qt.Key.Key_F11)
    assert window.presenting is not None
    qtbot.waitActive(window.presenting)
    window.presenting.resize(1600, 900)
    return window.presenting


def texts(screen: PresentWindow) -> list[str]:
    return [shown.text() for shown in screen.findChildren(QLabel) if shown.isVisible()]


def title(screen: PresentWindow) -> str:
    return screen.card.title.text()


def test_that_it_fills_the_screen_and_shows_neither_rail_nor_recipe(
    window: MainWindow, screen: PresentWindow
) -> None:
    assert screen.isFullScreen()
    assert screen.isWindow()
    assert not window.rail.isVisible()  # there is one screen, and nobody sees what is behind
    assert title(screen) == "What each neuron looks for"
    assert "right on unseen pictures" in texts(screen)


def test_that_a_network_is_shown_with_its_figures(
    qtbot: QtBot, states: States, screen: PresentWindow
) -> None:
    states.training.change({"epochs": 12})
    finish(qtbot, states.training)
    qtbot.waitUntil(lambda: "12" in texts(screen))
    metrics = states.training.shown_metrics()
    assert metrics is not None
    assert f"{100 * metrics.validation_accuracy:.1f} %" in texts(screen)
    states.training.show_epoch(0)
    qtbot.waitUntil(lambda: "0" in texts(screen))


@pytest.mark.parametrize("place", range(len(LARGE_VIEWS)))
def test_that_a_digit_key_shows_the_view_of_its_place(
    qtbot: QtBot, states: States, screen: PresentWindow, place: int
) -> None:
    states.training.change({"epochs": 3})
    finish(qtbot, states.training)
    qtbot.keyClick(screen, Qt.Key(Qt.Key.Key_1 + place))
    assert title(screen) == LARGE_VIEWS[place].title
    assert screen.view.isVisible()
    qtbot.waitUntil(lambda: bool(screen.view.note))
    assert screen.view.note in texts(screen)


def test_that_a_digit_that_there_is_no_view_for_changes_nothing(qtbot: QtBot, screen: PresentWindow) -> None:
    qtbot.keyClick(screen, Qt.Key.Key_2)
    for key in (Qt.Key.Key_0, Qt.Key.Key_7, Qt.Key.Key_9):
        qtbot.keyClick(screen, key)
    assert title(screen) == LARGE_VIEWS[1].title


def test_that_the_row_of_digits_of_a_french_keyboard_works(screen: PresentWindow) -> None:
    e_acute = QKeyEvent(QKeyEvent.Type.KeyPress, 0xC9, Qt.KeyboardModifier.NoModifier, "é")
    QApplication.sendEvent(screen, e_acute)
    assert title(screen) == LARGE_VIEWS[1].title


def test_that_space_plays_and_the_arrow_steps(qtbot: QtBot, states: States, screen: PresentWindow) -> None:
    states.training.change({"epochs": LONG})
    qtbot.keyClick(screen, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: len(states.training.history) == 2)
    qtbot.keyClick(screen, Qt.Key.Key_Space)
    assert states.training.playing
    qtbot.keyClick(screen, Qt.Key.Key_Space)
    assert not states.training.playing


def test_that_the_arrows_go_through_the_stages_of_the_diagram(
    qtbot: QtBot, states: States, screen: PresentWindow
) -> None:
    qtbot.keyClick(screen, Qt.Key.Key_4)
    qtbot.waitUntil(lambda: states.inspection.step is not None)
    states.inspection.open_step("x")
    qtbot.keyClick(screen, Qt.Key.Key_Right)
    assert states.inspection.step is not None
    assert states.inspection.step.key == "z1"
    qtbot.keyClick(screen, Qt.Key.Key_Left)
    assert states.inspection.step.key == "x"


def test_that_inspect_goes_on_explaining_when_the_diagram_is_left(
    qtbot: QtBot, states: States, window: MainWindow, screen: PresentWindow
) -> None:
    window.open_workspace("inspect")
    window._page.show()  # as on a second screen
    qtbot.keyClick(screen, Qt.Key.Key_4)
    qtbot.keyClick(screen, Qt.Key.Key_1)
    states.inspection.show_neighbour(1)
    before = states.inspection.sample
    states.inspection.show_neighbour(1)
    assert states.inspection.sample is not before


def test_that_drawing_here_is_drawing_there(
    qtbot: QtBot, states: States, window: MainWindow, screen: PresentWindow
) -> None:
    begin(qtbot, states.training)
    draw(screen.pad.canvas, STROKE)
    assert len(states.drawing.strokes) == 1
    assert states.answer.digit is not None
    assert part(screen, BigAnswer, "Answer").answer == str(states.answer.digit)
    assert part(screen, ShareBars, "Probability of each answer").accessibleDescription()
    qtbot.keyClick(screen, Qt.Key.Key_Delete)
    assert states.drawing.is_empty


def test_that_b_makes_all_dark_and_any_key_brings_it_back(
    qtbot: QtBot, states: States, screen: PresentWindow
) -> None:
    for key in (Qt.Key.Key_Escape, Qt.Key.Key_Space, Qt.Key.Key_3, Qt.Key.Key_B):
        qtbot.keyClick(screen, Qt.Key.Key_B)
        assert screen.blank.isVisible()
        assert screen.grab().toImage().pixelColor(20, 20).name() == "#000000"
        qtbot.keyClick(screen, key)
        assert not screen.blank.isVisible()
    assert screen.isVisible()
    assert not states.training.playing
    assert title(screen) == LARGE_VIEWS[0].title
    qtbot.keyClick(screen, Qt.Key.Key_B)
    qtbot.mouseClick(screen.blank, Qt.MouseButton.LeftButton)
    assert not screen.blank.isVisible()


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_F11])
def test_that_all_is_as_before_when_it_is_left(
    qtbot: QtBot, states: States, window: MainWindow, screen: PresentWindow, key: Qt.Key
) -> None:
    qtbot.keyClick(screen, key)
    assert window.presenting is None
    assert window.rail.isVisible()
    assert text_size.own == {}
    assert not window.isFullScreen()
    states.training.change({"epochs": LONG})
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window, Qt.Key.Key_Space)  # the keys are the window's again
    assert states.training.playing


def test_that_the_button_presents_and_the_key_in_the_window_ends_it(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.mouseClick(part(window, QToolButton, "Present"), Qt.MouseButton.LeftButton)
    assert window.presenting is not None
    window.present()
    assert window.presenting is None


def test_that_closing_the_window_ends_it(window: MainWindow, screen: PresentWindow) -> None:
    window.end()
    assert window.presenting is None
    assert not screen.isVisible()


def test_that_it_wears_the_theme_that_is_on_in_its_own_size(
    window: MainWindow, screen: PresentWindow
) -> None:
    for theme in (DARK, LIGHT):
        themes.use(theme)
        assert screen.grab().toImage().pixelColor(3, 3).name() == theme.background.lower()
        figure = next(
            shown for shown in screen.findChildren(QLabel) if shown.objectName() == "present-figure"
        )
        assert figure.font().pixelSize() == round(44 * text_size.own[screen] / 100)
    assert px(100) == 100  # outside of it, nothing is larger


@pytest.mark.parametrize(
    ("size", "percent"),
    [((1920, 1080), 175), ((1280, 720), 117), ((3840, 2160), 350), ((1024, 768), 100), ((640, 480), 100)],
)
def test_that_the_type_is_as_large_as_the_screen(size: tuple[int, int], percent: int) -> None:
    assert type_for(QRect(0, 0, *size)) == percent


def test_that_a_run_of_a_million_epochs_makes_nothing_wider(
    qtbot: QtBot, states: States, screen: PresentWindow
) -> None:
    states.training.change({"epochs": LONG})
    screen.grab()
    assert screen.minimumSizeHint().width() <= screen.width()


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 720), (1024, 768), (3840, 2160)])
def test_that_everything_has_room_on_every_screen(
    qtbot: QtBot, states: States, window: MainWindow, size: tuple[int, int]
) -> None:
    begin(qtbot, states.training, epochs=500, batch_size=32)
    train_to(qtbot, states.training, 2)
    states.training.pause()
    made = PresentWindow(states, states.training.toggle, lambda: None, QRect(0, 0, *size))
    qtbot.addWidget(made)
    made.show()
    draw(made.pad.canvas, STROKE)
    for place in range(len(LARGE_VIEWS)):
        made.show_view(place)
        qtbot.waitUntil(lambda: bool(made.view.note))
        for _ in range(3):  # what one layout changes, another may follow
            QApplication.processEvents()
            made.grab()
        assert (made.width(), made.height()) == size
        for shown in made.findChildren(QLabel):
            if shown.isVisible() and shown.text() and not shown.wordWrap():
                assert shown.width() >= shown.sizeHint().width(), shown.text()
                assert shown.height() >= shown.sizeHint().height(), shown.text()
    made.close()


def test_that_a_network_that_is_being_made_shows_nothing_yet(states: States, screen: PresentWindow) -> None:
    states.training.shown = None
    states.training.shown_changed.emit()
    assert texts(screen).count("–") == 2
