"""A wide button that says what is open: an icon, a name, a detail, and a mark that a menu opens."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton

from micronn_gui.theme import icon, px, themes
from micronn_gui.widgets.as_written import as_written
from micronn_gui.widgets.controls.elided_text import ElidedLabel
from micronn_gui.widgets.controls.entry import read_entry_in_use
from micronn_gui.widgets.guard import Guarded

LEAST_NAME = 24
"""Pixels below which no name is cut."""


class Pill(Guarded, QToolButton):
    """Opens a menu, or does something on a click.

    Args:
        icon_name: the icon before the name.
        tip: what a click does.
        menu: what it opens; None for a button that only clicks.
        role: the style sheet's role of the name.
    """

    def __init__(self, icon_name: str, tip: str, menu: QMenu | None = None, role: str = "pill") -> None:
        super().__init__()
        self._icon_name, self._tip = icon_name, tip
        self.setObjectName("pill")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.pressed.connect(read_entry_in_use)
        self._icon, self._chevron = QLabel(), QLabel()
        self._name, self._detail = (
            ElidedLabel("", role, least=LEAST_NAME),
            ElidedLabel("", "pill-detail", least=0),
        )
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(px(10), px(4), px(10), px(4))
        row.setSpacing(px(8))
        for part in (self._icon, self._name, self._detail, self._chevron):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            row.addWidget(part)
        self._chevron.setVisible(menu is not None)
        if menu is not None:
            self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
            self.setMenu(menu)
        self.show_text("")
        themes.changed.connect(self._colour)
        self._colour()

    @property
    def name(self) -> str:
        """The name that it shows."""
        return self._name.text()

    def show_text(self, name: str, detail: str = "", more: str = "", shown: bool = True) -> None:
        """Show a name, if there is room for it, a detail beside it, and more in the tool tip."""
        self._name.setText(name)
        self._name.setVisible(shown)
        self._detail.setText(detail)
        self._detail.setVisible(bool(detail))
        self.setToolTip(as_written("\n".join(filter(None, (more, self._tip)))))
        self.setAccessibleName(name)
        self.setAccessibleDescription(detail or self._tip)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Return the room for the whole text."""
        return self._row.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Return the room for a part of the name."""
        return self._row.minimumSize()

    def _colour(self) -> None:
        side = px(16)
        for place, name, role in (
            (self._icon, self._icon_name, "soft"),
            (self._chevron, "chevron-down", "faint"),
        ):
            place.setPixmap(icon(name, themes.current, role, side).pixmap(side, side))
