"""How the answer to this drawing has changed over the run."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout

from micronn_core.common.texts import tr
from micronn_gui.panels.draw.story import story
from micronn_gui.panels.panel import Panel, while_seen
from micronn_gui.session.answer import Answer
from micronn_gui.session.replay import Replay
from micronn_gui.session.training import TrainingState
from micronn_gui.theme import px
from micronn_gui.widgets.charts.share_strip import ShareStrip
from micronn_gui.widgets.controls.buttons import flush_link
from micronn_gui.widgets.controls.elided_text import ElidedLabel, ElidedText

WIDE = 400
"""Width from which the sentence and the way on stand side by side."""


class OverTimePanel(Panel):
    """The probabilities of this drawing at the kept moments of the run, and a sentence of what happened."""

    def __init__(self, training: TrainingState, answer: Answer) -> None:
        super().__init__(tr("How it changed its mind"))
        self._training, self._answer = training, answer
        self._replay = Replay(training, self)
        self._replay.changed.connect(self._name_play)
        note = tr("the stronger the colour, the surer it was")
        self.body.addWidget(ElidedLabel(note, "soft"))
        self._strip = ShareStrip(self.title.text(), tr("epoch"))
        self._strip.setToolTip(tr("Click, or drag, to show the network as it was then"))
        self._strip.moment_chosen.connect(training.show_epoch)
        self.body.addWidget(self._strip, 1)
        self._story = ElidedText(2, 13)
        self._play = flush_link("", "")
        self._play.clicked.connect(self._toggle)
        self._foot = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._foot.setSpacing(px(8))
        self._foot.addWidget(self._story, 1)
        self._foot.addWidget(self._play, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.body.addLayout(self._foot)
        training.run_started.connect(self.touch)
        answer.past_changed.connect(self.touch)
        training.shown_changed.connect(self._follow_shown)
        self._name_play()

    def refresh(self) -> None:
        """Show the probabilities, say what happened, and mark the moment that is shown."""
        past, names = self._answer.past, self._training.class_names
        self._strip.show_shares(names, past.epochs, past.probabilities, float(self._training.config.epochs))
        said = story(past.epochs, past.probabilities, names)
        self._story.set_text(said or tr("Draw something, and see how the answer came about."))
        self._play.setEnabled(past.epochs.size > 1)
        self._follow_shown()

    @while_seen
    def _follow_shown(self) -> None:
        if self._training.shown is not None:
            self._strip.mark(self._training.shown.metrics.epoch)

    def _toggle(self) -> None:
        if self._replay.playing:
            self._replay.stop()
            self._training.show_live()
        else:
            self._replay.start(self._answer.past.epochs.tolist())

    def _name_play(self) -> None:
        playing = self._replay.playing
        text = tr("Stop ›") if playing else tr("Play it again ›")
        self._play.setText(text)
        self._play.setAccessibleName(text)
        self._play.setToolTip(
            tr("Show the newest moment again")
            if playing
            else tr("Go through the run from the beginning, in all panels; training is not disturbed")
        )

    def hideEvent(self, event: QHideEvent) -> None:
        """Play on for nobody: the newest moment is shown again."""
        super().hideEvent(event)
        if self._replay.playing:
            self._replay.stop()
            self._training.show_live()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the sentence have the whole width where that is small."""
        super().resizeEvent(event)
        wide = self.width() >= px(WIDE)
        self._foot.setDirection(
            QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        )
