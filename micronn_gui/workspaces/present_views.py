"""What can be shown large to a class: one view at a time, and beside it the pad with its answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from micronn_core.common.texts import mark, number, percent, tr
from micronn_core.explain.words import stage_words
from micronn_gui.panels.draw.answer import in_words
from micronn_gui.panels.draw.pad import Pad
from micronn_gui.panels.inspect.flow import FlowDiagram
from micronn_gui.panels.panel import Refreshing, while_seen
from micronn_gui.panels.train.figure_chart import FigureChart
from micronn_gui.session.answer import Answer
from micronn_gui.session.drawing import Drawing
from micronn_gui.session.inspection import Inspection
from micronn_gui.session.neuron_pictures import neuron_pictures
from micronn_gui.session.states import States
from micronn_gui.session.training import TrainingState
from micronn_gui.theme import px
from micronn_gui.widgets.charts.big_answer import BigAnswer
from micronn_gui.widgets.charts.figure import ACCURACY, LOSS
from micronn_gui.widgets.charts.share_bars import ShareBars
from micronn_gui.widgets.charts.share_strip import ShareStrip
from micronn_gui.widgets.controls.buttons import label, steady
from micronn_gui.widgets.images.image_grid import ImageGrid

SIDE = 261
"""Side of the pad, in pixels at the usual text size."""


class LargeView(Refreshing, QWidget):
    """Something that is shown large.

    Attributes:
        note: what of it is seen, in a few words, for the corner.
    """

    noted = Signal()
    """The note has changed."""

    def __init__(self) -> None:
        super().__init__()
        self.note = ""

    def say(self, note: str) -> None:
        """Say what is seen."""
        if note != self.note:
            self.note = note
            self.noted.emit()


class LargeNeurons(LargeView):
    """What the neurons of the first layer have learned."""

    def __init__(self, states: States) -> None:
        super().__init__()
        self._training = states.training
        self._grid = ImageGrid(tr("What each neuron looks for"))
        _fill(self, self._grid)
        self._training.shown_changed.connect(self.touch)

    def refresh(self) -> None:
        """Show a picture of each neuron, all to one scale."""
        training, shown = self._training, self._training.shown
        if shown is None:
            self._grid.clear()
            return
        values, learned = neuron_pictures(shown.parameters, training.start_parameters)
        self.say(tr("change since the start") if learned else tr("the weights: the start is not known"))
        features = training.spec.features
        images = values.reshape(-1, *(features.image_shape or (features.count, 1)))
        limits = np.full(len(images), np.abs(images).max())
        biases = shown.parameters.layers[0].bias[:, 0].tolist()
        captions = [(f"h{i}", f"b {number(bias, '+.2f')}") for i, bias in enumerate(biases)]
        labels = () if features.image_shape else tuple(map(features.label, range(features.count)))
        self._grid.show_images(images, limits, captions, np.zeros((len(images), 0), np.float32), (), labels)


class LargeCurves(LargeView):
    """Accuracy above, loss below."""

    def __init__(self, states: States) -> None:
        super().__init__()
        training = states.training
        self.note = tr("blue: training · orange: unseen")
        self._charts = {
            ACCURACY: FigureChart(training, ACCURACY, tr("Accuracy")),
            LOSS: FigureChart(training, LOSS, tr("Loss")),
        }
        _fill(self, *self._charts.values())
        for chart in self._charts.values():
            chart.range_changed.connect(self.touch)
            for control in chart.findChildren(QPushButton):
                control.hide()  # nothing is set here
        for signal in (training.run_started, training.history_grew, training.config_changed):
            signal.connect(self.touch)
        training.shown_changed.connect(self._follow_shown)

    def refresh(self) -> None:
        """Draw the curves as long as they are now."""
        for figure, chart in self._charts.items():
            for value in chart.findChildren(QLabel, "value"):
                steady(value, figure.widest)  # in the type of this screen, which it was not built in
            chart.refresh()

    @while_seen
    def _follow_shown(self) -> None:
        for chart in self._charts.values():
            chart.mark()


class LargeMind(LargeView):
    """How the answer to the drawing has changed over the run."""

    def __init__(self, states: States) -> None:
        super().__init__()
        self._training, self._answer = states.training, states.answer
        self.note = tr("how sure of each answer, epoch by epoch")
        self._strip = ShareStrip(tr("How it changed its mind"), tr("epoch"))
        _fill(self, self._strip)
        states.answer.past_changed.connect(self.touch)
        states.training.run_started.connect(self.touch)
        states.training.shown_changed.connect(self._follow_shown)

    def refresh(self) -> None:
        """Show the probabilities, and mark the moment that is shown."""
        training, past = self._training, self._answer.past
        end = float(training.config.epochs)
        self._strip.show_shares(training.class_names, past.epochs, past.probabilities, end)
        self._follow_shown()

    @while_seen
    def _follow_shown(self) -> None:
        if self._training.shown is not None:
            self._strip.mark(self._training.shown.metrics.epoch)


class LargeFlow(LargeView):
    """The network as a diagram, stage by stage."""

    def __init__(self, states: States) -> None:
        super().__init__()
        self._inspection: Inspection = states.inspection
        _fill(self, FlowDiagram(states.training, states.inspection))
        self._inspection.changed.connect(self.touch)
        self._inspection.moved.connect(self.touch)

    def watch(self, seen: bool) -> None:
        """Have explanations worked out while it is seen."""
        self._inspection.watch(seen)

    def refresh(self) -> None:
        """Name the stage; the diagram follows by itself."""
        explanation, step = self._inspection.explanation, self._inspection.step
        if explanation is not None and step is not None:
            self.say(stage_words(explanation, step).title)


@dataclass(frozen=True)
class LargeViewEntry:
    """A view as it is offered, by the key of its place.

    Attributes:
        title: what it is called.
        build: makes it.
        stages: whether the arrows go through the stages of an explanation there, not through the training.
    """

    title: str
    build: Callable[[States], LargeView]
    stages: bool = False


LARGE_VIEWS = (
    LargeViewEntry(mark("What each neuron looks for"), LargeNeurons),
    LargeViewEntry(mark("How it goes"), LargeCurves),
    LargeViewEntry(mark("How it changed its mind"), LargeMind),
    LargeViewEntry(mark("One picture on its way"), LargeFlow, stages=True),
)


class Figures(Refreshing, QWidget):
    """How often it is right, and how far it is, in huge figures."""

    def __init__(self, training: TrainingState) -> None:
        super().__init__()
        self._training = training
        self._caption = label("", "present-caption")
        self._right, self._epoch = label("", "present-figure"), label("", "present-figure")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(32))
        for caption, figure in (
            (self._caption, self._right),
            (label(tr("epoch"), "present-caption"), self._epoch),
        ):
            column = QVBoxLayout()
            column.setSpacing(0)
            column.addWidget(caption)
            column.addWidget(figure)
            row.addLayout(column)
        for signal in (training.shown_changed, training.history_grew, training.config_changed):
            signal.connect(self.touch)

    def refresh(self) -> None:
        """Write the figures of the moment that is shown."""
        training, metrics = self._training, self._training.shown_metrics()
        pictured = training.image_shape is not None
        self._caption.setText(tr("right on unseen pictures") if pictured else tr("right on unseen samples"))
        steady(self._right, percent(1, 1))
        self._right.setText("–" if metrics is None else percent(metrics.validation_accuracy, 1))
        steady(self._epoch, number(training.config.epochs))
        self._epoch.setText("–" if metrics is None else number(int(metrics.epoch)))


class PresentPad(Pad):
    """The pad, and below it the answer with a bar for each class."""

    def __init__(self, training: TrainingState, drawing: Drawing, answer: Answer) -> None:
        super().__init__(training, drawing)
        self._answer = answer
        self.title.setObjectName("present-title")
        self.canvas.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its keys are those of the whole screen
        self._words = BigAnswer(tr("Answer"), 52)
        self._bars = ShareBars(tr("Probability of each answer"))
        self.canvas.setFixedSize(px(SIDE), px(SIDE))
        self.setFixedWidth(
            px(SIDE) + self.body.contentsMargins().left() + self.body.contentsMargins().right()
        )
        for part, stretch in ((self.canvas, 0), (self._words, 0), (self._bars, 1)):
            self.body.addWidget(part, stretch)
        answer.changed.connect(self._follow_answer)
        answer.past_changed.connect(self._follow_answer)
        training.run_started.connect(self._follow_answer)

    def refresh(self) -> None:
        """Show the drawing and the answer."""
        super().refresh()
        self._follow_answer()

    @while_seen
    def _follow_answer(self) -> None:
        shares = self._answer.probabilities
        self._bars.show_shares(self._training.class_names, None if shares is None else shares.tolist())
        self._words.say(*in_words(self._training, self._drawing, self._answer))


def _fill(view: QWidget, *parts: QWidget) -> None:
    column = QVBoxLayout(view)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(px(16))
    for part in parts:
        part.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        column.addWidget(part, 1)
