"""What the inspector looks at: a sample, a step of its explanation, one number of that step.

It follows the shown moment, and explains only while somebody watches.
"""

from __future__ import annotations

import random

import numpy as np
from PySide6.QtCore import QObject, Signal

from micronn_core.common.errors import DataError
from micronn_core.common.texts import tr
from micronn_core.data.dataset import Dataset
from micronn_core.explain.derivations import Number
from micronn_core.explain.explanation import Explanation, Outcome, explain
from micronn_core.explain.steps import Step
from micronn_core.explain.worked_example import TUTORIAL_RATE, tutorial_network
from micronn_core.nn.activations import ACTIVATIONS
from micronn_core.nn.network import Network
from micronn_gui.session.drawing import Drawing
from micronn_gui.session.first_number import first_number
from micronn_gui.session.samples import Sample, held_out, held_out_sample, next_mistake, tutorial_sample
from micronn_gui.session.throttle import Throttle
from micronn_gui.session.training import TrainingState
from micronn_gui.worker.update import Status

TEST, DRAWING, TUTORIAL = "test", "drawing", "tutorial"
FOLLOW_INTERVAL = 300
"""Milliseconds between two explanations while the network trains: numbers must be readable."""
DIGITS = (2, 17)
"""Fewest and most significant digits of a number; 17 tell every float64 from every other."""


