"""What the drawing is: a row of labels below the pad, to keep it among my digits."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from micronn_core.common.texts import tr
from micronn_core.data.features import DIGITS_SPEC
from micronn_gui.panels.panel import Refreshing, while_seen
from micronn_gui.session.answer import Answer
from micronn_gui.session.drawing import Drawing
from micronn_gui.theme import px
from micronn_gui.widgets.controls.buttons import button, flush_link, label, restyle


class KeepRow(Refreshing, QWidget):
    """A label for each digit, of which the answer is the first guess, and a button that keeps the drawing."""

    wanted = Signal(int)
    """The drawing is to be kept under this label."""

    def __init__(self, drawing: Drawing, answer: Answer) -> None:
        super().__init__()
        self._drawing, self._answer = drawing, answer
        self._chosen: int | None = None
        self._guess: int | None = None
        self._labels = [self._label_button(digit) for digit in range(len(DIGITS_SPEC.class_names))]
        self._keep = flush_link(tr("keep"), tr("Keep the drawing under this label; or press its key, 0 to 9"))
        self._keep.clicked.connect(self._want)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(8))
        row.addWidget(label(tr("This is a"), "soft"))
        digits = QHBoxLayout()
        digits.setSpacing(px(3))
        for made in self._labels:
            digits.addWidget(made, 1)
        row.addLayout(digits, 1)
        row.addWidget(self._keep)
        drawing.changed.connect(self._follow_drawing)
        answer.changed.connect(self._follow_answer)

    def _label_button(self, digit: int) -> QPushButton:
        made = button(str(digit), tr("This is a {digit}", digit=digit), "label")
        made.setAccessibleName(made.toolTip())
        made.setCheckable(True)
        made.setMinimumWidth(px(18))
        made.clicked.connect(partial(self._choose, digit))
        return made

    def refresh(self) -> None:
        """Offer to keep what is on the pad."""
        self._follow_drawing()
        self._follow_answer()

    @while_seen
    def _follow_drawing(self) -> None:
        drawn = not self._drawing.is_empty
        if not drawn:
            self._choose(None)
        for control in (*self._labels, self._keep):
            control.setEnabled(drawn)

    @while_seen
    def _follow_answer(self) -> None:
        """Mark the answer softly, as a first guess, until somebody says what it is."""
        digit = self._answer.digit
        guess = digit if self._chosen is None and digit is not None and digit < len(self._labels) else None
        if guess == self._guess:
            return
        for place, is_guess in ((self._guess, False), (guess, True)):
            if place is not None:
                self._labels[place].setProperty("guess", is_guess)
                restyle(self._labels[place])
        self._guess = guess

    def _choose(self, digit: int | None, *_: bool) -> None:
        self._chosen = digit
        for i, made in enumerate(self._labels):
            made.setChecked(i == digit)
        self._follow_answer()

    def _want(self) -> None:
        digit = self._guess if self._chosen is None else self._chosen
        if digit is not None:
            self.wanted.emit(digit)
