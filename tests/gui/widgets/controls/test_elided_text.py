"""A text in few lines: nothing of it is lost."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFontMetrics
from pytestqt.qtbot import QtBot

from micronn_gui.theme import text_font
from micronn_gui.widgets.controls.elided_text import ElidedText

TEXT = "10 of 10 hidden neurons are dead: they answer 0 to every picture, so they no longer learn."


@pytest.fixture
def words(qtbot: QtBot) -> ElidedText:
    made = ElidedText(lines=2)
    qtbot.addWidget(made)
    made.set_text(TEXT)
    return made


@pytest.mark.parametrize("lines", [1, 2])
def test_that_what_does_not_fit_is_left_out_and_every_line_fits(words: ElidedText, lines: int) -> None:
    words.set_lines(lines)
    words.resize(200, words.height())
    shown = words.lines()
    assert len(shown) == lines
    assert shown[-1].endswith("…")
    assert all(QFontMetrics(text_font(12)).horizontalAdvance(line) <= 200 for line in shown)
    assert TEXT.startswith(" ".join(shown).rstrip("… "))
    assert words.toolTip() == words.accessibleName() == words.text == TEXT


def test_that_a_text_that_fits_is_shown_whole(words: ElidedText) -> None:
    words.resize(400, words.height())
    assert " ".join(words.lines()) == TEXT
    words.set_text("Short.")
    assert words.lines() == ["Short."]


def test_that_its_height_is_that_of_its_lines(words: ElidedText) -> None:
    two = words.height()
    words.set_lines(1)
    assert words.height() * 2 == two
