"""The recipe panel: what can be used is taken, what can not is said, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QComboBox, QSlider, QToolButton
from pytestqt.qtbot import QtBot

from micronn_core.settings.recipes import RECIPES
from micronn_gui.panels.settings.recipe import RecipePanel
from micronn_gui.session.training import TrainingState
from micronn_gui.worker.update import Status
from tests.gui.recipe_panel import line, marked, note, open_panel, problem, state
from tests.gui.running import LONG, choose, enter, part, train_to


@pytest.fixture
def panel(qtbot: QtBot, training: TrainingState) -> Iterator[RecipePanel]:
    made = open_panel(qtbot, training)
    yield made
    made.setFocus()


BAD = [
    *(("Learning rate", text, "0.1", "0.2") for text in ("0", "-1", "1e9", "fast", "", "nan", "inf")),
    *(("Hidden layers", text, "10", "12") for text in ("0", "-3", "1000000000", "ten", "", "10, x", "2.5")),
    *(("Epochs", text, "500", "600") for text in ("0", "-1", "many", "", "1.5", "1000000000")),
    *(("Seed", text, "8", "9") for text in ("-1", "lucky", "", "99999999999")),
    *(("Batch", text, "Full", "64") for text in ("321", "-1", "some", "", "1.5", "²")),
]


@pytest.mark.parametrize(("name", "bad", "old", "good"), BAD)
def test_that_a_bad_value_is_said_and_marked_and_changes_nothing_until_a_good_one_clears_it(
    qtbot: QtBot, training: TrainingState, panel: RecipePanel, name: str, bad: str, old: str, good: str
) -> None:
    before, wanted = training.config, QSignalSpy(panel.new_network_wanted)
    enter(qtbot, line(panel, name), bad)
    assert problem(panel).endswith((".", "?"))
    assert marked(panel, name)
    assert training.config == before
    assert line(panel, name).text() == bad  # to be corrected, not to be typed again
    enter(qtbot, line(panel, name), good)
    assert problem(panel) == ""
    assert not marked(panel, name)
    assert line(panel, name).text() == good
    assert wanted.count() == 0
    enter(qtbot, line(panel, name), old)
    assert training.config == before


@pytest.mark.parametrize(("name", "bad", "old", "good"), BAD[::4])
def test_that_the_value_from_before_clears_a_bad_one_as_well(
    qtbot: QtBot, training: TrainingState, panel: RecipePanel, name: str, bad: str, old: str, good: str
) -> None:
    before = training.config
    enter(qtbot, line(panel, name), bad)
    enter(qtbot, line(panel, name), old)
    assert problem(panel) == ""
    assert not marked(panel, name)
    assert training.config == before
    assert line(panel, name).text() == old != good


def test_that_a_bad_value_is_said_when_the_focus_leaves_the_line(qtbot: QtBot, panel: RecipePanel) -> None:
    edit = line(panel, "Learning rate")
    qtbot.mouseClick(edit, Qt.MouseButton.LeftButton)
    edit.selectAll()
    qtbot.keyClicks(edit, "much")
    assert problem(panel) == ""
    qtbot.keyClick(edit, Qt.Key.Key_Tab)
    assert "not 'much'" in problem(panel)
    assert marked(panel, "Learning rate")


def test_that_a_good_value_elsewhere_leaves_no_stale_message(qtbot: QtBot, panel: RecipePanel) -> None:
    enter(qtbot, line(panel, "Epochs"), "none")
    enter(qtbot, line(panel, "Learning rate"), "0.2")
    assert problem(panel) == ""
    assert not marked(panel, "Epochs")
    assert line(panel, "Epochs").text() == "500"


@pytest.mark.parametrize(
    ("name", "text", "setting", "value"),
    [
        ("Learning rate", "0.25", "learning_rate", 0.25),
        ("Learning rate", "0,25", "learning_rate", 0.25),
        ("Learning rate", "1e-3", "learning_rate", 0.001),
        ("Batch", "64", "batch_size", 64),
        ("Epochs", "2 000", "epochs", 2000),
        ("Epochs", "2,000", "epochs", 2000),
    ],
)
def test_that_a_live_setting_reaches_the_session_at_once_while_it_trains(
    qtbot: QtBot,
    training: TrainingState,
    panel: RecipePanel,
    name: str,
    text: str,
    setting: str,
    value: float,
) -> None:
    training.change({"epochs": LONG})
    train_to(qtbot, training, 3)
    enter(qtbot, line(panel, name), text)
    assert getattr(training.config, setting) == value
    assert "Live" in note(panel)
    if setting == "learning_rate":
        qtbot.waitUntil(lambda: training.newest is not None and training.newest.learning_rate == value)


def test_that_the_full_batch_can_be_typed_and_chosen(
    qtbot: QtBot, training: TrainingState, panel: RecipePanel
) -> None:
    enter(qtbot, line(panel, "Batch"), "32")
    assert training.config.batch_size == 32
    enter(qtbot, line(panel, "Batch"), "full")
    assert training.config.batch_size == 0
    assert line(panel, "Batch").text() == "Full"
    choose(qtbot, part(panel, QComboBox, "Batch"), "128")
    assert training.config.batch_size == 128


def test_that_the_slider_sets_the_learning_rate_and_follows_it(
    qtbot: QtBot, training: TrainingState, panel: RecipePanel
) -> None:
    slider = part(panel, QSlider, "Learning rate, slider")
    before = slider.value()
    qtbot.keyClick(slider, Qt.Key.Key_PageUp)
    assert training.config.learning_rate == pytest.approx(0.32)
    assert line(panel, "Learning rate").text() == "0.32"
    enter(qtbot, line(panel, "Learning rate"), "0.1")
    assert slider.value() == before


def test_that_the_rate_that_is_typed_is_not_rounded_by_the_slider(
    qtbot: QtBot, training: TrainingState, panel: RecipePanel
) -> None:
    enter(qtbot, line(panel, "Learning rate"), "0.1234")
    assert training.config.learning_rate == 0.1234
    enter(qtbot, line(panel, "Learning rate"), "500")  # beyond the slider's end
    assert training.config.learning_rate == 500


def test_that_a_structural_setting_waits_for_a_new_network(
    qtbot: QtBot, training: TrainingState, panel: RecipePanel
) -> None:
    wanted = QSignalSpy(panel.new_network_wanted)
    enter(qtbot, line(panel, "Hidden layers"), "128-32")
    assert training.config.hidden == (10,)
    assert note(panel) == "Needs a new network."
    assert line(panel, "Hidden layers").text() == "128, 32"
    qtbot.mouseClick(panel.new_button, Qt.MouseButton.LeftButton)
    assert wanted.count() == 1
    assert wanted.at(0)[0].hidden == (128, 32)


def test_that_a_draft_says_how_much_training_it_would_cost(
    qtbot: QtBot, training: TrainingState, panel: RecipePanel
) -> None:
    training.change({"epochs": 25})
    training.play()
    qtbot.waitUntil(lambda: training.status is Status.FINISHED)
    enter(qtbot, line(panel, "Seed"), "7")
    assert "trained for 25 epochs, is kept among the runs" in note(panel)


def test_that_taking_a_draft_back_needs_no_new_network(
    qtbot: QtBot, training: TrainingState, panel: RecipePanel
) -> None:
    enter(qtbot, line(panel, "Hidden layers"), "12")
    enter(qtbot, line(panel, "Hidden layers"), "10")
    assert "Live" in note(panel)


def test_that_a_draft_survives_a_live_change(
    qtbot: QtBot, training: TrainingState, panel: RecipePanel
) -> None:
    wanted = QSignalSpy(panel.new_network_wanted)
    enter(qtbot, line(panel, "Hidden layers"), "7")
    enter(qtbot, line(panel, "Learning rate"), "0.2")
    assert training.config.learning_rate == 0.2
    assert training.config.hidden == (10,)
    assert line(panel, "Hidden layers").text() == "7"
    assert state(panel) == "pending"
    qtbot.mouseClick(panel.new_button, Qt.MouseButton.LeftButton)
    config = wanted.at(0)[0]
    assert (config.hidden, config.learning_rate) == ((7,), 0.2)


def test_that_a_draft_takes_over_epochs_that_are_added_elsewhere(
    qtbot: QtBot, training: TrainingState, panel: RecipePanel
) -> None:
    enter(qtbot, line(panel, "Hidden layers"), "7")
    training.change({"epochs": 600})
    assert line(panel, "Epochs").text() == "600"
    assert line(panel, "Hidden layers").text() == "7"


def test_that_a_new_network_ends_the_draft(qtbot: QtBot, training: TrainingState, panel: RecipePanel) -> None:
    panel.new_network_wanted.connect(training.new_network)
    enter(qtbot, line(panel, "Hidden layers"), "7")
    qtbot.mouseClick(panel.new_button, Qt.MouseButton.LeftButton)
    assert training.config.hidden == (7,)
    assert "Live" in note(panel)
    assert line(panel, "Hidden layers").text() == "7"


def test_that_a_recipe_fills_in_its_settings_and_is_named_again_when_they_fit(
    qtbot: QtBot, training: TrainingState, panel: RecipePanel
) -> None:
    recipes = part(panel, QComboBox, "Recipe")
    assert recipes.currentText() == "MicroNN tutorial"
    choose(qtbot, recipes, "Mini-batches")
    assert line(panel, "Hidden layers").text() == "128"
    assert line(panel, "Batch").text() == "128"
    assert line(panel, "Epochs").text() == "10"
    assert "Needs a new network" in note(panel)
    assert training.config == RECIPES["tutorial"].config
    enter(qtbot, line(panel, "Epochs"), "11")
    assert recipes.currentIndex() == -1
    assert recipes.placeholderText() == "Your own"
    enter(qtbot, line(panel, "Epochs"), "10")
    assert recipes.currentText() == "Mini-batches"


def test_that_every_recipe_says_what_it_repeats(panel: RecipePanel) -> None:
    recipes = part(panel, QComboBox, "Recipe")
    tips = [recipes.itemData(i, Qt.ItemDataRole.ToolTipRole) for i in range(recipes.count())]
    assert tips == [recipe.description for recipe in RECIPES.values()]


def test_that_the_dice_draft_another_seed(qtbot: QtBot, training: TrainingState, panel: RecipePanel) -> None:
    dice = part(panel, QToolButton, "Throw the dice for a new seed")
    thrown = set()
    for _ in range(8):
        qtbot.mouseClick(dice, Qt.MouseButton.LeftButton)
        thrown.add(int(line(panel, "Seed").text()))
    assert len(thrown) > 1
    assert training.config.seed == 8


def test_that_while_a_person_is_typing_nothing_is_overwritten(
    qtbot: QtBot, training: TrainingState, panel: RecipePanel
) -> None:
    edit = line(panel, "Epochs")
    qtbot.mouseClick(edit, Qt.MouseButton.LeftButton)
    edit.selectAll()
    qtbot.keyClicks(edit, "12")
    training.change({"learning_rate": 0.3})
    qtbot.keyClicks(edit, "34")
    assert edit.text() == "1234"
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert training.config.epochs == 1234
