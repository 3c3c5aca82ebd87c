"""One step of an explanation: its formula, its numbers, one number written out, the code."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from micronn_core.common.texts import tr, trn
from micronn_core.explain.derivations import Number, in_words
from micronn_core.explain.steps import Step
from micronn_core.explain.worked_example import SLIPS
from micronn_core.nn.optimizers import OPTIMIZERS
from micronn_gui.panels.inspect.copying import CopyButton
from micronn_gui.panels.inspect.expression import Expression
from micronn_gui.panels.inspect.flow import FlowDiagram
from micronn_gui.panels.panel import Panel
from micronn_gui.session.inspection import DIGITS, TUTORIAL, Inspection
from micronn_gui.session.training import TrainingState
from micronn_gui.theme import px
from micronn_gui.widgets.controls.buttons import Segments, guard_wheel, keep_place, label
from micronn_gui.widgets.controls.formula import Formula

MOST_TERMS, MOST_DIGITS = 12, 96
"""Most terms that are written out, and most digits of one factor of each, so that there is room for them."""

NUMBERS, DIAGRAM = "numbers", "diagram"


class StepPanel(Panel):
    """Follows the inspection."""

    def __init__(self, training: TrainingState, inspection: Inspection) -> None:
        super().__init__(tr("Step"))
        self._training, self._inspection = training, inspection
        self._views = Segments(
            [
                (NUMBERS, tr("Numbers"), tr("The formula with its actual numbers")),
                (DIAGRAM, tr("Diagram"), tr("The network with what flows through it")),
            ],
            tr("What the step shows"),
        )
        self._views.chosen.connect(self._choose_view)
        self._digits = self._digits_box()
        for control in (self._views, self._digits, CopyButton(inspection)):
            self.head.addWidget(control)
        self._formula = Formula()
        self._rows = _small_choice(tr("Which of the step's formulas"))
        self._rows.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._rows.activated.connect(self._choose_row)
        line = QHBoxLayout()
        line.addWidget(self._formula, 1)
        line.addWidget(self._rows)
        self.body.addLayout(line)
        self._expression = Expression()
        self._chosen_in: tuple[Number, str, int] | None = None
        self._expression.chosen.connect(lambda *number: self._choose_cell(Number(*number)))
        self._stack = QStackedWidget()
        self._stack.addWidget(_scrolling(self._expression))
        self._stack.addWidget(FlowDiagram(inspection))
        keep_place(self._stack)
        self.body.addWidget(self._stack, 1)
        self._arithmetic = label("", "arithmetic")
        self._arithmetic.setWordWrap(True)
        selectable = Qt.TextInteractionFlag.TextSelectableByMouse
        self._arithmetic.setTextInteractionFlags(selectable | Qt.TextInteractionFlag.TextSelectableByKeyboard)
        self._arithmetic.setAccessibleName(tr("The number written out"))
        self.body.addWidget(self._arithmetic)
        self._slip = label("", "note")
        self._slip.setWordWrap(True)
        self.body.addWidget(self._slip)
        self._box = self._code_box()
        self.body.addWidget(self._box)
        inspection.changed.connect(self.touch)
        inspection.moved.connect(self.touch)

    # -- building --

    def _digits_box(self) -> QComboBox:
        box = _small_choice(tr("Digits shown"))
        box.setToolTip(tr("Significant digits of the numbers written out; 17 are exact"))
        for digits in range(DIGITS[0], DIGITS[1] + 1):
            box.addItem(trn("{count} digit", "{count} digits", digits), digits)
        box.setCurrentIndex(self._inspection.digits - DIGITS[0])
        box.activated.connect(lambda i: self._inspection.show_digits(DIGITS[0] + i))
        return box

    def _code_box(self) -> QFrame:
        self._place, self._code = label("", "caption"), label("", "code")
        self._code.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._code.setWordWrap(True)
        self._code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._code.setAccessibleName(tr("The code that computes it"))
        box = QFrame()
        box.setObjectName("codebox")
        column = QVBoxLayout(box)
        column.setContentsMargins(px(8), px(8), px(8), px(8))
        column.setSpacing(px(2))
        column.addWidget(self._place)
        column.addWidget(self._code)
        return box

    # -- following --

    def refresh(self) -> None:
        """Show the step with the numbers of the explanation."""
        inspection = self._inspection
        explanation, step, number = inspection.explanation, inspection.step, inspection.number
        for part in (self._formula, self._stack, self._arithmetic, self._box):
            part.setVisible(explanation is not None)
        if explanation is None or step is None or number is None or inspection.sample is None:
            self.title.setText(tr("No sample"))
            self._rows.hide()
            self._slip.hide()
            return
        place = [other.key for other in explanation.steps].index(step.key)
        self.title.setText(tr("{place} · {title}", place=place, title=step.title))
        self._formula.show_latex(step.latex, 21)
        self._show_rows(step)
        row = self._row_of(step, number)
        self._rows.setCurrentIndex(row)
        tokens, shape = step.expressions[row], inspection.sample.image_shape
        self._expression.show_tokens(explanation, tokens, number, shape)
        terms = min(MOST_TERMS, MOST_DIGITS // inspection.digits)
        text = explanation.written_out(number, inspection.digits, terms)
        name = explanation.label_of(number)
        self._arithmetic.setText(text if text.startswith(name) else f"{name} = {text}")
        self._place.setText(tr("{file}, line {line}", file=step.place, line=step.source.line))
        self._code.setText(step.code)
        aside = self._aside(step, explanation.key_of(number))
        self._slip.setVisible(bool(aside))
        self._slip.setText(aside)

    def _aside(self, step: Step, name: str) -> str:
        """Return what is to be said beside a step: where the tutorial slips, or how the run steps."""
        if self._inspection.source == TUTORIAL:
            slips = [tr(SLIPS[key]) for key in (step.key, name) if key in SLIPS]
            return " ".join(slips)
        if step.key != "update":
            return ""
        config = self._training.config
        optimizer = tr(OPTIMIZERS[config.optimizer].label)
        if config.full_batch:
            return tr(
                "This is one step on this sample alone. The run takes the mean gradient of all training "
                "samples, and its optimizer is {optimizer}.",
                optimizer=optimizer,
            )
        return trn(
            "This is one step on this sample alone. The run takes the gradient of {count:,} sample, and its "
            "optimizer is {optimizer}.",
            "This is one step on this sample alone. The run takes the mean gradient of {count:,} samples, "
            "and its optimizer is {optimizer}.",
            config.batch_size,
            optimizer=optimizer,
        )

    def _show_rows(self, step: Step) -> None:
        """Offer the formulas of a step that has several."""
        texts = [" ".join(map(in_words, tokens)) for tokens in step.expressions]
        if texts != [self._rows.itemText(i) for i in range(self._rows.count())]:
            self._rows.clear()
            self._rows.addItems(texts)
        self._rows.setVisible(len(texts) > 1 and self._views.key == NUMBERS)

    def _row_of(self, step: Step, number: Number) -> int:
        """Return the formula in which a number was chosen, else the first that has it, best as its result."""
        if self._chosen_in and self._chosen_in[:2] == (number, step.key):
            return self._chosen_in[2]
        name = number.name
        for wanted in ((tokens[-1:] for tokens in step.expressions), step.expressions):
            for i, tokens in enumerate(wanted):
                if name in {token.removesuffix("ᵀ") for token in tokens}:
                    return i
        return 0

    def _choose_cell(self, number: Number) -> None:
        step = self._inspection.step
        if step is not None:
            self._chosen_in = number, step.key, self._rows.currentIndex()
            self._inspection.choose(number)

    def _choose_row(self, i: int) -> None:
        step = self._inspection.step
        if step is not None:
            self._inspection.choose(Number(step.expressions[i][-1]))

    def _choose_view(self) -> None:
        self._stack.setCurrentIndex(0 if self._views.key == NUMBERS else 1)
        self.touch()


def _small_choice(name: str) -> QComboBox:
    box = QComboBox()
    box.setObjectName("small")
    box.setAccessibleName(name)
    box.setToolTip(name)
    box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    guard_wheel(box)
    return box


def _scrolling(inside: QWidget) -> QScrollArea:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, px(8), px(0), px(0))
    column.addWidget(inside)
    column.addStretch(1)
    area = QScrollArea()
    area.setWidget(page)
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area
