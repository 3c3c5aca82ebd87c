"""What the recipe panel folds away: seldom needed settings, and the variation of pictures."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QComboBox, QLineEdit, QToolButton
from pytestqt.qtbot import QtBot

from micronn_core.common.texts import tr
from micronn_core.data.augmentation import AMOUNTS, AUGMENTATIONS, Augmentation
from micronn_core.nn.optimizers import OPTIMIZERS
from micronn_core.settings.config import TrainingConfig
from micronn_core.settings.table import SHOWN
from micronn_gui.panels.settings.recipe import RecipePanel
from micronn_gui.panels.settings.recipe_rows import RecipeRows
from micronn_gui.panels.settings.variation_preview import VariationPreview
from micronn_gui.session.training import TrainingState
from micronn_gui.widgets.controls.folding import FoldingSection
from micronn_gui.widgets.controls.name_label import NameLabel
from tests.gui.recipe_panel import line, marked, note, open_panel, problem, state
from tests.gui.running import begin, choose, enter, finish, part


@pytest.fixture
def panel(qtbot: QtBot, training: TrainingState) -> Iterator[RecipePanel]:
    made = open_panel(qtbot, training)
    yield made
    made.setFocus()


def fold(panel: RecipePanel, title: str = "Training") -> QToolButton:
    return part(panel, QToolButton, title)


def summary(panel: RecipePanel, title: str) -> str:
    return fold(panel, title).accessibleDescription()


def test_that_what_is_unfolded_is_scrolled_into_view(qtbot: QtBot, panel: RecipePanel) -> None:
    panel.resize(panel.width(), 620)
    qtbot.mouseClick(fold(panel), Qt.MouseButton.LeftButton)
    clip = line(panel, "Clip gradient")
    assert clip.visibleRegion().boundingRect() == clip.rect()


def test_that_three_settings_are_in_sight_and_the_rest_is_folded_away_at_first(
    qtbot: QtBot, panel: RecipePanel
) -> None:
    for name in ("Neurons", "Learning rate", "Epochs"):
        assert line(panel, name).isVisible()
    penalties = fold(panel, "Against overfitting")
    assert not line(panel, "L2 penalty").isVisible()
    qtbot.mouseClick(penalties, Qt.MouseButton.LeftButton)
    assert line(panel, "L2 penalty").isVisible()
    qtbot.keyClick(penalties, Qt.Key.Key_Space)
    assert not line(panel, "L2 penalty").isVisible()


def test_that_a_folded_title_says_what_is_set_below_it(
    qtbot: QtBot, training: TrainingState, panel: RecipePanel
) -> None:
    titles = ("Data", "Network", "Training", "Against overfitting", "Varied pictures")
    assert [summary(panel, title) for title in titles] == [
        "48k / 12k",
        "ReLU · Uniform ±0.5",
        "Plain descent · Full",
        "off",
        "off",
    ]
    begin(
        qtbot,
        training,
        seed=9,
        schedule="cosine",
        batch_size=64,
        l2=0.001,
        dropout=0.2,
        augmentation=AUGMENTATIONS["gentle"].augmentation,
    )
    assert [summary(panel, title) for title in titles[1:]] == [
        "ReLU · Uniform ±0.5 · seed 9",
        "Plain descent · 64 · Cosine",
        "dropout 0.2 · l2 0.001",
        "Gentle",
    ]


@pytest.mark.parametrize(
    ("name", "setting", "text", "value", "bad"),
    [
        ("L2 penalty", "l2", "0,0001", 0.0001, "2"),
        ("L1 penalty", "l1", "1e-05", 0.00001, "-1"),
        ("Clip gradient", "clip", "1.5", 1.5, "some"),
        ("Dropout", "dropout", "0,2", 0.2, "1.5"),
        ("Momentum", "momentum", "0.5", 0.5, "2"),
    ],
)
def test_that_a_penalty_is_checked_and_applies_at_once(
    qtbot: QtBot,
    training: TrainingState,
    panel: RecipePanel,
    name: str,
    setting: str,
    text: str,
    value: float,
    bad: str,
) -> None:
    for title in ("Training", "Against overfitting"):
        qtbot.mouseClick(fold(panel, title), Qt.MouseButton.LeftButton)
    enter(qtbot, line(panel, name), bad)
    assert "must be a number from 0 (off) to" in problem(panel)
    assert marked(panel, name)
    assert getattr(training.config, setting) == getattr(TrainingConfig, setting)
    enter(qtbot, line(panel, name), text)
    assert state(panel) == "live"
    assert getattr(training.config, setting) == value


def test_that_beside_each_name_a_button_asks_what_it_means(qtbot: QtBot, panel: RecipePanel) -> None:
    rows = panel.findChild(RecipeRows)
    assert isinstance(rows, RecipeRows)
    for name, row in SHOWN.items():
        asking = [each for each in rows.row_of(name).findChildren(QToolButton) if each.objectName() == "info"]
        assert [tr(row.label) in each.accessibleName() for each in asking] == [True]
    asked = QSignalSpy(rows.asked)
    qtbot.mouseClick(part(panel, QToolButton, "What Neurons means"), Qt.MouseButton.LeftButton)
    assert list(asked.at(0)) == ["hidden"]


def test_that_an_optimizer_says_what_it_does_and_needs_a_new_network(
    qtbot: QtBot, training: TrainingState, panel: RecipePanel
) -> None:
    training.change({"epochs": 5})
    finish(qtbot, training)
    qtbot.mouseClick(fold(panel), Qt.MouseButton.LeftButton)
    optimizers = part(panel, QComboBox, "Optimizer")
    tips = [optimizers.itemData(i, Qt.ItemDataRole.ToolTipRole) for i in range(optimizers.count())]
    assert tips == [optimizer.description for optimizer in OPTIMIZERS.values()]
    choose(qtbot, optimizers, "Adam")
    assert state(panel) == "pending"
    assert OPTIMIZERS["adam"].description in optimizers.toolTip()


def test_that_the_note_names_the_rate_that_the_schedule_has_come_to(
    qtbot: QtBot, training: TrainingState, panel: RecipePanel
) -> None:
    begin(qtbot, training, schedule="warm-up", learning_rate=0.2)
    assert note(panel) == "At this point the schedule makes the learning rate 0.0200."
    assert line(panel, "Learning rate").text() == "0.2"  # the field shows the base rate


@pytest.mark.parametrize(
    ("title", "name", "text", "setting", "value"),
    [
        ("Network", "Numbers", "float64", "dtype", "float64"),
        ("Data", "Pixels", "0 to 255", "pixels", "0 to 255"),
        ("Network", "Softmax", "Whole batch", "softmax", "whole batch"),
        ("Training", "Schedule", "Cosine", "schedule", "cosine"),
    ],
)
def test_that_a_folded_choice_is_wanted_and_told_behind_the_title(
    qtbot: QtBot,
    training: TrainingState,
    panel: RecipePanel,
    title: str,
    name: str,
    text: str,
    setting: str,
    value: str,
) -> None:
    assert text not in summary(panel, title)
    qtbot.mouseClick(fold(panel, title), Qt.MouseButton.LeftButton)
    choose(qtbot, part(panel, QComboBox, name), text)
    assert text in summary(panel, title)
    assert getattr(training.config, setting) == value


def test_that_patience_is_wanted(qtbot: QtBot, training: TrainingState, panel: RecipePanel) -> None:
    qtbot.mouseClick(fold(panel, "Against overfitting"), Qt.MouseButton.LeftButton)
    enter(qtbot, line(panel, "Patience"), "10")
    assert training.config.patience == 10


# ------------------------------------------------------------------ varied pictures


def varied(panel: RecipePanel) -> QToolButton:
    return part(panel, QToolButton, "Varied pictures")


def amount(panel: RecipePanel, name: str) -> QLineEdit:
    unit = {"pixels": ", px", "degrees": ", °", "": ""}[AMOUNTS[name].unit]
    return line(panel, AMOUNTS[name].label + unit)


@pytest.fixture
def varied_panel(qtbot: QtBot, training: TrainingState, panel: RecipePanel) -> RecipePanel:
    begin(qtbot, training, batch_size=64)
    qtbot.mouseClick(varied(panel), Qt.MouseButton.LeftButton)
    return panel


@pytest.mark.parametrize("name", ["gentle", "strong"])
def test_that_a_strength_sets_every_amount(qtbot: QtBot, varied_panel: RecipePanel, name: str) -> None:
    strength = AUGMENTATIONS[name]
    box = part(varied_panel, QComboBox, "Variation")
    choose(qtbot, box, strength.label)
    for key in AMOUNTS:
        assert float(amount(varied_panel, key).text()) == getattr(strength.augmentation, key)
    assert summary(varied_panel, "Varied pictures") == strength.label
    choose(qtbot, box, "Off")
    assert summary(varied_panel, "Varied pictures") == "off"


@pytest.mark.parametrize("name", AMOUNTS)
def test_that_each_amount_is_checked_and_applies_for_itself(
    qtbot: QtBot, training: TrainingState, varied_panel: RecipePanel, name: str
) -> None:
    edit = amount(varied_panel, name)
    for bad in ("much", "-1", "1000"):
        enter(qtbot, edit, bad)
        assert f"augmentation's “{AMOUNTS[name].label}” ({name}) must be a number from 0" in problem(
            varied_panel
        )
        assert edit.property("wrong")
        assert not part(varied_panel, QComboBox, "Variation").property("wrong")
    enter(qtbot, edit, "0,3")
    assert problem(varied_panel) == ""
    assert part(varied_panel, QComboBox, "Variation").currentText() == ""
    assert part(varied_panel, QComboBox, "Variation").placeholderText() == "Your own"
    assert training.config.augmentation == Augmentation(**{name: 0.3})
    assert state(varied_panel) == "live"


def test_that_the_preview_shows_the_draft_while_its_section_is_open(
    qtbot: QtBot, varied_panel: RecipePanel
) -> None:
    preview = varied_panel.findChild(VariationPreview)
    assert isinstance(preview, VariationPreview)
    qtbot.waitUntil(lambda: not preview.live)  # the originals have been read
    choose(qtbot, part(varied_panel, QComboBox, "Variation"), "Strong")
    qtbot.waitUntil(lambda: preview.live)
    qtbot.mouseClick(varied(varied_panel), Qt.MouseButton.LeftButton)
    assert not preview.live


def test_that_no_name_is_cut_off_when_everything_is_unfolded(qtbot: QtBot, panel: RecipePanel) -> None:
    for section in panel.findChildren(FoldingSection):
        section.open(True)
    panel.grab()
    names = [made for made in panel.findChildren(NameLabel) if made.isVisible()]
    assert len(names) == 28
    assert [made.text() for made in names if made.width() < made.sizeHint().width()] == []
