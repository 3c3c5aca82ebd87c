"""How the drawing becomes what the network sees, step by step; each step can be switched off."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QWidget

from micronn_core.common.texts import mark, percent, tr
from micronn_core.drawing.preparation import Field
from micronn_gui.panels.draw.wording import nothing_to_draw
from micronn_gui.panels.panel import Panel, while_seen
from micronn_gui.session.answer import Answer
from micronn_gui.session.drawing import Drawing
from micronn_gui.session.training import TrainingState
from micronn_gui.widgets.controls.buttons import label
from micronn_gui.widgets.controls.cover import Cover
from micronn_gui.widgets.controls.elided_text import ElidedLabel
from micronn_gui.widgets.images.picture import PictureView

SIDES = (64, 128)
"""Least and greatest side of a picture, in pixels."""
ARROW = 18
"""Room for an arrow between two pictures."""

FIRST, LAST = "drawn", "centre"

_STEPS = (
    (FIRST, mark("drawn"), mark("The pad, 28x28 as it is")),
    (
        "drop_specks",
        mark("no specks"),
        mark("Leave out specks: what is tiny and far from the digit, such as the dot of a palm or a fly"),
    ),
    (
        "smooth",
        mark("smooth"),
        mark("Bend the lines between points far apart, as a fast hand leaves them; corners stay"),
    ),
    ("straighten", mark("straighten"), mark("Undo the slant of the writing")),
    ("crop", mark("crop"), mark("Take the box around the drawing; else the whole pad")),
    ("fit", mark("20 × 20"), mark("Scale it to 20x20 pixels, proportions kept; else to 28x28")),
    (LAST, mark("centre"), mark("Lay the centre of mass, not the box, on the middle")),
)
"""Each step's name in `Preparation`, its name for people, and what it does."""


class PipelinePanel(Panel):
    """A strip of pictures from the pad to the network."""

    def __init__(self, training: TrainingState, drawing: Drawing, answer: Answer) -> None:
        super().__init__(tr("From the pad to the network"))
        self._training, self._answer = training, answer
        self._drawing = drawing
        self._what_if: dict[str, QLabel] = {}
        self._views: dict[str, PictureView] = {}
        self._switches: dict[str, QCheckBox] = {}
        self.body.addWidget(
            label(
                tr("The way MNIST was made. Switch a step off and see what it does to the answer."),
                "soft",
            )
        )
        strip = QWidget()
        self._strip = QGridLayout(strip)
        self._strip.setContentsMargins(0, 0, 0, 0)
        self._strip.setHorizontalSpacing(0)
        self._strip.setVerticalSpacing(4)
        self._stages = [self._stage(step, tr(name), tr(tip)) for step, name, tip in _STEPS]
        self.body.addWidget(strip)
        self._columns = 0
        strip.setMinimumWidth(math.ceil(len(self._stages) / 2) * (SIDES[0] + ARROW))  # in two rows
        self.body.addStretch(1)
        drawing.changed.connect(self._follow_drawing)
        answer.past_changed.connect(self._say_what_if)  # when the pen rests
        self._cover = Cover(self)
        training.run_started.connect(self.touch)

    @while_seen
    def _follow_data(self) -> None:
        """Name the sizes of the field, or say that there is none."""
        self._cover.say(nothing_to_draw(self._training.spec))
        if (shape := self._training.image_shape) is None:
            return
        field = Field(*shape)
        sizes = {"height": shape[0], "width": shape[1], "side": field.box[0]}
        self._views["drawn"].setToolTip(tr("The pad, {height}x{width} as it is", **sizes))
        self._switches["fit"].setText(tr("{side:.0f} × {side:.0f}", **sizes))
        self._switches["fit"].setToolTip(
            tr(
                "Scale it to {side:.0f}x{side:.0f} pixels, proportions kept; else to {height}x{width}",
                **sizes,
            )
        )

    def _stage(self, step: str, name: str, tip: str) -> QWidget:
        """Return a picture with its switch, and what the answer would be if that were turned."""
        stage = QWidget()
        grid = QGridLayout(stage)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(2)
        view = PictureView(name, SIDES[0])
        view.setToolTip(tip)
        self._views[step] = view
        grid.addWidget(view, 0, 0)
        arrow = label("→" if step != LAST else "", "soft")
        arrow.setFixedWidth(ARROW)
        arrow.setAlignment(Qt.AlignmentFlag.AlignCenter)
        grid.addWidget(arrow, 0, 1)
        if step == FIRST:
            grid.addWidget(label(name, "soft"), 1, 0, 1, 2)
        else:
            switch = QCheckBox(name)
            switch.setToolTip(tip)
            switch.setAccessibleName(name)
            switch.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            switch.clicked.connect(lambda on, step=step: self._drawing.prepare_by(**{step: on}))
            self._switches[step] = switch
            grid.addWidget(switch, 1, 0, 1, 2)
            what = tr("The answer if this step were switched")
            self._what_if[step] = ElidedLabel("", "caption", what)
            grid.addWidget(self._what_if[step], 2, 0, 1, 2)
        grid.setRowStretch(3, 1)
        grid.setColumnStretch(2, 1)
        return stage

    def refresh(self) -> None:
        """Show the pictures, the switches, and what each step does to the answer."""
        self._follow_data()
        self._follow_drawing()
        self._say_what_if()

    @while_seen
    def _follow_drawing(self) -> None:
        for step, switch in self._switches.items():
            switch.setChecked(getattr(self._drawing.preparation, step))
            switch.setEnabled(self._drawing.under is None)  # a picture was prepared when it was read
        for stage in self._drawing.stages():
            self._views[stage.step].show_picture(stage.picture)
        if self._drawing.is_empty:
            self._say_what_if()

    @while_seen
    def _say_what_if(self) -> None:
        """Say beneath each step what the answer would be without it."""
        for step, line in self._what_if.items():
            on = self._switches[step].isChecked()
            strokes_alone = self._drawing.under is None and not self._drawing.is_empty
            if not strokes_alone:
                line.clear()
                continue
            shares = self._answer.read(self._drawing.picture_with(**{step: not on}))
            if shares is None:
                line.clear()
            else:
                digit = int(shares.argmax())
                values = {"digit": self._training.class_names[digit], "share": percent(float(shares[digit]))}
                line.setText(
                    tr("without: {digit}, {share}", **values)
                    if on
                    else tr("with: {digit}, {share}", **values)
                )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the pictures in one row or two, as large as the width allows."""
        super().resizeEvent(event)
        margins = self.body.contentsMargins()
        width = self.width() - margins.left() - margins.right()
        count = len(self._stages)
        in_one_row = width >= count * (SIDES[0] + ARROW)
        self._place(count if in_one_row else math.ceil(count / 2))
        side = min(max(width // count - ARROW, SIDES[0]), SIDES[1])
        for view in self._views.values():
            view.setFixedSize(side, side)

    def _place(self, columns: int) -> None:
        """Place the stages in rows of as many columns."""
        if columns != self._columns:
            self._columns = columns
            for i, stage in enumerate(self._stages):
                self._strip.removeWidget(stage)
                self._strip.addWidget(stage, *divmod(i, columns), Qt.AlignmentFlag.AlignLeft)
