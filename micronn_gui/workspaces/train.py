"""Train: the recipe, what each hidden neuron has learned, how it goes, and the pad."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout

from micronn_gui.panels.draw.pad import DrawPanel
from micronn_gui.panels.settings.recipe import RecipePanel
from micronn_gui.panels.train.curves import CurvesPanel
from micronn_gui.panels.train.weights import WeightsPanel
from micronn_gui.preferences import Preferences
from micronn_gui.session.states import States
from micronn_gui.theme import px
from micronn_gui.widgets.controls.buttons import fix_width
from micronn_gui.widgets.controls.columns import Columns
from micronn_gui.workspaces.workspace import Workspace

RECIPE, PAD = 254, 272
"""Widths at the sides, in pixels."""
LEAST_NEURONS = 256
"""Height from which on two rows of neurons fit without their votes, in pixels."""
SHARES = (460, 260)
"""How the neurons and the curves share the height."""


class TrainWorkspace(Workspace):
    """Watch it learn."""

    def __init__(self, states: States) -> None:
        super().__init__()
        training, health = states.training, states.health
        self._training = training
        self._preferences: Preferences | None = None
        self.recipe = RecipePanel(training)
        fix_width(self.recipe, px(RECIPE))
        states.opened.changed.connect(self.recipe.offer_choices)
        self.weights = WeightsPanel(training, health)
        self.weights.view_chosen.connect(self._remember_view)
        self.weights.setMinimumHeight(px(LEAST_NEURONS))
        self.curves = CurvesPanel(training, health)
        self.curves.health.refused.connect(self.refused)
        for source in (self.recipe, self.curves.health):
            source.new_network_wanted.connect(self._want_new_network)
        self.draw = DrawPanel(training, states.drawing, states.answer)
        fix_width(self.draw, px(PAD))
        self.place_pad(self.draw, states.inspection)
        self.centre = QSplitter(Qt.Orientation.Vertical)
        self.splitters = {"neurons": self.centre}
        self.centre.setHandleWidth(px(16))
        self.centre.setChildrenCollapsible(False)
        for i, (panel, share) in enumerate(zip((self.weights, self.curves), SHARES, strict=True)):
            self.centre.addWidget(panel)
            self.centre.setStretchFactor(i, share)
        self.centre.setSizes([px(share) for share in SHARES])
        around = QVBoxLayout(self)
        around.setContentsMargins(px(16), px(16), px(16), px(16))
        around.addWidget(Columns([(self.recipe, 0), (self.centre, 1), (self.draw, 0)], 16))

    def _want_new_network(self, config: Any) -> None:  # noqa: ANN401 - the settings of a run
        self.replacement_wanted.emit(partial(self._training.new_network, config))

    def recall(self, preferences: Preferences) -> None:
        """Show the neurons as they were shown the last time."""
        self._preferences = preferences
        self.weights.choose_view(preferences.neurons)

    def _remember_view(self, key: str) -> None:
        if self._preferences is not None:
            self._preferences.neurons = key

    def show_setting(self, name: str) -> None:
        """Lead to a setting of the recipe."""
        self.recipe.show_setting(name)
