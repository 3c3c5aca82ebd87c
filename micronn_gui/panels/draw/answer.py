"""The answer to the drawing: the digit, how sure it is, and the shares of all."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from micronn_core.common.texts import tr, trn
from micronn_core.training.history import epoch_text
from micronn_gui.panels.draw.wording import SHORT, draw_something, whole_percent
from micronn_gui.panels.panel import Panel, Refreshing, while_seen
from micronn_gui.session.answer import Answer
from micronn_gui.session.drawing import Drawing
from micronn_gui.session.training import TrainingState
from micronn_gui.theme import px
from micronn_gui.widgets.charts.big_answer import BigAnswer
from micronn_gui.widgets.charts.fitting_rows import LEAST_WIDTH
from micronn_gui.widgets.charts.share_bars import GREATEST_ROW, ROW, ShareBars
from micronn_gui.widgets.controls.buttons import flush_link

BEST = 3
"""The most probable answers that are shown first."""
WIDEST = 400
"""Pixels that the digit and its words take at most."""
ALL = 10
"""As many rows as there is always room for, in two columns where the names are short."""
NARROW, LOW = 108, 16
"""Pixels that such a row needs at least."""


class AnswerView(Refreshing, QWidget):
    """The answer below the pad: the best three, and all on demand, in a room that is kept for them.

    Attributes:
        all_shown: whether all answers are shown.
    """

    def __init__(self, training: TrainingState, drawing: Drawing, answer: Answer) -> None:
        super().__init__()
        self._training, self._drawing, self._answer = training, drawing, answer
        self.all_shown = False
        self._rows: list[int] = []
        self._words = BigAnswer(tr("Answer"), 52)
        self._bars = _bars(NARROW)
        self._bars.chosen.connect(self._choose)
        self._more = flush_link("", tr("Show the probabilities of all answers, or the three best"))
        self._more.clicked.connect(self._toggle)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(4))
        column.addWidget(self._words)
        column.addWidget(self._place_bars(), 1)
        answer.changed.connect(self.touch)
        answer.past_changed.connect(self._say_before)
        training.run_started.connect(self._give_room)
        training.run_started.connect(self.touch)
        self._give_room()

    def _place_bars(self) -> QWidget:
        """Return the bars in a room that is kept for all of them, so that the pad stays in its place."""
        self._room = QWidget()
        inside = QVBoxLayout(self._room)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(px(4))
        inside.addWidget(self._bars, 1000)
        inside.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        inside.addStretch(1)
        return self._room

    def show_all(self, shown: bool) -> None:
        """Show all answers, or the best three."""
        self.all_shown = shown
        self._give_room()
        self.touch()

    def _toggle(self) -> None:
        self.show_all(not self.all_shown)

    def _choose(self, row: int) -> None:
        self._answer.choose(self._rows[row])

    def _give_room(self) -> None:
        """Keep room for all answers; those shown now take of it what they need."""
        short = all(len(name) <= SHORT for name in self._training.class_names)
        rows = ALL // 2 if short else ALL
        self._room.setMinimumHeight(px(LOW * rows + 28))
        self._bars.setMinimumHeight(px(LOW * rows if self.all_shown else ROW * BEST))
        self._bars.setMaximumHeight(px(ROW * (ALL if self.all_shown else BEST)))

    def refresh(self) -> None:
        """Show the answer as it is now."""
        answer, names = self._answer, self._training.class_names
        shares = answer.probabilities
        self._rows = list(range(len(names)))
        if not self.all_shown:
            order = np.arange(len(names)) if shares is None else np.argsort(-shares, kind="stable")
            self._rows = order[:BEST].tolist()
        shown = None if shares is None else [float(shares[i]) for i in self._rows]
        self._bars.show_shares([names[i] for i in self._rows], shown)
        self._bars.mark(self._rows.index(answer.chosen) if answer.chosen in self._rows else None)
        count = len(names)
        text = tr("the three best ›") if self.all_shown else trn("all {count} ›", "all {count} ›", count)
        self._more.setText(text)
        self._more.setAccessibleName(text)
        self._more.setVisible(count > BEST)
        self._say_before()

    @while_seen
    def _say_before(self) -> None:
        self._words.say(*in_words(self._training, self._drawing, self._answer))


class AnswerPanel(Panel):
    """The answer, large, with the probability of each."""

    def __init__(self, training: TrainingState, drawing: Drawing, answer: Answer) -> None:
        super().__init__(tr("Answer"))
        self.title.hide()
        self._training, self._drawing, self._answer = training, drawing, answer
        self._words = BigAnswer(tr("Answer"), 100, lines=2)
        self._bars = _bars()
        self._bars.chosen.connect(answer.choose)
        self._words.setMaximumWidth(px(WIDEST))
        self._bars.setMaximumHeight(px(GREATEST_ROW * ALL))
        row = QHBoxLayout()
        row.setSpacing(px(16))
        row.addWidget(self._words, 1)
        row.addWidget(self._bars, 1)
        self.body.addLayout(row, 1)
        self.setMaximumHeight(px(GREATEST_ROW * ALL + 48))
        answer.changed.connect(self.touch)
        answer.past_changed.connect(self._say_before)
        training.run_started.connect(self.touch)

    def refresh(self) -> None:
        """Show the answer as it is now."""
        shares = self._answer.probabilities
        self._bars.show_shares(self._training.class_names, None if shares is None else shares.tolist())
        self._bars.mark(self._answer.chosen)
        self._say_before()

    @while_seen
    def _say_before(self) -> None:
        name, sure, more = in_words(self._training, self._drawing, self._answer)
        self._words.say(name, sure, tr("sure does not mean right") if name else more)
        classes = len(self._training.class_names)
        self._words.setToolTip(
            tr(
                "Entropy {entropy:.2f} bits. 0 bits: all on one answer; {bits:.2f} bits: all {count} alike. "
                "Even 0 can be wrong.",
                entropy=self._answer.entropy,
                bits=math.log2(classes),
                count=classes,
            )
            if name
            else ""
        )


def _bars(narrowest: float = LEAST_WIDTH) -> ShareBars:
    bars = ShareBars(tr("Probability of each answer"), narrowest=narrowest)
    bars.setToolTip(tr("They sum to 1. A high one is not certainty: the network must choose one."))
    return bars


def in_words(training: TrainingState, drawing: Drawing, answer: Answer) -> tuple[str, str, str]:
    """Return the name of the answer, how sure it is, and what it was before or what it is made from."""
    shares, digit = answer.probabilities, answer.digit
    if shares is None or digit is None:
        said = tr("and it will answer") if drawing.is_empty else tr("when there is a network, it answers")
        return "", draw_something(training.spec), said
    sure = tr("{share:.0f} % sure", share=whole_percent(float(shares[digit])))
    previous, shape = answer.previous(), training.image_shape
    if previous is not None:
        name = training.class_names[previous[0]]
        more = tr("it said {digit} until epoch {epoch}", digit=name, epoch=epoch_text(previous[1]))
    elif shape is not None:
        more = tr("{height} × {width} is all it sees", height=shape[0], width=shape[1])
    else:
        more = ""
    return training.class_names[digit], sure, more
