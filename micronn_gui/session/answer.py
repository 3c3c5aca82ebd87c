"""What the network answers to the drawing: now, and at every kept moment of the run."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from micronn_core.drawing.preparation import Field
from micronn_core.explain.sensitivity import first_gradient
from micronn_core.nn.activations import ACTIVATIONS
from micronn_core.nn.network import Network, Trace
from micronn_core.training.history import Snapshot
from micronn_gui.session.drawing import Drawing
from micronn_gui.session.neuron_pictures import neuron_pictures
from micronn_gui.session.training import TrainingState

Picture = NDArray[np.float32]

HOW, WHY, MY_DIGITS = "how", "why", "my digits"
"""What can be looked at beside an answer: how the drawing was seen, why this is the answer, what was kept."""

MOMENTS = 120
"""Most moments of the run at which the answer is worked out."""

REST = 200
"""Milliseconds after the last change before the answers of the past are worked out."""


@dataclass(frozen=True)
class Past:
    """The answers at moments of the run, oldest first.

    Attributes:
        epochs: (n,).
        probabilities: (classes, n).
    """

    epochs: NDArray[np.float64]
    probabilities: NDArray[np.floating]


class Answer(QObject):
    """Follows the drawing and the shown moment.

    Attributes:
        trace: the forward pass of the drawing through the shown network; None where nothing is
            drawn or there is no network.
        beside: what is looked at beside it: HOW, WHY or MY_DIGITS.
    """

    changed = Signal()
    past_changed = Signal()
    beside_changed = Signal()

    def __init__(self, training: TrainingState, drawing: Drawing, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._training, self._drawing = training, drawing
        self._known: dict[int, NDArray[np.floating]] = {}
        self.trace: Trace | None = None
        self.chosen: int | None = None
        self.beside = HOW
        self.past = Past(np.zeros(0), np.zeros((0, 0)))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REST)
        self._timer.timeout.connect(self._work_out_past)
        drawing.changed.connect(self._drawing_changed)
        training.shown_changed.connect(self._moment_changed)
        training.history_grew.connect(self._history_grew)
        training.run_started.connect(self._run_started)

    @property
    def can_draw(self) -> bool:
        """Whether the network takes pictures, so that a drawing says something to it."""
        return self._training.image_shape is not None

    @property
    def _is_asked(self) -> bool:
        return self.can_draw and not self._drawing.is_empty

    @property
    def probabilities(self) -> NDArray[np.floating] | None:
        """The probability of each class, (classes,), or None."""
        return None if self.trace is None else self.trace.probabilities[:, 0]

    @property
    def digit(self) -> int | None:
        """The most probable class, or None."""
        return None if self.trace is None else int(self.trace.logits[:, 0].argmax())

    @property
    def subject(self) -> int | None:
        """The class that is asked about: the one chosen by the user, else the answer."""
        return self.digit if self.chosen is None else self.chosen

    def choose(self, digit: int | None) -> None:
        """Ask about a class instead of the answer; None, or the same again, asks about the answer."""
        self.chosen = None if digit == self.chosen else digit
        self.changed.emit()

    def look_at(self, beside: str) -> None:
        """Look at something else beside the answer, wherever that is asked for."""
        if beside != self.beside:
            self.beside = beside
            self.beside_changed.emit()

    def ink_gradient(self) -> NDArray[np.floating] | None:
        """Return how ink would change the probability of the subject by what was learned, (rows, columns).

        The first weights are noise, which says nothing to the eye: they are left out where they are known.
        """
        shape = self._training.image_shape
        if self.trace is None or self.subject is None or self._training.shown is None or shape is None:
            return None
        shown = self._training.shown
        learned = neuron_pictures(shown.parameters, self._training.start_parameters).values
        gradient = learned.T @ first_gradient(self._network(shown), self.trace, self.subject)[:, 0]
        return gradient.reshape(shape) * self._training.config.white

    @property
    def entropy(self) -> float:
        """How undecided the answer is, in bits: 0 is certain, log2(classes) a mere guess."""
        probabilities = self.probabilities
        if probabilities is None:
            return 0.0
        p = probabilities[probabilities > 0].astype(np.float64)
        return float(max(0.0, -(p * np.log2(p)).sum()))

    def previous(self) -> tuple[int, float] | None:
        """Return the digit that was answered before this one, and the last epoch at which it was."""
        if self.digit is None or self._training.shown is None or not self._known:
            return None  # what is known of the past is about another drawing
        before = self.past.epochs <= self._training.shown.metrics.epoch
        digits = self.past.probabilities[:, before].argmax(axis=0)
        other = np.flatnonzero(digits != self.digit)
        return (int(digits[other[-1]]), float(self.past.epochs[other[-1]])) if other.size else None

    def close(self) -> None:
        """Work out no more."""
        self._timer.stop()

    def _run_started(self) -> None:
        self.trace = None  # it speaks of classes of the run before
        if self.chosen is not None and self.chosen >= len(self._training.class_names):
            self.chosen = None
        if (shape := self._training.image_shape) is not None:
            self._drawing.use_field(Field(*shape))
        self._known.clear()
        self._work_out_past()

    def _drawing_changed(self) -> None:
        self._known.clear()
        self._answer()
        self._timer.start()  # anew with each point: the past waits until the pen rests

    def _moment_changed(self) -> None:
        if self._drawing.is_empty and self.trace is None:
            return  # nothing is drawn, so another moment has nothing else to say of it
        self._answer()

    def _answer(self) -> None:
        shown = self._training.shown
        self.trace = self._run(shown) if shown is not None and self._is_asked else None
        self.changed.emit()

    def _history_grew(self) -> None:
        if self._is_asked and not self._timer.isActive():
            self._timer.start()

    def read(self, picture: Picture) -> NDArray[np.floating] | None:
        """Return the shown network's probabilities for a picture, (classes,), or None without a network."""
        shown = self._training.shown
        return self._run(shown, picture).probabilities[:, 0] if shown is not None and self.can_draw else None

    def _run(self, moment: Snapshot, picture: Picture | None = None) -> Trace:
        picture = self._drawing.picture if picture is None else picture
        dtype, white = moment.parameters.vector.dtype, self._training.config.white
        x = self._training.spec.inputs(picture, dtype, white)
        with np.errstate(over="ignore", invalid="ignore"):  # a run that explodes is told of elsewhere
            return self._network(moment).forward(x)

    def _network(self, moment: Snapshot) -> Network:
        return Network(moment.parameters, ACTIVATIONS[self._training.config.activation])

    def _work_out_past(self) -> None:
        kept = self._training.history.snapshots
        if not self._is_asked or not kept:
            self.past = Past(np.zeros(0), np.zeros((0, 0)))
        else:
            chosen = [kept[i] for i in np.unique(np.linspace(0, len(kept) - 1, MOMENTS).astype(int))]
            for moment in chosen:
                if moment.metrics.step not in self._known:
                    self._known[moment.metrics.step] = self._run(moment).probabilities[:, 0]
            answers = [self._known[moment.metrics.step] for moment in chosen]
            epochs = np.array([moment.metrics.epoch for moment in chosen])
            self.past = Past(epochs, np.stack(answers, axis=1))
        self.past_changed.emit()
