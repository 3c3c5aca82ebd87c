"""Why this answer: the hidden neurons that speak for it most, and what they found in the drawing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from micronn_core.common.texts import number, tr, trn
from micronn_core.nn.network import Parameters, Trace
from micronn_gui.panels.draw.scrolling import ScrollingColumn
from micronn_gui.panels.draw.wording import SHORT
from micronn_gui.panels.panel import Refreshing
from micronn_gui.session.answer import Answer
from micronn_gui.session.neuron_pictures import neuron_pictures
from micronn_gui.session.training import TrainingState
from micronn_gui.theme import px
from micronn_gui.widgets.charts.evidence_rows import EvidenceRow, EvidenceRows
from micronn_gui.widgets.controls.buttons import flush_link, label

STRONGEST = 3
"""Neurons that are shown at first."""
MOST = 60
"""Most neurons shown; the rest weigh less."""

Values = NDArray[np.floating]


class WhyPage(Refreshing, QWidget):
    """A sentence, and each neuron's evidence: what it has learned to look for where the drawing has ink.

    The neurons stand in the order of what they add to the answer; those of a deep network, which vote
    for no answer themselves, in the order of how strongly they fire.
    """

    def __init__(self, training: TrainingState, answer: Answer) -> None:
        super().__init__()
        self.setAccessibleName(tr("Why"))
        self._training, self._answer = training, answer
        self._all = False
        self._note = label("")
        self._note.setWordWrap(True)
        self._note.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._rows = EvidenceRows(tr("The neurons and their evidence"))
        self._rows.setToolTip(
            tr("What the neuron has learned to look for, pixel by pixel, where the drawing has ink")
        )
        self._more = flush_link("", tr("Show more neurons, or the strongest alone"))
        self._more.clicked.connect(self._toggle)
        self._area = ScrollingColumn()
        self._area.rows.addWidget(self._rows)
        self._area.rows.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        self._area.rows.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(12))
        column.addWidget(self._note)
        column.addWidget(self._area, 1)
        training.run_started.connect(self.touch)
        answer.changed.connect(self.touch)

    def _toggle(self) -> None:
        self._all = not self._all
        self.touch()

    def refresh(self) -> None:
        """Show the neurons that matter most for the answer."""
        answer, shown = self._answer, self._training.shown
        drawn = answer.trace is not None and answer.digit is not None and shown is not None
        self._area.setVisible(drawn)
        if answer.trace is None or answer.digit is None or shown is None:
            self._say(
                tr("Draw a digit, and see which neurons speak for the answer, and why.")
                if self._training.spec.has_digits
                else tr("Draw a picture, and see which neurons speak for the answer, and why.")
            )
            return
        self._show(shown.parameters, answer.trace, answer.digit)

    def _show(self, now: Parameters, trace: Trace, digit: int) -> None:
        fired = trace.a[0][:, 0]
        votes = now.layers[1].weight[digit] * fired if len(now.layers) == 2 else None
        weight = fired if votes is None else votes
        order = self._chosen(weight)
        pictures = neuron_pictures(now, self._training.start_parameters)
        shape = self._training.image_shape or (trace.x.shape[0], 1)
        evidence = (pictures.values[order] * trace.x[:, 0]).reshape(-1, *shape)
        largest = float(np.abs(weight).max())
        name = self._training.class_names[digit]
        rows = []
        for i, picture in zip(order.tolist(), evidence, strict=True):
            fires = tr("fires with {value}", value=number(fired[i], ".1f"))
            adds = ""
            if votes is not None:
                value = number(round(float(votes[i]), 1) + 0.0, "+.1f")  # no -0.0
                short = len(name) <= SHORT
                adds = tr("adds {value} to the {digit}", value=value, digit=name) if short else ""
                adds = adds or tr("adds {value} to it", value=value)
            share = float(weight[i]) / largest if largest > 0 else 0.0
            rows.append(EvidenceRow(f"h{i}", picture, fires, adds, share))
        self._rows.show_rows(rows, float(np.abs(evidence).max()))
        self._say(self._sentence(votes, name, pictures.learned))
        self._offer_more(len(fired))

    def _chosen(self, weight: Values) -> NDArray[np.intp]:
        """Return the neurons that are shown, the weightiest first; until all are asked for, three."""
        order = np.argsort(-weight, kind="stable")
        if self._all:
            return order[:MOST]
        return order[: min(STRONGEST, max(1, int((weight > 0).sum())))]

    def _sentence(self, votes: Values | None, name: str, learned: bool) -> str:
        """Return what the neurons found, and how to read their pictures."""
        if votes is None:
            text = tr(
                "These neurons of the first layer found most of their pattern in your drawing. Ink on blue "
                "counted for them, on orange against."
            )
        elif self._all:
            text = tr(
                "The neurons in the order of what they add to the {digit}. Ink on blue counted for them, "
                "on orange against.",
                digit=name,
            )
        elif (speaking := min(STRONGEST, int((votes > 0).sum()))) == 0:
            text = tr(
                "No neuron speaks for the {digit}: the others are only spoken against more.", digit=name
            )
        elif speaking == 1:
            text = tr(
                "This neuron found its pattern in your drawing, and it speaks for the {digit}. Ink on blue "
                "counted for it, on orange against.",
                digit=name,
            )
        elif speaking == 2:
            text = tr(
                "These two neurons found most of their pattern in your drawing, and they speak for the "
                "{digit}. Ink on blue counted for them, on orange against.",
                digit=name,
            )
        else:
            text = tr(
                "These three neurons found most of their pattern in your drawing, and they speak for the "
                "{digit}. Ink on blue counted for them, on orange against.",
                digit=name,
            )
        if learned:
            return text
        note = tr("How this network began is not known, so these are its weights.")
        return f"{text} {note}"

    def _say(self, text: str) -> None:
        if text != self._note.text():
            self._note.setText(text)

    def _offer_more(self, count: int) -> None:
        if self._all:
            text = tr("the three strongest ›")
        elif count <= MOST:
            text = trn("all {count} neurons ›", "all {count} neurons ›", count)
        else:
            text = tr("the {count} strongest neurons ›", count=MOST)
        if text != self._more.text():
            self._more.setText(text)
            self._more.setAccessibleName(text)
        self._more.setVisible(count > STRONGEST)
