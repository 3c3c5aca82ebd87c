"""The glossary: the program's words in plain words, to be searched while one writes."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from micronn_core.common.texts import tr
from micronn_gui.panels.window.glossary import TERMS
from micronn_gui.panels.window.palette import plain
from micronn_gui.theme import px
from micronn_gui.widgets.controls.buttons import label
from micronn_gui.widgets.guard import Guarded

WIDTH, HEIGHT = 560, 560


class GlossaryDialog(Guarded, QDialog):
    """Shows all words; what is written above leaves those that it fits.

    Args:
        parent: the window.
        word: what is written above at first.
    """

    def __init__(self, parent: QWidget, word: str = "") -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Glossary"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._line = QLineEdit()
        self._line.setPlaceholderText(tr("Write a word, such as epoch or loss"))
        self._line.setAccessibleName(tr("Find a word"))
        self._line.setClearButtonEnabled(True)
        self._line.textChanged.connect(self._find)
        self._entries = [
            Entry(tr(term.name), tr(term.meaning))
            for term in sorted(TERMS, key=lambda term: plain(tr(term.name)))
        ]
        self._nothing = label(tr("There is no such word here. Try another one."), "soft")
        self._area = QScrollArea()
        self._area.setWidget(self._page())
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setAccessibleName(self.windowTitle())
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setSpacing(px(12))
        for part in (self._line, self._area, close):
            column.addWidget(part)
        room = parent.size()
        self.resize(min(px(WIDTH), room.width() - px(32)), min(px(HEIGHT), room.height() - px(64)))
        self._find("")
        self._line.setText(word)
        self._line.setFocus()

    def _page(self) -> QWidget:
        page = QWidget()
        self._column = QVBoxLayout(page)
        self._column.setContentsMargins(0, 0, px(12), 0)
        self._column.setSpacing(px(16))
        self._column.addWidget(self._nothing)
        self._column.addStretch(1)
        return page

    @property
    def found(self) -> list[str]:
        """The words that fit, in the order in which they stand."""
        entries = sorted(self._entries, key=self._column.indexOf)
        return [entry.name for entry in entries if not entry.isHidden()]

    def _find(self, text: str) -> None:
        """Show what fits, and first what is called so."""
        words = plain(text).split()
        for place, entry in enumerate(sorted(self._entries, key=lambda entry: not entry.is_called(words))):
            self._column.insertWidget(place, entry)
            entry.setVisible(entry.fits(words))
        self._nothing.setVisible(not self.found)
        self._area.verticalScrollBar().setValue(0)


class Entry(QWidget):
    """A word and, below it, what it means."""

    def __init__(self, name: str, meaning: str) -> None:
        super().__init__()
        self.name = name
        self._plain_name, self._searched = plain(name), plain(f"{name} {meaning}")
        words = QLabel(meaning)
        words.setTextFormat(Qt.TextFormat.PlainText)
        words.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(2))
        column.addWidget(label(name, "strong"))
        column.addWidget(words)

    def is_called(self, words: list[str]) -> bool:
        """Whether each of some words stands in the name."""
        return all(word in self._plain_name for word in words)

    def fits(self, words: list[str]) -> bool:
        """Whether each of some words stands in the name or in the meaning."""
        return all(word in self._searched for word in words)


def show_glossary(window: QWidget, word: str = "") -> None:
    """Show the glossary, at a word or whole, in a window of its own, beside which the program goes on."""
    GlossaryDialog(window, word).show()
