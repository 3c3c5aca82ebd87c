"""Train: the recipe, the curves, what each hidden neuron looks for, and the pad."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QWidget

from micronn_core.common.texts import tr
from micronn_gui.panels.draw.pad import DrawPanel
from micronn_gui.panels.settings.recipe import RecipePanel
from micronn_gui.panels.train.curves import ACCURACY, LOSS, CurvesPanel
from micronn_gui.panels.train.weights import WeightsPanel
from micronn_gui.session.states import States
from micronn_gui.theme import GRID


class TrainWorkspace(QWidget):
    """Watch it learn."""

    def __init__(self, states: States) -> None:
        super().__init__()
        self.setObjectName("page")
        training, health = states.training, states.health
        self.recipe = RecipePanel(training)
        self.recipe.setFixedWidth(34 * GRID)
        self.loss = CurvesPanel(training, health, LOSS, tr("Loss"))
        self.accuracy = CurvesPanel(training, health, ACCURACY, tr("Accuracy"))
        self.weights = WeightsPanel(training, health)
        self.draw = DrawPanel(training, states.drawing, states.answer)
        self.draw.setFixedWidth(35 * GRID)
        self.curves = QSplitter(Qt.Orientation.Horizontal)
        self.centre = QSplitter(Qt.Orientation.Vertical)
        for splitter in (self.curves, self.centre):
            splitter.setHandleWidth(2 * GRID)
            splitter.setChildrenCollapsible(False)
        self.curves.addWidget(self.loss)
        self.curves.addWidget(self.accuracy)
        self.centre.addWidget(self.curves)
        self.centre.addWidget(self.weights)
        self.centre.setStretchFactor(0, 1)
        self.centre.setStretchFactor(1, 2)
        self.centre.setSizes([250, 500])
        self.weights.setMinimumHeight(240)
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        row.setSpacing(2 * GRID)
        row.addWidget(self.recipe)
        row.addWidget(self.centre, 1)
        row.addWidget(self.draw)
