"""The pad: draw a digit, and the network answers while the line is still being drawn."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout

from micronn_core.common.texts import tr
from micronn_gui.panels.draw.answer import AnswerView
from micronn_gui.panels.draw.wording import SHORT, draw_something, nothing_to_draw
from micronn_gui.panels.panel import Panel, while_seen
from micronn_gui.session.answer import WHY, Answer
from micronn_gui.session.drawing import Drawing
from micronn_gui.session.training import TrainingState
from micronn_gui.theme import px
from micronn_gui.widgets.controls.buttons import IconButton, button
from micronn_gui.widgets.controls.cover import Cover
from micronn_gui.widgets.images.canvas import DigitCanvas, PadStroke

ERASER = 0.04
"""Radius of the eraser, as a share of the pad's side."""


class Pad(Panel):
    """A card with the drawing on it, to be drawn on; what stands around it is for those that derive from it.

    Attributes:
        canvas: where one draws.
    """

    inspect_wanted = Signal()
    """The drawing is to be explained number by number."""

    def __init__(self, training: TrainingState, drawing: Drawing) -> None:
        super().__init__(tr("Draw a digit"))
        self._training, self._drawing = training, drawing
        self.canvas = DigitCanvas(tr("Drawing pad"), tr("draw here"))
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
        self._cover = Cover(self)
        training.run_started.connect(self._follow_data)
        drawing.changed.connect(self._follow_drawing)
        drawing.tools_changed.connect(self._follow_tools)

    def refresh(self) -> None:
        """Show the drawing and the tools."""
        self._follow_data()
        self._follow_drawing()
        self._follow_tools()

    def room(self) -> int:
        """Return how wide what lies in the card can be; its layout may not have heard of its size yet."""
        margins = self.body.contentsMargins()
        return self.contentsRect().width() - margins.left() - margins.right()

    @while_seen
    def _follow_data(self) -> None:
        """Ask for what the network reads, or say that it reads no pictures."""
        spec = self._training.spec
        self.title.setText(draw_something(spec))
        self.setAccessibleName(self.title.text())
        self.canvas.show_ghost(spec.has_digits)
        self._cover.say(nothing_to_draw(spec))

    @while_seen
    def _follow_drawing(self) -> None:
        strokes = [PadStroke(*trace) for trace in self._drawing.traces()]
        self.canvas.show_strokes(strokes, self._drawing.under)
        self._offer_tools()

    def _offer_tools(self) -> None:
        """Enable those tools that can do something now."""

    @while_seen
    def _follow_tools(self) -> None:
        self.canvas.use(self._drawing.erasing)

    def _erase(self, x: float, y: float) -> None:
        self._drawing.erase(x, y, ERASER)

    def _use_eraser(self, on: bool) -> None:
        self._drawing.use(erasing=on)


class DrawPanel(Pad):
    """The pad beside the training, with the answer below it."""

    why_wanted = Signal()
    """It is asked why this is the answer."""

    def __init__(self, training: TrainingState, drawing: Drawing, answer: Answer) -> None:
        super().__init__(training, drawing)
        self._undo = IconButton("undo-2", tr("Undo (Ctrl+Z)"), "soft", 16, "tool")
        self._undo.clicked.connect(drawing.undo)
        self._redo = IconButton("redo-2", tr("Redo (Ctrl+Shift+Z)"), "soft", 16, "tool")
        self._redo.clicked.connect(drawing.redo)
        self._eraser = IconButton("eraser", tr("Erase instead of drawing"), "soft", 16, "tool")
        self._eraser.setCheckable(True)
        self._eraser.toggled.connect(self._use_eraser)
        self._clear = button(tr("Clear"), tr("Clear the pad (Esc or Delete)"), "link")
        self._clear.clicked.connect(drawing.clear)
        self.head.setSpacing(0)
        for tool in (self._undo, self._redo, self._eraser, self._clear):
            self.head.addWidget(tool)
        self.answer = AnswerView(training, drawing, answer)
        self._answer = answer
        self._why = button(tr("Why?"), tr("Why this is the answer: the neurons that speak for it"))
        self._why.clicked.connect(self._ask_why)
        self._inspect = button(tr("Follow it"), tr("Inspect this drawing, number by number"))
        self._inspect.clicked.connect(self.inspect_wanted)
        self.body.addWidget(self.canvas, 1000)
        self.body.addWidget(self.answer, 1)
        self.body.addLayout(self._ways_on())
        answer.changed.connect(self._name_why)

    def _ways_on(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(px(8))
        for control in (self._why, self._inspect):
            row.addWidget(control, 1)
        return row

    def refresh(self) -> None:
        """Show the drawing, the tools, and what is asked of the answer."""
        super().refresh()
        self._name_why()

    def _offer_tools(self) -> None:
        self._undo.setEnabled(self._drawing.can_undo)
        self._redo.setEnabled(self._drawing.can_redo)
        for tool in (self._clear, self._inspect, self._why):
            tool.setEnabled(not self._drawing.is_empty)

    @while_seen
    def _follow_tools(self) -> None:
        super()._follow_tools()
        self._eraser.setChecked(self._drawing.erasing)

    @while_seen
    def _name_why(self) -> None:
        digit = self._answer.digit
        names = self._training.class_names
        short = digit is not None and len(names[digit]) <= SHORT
        text = tr("Why {digit}?", digit=names[digit or 0]) if short else tr("Why?")
        if text != self._why.text():
            self._why.setText(text)
            self._why.setAccessibleName(text)

    def _ask_why(self) -> None:
        self._answer.look_at(WHY)
        self.why_wanted.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the pad be a square that fills the card's width where the height allows it."""
        super().resizeEvent(event)
        self.canvas.setMaximumHeight(max(self.room(), 1))
