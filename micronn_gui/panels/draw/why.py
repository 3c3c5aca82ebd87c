"""Why this answer: the hidden neurons as they fire for the drawing, and what they vote for."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QHBoxLayout

from micronn_core.common.texts import number, tr
from micronn_gui.panels.draw.wording import nothing_to_draw
from micronn_gui.panels.panel import Panel
from micronn_gui.session.answer import Answer
from micronn_gui.session.training import TrainingState
from micronn_gui.widgets.controls.buttons import keep_place, label
from micronn_gui.widgets.controls.cover import Cover
from micronn_gui.widgets.images.color_legend import ColorLegend
from micronn_gui.widgets.images.image_grid import ImageGrid

MOST = 60
"""Most neurons shown; the rest weigh less."""


class WhyPanel(Panel):
    """Each neuron's evidence, w times x pixel by pixel, its activation and its votes.

    The neurons stand in the order of what they add to the winning digit.
    """

    def __init__(self, training: TrainingState, answer: Answer) -> None:
        super().__init__(tr("Why"))
        self._training, self._answer = training, answer
        self._note = label("", "soft")
        self._legend = ColorLegend()
        under = QHBoxLayout()
        under.addWidget(self._note, 1)
        under.addWidget(self._legend)
        self.body.addLayout(under)
        self._grid = ImageGrid(self.title.text())
        keep_place(self._grid)
        self.body.addWidget(self._grid, 1)
        self._cover = Cover(self)
        training.run_started.connect(self.touch)
        answer.changed.connect(self.touch)

    def refresh(self) -> None:
        """Show the neurons that matter most for the answer."""
        self._cover.say(nothing_to_draw(self._training.spec))
        answer, shown = self._answer, self._training.shown
        if answer.trace is None or answer.digit is None or shown is None:
            if self._training.spec.has_digits:
                self._note.setText(tr("Draw a digit, and see what each hidden neuron makes of it."))
            else:
                self._note.setText(tr("Draw a picture, and see what each hidden neuron makes of it."))
            self._legend.hide()
            self._grid.hide()
            return
        layers, trace = shown.parameters.layers, answer.trace
        fired = trace.a[0][:, 0]
        votes = layers[1].weight * fired  # (next layer, neurons)
        if len(layers) == 2:
            order = np.argsort(-np.abs(votes[answer.digit]))[:MOST]
            text = tr(
                "evidence w ⊙ x, activation a, bars: what it adds to each answer. "
                "Strongest on {digit} first.",
                digit=self._training.class_names[answer.digit],
            )
            self._note.setText(text)
            bars, names = votes.T[order], self._training.class_names
        else:
            order = np.argsort(-np.abs(fired))[:MOST]
            self._note.setText(tr("evidence w ⊙ x and activation a, strongest first"))
            bars, names = np.zeros((len(order), 0), np.float32), ()
        rows, columns = self._training.image_shape or (trace.x.shape[0], 1)
        images = (layers[0].weight[order] * trace.x[:, 0]).reshape(-1, rows, columns)
        limit = float(np.abs(images).max())
        self._legend.show_range(number(-limit, ".2f"), number(limit, "+.2f"))
        captions = [(f"h{i}", f"a {number(fired[i], '.2f')}") for i in order]
        self._legend.show()
        self._grid.show()
        self._grid.show_images(images, np.full(len(order), limit), captions, bars, names)
