"""Train: the recipe, the curves, what each hidden neuron looks for, and the pad."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSplitter

from micronn_core.common.texts import tr
from micronn_gui.panels.draw.pad import DrawPanel
from micronn_gui.panels.settings.recipe import RecipePanel
from micronn_gui.panels.train.curves import CurvesPanel
from micronn_gui.panels.train.weights import WeightsPanel
from micronn_gui.preferences import Preferences
from micronn_gui.session.states import States
from micronn_gui.theme import px
from micronn_gui.widgets.charts.figure import ACCURACY, LOSS
from micronn_gui.widgets.controls.buttons import fix_width
from micronn_gui.workspaces.workspace import Workspace


class TrainWorkspace(Workspace):
    """Watch it learn."""

    def __init__(self, states: States) -> None:
        super().__init__()
        training, health = states.training, states.health
        self.recipe = RecipePanel(training)
        fix_width(self.recipe, px(272))
        self.loss = CurvesPanel(training, health, LOSS, tr("Loss"))
        self.accuracy = CurvesPanel(training, health, ACCURACY, tr("Accuracy"))
        states.opened.changed.connect(self.recipe.offer_choices)
        for source in (self.recipe, self.loss.health, self.accuracy.health):
            source.new_network_wanted.connect(
                lambda config: self.replacement_wanted.emit(partial(training.new_network, config))
            )
        for curve in (self.loss, self.accuracy):
            curve.health.refused.connect(self.refused)
        self.weights = WeightsPanel(training, health)
        self.weights.view_chosen.connect(self._remember_view)
        self._preferences: Preferences | None = None
        self.draw = DrawPanel(training, states.drawing, states.answer, states.opened_picture)
        fix_width(self.draw, px(280))
        self.place_pad(self.draw, states.inspection)
        self.curves = QSplitter(Qt.Orientation.Horizontal)
        self.centre = QSplitter(Qt.Orientation.Vertical)
        self.splitters = {"curves": self.curves, "centre": self.centre}
        for splitter in self.splitters.values():
            splitter.setHandleWidth(px(16))
            splitter.setChildrenCollapsible(False)
        self.curves.addWidget(self.loss)
        self.curves.addWidget(self.accuracy)
        self.centre.addWidget(self.curves)
        self.centre.addWidget(self.weights)
        self.centre.setStretchFactor(0, 1)
        self.centre.setStretchFactor(1, 2)
        self.centre.setSizes([250, 500])
        self.weights.setMinimumHeight(px(240))
        row = QHBoxLayout(self)
        row.setContentsMargins(px(16), px(16), px(16), px(16))
        row.setSpacing(px(16))
        row.addWidget(self.recipe)
        row.addWidget(self.centre, 1)
        row.addWidget(self.draw)

    def recall(self, preferences: Preferences) -> None:
        """Show the neurons as they were shown the last time."""
        self._preferences = preferences
        self.weights.choose_view(preferences.neurons)

    def _remember_view(self, key: str) -> None:
        if self._preferences is not None:
            self._preferences.neurons = key
