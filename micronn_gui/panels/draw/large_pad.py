"""The large pad with its tools, examples to try, and what the drawing is."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QResizeEvent

from micronn_core.common.texts import tr
from micronn_gui.panels.draw.examples import ExamplesRow
from micronn_gui.panels.draw.keep_row import KeepRow
from micronn_gui.panels.draw.pad import Pad
from micronn_gui.panels.draw.pad_tools import PadTools
from micronn_gui.panels.draw.pictures import Pictures
from micronn_gui.panels.panel import while_seen
from micronn_gui.session.answer import Answer
from micronn_gui.session.drawing import Drawing
from micronn_gui.session.examples import Examples
from micronn_gui.session.my_digits import MyDigitsState
from micronn_gui.session.opened_picture import OpenedPicture
from micronn_gui.session.training import TrainingState
from micronn_gui.theme import px, quantise
from micronn_gui.widgets.controls.elided_text import ElidedLabel
from micronn_gui.widgets.images.image_grid import indexed_image

LEAST_WIDTH = 352


class LargePad(Pad):
    """The pad, as large as the page allows.

    Attributes:
        pictures: finds pictures to lay on it.
        keep: asks to keep what is drawn.
    """

    def __init__(
        self,
        training: TrainingState,
        drawing: Drawing,
        answer: Answer,
        opened_picture: OpenedPicture,
        my_digits: MyDigitsState,
        examples: Examples,
    ) -> None:
        super().__init__(training, drawing)
        self._answer, self._my_digits = answer, my_digits
        self.pictures = Pictures(training, drawing, opened_picture, self)
        self._tools = PadTools(drawing, self.pictures)
        self._tools.ink.toggled.connect(self._show_ink)
        self.keep = KeepRow(drawing, answer)
        self._how = ElidedLabel(tr("mouse, finger or pen; it answers while you draw"), "soft", least=0)
        self.head.insertWidget(1, self._how, 1000)
        self.body.addWidget(self.canvas, 1)
        self.body.addWidget(ExamplesRow(drawing, examples))
        self.body.addWidget(self._tools)
        self.body.addWidget(self.keep)
        answer.changed.connect(self._show_ink)
        self.ensurePolished()  # its border takes room, too
        self.setMinimumWidth(max(px(LEAST_WIDTH), self._tools.least_width + self.width() - self.room()))

    def width_for(self, height: int) -> int:
        """Return how wide the card is to be at a height for the pad to be a square that fills it."""
        above = self.minimumSizeHint().height() - self.canvas.minimumSizeHint().height()
        room = height - above + self._tools.minimumSizeHint().height()  # for the pad and the tools
        in_one_row = self._tools.width_in_one_row
        return max(room - self._tools.height_at(in_one_row), in_one_row) + self.width() - self.room()

    def refresh(self) -> None:
        """Show the drawing, the tools, and where ink would help if that is asked for."""
        super().refresh()
        self._show_ink()

    @while_seen
    def _follow_data(self) -> None:
        super()._follow_data()
        self.keep.setVisible(self._my_digits.suit)

    def _offer_tools(self) -> None:
        self._tools.offer()

    @while_seen
    def _follow_tools(self) -> None:
        super()._follow_tools()
        self._tools.follow()

    @while_seen
    def _show_ink(self) -> None:
        gradient = self._answer.ink_gradient() if self._tools.ink.isChecked() else None
        if gradient is None:
            self.canvas.show_overlay(None)
        else:
            image = indexed_image(quantise(gradient, float(np.abs(gradient).max()))).copy()
            name = self._training.class_names[self._answer.subject or 0]
            caption = tr("more ink: blue for {digit}, orange against it", digit=name)
            self.canvas.show_overlay(image, self._drawing.map_to_field(), caption)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the tools in as many rows as the width asks for; say how to draw where there is room."""
        super().resizeEvent(event)
        inside = self.room()
        self._tools.fit(inside)
        needed = self.title.sizeHint().width() + self._how.sizeHint().width() + 2 * px(8)
        self._how.setVisible(needed <= inside)
