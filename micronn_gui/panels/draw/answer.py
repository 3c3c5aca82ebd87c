"""The answer to the drawing: what the network sees, the digit, how sure it is, all ten shares."""

from __future__ import annotations

import math

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from micronn_core.common.texts import tr, trn
from micronn_core.training.history import epoch_text
from micronn_gui.panels.draw.wording import draw_something
from micronn_gui.panels.panel import Refreshing, while_seen
from micronn_gui.session.answer import Answer
from micronn_gui.session.drawing import Drawing
from micronn_gui.session.training import TrainingState
from micronn_gui.theme import px
from micronn_gui.widgets.charts.share_bars import ShareBars
from micronn_gui.widgets.controls.buttons import label
from micronn_gui.widgets.controls.elided_text import ElidedLabel
from micronn_gui.widgets.images.picture import PictureView


class AnswerView(Refreshing, QWidget):
    """Follows the answer."""

    def __init__(self, training: TrainingState, drawing: Drawing, answer: Answer) -> None:
        super().__init__()
        self._training = training
        self._drawing, self._answer = drawing, answer
        self._seen = PictureView(tr("What the network sees"), 76)
        self._digit = label("", "digit")
        self._digit.setAccessibleName(tr("Answer"))
        self._sure = label("", "strong")
        self._before = ElidedLabel("", "soft")  # on one line: the pad must not move when it is a longer one
        self._bars = ShareBars(tr("Probability of each answer"))
        self._bars.setToolTip(tr("They sum to 1. A high one is not certainty: the network must choose one."))
        self._bars.chosen.connect(answer.choose)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label(tr("what the network sees"), "caption"))
        line = QHBoxLayout()
        line.setSpacing(px(12))
        line.addWidget(self._digit)
        beside = QVBoxLayout()
        beside.setSpacing(0)
        beside.addStretch(1)
        beside.addWidget(self._sure)
        beside.addWidget(self._before)
        beside.addStretch(1)
        line.addLayout(beside, 1)
        words.addLayout(line, 1)
        head = QHBoxLayout()
        head.setSpacing(px(12))
        head.addWidget(self._seen)
        head.addLayout(words, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, px(0), px(0), px(0))
        column.setSpacing(px(8))
        column.addLayout(head)
        column.addWidget(self._bars, 1)
        self._entropy = label("", "caption")
        column.addWidget(self._entropy)
        answer.changed.connect(self.touch)
        answer.past_changed.connect(self._say_before)
        training.run_started.connect(self.touch)

    @while_seen
    def _follow_data(self) -> None:
        """Name the size of what the network sees, and how many answers it has."""
        spec = self._training.spec
        if (shape := spec.features.image_shape) is not None:
            self._seen.setToolTip(
                tr(
                    "The {height}x{width} pixels that the network sees: fitted and centred as in MNIST",
                    height=shape[0],
                    width=shape[1],
                )
            )
        classes = len(spec.class_names)
        self._entropy.setToolTip(
            tr(
                "0 bits: all on one answer; {bits:.2f} bits: all {count} alike. Even 0 can be wrong.",
                bits=math.log2(classes),
                count=classes,
            )
        )

    def refresh(self) -> None:
        """Show the answer as it is now."""
        self._follow_data()
        answer = self._answer
        self._seen.show_picture(self._drawing.picture)
        shares = answer.probabilities
        self._bars.show_shares(self._training.class_names, None if shares is None else shares.tolist())
        self._bars.mark(answer.chosen)
        if shares is None or answer.digit is None:
            self._digit.hide()
            self._sure.setText(draw_something(self._training.spec))
            self._entropy.setText(tr("sure does not mean right"))
        else:
            self._digit.show()
            self._digit.setText(self._training.class_names[answer.digit])
            self._sure.setText(tr("{share:.0f} % sure", share=100 * float(shares[answer.digit])))
            bits = tr("sure does not mean right · entropy {bits:.2f} bits", bits=answer.entropy)
            self._entropy.setText(bits)
        self._say_before()

    @while_seen
    def _say_before(self) -> None:
        previous = self._answer.previous()
        if self._drawing.is_empty:
            text = tr("and it will answer")
        elif previous is None:
            count = len(self._training.class_names)
            text = trn("of {count} answer it must choose one", "of {count} answers it must choose one", count)
        else:
            digit, epoch = previous
            name = self._training.class_names[digit]
            text = tr("was {digit} at epoch {epoch}", digit=name, epoch=epoch_text(epoch))
        self._before.setText(text)
