"""The small controls: what they say, and that they leave Space to the window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from micronn_gui.theme import DARK, themes
from micronn_gui.widgets.controls.buttons import Card, IconButton, Segments, button, flush_link, label
from micronn_gui.widgets.images.color_legend import SIDE, ColorLegend
from tests.gui.running import part

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def segments(qtbot: QtBot) -> Segments:
    made = Segments([("a", "First", "tip a"), ("b", "Second", "tip b"), ("c", "Third", "tip c")], "Choices")
    qtbot.addWidget(made)
    made.show()
    return made


def test_that_the_first_of_the_segments_is_chosen_until_another_is_clicked(
    qtbot: QtBot, segments: Segments
) -> None:
    spy = QSignalSpy(segments.chosen)
    assert segments.key == "a"
    qtbot.mouseClick(part(segments, QPushButton, "Third"), LEFT)
    assert segments.key == "c"
    assert spy.at(0) == ["c"]


def test_that_choosing_by_code_says_nothing_and_an_unknown_key_changes_nothing(segments: Segments) -> None:
    spy = QSignalSpy(segments.chosen)
    segments.choose("b")
    segments.choose("z")
    assert segments.key == "b"
    assert spy.count() == 0


def test_that_buttons_take_the_focus_by_tab_and_not_by_a_click(qtbot: QtBot) -> None:
    for made in (button("Go", "Goes"), IconButton("play", "Play")):
        qtbot.addWidget(made)
        assert made.focusPolicy() == Qt.FocusPolicy.TabFocus
        assert made.toolTip()
        assert made.accessibleName()


def test_that_an_icon_button_follows_what_it_does_and_the_theme(qtbot: QtBot) -> None:
    made = IconButton("play", "Play")
    qtbot.addWidget(made)
    made.show_as("pause", "Pause")
    assert made.accessibleName() == made.toolTip() == "Pause"
    before = made.icon().pixmap(18, 18).toImage()
    themes.use(DARK)
    assert made.icon().pixmap(18, 18).toImage() != before


def test_that_a_label_never_takes_text_for_markup(qtbot: QtBot) -> None:
    made = label("<b>1 < 2</b>")
    qtbot.addWidget(made)
    assert made.textFormat() is Qt.TextFormat.PlainText


def test_that_a_card_is_named_by_its_title(qtbot: QtBot) -> None:
    made = Card("Loss")
    qtbot.addWidget(made)
    assert made.accessibleName() == "Loss"
    assert [child.text() for child in made.findChildren(QLabel)] == ["Loss"]


def test_that_the_legend_runs_from_orange_over_zero_to_blue(qtbot: QtBot) -> None:
    made = ColorLegend()
    qtbot.addWidget(made)
    made.resize(made.sizeHint())
    made.show_range("−1", "+1")
    image = made.grab().toImage()
    y = image.height() // 2
    theme = themes.current
    for x, role in (
        (SIDE, "negative"),
        (made.width() // 2, "zero"),
        (made.width() - SIDE - 1, "positive"),
    ):
        found, expected = image.pixelColor(x, y), theme.color(role)
        differences = [abs(a - b) for a, b in zip(found.getRgb(), expected.getRgb(), strict=True)]
        assert max(differences) < 16
    assert made.accessibleDescription() == "from −1 to +1"


def test_that_a_flush_link_is_no_larger_than_its_letters(qtbot: QtBot) -> None:
    link, text = flush_link("Play it again", "a tip"), label("Play it again")
    for made in (link, text):
        qtbot.addWidget(made)
        made.ensurePolished()
    assert abs(link.sizeHint().width() - link.fontMetrics().horizontalAdvance(link.text())) <= 1
    assert link.sizeHint().height() == link.fontMetrics().height() == text.fontMetrics().height()
