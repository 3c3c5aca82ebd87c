"""Draw: the large pad, the answer and how it came about, and beside it how, why, and what was kept."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from micronn_core.common.texts import ENGLISH, language, tr
from micronn_gui.panels.draw.answer import AnswerPanel
from micronn_gui.panels.draw.large_pad import LargePad
from micronn_gui.panels.draw.my_digits import MyDigitsPage
from micronn_gui.panels.draw.over_time import OverTimePanel
from micronn_gui.panels.draw.pipeline import PipelinePage
from micronn_gui.panels.draw.why import WhyPage
from micronn_gui.panels.draw.wording import nothing_to_draw
from micronn_gui.session.answer import HOW, MY_DIGITS, WHY
from micronn_gui.session.states import States
from micronn_gui.session.undo import DIGITS
from micronn_gui.theme import px
from micronn_gui.widgets.controls.buttons import Card, Segments, button
from micronn_gui.widgets.controls.columns import NO_LIMIT, Columns
from micronn_gui.widgets.controls.cover import Cover
from micronn_gui.workspaces.workspace import Workspace

MARGIN = 16
SIDE_WIDTHS = (252, 352)
"""Least and greatest width of the card on the right."""


class DrawWorkspace(Workspace):
    """Draw and classify."""

    undoes = (*Workspace.undoes, DIGITS)

    def __init__(self, states: States) -> None:
        super().__init__()
        training, drawing, answer = states.training, states.drawing, states.answer
        self._training, self._drawing, self._answer = training, drawing, answer
        self._inspection = states.inspection
        self.draw = LargePad(
            training, drawing, answer, states.opened_picture, states.my_digits, states.examples
        )
        self.draw.pictures.refused.connect(self.refused)
        self.draw.keep.wanted.connect(self.take_digit)
        self.answer = AnswerPanel(training, drawing, answer)
        self.over_time = OverTimePanel(training, answer)
        self.how = PipelinePage(training, drawing, answer, states.opened_picture)
        self.why = WhyPage(training, answer)
        self.my_digits = MyDigitsPage(training, states.my_digits)
        self.my_digits.done.connect(self.done)
        self._pages: dict[str, QWidget] = {HOW: self.how, WHY: self.why, MY_DIGITS: self.my_digits}
        self._place()
        self._cover = Cover(self, MARGIN, MARGIN)
        drawing.changed.connect(self._follow_drawing)
        training.run_started.connect(self._follow_data)
        answer.beside_changed.connect(self._show_page)
        self._show_page()
        self._follow_data()

    def _place(self) -> None:
        middle = QWidget()
        inside = QVBoxLayout(middle)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(px(MARGIN))
        inside.addWidget(self.answer, 1)
        inside.addWidget(self.over_time, 2)
        self._side_card = self._side()
        self._columns = Columns([(self.draw, 8), (middle, 5), (self._side_card, 3)], MARGIN)
        self._columns.arranged.connect(self._follow_columns)
        around = QVBoxLayout(self)
        around.setContentsMargins(*[px(MARGIN)] * 4)
        around.addWidget(self._columns)

    def _side(self) -> Card:
        """Return the card on the right: tabs, of which the open one alone is worked out, and the way on."""
        card = Card(tr("About the answer"))
        card.title.hide()
        self._tabs = Segments(
            [
                (HOW, tr("How it saw it"), tr("From the pad to the pixels that the network sees")),
                (WHY, tr("Why"), tr("What the hidden neurons make of the drawing")),
                (MY_DIGITS, tr("My digits"), tr("The digits that you kept, and how the network reads them")),
            ],
            tr("What is shown about the answer"),
        )
        self._tabs.chosen.connect(self._answer.look_at)
        card.body.addWidget(self._tabs)
        self._stack = QStackedWidget()
        for page in self._pages.values():
            self._stack.addWidget(page)
        card.body.addWidget(self._stack, 1)
        self._follow = button(
            tr("Follow the numbers ›"), tr("Inspect this drawing, number by number"), "primary"
        )
        self._follow.clicked.connect(self._inspect)
        card.body.addWidget(self._follow)
        card.setMinimumWidth(self._least_side(card))
        return card

    @staticmethod
    def _least_side(card: Card) -> int:
        """Return how narrow a card may be: what is right for English, or what its words need."""
        least = px(SIDE_WIDTHS[0])
        if language() != ENGLISH:
            for part in card.findChildren(QWidget):
                part.ensurePolished()
            least = max(least, card.minimumSizeHint().width())
        return least

    def _show_page(self) -> None:
        self._tabs.choose(self._answer.beside)
        self._stack.setCurrentWidget(self._pages[self._answer.beside])

    def _follow_data(self) -> None:
        """Say so where there is nothing to draw."""
        self._cover.say(nothing_to_draw(self._training.spec))
        self._follow_drawing()

    def _follow_drawing(self) -> None:
        drawn = not self._drawing.is_empty and self._answer.can_draw
        if drawn is not self._follow.isEnabled():
            self._follow.setEnabled(drawn)

    def _inspect(self) -> None:
        self._inspection.show_drawing()
        self.workspace_wanted.emit("inspect")

    def take_digit(self, digit: int) -> None:
        """Keep the drawing under a label and show that; without a drawing, do nothing."""
        if not self._drawing.is_empty:
            self._answer.look_at(MY_DIGITS)
            self.my_digits.keep(digit)

    def _follow_columns(self) -> None:
        """Let the pad be as large a square as its row allows, and the card at the right be narrow there."""
        in_one_row = self._columns.rows == 1
        side, pad = self._side_card, self.draw
        side.setMaximumWidth(max(px(SIDE_WIDTHS[1]), side.minimumWidth()) if in_one_row else NO_LIMIT)
        height = self.height() - 2 * px(MARGIN) if in_one_row else pad.minimumSizeHint().height()
        alone = self._columns.in_first_row == 1
        pad.setMaximumWidth(NO_LIMIT if alone else max(pad.width_for(height), pad.minimumWidth()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give each column the room that is right for it."""
        super().resizeEvent(event)
        self._follow_columns()
