"""A strip of pictures, one after each step on the way to the network, with a switch below each."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QWidget

from micronn_core.common.texts import tr
from micronn_gui.theme import px
from micronn_gui.widgets.controls.buttons import label
from micronn_gui.widgets.controls.elided_text import ElidedLabel
from micronn_gui.widgets.images.picture import PictureView

SIDES = (64, 128)
"""Least and greatest side of a picture, in pixels."""
ARROW = 18
"""Room for an arrow between two pictures."""


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
    """The pictures of a way, the switches of its steps, and a word below each."""

    switched = Signal(str, bool)
    """A step is to be done or left out."""

    def __init__(self, steps: Iterable[StripStep]) -> None:
        super().__init__()
        self.views: dict[str, PictureView] = {}
        self.switches: dict[str, QCheckBox] = {}
        self.words: dict[str, QLabel] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, px(0), px(0), px(0))
        self._grid.setHorizontalSpacing(0)
        self._grid.setVerticalSpacing(4)
        first, *others = steps
        self._places = [
            self._place_of(first, switchable=False, arrow=True),
            *(self._place_of(step, switchable=True, arrow=step is not others[-1]) for step in others),
        ]
        self._columns = 0
        self.setMinimumWidth(math.ceil(len(self._places) / 2) * (SIDES[0] + ARROW))  # in two rows

    def _place_of(self, step: StripStep, switchable: bool, arrow: bool) -> QWidget:
        place, name, tip = QWidget(), tr(step.label), tr(step.tip)
        grid = QGridLayout(place)
        grid.setContentsMargins(0, px(0), px(0), px(0))
        grid.setSpacing(px(2))
        view = self.views[step.name] = PictureView(name, SIDES[0])
        view.setToolTip(tip)
        grid.addWidget(view, 0, 0)
        to_next = label("→" if arrow else "", "soft")
        to_next.setFixedWidth(ARROW)
        to_next.setAlignment(Qt.AlignmentFlag.AlignCenter)
        grid.addWidget(to_next, 0, 1)
        if switchable:
            switch = self.switches[step.name] = QCheckBox(name)
            switch.setToolTip(tip)
            switch.setAccessibleName(name)
            switch.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            switch.clicked.connect(lambda on: self.switched.emit(step.name, on))
            grid.addWidget(switch, 1, 0, 1, 2)
            what = tr("The answer if this step were switched")
            self.words[step.name] = ElidedLabel("", "caption", what)
            grid.addWidget(self.words[step.name], 2, 0, 1, 2)
        else:
            grid.addWidget(label(name, "soft"), 1, 0, 1, 2)
        grid.setRowStretch(3, 1)
        grid.setColumnStretch(2, 1)
        return place

    def show_way(self, pictures: Iterable[tuple[str, NDArray[np.floating]]], on: Collection[str]) -> None:
        """Show the picture after each step, and which steps are done."""
        for name, picture in pictures:
            self.views[name].show_picture(picture)
        for name, switch in self.switches.items():
            switch.setChecked(name in on)

    def fit(self, width: int) -> None:
        """Place the pictures in one row or two, as large as a width allows."""
        count = len(self._places)
        columns = count if width >= count * (SIDES[0] + ARROW) else math.ceil(count / 2)
        if columns != self._columns:
            self._columns = columns
            for i, place in enumerate(self._places):
                self._grid.removeWidget(place)
                self._grid.addWidget(place, *divmod(i, columns), Qt.AlignmentFlag.AlignLeft)
        side = min(max(width // count - ARROW, SIDES[0]), SIDES[1])
        for view in self.views.values():
            view.setFixedSize(side, side)
