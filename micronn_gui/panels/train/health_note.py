"""A strip under the curves that says what is wrong with the run, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QGridLayout, QLabel, QLayout, QPushButton, QWidget

from micronn_core.common.errors import ConfigError
from micronn_core.common.texts import tr
from micronn_core.diagnostics.findings import Finding
from micronn_core.settings.config import TrainingConfig
from micronn_gui.session.health import Health
from micronn_gui.session.live_changes import LiveChange, shown_value
from micronn_gui.session.training import TrainingState
from micronn_gui.theme import icon, px, themes
from micronn_gui.widgets.as_written import as_written
from micronn_gui.widgets.controls.buttons import IconButton, button, keep_place, label
from micronn_gui.widgets.controls.elided_text import ElidedText
from micronn_gui.widgets.guard import Guarded

WIDE = 660
"""From this width on, in pixels, the advice has room beside the text."""
BOTH = 440
"""From this width on, in pixels, two remedies have room side by side."""
BESIDE = 300
"""Pixels that the rest of the strip takes then; else it takes but the icon's."""
LINES = ((510, 2), (345, 3), (0, 4))
"""Pixels of width from which on so many lines hold every finding."""


class HealthNote(Guarded, QFrame):
    """Shows one finding at a time; while there is none, how to read the curves. Its room never changes."""

    new_network_wanted = Signal(TrainingConfig)
    """Somebody asks for a new network with other settings."""
    refused = Signal(str)
    """The advice cannot be followed; the text says why."""

    def __init__(self, training: TrainingState, health: Health) -> None:
        super().__init__()
        self.setObjectName("health")
        self.setAccessibleName(tr("What is wrong with the run"))
        self._training, self._health = training, health
        self._findings: tuple[Finding, ...] = ()
        self._at = 0
        self._icon = QLabel()
        self._icon.setFixedSize(px(18), px(18))
        self._text = ElidedText(lines=2)
        self._back = button(tr("Undo the latest change"), tr("Undo the latest change"), "link")
        self._back.clicked.connect(self._take_back)
        self._advice = button("", "", "link")
        self._advice.clicked.connect(self._follow_advice)
        self._words = label("", "soft")
        self._next = button("", tr("Show the next finding"), "link")
        self._next.setAccessibleName(self._next.toolTip())
        self._next.clicked.connect(self._show_next)
        self._dismiss = IconButton("x", tr("Say no more of this in this run"), "soft", 14, "tool")
        self._dismiss.clicked.connect(self._dismiss_shown)
        self._place()
        health.changed.connect(self._follow)
        training.run_started.connect(self._follow)
        training.config_changed.connect(self._show)
        themes.changed.connect(self._dress)
        self._dress()
        self._follow()

    def _place(self) -> None:
        self._actions = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._actions.setSpacing(0)
        for part in (self._back, self._advice, self._words):
            self._actions.addWidget(part, 0, Qt.AlignmentFlag.AlignLeft)
        corner = QBoxLayout(QBoxLayout.Direction.RightToLeft)
        corner.setSpacing(0)
        corner.addWidget(self._dismiss)
        corner.addWidget(self._next)
        for control in (self._dismiss, self._next):
            keep_place(control)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(px(8), px(4), px(4), px(4))
        self._grid.setHorizontalSpacing(px(8))
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(1, 1)
        self._grid.addWidget(self._icon, 0, 0, Qt.AlignmentFlag.AlignTop)
        self._corner = corner
        self._fit()

    @property
    def shown(self) -> Finding | None:
        """The finding that is shown."""
        return self._findings[self._at] if self._findings else None

    # -- room --

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Find room for the words of every finding at this width."""
        super().resizeEvent(event)
        self._fit()
        self._show()

    def _fit(self) -> None:
        """Give text and actions the room that every finding needs: beside or below each other."""
        wide = self.width() >= px(WIDE)
        room = self.width() - px(BESIDE if wide else 46)
        lines = next(lines for least, lines in LINES if room >= px(least) or not least)
        top, middle = Qt.AlignmentFlag.AlignTop, Qt.AlignmentFlag.AlignVCenter
        self._actions.setDirection(
            QBoxLayout.Direction.TopToBottom if wide else QBoxLayout.Direction.LeftToRight
        )
        for part in (self._text, self._actions, self._corner):
            _take_out(self._grid, part)
        self._text.set_lines(lines)
        self._grid.addWidget(self._text, 0, 1, 1, 1 if wide else 2)
        if wide:
            self._grid.addLayout(self._actions, 0, 2, middle)
            self._grid.addLayout(self._corner, 0, 3, top)
        else:
            self._grid.addLayout(self._actions, 1, 0, 1, 2, middle)
            self._grid.addLayout(self._corner, 1, 2, middle)
        line = max(part.sizeHint().height() for part in (self._back, self._dismiss))
        text = self._text.height()
        self.setFixedHeight(px(8) + (max(text, 2 * line) if wide else text + line))

    # -- following --

    def _follow(self) -> None:
        """Show what the examination found; where it still finds what is shown, that stays."""
        kind = self.shown.kind if self.shown else ""
        self._findings = self._health.findings
        kinds = [finding.kind for finding in self._findings]
        self._at = kinds.index(kind) if kind in kinds else 0
        self._show()

    def _show(self) -> None:
        finding = self.shown
        change = self._health.undone_by(finding) if finding else None
        self._text.set_text(finding.text if finding else self._reading_help())
        self.setAccessibleDescription(finding.text if finding else "")
        self._dismiss.setVisible(finding is not None)
        self._dress()
        self._next.setVisible(len(self._findings) > 1)
        self._next.setText(tr("{i} of {n}", i=self._at + 1, n=max(1, len(self._findings))))
        self._back.setVisible(change is not None)
        if change is not None:
            _write(self._back, back_text(change), tr("Undo the latest change: {what}", what=change.text))
        room = change is None or self.width() >= px(BOTH)  # else for the first remedy alone
        self._advice.setVisible(room and finding is not None and bool(finding.changes))
        self._words.setVisible(room and finding is not None and not finding.changes)
        if finding is not None:
            effect = (
                tr("Apply it from the next step on")
                if finding.live
                else tr("Begin a new network with this setting and the same seed")
            )
            _write(self._advice, finding.advice, effect)
            self._words.setText(finding.advice)

    def _reading_help(self) -> str:
        return tr(
            "Loss says how wrong it is: down is good. Accuracy is the share that it gets right: up is good."
        )

    def _dress(self) -> None:
        name, role = ("triangle-alert", "negative") if self.shown else ("info", "faint")
        self._icon.setPixmap(icon(name, themes.current, role, px(18)).pixmap(px(18), px(18)))

    # -- intents --

    def _change(self, values: Mapping[str, object]) -> None:
        """Use other settings from the next step on."""
        try:
            self._training.change(values)
        except ConfigError as error:
            self.refused.emit(str(error))

    def _take_back(self) -> None:
        change = self._health.undone_by(self.shown) if self.shown else None
        if change is not None:
            self._change(change.before)

    def _follow_advice(self) -> None:
        finding, training = self.shown, self._training
        if finding is None:
            return
        try:
            wanted = finding.applied_to(training.config)
        except ConfigError as error:  # another setting was changed meanwhile
            self.refused.emit(str(error))
            return
        if finding.live:
            self._change(finding.changes)
        else:
            self.new_network_wanted.emit(wanted)

    def _show_next(self) -> None:
        self._at = (self._at + 1) % max(len(self._findings), 1)
        self._show()

    def _dismiss_shown(self) -> None:
        if self.shown is not None:
            self._health.dismiss(self.shown.kind)


def _take_out(grid: QGridLayout, part: QWidget | QLayout) -> None:
    if isinstance(part, QWidget):
        grid.removeWidget(part)
    else:
        grid.removeItem(part)
        part.setParent(None)


def back_text(change: LiveChange) -> str:
    """Return what a link says that takes a change back: the value, if it is one."""
    if len(change.before) > 1:
        return tr("Undo the latest change")
    ((name, value),) = change.before.items()
    return tr("Back to {value}", value=shown_value(name, value))


def _write(link: QPushButton, text: str, tip: str) -> None:
    link.setText(text)
    link.setAccessibleName(text)
    link.setToolTip(as_written(tip))
