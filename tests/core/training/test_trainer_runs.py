"""The rules of a run: when it validates, where it pauses and ends, and what it does with overflow."""

from __future__ import annotations

import math
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest

from micronn_core.common.errors import TrainingDiverged
from micronn_core.data.splits import split
from micronn_core.nn.network import Parameters
from micronn_core.training.compute import passes
from micronn_core.training.compute.batches import Chunk
from micronn_core.training.compute.blas import single_blas_thread
from micronn_core.training.compute.passes import PIECE_OPERATIONS
from micronn_core.training.history import Metrics
from micronn_core.training.trainer import StepSize, Trainer
from tests.core.samples import made_up_split, mnist
from tests.core.training_runs import change, config, steps, trainer

# ------------------------------------------------------------------ when validation is measured

EARLY_STEPS = {2**i for i in range(20)}


def validated(told: list[Metrics]) -> list[float]:
    return [metrics.epoch for metrics in told if math.isfinite(metrics.validation_accuracy)]


@pytest.mark.parametrize("batch_size", [1, 2, 5])
def test_that_validation_is_measured_at_early_steps_and_at_each_quarter_of_an_epoch(batch_size: int) -> None:
    with trainer(batch_size=batch_size, epochs=2) as made:
        told = steps(made.run())
    early = {metrics.epoch for metrics in told if metrics.step in EARLY_STEPS}
    assert validated(told) == sorted(early | {i / 4 for i in range(9)})


@pytest.mark.parametrize("size", StepSize)
def test_that_validation_is_measured_at_the_end_of_each_epoch(size: StepSize) -> None:
    with trainer(batch_size=16, epochs=3) as made:
        assert {0, 1, 2, 3} <= set(validated(steps(made.run(size))))


def test_that_an_epoch_in_one_go_measures_validation_no_more_often_than_batch_by_batch() -> None:
    with trainer(batch_size=1, epochs=1) as whole, trainer(batch_size=1, epochs=1) as piecewise:
        assert validated(steps(whole.run(StepSize.EPOCH))) == validated(steps(piecewise.run()))


def test_that_validation_is_measured_after_every_step_by_sample() -> None:
    with trainer() as made:
        steps(made.start())
        told = [steps(made.step(StepSize.SAMPLE))[-1] for _ in range(5)]
    assert len(validated(told)) == 5


# ------------------------------------------------------------------ where a run pauses and ends


def test_that_a_run_stops_at_the_set_epochs_and_goes_on_when_more_are_added() -> None:
    with trainer(epochs=2) as made, trainer(epochs=5) as whole:
        assert [metrics.epoch for metrics in steps(made.run())] == [0, 1, 2]
        assert made.finished
        assert steps(made.run()) == []
        assert steps(made.step()) == []
        change(made, epochs=5)
        assert not made.finished
        assert [metrics.epoch for metrics in steps(made.run())] == [3, 4, 5]
        steps(whole.run())
        np.testing.assert_array_equal(made.network.parameters.vector, whole.network.parameters.vector)


