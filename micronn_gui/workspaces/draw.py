"""Draw: the pad, the way from the pad to the network, the answer over time, why, and what was kept."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout

from micronn_core.common.texts import tr
from micronn_gui.panels.draw.my_digits import MyDigitsPanel
from micronn_gui.panels.draw.over_time import OverTimePanel
from micronn_gui.panels.draw.pad import DrawPanel
from micronn_gui.panels.draw.pipeline import PipelinePanel
from micronn_gui.panels.draw.why import WhyPanel
from micronn_gui.session.states import States
from micronn_gui.session.undo import DIGITS, PAD
from micronn_gui.theme import px
from micronn_gui.widgets.controls.buttons import Card, Segments
from micronn_gui.workspaces.workspace import Workspace

WHY, MY_DIGITS = "why", "my digits"


class DrawWorkspace(Workspace):
    """Draw and classify."""

    undoes = (PAD, DIGITS)

    def __init__(self, states: States) -> None:
        super().__init__()
        training, drawing, answer = states.training, states.drawing, states.answer
        self._drawing = drawing
        self.draw = DrawPanel(training, drawing, answer, states.opened_picture)
        self.draw.setMinimumWidth(px(296))
        self.draw.setMaximumWidth(px(448))
        self.pipeline = PipelinePanel(training, drawing, answer, states.opened_picture)
        self.over_time = OverTimePanel(training, answer)
        self.why = WhyPanel(training, answer)
        self.my_digits = MyDigitsPanel(training, drawing, states.my_digits)
        self.place_pad(self.draw, states.inspection)
        self.my_digits.done.connect(self.done)
        self._cards = {WHY: self.why, MY_DIGITS: self.my_digits}
        self._lower = QStackedWidget()
        self._tabs = [self._tab_into(card) for card in self._cards.values()]
        middle = QVBoxLayout()
        middle.setSpacing(px(16))
        upper = QHBoxLayout()
        upper.setSpacing(px(16))
        upper.addWidget(self.pipeline, 3)
        upper.addWidget(self.over_time, 2)
        middle.addLayout(upper, 2)
        middle.addWidget(self._lower, 3)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(16), px(16), px(16), px(16))
        row.setSpacing(px(16))
        row.addWidget(self.draw, 1)
        row.addLayout(middle, 2)

    def _tab_into(self, card: Card) -> Segments:
        """Put the choice of the lower cards in the place of a card's title."""
        tabs = Segments(
            [
                (WHY, tr("Why"), tr("What each hidden neuron makes of the drawing")),
                (MY_DIGITS, tr("My digits"), tr("Label drawings, keep them, and test the network")),
            ],
            tr("What is shown below"),
        )
        tabs.chosen.connect(self.show_card)
        card.title.hide()
        card.head.insertWidget(0, tabs)
        self._lower.addWidget(card)
        return tabs

    def show_card(self, key: str) -> None:
        """Show one of the lower cards."""
        self._lower.setCurrentWidget(self._cards[key])
        for tabs in self._tabs:
            tabs.choose(key)

    def take_digit(self, digit: int) -> None:
        """Keep the drawing under a label and show that; without a drawing, do nothing."""
        if not self._drawing.is_empty:
            self.show_card(MY_DIGITS)
            self.my_digits.keep(digit)
