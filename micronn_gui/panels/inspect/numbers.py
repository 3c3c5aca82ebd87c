"""One step with its actual numbers: its matrices, one number written out, and the code that computes it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from micronn_core.common.texts import tr, trn
from micronn_core.explain.derivations import Number, in_words
from micronn_core.explain.steps import Step
from micronn_core.explain.worked_example import SLIPS
from micronn_core.nn.optimizers import OPTIMIZERS
from micronn_gui.panels.inspect.expression import Expression
from micronn_gui.panels.panel import Refreshing
from micronn_gui.session.inspection import TUTORIAL, Inspection
from micronn_gui.session.training import TrainingState
from micronn_gui.theme import px
from micronn_gui.widgets.controls.buttons import guard_wheel, label

MOST_BELOW = 0.42
"""Most of the height for what is written below the matrices."""
MOST_TERMS, MOST_DIGITS = 12, 96
"""Most terms that are written out, and most digits of one factor of each, so that there is room for them."""


class NumbersView(Refreshing, QWidget):
    """Follows the inspection."""

    def __init__(self, training: TrainingState, inspection: Inspection) -> None:
        super().__init__()
        self._training, self._inspection = training, inspection
        self._rows = small_choice(tr("Which of the step's formulas"))
        self._rows.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._rows.activated.connect(self._choose_row)
        self._expression = Expression()
        self._expression.chosen.connect(self._choose_cell)
        self._chosen_in: tuple[Number, str, int] | None = None
        self._arithmetic = label("", "arithmetic")
        self._arithmetic.setWordWrap(True)
        selectable = Qt.TextInteractionFlag.TextSelectableByMouse
        self._arithmetic.setTextInteractionFlags(selectable | Qt.TextInteractionFlag.TextSelectableByKeyboard)
        self._arithmetic.setAccessibleName(tr("The number written out"))
        self._slip = label("", "note")
        self._slip.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(8))
        column.addWidget(self._rows, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._expression, 1)
        column.addWidget(self._written_below())
        inspection.changed.connect(self.touch)
        inspection.moved.connect(self.touch)

    def _written_below(self) -> QScrollArea:
        """Build what stands below the matrices; where it is much, it scrolls."""
        self._inside = QWidget()
        column = QVBoxLayout(self._inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(8))
        self._box = self._code_box()
        for part in (self._arithmetic, self._slip, self._box):
            column.addWidget(part)
        self._below = QScrollArea()
        self._below.setWidgetResizable(True)
        self._below.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._below.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._below.setWidget(self._inside)
        return self._below

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the room between the matrices and what is written below."""
        super().resizeEvent(event)
        self._share_room()

    def _share_room(self) -> None:
        for box in (self._box, self._inside):
            if (layout := box.layout()) is not None:
                layout.activate()  # it may not know the new texts yet
        wanted = self._inside.heightForWidth(self.width())
        self._below.setFixedHeight(max(min(wanted, int(MOST_BELOW * self.height())), 1))

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
        if explanation is None or step is None or number is None or inspection.sample is None:
            return
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
        self._share_room()

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
        self._rows.setVisible(len(texts) > 1)

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

    # -- intents --

    def _choose_cell(self, name: str, row: int, column: int) -> None:
        step = self._inspection.step
        if step is not None:
            number = Number(name, row, column)
            self._chosen_in = number, step.key, self._rows.currentIndex()
            self._inspection.choose(number)

    def _choose_row(self, i: int) -> None:
        step = self._inspection.step
        if step is not None:
            self._inspection.choose(Number(step.expressions[i][-1]))


def small_choice(name: str) -> QComboBox:
    """Return a small box of choices that takes the focus by Tab only."""
    box = QComboBox()
    box.setObjectName("small")
    box.setAccessibleName(name)
    box.setToolTip(name)
    box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    guard_wheel(box)
    return box
