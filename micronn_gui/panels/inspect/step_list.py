"""The steps of an explanation, forward, backward and the update; any of them can be opened."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from micronn_core.common.texts import tr
from micronn_gui.panels.panel import Refreshing, while_seen
from micronn_gui.session.inspection import Inspection
from micronn_gui.theme import px
from micronn_gui.widgets.controls.buttons import IconButton, button, label
from micronn_gui.widgets.controls.step_button import StepButton

PLAY_INTERVAL = 2_500
"""Milliseconds for each step while the explanation plays: time to read a formula."""


class StepList(Refreshing, QWidget):
    """Follows the inspection."""

    def __init__(self, inspection: Inspection) -> None:
        super().__init__()
        self._inspection = inspection
        self._titles = {
            "forward": tr("FORWARD"),
            "backward": tr("BACKWARD"),
            "update": tr("UPDATE"),
        }
        self._buttons: dict[str, StepButton] = {}
        self._shown: tuple[tuple[str, str], ...] = ()
        self._timer = QTimer(self, interval=PLAY_INTERVAL)
        self._timer.timeout.connect(self._play_on)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, px(0), px(0), px(0))
        column.setSpacing(px(8))
        column.addWidget(self._area, 1)
        column.addLayout(self._controls())
        inspection.changed.connect(self.touch)
        inspection.moved.connect(self._mark)

    def _controls(self) -> QHBoxLayout:
        self._back = IconButton("arrow-left", tr("Previous step (←)"), "text", 17, "round")
        self._back.clicked.connect(lambda: self._inspection.move_step(-1))
        self._next = button(tr("Next step"), tr("Next step (→)"), "primary")
        self._next.clicked.connect(lambda: self._inspection.move_step(1))
        self._play = IconButton("play", tr("Go through the steps slowly"), "text", 17, "round")
        self._play.clicked.connect(self._toggle)
        row = QHBoxLayout()
        row.setSpacing(px(8))
        row.addWidget(self._back)
        row.addWidget(self._next, 1)
        row.addWidget(self._play)
        return row

    def refresh(self) -> None:
        """Show the steps there are, and mark the one that is open."""
        explanation = self._inspection.explanation
        steps = explanation.steps if explanation else ()
        names = tuple((step.key, step.summary) for step in steps)
        if names != self._shown:
            self._shown = names
            self._fill()
        for control in (self._back, self._next, self._play):
            control.setEnabled(bool(steps))
        if not steps:
            self._stop()
        self._mark()

    def _fill(self) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, px(0), px(0), px(0))
        column.setSpacing(px(1))
        self._buttons = {}
        explanation, phase = self._inspection.explanation, ""
        for step in explanation.steps if explanation else ():
            if step.phase != phase:
                phase = step.phase
                title = label(self._titles[phase], "section")
                title.setContentsMargins(px(8), px(4), px(0), px(2))
                column.addWidget(title)
            button_of_step = StepButton(step.names, step.summary)
            button_of_step.clicked.connect(lambda _=False, key=step.key: self._inspection.open_step(key))
            self._buttons[step.key] = button_of_step
            column.addWidget(button_of_step)
        column.addStretch(1)
        self._area.setWidget(inside)

    @while_seen
    def _mark(self) -> None:
        present, done = self._inspection.step, True
        for key, button_of_step in self._buttons.items():
            here = present is not None and key == present.key
            done = done and not here
            button_of_step.setChecked(here)
            button_of_step.mark_done(done)
            if here:
                self._area.ensureWidgetVisible(button_of_step)

        explanation = self._inspection.explanation
        if explanation is not None and present is not None:
            self._back.setEnabled(present is not explanation.steps[0])
            self._next.setEnabled(present is not explanation.steps[-1])

    def _toggle(self) -> None:
        if self._timer.isActive():
            self._stop()
        elif self._inspection.move_step(1):
            self._timer.start()
            self._show_playing()

    def _play_on(self) -> None:
        if not self._inspection.move_step(1):
            self._stop()

    def _stop(self) -> None:
        self._timer.stop()
        self._show_playing()

    def watch(self, seen: bool) -> None:
        """Play no further where nobody looks."""
        if not seen:
            self._stop()

    def _show_playing(self) -> None:
        playing = self._timer.isActive()
        tip = tr("Stop here") if playing else tr("Go through the steps slowly")
        self._play.show_as("pause" if playing else "play", tip)