class Inspection(QObject):
    """Follows the training.

    Attributes:
        source: where the sample comes from: TEST, DRAWING or TUTORIAL.
        index: which of the test pictures.
        sample: what is explained, or None.
        explanation: one learning step on the sample, or None without a network or a drawing.
        trail: the numbers that led to the one that is looked at, which is the last.
        digits: significant digits of the numbers that are written out.
        maths: whether titles and lists are written in symbols and formulas; else in plain words.
        untrained: the network before it was trained on the sample, or None; `trained`: the copy after.
        progress: how well it did on the sample before and after.
        may_keep: whether the copy goes on from the run's newest weights, so that keeping it loses nothing.
    """

    changed = Signal()
    """Another sample or other weights: every number is new."""
    refused = Signal(str)
    """The test pictures cannot be read; the text says why."""
    moved = Signal()
    """Another step or number is looked at, or it is written in another way."""

    def __init__(self, training: TrainingState, drawing: Drawing) -> None:
        super().__init__(training)
        self._training, self._drawing = training, drawing
        self._watchers = 0
        self.may_keep = self.maths = False
        self.source, self.index = TEST, 0
        self.drawn_label: int | None = None
        self.sample: Sample | None = None
        self.explanation: Explanation | None = None
        self._step_key = ""
        self.trail: tuple[Number, ...] = ()
        self._picked = False
        self.digits = 4
        self.untrained: Network | None = None
        self.trained: Network | None = None
        self.progress: tuple[Outcome, Outcome] | None = None
        self._explaining = Throttle(self._work_out, FOLLOW_INTERVAL, parent=self)
        training.shown_changed.connect(self._moment_changed)
        training.config_changed.connect(self._rate_changed)
        training.status_changed.connect(self._status_changed)
        training.run_started.connect(self._begin_anew)
        drawing.changed.connect(self._drawing_changed)

    # -- what panels ask --

    @property
    def number(self) -> Number | None:
        """The number that is looked at."""
        return self.trail[-1] if self.trail else None

    @property
    def step(self) -> Step | None:
        """The step that is looked at."""
        return None if self.explanation is None else self.explanation.step(self._step_key)

    @property
    def learning_rate(self) -> float:
        """The learning rate of the explained step."""
        return TUTORIAL_RATE if self.source == TUTORIAL else self._training.config.learning_rate

    # -- which sample --

    def watch(self, watched: bool) -> None:
        """Hear that somebody looks from now on, or no longer: explanations are worked out for them alone."""
        self._watchers = max(0, self._watchers + (1 if watched else -1))
        if watched:
            self._explaining.now()
        elif not self._watchers:
            self._explaining.stop()

    def close(self) -> None:
        """Explain no more."""
        self._watchers = 0
        self._explaining.stop()

    def show_test(self, index: int) -> None:
        """Explain a test picture; beyond the last comes the first."""
        self._choose(TEST, index % len(self._held_out))

    def show_neighbour(self, direction: int) -> None:
        """Explain the next test picture (+1) or the one before (-1)."""
        self.show_test(self.index + direction if self.source == TEST else self.index)

    def show_random(self) -> None:
        """Explain any test picture."""
        self.show_test(random.randrange(len(self._held_out)))

    def show_mistake(self) -> bool:
        """Explain the next test picture that the network gets wrong; False if it gets all right."""
        network, white = self._shown_network(), self._training.config.white
        index = None if network is None else next_mistake(network, self._held_out, self.index, white)
        if index is not None:
            self._choose(TEST, index)
        return index is not None

    def show_drawing(self, label: int | None = None) -> None:
        """Explain what is on the pad, as this digit; None takes the network's answer for the truth."""
        self.drawn_label = label
        self._choose(DRAWING, self.index)

    def show_tutorial(self) -> None:
        """Explain the tutorial's worked example."""
        self._choose(TUTORIAL, self.index)

    def _choose(self, source: str, index: int) -> None:
        self.source, self.index = source, index
        if not self._picked:
            self.trail = ()  # what is most telling may be another number there
        self._forget_training()
        self._explaining.now()

    # -- which step and number --

    def open_step(self, key: str) -> None:
        """Look at a step, and at the first number of what it computes."""
        if self.explanation is not None:
            self._step_key, self._picked = key, False
            self.trail = (first_number(self.explanation, self.explanation.step(key)),)
            self.moved.emit()

    def move_step(self, direction: int) -> bool:
        """Look at the next step (+1) or the one before (-1); False at the end."""
        if self.explanation is None:
            return False
        keys = [step.key for step in self.explanation.steps]
        place = keys.index(self._step_key) + direction
        if not 0 <= place < len(keys):
            return False
        self.open_step(keys[place])
        return True

    def choose(self, number: Number) -> None:
        """Look at a number of the present step."""
        self.trail, self._picked = (number,), True
        self.moved.emit()

    def follow(self, number: Number) -> None:
        """Go on to a number that the present one is made of, in the step where it is computed."""
        if self.explanation is not None:
            step = self.explanation.step_of(number.name)
            self._step_key, self._picked = step.key, True
            self.trail = (*self.trail, number)
            self.moved.emit()

    def go_back(self, place: int) -> None:
        """Go back to a number of the trail, by its place in it."""
        if self.explanation is not None and 0 <= place < len(self.trail):
            self.trail = self.trail[: place + 1]
            self._step_key = self.explanation.step_of(self.trail[-1].name).key
            self.moved.emit()

    def show_digits(self, digits: int) -> None:
        """Write numbers with so many significant digits."""
        self.digits = min(max(digits, DIGITS[0]), DIGITS[1])
        self.moved.emit()

    def write_in_maths(self, maths: bool) -> None:
        """Write titles and lists in symbols and formulas, or in plain words."""
        self.maths = maths
        self.moved.emit()

    # -- training on the sample --

    def train(self) -> None:
        """Take exactly the explained step, on a copy; what trains meanwhile is paused."""
        if self.explanation is None:
            return
        self._training.pause()
        self.may_keep = self.may_keep if self.trained else self._training.live
        before = self.progress[0] if self.progress else self.explanation.before
        self.untrained = self.untrained or self.explanation.network
        self.progress = before, self.explanation.after
        self.trained = self.explanation.new_network()
        self._explaining.now()

    def put_back(self) -> None:
        """Forget the trained copy."""
        self._forget_training()
        self._explaining.now()

    def keep(self) -> None:
        """Let the run go on with the trained copy's weights."""
        if self.trained is not None and self.source != TUTORIAL:
            trained = self.trained
            self._forget_training()
            self.moved.emit()  # nothing is left to keep; the run will show the weights
            self._training.adopt(trained.parameters)

    def _begin_anew(self) -> None:
        """The network that was explained is gone; the tutorial's is not."""
        if self.source != TUTORIAL:
            self._forget_training()
            self.sample = self.explanation = None
            self.changed.emit()

    def _forget_training(self) -> None:
        self.untrained = self.trained = self.progress = None

    def _status_changed(self) -> None:
        if self._training.status is Status.RUNNING:
            self.may_keep = False  # the run has gone on without the copy

    def _moment_changed(self) -> None:
        if not self._watchers or self.source == TUTORIAL or self.trained is not None:
            return  # nobody looks, or what is looked at does not follow the run
        if not (self._training.live and self._training.status is Status.RUNNING):
            self._explaining.now()
        else:
            self._explaining.ask()

    def _rate_changed(self) -> None:
        if self.explanation is not None and self.explanation.learning_rate != self.learning_rate:
            self._explaining.now()

    def _drawing_changed(self) -> None:
        if self._drawing.is_empty:
            self.drawn_label = None
        if self.source == DRAWING:
            self._forget_training()
            self._explaining.now()

    def _work_out(self) -> None:
        if not self._watchers:
            return
        network, sample = self._network(), None
        try:
            sample = None if network is None else self._sample(network)
        except DataError as error:
            self.refused.emit(str(error))
        self.sample, self.explanation = sample, None
        if network is not None and sample is not None and np.isfinite(network.parameters.vector).all():
            self.explanation = explain(network, sample.x, sample.label, self.learning_rate, sample.spec)
            self._keep_place(self.explanation)
        self.changed.emit()

    def _keep_place(self, explanation: Explanation) -> None:
        """Stay at the same step and number, where the network still has them."""
        if self._step_key not in {step.key for step in explanation.steps}:
            self._step_key, self.trail = f"z{len(explanation.network.layers)}", ()
        known = []
        for number in self.trail:
            array = explanation.arrays.get(number.name)
            if array is None or number.row >= array.shape[0] or number.column >= array.shape[1]:
                break
            known.append(number)
        if known and len(known) < len(self.trail):
            self._step_key = explanation.step_of(known[-1].name).key
        self.trail = tuple(known) or (first_number(explanation, explanation.step(self._step_key)),)

    def _network(self) -> Network | None:
        if self.trained is not None:
            return self.trained
        return tutorial_network() if self.source == TUTORIAL else self._shown_network()

    def _shown_network(self) -> Network | None:
        shown = self._training.shown
        if shown is None:
            return None
        return Network(shown.parameters, ACTIVATIONS[self._training.config.activation])

    def _sample(self, network: Network) -> Sample | None:
        if self.source == TUTORIAL:
            return tutorial_sample()
        white = self._training.config.white
        if self.source == TEST:
            self.index %= len(self._held_out)  # another data set may be smaller
            return held_out_sample(self._held_out, self.index, white)
        if self._drawing.is_empty or self._training.image_shape is None:
            return None
        x = self._training.spec.inputs(self._drawing.picture, np.float64, white)
        if self.drawn_label is not None and self.drawn_label >= len(self._training.class_names):
            self.drawn_label = None  # it was a class of other data
        label = int(network.forward(x).logits.argmax()) if self.drawn_label is None else self.drawn_label
        return Sample(tr("this drawing"), x, label, self._training.spec)

    @property
    def _held_out(self) -> Dataset:
        return held_out(self._training.config)
