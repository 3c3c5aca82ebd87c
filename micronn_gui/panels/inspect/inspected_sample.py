"""The sample that is explained: which, its true class, the network's answer, and the steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QVBoxLayout

from micronn_core.common.errors import MicroNNError
from micronn_core.common.texts import number, tr
from micronn_core.data.features import Columns
from micronn_gui.panels.inspect.step_list import StepList
from micronn_gui.panels.panel import Panel
from micronn_gui.session.inspection import DRAWING, Inspection
from micronn_gui.session.training import TrainingState
from micronn_gui.theme import px
from micronn_gui.widgets.as_written import as_written
from micronn_gui.widgets.controls.buttons import button, guard_wheel, label
from micronn_gui.widgets.images.picture import PictureView

MOST_VALUES = 12
"""Most values of a sample that are written out."""


class InspectedSamplePanel(Panel):
    """Chooses the sample and the step."""

    def __init__(self, training: TrainingState, inspection: Inspection) -> None:
        super().__init__(tr("Sample"))
        self._training = training
        self._inspection = inspection
        self._picture = PictureView(tr("The sample's picture"), 104)
        self._name, self._truth = label("", "number"), label("", "strong")
        self._answer = label("", "strong")
        self._note = label("", "soft")
        self._note.setWordWrap(True)
        self._drawn = QComboBox()
        self._drawn.setObjectName("small")
        self._drawn.setAccessibleName(tr("True digit of the drawing"))
        self._drawn.setToolTip(tr("Which digit was meant: the step teaches it to the network"))
        self._drawn.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._drawn.activated.connect(inspection.show_drawing)
        guard_wheel(self._drawn)
        self._drawn.hide()  # until a drawing is explained
        top = QHBoxLayout()
        top.setSpacing(px(12))
        top.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(self._facts(), 1)
        self.body.addLayout(top)
        self.body.addLayout(self._choices())
        self.body.addWidget(self._note)
        self.body.addWidget(StepList(inspection), 1)
        inspection.changed.connect(self.touch)

    def _facts(self) -> QVBoxLayout:
        facts = QGridLayout()
        facts.setHorizontalSpacing(px(8))
        facts.setVerticalSpacing(2)
        facts.addWidget(self._name, 0, 0, 1, 2)
        for row, (name, value) in enumerate(((tr("true"), self._truth), (tr("answer"), self._answer)), 1):
            facts.addWidget(label(name, "soft"), row, 0)
            facts.addWidget(value, row, 1, Qt.AlignmentFlag.AlignRight)
        facts.addWidget(self._drawn, 1, 1, Qt.AlignmentFlag.AlignRight)
        column = QVBoxLayout()
        column.addLayout(facts)
        column.addStretch(1)
        return column

    def _choices(self) -> QGridLayout:
        inspection = self._inspection
        entries = (
            (
                tr("‹ prev"),
                tr("The test picture before (P)"),
                lambda: inspection.show_neighbour(-1),
            ),
            (tr("next ›"), tr("The next test picture (N)"), lambda: inspection.show_neighbour(1)),
            (tr("random"), tr("Any test picture (R)"), inspection.show_random),
            (tr("mistake"), tr("The next test picture it gets wrong (M)"), self._show_mistake),
            (tr("drawing"), tr("What is on the pad (D)"), self._show_drawing),
            (
                tr("tutorial"),
                tr("The worked example of the tutorial (T)"),
                inspection.show_tutorial,
            ),
        )
        grid = QGridLayout()
        grid.setHorizontalSpacing(0)
        grid.setVerticalSpacing(0)
        for i, (text, tip, choose) in enumerate(entries):
            choice = button(text, tip, "link")
            choice.clicked.connect(lambda _=False, choose=choose: self._carefully(choose))
            choice.setShortcut("PNRMDT"[i])
            grid.addWidget(choice, i // 3, i % 3)
        return grid

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
        self._truth.setText(names[sample.label])
        self._truth.setToolTip(as_written(names[sample.label]))
        self._offer(names)
        self._drawn.setCurrentIndex(sample.label)
        right = answer == sample.label
        self._answer.setText(names[answer] if right else tr("{digit} ✗", digit=names[answer]))
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


def _in_words(features: Columns, x: NDArray[np.floating]) -> str:
    """Return the values of a sample, (n, 1), as they stand in its table."""
    values = features.stored(x.T)[0]
    texts = [f"{features.label(i)} {number(value, '.4g')}" for i, value in enumerate(values[:MOST_VALUES])]
    return "  ·  ".join([*texts, "…"] if len(values) > MOST_VALUES else texts)
