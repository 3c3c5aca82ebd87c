"""What each hidden neuron has learned to look for: pictures or bars, and its votes for the classes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QComboBox, QHBoxLayout, QStackedWidget, QWidget

from micronn_core.common.texts import number, tr
from micronn_core.training.history import Snapshot
from micronn_gui.panels.panel import Panel
from micronn_gui.panels.train.layers import LayersView
from micronn_gui.panels.train.neuron import NeuronView
from micronn_gui.panels.train.sentence import Sentence
from micronn_gui.panels.train.views import LAYERS, LEARNED, VIEWS, words_of
from micronn_gui.session.health import Health
from micronn_gui.session.neuron_pictures import neuron_pictures, speaks_for
from micronn_gui.session.training import TrainingState
from micronn_gui.theme import px
from micronn_gui.widgets.controls.buttons import Segments, guard_wheel, room_for_choices
from micronn_gui.widgets.controls.elided_text import ElidedLabel
from micronn_gui.widgets.images.color_legend import ColorLegend
from micronn_gui.widgets.images.grid_painter import Caption
from micronn_gui.widgets.images.image_grid import ImageGrid

Values = NDArray[np.floating]

SHARED, PER_IMAGE, FROZEN = "shared", "per image", "frozen"
WIDE = 560
"""From this width on, in pixels, the choice of the view has room beside the title."""
HIGH = 340
"""From this height on, in pixels, it has room below it, and two lines say how to read the pictures."""


class _Patterns(NamedTuple):
    """What is shown of the neurons.

    Attributes:
        images: (neurons, rows, columns).
        start_known: whether it is known what their weights were at the start.
    """

    images: Values
    start_known: bool


class WeightsPanel(Panel):
    """What the first layer has learned since the start, its weights, their gradient, or all layers."""

    view_chosen = Signal(str)
    """Somebody has chosen the view of this key."""

    def __init__(self, training: TrainingState, health: Health) -> None:
        super().__init__(tr(VIEWS[LEARNED].title))
        self._training = training
        self._frozen: Values | None = None
        self._views = Segments(
            [(key, tr(view.label), tr(view.tip)) for key, view in VIEWS.items()], tr("What the images show")
        )
        self._views.chosen.connect(self._choose_view)
        self._scale = self._scale_box()
        self._legend = ColorLegend()
        self._sentence = Sentence(2)
        self._reading = ElidedLabel("", "reading")
        self.grid = ImageGrid(self.accessibleName())
        self.grid.setToolTip(tr("Point at a pixel to read its weight. Click a neuron to enlarge it."))
        self.grid.hovered.connect(self._hover)
        self.grid.activated.connect(self._enlarge)
        self.neuron = NeuronView()
        self.neuron.closed.connect(self._close_neuron)
        self.neuron.hovered.connect(self._hover)
        self.layers = LayersView(training, health)
        self._stack = QStackedWidget()
        for shown in (self.grid, self.neuron, self.layers):
            self._stack.addWidget(shown)
        self._place()
        self._hovered: tuple[int, int, int] = (-1, -1, -1)
        training.run_started.connect(self._begin)
        training.shown_changed.connect(self.touch)
        self._begin()

    # -- building --

    def _scale_box(self) -> QComboBox:
        box = QComboBox()
        box.setObjectName("small")
        for key, text in (
            (SHARED, tr("Scale: shared")),
            (PER_IMAGE, tr("Scale: per image")),
            (FROZEN, tr("Scale: frozen")),
        ):
            box.addItem(text, key)
        box.setToolTip(
            tr("Which value gets the full colour: the largest of all images, of each image, or a frozen one")
        )
        box.setAccessibleName(tr("Colour scale"))
        box.setFixedWidth(room_for_choices(px(126), box))
        guard_wheel(box)
        box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        box.currentIndexChanged.connect(self._choose_scale)
        return box

    def _place(self) -> None:
        self._head = QBoxLayout(QBoxLayout.Direction.LeftToRight)  # of the title and the views
        self._head.setSpacing(px(8))
        self.body.setContentsMargins(px(18), px(14), px(18), px(8))
        self.body.setSpacing(px(6))
        self.body.insertLayout(0, self._head)
        self.body.removeItem(self.head)
        self._head.addLayout(self.head)
        self._head.addWidget(self._views, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(self._sentence)
        self.body.addWidget(self._stack, 1)
        explained, row = QWidget(), QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._legend)
        row.addStretch(1)
        row.addWidget(self._scale)
        explained.setLayout(row)
        self._foot = QStackedWidget()  # the scale, or in its place what the mouse points at
        self._foot.addWidget(explained)
        self._foot.addWidget(self._reading)
        self._foot.setFixedHeight(px(26))
        self.body.addWidget(self._foot)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the choice of the view under the title, or in its place, where there is little room."""
        super().resizeEvent(event)
        wide, high = self.width() >= px(WIDE), self.height() >= px(HIGH)
        self.title.setVisible(wide or high)
        direction = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        self._head.setDirection(direction)
        self._sentence.set_lines(2 if high else 1)
        self._read()

    def _begin(self) -> None:
        self._frozen = None
        if self._scale.currentData() == FROZEN:  # the old network's scale means nothing to the new one
            self._scale.setCurrentIndex(self._scale.findData(SHARED))
        self._close_neuron()

    # -- what is shown --

    def _patterns(self, shown: Snapshot) -> _Patterns:
        """Return the chosen view of the first layer.

        Where samples are no pictures, the images have a row for each input and a single column.
        """
        start = self._training.start_parameters
        match self._views.key:
            case "learned":
                pictures = neuron_pictures(shown.parameters, start)
                values = pictures.values
            case "gradient":
                values = shown.gradient.layers[0].weight
            case _:
                values = shown.parameters.layers[0].weight
        return _Patterns(values.reshape(-1, *self._shape()), start is not None)

    def _shape(self) -> tuple[int, int]:
        features = self._training.spec.features
        return features.image_shape or (features.count, 1)

    def _labels(self) -> tuple[str, ...]:
        """Return what the inputs are called where they are no pixels."""
        features = self._training.spec.features
        return () if features.image_shape else tuple(map(features.label, range(features.count)))

    def _limits(self, images: Values) -> Values:
        """Return the value that gets the full colour in each image, (neurons,)."""
        largest: Values = np.abs(images).max(axis=(1, 2))
        match self._scale.currentData():
            case "per image":
                return largest
            case "frozen" if self._frozen is not None and len(self._frozen) == len(largest):
                return self._frozen
        return np.full(len(largest), largest.max())

    def refresh(self) -> None:
        """Show the images of the neurons, or the one that is enlarged; the layers follow by themselves."""
        shown = self._training.shown
        if shown is None:
            self._sentence.say(tr("Loading the data and making a network …"))
            self._legend.show_range("", "")
            self.grid.clear()
            self._read()
            return
        patterns = self._patterns(shown)
        self._say(shown, patterns)
        if self._views.key == LAYERS:
            return
        limits = self._limits(patterns.images)
        self._show_legend(limits)
        if self._stack.currentWidget() is self.neuron:
            self._show_neuron(shown, patterns.images, limits)
        else:
            self._show_grid(shown, patterns.images, limits)
        self._read()

    def _say(self, shown: Snapshot, patterns: _Patterns) -> None:
        learned = bool(patterns.images.any())
        votes = len(shown.parameters.layers) == 2
        spec = self._training.spec
        self._sentence.say(*words_of(self._views.key, spec, votes, learned, patterns.start_known))

    def _votes(self, shown: Snapshot) -> tuple[Values, tuple[str, ...]]:
        """Return what each neuron votes for each class, (neurons, classes), and the names of these."""
        layers = shown.parameters.layers
        if len(layers) == 2:
            return layers[1].weight.T, self._training.class_names
        return np.zeros((len(layers[0].weight), 0), np.float32), ()

    def _captions(self, shown: Snapshot, votes: Values, names: tuple[str, ...]) -> list[Caption]:
        """Return the name of each neuron, and the class that it speaks for; its bias if it has no votes."""
        if not names:
            biases = shown.parameters.layers[0].bias[:, 0].tolist()
            return [
                (f"h{i}", tr("bias {bias:+.2f}", bias=bias), number(bias, "+.2f"))
                for i, bias in enumerate(biases)
            ]
        said = [(tr("speaks for {name}", name=name), f"→ {name}") for name in names]
        return [(f"h{i}", *said[best]) for i, best in enumerate(speaks_for(votes.T).tolist())]

    def _show_grid(self, shown: Snapshot, images: Values, limits: Values) -> None:
        votes, names = self._votes(shown)
        captions = self._captions(shown, votes, names)
        self.grid.show_images(images, limits, captions, votes, names, self._labels())

    def _show_neuron(self, shown: Snapshot, images: Values, limits: Values) -> None:
        votes, names = self._votes(shown)
        start, i = self._training.start_parameters, self.neuron.index
        bias_0 = float(start.layers[0].bias[i, 0]) if start else None
        looks = images[i], float(limits[i]), self._labels()
        bias = float(shown.parameters.layers[0].bias[i, 0])
        self.neuron.show_neuron(*looks, bias, bias_0, names, votes[i].tolist())

    def _show_legend(self, limits: Values) -> None:
        if self._scale.currentData() == PER_IMAGE and self._stack.currentWidget() is self.grid:
            self._legend.show_range(tr("−max"), tr("+max"))
        else:
            limit = limits[self.neuron.index] if self._stack.currentWidget() is self.neuron else limits[0]
            spec = ".3f" if limit < 10 else ".1f" if limit < 100 else ".0f" if limit < 1000 else ".0e"
            if 0 < limit < 0.001:
                spec = ".0e"
            if limit == 0:
                self._legend.show_range(number(0), number(0))
                return
            self._legend.show_range("−" + number(limit, spec), number(limit, "+" + spec))

    # -- intents --

    def choose_view(self, key: str) -> None:
        """Show the view of this key; an unknown one changes nothing."""
        self._views.choose(key)
        self._show_view()

    def _choose_view(self, key: str) -> None:
        self._show_view()
        self.view_chosen.emit(key)

    def _show_view(self) -> None:
        layers = self._views.key == LAYERS
        self._foot.setVisible(not layers)
        self.title.setText(tr(VIEWS[self._views.key].title))
        if layers:
            self._stack.setCurrentWidget(self.layers)
        elif self._stack.currentWidget() is self.layers:
            self._stack.setCurrentWidget(self.grid)
        self._freeze()
        self.touch()

    def _choose_scale(self) -> None:
        self._freeze()
        self.touch()

    def _freeze(self) -> None:
        """Freeze the scale at what is shown now, where the frozen scale is chosen."""
        self._frozen = None
        shown = self._training.shown
        if self._scale.currentData() == FROZEN and shown is not None:
            images = self._patterns(shown).images
            self._frozen = np.full(len(images), np.abs(images).max())

    def _enlarge(self, i: int) -> None:
        shown = self._training.shown
        if (
            shown is None or i >= shown.parameters.sizes[1]
        ):  # the pictures are still those of the network before
            return
        self.neuron.index = i
        self._stack.setCurrentWidget(self.neuron)
        self.neuron.setFocus()
        self.touch()

    def _close_neuron(self) -> None:
        if self._views.key != LAYERS:
            self._stack.setCurrentWidget(self.grid)
            self.touch()

    def _hover(self, i: int, row: int, column: int) -> None:
        self._hovered = (i, row, column)
        self._read()

    def _read(self) -> None:
        """Write out the weight that the mouse is over."""
        i, row, column = self._hovered
        shown = self._training.shown
        input_ = row * self._shape()[1] + column
        known = (
            shown is not None and 0 <= i < shown.parameters.sizes[1] and input_ < shown.parameters.sizes[0]
        )
        if shown is None or not known:  # what was pointed at may have belonged to another network
            self._foot.setCurrentIndex(0)
            return
        features = self._training.spec.features
        place = tr("({row}, {column})", row=row, column=column)
        where = features.label(input_) if features.image_shape is None else place
        now, gradient = (float(p.layers[0].weight[i, input_]) for p in (shown.parameters, shown.gradient))
        numbers = {"i": i, "where": where, "now": now, "gradient": gradient}
        texts = [
            tr("h{i} {where}  weight {now:+.4f}  gradient {gradient:+.2e}", **numbers),
            tr("h{i} {where}  {now:+.4f}", **numbers),
        ]
        if (start := self._training.start_parameters) is not None:
            first = float(start.layers[0].weight[i, input_])
            numbers |= {"first": first, "change": now - first}
            texts[:1] = [
                tr(
                    "h{i} {where}  weight {now:+.4f}  start {first:+.4f}  change {change:+.4f}  "
                    "gradient {gradient:+.2e}",
                    **numbers,
                ),
                tr("h{i} {where}  weight {now:+.4f}  change {change:+.4f}", **numbers),
            ]
        room = self._foot.width()
        widths = map(self._reading.fontMetrics().horizontalAdvance, texts)
        fitting = [text for text, width in zip(texts, widths, strict=True) if width <= room]
        self._reading.setText(fitting[0] if fitting else texts[-1])
        self._foot.setCurrentWidget(self._reading)
