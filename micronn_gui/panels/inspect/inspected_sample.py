"""The sample that is explained: which, its true class, and the network's answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton

from micronn_core.common.errors import MicroNNError
from micronn_core.common.texts import number, tr
from micronn_core.data.features import Columns
from micronn_gui.panels.inspect.numbers import small_choice
from micronn_gui.panels.panel import Panel
from micronn_gui.session.inspection import DRAWING, Inspection
from micronn_gui.session.training import TrainingState
from micronn_gui.theme import px
from micronn_gui.widgets.as_written import as_written
from micronn_gui.widgets.controls.buttons import Segments, button, label, restyle
from micronn_gui.widgets.images.picture import PictureView

PICTURE, LEAST_PICTURE = 162, 96
"""Side of the picture, and its least height, in pixels."""
SHORT_NAME, NAME_ROOM, MOST_WORDS = 4, 100, 6
"""Letters of a class's name up to which it is large; pixels for a word of a longer one; most words of it."""
PLAIN, MATHS = "plain", "maths"
MOST_VALUES = 12
"""Most values of a sample that are written out."""


class InspectedSamplePanel(Panel):
    """Chooses the sample, and how its explanation is written."""

    def __init__(self, training: TrainingState, inspection: Inspection) -> None:
        super().__init__(tr("Sample"))
        self._training = training
        self._inspection = inspection
        self._picture = PictureView(tr("The sample's picture"), px(PICTURE))
        self._picture.setMinimumHeight(px(LEAST_PICTURE))
        self._name = label("", "number")
        self._truth, self._answer = label("", "said"), label("", "said")
        self._note = label("", "soft")
        self._note.setWordWrap(True)
        self._drawn = small_choice(tr("True digit of the drawing"))
        self._drawn.setToolTip(tr("Which digit was meant: the step teaches it to the network"))
        self._drawn.activated.connect(inspection.show_drawing)
        self._drawn.hide()  # until a drawing is explained
        self._modes = Segments(
            [
                (PLAIN, tr("Plain"), tr("Titles and lists in plain words")),
                (MATHS, tr("Maths"), tr("Titles and lists in symbols and formulas")),
            ],
            tr("How titles and lists are written"),
        )
        self._modes.chosen.connect(self._choose_mode)
        self.body.addWidget(self._picture, 1000)  # as large as there is room for
        self.body.addLayout(self._facts())
        self.body.addLayout(self._choices())
        self.body.addWidget(self._note)
        self.body.addStretch(1)
        self.body.addWidget(self._modes)
        inspection.changed.connect(self.touch)
        inspection.moved.connect(self.touch)

    def _choose_mode(self, key: str) -> None:
        self._inspection.write_in_maths(key == MATHS)

    def _facts(self) -> QGridLayout:
        facts = QGridLayout()
        facts.setVerticalSpacing(px(2))
        facts.addWidget(self._name, 0, 0, 1, 2)
        for row, (name, value) in enumerate(((tr("it is a"), self._truth), (tr("it says"), self._answer)), 1):
            facts.addWidget(label(name, "soft"), row, 0)
            value.setWordWrap(True)
            value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            facts.addWidget(value, row, 1)
        facts.addWidget(self._drawn, 1, 1, Qt.AlignmentFlag.AlignRight)
        facts.setRowMinimumHeight(1, px(26))
        facts.setColumnStretch(1, 1)
        return facts

    def _choices(self) -> QGridLayout:
        inspection = self._inspection
        grid = QGridLayout()
        grid.setSpacing(px(6))
        back = self._choice(
            "‹", tr("The test sample before (P)"), "P", partial(inspection.show_neighbour, -1)
        )
        on = self._choice("›", tr("The next test sample (N)"), "N", partial(inspection.show_neighbour, 1))
        grid.addWidget(back, 0, 0)
        grid.addWidget(on, 0, 1)
        for row, (text, tip, key, choose) in enumerate(
            (
                (tr("Next mistake"), tr("The next one it gets wrong (M)"), "M", self._show_mistake),
                (tr("Random"), tr("Any test sample (R)"), "R", inspection.show_random),
                (tr("My drawing"), tr("What is on the pad (D)"), "D", self._show_drawing),
                (
                    tr("Tutorial's 3-2-2"),
                    tr("The worked example of the tutorial (T)"),
                    "T",
                    inspection.show_tutorial,
                ),
            ),
            1,
        ):
            grid.addWidget(self._choice(text, tip, key, choose), row, 0, 1, 2)
        return grid

    def _choice(self, text: str, tip: str, key: str, choose: Callable[[], None]) -> QPushButton:
        made = button(text, tip)
        made.setAccessibleName(tip)
        made.clicked.connect(lambda: self._carefully(choose))
        made.setShortcut(key)
        return made

    def _carefully(self, choose: Callable[[], None]) -> None:
        """Choose a sample; say so where its data cannot be read."""
        try:
            choose()
        except MicroNNError as error:
            self._inspection.refused.emit(str(error))

    def _show_drawing(self) -> None:
        self._inspection.show_drawing()

    def _show_mistake(self) -> None:
        if not self._inspection.show_mistake() and self._training.shown is not None:
            self._note.setText(tr("It gets every test picture right."))
            self._note.show()

    def refresh(self) -> None:
        """Show the sample, or why there is none."""
        inspection, sample = self._inspection, self._inspection.sample
        explanation = inspection.explanation
        drawing = inspection.source == DRAWING
        self._modes.choose(MATHS if inspection.maths else PLAIN)
        known = sample is not None and explanation is not None
        self._truth.setVisible(known and not drawing)
        self._drawn.setVisible(known and drawing)
        self._picture.setVisible(sample is not None and known and sample.image_shape is not None)
        if sample is None or explanation is None:
            self._name.clear()
            self._answer.clear()
            self._note.setText(self._missing())
            self._note.show()
            return
        self._name.setText(sample.name)
        names, answer = sample.class_names, explanation.before.answer
        _show_class(self._truth, names[sample.label])
        self._offer(names)
        self._drawn.setCurrentIndex(sample.label)
        right = answer == sample.label
        _show_class(self._answer, names[answer] if right else tr("{digit} ✗", digit=names[answer]), not right)
        if sample.image_shape is not None:
            self._picture.show_picture(sample.x.reshape(sample.image_shape) / max(1.0, sample.x.max()))
        self._note.setVisible(sample.image_shape is None)
        if sample.spec is None:
            self._note.setText(tr("3 inputs, 2 hidden neurons, 2 classes: the tutorial's worked example."))
        elif isinstance(sample.spec.features, Columns):
            self._note.setText(_in_words(sample.spec.features, sample.x))

    def _offer(self, names: Sequence[str]) -> None:
        """Offer the classes that a drawing can be meant to be."""
        if names != tuple(self._drawn.itemText(i) for i in range(self._drawn.count())):
            self._drawn.clear()
            self._drawn.addItems(list(names))

    def _missing(self) -> str:
        """Say why nothing is explained."""
        if self._inspection.sample is not None:
            return tr("The network's weights are not finite numbers: it cannot be explained.")
        if self._training.shown is None:
            return tr("There is no network yet.")
        if self._inspection.source == DRAWING:
            if self._training.image_shape is None:
                return tr("This network takes the columns of a table: take a sample of the data.")
            return tr("Nothing is drawn yet. Draw a digit (Ctrl+2), or take another sample.")
        return tr("The test pictures cannot be read.")


def _show_class(shown: QLabel, name: str, wrong: bool = False) -> None:
    """Show a class: a digit large, and coloured if it is wrong; a longer name smaller, on several lines."""
    role = "value" if len(name) > SHORT_NAME else "said-wrong" if wrong else "said"
    if role != shown.objectName():
        shown.setObjectName(role)
        restyle(shown)
    room, metrics = px(NAME_ROOM), shown.fontMetrics()
    words = [metrics.elidedText(word, Qt.TextElideMode.ElideMiddle, room) for word in name.split(" ")]
    shown.setText(" ".join(words[:MOST_WORDS]))
    shown.setToolTip(as_written(name))


def _in_words(features: Columns, x: NDArray[np.floating]) -> str:
    """Return the values of a sample, (n, 1), as they stand in its table."""
    values = features.stored(x.T)[0]
    texts = [f"{features.label(i)} {number(value, '.4g')}" for i, value in enumerate(values[:MOST_VALUES])]
    return "  ·  ".join([*texts, "…"] if len(values) > MOST_VALUES else texts)
