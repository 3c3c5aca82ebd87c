"""The training thread: every step is delivered once, and every command takes effect."""

from __future__ import annotations

import time

import numpy as np
import pytest

from micronn_core.data.augmentation import AUGMENTATIONS
from micronn_core.data.splits import SPLITS, split
from micronn_core.training.compute.blas import single_blas_thread
from micronn_core.training.trainer import StepSize, Trainer
from micronn_gui.worker.commands import Pause, Play, SetSpeed, Step
from micronn_gui.worker.update import Status
from tests.gui.inbox import Barrier, Inbox, begin
from tests.gui.running import LONG, TRAIN, small_dataset

# -- what is delivered --


def test_that_beginning_delivers_the_untrained_network_with_all_its_figures(inbox: Inbox) -> None:
    begin(inbox)
    assert inbox.newest is not None
    assert inbox.steps == [0]
    assert inbox.metrics[0].samples == TRAIN
    assert np.isfinite(inbox.metrics[0]).all()
    assert inbox.newest.metrics == inbox.metrics[0]
    assert [kept.metrics.step for kept in inbox.kept] == [0]


def test_that_play_reaches_the_last_epoch_and_finishes(inbox: Inbox) -> None:
    begin(inbox, epochs=12, batch_size=100)
    inbox.worker.send(Play())
    inbox.until(lambda: inbox.status is Status.FINISHED)
    assert inbox.steps == list(range(12 * 4 + 1))
    assert inbox.newest is not None
    assert inbox.newest.metrics.epoch == 12


@pytest.mark.parametrize("every", [1, 4, 1000])
def test_that_every_step_arrives_once_and_in_order_however_seldom_the_outbox_is_emptied(
    inbox: Inbox, every: int
) -> None:
    begin(inbox, epochs=LONG)
    inbox.worker.send(Play())
    turns = 0
    for _ in range(20):
        for _ in range(every):  # work of our own, while the worker fills its outbox
            turns += len(np.sort(np.arange(500)[::-1]))
        inbox.take()
    inbox.until(lambda: len(inbox.metrics) > 100)
    assert inbox.steps == list(range(len(inbox.metrics)))
    assert turns == 20 * every * 500


def test_that_what_is_kept_is_the_moment_of_its_step(inbox: Inbox) -> None:
    begin(inbox, epochs=30)
    inbox.worker.send(Play())
    inbox.until(lambda: inbox.status is Status.FINISHED)
    assert [kept.metrics for kept in inbox.kept] == inbox.metrics


def test_that_snapshots_are_read_only_copies(inbox: Inbox) -> None:
    begin(inbox)
    first = inbox.newest
    assert first is not None
    before = first.parameters.vector.copy()
    for parameters in (first.parameters, first.gradient):
        with pytest.raises(ValueError, match="read-only"):
            parameters.vector[0] = 1
        with pytest.raises(ValueError, match="read-only"):
            parameters.layers[0].weight[0, 0] = 1
    inbox.worker.send(Step(StepSize.EPOCH))
    inbox.until(lambda: inbox.newest is not None and inbox.newest.metrics.step == 1)
    np.testing.assert_array_equal(first.parameters.vector, before)


@pytest.mark.parametrize("batch_size", [0, 50])
def test_that_the_same_seed_gives_the_weights_of_the_trainer_alone(inbox: Inbox, batch_size: int) -> None:
    config = begin(inbox, epochs=8, batch_size=batch_size, seed=9)
    inbox.worker.send(Play())
    inbox.until(lambda: inbox.status is Status.FINISHED)
    rule = SPLITS[config.split]
    chosen = split(small_dataset(), *rule.counts(0), config.seed)
    with Trainer(config, chosen) as trainer, single_blas_thread():
        alone = [metrics for metrics in trainer.run() if metrics is not None]
        expected = trainer.network.parameters.vector
        assert inbox.newest is not None
        np.testing.assert_array_equal(inbox.newest.parameters.vector, expected)
    np.testing.assert_array_equal(np.array(inbox.metrics), np.array(alone))


# -- commands --


