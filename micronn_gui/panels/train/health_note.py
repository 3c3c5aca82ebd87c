"""What is wrong with the run, beside the curve where it shows, and what to do about it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout

from micronn_core.common.errors import ConfigError
from micronn_core.common.texts import tr
from micronn_core.diagnostics.findings import Finding
from micronn_core.settings.config import TrainingConfig
from micronn_gui.session.health import Health
from micronn_gui.session.training import TrainingState
from micronn_gui.theme import icon, px, themes
from micronn_gui.widgets.as_written import as_written
from micronn_gui.widgets.controls.buttons import IconButton, button, label
from micronn_gui.widgets.controls.elided_text import ElidedText
from micronn_gui.widgets.guard import Guarded

LINK_PADDING = 5
"""Pixels before the words of a link, as in the style sheet: the text begins where they do."""


RIGHT = Qt.TextElideMode.ElideRight


class HealthNote(Guarded, QFrame):
    """Shows one finding of a figure at a time; hidden while there is none."""

    new_network_wanted = Signal(TrainingConfig)
    """Somebody asks for a new network with other settings."""
    refused = Signal(str)
    """The advice cannot be followed; the text says why."""

    def __init__(self, training: TrainingState, health: Health, figure: str) -> None:
        super().__init__()
        self.setObjectName("health")
        self.setAccessibleName(tr("What is wrong with the run"))
        self._training, self._health = training, health
        self._figure = figure
        self._findings: tuple[Finding, ...] = ()
        self._at = 0
        self._icon = QLabel()
        self._icon.setFixedSize(px(18), px(18))
        self._text = ElidedText(lines=2)
        self._advice = button("", "", "link")
        self._advice.clicked.connect(self._follow_advice)
        self._words = label("", "soft")
        self._next = button("", tr("Show the other finding of this curve"), "link")
        self._next.setAccessibleName(self._next.toolTip())
        self._next.clicked.connect(self._show_next)
        self._dismiss = IconButton("x", tr("Say no more of this in this run"), "soft", 14, "tool")
        self._dismiss.clicked.connect(self._dismiss_shown)
        self._place()
        health.changed.connect(self._follow)
        themes.changed.connect(self._dress)
        self._dress()
        self._follow()

    def _place(self) -> None:
        actions = QHBoxLayout()
        actions.setSpacing(px(8))
        for part in (self._advice, self._words, self._next):
            actions.addWidget(part)
        actions.addStretch(1)
        column = QVBoxLayout()
        column.setSpacing(0)
        text = QHBoxLayout()
        text.setContentsMargins(LINK_PADDING, px(0), px(0), px(0))
        text.addWidget(self._text)
        column.addLayout(text)
        column.addLayout(actions)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(8), px(4), px(4), px(2))
        row.setSpacing(px(8) - LINK_PADDING)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)
        row.addWidget(self._dismiss, 0, Qt.AlignmentFlag.AlignTop)

    @property
    def shown(self) -> Finding | None:
        """The finding that is shown."""
        return self._findings[self._at] if self._findings else None

    def set_lines(self, lines: int) -> None:
        """Give the text so many lines."""
        self._text.set_lines(lines)

    # -- following --

    def _follow(self) -> None:
        """Show what the examination found; where it still finds what is shown, that stays."""
        kind = self.shown.kind if self.shown else ""
        self._findings = self._health.of(self._figure)
        kinds = [finding.kind for finding in self._findings]
        self._at = kinds.index(kind) if kind in kinds else 0
        self._show()

    def _show(self) -> None:
        finding = self.shown
        self.setVisible(finding is not None)
        if finding is None:
            return
        self._text.set_text(finding.text)
        self.setAccessibleDescription(finding.text)
        for part in (self._advice, self._words):
            part.setText(finding.advice)
            part.setVisible(bool(finding.changes) is (part is self._advice))
        self._advice.setAccessibleName(finding.advice)
        self._next.setText(tr("{i} of {n}", i=self._at + 1, n=len(self._findings)))
        self._next.setVisible(len(self._findings) > 1)
        self._fit_advice()

    def _fit_advice(self) -> None:
        """Write as much of the advice as there is room for; its tip has the whole."""
        finding = self.shown
        if finding is None:
            return
        effect = (
            tr("Apply it from the next step on")
            if finding.live
            else tr("Begin a new network with this setting and the same seed")
        )
        for part, tip in ((self._advice, effect), (self._words, "")):
            if part.isHidden():
                continue
            others = self.minimumSizeHint().width() - part.minimumSizeHint().width() + 2 * LINK_PADDING
            fits = part.fontMetrics().elidedText(finding.advice, RIGHT, self.width() - others)
            part.setText(fits)
            whole = finding.advice if fits != finding.advice else ""
            part.setToolTip(as_written("\n".join(filter(None, (whole, tip)))))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Find words for the new width."""
        super().resizeEvent(event)
        self._fit_advice()

    def _dress(self) -> None:
        self._icon.setPixmap(icon("triangle-alert", themes.current, "negative", 18).pixmap(18, 18))

    # -- intents --

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
            training.change(finding.changes)
        else:
            self.new_network_wanted.emit(wanted)

    def _show_next(self) -> None:
        self._at = (self._at + 1) % max(len(self._findings), 1)
        self._show()

    def _dismiss_shown(self) -> None:
        if self.shown is not None:
            self._health.dismiss(self.shown.kind)
