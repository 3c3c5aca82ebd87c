"""What cannot work together is refused before it runs: at the field, with the reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from micronn_core.data.augmentation import AUGMENTATIONS
from micronn_core.data.splits import SPLITS
from micronn_gui.panels.settings.recipe import RecipePanel
from micronn_gui.panels.settings.recipe_rows import RecipeRows
from micronn_gui.session.training import TrainingState
from tests.gui.recipe_panel import line, marked, open_panel, problem
from tests.gui.running import begin, choose, enter, part

GENTLE = AUGMENTATIONS["gentle"].augmentation
Act = Callable[[QtBot, RecipePanel], None]


@pytest.fixture
def panel(qtbot: QtBot, training: TrainingState) -> Iterator[RecipePanel]:
    made = open_panel(qtbot, training)
    yield made
    made.setFocus()


def write(name: str, text: str) -> Act:
    return lambda qtbot, panel: enter(qtbot, line(panel, name), text)


def pick(name: str, text: str) -> Act:
    return lambda qtbot, panel: choose(qtbot, part(panel, QComboBox, name), text)


REFUSED: dict[str, tuple[dict[str, Any], str, Act, str, str]] = {
    "a batch larger than the data": ({}, "batch_size", write("Batch", "321"), "from 0 to 320", "Batch"),
    "a dropout of 1": ({}, "dropout", write("Dropout", "1"), "silences every neuron", "Dropout"),
    "a layer of width 0": ({}, "hidden", write("Neurons", "10, 0"), "from 1 to 4,096", "Neurons"),
    "no layer": ({}, "hidden", write("Neurons", ""), "At least one hidden layer", "Neurons"),
    "more patience than epochs": (
        {"epochs": 20},
        "patience",
        write("Patience", "20"),
        "never ends a run of 20",
        "Patience",
    ),
    "fewer epochs than patience": (
        {"epochs": 20, "patience": 10},
        "epochs",
        write("Epochs", "10"),
        "A patience of 10 epochs never ends a run of 10",
        "Patience",
    ),
    "variation of the full batch": (
        {},
        "augmentation",
        pick("Variation", "Gentle"),
        "choose a batch size",
        "Variation",
    ),
    "an amount of variation of the full batch": (
        {},
        "augmentation.shift",
        write("Shift, px", "1"),
        "choose a batch size",
        "Shift, px",
    ),
    "the full batch under variation": (
        {"batch_size": 64, "augmentation": GENTLE},
        "batch_size",
        pick("Batch", "Full"),
        "choose a batch size",
        "Variation",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_that_a_wrong_combination_is_refused_with_its_reason_at_its_field(
    qtbot: QtBot, training: TrainingState, panel: RecipePanel, case: str
) -> None:
    settings, edited, act, reason, blamed = REFUSED[case]
    begin(qtbot, training, **settings)
    before, wanted = training.config, QSignalSpy(panel.new_network_wanted)
    rows = panel.findChild(RecipeRows)
    assert isinstance(rows, RecipeRows)
    rows.reveal(edited)
    act(qtbot, panel)
    assert reason in problem(panel)
    at_fault = [*panel.findChildren(QComboBox), *panel.findChildren(QLineEdit)]
    names = {part.accessibleName() for part in at_fault if part.property("wrong")}
    assert blamed in names
    assert len(names) == 1 + (blamed != rows._fields[edited].label)
    fault = next(part for part in at_fault if part.accessibleName() == blamed)
    assert fault.visibleRegion().boundingRect().height() == fault.height()  # unfolded, scrolled into sight
    assert training.config == before
    panel.new_button.click()
    assert wanted.count() == 0  # it has to be mended first


def test_that_the_edited_field_keeps_what_was_written_until_the_reason_is_mended(
    qtbot: QtBot, training: TrainingState, panel: RecipePanel
) -> None:
    begin(qtbot, training, epochs=20, patience=10)
    enter(qtbot, line(panel, "Epochs"), "5")
    assert line(panel, "Epochs").text() == "5"
    assert marked(panel, "Epochs")
    enter(qtbot, line(panel, "Patience"), "3")
    assert not marked(panel, "Epochs")
    enter(qtbot, line(panel, "Epochs"), "5")
    assert problem(panel) == ""
    assert line(panel, "Epochs").text() == "5"


def test_that_a_refused_choice_goes_back_when_something_else_is_chosen(
    qtbot: QtBot, training: TrainingState, panel: RecipePanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SPLITS, "41000/1000", replace(SPLITS["41000/1000"], train=100))
    begin(qtbot, training, batch_size=200)
    splits = part(panel, QComboBox, "Train / val")
    choose(qtbot, splits, "41k / 1k")
    assert "from 0 to 100" in problem(panel)
    assert splits.property("wrong")
    assert marked(panel, "Batch")
    enter(qtbot, line(panel, "Seed"), "43")
    assert splits.currentText() == "48k / 12k"
    assert not splits.property("wrong")
    assert problem(panel) == ""
