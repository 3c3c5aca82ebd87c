"""The state of the training: what is live, what is shown, and that nothing of a run is lost."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from micronn_core.common.errors import ConfigError, DataError
from micronn_core.data.catalog import DATASETS, DatasetSource
from micronn_core.data.dataset import Dataset
from micronn_core.data.features import DIGITS_SPEC
from micronn_core.settings.config import TrainingConfig
from micronn_core.training.trainer import StepSize
from micronn_gui.session.training import TrainingState
from micronn_gui.worker.update import Status
from tests.gui.running import LONG, begin, finish, ready, train_to


def test_that_a_new_network_is_untrained_live_and_paused(qtbot: QtBot, training: TrainingState) -> None:
    begin(qtbot, training)
    assert training.live
    assert training.shown is training.newest
    assert training.newest is not None
    assert training.newest.metrics.step == 0
    assert len(training.history) == 1
    assert not training.trained
    assert training.status is Status.PAUSED


def test_that_a_run_flat_out_leaves_no_step_out_of_the_history(qtbot: QtBot, training: TrainingState) -> None:
    begin(qtbot, training, epochs=60, batch_size=64)
    finish(qtbot, training)
    assert len(training.history) == 60 * 5 + 1
    np.testing.assert_array_equal(training.history.column("step"), np.arange(301))
    assert training.newest is not None
    assert training.newest.metrics == training.history.metrics(-1)


def test_that_an_easy_set_is_learned(qtbot: QtBot, training: TrainingState) -> None:
    begin(qtbot, training, epochs=200)
    finish(qtbot, training)
    metrics = training.shown_metrics()
    assert metrics is not None
    assert metrics.validation_accuracy > 0.8


def test_that_showing_the_past_leaves_the_run_running(qtbot: QtBot, training: TrainingState) -> None:
    begin(qtbot, training, epochs=LONG)
    train_to(qtbot, training, 20)
    training.show_epoch(7)
    assert not training.live
    assert training.status is Status.RUNNING
    assert training.shown is not None
    assert training.shown.metrics.epoch == 7
    steps = len(training.history)
    qtbot.waitUntil(lambda: len(training.history) > steps + 20)
    assert training.shown.metrics.epoch == 7


def test_that_going_live_follows_the_newest_moment_again(qtbot: QtBot, training: TrainingState) -> None:
    begin(qtbot, training, epochs=LONG)
    train_to(qtbot, training, 10)
    training.show_epoch(2)
    training.show_live()
    assert training.live
    assert training.shown is training.newest
    shown = training.shown
    qtbot.waitUntil(lambda: training.shown is not shown)
    assert training.shown is training.newest


def test_that_the_shown_figures_are_those_of_the_shown_epoch(qtbot: QtBot, training: TrainingState) -> None:
    begin(qtbot, training, epochs=40)
    finish(qtbot, training)
    training.show_epoch(13)
    assert training.shown_metrics() == training.history.metrics(13)


def test_that_between_two_measurements_the_last_validation_figures_are_shown(
    qtbot: QtBot, training: TrainingState
) -> None:
    begin(qtbot, training, epochs=2, batch_size=8)
    finish(qtbot, training)
    training.show_epoch(1 + 3 / 40)
    assert training.shown is not None
    assert np.isnan(training.shown.metrics.validation_loss)
    metrics = training.shown_metrics()
    assert metrics is not None
    assert metrics.validation_loss == training.history.metrics(40).validation_loss


def test_that_neighbours_are_the_kept_moments_beside_the_shown_one(
    qtbot: QtBot, training: TrainingState
) -> None:
    begin(qtbot, training, epochs=20)
    finish(qtbot, training)
    training.show_epoch(5)
    for direction, epoch in ((-1, 4), (1, 5), (1, 6)):
        training.show_neighbour(direction)
        assert training.shown is not None
        assert training.shown.metrics.epoch == epoch


def test_that_past_the_first_moment_there_is_none_and_past_the_last_one_is_live(
    qtbot: QtBot, training: TrainingState
) -> None:
    begin(qtbot, training, epochs=3)
    finish(qtbot, training)
    training.show_epoch(0)
    training.show_neighbour(-1)
    assert training.shown is not None
    assert training.shown.metrics.epoch == 0
    training.show_epoch(3)
    training.show_neighbour(1)
    assert training.live


def test_that_a_new_network_leaves_nothing_of_the_old_run(qtbot: QtBot, training: TrainingState) -> None:
    begin(qtbot, training, epochs=LONG)
    train_to(qtbot, training, 10)
    training.show_epoch(3)
    training.new_network(TrainingConfig(hidden=(4,)))
    assert training.status is Status.LOADING
    assert training.newest is None
    assert training.shown is None
    assert training.live
    assert len(training.history) == 0
    ready(qtbot, training)
    assert training.newest is not None
    assert training.newest.parameters.sizes == (784, 4, 10)
    assert len(training.history) == 1


def test_that_play_while_loading_plays_as_soon_as_there_is_a_network(
    qtbot: QtBot, training: TrainingState
) -> None:
    training.new_network(TrainingConfig(epochs=5))
    training.play()
    qtbot.waitUntil(lambda: training.status is Status.FINISHED)
    assert len(training.history) == 6


def test_that_pause_is_said_at_once_and_toggle_goes_back_and_forth(
    qtbot: QtBot, training: TrainingState
) -> None:
    begin(qtbot, training, epochs=LONG)
    training.toggle()
    assert training.status is Status.RUNNING
    training.toggle()
    assert training.status is Status.PAUSED


def test_that_a_step_pauses_a_running_network_and_goes_live(qtbot: QtBot, training: TrainingState) -> None:
    begin(qtbot, training, epochs=LONG)
    train_to(qtbot, training, 10)
    training.show_epoch(2)
    training.step(StepSize.EPOCH)
    assert training.status is Status.PAUSED
    assert training.live


def test_that_one_step_is_one_entry_of_the_history(qtbot: QtBot, training: TrainingState) -> None:
    begin(qtbot, training)
    training.step(StepSize.BATCH)
    qtbot.waitUntil(lambda: len(training.history) == 2)
    assert training.trained


def test_that_a_finished_run_takes_neither_play_nor_steps_until_it_gets_more_epochs(
    qtbot: QtBot, training: TrainingState
) -> None:
    begin(qtbot, training, epochs=5)
    finish(qtbot, training)
    training.play()
    training.step(StepSize.EPOCH)
    assert training.status is Status.FINISHED
    training.add_epochs(7)
    assert training.config.epochs == 12
    qtbot.waitUntil(lambda: training.status is Status.FINISHED)
    assert len(training.history) == 13


def test_that_fewer_epochs_than_there_are_finish_the_run(qtbot: QtBot, training: TrainingState) -> None:
    begin(qtbot, training, epochs=LONG)
    train_to(qtbot, training, 10)
    training.change({"epochs": 5})
    qtbot.waitUntil(lambda: training.status is Status.FINISHED)
    training.change({"epochs": LONG})
    assert training.status is Status.PAUSED


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda s: s.change({"learning_rate": 0}), "learning_rate"),
        (lambda s: s.change({"learning_rate": float("nan")}), "learning_rate"),
        (lambda s: s.change({"learning_rate": 1e9}), "learning_rate"),
        (lambda s: s.change({"batch_size": -1}), "batch_size"),
        (lambda s: s.change({"batch_size": 321}), "batch_size"),
        (lambda s: s.change({"epochs": 0}), "epochs"),
        (lambda s: s.add_epochs(LONG), "epochs"),
    ],
)
def test_that_a_value_out_of_range_is_refused_and_changes_nothing(
    qtbot: QtBot, training: TrainingState, change: object, field: str
) -> None:
    begin(qtbot, training)
    before = training.config
    spy = QSignalSpy(training.config_changed)
    with pytest.raises(ConfigError) as caught:
        change(training)  # type: ignore[operator]
    assert caught.value.field == field
    assert training.config == before
    assert spy.count() == 0
    training.step(StepSize.BATCH)
    qtbot.waitUntil(lambda: training.trained)
    assert training.newest is not None
    assert training.newest.learning_rate == before.learning_rate


def test_that_live_settings_apply_to_the_next_step(qtbot: QtBot, training: TrainingState) -> None:
    begin(qtbot, training)
    training.change({"learning_rate": 0.25})
    training.change({"batch_size": 32})
    training.step(StepSize.BATCH)
    qtbot.waitUntil(lambda: training.trained)
    assert training.newest is not None
    assert training.newest.learning_rate == 0.25
    assert training.newest.metrics.epoch == 32 / 320


def test_that_a_failure_is_told_in_words_and_a_new_network_can_follow(
    qtbot: QtBot, training: TrainingState, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = DATASETS["mnist"]

    def load() -> Dataset:
        raise DataError("train.gz is damaged. Copy it again.")

    monkeypatch.setitem(DATASETS, "mnist", DatasetSource("mnist", "Small", load, load, DIGITS_SPEC))
    with qtbot.waitSignal(training.failed) as signal:
        training.new_network(TrainingConfig())
    assert signal.args == ["train.gz is damaged. Copy it again."]
    assert training.status is Status.FAILED
    monkeypatch.setitem(DATASETS, "mnist", good)
    begin(qtbot, training)
    assert len(training.history) == 1


def test_that_the_rate_is_known_only_while_it_trains(qtbot: QtBot, training: TrainingState) -> None:
    begin(qtbot, training, epochs=LONG)
    assert np.isnan(training.steps_per_second)
    training.play()
    qtbot.waitUntil(lambda: training.steps_per_second > 10)
    training.pause()
    assert np.isnan(training.steps_per_second)


def test_that_changes_in_one_breath_are_one_and_a_change_taken_back_is_none(
    qtbot: QtBot, training: TrainingState
) -> None:
    begin(qtbot, training, epochs=LONG)
    training.change({"learning_rate": 0.2})
    assert training.changes.all == ()  # nothing is learned that it could have changed
    train_to(qtbot, training, 3)
    for rate in (0.3, 0.4, 0.5):  # a slider is moved
        training.change({"learning_rate": rate})
    (change,) = training.changes.all
    assert (change.before, change.after) == ({"learning_rate": 0.2}, {"learning_rate": 0.5})
    training.change({"learning_rate": 0.2})
    assert training.changes.all == ()
    training.change({"epochs": LONG - 1})
    assert training.changes.all == ()
    training.change({"batch_size": 64})
    assert training.changes.latest is not None
    assert training.changes.latest.text.startswith("Batch Full → 64 at epoch ")
    begin(qtbot, training)
    assert training.changes.all == ()


def test_that_a_change_that_comes_with_new_first_weights_leaves_the_present_run_alone(
    qtbot: QtBot, training: TrainingState
) -> None:
    begin(qtbot, training, epochs=5)
    finish(qtbot, training)
    present = training.config
    training.want(replace(present, hidden=(7,), batch_size=64))
    assert training.config == present
    assert training.pending
    training.want(replace(training.wanted, learning_rate=0.2))  # but this alone could go on with it
    assert training.config == replace(present, learning_rate=0.2)
    training.want(replace(training.wanted, hidden=(10,)))
    assert not training.pending
    assert training.config == replace(present, learning_rate=0.2, batch_size=64)


def test_that_at_the_end_of_a_run_play_goes_on(qtbot: QtBot, training: TrainingState) -> None:
    begin(qtbot, training, epochs=3)
    finish(qtbot, training)
    training.more_epochs = 4
    training.toggle()
    assert training.config.epochs == 7
    qtbot.waitUntil(lambda: training.status is Status.FINISHED and len(training.history) == 8)
