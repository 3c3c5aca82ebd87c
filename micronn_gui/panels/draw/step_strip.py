"""A column of pictures, one after each step on the way to the network, with a switch beside each."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QVBoxLayout, QWidget

from micronn_core.common.texts import tr
from micronn_gui.theme import px
from micronn_gui.widgets.controls.buttons import label
from micronn_gui.widgets.controls.elided_text import ElidedLabel
from micronn_gui.widgets.images.picture import PictureView

SIDE = 68
"""Side of a picture, in pixels at the usual text size."""

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
        self._grid.setHorizontalSpacing(px(12))
        self._grid.setVerticalSpacing(px(8))
        self._grid.setColumnStretch(1, 1)
        for row, step in enumerate(steps):
            self._add(row, step)
        self._grid.setRowStretch(self._grid.rowCount(), 1)

    def _add(self, row: int, step: StripStep) -> None:
        name, tip = tr(step.label), tr(step.tip)
        view = self.views[step.name] = PictureView(name, px(SIDE))
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

    def show_way(self, pictures: Iterable[tuple[str, NDArray[np.floating]]], on: Collection[str]) -> None:
        """Show the picture after each step, and which steps are done."""
        for name, picture in pictures:
            self.views[name].show_picture(picture)
        for name, switch in self.switches.items():
            switch.setChecked(name in on)
