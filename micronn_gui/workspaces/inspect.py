"""Inspect: one complete learning step on one sample, number by number."""

from __future__ import annotations

from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from micronn_gui.panels.inspect.inspected_sample import InspectedSamplePanel
from micronn_gui.panels.inspect.origin import OriginPanel
from micronn_gui.panels.inspect.sample_training import SampleTrainingPanel
from micronn_gui.panels.inspect.stages import StageBar
from micronn_gui.panels.inspect.step import StepPanel
from micronn_gui.preferences import Preferences
from micronn_gui.session.states import States
from micronn_gui.theme import px
from micronn_gui.widgets.controls.buttons import fix_width
from micronn_gui.workspaces.workspace import Workspace

ROOM = 630
"""If there are so many pixels left for the step, the origin of its numbers stands beside it at once."""


class InspectWorkspace(Workspace):
    """Left the sample, in the middle the step and all stages, right where the step's numbers come from."""

    def __init__(self, states: States) -> None:
        super().__init__()
        self._inspection = states.inspection
        self._decided = False
        self._preferences: Preferences | None = None
        self.sample = InspectedSamplePanel(states.training, states.inspection)
        fix_width(self.sample, px(200))
        self.step = StepPanel(states.training, states.inspection)
        self.stages = StageBar(states.inspection)
        self.origin = OriginPanel(states.training, states.inspection)
        self.training = SampleTrainingPanel(states.training, states.inspection)
        self.origin.body.addWidget(self.training)
        fix_width(self.origin, px(300))
        self.origin.hide()
        self.step.origin_wanted.connect(self.open_origin)
        self.origin.closed.connect(self.close_origin)
        states.inspection.moved.connect(self._show_ending)
        states.inspection.moved.connect(self._remember)
        middle = QVBoxLayout()
        middle.setSpacing(px(16))
        middle.addWidget(self.step, 1)
        middle.addWidget(self.stages)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(16), px(16), px(16), px(16))
        row.setSpacing(px(16))
        row.addWidget(self.sample)
        row.addLayout(middle, 1)
        row.addWidget(self.origin)

    def recall(self, preferences: Preferences) -> None:
        """Write in plain words or in maths as the last time, and remember what is chosen now."""
        self._preferences = preferences
        self._inspection.write_in_maths(preferences.maths)

    def _remember(self) -> None:
        preferences, maths = self._preferences, self._inspection.maths
        if preferences is not None and preferences.maths != maths:
            preferences.maths = maths

    def open_origin(self) -> None:
        """Show where the number comes from."""
        self._decided = True
        self.origin.show()

    def close_origin(self) -> None:
        """Leave its room to the step."""
        self._decided = True
        self.origin.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show where numbers come from where there is room, until somebody has decided."""
        super().resizeEvent(event)
        if not self._decided:
            beside = self.sample.width() + self.origin.width() + 4 * px(16)
            self.origin.setVisible(self.width() - beside >= px(ROOM))

    def _show_ending(self) -> None:
        """Show the answer before and after, which is what the last steps are about."""
        step = self._inspection.step
        if self.isVisible() and step is not None and step.phase == "update":
            self.open_origin()

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
