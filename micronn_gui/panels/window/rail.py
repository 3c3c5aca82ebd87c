"""The rail on the left: the workspaces there are, an icon and a word each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QToolButton, QVBoxLayout

from micronn_core.common.texts import tr
from micronn_gui.theme import icon, px, themes
from micronn_gui.widgets.as_written import as_written
from micronn_gui.widgets.controls.entry import read_entry_in_use

WIDTH = 72
"""Pixels at the usual text size; longer words make it wider."""


class RailEntry(NamedTuple):
    """A workspace as the rail offers it.

    Attributes:
        name: what the program calls it.
        label: what it is called before a user.
        tip: what one does there.
        icon: the one above its label.
        group: those of a group stand together.
    """

    name: str
    label: str
    tip: str
    icon: str
    group: str


class RailPanel(QFrame):
    """Leads from one workspace to another, and marks the one that is open.

    Args:
        entries: the workspaces, in their order. A line parts those of different groups.
    """

    workspace_chosen = Signal(str)
    """The name of a workspace."""

    def __init__(self, entries: Sequence[RailEntry]) -> None:
        super().__init__()
        self.setObjectName("rail")
        self.setAccessibleName(tr("Workspaces"))
        self._buttons: dict[str, QToolButton] = {}
        self._icons: dict[str, str] = {}
        group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(6), px(16), px(6), px(16))
        column.setSpacing(px(4))
        before = ""
        for place, entry in enumerate(entries, 1):
            if before and entry.group != before:
                column.addWidget(_line())
            before = entry.group
            made = self._button(entry, place)
            group.addButton(made)
            column.addWidget(made)
        column.addStretch(1)
        for made in self._buttons.values():
            made.setMinimumWidth(px(WIDTH) - px(12))
        themes.changed.connect(self._colour)
        self._colour()

    def _button(self, entry: RailEntry, place: int) -> QToolButton:
        made = QToolButton()
        made.setObjectName("rail")
        made.setText(entry.label)
        made.setToolTip(as_written(tr("{what} (Ctrl+{number})", what=entry.tip, number=place)))
        made.setAccessibleName(entry.label)
        made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        made.setIconSize(QSize(px(20), px(20)))
        made.setSizePolicy(made.sizePolicy().Policy.Expanding, made.sizePolicy().Policy.Fixed)
        made.setCheckable(True)
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        made.setProperty("workspace", entry.name)
        made.pressed.connect(read_entry_in_use)
        made.clicked.connect(self._choose)
        made.toggled.connect(self._colour)
        self._buttons[entry.name] = made
        self._icons[entry.name] = entry.icon
        return made

    def show_workspace(self, name: str) -> None:
        """Mark the workspace that is open."""
        self._buttons[name].setChecked(True)

    def _choose(self) -> None:
        self.workspace_chosen.emit(self.sender().property("workspace"))

    def _colour(self) -> None:
        for name, made in self._buttons.items():
            role = "accent" if made.isChecked() else "soft"
            made.setIcon(icon(self._icons[name], themes.current, role, px(20)))


def _line() -> QFrame:
    line = QFrame()
    line.setObjectName("line")
    line.setFixedHeight(px(1))
    return line
