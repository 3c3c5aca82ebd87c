"""What the recipe panel folds away: seldom needed settings, and the variation of pictures."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QToolButton
from pytestqt.qtbot import QtBot

from micronn_core.data.augmentation import AMOUNTS, AUGMENTATIONS, Augmentation
from micronn_core.nn.optimizers import OPTIMIZERS
from micronn_core.settings.config import TrainingConfig
from micronn_core.settings.table import SHOWN
from micronn_gui.panels.settings.recipe import RecipePanel
from micronn_gui.panels.settings.recipe_rows import RecipeRows
from micronn_gui.panels.settings.variation_preview import VariationPreview
from micronn_gui.session.training import TrainingState
from micronn_gui.widgets.controls.name_label import NameLabel
from tests.gui.recipe_panel import line, marked, note, open_panel, problem, state
from tests.gui.running import begin, choose, enter, part


@pytest.fixture
def panel(qtbot: QtBot, training: TrainingState) -> Iterator[RecipePanel]:
    made = open_panel(qtbot, training)
    yield made
    made.setFocus()


def fold(panel: RecipePanel) -> QToolButton:
    return part(panel, QToolButton, "Regularisation, schedule …")


def test_that_what_is_unfolded_is_scrolled_into_view(qtbot: QtBot, panel: RecipePanel) -> None:
    panel.resize(panel.width(), 560)
    qtbot.mouseClick(fold(panel), Qt.MouseButton.LeftButton)
    clip = line(panel, "Clip gradient")
    assert clip.visibleRegion().boundingRect() == clip.rect()


def test_that_what_is_seldom_needed_is_folded_away_at_first(qtbot: QtBot, panel: RecipePanel) -> None:
    assert not line(panel, "L2 penalty").isVisible()
    qtbot.mouseClick(fold(panel), Qt.MouseButton.LeftButton)
    assert line(panel, "L2 penalty").isVisible()
    assert part(panel, QComboBox, "Schedule").isVisible()
    qtbot.keyClick(fold(panel), Qt.Key.Key_Space)
    assert not line(panel, "L2 penalty").isVisible()


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
    qtbot.mouseClick(fold(panel), Qt.MouseButton.LeftButton)
    enter(qtbot, line(panel, name), bad)
    assert "must be a number from 0 (off) to" in problem(panel)
    assert marked(panel, name)
    assert getattr(training.config, setting) == getattr(TrainingConfig, setting)
    enter(qtbot, line(panel, name), text)
    assert state(panel) == "live"
    assert getattr(training.config, setting) == value


def test_that_a_dot_stands_behind_what_applies_at_once(panel: RecipePanel) -> None:
    rows = panel.findChild(RecipeRows)
    assert isinstance(rows, RecipeRows)
    dotted = {name for name in SHOWN if rows.row_of(name).findChild(QLabel, "live") is not None}
    assert dotted == {name for name, row in SHOWN.items() if row.live}
    assert {"momentum", "dropout", "augmentation.shift", "learning_rate"} < dotted
    assert not {"hidden", "optimizer", "schedule"} & dotted


def test_that_an_optimizer_says_what_it_does_and_needs_a_new_network(
    qtbot: QtBot, panel: RecipePanel
) -> None:
    optimizers = part(panel, QComboBox, "Optimizer")
    tips = [optimizers.itemData(i, Qt.ItemDataRole.ToolTipRole) for i in range(optimizers.count())]
    assert tips == [optimizer.description for optimizer in OPTIMIZERS.values()]
    choose(qtbot, optimizers, "Adam")
    assert note(panel) == "Needs a new network."
    assert OPTIMIZERS["adam"].description in optimizers.toolTip()


def test_that_the_note_names_the_rate_that_the_schedule_has_come_to(
    qtbot: QtBot, training: TrainingState, panel: RecipePanel
) -> None:
    begin(qtbot, training, schedule="warm-up", learning_rate=0.2)
    assert note(panel) == "Live. At this point the schedule makes the learning rate 0.0200."
    assert line(panel, "Learning rate").text() == "0.2"  # the field shows the base rate


@pytest.mark.parametrize(
    ("name", "text", "setting", "value"),
    [
        ("Numbers", "float64", "dtype", "float64"),
        ("Pixels", "0 to 255", "pixels", "0 to 255"),
        ("Softmax shift", "Whole batch", "softmax", "whole batch"),
        ("Schedule", "Cosine", "schedule", "cosine"),
    ],
)
def test_that_a_folded_choice_is_drafted_and_counted_behind_the_title(
    qtbot: QtBot, panel: RecipePanel, name: str, text: str, setting: str, value: str
) -> None:
    assert fold(panel).text() == "Regularisation, schedule …"
    qtbot.mouseClick(fold(panel), Qt.MouseButton.LeftButton)
    wanted = QSignalSpy(panel.new_network_wanted)
    choose(qtbot, part(panel, QComboBox, name), text)
    assert fold(panel).text() == "Regularisation, schedule … · 1 set"
    qtbot.mouseClick(panel.new_button, Qt.MouseButton.LeftButton)
    assert getattr(wanted.at(0)[0], setting) == value


def test_that_patience_is_drafted(qtbot: QtBot, panel: RecipePanel) -> None:
    qtbot.mouseClick(fold(panel), Qt.MouseButton.LeftButton)
    wanted = QSignalSpy(panel.new_network_wanted)
    enter(qtbot, line(panel, "Patience"), "10")
    qtbot.mouseClick(panel.new_button, Qt.MouseButton.LeftButton)
    assert wanted.at(0)[0].patience == 10


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
    on = sum(getattr(strength.augmentation, key) > 0 for key in AMOUNTS)
    assert varied(varied_panel).text() == f"Varied pictures · {on} set"
    choose(qtbot, box, "Off")
    assert varied(varied_panel).text() == "Varied pictures"


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
    for section in (fold(panel), varied(panel)):
        qtbot.mouseClick(section, Qt.MouseButton.LeftButton)
    panel.grab()
    names = [made for made in panel.findChildren(NameLabel) if made.isVisible()]
    assert len(names) == 28
    assert [made.text() for made in names if made.width() < made.sizeHint().width()] == []
