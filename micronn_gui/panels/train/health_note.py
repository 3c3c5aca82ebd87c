"""A strip under the curves that says what is wrong with the run, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLayout, QPushButton, QWidget

from micronn_core.common.errors import ConfigError
from micronn_core.common.texts import tr
from micronn_core.diagnostics.findings import Finding
from micronn_core.settings.config import TrainingConfig
from micronn_gui.session.health import Health
from micronn_gui.session.live_changes import LiveChange, shown_value
from micronn_gui.session.training import TrainingState
from micronn_gui.theme import px
from micronn_gui.widgets.as_written import as_written
from micronn_gui.widgets.controls.buttons import IconButton, button, label
from micronn_gui.widgets.controls.elided_text import ElidedText
from micronn_gui.widgets.controls.popover import Popover
from micronn_gui.widgets.guard import Guarded

BOTH = 440
"""From this width on, in pixels, two remedies have room side by side."""
WHOLE_WIDTH = 340
"""Width of the card with all of the text, in pixels."""


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
        self._read = IconButton("info", tr("Read all of it"), "faint", 16, "tool")
        self._read.clicked.connect(self._open_whole)
        self._text = ElidedText(lines=2, in_the_middle=True)
        self._card = Popover(self, px(WHOLE_WIDTH))
        self._whole = label("")
        self._whole.setWordWrap(True)
        self._card.body.addWidget(self._whole)
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
        self._follow()

    def _place(self) -> None:
        self._actions = _row(self._back, self._advice, self._words)
        self._corner = _row(self._next, self._dismiss)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(px(4), px(4), px(4), px(4))
        self._grid.setHorizontalSpacing(px(2))
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(1, 1)
        middle = Qt.AlignmentFlag.AlignVCenter
        self._grid.addWidget(self._read, 0, 0, 2, 1, middle)
        self._grid.addWidget(self._text, 0, 1)
        self._grid.addLayout(self._actions, 0, 2)
        self._grid.addLayout(self._corner, 0, 3, 2, 1, middle)
        self._text.set_lines(1)
        self.setFixedHeight(px(8) + self._text.height() + self._advice.sizeHint().height())

    @property
    def shown(self) -> Finding | None:
        """The finding that is shown."""
        return self._findings[self._at] if self._findings else None

    # -- room --

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as much as there is room for at this width."""
        super().resizeEvent(event)
        self._show()

    def _fit(self) -> None:
        """Put the actions where they leave most of the text in sight: beside two lines, or below one."""
        left, middle = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignVCenter
        corner, actions = (row.sizeHint().width() for row in (self._corner, self._actions))
        room = self.width() - self._read.sizeHint().width() - corner - px(20)
        beside = 2 * (room - actions) >= room
        for part in (self._text, self._actions):
            _take_out(self._grid, part)
        self._text.set_lines(2 if beside else 1)
        if beside:
            self._grid.addWidget(self._text, 0, 1, 2, 1, middle)
            self._grid.addLayout(self._actions, 0, 2, 2, 1, middle)
        else:
            self._grid.addWidget(self._text, 0, 1, 1, 2)
            self._grid.addLayout(self._actions, 1, 1, 1, 2, left)

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
        self._say(finding.text if finding else self._reading_help())
        self.setAccessibleDescription(finding.text if finding else "")
        self._dismiss.setVisible(finding is not None)
        self._next.setVisible(len(self._findings) > 1)
        self._next.setText(tr("{i} of {n}", i=self._at + 1, n=max(1, len(self._findings))))
        self._offer(finding)
        self._fit()

    def _say(self, text: str) -> None:
        """Say it in the strip, with the sign of what it is, and in the card where it is said whole."""
        name, role = ("triangle-alert", "negative") if self.shown else ("info", "faint")
        self._read.show_in(name, role)
        self._text.set_text(text)
        self._whole.setText(text)
        self._card.title.setText(self.accessibleName() if self.shown else tr("How to read the curves"))
        self._card.fit()

    def _offer(self, finding: Finding | None) -> None:
        """Offer what can be done about a finding."""
        change = self._health.undone_by(finding) if finding else None
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

    # -- intents --

    def _open_whole(self) -> None:
        """Say all of it in a card, or close that."""
        if self._card.isHidden():
            self._card.open_at(self._read)
        else:
            self._card.dismiss()

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


def _row(*parts: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(0)
    for part in parts:
        row.addWidget(part)
    return row


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