def test_that_a_paused_worker_delivers_nothing_new(inbox: Inbox) -> None:
    begin(inbox, epochs=LONG)
    inbox.worker.send(Play())
    inbox.until(lambda: len(inbox.metrics) > 10)
    inbox.worker.send(Pause())
    inbox.until_waiting()
    assert inbox.status is Status.PAUSED
    assert inbox.newest is not None
    steps, moment = len(inbox.metrics), inbox.newest.metrics
    inbox.until_waiting()
    assert (len(inbox.metrics), inbox.newest.metrics) == (steps, moment)
    inbox.worker.send(Play())
    inbox.until(lambda: len(inbox.metrics) > steps)
    assert inbox.steps == list(range(len(inbox.metrics)))


def test_that_pause_is_said_at_once(inbox: Inbox) -> None:
    begin(inbox, epochs=LONG)
    inbox.worker.send(Play())
    inbox.take()
    assert inbox.status is Status.RUNNING
    inbox.worker.send(Pause())
    inbox.take()
    assert inbox.status is Status.PAUSED


@pytest.mark.parametrize(
    ("size", "steps", "epoch"),
    [(StepSize.SAMPLE, 1, 1 / 320), (StepSize.BATCH, 1, 64 / 320), (StepSize.EPOCH, 5, 1.0)],
)
def test_that_a_step_goes_exactly_as_far_as_its_size(
    inbox: Inbox, size: StepSize, steps: int, epoch: float
) -> None:
    begin(inbox, batch_size=64)
    inbox.worker.send(Step(size))
    inbox.until(lambda: len(inbox.metrics) > steps)
    inbox.until_waiting()
    assert inbox.steps == list(range(steps + 1))
    assert inbox.metrics[-1].epoch == epoch
    assert inbox.status is Status.PAUSED


def test_that_every_step_that_is_ordered_is_taken(inbox: Inbox) -> None:
    begin(inbox, batch_size=64)
    for size in (StepSize.EPOCH, StepSize.BATCH, StepSize.BATCH, StepSize.SAMPLE):
        inbox.worker.send(Step(size))
    inbox.until(lambda: len(inbox.metrics) > 8)
    inbox.until_waiting()
    assert [metrics.epoch for metrics in inbox.metrics[5:]] == [1.0, 1.2, 1.4, 1.4 + 1 / 320]


@pytest.mark.parametrize("size", [StepSize.BATCH, StepSize.EPOCH])
def test_that_a_step_in_the_middle_of_a_paused_step_finishes_just_that_step(
    inbox: Inbox, barrier: Barrier, size: StepSize
) -> None:
    begin(inbox, activation="barrier", epochs=LONG)
    barrier.close()
    inbox.worker.send(Play())
    barrier.wait()  # now it is in the middle of the first step
    inbox.worker.send(Pause())
    barrier.opened.set()
    inbox.until_waiting()
    assert inbox.steps == [0]
    inbox.worker.send(Step(size))
    inbox.until(lambda: len(inbox.metrics) > 1)
    inbox.until_waiting()
    assert inbox.steps == [0, 1]
    assert inbox.metrics[-1].epoch == 1


def test_that_pausing_again_and_again_never_swallows_a_step(inbox: Inbox) -> None:
    begin(inbox, epochs=LONG)
    for _ in range(40):
        inbox.worker.send(Play())
        inbox.until_longer(len(inbox.metrics))
        inbox.worker.send(Pause())
        inbox.until_waiting()
        before = len(inbox.metrics)
        inbox.worker.send(Step(StepSize.EPOCH))
        inbox.until_longer(before)
        inbox.until_waiting()
        assert len(inbox.metrics) == before + 1


def test_that_a_changed_learning_rate_is_used_by_the_next_step(inbox: Inbox) -> None:
    begin(inbox)
    start = inbox.newest
    inbox.change(learning_rate=0.5)
    inbox.worker.send(Step(StepSize.BATCH))
    inbox.until(lambda: inbox.newest is not None and inbox.newest.metrics.step == 1)
    assert start is not None
    assert inbox.newest is not None
    assert inbox.newest.learning_rate == 0.5
    expected = start.parameters.vector - np.float32(0.5) * start.gradient.vector
    np.testing.assert_allclose(inbox.newest.parameters.vector, expected, rtol=1e-6)


