"""What each hidden neuron looks for: the rows of W1 as images or bars, and its votes for the classes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QStackedWidget, QWidget

from micronn_core.common.texts import number, tr
from micronn_gui.panels.panel import Panel
from micronn_gui.panels.train.layers import LayersView
from micronn_gui.panels.train.neuron import NeuronView
from micronn_gui.session.health import Health
from micronn_gui.session.training import TrainingState
from micronn_gui.theme import px
from micronn_gui.widgets.controls.buttons import Segments, guard_wheel, label, room_for_choices
from micronn_gui.widgets.controls.elided_text import ElidedLabel
from micronn_gui.widgets.images.color_legend import ColorLegend
from micronn_gui.widgets.images.image_grid import ImageGrid

Values = NDArray[np.floating]

SHARED, PER_IMAGE, FROZEN = "shared", "per image", "frozen"
LAYERS = "layers"
"""The view that shows all layers in figures instead of the first in images."""


class WeightsPanel(Panel):
    """The first layer's weights, their change since the start, or their gradient."""

    def __init__(self, training: TrainingState, health: Health) -> None:
        super().__init__(tr("What each neuron looks for"))  # short: its head is crowded
        self.setAccessibleName(tr("What each hidden neuron looks for"))
        self._training = training
        self._frozen: Values | None = None
        self._views = Segments(
            [
                ("weights", tr("Weights"), tr("Each row of W1 as an image, as it is")),
                (
                    "change",
                    tr("Change"),
                    tr("W1 minus its values at the start: what was learned"),
                ),
                (
                    "gradient",
                    tr("Gradient"),
                    tr("dW1 on the batch of the next step, which subtracts it"),
                ),
                (
                    LAYERS,
                    tr("Layers"),
                    tr("How weights, answers and gradients of every layer are spread, now and at the start"),
                ),
            ],
            tr("What the images show"),
        )
        self._views.chosen.connect(self._choose_view)
        self._scale = QComboBox()
        self._scale.setObjectName("small")
        for key, text in (
            (SHARED, tr("Scale: shared")),
            (PER_IMAGE, tr("Scale: per image")),
            (FROZEN, tr("Scale: frozen")),
        ):
            self._scale.addItem(text, key)
        self._scale.setToolTip(
            tr("Which value gets the full colour: the largest of all images, of each image, or a frozen one")
        )
        self._scale.setAccessibleName(tr("Colour scale"))
        self._scale.setFixedWidth(room_for_choices(px(122), self._scale))
        guard_wheel(self._scale)
        self._scale.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._scale.currentIndexChanged.connect(self._choose_scale)
        self._legend = ColorLegend()
        self.head.addWidget(self._views)
        self.head.addWidget(self._scale)
        self._note = ElidedLabel("", "soft")
        self._under = QStackedWidget()  # the note, or in its place what the mouse points at
        self._under.setFixedHeight(px(20))
        explained = QWidget()
        under = QHBoxLayout(explained)
        under.setContentsMargins(0, px(0), px(0), px(0))
        under.addWidget(self._note, 1)
        under.addWidget(self._legend)
        self._reading = label("", "reading")
        self._under.addWidget(explained)
        self._under.addWidget(self._reading)
        self.body.addWidget(self._under)
        self.grid = ImageGrid(self.accessibleName())
        self.grid.setToolTip(tr("Point at a pixel to read its weight. Click a neuron to enlarge it."))
        self.grid.hovered.connect(self._hover)
        self.grid.activated.connect(self._enlarge)
        self.neuron = NeuronView()
        self.neuron.closed.connect(self._close_neuron)
        self.neuron.hovered.connect(self._hover)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.grid)
        self._stack.addWidget(self.neuron)
        self.layers = LayersView(training, health)
        self._stack.addWidget(self.layers)
        self.body.addWidget(self._stack, 1)
        self._hovered: tuple[int, int, int] = (-1, -1, -1)
        training.run_started.connect(self._begin)
        training.shown_changed.connect(self.touch)
        self._begin()

    def _begin(self) -> None:
        self._frozen = None
        if self._scale.currentData() == FROZEN:  # the old network's scale means nothing to the new one
            self._scale.setCurrentIndex(self._scale.findData(SHARED))
        self._close_neuron()

    # -- what is shown --

    def _images(self) -> Values | None:
        """Return the chosen view of W1 as images, (neurons, rows, columns), or None without a network.

        Where samples are no pictures, the images have a row for each input and a single column.
        """
        shown, start = self._training.shown, self._training.start_parameters
        if shown is None or start is None:
            return None
        weight = shown.parameters.layers[0].weight
        if self._views.key == "change":
            weight = weight - start.layers[0].weight
        elif self._views.key == "gradient":
            weight = shown.gradient.layers[0].weight
        return weight.reshape(-1, *self._shape())

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
        if self._views.key == LAYERS:
            return
        images = self._images()
        shown = self._training.shown
        if images is None or shown is None:
            self._note.setText(tr("Loading the data and making a network …"))
            self._legend.show_range("", "")
            self.grid.clear()
            self._read()
            return
        limits = self._limits(images)
        layers = shown.parameters.layers
        self._note.setText(self._note_text())
        self._show_legend(limits)
        votes = layers[1].weight.T if len(layers) == 2 else np.zeros((len(images), 0), np.float32)
        names = self._training.class_names if len(layers) == 2 else ()
        biases = layers[0].bias[:, 0].tolist()
        if self._stack.currentWidget() is self.neuron:
            start = self._training.start_parameters
            bias_0 = float(start.layers[0].bias[self.neuron.index, 0]) if start else 0.0
            i = self.neuron.index
            looks = images[i], float(limits[i]), self._labels()
            self.neuron.show_neuron(*looks, biases[i], bias_0, names, votes[i].tolist())
        else:
            captions = [(f"h{i}", f"b {number(bias, '+.2f')}") for i, bias in enumerate(biases)]
            self.grid.show_images(images, limits, captions, votes, names, self._labels())
        self._read()

    def _note_text(self) -> str:
        spec = self._training.spec
        weights = tr("Row i of W1 as an image") if spec.features.image_shape else tr("Row i of W1 as bars")
        text = {
            "weights": weights,
            "change": tr("Row i of W1 minus its start"),
            "gradient": tr("Row i of dW1, which the next step subtracts"),
        }[self._views.key]
        if self._training.shown is None or len(self._training.shown.parameters.layers) != 2:
            return text
        if spec.has_digits:
            return tr("{what}  ·  bars: its vote for each digit", what=text)
        return tr("{what}  ·  small bars: its vote for each class", what=text)

    def _show_legend(self, limits: Values) -> None:
        if self._scale.currentData() == PER_IMAGE and self._stack.currentWidget() is self.grid:
            self._legend.show_range(tr("−max"), tr("+max"))
        else:
            limit = limits[self.neuron.index] if self._stack.currentWidget() is self.neuron else limits[0]
            spec = ".3f" if 0.001 <= limit < 1000 or limit == 0 else ".0e"
            self._legend.show_range("−" + number(limit, spec), number(limit, "+" + spec))

    # -- intents --

    def _choose_view(self) -> None:
        layers = self._views.key == LAYERS
        self._scale.setVisible(not layers)
        self._legend.setVisible(not layers)
        self.title.setText(tr("What goes on in each layer") if layers else tr("What each neuron looks for"))
        if layers:
            self._note.setText(tr("filled: now  ·  outline: at the start  ·  answers to test pictures"))
            self._stack.setCurrentWidget(self.layers)
            self._under.setCurrentIndex(0)
            return
        if self._stack.currentWidget() is self.layers:
            self._stack.setCurrentWidget(self.grid)
        self._freeze()
        self.touch()

    def _choose_scale(self) -> None:
        self._freeze()
        self.touch()

    def _freeze(self) -> None:
        """Freeze the scale at what is shown now, where the frozen scale is chosen."""
        self._frozen = None
        images = self._images()
        if self._scale.currentData() == FROZEN and images is not None:
            self._frozen = np.full(len(images), np.abs(images).max())

    def _enlarge(self, i: int) -> None:
        images = self._images()
        if images is None or i >= len(images):  # the pictures are still those of the network before
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
        shown, start = self._training.shown, self._training.start_parameters
        if i < 0 or shown is None or start is None or i >= shown.parameters.sizes[1]:
            self._under.setCurrentIndex(0)
            return
        self._under.setCurrentWidget(self._reading)
        features = self._training.spec.features
        pixel = row * self._shape()[1] + column
        if pixel >= features.count:  # what was pointed at belonged to another network
            self._under.setCurrentIndex(0)
            return
        now, first = (float(p.layers[0].weight[i, pixel]) for p in (shown.parameters, start))
        numbers = {
            "i": i,
            "pixel": pixel,
            "now": now,
            "first": first,
            "change": now - first,
            "gradient": float(shown.gradient.layers[0].weight[i, pixel]),
        }
        if features.image_shape is None:
            text = tr(
                "h{i} {name}  W1[{i}, {pixel}] {now:+.4f}  start {first:+.4f}  "
                "change {change:+.4f}  grad {gradient:+.2e}",
                name=features.label(pixel),
                **numbers,
            )
        else:
            text = tr(
                "h{i} ({row}, {column})  W1[{i}, {pixel}] {now:+.4f}  start {first:+.4f}  "
                "change {change:+.4f}  grad {gradient:+.2e}",
                row=row,
                column=column,
                **numbers,
            )
        self._reading.setText(text)
