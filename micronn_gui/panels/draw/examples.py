"""A few pictures below the pad, to be laid on it by a click."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from micronn_core.common.texts import tr
from micronn_gui.panels.panel import Refreshing
from micronn_gui.session.drawing import Drawing
from micronn_gui.session.examples import COUNT, Examples
from micronn_gui.theme import px, themes
from micronn_gui.widgets.controls.buttons import IconButton, button, label
from micronn_gui.widgets.images.picture import ink_image

SIDE = 30
"""Side of a picture, in pixels at the usual text size."""


class ExamplesRow(Refreshing, QWidget):
    """Follows the examples; its room is kept while there are none."""

    def __init__(self, drawing: Drawing, examples: Examples) -> None:
        super().__init__()
        self._drawing, self._examples = drawing, examples
        self._buttons = [self._button(i) for i in range(COUNT)]
        self._others = IconButton("dices", tr("Other pictures to try"), "soft", 16, "tool")
        self._others.clicked.connect(examples.others)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(4))
        row.addWidget(label(tr("or try one:"), "soft"))
        for made in (*self._buttons, self._others):
            row.addWidget(made)
        row.addStretch(1)
        self.setFixedHeight(px(SIDE + 8))
        examples.changed.connect(self.touch)
        themes.changed.connect(self.touch)

    def _button(self, i: int) -> QPushButton:
        made = button("", tr("Lay this picture on the pad"), "example")
        made.setAccessibleName(tr("Example {number}", number=i + 1))
        made.setFixedSize(px(SIDE + 6), px(SIDE + 6))
        made.setIconSize(QSize(px(SIDE), px(SIDE)))
        made.clicked.connect(partial(self._lay, i))
        return made

    def watch(self, seen: bool) -> None:
        """Have them read when somebody looks."""
        if seen:
            self._examples.ask()

    def refresh(self) -> None:
        """Show the pictures there are."""
        self._examples.ask()
        pictures = self._examples.pictures
        for made, picture in zip(self._buttons, pictures, strict=False):
            ink = QPixmap.fromImage(ink_image(picture))
            side = made.iconSize() * self.devicePixelRatioF()
            made.setIcon(QIcon(ink.scaled(side, Qt.AspectRatioMode.KeepAspectRatio)))
        for i, made in enumerate(self._buttons):
            made.setVisible(i < len(pictures))
        self._others.setEnabled(bool(pictures))

    def _lay(self, i: int) -> None:
        if i < len(self._examples.pictures):
            self._drawing.lay_under(self._examples.pictures[i])
