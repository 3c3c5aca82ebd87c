"""The session: what is live, what is shown, and that nothing of a run is lost."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from micronn_core.common.errors import ConfigError, DataError
from micronn_core.data.dataset import DATASETS, Dataset, DatasetSource
from micronn_core.settings.config import TrainingConfig
from micronn_core.training.trainer import StepSize
from micronn_gui.session.training import Session
from micronn_gui.worker.update import Status
from tests.gui.running import LONG, begin, finish, ready, train_to


def test_that_a_new_network_is_untrained_live_and_paused(qtbot: QtBot, session: Session) -> None:
    begin(qtbot, session)
    assert session.live
    assert session.shown is session.newest
    assert session.newest is not None
    assert session.newest.metrics.step == 0
    assert len(session.history) == 1
    assert not session.trained
    assert session.status is Status.PAUSED


def test_that_a_run_flat_out_leaves_no_step_out_of_the_history(qtbot: QtBot, session: Session) -> None:
    begin(qtbot, session, epochs=60, batch_size=64)
    finish(qtbot, session)
    assert len(session.history) == 60 * 5 + 1
    np.testing.assert_array_equal(session.history.column("step"), np.arange(301))
    assert session.newest is not None
    assert session.newest.metrics == session.history.metrics(-1)


def test_that_an_easy_set_is_learned(qtbot: QtBot, session: Session) -> None:
    begin(qtbot, session, epochs=200)
    finish(qtbot, session)
    metrics = session.shown_metrics()
    assert metrics is not None
    assert metrics.validation_accuracy > 0.8


def test_that_showing_the_past_leaves_the_run_running(qtbot: QtBot, session: Session) -> None:
    begin(qtbot, session, epochs=LONG)
    train_to(qtbot, session, 20)
    session.show_epoch(7)
    assert not session.live
    assert session.status is Status.RUNNING
    assert session.shown is not None
    assert session.shown.metrics.epoch == 7
    steps = len(session.history)
    qtbot.waitUntil(lambda: len(session.history) > steps + 20)
    assert session.shown.metrics.epoch == 7


def test_that_going_live_follows_the_newest_moment_again(qtbot: QtBot, session: Session) -> None:
    begin(qtbot, session, epochs=LONG)
    train_to(qtbot, session, 10)
    session.show_epoch(2)
    session.show_live()
    assert session.live
    assert session.shown is session.newest
    shown = session.shown
    qtbot.waitUntil(lambda: session.shown is not shown)
    assert session.shown is session.newest


def test_that_the_shown_figures_are_those_of_the_shown_epoch(qtbot: QtBot, session: Session) -> None:
    begin(qtbot, session, epochs=40)
    finish(qtbot, session)
    session.show_epoch(13)
    assert session.shown_metrics() == session.history.metrics(13)


def test_that_between_two_measurements_the_last_validation_figures_are_shown(
    qtbot: QtBot, session: Session
) -> None:
    begin(qtbot, session, epochs=2, batch_size=8)
    finish(qtbot, session)
    session.show_epoch(1 + 3 / 40)
    assert session.shown is not None
    assert np.isnan(session.shown.metrics.validation_loss)
    metrics = session.shown_metrics()
    assert metrics is not None
    assert metrics.validation_loss == session.history.metrics(40).validation_loss


def test_that_neighbours_are_the_kept_moments_beside_the_shown_one(qtbot: QtBot, session: Session) -> None:
    begin(qtbot, session, epochs=20)
    finish(qtbot, session)
    session.show_epoch(5)
    for direction, epoch in ((-1, 4), (1, 5), (1, 6)):
        session.show_neighbour(direction)
        assert session.shown is not None
        assert session.shown.metrics.epoch == epoch


def test_that_past_the_first_moment_there_is_none_and_past_the_last_one_is_live(
    qtbot: QtBot, session: Session
) -> None:
    begin(qtbot, session, epochs=3)
    finish(qtbot, session)
    session.show_epoch(0)
    session.show_neighbour(-1)
    assert session.shown is not None
    assert session.shown.metrics.epoch == 0
    session.show_epoch(3)
    session.show_neighbour(1)
    assert session.live


def test_that_a_new_network_leaves_nothing_of_the_old_run(qtbot: QtBot, session: Session) -> None:
    begin(qtbot, session, epochs=LONG)
    train_to(qtbot, session, 10)
    session.show_epoch(3)
    session.new_network(TrainingConfig(hidden=(4,)))
    assert session.status is Status.LOADING
    assert session.newest is None
    assert session.shown is None
    assert session.live
    assert len(session.history) == 0
    ready(qtbot, session)
    assert session.newest is not None
    assert session.newest.parameters.sizes == (784, 4, 10)
    assert len(session.history) == 1


def test_that_play_while_loading_plays_as_soon_as_there_is_a_network(qtbot: QtBot, session: Session) -> None:
    session.new_network(TrainingConfig(epochs=5))
    session.play()
    qtbot.waitUntil(lambda: session.status is Status.FINISHED)
    assert len(session.history) == 6


def test_that_pause_is_said_at_once_and_toggle_goes_back_and_forth(qtbot: QtBot, session: Session) -> None:
    begin(qtbot, session, epochs=LONG)
    session.toggle()
    assert session.status is Status.RUNNING
    session.toggle()
    assert session.status is Status.PAUSED


def test_that_a_step_pauses_a_running_network_and_goes_live(qtbot: QtBot, session: Session) -> None:
    begin(qtbot, session, epochs=LONG)
    train_to(qtbot, session, 10)
    session.show_epoch(2)
    session.step(StepSize.EPOCH)
    assert session.status is Status.PAUSED
    assert session.live


def test_that_one_step_is_one_entry_of_the_history(qtbot: QtBot, session: Session) -> None:
    begin(qtbot, session)
    session.step(StepSize.BATCH)
    qtbot.waitUntil(lambda: len(session.history) == 2)
    assert session.trained


def test_that_a_finished_run_takes_neither_play_nor_steps_until_it_gets_more_epochs(
    qtbot: QtBot, session: Session
) -> None:
    begin(qtbot, session, epochs=5)
    finish(qtbot, session)
    session.play()
    session.step(StepSize.EPOCH)
    assert session.status is Status.FINISHED
    session.add_epochs(7)
    assert session.config.epochs == 12
    qtbot.waitUntil(lambda: session.status is Status.FINISHED)
    assert len(session.history) == 13


def test_that_fewer_epochs_than_there_are_finish_the_run(qtbot: QtBot, session: Session) -> None:
    begin(qtbot, session, epochs=LONG)
    train_to(qtbot, session, 10)
    session.set_epochs(5)
    qtbot.waitUntil(lambda: session.status is Status.FINISHED)
    session.set_epochs(LONG)
    assert session.status is Status.PAUSED


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda s: s.set_learning_rate(0), "learning_rate"),
        (lambda s: s.set_learning_rate(float("nan")), "learning_rate"),
        (lambda s: s.set_learning_rate(1e9), "learning_rate"),
        (lambda s: s.set_batch_size(-1), "batch_size"),
        (lambda s: s.set_batch_size(321), "batch_size"),
        (lambda s: s.set_epochs(0), "epochs"),
        (lambda s: s.add_epochs(LONG), "epochs"),
    ],
)
def test_that_a_value_out_of_range_is_refused_and_changes_nothing(
    qtbot: QtBot, session: Session, change: object, field: str
) -> None:
    begin(qtbot, session)
    before = session.config
    spy = QSignalSpy(session.config_changed)
    with pytest.raises(ConfigError) as caught:
        change(session)  # type: ignore[operator]
    assert caught.value.field == field
    assert session.config == before
    assert spy.count() == 0
    session.step(StepSize.BATCH)
    qtbot.waitUntil(lambda: session.trained)
    assert session.newest is not None
    assert session.newest.learning_rate == before.learning_rate


def test_that_live_settings_apply_to_the_next_step(qtbot: QtBot, session: Session) -> None:
    begin(qtbot, session)
    session.set_learning_rate(0.25)
    session.set_batch_size(32)
    session.step(StepSize.BATCH)
    qtbot.waitUntil(lambda: session.trained)
    assert session.newest is not None
    assert session.newest.learning_rate == 0.25
    assert session.newest.metrics.epoch == 32 / 320


def test_that_a_failure_is_told_in_words_and_a_new_network_can_follow(
    qtbot: QtBot, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = DATASETS["mnist"]

    def load() -> Dataset:
        raise DataError("train.gz is damaged. Copy it again.")

    monkeypatch.setitem(DATASETS, "mnist", DatasetSource("mnist", "Small", load, load))
    with qtbot.waitSignal(session.failed) as signal:
        session.new_network(TrainingConfig())
    assert signal.args == ["train.gz is damaged. Copy it again."]
    assert session.status is Status.FAILED
    monkeypatch.setitem(DATASETS, "mnist", good)
    begin(qtbot, session)
    assert len(session.history) == 1


def test_that_the_rate_is_known_only_while_it_trains(qtbot: QtBot, session: Session) -> None:
    begin(qtbot, session, epochs=LONG)
    assert np.isnan(session.steps_per_second)
    session.play()
    qtbot.waitUntil(lambda: session.steps_per_second > 10)
    session.pause()
    assert np.isnan(session.steps_per_second)
