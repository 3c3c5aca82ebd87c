"""How a drawing or a photograph becomes what the network sees, step by step; each can be switched off."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from micronn_core.common.texts import mark, percent, tr
from micronn_core.drawing.photographs.steps import STEP_NAMES, STEPS, TAKEN
from micronn_core.drawing.preparation import Field
from micronn_gui.panels.draw.scrolling import ScrollingColumn
from micronn_gui.panels.draw.step_strip import StepStrip, StripStep
from micronn_gui.panels.draw.wording import whole_percent
from micronn_gui.panels.panel import Refreshing, while_seen
from micronn_gui.session.answer import Answer
from micronn_gui.session.drawing import Drawing
from micronn_gui.session.opened_picture import OpenedPicture
from micronn_gui.session.training import TrainingState
from micronn_gui.theme import px
from micronn_gui.widgets.controls.buttons import label

_FORM = (
    StripStep("crop", mark("crop"), mark("Take the box around the drawing; else the whole pad")),
    StripStep("fit", mark("20 × 20"), mark("Scale it to 20x20 pixels, proportions kept; else to 28x28")),
    StripStep("centre", mark("centre"), mark("Lay the centre of mass, not the box, on the middle")),
)
"""The last steps, which bring whatever it is into MNIST's form."""

_OF_DRAWINGS = (
    StripStep("drawn", mark("drawn"), mark("The pad, 28x28 as it is")),
    StripStep(
        "drop_specks",
        mark("no specks"),
        mark("Leave out specks: what is tiny and far from the digit, such as the dot of a palm or a fly"),
    ),
    StripStep(
        "smooth",
        mark("smooth"),
        mark("Bend the lines between points far apart, as a fast hand leaves them; corners stay"),
    ),
    StripStep("straighten", mark("straighten"), mark("Undo the slant of the writing")),
    *_FORM,
)
"""The steps of `Preparation`."""

_OF_PHOTOGRAPHS = (
    StripStep(TAKEN, mark("picture"), mark("The picture as it was taken, what is dark in it as ink")),
    *(StripStep(step.name, step.label, step.tip) for step in STEPS),
    *_FORM,
)
"""The steps of a photograph."""


class PipelinePage(Refreshing, QWidget):
    """The pictures from the pad, or from a photograph, to the network."""

    def __init__(
        self, training: TrainingState, drawing: Drawing, answer: Answer, opened: OpenedPicture
    ) -> None:
        super().__init__()
        self.setAccessibleName(tr("From the pad to the network"))
        self._training, self._drawing, self._answer = training, drawing, answer
        words = label(
            tr("The way MNIST was made. Switch a step off and see what it does to the answer."), "soft"
        )
        words.setWordWrap(True)
        self.drawn, self.photographed = StepStrip(_OF_DRAWINGS), StepStrip(_OF_PHOTOGRAPHS)
        self._strips = ScrollingColumn()
        for strip in (self.drawn, self.photographed):
            self._strips.rows.addWidget(strip)
        self.photographed.hide()
        self._strips.resized.connect(self._fit)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(10))
        column.addWidget(words)
        column.addWidget(self._strips, 1)
        self.drawn.switched.connect(lambda step, on: drawing.prepare_by(**{step: on}))
        self.photographed.switched.connect(opened.switch)
        drawing.changed.connect(self._follow_drawing)
        answer.past_changed.connect(self._say_what_if)  # when the pen rests
        training.run_started.connect(self.touch)

    def _fit(self) -> None:
        """Let the pictures be as large as there is room for all of them."""
        room = self._strips.maximumViewportSize()
        for strip in (self.drawn, self.photographed):
            strip.fit(room)

    def refresh(self) -> None:
        """Show the pictures, the switches, and what each step does to the answer."""
        self._follow_data()
        self._follow_drawing()
        self._say_what_if()

    @while_seen
    def _follow_data(self) -> None:
        """Name the sizes of the field."""
        if (shape := self._training.image_shape) is None:
            return
        field = Field(*shape)
        sizes = {"height": shape[0], "width": shape[1], "side": field.box[0]}
        self.drawn.views["drawn"].setToolTip(tr("The pad, {height}x{width} as it is", **sizes))
        for strip in (self.drawn, self.photographed):
            strip.switches["fit"].setText(tr("{side:.0f} × {side:.0f}", **sizes))
            strip.switches["fit"].setToolTip(
                tr(
                    "Scale it to {side:.0f}x{side:.0f} pixels, proportions kept; else to {height}x{width}",
                    **sizes,
                )
            )

    @while_seen
    def _follow_drawing(self) -> None:
        drawing, way = self._drawing, self._drawing.way
        self.photographed.setVisible(way is not None)
        self.drawn.setVisible(way is None)
        if way is not None:
            self.photographed.show_way(way.stages, {name for name in STEP_NAMES if name not in way.without})
        else:
            on = {step for step, done in vars(drawing.preparation).items() if done}
            self.drawn.show_way(drawing.stages(), on)
            for switch in self.drawn.switches.values():
                switch.setEnabled(drawing.under is None)  # a picture from the data has no way
        if drawing.is_empty:
            self._say_what_if()

    @while_seen
    def _say_what_if(self) -> None:
        """Say beneath each step what the answer would be without it."""
        drawing = self._drawing
        for step, line in self.drawn.words.items():
            on = self.drawn.switches[step].isChecked()
            strokes_alone = drawing.under is None and not drawing.is_empty
            shares = self._answer.read(drawing.picture_with(**{step: not on})) if strokes_alone else None
            if shares is None:
                line.clear()
                continue
            digit = int(shares.argmax())
            share = percent(whole_percent(float(shares[digit])) / 100)
            values = {"digit": self._training.class_names[digit], "share": share}
            line.setText(
                tr("without: {digit}, {share}", **values) if on else tr("with: {digit}, {share}", **values)
            )
