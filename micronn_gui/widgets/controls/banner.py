"""A message across the window: what went wrong and what to do, until it is dismissed."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from micronn_core.common.texts import tr
from micronn_gui.theme import icon, px, themes
from micronn_gui.widgets.as_written import as_written
from micronn_gui.widgets.controls.buttons import IconButton, button, label, restyle


class Offer(NamedTuple):
    """What can be done about a message.

    Attributes:
        label: the word on its button.
        tip: what it does, and its keys.
        do: does it.
    """

    label: str
    tip: str
    do: Callable[[], object]


class Banner(QWidget):
    """Shows one message; hidden while there is none."""

    def __init__(self) -> None:
        super().__init__()
        self._good = False
        self.offer: Offer | None = None
        self._frame = frame = QFrame()
        frame.setObjectName("banner")
        around = QHBoxLayout(self)
        around.setContentsMargins(px(16), px(16), px(16), px(0))
        around.addWidget(frame)
        self._icon = QLabel()
        self._icon.setFixedSize(px(20), px(20))
        self._text = label("")
        self._text.setWordWrap(True)
        self._accept = button("", "")
        self._accept.clicked.connect(self._take_offer)
        close = IconButton("x", tr("Dismiss"), "soft", 16)
        close.clicked.connect(self.hide)
        row = QHBoxLayout(frame)
        row.setContentsMargins(px(16), px(10), px(8), px(10))
        row.setSpacing(px(12))
        row.addWidget(self._icon)
        row.addWidget(self._text, 1)
        row.addWidget(self._accept)
        row.addWidget(close)
        themes.changed.connect(self._dress)
        self._dress()
        self.hide()

    @property
    def text(self) -> str:
        """The message."""
        return self._text.text()

    def show_message(self, text: str, good: bool = False, offer: Offer | None = None) -> None:
        """Show a message: something went wrong, or something has been done and can perhaps be undone."""
        self._good, self.offer = good, offer
        self._accept.setVisible(offer is not None)
        if offer is not None:
            self._accept.setText(offer.label)
            self._accept.setAccessibleName(offer.label)
            self._accept.setToolTip(as_written(offer.tip))
        self._text.setText(text)
        self._dress()
        self.setAccessibleDescription(text)
        self.show()

    def _take_offer(self) -> None:
        offer = self.offer
        self.hide()
        if offer is not None:
            offer.do()

    def _dress(self) -> None:
        name, role = ("check", "good") if self._good else ("triangle-alert", "negative")
        self._icon.setPixmap(icon(name, themes.current, role, 20).pixmap(20, 20))
        self._frame.setProperty("good", self._good)
        restyle(self._frame)
