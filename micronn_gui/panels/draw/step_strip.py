"""A column of pictures, one after each step on the way to the network, with a switch beside each."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QVBoxLayout, QWidget

from micronn_core.common.texts import tr
from micronn_gui.theme import px
from micronn_gui.widgets.controls.buttons import label
from micronn_gui.widgets.controls.elided_text import ElidedLabel
from micronn_gui.widgets.images.picture import PictureView

SIDES = (36, 112)
"""Least and greatest side of a picture, in pixels at the usual text size."""
GAPS = (12, 8)
"""Pixels between a picture and what stands beside it, and between two pictures."""
WORDS = 0.62
"""Share of the width that is left to the words."""

NUMBERS = "0123456789"


class StripStep(NamedTuple):
    """A step on a way; the first one is where the way begins, and cannot be left out.

    Attributes:
        name: its key.
        label: its name for people, marked for translation.
        tip: what it does, marked for translation.
    """

    name: str
    label: str
    tip: str


class StepStrip(QWidget):
    """The pictures of a way from above to below, the switches of its steps, and a word beside each."""

    switched = Signal(str, bool)
    """A step is to be done or left out."""

    def __init__(self, steps: Iterable[StripStep]) -> None:
        super().__init__()
        self.views: dict[str, PictureView] = {}
        self.switches: dict[str, QCheckBox] = {}
        self.words: dict[str, QLabel] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(px(GAPS[0]))
        self._grid.setVerticalSpacing(px(GAPS[1]))
        self._grid.setColumnStretch(1, 1)
        for row, step in enumerate(steps):
            self._add(row, step)
        self._grid.setRowStretch(self._grid.rowCount(), 1)

    def _add(self, row: int, step: StripStep) -> None:
        name, tip = tr(step.label), tr(step.tip)
        view = self.views[step.name] = PictureView(name, px(SIDES[0]))
        view.setToolTip(tip)
        self._grid.addWidget(view, row, 0)
        beside = QVBoxLayout()
        beside.setSpacing(px(2))
        beside.addStretch(1)
        if row:
            switch = self.switches[step.name] = QCheckBox(name)
            switch.setToolTip(tip)
            switch.setAccessibleName(name)
            switch.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            switch.clicked.connect(lambda on: self.switched.emit(step.name, on))
            what = tr("The answer if this step were switched")
            line = self.words[step.name] = ElidedLabel(NUMBERS, "caption", what)
            line.ensurePolished()
            line.setFixedHeight(line.sizeHint().height())  # whatever it says later, nothing moves
            line.clear()
            beside.addWidget(switch)
            beside.addWidget(line)
        else:
            beside.addWidget(label(name, "soft"))
        beside.addStretch(1)
        self._grid.addLayout(beside, row, 1)

    def fit(self, room: QSize) -> None:
        """Make the pictures as large as a room allows in which all of them are to be seen."""
        gap, (least, most) = px(GAPS[1]), map(px, SIDES)
        high = (room.height() + gap) // len(self.views) - gap
        side = max(least, min(most, high, int((1 - WORDS) * room.width())))
        for view in self.views.values():
            view.setFixedSize(side, side)

    def show_way(self, pictures: Iterable[tuple[str, NDArray[np.floating]]], on: Collection[str]) -> None:
        """Show the picture after each step, and which steps are done."""
        for name, picture in pictures:
            self.views[name].show_picture(picture)
        for name, switch in self.switches.items():
            switch.setChecked(name in on)
