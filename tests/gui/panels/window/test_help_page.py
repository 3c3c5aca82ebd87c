"""The glossary: every word is there once, and is found by what somebody writes."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from micronn_gui.panels.window.glossary import TERMS, Term
from micronn_gui.panels.window.help_page import GlossaryDialog
from micronn_gui.theme import text_size, themes
from tests.gui.running import part


@pytest.fixture
def glossary(qtbot: QtBot) -> Iterator[GlossaryDialog]:
    window = QWidget()
    window.resize(1024, 700)
    qtbot.addWidget(window)
    made = GlossaryDialog(window)
    with qtbot.waitActive(made):
        made.show()
    yield made
    window.close()


def look_for(qtbot: QtBot, glossary: GlossaryDialog, text: str) -> list[str]:
    line = part(glossary, QLineEdit, "Find a word")
    line.selectAll()
    qtbot.keyClicks(line, text) if text else qtbot.keyClick(line, Qt.Key.Key_Delete)
    return glossary.found


def test_that_all_words_are_there_in_their_order(glossary: GlossaryDialog) -> None:
    names = [term.name for term in TERMS]
    assert glossary.found == sorted(names, key=str.casefold) == names
    assert len(names) == len(set(names)) >= 30


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.name)
def test_that_each_word_has_two_sentences_that_can_be_read_at_a_glance(term: Term) -> None:
    sentences = re.split(r"(?<=[a-z%1])\. (?=[A-Z0-9])", term.meaning)
    assert len(sentences) == 2, sentences
    assert term.meaning.endswith(".")
    assert len(term.meaning) < 220


def test_that_what_is_called_so_stands_before_what_only_speaks_of_it(
    qtbot: QtBot, glossary: GlossaryDialog
) -> None:
    assert look_for(qtbot, glossary, "loss") == ["Loss", "Regularization"]
    assert look_for(qtbot, glossary, "ÉPOCH") == ["Epoch", "Step"]
    assert look_for(qtbot, glossary, "") == [term.name for term in TERMS]


def test_that_an_unknown_word_is_said_to_be_none(qtbot: QtBot, glossary: GlossaryDialog) -> None:
    assert look_for(qtbot, glossary, "zebra") == []
    (said,) = [shown for shown in glossary.findChildren(QWidget) if shown is glossary._nothing]
    assert said.isVisible()


def test_that_esc_closes_it(qtbot: QtBot, glossary: GlossaryDialog) -> None:
    qtbot.keyClick(part(glossary, QLineEdit, "Find a word"), Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not glossary.isVisible())


@pytest.mark.parametrize("percent", [80, 100, 150, 200])
def test_that_no_line_is_cut_at_any_size_of_the_text(
    qtbot: QtBot, percent: int, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    request.addfinalizer(themes.measure_anew)
    with monkeypatch.context() as patch:
        patch.setattr(text_size, "percent", percent)
        themes.measure_anew()
        glossary: GlossaryDialog = request.getfixturevalue("glossary")
        area = glossary.findChild(QScrollArea)
        assert area is not None
        qtbot.waitUntil(lambda: area.widget().width() <= area.viewport().width())
        for shown in glossary._entries:
            for words in shown.findChildren(QWidget):
                assert words.height() >= words.heightForWidth(words.width()), shown.name
