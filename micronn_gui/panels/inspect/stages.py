"""The stages of a learning step side by side: any can be opened, and they can be gone through."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QWidget

from micronn_core.common.texts import tr
from micronn_core.explain.steps import Step
from micronn_core.explain.words import stage_words
from micronn_gui.panels.panel import Refreshing, while_seen
from micronn_gui.session.inspection import Inspection
from micronn_gui.theme import px
from micronn_gui.widgets.as_written import as_written
from micronn_gui.widgets.controls.buttons import IconButton, button, label
from micronn_gui.widgets.controls.step_button import StepButton
from micronn_gui.widgets.guard import Guarded

PLAY_INTERVAL = 4_000
"""Milliseconds for each stage while they are gone through: time to read a sentence."""
SPARE = 24
"""Pixels that are to be spare before stages that stand without words have them again: a scroll bar's room."""


class _Strip(Guarded, QWidget):
    """Stages side by side: each with its words or, where that is too wide, the present one's below it."""

    def __init__(self, stages: Sequence[StepButton]) -> None:
        super().__init__()
        self._stages, self._present, self._short = stages, stages[0], False
        self._caption = label("", "soft")
        self._caption.setParent(self)
        self._caption.ensurePolished()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        for stage in stages:
            self._row.addWidget(stage)

    def make_room(self, room: int) -> int:
        """Take the form that fits into so many pixels, and return its height."""
        full = [stage.full_size() for stage in self._stages]
        self._short = sum(size.width() for size in full) + px(SPARE) * self._short > room
        for stage in self._stages:
            stage.shorten(self._short)
        below = self._caption.fontMetrics().lineSpacing() if self._short else 0
        self._row.setContentsMargins(0, 0, 0, below)
        self._row.activate()
        return max(stage.sizeHint().height() for stage in self._stages) + below

    def tell(self, present: StepButton) -> None:
        """Write the words of the present stage below it, unless each has its own."""
        self._present = present
        self._caption.setVisible(self._short)
        self._caption.setText(present.accessibleDescription())
        self._caption.adjustSize()
        self._place_caption()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the words stay below their stage."""
        super().resizeEvent(event)
        self._place_caption()

    def _place_caption(self) -> None:
        size = self._caption.size()
        left = self._present.geometry().center().x() - size.width() // 2
        left = max(min(left, self.width() - size.width()), 0)
        self._caption.move(left, self.height() - size.height())


class StageBar(Refreshing, QFrame):
    """Follows the inspection."""

    def __init__(self, inspection: Inspection) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAccessibleName(tr("Stages of the learning step"))
        self._inspection = inspection
        self._buttons: dict[str, StepButton] = {}
        self._shown: tuple[str, ...] = ()
        self._strip: _Strip | None = None
        self._timer = QTimer(self, interval=PLAY_INTERVAL)
        self._timer.timeout.connect(self._play_on)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(12), px(8), px(8), px(4))
        row.setSpacing(px(8))
        row.addLayout(self._controls())
        row.addWidget(self._area, 1)
        inspection.changed.connect(self.touch)
        inspection.moved.connect(self._mark)

    def _controls(self) -> QGridLayout:
        self._next = button(tr("Next ›"), tr("Next stage (→)"), "primary")
        self._next.clicked.connect(lambda: self._inspection.move_step(1))
        self._back = button("‹", tr("Previous stage (←)"))
        self._back.setAccessibleName(tr("Previous stage"))
        self._back.clicked.connect(lambda: self._inspection.move_step(-1))
        self._play = IconButton("play", tr("Go through the stages slowly"), "text", 14, "tool")
        self._play.clicked.connect(self._toggle)
        grid = QGridLayout()
        grid.setSpacing(px(6))
        grid.addWidget(self._next, 0, 0, 1, 2)
        grid.addWidget(self._back, 1, 0)
        grid.addWidget(self._play, 1, 1)
        grid.setRowStretch(2, 1)
        return grid

    def refresh(self) -> None:
        """Show the stages there are, and mark the one that is open."""
        explanation = self._inspection.explanation
        steps = explanation.steps if explanation else ()
        keys = tuple(step.key for step in steps)
        if keys != self._shown:
            self._shown = keys
            self._fill(steps)
        for control in (self._back, self._next, self._play):
            control.setEnabled(bool(steps))
        if not steps:
            self._stop()
        self._mark()

    def _fill(self, steps: tuple[Step, ...]) -> None:
        self._buttons = {}
        for step in steps:
            stage = StepButton(step.names)
            stage.clicked.connect(lambda _=False, key=step.key: self._inspection.open_step(key))
            self._buttons[step.key] = stage
        self._strip = _Strip(list(self._buttons.values())) if steps else None
        if self._strip is None:
            self._area.takeWidget()
        else:
            self._area.setWidget(self._strip)

    @while_seen
    def _mark(self) -> None:
        explanation, present = self._inspection.explanation, self._inspection.step
        if explanation is None or present is None:
            return
        done = True
        for step in explanation.steps:
            stage, here = self._buttons[step.key], step is present
            done = done and not here
            words = stage_words(explanation, step)
            maths = self._inspection.maths
            stage.say(
                step.summary if maths else words.short, as_written(step.title if maths else words.title)
            )
            stage.setChecked(here)
            stage.mark_done(done)
        self._make_room()
        self._back.setEnabled(present is not explanation.steps[0])
        self._next.setEnabled(present is not explanation.steps[-1])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Write words below the stages where there is room for them."""
        super().resizeEvent(event)
        self._make_room()

    @while_seen
    def _make_room(self) -> None:
        """Be as high as the stages need, and the bar below them where there are many."""
        present = self._inspection.step
        if self._strip is None or present is None or present.key not in self._buttons:
            return
        room = self._area.width()
        height = self._strip.make_room(room)
        bar = self._area.horizontalScrollBar().sizeHint().height()
        wide = self._strip.minimumSizeHint().width() > room
        self._area.setFixedHeight(height + bar * wide)
        self._strip.tell(self._buttons[present.key])
        self._area.ensureWidgetVisible(self._buttons[present.key], px(64))

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
        tip = tr("Stop here") if playing else tr("Go through the stages slowly")
        self._play.show_as("pause" if playing else "play", tip)
