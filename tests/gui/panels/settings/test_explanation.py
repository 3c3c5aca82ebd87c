"""The explanation card: every control explains itself, at once, and out of the way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QToolButton
from pytestqt.qtbot import QtBot

from micronn_core.nn.activations import ACTIVATIONS
from micronn_core.settings.recipes import RECIPES, Recipe
from micronn_core.settings.table import EXPLAINED
from micronn_gui.main_window import MainWindow
from micronn_gui.panels.settings.explanation import ExplanationCard
from micronn_gui.panels.settings.recipe_choice import RecipeChoice
from micronn_gui.panels.settings.recipe_rows import RecipeRows
from micronn_gui.session.training import TrainingState
from micronn_gui.widgets.charts.function_plot import FunctionPlot
from micronn_gui.widgets.controls.elided_text import ElidedText
from micronn_gui.widgets.controls.folding import FoldingSection
from micronn_gui.widgets.controls.formula import Formula, svg_of
from micronn_gui.widgets.controls.name_label import NameLabel
from micronn_gui.worker.update import Status
from tests.gui.running import LONG, choose, enter, part, train_to

LEFT = Qt.MouseButton.LeftButton
SMALLEST = (1024, 700)
"""Logical pixels of the smallest screen."""
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture(autouse=True)
def _kept_alive(window: MainWindow) -> Iterator[None]:
    window.resize(*SMALLEST)
    for section in window.workspace("train").recipe.findChildren(FoldingSection):
        section.open(True)
    yield
    window.setFocus()


def card(window: MainWindow) -> ExplanationCard:
    found = window.findChild(ExplanationCard)
    assert isinstance(found, ExplanationCard)
    return found


def rows(window: MainWindow) -> RecipeRows:
    found = window.workspace("train").recipe.findChild(RecipeRows)
    assert isinstance(found, RecipeRows)
    return found


def name(window: MainWindow, text: str) -> NameLabel:
    found = [made for made in window.workspace("train").recipe.findChildren(NameLabel) if made.text() == text]
    assert len(found) == 1
    return found[0]


def ask(qtbot: QtBot, window: MainWindow, text: str) -> None:
    qtbot.mouseClick(name(window, text), LEFT)


def words(window: MainWindow) -> str:
    return " ".join(made.text() for made in card(window).findChildren(QLabel) if made.isVisible())


def formulas(window: MainWindow) -> list[str]:
    return [made.accessibleName() for made in card(window).findChildren(Formula) if made.isVisible()]


def plot(window: MainWindow) -> FunctionPlot:
    found = card(window).findChild(FunctionPlot)
    assert isinstance(found, FunctionPlot)
    return found


def test_that_a_press_on_a_name_explains_each_setting_beside_its_control(
    qtbot: QtBot, window: MainWindow
) -> None:
    for setting, entry in EXPLAINED.items():
        if setting in ("recipe", "dataset"):  # the one has no name before it, the other no choice
            continue
        rows(window).reveal(setting)
        row = rows(window).row_of(setting)
        made = row.findChild(NameLabel)
        assert isinstance(made, NameLabel)
        qtbot.mouseClick(made, LEFT)
        for text in (entry.label, entry.what, entry.expect, entry.source):
            assert text in words(window)
        assert formulas(window)[0] in entry.latex
        assert all(svg_of(latex, 17.0, "#000000") for latex in formulas(window))
        place = card(window).geometry()
        assert window.rect().contains(place), setting
        assert card(window).height() >= card(window).heightForWidth(card(window).width()), setting
        assert not place.intersects(QRect(row.mapTo(window, QPoint(0, 0)), row.size()))


def test_that_a_second_press_and_esc_and_a_press_elsewhere_close_it(qtbot: QtBot, window: MainWindow) -> None:
    for close in (
        lambda: ask(qtbot, window, "Seed"),
        lambda: qtbot.keyClick(window, Qt.Key.Key_Escape),
        lambda: qtbot.mouseClick(window.transport, LEFT, pos=QPoint(300, 5)),
        lambda: qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier),
    ):
        ask(qtbot, window, "Seed")
        assert card(window).isVisible()
        close()
        assert not card(window).isVisible()


def test_that_a_press_on_another_name_explains_that_one(qtbot: QtBot, window: MainWindow) -> None:
    ask(qtbot, window, "Seed")
    ask(qtbot, window, "Batch")
    assert card(window).isVisible()
    assert EXPLAINED["batch_size"].what in words(window)


def test_that_shift_f1_explains_the_control_with_the_keyboard(qtbot: QtBot, window: MainWindow) -> None:
    edit = part(window.workspace("train").recipe, QLineEdit, "Epochs")
    edit.setFocus()
    qtbot.keyClick(edit, Qt.Key.Key_F1, SHIFT)
    assert EXPLAINED["epochs"].what in words(window)
    assert edit.hasFocus()
    qtbot.keyClick(edit, Qt.Key.Key_F1, SHIFT)
    assert not card(window).isVisible()


def test_that_it_does_not_pause_training(qtbot: QtBot, training: TrainingState, window: MainWindow) -> None:
    training.change({"epochs": LONG})
    train_to(qtbot, training, 1)
    ask(qtbot, window, "Learning rate")
    train_to(qtbot, training, training.newest.metrics.epoch + 2 if training.newest else 0)
    assert training.status is Status.RUNNING
    assert card(window).isVisible()
    training.pause()


def test_that_it_stays_in_step_with_the_choice(qtbot: QtBot, window: MainWindow) -> None:
    ask(qtbot, window, "Activation")
    box = part(window.workspace("train").recipe, QComboBox, "Activation")
    heights = set()
    for activation in ACTIVATIONS.values():
        choose(qtbot, box, activation.label)
        assert card(window).isVisible()
        assert activation.description in words(window)
        assert activation.source in words(window)
        assert formulas(window)[-1] == activation.latex
        function, slope = plot(window).curves
        assert not function.dashed
        assert slope.dashed
        assert function.y == pytest.approx(activation.function(function.x))
        assert slope.y == pytest.approx(activation.derivative(function.x, function.y))
        heights.add(card(window).height())
        assert window.rect().contains(card(window).geometry())
    assert len(heights) > 1  # it takes the height that the words need


def test_that_a_long_formula_gets_a_line_for_each_of_its_parts(qtbot: QtBot, window: MainWindow) -> None:
    ask(qtbot, window, "Optimizer")
    choose(qtbot, part(window.workspace("train").recipe, QComboBox, "Optimizer"), "Adam")
    lines = [made for made in card(window).findChildren(Formula) if made.isVisible()]
    assert len(lines) == 4  # the setting's own, and three of Adam
    assert all(made.width() >= made.sizeHint().width() for made in lines)
    assert all(made.height() >= made.sizeHint().height() for made in lines)


def test_that_the_schedule_is_drawn_over_the_run_at_its_learning_rate(
    qtbot: QtBot, window: MainWindow
) -> None:
    ask(qtbot, window, "Learning rate")
    assert not plot(window).isVisible()
    rows(window).reveal("schedule")
    ask(qtbot, window, "Schedule")
    choose(qtbot, part(window.workspace("train").recipe, QComboBox, "Schedule"), "Exponential")
    (rate,) = plot(window).curves
    assert (rate.x[0], rate.x[-1], rate.y[0]) == (0, 500, pytest.approx(0.1))
    assert rate.y[-1] == pytest.approx(0.001)


@pytest.mark.parametrize(("label", "reach"), [("Uniform ±0.5", 0.5), ("Small", 0.045), ("Zeros", 0.5)])
def test_that_the_first_weights_are_drawn_as_they_fall(
    qtbot: QtBot, window: MainWindow, label: str, reach: float
) -> None:
    ask(qtbot, window, "Weights")
    choose(qtbot, part(window.workspace("train").recipe, QComboBox, "Weights"), label)
    (outline,) = plot(window).curves
    assert outline.x[-1] == pytest.approx(reach, rel=0.15)
    assert outline.x[0] == -outline.x[-1]
    assert outline.y[1:-1:2].sum() == pytest.approx(100)


def test_that_the_recipe_tells_its_words_and_its_source(qtbot: QtBot, window: MainWindow) -> None:
    recipe = RECIPES["mini-batches"]
    choose(qtbot, part(window, QComboBox, "Recipe"), recipe.label)
    qtbot.mouseClick(part(window, QToolButton, "What this recipe is, and where it comes from"), LEFT)
    for text in (recipe.label, recipe.description, recipe.source):
        assert text in words(window)
    enter(qtbot, part(window.workspace("train").recipe, QLineEdit, "Seed"), "43")
    assert recipe.description not in words(window)


def test_that_a_line_or_two_under_the_recipe_say_what_comes_of_it(qtbot: QtBot, window: MainWindow) -> None:
    recipe = window.workspace("train").recipe
    said = recipe.findChild(RecipeChoice).findChild(ElidedText)
    assert said.text == RECIPES["tutorial"].brief
    enter(qtbot, part(recipe, QLineEdit, "Seed"), "43")
    assert said.text == "Settings of your own"


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=lambda recipe: recipe.name)
def test_that_what_is_said_of_each_recipe_fits(window: MainWindow, recipe: Recipe) -> None:
    said = window.workspace("train").recipe.findChild(RecipeChoice).findChild(ElidedText)
    said.set_text(recipe.brief)
    window.grab()
    assert "".join(line + " " for line in said.lines()).split() == recipe.brief.split()
