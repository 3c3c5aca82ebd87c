"""The card that explains a setting: in words, as a formula, as a plot, with its source."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from micronn_core.common.texts import tr
from micronn_core.settings.config import TrainingConfig
from micronn_core.settings.kinds import Meaning
from micronn_core.settings.recipes import recipe_of
from micronn_core.settings.table import EXPLAINED, SHOWN
from micronn_gui.panels.settings.setting_plots import PLOTS
from micronn_gui.theme import px
from micronn_gui.widgets.charts.function_plot import FunctionPlot
from micronn_gui.widgets.controls.buttons import label
from micronn_gui.widgets.controls.formula import Formula
from micronn_gui.widgets.controls.popover import Popover

WIDTH = 384
FORMULA_SIZE = 17.0
TERM = r", \quad "
"""What stands between the parts of a formula; each part gets a line where one line is too short."""
MOST_PARTS = 3


class ExplanationCard(Popover):
    """Explains one setting at a time, and what a config chooses for it; it follows the config."""

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner, px(WIDTH))
        self._setting = ""
        self._what, self._expect, self._choice_words = (_words() for _ in range(3))
        self._formula, self._choice_formula = _FormulaLines(), _FormulaLines()
        self._choice = label("", "strong")
        self._plot = FunctionPlot()
        self._source = _words("caption")
        for part in (
            self._what,
            self._formula,
            self._choice,
            self._choice_words,
            self._choice_formula,
            self._plot,
            label(tr("WHAT TO EXPECT"), "section"),
            self._expect,
            self._source,
        ):
            self.body.addWidget(part)

    def toggle(self, setting: str, config: TrainingConfig, row: QWidget) -> None:
        """Explain a setting beside its row, or close the card if it explains just that."""
        again = setting == self._setting and not self.isHidden()
        self.dismiss()
        if not again:
            self._setting = setting
            self._show(config)
            self.open_at(row)

    def follow(self, config: TrainingConfig) -> None:
        """Stay in step with a config while open."""
        if not self.isHidden():
            self._show(config)
            self.fit()

    def _show(self, config: TrainingConfig) -> None:
        entry, choice = EXPLAINED[self._setting], _choice_of(self._setting, config)
        self.title.setText(tr(entry.label))
        self._what.setText(tr(entry.what))
        self._formula.show_latex(entry.latex)
        self._expect.setText(tr(entry.expect))
        self._show_choice(choice)
        self._show_plot(config)
        source = tr("Source: {source}.", source=tr(entry.source))
        if choice and choice.source:
            source = tr(
                "Source: {source}. {choice}: {source_of_choice}.",
                source=tr(entry.source),
                choice=choice.label,
                source_of_choice=choice.source,
            )
        self._source.setText(source)
        self.setAccessibleName(tr("What {setting} means", setting=self.title.text()))
        self.setAccessibleDescription(f"{self._what.text()} {self._expect.text()} {source}")

    def _show_choice(self, choice: Meaning | None) -> None:
        for part in (self._choice, self._choice_words, self._choice_formula):
            part.setVisible(choice is not None)
        if choice is not None:
            self._choice.setText(choice.label)
            self._choice_words.setText(choice.words)
            self._choice_formula.show_latex(choice.latex)

    def _show_plot(self, config: TrainingConfig) -> None:
        self._plot.setVisible(self._setting in PLOTS)
        if self._setting in PLOTS:
            plot = PLOTS[self._setting](config)
            self._plot.show_curves(plot.curves, plot.x_name, plot.y_name)


class _FormulaLines(QWidget):
    """A formula on one line, or with each of its parts on its own where one line is too short."""

    def __init__(self) -> None:
        super().__init__()
        self._lines = [Formula() for _ in range(MOST_PARTS)]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, px(0), px(0), px(0))
        column.setSpacing(px(4))
        for line in self._lines:
            column.addWidget(line)

    def show_latex(self, latex: str) -> None:
        """Show a formula; nothing for an empty one."""
        self.setVisible(bool(latex))
        self._lines[0].show_latex(latex, px(FORMULA_SIZE))
        parts = [latex]
        if self._lines[0].sizeHint().width() > px(WIDTH - 40):
            parts = latex.split(TERM)
        for i, line in enumerate(self._lines):
            line.setVisible(i < len(parts))
            if i < len(parts):
                line.show_latex(parts[i], px(FORMULA_SIZE))


def _choice_of(setting: str, config: TrainingConfig) -> Meaning | None:
    """Return what is to be said of the value of a setting, or of the recipe as a whole."""
    if setting in SHOWN:
        return SHOWN[setting].describe_in(config)
    recipe = recipe_of(config)
    if recipe is None:
        return None
    return Meaning(tr(recipe.label), tr(recipe.description), source=tr(recipe.source))


def _words(role: str = "") -> QLabel:
    """Return a label of a few lines."""
    made = label("", role)
    made.setWordWrap(True)
    return made
