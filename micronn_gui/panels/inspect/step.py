"""One step of an explanation: a title and a sentence, and the network as a diagram or its numbers."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QSpacerItem, QStackedWidget, QVBoxLayout

from micronn_core.common.texts import tr, trn
from micronn_core.explain.explanation import Explanation
from micronn_core.explain.words import in_shapes, sentence, stage_words
from micronn_gui.panels.inspect.copying import CopyButton
from micronn_gui.panels.inspect.flow import FlowDiagram
from micronn_gui.panels.inspect.numbers import NumbersView, small_choice
from micronn_gui.panels.panel import Panel
from micronn_gui.session.inspection import DIGITS, Inspection
from micronn_gui.session.neuron_pictures import neuron_pictures
from micronn_gui.session.training import TrainingState
from micronn_gui.theme import px
from micronn_gui.widgets.controls.buttons import Segments, button, keep_place, label
from micronn_gui.widgets.controls.elided_text import ElidedLabel
from micronn_gui.widgets.controls.formula import Formula

DIAGRAM, NUMBERS = "diagram", "numbers"
HEAD, ONE_LINE = 46, 28
"""Height of a title of two lines and of the formula, and of a title of one line, in pixels."""
WITH_LEGEND = 520
"""From this width on, in pixels, there is room to say what the colours mean beside the choice of the view."""

LINES = 2
"""Room for so many lines of a sentence, also where it is shorter."""


class StepPanel(Panel):
    """Follows the inspection."""

    origin_wanted = Signal()
    """Somebody wants to see where a number comes from."""

    def __init__(self, training: TrainingState, inspection: Inspection) -> None:
        super().__init__(tr("Step"))
        self._training, self._inspection = training, inspection
        self.title.hide()
        self._headline = label("", "headline")
        self._headline.setWordWrap(True)
        self._headline.setMinimumHeight(px(ONE_LINE))  # it aligns with the titles of other cards
        self._headline.ensurePolished()
        self._title = ""
        self._formula = Formula(px(HEAD))
        self._formula.setMinimumWidth(1)  # it is hidden where it finds no room
        self.head.insertWidget(0, self._headline, 1, Qt.AlignmentFlag.AlignTop)
        self.head.setStretch(2, 0)
        self.head.addWidget(self._formula, 0, Qt.AlignmentFlag.AlignTop)
        self._sentence = label("", "soft")
        self._sentence.setWordWrap(True)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._sentence.ensurePolished()
        self._lay_out_words()
        diagram = FlowDiagram(training, inspection)
        diagram.number_chosen.connect(self.origin_wanted)
        self._stack = QStackedWidget()
        self._stack.addWidget(diagram)
        self._stack.addWidget(NumbersView(training, inspection))
        keep_place(self._stack)
        self.body.addWidget(self._stack, 1)
        self.body.addLayout(self._foot(inspection))
        inspection.changed.connect(self.touch)
        inspection.moved.connect(self.touch)

    def _lay_out_words(self) -> None:
        """Put the sentence below the title; so much is kept free that the diagram stays in its place."""
        self.body.removeItem(self.head)
        self.head.setParent(None)
        words = QVBoxLayout()
        words.addLayout(self.head)
        words.addWidget(self._sentence)
        words.addStretch(1)
        words.setSpacing(px(8))
        height = px(HEAD) + px(8) + LINES * self._sentence.fontMetrics().lineSpacing()
        block = QHBoxLayout()
        block.setSpacing(0)
        block.addLayout(words, 1)
        block.addSpacerItem(QSpacerItem(0, height, QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Minimum))
        self.body.insertLayout(0, block)

    def _foot(self, inspection: Inspection) -> QHBoxLayout:
        self._views = Segments(
            [
                (DIAGRAM, tr("Diagram"), tr("The network with what flows through it")),
                (NUMBERS, tr("Numbers"), tr("The formula with its actual numbers")),
            ],
            tr("What the step shows"),
        )
        self._views.chosen.connect(self.show_view)
        self._legend = ElidedLabel("", "faint", least=24)
        self._digits = self._digits_box()
        self._digits.hide()
        self._why = button(tr("Why?"), tr("Where the number comes from"), "link")
        self._why.clicked.connect(self.origin_wanted)
        foot = QHBoxLayout()
        foot.setSpacing(px(6))
        foot.addWidget(self._views)
        foot.addWidget(self._legend)
        foot.addStretch(1)
        for control in (self._digits, CopyButton(inspection), self._why):
            foot.addWidget(control)
        return foot

    def _digits_box(self) -> QComboBox:
        box = small_choice(tr("Digits shown"))
        box.setToolTip(tr("Significant digits of the numbers written out; 17 are exact"))
        for digits in range(DIGITS[0], DIGITS[1] + 1):
            box.addItem(trn("{count} digit", "{count} digits", digits), digits)
        box.setCurrentIndex(self._inspection.digits - DIGITS[0])
        box.activated.connect(lambda i: self._inspection.show_digits(DIGITS[0] + i))
        return box

    def show_view(self, key: str) -> None:
        """Show the diagram or the numbers."""
        self._views.choose(key)
        self._stack.setCurrentIndex(0 if key == DIAGRAM else 1)
        self._digits.setVisible(key == NUMBERS)
        self._give_legend_room()
        self.touch()

    def refresh(self) -> None:
        """Say what the step is about."""
        inspection = self._inspection
        explanation, step = inspection.explanation, inspection.step
        for part in (self._sentence, self._stack):
            part.setVisible(explanation is not None)
        if explanation is None or step is None:
            self._title = tr("No sample")
            self._give_formula_room()
            return
        if inspection.maths:
            self._title = step.title
            self._sentence.setText(in_shapes(explanation, step))
        else:
            self._title = stage_words(explanation, step).title
            said = sentence(explanation, step)
            asked = tr("Click any box for its numbers.") if self._views.key == DIAGRAM else ""
            self._sentence.setText(" ".join(filter(None, (said, asked))))
        self._legend.setText(self._legend_text(explanation))
        self._formula.show_latex(step.latex, px(21))
        self._give_formula_room()

    def _legend_text(self, explanation: Explanation) -> str:
        """Say what the colours mean, and what the pictures of the neurons are if not what was learned."""
        sample, start = self._inspection.sample, self._training.start_parameters
        pictured = sample is not None and sample.image_shape is not None
        step = self._inspection.step
        if step is not None and step.key.startswith("d"):  # a gradient is positive where there is too much
            return tr("blue: less would be better, orange: more")
        if pictured and not neuron_pictures(explanation.network.parameters, start).learned:
            return tr("blue adds, orange takes away; pictures show weights: the start is unknown")
        return tr("blue adds, orange takes away")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the formula and the legend where there is room for them."""
        super().resizeEvent(event)
        self._give_formula_room()
        self._give_legend_room()

    def _give_legend_room(self) -> None:
        self._legend.setVisible(self._views.key == DIAGRAM and self.width() >= px(WITH_LEGEND))

    def _give_formula_room(self) -> None:
        """Let the title have one line, or two of one length where the formula needs the room beside it."""
        margins, metrics = self.body.contentsMargins(), self._headline.fontMetrics()
        room = self.width() - margins.left() - margins.right()
        wide, least = self._formula.sizeHint().width(), self._formula.minimumSizeHint().width()
        one, broken = metrics.horizontalAdvance(self._title), in_two_lines(self._title, metrics)
        two = max(map(metrics.horizontalAdvance, broken.split("\n")))
        beside = room - px(16)
        fits = two + wide <= beside or one + least <= beside
        in_one = one + wide <= beside or (fits and two + wide > beside) or (not fits and one <= room)
        self._headline.setText(self._title if in_one or two > room else broken)
        self._formula.setMaximumWidth(max(beside - one, least) if in_one else wide)
        self._formula.setVisible(self._inspection.explanation is not None and fits)


def in_two_lines(text: str, metrics: QFontMetrics) -> str:
    """Break a text into two lines of as nearly the same length as its words allow."""
    words = text.split(" ")
    breaks = [(" ".join(words[:i]), " ".join(words[i:])) for i in range(1, len(words))]
    lines = min(breaks, key=lambda pair: max(map(metrics.horizontalAdvance, pair)), default=(text,))
    return "\n".join(lines)
