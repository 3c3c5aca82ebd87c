"""How the answer to this drawing has changed over the run."""

from __future__ import annotations

from micronn_core.common.texts import tr
from micronn_gui.panels.draw.wording import nothing_to_draw
from micronn_gui.panels.panel import Panel, while_seen
from micronn_gui.session.answer import Answer
from micronn_gui.session.training import TrainingState
from micronn_gui.widgets.charts.share_strip import ShareStrip
from micronn_gui.widgets.controls.buttons import label
from micronn_gui.widgets.controls.cover import Cover


class OverTimePanel(Panel):
    """The probabilities of this drawing at the kept moments of the run."""

    def __init__(self, training: TrainingState, answer: Answer) -> None:
        super().__init__(tr("How it changed its mind"))
        self._training, self._answer = training, answer
        note = tr("The probability of each answer for this drawing, epoch by epoch. Drag the timeline.")
        words = label(note, "soft")
        words.setWordWrap(True)
        self.body.addWidget(words)
        self._strip = ShareStrip(self.title.text())
        self.body.addWidget(self._strip, 1)
        self._cover = Cover(self)
        training.run_started.connect(self.touch)
        answer.past_changed.connect(self.touch)
        training.shown_changed.connect(self._follow_shown)

    def refresh(self) -> None:
        """Show the probabilities, and mark the moment that is shown."""
        self._cover.say(nothing_to_draw(self._training.spec))
        past = self._answer.past
        self._strip.show_shares(
            self._training.class_names, past.epochs, past.probabilities, float(self._training.config.epochs)
        )
        self._follow_shown()

    @while_seen
    def _follow_shown(self) -> None:
        if self._training.shown is not None:
            self._strip.mark(self._training.shown.metrics.epoch)