def test_that_a_run_that_is_given_up_anywhere_goes_on_as_if_nothing_had_been(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("micronn_core.training.compute.passes.CHUNK", 64)
    monkeypatch.setattr("micronn_core.training.compute.passes.PIECE_OPERATIONS", 1)
    chosen = made_up_split(300, 200)
    with trainer(chosen, batch_size=150) as made, trainer(chosen, batch_size=150) as whole:
        told = []
        for count in [*range(1, 30), 10_000]:
            run = made.run()
            told += [metrics for metrics, _ in zip(run, range(count), strict=False) if metrics is not None]
            run.close()
        assert repr(told) == repr(steps(whole.run()))
        np.testing.assert_array_equal(made.network.parameters.vector, whole.network.parameters.vector)


def test_that_starting_measures_the_untrained_network_once() -> None:
    with trainer() as made:
        assert [metrics.step for metrics in steps(made.start())] == [0]
        assert steps(made.start()) == []
        assert [metrics.step for metrics in steps(made.run())] == [1, 2, 3]


def test_that_before_the_start_there_are_no_figures() -> None:
    with trainer() as made:
        assert made.metrics.samples == 0
        assert math.isnan(made.metrics.loss)
        assert not made.finished


@pytest.mark.parametrize(("hidden", "batch_size"), [((10,), 0), ((128,), 0), ((512,), 0), ((128, 32), 128)])
def test_that_every_piece_of_work_is_bounded(
    hidden: tuple[int, ...], batch_size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    operations = 0
    lock = threading.Lock()
    run_chunk = passes._run_chunk

    def counted(task: passes._Task, chunk: Chunk, i: int) -> passes._Part:
        nonlocal operations
        with lock:
            weights = Parameters.count(task.parameters.sizes)
            operations += len(chunk.labels) * weights * (6 if task.gradient else 2)
        return run_chunk(task, chunk, i)

    monkeypatch.setattr("micronn_core.training.compute.passes._run_chunk", counted)
    chosen = split(mnist(), 4000, 1000, seed=0)
    with (
        Trainer(config(hidden=hidden, batch_size=batch_size, epochs=1), chosen) as made,
        single_blas_thread(),
    ):
        most = 0
        for metrics in made.run():
            most, operations = max(most, operations), 0
            if metrics is not None and metrics.step == 5:
                break
    assert 0 < most <= PIECE_OPERATIONS


def test_that_the_helper_threads_end_with_the_trainer() -> None:
    def helpers() -> list[threading.Thread]:
        return [thread for thread in threading.enumerate() if thread.name.startswith("micronn-pass")]

    with trainer(made_up_split(6000, 200), threads=3) as made:
        steps(made.run())
        assert helpers()
    assert not helpers()


def test_that_a_run_can_be_driven_by_one_thread_and_given_up_by_another() -> None:
    with trainer(batch_size=7) as made, warnings.catch_warnings():
        warnings.simplefilter("error")
        run = made.run()
        driver = threading.Thread(target=lambda: [next(run) for _ in range(5)])
        driver.start()
        driver.join()
        run.close()
        assert np.geterr()["over"] == "warn"


# ------------------------------------------------------------------ when the weights overflow


@contextmanager
def diverging(**settings: Any) -> Iterator[Trainer]:  # noqa: ANN401
    """A trainer whose first moment is finite and whose next step is not."""
    with trainer(made_up_split(4000), learning_rate=1000, **settings) as made:
        made.network.parameters.layers[-1].weight[...] *= (
            1e155 if settings.get("dtype") == "float64" else 1e20
        )
        yield made


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("batch_size", [0, 64])
def test_that_weights_that_overflow_are_refused_and_the_last_good_moment_stays(
    batch_size: int, dtype: str, threads: int
) -> None:
    with diverging(batch_size=batch_size, dtype=dtype, threads=threads) as made:
        told = steps(made.start())
        good = made.snapshot()
        with pytest.raises(TrainingDiverged) as caught:
            told += steps(made.run())
        last = made.snapshot()
    assert [metrics.step for metrics in told] == [0]
    assert repr(last.metrics) == repr(good.metrics)
    np.testing.assert_array_equal(last.parameters.vector, good.parameters.vector)
    np.testing.assert_array_equal(last.gradient.vector, good.gradient.vector)
    assert np.isfinite(last.parameters.vector).all()
    message = str(caught.value)
    assert message.startswith("At step 1 ")
    assert "The learning rate of 1000 is too large" in message
    assert dtype in message


def test_that_a_smaller_learning_rate_leads_on_from_the_last_good_moment() -> None:
    with diverging() as made:
        with pytest.raises(TrainingDiverged):
            steps(made.run())
        change(made, learning_rate=1e-9)
        told = steps(made.step())
    assert [metrics.step for metrics in told] == [1]
    assert math.isfinite(told[0].loss)


def test_that_weights_which_do_not_show_in_the_loss_are_looked_at_too() -> None:
    chosen = made_up_split()
    with trainer(chosen, learning_rate=1000) as made:
        steps(made.start())
        made.network.parameters.layers[0].bias[0] = -3e38  # a neuron that is never on
        made._gradient.layers[0].bias[0] = 1e38
        with pytest.raises(TrainingDiverged):
            steps(made.step())
        assert np.isfinite(made.network.parameters.vector).all()
