"""What was changed in the recipe is taken back, one change after the other."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from micronn_core.settings.config import TrainingConfig
from micronn_gui.session import recipe_undo
from micronn_gui.session.states import States
from micronn_gui.session.training import TrainingState
from micronn_gui.session.undo import SETTINGS
from tests.gui.running import LONG, begin, finish, ready, train_to

ON = (SETTINGS,)


@pytest.fixture(autouse=True)
def _each_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recipe_undo, "TOGETHER_S", 0.0)


def changed(training: TrainingState, **values: object) -> TrainingConfig:
    training.want(training.wanted.with_values(values))
    return training.config


def test_that_a_change_under_way_is_taken_back(qtbot: QtBot, states: States, training: TrainingState) -> None:
    begin(qtbot, training, epochs=LONG)
    train_to(qtbot, training, 2)
    changed(training, learning_rate=0.5)
    changed(training, learning_rate=0.7)
    assert states.undo.last(ON).what == "Learning rate 0.5 → 0.7"
    states.undo.undo(ON)
    assert training.config.learning_rate == 0.5
    states.undo.undo(ON)
    assert training.config.learning_rate == 0.1
    assert states.undo.last(ON) is None
    training.pause()


def test_that_before_training_the_network_before_is_made_again(
    qtbot: QtBot, states: States, training: TrainingState
) -> None:
    begin(qtbot, training)
    first = training.newest.parameters.layers[0].weight
    changed(training, hidden=(6,))
    ready(qtbot, training)
    assert training.newest.parameters.sizes[1] == 6
    states.undo.undo(ON)
    ready(qtbot, training)
    assert (training.newest.parameters.layers[0].weight == first).all()


def test_that_what_waits_for_a_new_network_is_taken_back(
    qtbot: QtBot, states: States, training: TrainingState
) -> None:
    begin(qtbot, training, epochs=2)
    finish(qtbot, training)
    changed(training, hidden=(6,))
    assert training.pending
    states.undo.undo(ON)
    assert not training.pending
    assert training.newest.metrics.epoch == 2


def test_that_a_slider_that_is_moved_is_one_change(
    qtbot: QtBot, states: States, training: TrainingState, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recipe_undo, "TOGETHER_S", 60.0)
    begin(qtbot, training, epochs=LONG)
    train_to(qtbot, training, 1)
    for rate in (0.2, 0.3, 0.4):
        changed(training, learning_rate=rate)
    states.undo.undo(ON)
    assert training.config.learning_rate == 0.1
    training.pause()


def test_that_a_network_that_gave_way_takes_its_changes_along(
    qtbot: QtBot, states: States, training: TrainingState
) -> None:
    begin(qtbot, training, epochs=2)
    finish(qtbot, training)
    changed(training, learning_rate=0.5)
    begin(qtbot, training, hidden=(5,))
    assert states.undo.last(ON) is None
