"""Small controls: a card, labels, icon buttons that follow the theme, a row of choices."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from micronn_core.common.texts import ENGLISH, language
from micronn_gui.theme import icon, px, themes
from micronn_gui.widgets.as_written import as_written
from micronn_gui.widgets.controls.elided_text import ElidedLabel
from micronn_gui.widgets.controls.entry import read_entry_in_use
from micronn_gui.widgets.guard import Guarded

LEAST_TITLE = 256
"""Pixels below which no title is cut."""


class Card(Guarded, QFrame):
    """A panel's frame: a title, room for controls beside it, and a body."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setAccessibleName(title)
        self.title = ElidedLabel(title, "title", least=LEAST_TITLE)
        self.head = QHBoxLayout()
        self.head.setSpacing(px(8))
        self.title.setMinimumHeight(px(28))  # so that heads with and without controls align
        self.head.addWidget(self.title)
        self.head.addStretch(1)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(px(18), px(14), px(18), px(14))
        self.body.setSpacing(px(8))
        self.body.addLayout(self.head)


def fix_width(panel: QWidget, width: int) -> None:
    """Fix the width of a panel for good: at so many pixels, which are right for English.

    In another language it becomes as wide as the words need that may ever be in it together.
    """
    if language() != ENGLISH:
        for part in (panel, *panel.findChildren(QWidget)):
            part.ensurePolished()
        for area in panel.findChildren(QScrollArea):
            fixed = area.horizontalScrollBarPolicy() is Qt.ScrollBarPolicy.ScrollBarAlwaysOff
            if fixed and (inside := area.widget()) is not None:
                bar = area.verticalScrollBar().sizeHint().width()
                area.setMinimumWidth(inside.minimumSizeHint().width() + bar)
        width = max(width, panel.minimumSizeHint().width())
    panel.setFixedWidth(width)


def room_for_choices(width: int, *boxes: QComboBox) -> int:
    """Return how wide boxes of choices are to be: so many pixels, which are right for English.

    In another language it is what their longest choice needs.
    """
    if language() == ENGLISH:
        return width
    for box in boxes:
        box.ensurePolished()
    return max([width, *(box.sizeHint().width() for box in boxes)])


def label(text: str = "", role: str = "", parent: QWidget | None = None) -> QLabel:
    """Return a label in one of the style sheet's roles, such as "title" or "soft"."""
    made = QLabel(text, parent)
    if role:
        made.setObjectName(role)
    made.setTextFormat(Qt.TextFormat.PlainText)
    return made


def steady(made: QLabel, widest: str) -> QLabel:
    """Give a label the size of its widest text, for good.

    What changes many times a second must not have the whole window laid out anew each time.
    """
    made.ensurePolished()
    metrics = made.fontMetrics()
    made.setFixedSize(metrics.horizontalAdvance(widest) + 2, metrics.height() + 2)
    return made


def keep_place(widget: QWidget) -> None:
    """Leave a widget's room empty while it is hidden, so that nothing else moves."""
    policy = widget.sizePolicy()
    policy.setRetainSizeWhenHidden(True)
    widget.setSizePolicy(policy)


class IconButton(QToolButton):
    """A button with an icon, which follows the theme.

    It takes the keyboard's focus by Tab but not by a click, so that after a click Space still
    plays and pauses.
    """

    def __init__(
        self,
        icon_name: str,
        tip: str,
        role: str = "text",
        size: int = 18,
        style: str = "flat",
        fill: bool = False,
    ) -> None:
        super().__init__()
        self._role, self._fill = role, fill
        self.setObjectName(style)
        self.setIconSize(QSize(px(size), px(size)))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.pressed.connect(read_entry_in_use)
        self.show_as(icon_name, tip)
        themes.changed.connect(self._colour)

    def show_as(self, icon_name: str, tip: str) -> None:
        """Show another icon and say what a press now does."""
        self._name = icon_name
        self.setToolTip(as_written(tip))
        self.setAccessibleName(tip)
        self._colour()

    def show_in(self, icon_name: str, role: str) -> None:
        """Show another icon in the colour of a role; a press does the same."""
        if (icon_name, role) != (self._name, self._role):
            self._name, self._role = icon_name, role
            self._colour()

    def set_filled(self, filled: bool) -> None:
        """Paint the inside of the icon as well, or not."""
        self._fill = filled
        self._colour()

    def _colour(self) -> None:
        self.setIcon(icon(self._name, themes.current, self._role, self.iconSize().width(), self._fill))


class _WheelGuard(Guarded, QObject):
    """Lets the wheel scroll what is around a control, unless the control has the focus."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Pass the wheel on from controls without the focus."""
        if event.type() is QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)


def guard_wheel(control: QWidget) -> None:
    """Keep the wheel from changing a setting that it only passes over."""
    control.installEventFilter(_WheelGuard(control))


def restyle(widget: QWidget) -> None:
    """Let the style sheet look again at a widget whose name or properties have changed."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def button(text: str, tip: str, style: str = "") -> QPushButton:
    """Return a push button that takes the focus by Tab only."""
    made = QPushButton(text)
    made.setObjectName(style)
    made.setToolTip(as_written(tip))
    made.setAccessibleName(text)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.pressed.connect(read_entry_in_use)
    return made


def flush_link(text: str, tip: str) -> QPushButton:
    """Return a link that begins and ends with its letters, to line up with text around it."""
    made = button(text, tip, "link")
    made.setProperty("flush", True)
    return made


class Segments(QWidget):
    """A few choices side by side, of which one is chosen."""

    chosen = Signal(str)

    def __init__(self, choices: Sequence[tuple[str, str, str]], name: str) -> None:
        """Take (key, text, tool tip) of each choice, and what is chosen by them."""
        super().__init__()
        self.setAccessibleName(name)
        self.setObjectName("segments")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        for key, text, tip in choices:
            made = button(text, tip, "segment")
            made.setCheckable(True)
            made.clicked.connect(self._clicked)
            group.addButton(made)
            layout.addWidget(made)
            self._buttons[key] = made
        self._buttons[choices[0][0]].setChecked(True)

    @property
    def key(self) -> str:
        """The key of what is chosen."""
        return next(key for key, made in self._buttons.items() if made.isChecked())

    def choose(self, key: str) -> None:
        """Choose as a click would, without the signal; an unknown key changes nothing."""
        if key in self._buttons:
            self._buttons[key].setChecked(True)

    def _clicked(self) -> None:
        self.chosen.emit(self.key)
