"""The recipe panel: what can be used is taken, what can not is said, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QComboBox, QSlider, QToolButton
from pytestqt.qtbot import QtBot

from micronn_core.runs.pretrained import load_ready
from micronn_core.settings.recipes import RECIPES
from micronn_gui.panels.settings.recipe import RecipePanel
from micronn_gui.session.training import TrainingState
from tests.gui.recipe_panel import line, marked, note, open_panel, problem, state
from tests.gui.running import LONG, choose, enter, finish, part, ready, train_to


@pytest.fixture
def panel(qtbot: QtBot, training: TrainingState) -> Iterator[RecipePanel]:
    made = open_panel(qtbot, training)
    yield made
    made.setFocus()


BAD = [
    *(("Learning rate", text, "0.1", "0.2") for text in ("0", "-1", "1e9", "fast", "", "nan", "inf")),
    *(("Neurons", text, "10", "12") for text in ("0", "-3", "1000000000", "ten", "", "10, x", "2.5")),
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
    assert state(panel) == "live"
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


def learn(qtbot: QtBot, training: TrainingState, epochs: int = 25) -> None:
    """Train to the end of a short run."""
    training.change({"epochs": epochs})
    finish(qtbot, training)


def test_that_while_nothing_is_learned_every_change_makes_new_first_weights_at_once(
    qtbot: QtBot, training: TrainingState, panel: RecipePanel
) -> None:
    enter(qtbot, line(panel, "Neurons"), "128-32")
    assert training.config.hidden == (128, 32)
    assert line(panel, "Neurons").text() == "128, 32"
    assert panel.new_button.text() == "New network"
    ready(qtbot, training)
    assert training.newest is not None
    assert training.newest.parameters.sizes == (784, 128, 32, 10)


def test_that_an_opened_network_is_not_given_up_for_a_change(
    qtbot: QtBot, training: TrainingState, panel: RecipePanel
) -> None:
    training.open_network(load_ready("tutorial"))
    ready(qtbot, training)
    enter(qtbot, line(panel, "Neurons"), "12")
    assert training.config.hidden == (10,)
    assert panel.new_button.text() == "Train new network"


def test_that_later_what_needs_new_first_weights_says_so_on_the_button_and_trains_by_it(
    qtbot: QtBot, training: TrainingState, panel: RecipePanel
) -> None:
    learn(qtbot, training)
    enter(qtbot, line(panel, "Neurons"), "128-32")
    assert training.config.hidden == (10,)
    assert line(panel, "Neurons").text() == "128, 32"
    assert panel.new_button.text() == "Train new network"
    assert "trained for 25 epochs, is kept" in note(panel)
    qtbot.mouseClick(panel.new_button, Qt.MouseButton.LeftButton)
    assert training.config.hidden == (128, 32)
    assert panel.new_button.text() == "New network"
    qtbot.waitUntil(lambda: training.newest is not None and training.newest.metrics.step > 0)


def test_that_play_trains_what_the_recipe_shows(
    qtbot: QtBot, training: TrainingState, panel: RecipePanel
) -> None:
    learn(qtbot, training)
    enter(qtbot, line(panel, "Seed"), "7")
    training.toggle()
    assert training.config.seed == 7
    qtbot.waitUntil(lambda: training.newest is not None and training.newest.metrics.step > 0)


def test_that_taking_a_change_back_needs_no_new_network(
    qtbot: QtBot, training: TrainingState, panel: RecipePanel
) -> None:
    learn(qtbot, training)
    enter(qtbot, line(panel, "Neurons"), "12")
    enter(qtbot, line(panel, "Neurons"), "10")
    assert not training.pending
    assert panel.new_button.text() == "New network"
    wanted = QSignalSpy(panel.new_network_wanted)
    qtbot.mouseClick(panel.new_button, Qt.MouseButton.LeftButton)
    assert wanted.at(0)[0] == training.config


def test_that_what_is_wanted_survives_a_change_under_way(
    qtbot: QtBot, training: TrainingState, panel: RecipePanel
) -> None:
    learn(qtbot, training)
    enter(qtbot, line(panel, "Neurons"), "7")
    enter(qtbot, line(panel, "Learning rate"), "0.2")
    assert training.config.learning_rate == 0.2
    assert training.config.hidden == (10,)
    assert line(panel, "Neurons").text() == "7"
    assert state(panel) == "pending"
    assert (training.wanted.hidden, training.wanted.learning_rate) == ((7,), 0.2)


def test_that_what_is_wanted_takes_over_epochs_that_are_added_elsewhere(
    qtbot: QtBot, training: TrainingState, panel: RecipePanel
) -> None:
    learn(qtbot, training)
    enter(qtbot, line(panel, "Neurons"), "7")
    training.change({"epochs": 600})
    assert line(panel, "Epochs").text() == "600"
    assert line(panel, "Neurons").text() == "7"


def test_that_a_recipe_fills_in_its_settings_and_is_named_again_when_they_fit(
    qtbot: QtBot, training: TrainingState, panel: RecipePanel
) -> None:
    recipes = part(panel, QComboBox, "Recipe")
    assert recipes.currentText() == "MicroNN tutorial"
    learn(qtbot, training)
    choose(qtbot, recipes, "Mini-batches")
    assert line(panel, "Neurons").text() == "128"
    assert line(panel, "Batch").text() == "128"
    assert line(panel, "Epochs").text() == "10"
    assert state(panel) == "pending"
    assert training.config.hidden == (10,)
    assert training.wanted == RECIPES["mini-batches"].config
    enter(qtbot, line(panel, "Epochs"), "11")
    assert recipes.currentIndex() == -1
    assert recipes.placeholderText() == "Your own"
    enter(qtbot, line(panel, "Epochs"), "10")
    assert recipes.currentText() == "Mini-batches"


def test_that_every_recipe_says_what_it_repeats(panel: RecipePanel) -> None:
    recipes = part(panel, QComboBox, "Recipe")
    tips = [recipes.itemData(i, Qt.ItemDataRole.ToolTipRole) for i in range(recipes.count())]
    assert tips == [recipe.description for recipe in RECIPES.values()]


def test_that_all_controls_end_at_one_edge(panel: RecipePanel) -> None:
    panel.grab()
    controls = [field.control for field in panel._fields.values() if field.control.isVisible()]
    info = part(panel, QToolButton, "What this recipe is, and where it comes from")
    edges = {each.mapTo(panel, each.rect().topRight()).x() for each in (*controls, info)}
    assert len(controls) >= 3
    assert len(edges) == 1


def test_that_the_dice_draft_another_seed(qtbot: QtBot, training: TrainingState, panel: RecipePanel) -> None:
    learn(qtbot, training)
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
