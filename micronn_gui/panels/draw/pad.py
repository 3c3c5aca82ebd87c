"""The pad: draw a digit, and the network answers while the line is still being drawn."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSlider, QToolButton

from micronn_core.common.texts import tr
from micronn_gui.panels.draw.answer import AnswerView
from micronn_gui.panels.draw.pictures import Pictures
from micronn_gui.panels.draw.wording import draw_something, nothing_to_draw
from micronn_gui.panels.panel import Panel, while_seen
from micronn_gui.session.answer import Answer
from micronn_gui.session.drawing import Drawing
from micronn_gui.session.opened_picture import OpenedPicture
from micronn_gui.session.training import TrainingState
from micronn_gui.theme import px, quantise
from micronn_gui.widgets.controls.buttons import IconButton, button
from micronn_gui.widgets.controls.cover import Cover
from micronn_gui.widgets.images.canvas import DigitCanvas, PadStroke
from micronn_gui.widgets.images.image_grid import indexed_image

ERASER = 0.04
"""Radius of the eraser, as a share of the pad's side."""


BRUSHES = (20, 120)
"""The least and the greatest width of the brush, in thousandths of the pad's side."""


class DrawPanel(Panel):
    """The pad with its tools, and the answer."""

    inspect_wanted = Signal()
    """The drawing is to be explained number by number."""

    def __init__(
        self, training: TrainingState, drawing: Drawing, answer: Answer, opened_picture: OpenedPicture
    ) -> None:
        super().__init__(tr("Draw a digit"))
        self._training = training
        self._drawing = drawing
        self.canvas = DigitCanvas(tr("Drawing pad"), tr("Draw here"))
        self.canvas.setToolTip(
            tr("Draw with mouse, finger or pen; the pen's other end erases. Esc or Delete clears.")
        )
        self.canvas.pen_down.connect(drawing.pen_down)
        self.canvas.pen_pressed.connect(drawing.pen_down)
        self.canvas.pen_moved.connect(drawing.pen_move)
        self.canvas.pen_up.connect(drawing.pen_up)
        self.canvas.withdrawn.connect(drawing.pen_withdraw)
        self.canvas.erased.connect(self._erase)
        self.canvas.cleared.connect(drawing.clear)
        self._undo = IconButton("undo-2", tr("Undo (Ctrl+Z)"), "soft", 16, "tool")
        self._undo.clicked.connect(drawing.undo)
        self._redo = IconButton("redo-2", tr("Redo (Ctrl+Shift+Z)"), "soft", 16, "tool")
        self._redo.clicked.connect(drawing.redo)
        self._eraser = IconButton("eraser", tr("Erase instead of drawing"), "soft", 16, "tool")
        self._eraser.setCheckable(True)
        self._eraser.toggled.connect(self._use_eraser)
        self._brush = QSlider(Qt.Orientation.Horizontal)
        self._brush.setRange(*BRUSHES)
        self._brush.setFixedWidth(px(80))
        self._brush.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._brush.setAccessibleName(tr("Width of the brush"))
        self._brush.setToolTip(
            tr(
                "Width of the brush, for what you draw from now on. It is for your eyes alone: the network "
                "sees every line as wide as MNIST's pen."
            )
        )
        self._brush.valueChanged.connect(self._use_brush)
        self._ink = IconButton(
            "lightbulb",
            tr("Show where ink would make the answer more (blue) or less (orange) probable"),
            "soft",
            16,
            "tool",
        )
        self._ink.setCheckable(True)
        self._ink.toggled.connect(self._show_ink)
        self._clear = button(tr("Clear"), tr("Clear the pad (Esc or Delete)"), "link")
        self._clear.clicked.connect(drawing.clear)
        tip = tr("Inspect this drawing, number by number")
        self._inspect = IconButton("scan-search", tip, "soft", 16, "tool")
        self._inspect.clicked.connect(self.inspect_wanted)
        self.pictures = Pictures(training, drawing, opened_picture, self)
        self._more = IconButton("image-up", tr("Lay a picture on the pad"), "soft", 16, "tool")
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._more.setMenu(self.pictures.menu())
        self.head.setSpacing(0)
        for tool in (self._undo, self._redo, self._clear):
            self.head.addWidget(tool)
        self.answer = AnswerView(training, drawing, answer)
        self.body.addWidget(self.canvas, 5)
        self.body.addLayout(self._tools())
        self.body.addWidget(self.answer, 6)
        self._answer = answer
        self._cover = Cover(self)
        training.run_started.connect(self._follow_data)
        answer.changed.connect(self._show_ink)
        drawing.changed.connect(self._follow_drawing)
        drawing.tools_changed.connect(self._follow_tools)

    @while_seen
    def _follow_data(self) -> None:
        """Ask for what the network reads, or say that it reads no pictures."""
        self.title.setText(draw_something(self._training.spec))
        self.setAccessibleName(self.title.text())
        self._cover.say(nothing_to_draw(self._training.spec))

    def _tools(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self._eraser)
        row.addWidget(self._brush)
        row.addStretch(1)
        row.addWidget(self._inspect)
        row.addWidget(self._ink)
        row.addWidget(self._more)
        return row

    def refresh(self) -> None:
        """Show the drawing, the tools, and where ink would help if that is asked for."""
        self._follow_data()
        self._follow_drawing()
        self._follow_tools()
        self._show_ink()

    @while_seen
    def _follow_drawing(self) -> None:
        strokes = [PadStroke(*trace) for trace in self._drawing.traces()]
        self.canvas.show_strokes(strokes, self._drawing.under)
        self._undo.setEnabled(self._drawing.can_undo)
        self._redo.setEnabled(self._drawing.can_redo)
        for tool in (self._clear, self._inspect):
            tool.setEnabled(not self._drawing.is_empty)

    @while_seen
    def _show_ink(self) -> None:
        gradient = self._answer.ink_gradient() if self._ink.isChecked() else None
        if gradient is None:
            self.canvas.show_overlay(None)
        else:
            image = indexed_image(quantise(gradient, float(np.abs(gradient).max()))).copy()
            name = self._training.class_names[self._answer.subject or 0]
            caption = tr("more ink: blue for {digit}, orange against it", digit=name)
            self.canvas.show_overlay(image, self._drawing.map_to_field(), caption)

    def _erase(self, x: float, y: float) -> None:
        self._drawing.erase(x, y, ERASER)

    def _use_eraser(self, on: bool) -> None:
        self._drawing.use(erasing=on)

    def _use_brush(self, width: int) -> None:
        self._drawing.use(brush=width / 1000)

    @while_seen
    def _follow_tools(self) -> None:
        self._eraser.setChecked(self._drawing.erasing)
        self._brush.setValue(round(1000 * self._drawing.brush))
        self.canvas.use(self._drawing.erasing)
