"""The training thread: every order takes effect, every step is delivered once, and it always ends."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from micronn_core.activations import ACTIVATIONS, RELU, Array
from micronn_core.blas import single_blas_thread
from micronn_core.config import TrainingConfig
from micronn_core.datasets import DATASETS, SPLITS, Dataset, DatasetSource, SplitRule, split
from micronn_core.errors import DataError
from micronn_core.history import Metrics, Snapshot
from micronn_core.trainer import StepSize, Trainer
from micronn_gui.delivery import Status
from micronn_gui.worker import TrainingWorker
from tests.gui.running import LONG, TRAIN, small_dataset

REAL = DATASETS["mnist"]
QUICK = 1.0
"""Seconds within which closing must end."""


@dataclass
class Inbox:
    """Takes deliveries and adds them up, as the session does."""

    worker: TrainingWorker
    qtbot: QtBot
    metrics: list[Metrics] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    kept: list[Snapshot] = field(default_factory=list)
    newest: Snapshot | None = None
    status: Status = Status.LOADING
    failure: str = ""
    run_ids: set[int] = field(default_factory=set)

    def take(self) -> None:
        delivery = self.worker.take()
        self.run_ids.add(delivery.run_id)
        self.metrics += delivery.metrics
        self.times += [time.monotonic()] * len(delivery.metrics)
        self.kept += delivery.kept
        self.newest = delivery.newest or self.newest
        self.status = delivery.status
        self.failure = delivery.failure or self.failure

    def until(self, condition: Callable[[], bool]) -> None:
        def taken() -> bool:
            self.take()
            return condition()

        self.qtbot.waitUntil(taken)

    def until_waiting(self) -> None:
        """Wait until the worker waits at its gate: only there does it answer a call that changes nothing."""
        self.take()
        self.newest = None
        self.worker.set_speed(None)
        self.until(lambda: self.newest is not None)

    def until_longer(self, count: int) -> None:
        """Wait until more than so many steps have arrived."""
        self.until(lambda: len(self.metrics) > count)

    @property
    def steps(self) -> list[int]:
        return [metrics.step for metrics in self.metrics]


@pytest.fixture
def inbox(worker: TrainingWorker, qtbot: QtBot) -> Inbox:
    return Inbox(worker, qtbot)


def begin(inbox: Inbox, **settings: object) -> TrainingConfig:
    """Begin run 1 and wait for its untrained network."""
    config = TrainingConfig(**settings)  # type: ignore[arg-type]
    inbox.worker.begin(1, config)
    inbox.until(lambda: inbox.status is Status.PAUSED and inbox.newest is not None)
    return config


class Barrier:
    """A ReLU that can be told to wait in the middle of a pass, or to fail."""

    def __init__(self) -> None:
        self.reached, self.opened = threading.Event(), threading.Event()
        self.opened.set()
        self.fails = False

    def __call__(self, z: Array) -> Array:
        if not self.opened.is_set():
            self.reached.set()
            assert self.opened.wait(5)
        if self.fails:
            raise ZeroDivisionError("a number was divided by zero")
        return RELU.function(z)

    def close(self) -> None:
        self.reached.clear()
        self.opened.clear()

    def wait(self) -> None:
        assert self.reached.wait(5)


@pytest.fixture
def barrier(monkeypatch: pytest.MonkeyPatch) -> Iterator[Barrier]:
    made = Barrier()
    monkeypatch.setitem(ACTIVATIONS, "barrier", replace(RELU, name="barrier", function=made))
    yield made
    made.opened.set()


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
    inbox.worker.play()
    inbox.until(lambda: inbox.status is Status.FINISHED)
    assert inbox.steps == list(range(12 * 4 + 1))
    assert inbox.newest is not None
    assert inbox.newest.metrics.epoch == 12


@pytest.mark.parametrize("every", [1, 4, 1000])
def test_that_every_step_arrives_once_and_in_order_however_seldom_the_outbox_is_emptied(
    inbox: Inbox, every: int
) -> None:
    begin(inbox, epochs=LONG)
    inbox.worker.play()
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
    inbox.worker.play()
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
    inbox.worker.step(StepSize.EPOCH)
    inbox.until(lambda: inbox.newest is not None and inbox.newest.metrics.step == 1)
    np.testing.assert_array_equal(first.parameters.vector, before)


@pytest.mark.parametrize("batch_size", [0, 50])
def test_that_the_same_seed_gives_the_weights_of_the_trainer_alone(inbox: Inbox, batch_size: int) -> None:
    config = begin(inbox, epochs=8, batch_size=batch_size, seed=9)
    inbox.worker.play()
    inbox.until(lambda: inbox.status is Status.FINISHED)
    rule = SPLITS[config.split]
    chosen = split(small_dataset(), rule.train_count, rule.validation_count, config.seed)
    with Trainer(config, chosen) as trainer, single_blas_thread():
        alone = [metrics for metrics in trainer.run() if metrics is not None]
        expected = trainer.network.parameters.vector
        assert inbox.newest is not None
        np.testing.assert_array_equal(inbox.newest.parameters.vector, expected)
    np.testing.assert_array_equal(np.array(inbox.metrics), np.array(alone))


# -- orders --


def test_that_a_paused_worker_delivers_nothing_new(inbox: Inbox) -> None:
    begin(inbox, epochs=LONG)
    inbox.worker.play()
    inbox.until(lambda: len(inbox.metrics) > 10)
    inbox.worker.pause()
    inbox.until_waiting()
    assert inbox.status is Status.PAUSED
    assert inbox.newest is not None
    steps, moment = len(inbox.metrics), inbox.newest.metrics
    inbox.until_waiting()
    assert (len(inbox.metrics), inbox.newest.metrics) == (steps, moment)
    inbox.worker.play()
    inbox.until(lambda: len(inbox.metrics) > steps)
    assert inbox.steps == list(range(len(inbox.metrics)))


def test_that_pause_is_said_at_once(inbox: Inbox) -> None:
    begin(inbox, epochs=LONG)
    inbox.worker.play()
    inbox.take()
    assert inbox.status is Status.RUNNING
    inbox.worker.pause()
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
    inbox.worker.step(size)
    inbox.until(lambda: len(inbox.metrics) > steps)
    inbox.until_waiting()
    assert inbox.steps == list(range(steps + 1))
    assert inbox.metrics[-1].epoch == epoch
    assert inbox.status is Status.PAUSED


def test_that_every_step_that_is_ordered_is_taken(inbox: Inbox) -> None:
    begin(inbox, batch_size=64)
    for size in (StepSize.EPOCH, StepSize.BATCH, StepSize.BATCH, StepSize.SAMPLE):
        inbox.worker.step(size)
    inbox.until(lambda: len(inbox.metrics) > 8)
    inbox.until_waiting()
    assert [metrics.epoch for metrics in inbox.metrics[5:]] == [1.0, 1.2, 1.4, 1.4 + 1 / 320]


@pytest.mark.parametrize("size", [StepSize.BATCH, StepSize.EPOCH])
def test_that_a_step_in_the_middle_of_a_paused_step_finishes_just_that_step(
    inbox: Inbox, barrier: Barrier, size: StepSize
) -> None:
    begin(inbox, activation="barrier", epochs=LONG)
    barrier.close()
    inbox.worker.play()
    barrier.wait()  # now it is in the middle of the first step
    inbox.worker.pause()
    barrier.opened.set()
    inbox.until_waiting()
    assert inbox.steps == [0]
    inbox.worker.step(size)
    inbox.until(lambda: len(inbox.metrics) > 1)
    inbox.until_waiting()
    assert inbox.steps == [0, 1]
    assert inbox.metrics[-1].epoch == 1


def test_that_pausing_again_and_again_never_swallows_a_step(inbox: Inbox) -> None:
    begin(inbox, epochs=LONG)
    for _ in range(40):
        inbox.worker.play()
        inbox.until_longer(len(inbox.metrics))
        inbox.worker.pause()
        inbox.until_waiting()
        before = len(inbox.metrics)
        inbox.worker.step(StepSize.EPOCH)
        inbox.until_longer(before)
        inbox.until_waiting()
        assert len(inbox.metrics) == before + 1


def test_that_a_changed_learning_rate_is_used_by_the_next_step(inbox: Inbox) -> None:
    begin(inbox)
    start = inbox.newest
    inbox.worker.set_learning_rate(0.5)
    inbox.worker.step(StepSize.BATCH)
    inbox.until(lambda: inbox.newest is not None and inbox.newest.metrics.step == 1)
    assert start is not None
    assert inbox.newest is not None
    assert inbox.newest.learning_rate == 0.5
    expected = start.parameters.vector - np.float32(0.5) * start.gradient.vector
    np.testing.assert_allclose(inbox.newest.parameters.vector, expected, rtol=1e-6)


def test_that_batch_size_and_epochs_change_under_way(inbox: Inbox) -> None:
    begin(inbox, epochs=LONG)
    inbox.worker.play()
    inbox.until(lambda: len(inbox.metrics) > 5)
    inbox.worker.set_batch_size(160)
    inbox.until(lambda: inbox.metrics[-1].samples == 160)
    inbox.worker.set_epochs(int(inbox.metrics[-1].epoch) + 10)
    inbox.until(lambda: inbox.status is Status.FINISHED)
    inbox.worker.set_epochs(int(inbox.metrics[-1].epoch) + 3)
    inbox.worker.play()
    finished = inbox.metrics[-1].epoch
    inbox.until(lambda: inbox.status is Status.FINISHED and inbox.metrics[-1].epoch == finished + 3)


def test_that_the_speed_limit_holds_and_can_be_lifted(inbox: Inbox) -> None:
    begin(inbox, epochs=LONG)
    inbox.worker.set_speed(40)
    inbox.worker.play()
    inbox.until(lambda: len(inbox.metrics) > 16)
    taken = inbox.times[16] - inbox.times[1]
    assert 14 / 40 <= taken < 10 * 15 / 40  # the outbox is looked into every 10 ms
    inbox.worker.set_speed(None)
    count = len(inbox.metrics)
    inbox.until(lambda: len(inbox.metrics) > count + 100)
    assert inbox.times[-1] - inbox.times[count] < 100 / 40


def test_that_a_speed_limit_does_not_hold_up_a_single_step_or_a_pause(inbox: Inbox) -> None:
    begin(inbox, epochs=LONG)
    inbox.worker.set_speed(0.001)
    inbox.worker.play()
    inbox.until(lambda: len(inbox.metrics) > 1)
    inbox.worker.step(StepSize.BATCH)
    inbox.until(lambda: len(inbox.metrics) > 2)
    assert inbox.status is Status.PAUSED


# -- one run after another --


def test_that_nothing_of_an_old_run_is_delivered(inbox: Inbox, barrier: Barrier) -> None:
    begin(inbox, activation="barrier", epochs=LONG)
    inbox.worker.play()
    inbox.until(lambda: len(inbox.metrics) > 5)
    barrier.close()
    barrier.wait()
    inbox.worker.begin(2, TrainingConfig(hidden=(3,)))
    inbox.metrics.clear()
    inbox.run_ids.clear()
    inbox.take()
    barrier.opened.set()
    inbox.until(lambda: inbox.status is Status.PAUSED)
    inbox.until_waiting()
    assert inbox.run_ids == {2}
    assert inbox.steps == [0]
    assert inbox.newest is not None
    assert inbox.newest.run_id == 2
    assert inbox.newest.parameters.sizes == (784, 3, 10)


def slow_loader(monkeypatch: pytest.MonkeyPatch) -> tuple[threading.Event, threading.Event]:
    """Make loading wait; returns the events that say it has begun, and let it go on."""
    begun, released = threading.Event(), threading.Event()

    def load() -> Dataset:
        begun.set()
        assert released.wait(5)
        return small_dataset()

    monkeypatch.setitem(DATASETS, "mnist", DatasetSource("mnist", "Small", load, load))
    return begun, released


def test_that_beginning_again_while_loading_wins(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, released = slow_loader(monkeypatch)
    inbox.worker.begin(1, TrainingConfig())
    assert begun.wait(5)
    inbox.worker.begin(2, TrainingConfig(hidden=(6,)))
    released.set()
    inbox.until(lambda: inbox.status is Status.PAUSED and inbox.newest is not None)
    assert inbox.newest is not None
    assert inbox.newest.parameters.sizes == (784, 6, 10)
    assert inbox.run_ids == {2}


def test_that_orders_given_while_loading_hold_for_the_new_network(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, released = slow_loader(monkeypatch)
    inbox.worker.begin(1, TrainingConfig())
    assert begun.wait(5)
    inbox.take()
    assert inbox.status is Status.LOADING
    inbox.worker.set_learning_rate(0.3)
    inbox.worker.set_epochs(4)
    inbox.worker.play()
    released.set()
    inbox.until(lambda: inbox.status is Status.FINISHED)
    assert inbox.newest is not None
    assert (inbox.newest.metrics.step, inbox.newest.learning_rate) == (4, 0.3)


# -- what goes wrong --


def test_that_data_which_can_not_be_loaded_fail_the_run_with_their_message(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load() -> Dataset:
        raise DataError("train-images.gz: the file is truncated. Reinstall MicroNN.")

    monkeypatch.setitem(DATASETS, "mnist", DatasetSource("mnist", "Small", load, load))
    inbox.worker.begin(1, TrainingConfig())
    inbox.until(lambda: inbox.status is Status.FAILED)
    assert inbox.failure == "train-images.gz: the file is truncated. Reinstall MicroNN."
    assert inbox.metrics == []


def test_that_a_data_set_too_small_for_its_split_fails_the_run_in_words(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SPLITS, "48000/12000", SplitRule("48000/12000", "48k / 12k", 500, 80, ""))
    inbox.worker.begin(1, TrainingConfig())
    inbox.until(lambda: inbox.status is Status.FAILED)
    assert "has 400 samples, but the split needs 580" in inbox.failure


def test_that_after_overflow_the_last_good_weights_stay_and_a_smaller_rate_goes_on(inbox: Inbox) -> None:
    begin(inbox, activation="leaky_relu", learning_rate=1000.0, epochs=LONG)
    inbox.worker.play()
    inbox.until(lambda: inbox.failure != "")
    assert "learning rate of 1000 is too large" in inbox.failure
    assert inbox.status is Status.PAUSED
    good = inbox.newest
    assert good is not None
    assert np.isfinite(good.parameters.vector).all()
    assert good.metrics == inbox.metrics[-1]
    inbox.worker.set_learning_rate(1e-9)
    inbox.worker.step(StepSize.EPOCH)
    inbox.until(lambda: inbox.metrics[-1].step == good.metrics.step + 1)


def test_that_an_unexpected_error_becomes_a_message_and_a_new_run_goes_on(
    inbox: Inbox, barrier: Barrier, caplog: pytest.LogCaptureFixture
) -> None:
    begin(inbox, activation="barrier", epochs=LONG)
    inbox.worker.play()
    inbox.until(lambda: len(inbox.metrics) > 3)
    with caplog.at_level(logging.CRITICAL):
        barrier.fails = True
        inbox.until(lambda: inbox.status is Status.FAILED)
    assert "ZeroDivisionError: a number was divided by zero" in inbox.failure
    assert "make a new network" in inbox.failure
    last = inbox.newest
    assert last is not None
    assert last.metrics == inbox.metrics[-1]
    inbox.metrics.clear()
    inbox.worker.begin(2, TrainingConfig(epochs=3))
    inbox.worker.play()
    inbox.until(lambda: inbox.status is Status.FINISHED)
    assert inbox.steps == [0, 1, 2, 3]


# -- the end --


def assert_closes_quickly(worker: TrainingWorker) -> None:
    before = time.monotonic()
    worker.close()
    assert time.monotonic() - before < QUICK
    names = [thread.name for thread in threading.enumerate()]
    assert not [name for name in names if name.startswith("micronn")]


def test_that_a_worker_without_a_run_closes_and_closing_twice_is_harmless(worker: TrainingWorker) -> None:
    assert_closes_quickly(worker)
    assert_closes_quickly(worker)


def test_that_closing_while_mnist_is_loading_ends_within_a_second(
    worker: TrainingWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, source = threading.Event(), REAL

    def load() -> Dataset:
        begun.set()
        return source.load_train()

    monkeypatch.setitem(DATASETS, "mnist", DatasetSource("mnist", "MNIST", load, load))
    monkeypatch.setitem(SPLITS, "48000/12000", SplitRule("48000/12000", "48k / 12k", 48_000, 12_000, ""))
    worker.begin(1, TrainingConfig())
    assert begun.wait(5)
    assert_closes_quickly(worker)


def test_that_closing_while_training_mnist_ends_within_a_second(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(DATASETS, "mnist", REAL)
    monkeypatch.setitem(SPLITS, "48000/12000", SplitRule("48000/12000", "48k / 12k", 48_000, 12_000, ""))
    begin(inbox, hidden=(128,))
    inbox.worker.play()
    inbox.until(lambda: len(inbox.metrics) > 1)
    assert_closes_quickly(inbox.worker)


def test_that_a_paused_or_finished_worker_closes_within_a_second(inbox: Inbox) -> None:
    begin(inbox, epochs=3)
    inbox.worker.play()
    inbox.until(lambda: inbox.status is Status.FINISHED)
    assert_closes_quickly(inbox.worker)
