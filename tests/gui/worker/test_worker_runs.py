"""The training thread: one run after another, what goes wrong, and that it always ends."""

from __future__ import annotations

import logging
import threading

import numpy as np
import pytest

from micronn_core.common.errors import DataError
from micronn_core.data.catalog import DATASETS, DatasetSource
from micronn_core.data.dataset import Dataset
from micronn_core.data.features import DIGITS_SPEC
from micronn_core.data.splits import SPLITS, SplitRule
from micronn_core.settings.config import TrainingConfig
from micronn_core.training.trainer import StepSize
from micronn_gui.worker.commands import Begin, Play, Step
from micronn_gui.worker.training_worker import TrainingWorker
from micronn_gui.worker.update import Status
from tests.gui.inbox import Barrier, Inbox, begin
from tests.gui.running import LONG, small_dataset

REAL = DATASETS["mnist"]


# -- one run after another --


def test_that_nothing_of_an_old_run_is_delivered(inbox: Inbox, barrier: Barrier) -> None:
    begin(inbox, activation="barrier", epochs=LONG)
    inbox.worker.send(Play())
    inbox.until(lambda: len(inbox.metrics) > 5)
    barrier.close()
    barrier.wait()
    inbox.worker.send(Begin(2, TrainingConfig(hidden=(3,))))
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

    monkeypatch.setitem(DATASETS, "mnist", DatasetSource("mnist", "Small", load, load, DIGITS_SPEC))
    return begun, released


def test_that_beginning_again_while_loading_wins(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, released = slow_loader(monkeypatch)
    inbox.worker.send(Begin(1, TrainingConfig()))
    assert begun.wait(5)
    inbox.worker.send(Begin(2, TrainingConfig(hidden=(6,))))
    released.set()
    inbox.until(lambda: inbox.status is Status.PAUSED and inbox.newest is not None)
    assert inbox.newest is not None
    assert inbox.newest.parameters.sizes == (784, 6, 10)
    assert inbox.run_ids == {2}


def test_that_commands_given_while_loading_hold_for_the_new_network(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, released = slow_loader(monkeypatch)
    inbox.worker.send(Begin(1, TrainingConfig()))
    assert begun.wait(5)
    inbox.take()
    assert inbox.status is Status.LOADING
    inbox.change(learning_rate=0.3)
    inbox.change(epochs=4)
    inbox.worker.send(Play())
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

    monkeypatch.setitem(DATASETS, "mnist", DatasetSource("mnist", "Small", load, load, DIGITS_SPEC))
    inbox.worker.send(Begin(1, TrainingConfig()))
    inbox.until(lambda: inbox.status is Status.FAILED)
    assert inbox.failure == "train-images.gz: the file is truncated. Reinstall MicroNN."
    assert inbox.metrics == []


def test_that_a_data_set_too_small_for_its_split_fails_the_run_in_words(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SPLITS, "48000/12000", SplitRule("48000/12000", "48k / 12k", 500, 80, ""))
    inbox.worker.send(Begin(1, TrainingConfig()))
    inbox.until(lambda: inbox.status is Status.FAILED)
    assert "has 400 samples, but the split needs 580" in inbox.failure


def test_that_after_overflow_the_last_good_weights_stay_and_a_smaller_rate_goes_on(inbox: Inbox) -> None:
    begin(inbox, activation="leaky_relu", learning_rate=1000.0, epochs=LONG)
    inbox.worker.send(Play())
    inbox.until(lambda: inbox.failure != "")
    assert "learning rate of 1000 is too large" in inbox.failure
    assert inbox.status is Status.PAUSED
    good = inbox.newest
    assert good is not None
    assert np.isfinite(good.parameters.vector).all()
    assert good.metrics == inbox.metrics[-1]
    inbox.change(learning_rate=1e-9)
    inbox.worker.send(Step(StepSize.EPOCH))
    inbox.until(lambda: inbox.metrics[-1].step == good.metrics.step + 1)


def test_that_an_unexpected_error_becomes_a_message_and_a_new_run_goes_on(
    inbox: Inbox, barrier: Barrier, caplog: pytest.LogCaptureFixture
) -> None:
    begin(inbox, activation="barrier", epochs=LONG)
    inbox.worker.send(Play())
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
    inbox.worker.send(Begin(2, TrainingConfig(epochs=3)))
    inbox.worker.send(Play())
    inbox.until(lambda: inbox.status is Status.FINISHED)
    assert inbox.steps == [0, 1, 2, 3]


# -- the end --


def assert_closed(worker: TrainingWorker) -> None:
    """Close it, and see that nothing of it runs any longer."""
    worker.close()
    names = [thread.name for thread in threading.enumerate()]
    assert not [name for name in names if name.startswith("micronn")]


def test_that_a_worker_without_a_run_closes_and_closing_twice_is_harmless(worker: TrainingWorker) -> None:
    assert_closed(worker)
    assert_closed(worker)


def too_few() -> Dataset:
    """A dataset that no split can be made of: whoever tries reports a failure."""
    dataset = small_dataset()
    return dataset.taken(np.arange(10))


def test_that_closing_while_data_are_loading_makes_nothing_of_them(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load() -> Dataset:
        inbox.worker.stop()
        return too_few()

    monkeypatch.setitem(DATASETS, "mnist", DatasetSource("mnist", "Few", load, load, DIGITS_SPEC))
    inbox.worker.send(Begin(1, TrainingConfig()))
    assert_closed(inbox.worker)
    inbox.take()
    assert (inbox.failure, inbox.newest, inbox.metrics) == ("", None, [])


def test_that_another_network_while_data_are_loading_makes_nothing_of_them(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load() -> Dataset:
        inbox.worker.send(Begin(1, TrainingConfig()))
        return too_few()

    monkeypatch.setitem(DATASETS, "few", DatasetSource("few", "Few", load, load, DIGITS_SPEC))
    inbox.worker.send(Begin(1, TrainingConfig(dataset="few")))
    inbox.until(lambda: inbox.newest is not None)
    assert inbox.failure == ""


def test_that_closing_while_mnist_is_trained_ends_the_training_long_before_its_last_epoch(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(DATASETS, "mnist", REAL)
    monkeypatch.setitem(SPLITS, "48000/12000", SplitRule("48000/12000", "48k / 12k", 48_000, 12_000, ""))
    begin(inbox, hidden=(128,), epochs=LONG)
    inbox.worker.send(Play())
    inbox.until(lambda: len(inbox.metrics) > 1)
    assert_closed(inbox.worker)
    inbox.take()
    assert inbox.metrics[-1].epoch < LONG


def test_that_a_finished_worker_closes(inbox: Inbox) -> None:
    begin(inbox, epochs=3)
    inbox.worker.send(Play())
    inbox.until(lambda: inbox.status is Status.FINISHED)
    assert_closed(inbox.worker)