def test_that_every_live_setting_is_used_from_the_next_step_on_as_by_a_trainer(inbox: Inbox) -> None:
    config = begin(inbox, optimizer="momentum", batch_size=32, epochs=1)
    changes = {"momentum": 0.2, "dropout": 0.5, "l2": 0.01, "l1": 0.001, "clip": 0.5, "batch_size": 64}
    inbox.worker.send(Step(StepSize.BATCH))
    inbox.until(lambda: inbox.newest is not None and inbox.newest.metrics.step == 1)
    inbox.change(**changes, augmentation=AUGMENTATIONS["gentle"].augmentation)
    inbox.worker.send(Play())
    inbox.until(lambda: inbox.status is Status.FINISHED)
    rule = SPLITS[config.split].counts(0)
    chosen = split(small_dataset(), *rule, config.seed)
    with Trainer(config, chosen) as trainer, single_blas_thread():
        list(trainer.step())
        trainer.change(inbox.config)
        list(trainer.run())
    assert inbox.newest is not None
    np.testing.assert_array_equal(inbox.newest.parameters.vector, trainer.network.parameters.vector)


def test_that_a_change_that_needs_a_new_network_is_refused_and_the_run_goes_on(inbox: Inbox) -> None:
    begin(inbox, epochs=LONG)
    inbox.change(seed=99)
    inbox.until(lambda: inbox.failure != "")
    assert "Seed cannot change while a network trains" in inbox.failure
    assert inbox.status is Status.PAUSED
    inbox.worker.send(Step(StepSize.BATCH))
    inbox.until(lambda: inbox.metrics[-1].step == 1)


def test_that_batch_size_and_epochs_change_under_way(inbox: Inbox) -> None:
    begin(inbox, epochs=LONG)
    inbox.worker.send(Play())
    inbox.until(lambda: len(inbox.metrics) > 5)
    inbox.change(batch_size=160)
    inbox.until(lambda: inbox.metrics[-1].samples == 160)
    inbox.change(epochs=int(inbox.metrics[-1].epoch) + 10)
    inbox.until(lambda: inbox.status is Status.FINISHED)
    inbox.change(epochs=int(inbox.metrics[-1].epoch) + 3)
    inbox.worker.send(Play())
    finished = inbox.metrics[-1].epoch
    inbox.until(lambda: inbox.status is Status.FINISHED and inbox.metrics[-1].epoch == finished + 3)


def test_that_the_speed_limit_holds_and_can_be_lifted(inbox: Inbox) -> None:
    begin(inbox, epochs=LONG)
    inbox.worker.send(SetSpeed(40))
    begun = time.monotonic()  # a limit is the one thing that is in seconds on every machine: never sooner
    inbox.worker.send(Play())
    inbox.until(lambda: len(inbox.metrics) > 16)
    assert time.monotonic() - begun >= 15 / 40
    inbox.worker.send(SetSpeed(0.001))
    inbox.worker.send(Pause())
    inbox.until_waiting()  # which lifts the limit
    inbox.worker.send(Play())
    count = len(inbox.metrics)
    inbox.until(lambda: len(inbox.metrics) > count + 100)


def test_that_a_slow_run_takes_one_step_and_waits(inbox: Inbox) -> None:
    begin(inbox, epochs=LONG)
    inbox.worker.send(SetSpeed(0.001))
    inbox.worker.send(Play())
    inbox.until(lambda: len(inbox.metrics) > 1)
    inbox.worker.send(Pause())
    inbox.until_waiting()
    assert inbox.steps == [0, 1]


def test_that_a_speed_limit_does_not_hold_up_a_single_step_or_a_pause(inbox: Inbox) -> None:
    begin(inbox, epochs=LONG)
    inbox.worker.send(SetSpeed(0.001))
    inbox.worker.send(Play())
    inbox.until(lambda: len(inbox.metrics) > 1)
    inbox.worker.send(Step(StepSize.BATCH))
    inbox.until(lambda: len(inbox.metrics) > 2)
    assert inbox.status is Status.PAUSED
