"""Names that look like HTML, or that have an & in them, are shown as they are."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from micronn_gui.widgets.as_written import as_written
from micronn_gui.widgets.controls.buttons import IconButton, button
from micronn_gui.widgets.controls.elided_text import ElidedLabel, ElidedText
from micronn_gui.widgets.controls.toasts import Offer, Toasts

NAMES = (
    "<b>fat</b>",
    "a <i>b",
    "R&D",
    "&lt;b&gt;",
    "<img src='x'>",
    'it\'s "so"',
    "größer < kleiner",
    "two\n<u>lines</u>",
)


def shown(text: str) -> str:
    """Return what Qt writes of a text that may be HTML."""
    document = QTextDocument()
    if text.startswith("<"):
        document.setHtml(text)
    else:
        document.setPlainText(text)
    return document.toPlainText().strip()


@pytest.mark.parametrize("name", NAMES)
def test_that_every_letter_of_a_name_is_shown(name: str) -> None:
    assert shown(as_written(name)) == name


@pytest.mark.parametrize("name", ["plain", "R&D", "größer < kleiner"])
def test_that_what_qt_reads_as_it_is_stays_so(name: str) -> None:
    assert as_written(name) == name


def test_that_tips_show_names_as_they_are(qtbot: QtBot) -> None:
    name = NAMES[0]
    page, line, label = QWidget(), ElidedText(1), ElidedLabel("text", "title", tip=name)
    push, icon = button("Undo", name), IconButton("x", name)
    for widget in (page, line, label, push, icon):
        qtbot.addWidget(widget)
    toast = Toasts(page).show_message("", offer=Offer("Undo", name, lambda: None))
    line.set_text(name)
    label.grab()
    tips = [part.toolTip() for part in toast.findChildren(type(push))]
    for tip in (*tips, line.toolTip(), label.toolTip(), push.toolTip(), icon.toolTip()):
        assert shown(tip) == name
