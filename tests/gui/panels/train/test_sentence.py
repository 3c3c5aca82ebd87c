"""What is said of a panel: as much as fits, and a sign beside the name that it stands for."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QTextDocument
from pytestqt.qtbot import QtBot

from micronn_gui.panels.train.sentence import SQUARES, Sentence


def lines_of(sentence: Sentence) -> list[str]:
    """Return the lines as they are broken at the sentence's width."""
    document = QTextDocument()
    document.setDefaultFont(sentence.font())
    document.setDocumentMargin(0)
    document.setHtml(sentence.text())
    document.setTextWidth(sentence.width())
    document.size()  # lays it out
    block = document.firstBlock()
    layout, text = block.layout(), block.text()
    lines = [layout.lineAt(i) for i in range(layout.lineCount())]
    return [text[line.textStart() : line.textStart() + line.textLength()].strip() for line in lines]


@pytest.mark.parametrize("width", range(150, 420, 10))
def test_that_no_line_ends_between_a_square_and_the_colour_that_it_shows(qtbot: QtBot, width: int) -> None:
    sentence = Sentence(6)
    qtbot.addWidget(sentence)
    sentence.resize(width, sentence.height())
    sentence.say(
        "Ink on {blue} blue speaks for the neuron, ink on {orange} orange against.".format(**SQUARES)
    )
    lines = lines_of(sentence)
    assert sum(line.count("■") for line in lines) == 2
    assert not any(line.endswith("■") for line in lines)


def test_that_the_longest_words_that_fit_are_said_and_all_of_them_by_the_tip(qtbot: QtBot) -> None:
    sentence = Sentence(1)
    qtbot.addWidget(sentence)
    sentence.show()
    whole, short = f"{SQUARES['blue']} pictures it was trained with", f"{SQUARES['blue']} training"
    sentence.say(whole, short, SQUARES["blue"])
    for width, said, tip in ((400, "it was trained with", ""), (130, "training", "pictures it was")):
        sentence.resize(width, sentence.height())
        assert sentence.text().endswith(said)
        assert tip in sentence.toolTip()
        assert bool(tip) is bool(sentence.toolTip())
