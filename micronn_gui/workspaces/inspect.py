"""Inspect: one complete learning step on one sample, number by number."""

from __future__ import annotations

from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from micronn_gui.panels.inspect.inspected_sample import InspectedSamplePanel
from micronn_gui.panels.inspect.origin import OriginPanel
from micronn_gui.panels.inspect.sample_training import SampleTrainingPanel
from micronn_gui.panels.inspect.step import StepPanel
from micronn_gui.session.states import States
from micronn_gui.theme import px
from micronn_gui.widgets.controls.buttons import fix_width
from micronn_gui.workspaces.workspace import Workspace


class InspectWorkspace(Workspace):
    """Left the sample and the steps, in the middle the step, right where its numbers come from."""

    def __init__(self, states: States) -> None:
        super().__init__()
        self._inspection = states.inspection
        self.sample = InspectedSamplePanel(states.training, states.inspection)
        fix_width(self.sample, px(248))
        self.step = StepPanel(states.training, states.inspection)
        self.origin = OriginPanel(states.inspection)
        self.training = SampleTrainingPanel(states.training, states.inspection)
        right = QVBoxLayout()
        right.setSpacing(px(16))
        right.addWidget(self.origin, 1)
        right.addWidget(self.training)
        for panel in (self.origin, self.training):
            fix_width(panel, px(328))
        row = QHBoxLayout(self)
        row.setContentsMargins(px(16), px(16), px(16), px(16))
        row.setSpacing(px(16))
        row.addWidget(self.sample)
        row.addWidget(self.step, 1)
        row.addLayout(right)

    def take_step(self, direction: int) -> bool:
        """Go to the next step of the explanation, or the one before."""
        self._inspection.move_step(direction)
        return True

    def showEvent(self, event: QShowEvent) -> None:
        """Explain while somebody looks."""
        super().showEvent(event)
        self._inspection.watch(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Explain no more."""
        self._inspection.watch(False)
        super().hideEvent(event)
