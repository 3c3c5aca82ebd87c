"""What a panel shows, in a sentence of which as much is said as there is room for."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent, QTextDocument
from PySide6.QtWidgets import QLabel

from micronn_gui.theme import px, themes
from micronn_gui.widgets.as_written import as_written
from micronn_gui.widgets.guard import Guarded

SQUARES = {"blue": "[+]", "orange": "[−]"}
"""Stand in a text where a square of the colour is painted before its name."""
DOT = "[●]"
"""Stands for the sign of the training samples; an orange square is that of the others."""
_SIGNS = {SQUARES["blue"]: ("■", "positive"), SQUARES["orange"]: ("■", "negative"), DOT: ("●", "positive")}
NO_BREAK = "\N{NO-BREAK SPACE}"
"""Keeps a sign and its name on one line."""
LEAST_WIDTH = 120


class Sentence(Guarded, QLabel):
    """Shows the longest of some texts that fits into a fixed number of lines; its tip has the longest."""

    def __init__(self, lines: int) -> None:
        super().__init__()
        self.setObjectName("soft")
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._texts: tuple[str, ...] = ("",)
        self.ensurePolished()
        self.set_lines(lines)
        themes.changed.connect(self._fit)

    def minimumSizeHint(self) -> QSize:
        """Return the room for a few words."""
        return QSize(px(LEAST_WIDTH), self.height())

    def set_lines(self, lines: int) -> None:
        """Make room for so many lines."""
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + 2)
        self._fit()

    def say(self, *texts: str) -> None:
        """Say one of these, from the longest to the shortest, in plain text with squares of colour."""
        if texts != self._texts:
            self._texts = texts
            plain = _without_squares(texts[0])
            self.setAccessibleName(plain)
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Find words for the new width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        fitting = [text for text in self._texts if self._height_of(text) <= self.height()]
        chosen = fitting[0] if fitting else self._texts[-1]
        self.setText(_with_squares(chosen))
        self.setToolTip(as_written(_without_squares(self._texts[0])) if chosen != self._texts[0] else "")

    def _height_of(self, text: str) -> float:
        document = QTextDocument()
        document.setDefaultFont(self.font())
        document.setDocumentMargin(0)
        document.setHtml(_with_squares(text))
        document.setTextWidth(self.width())
        return document.size().height()


def _with_squares(text: str) -> str:
    shown = escape(text)
    for place, (sign, role) in _SIGNS.items():
        painted = f'<span style="color:{themes.current.color(role).name()}">{sign}</span>'
        shown = shown.replace(f"{place} ", f"{painted}{NO_BREAK}").replace(place, painted)
    return shown


def _without_squares(text: str) -> str:
    for sign in _SIGNS:
        text = text.replace(f"{sign} ", "").replace(sign, "")
    return text
