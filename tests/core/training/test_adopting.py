"""A run goes on with weights that came from elsewhere."""

from __future__ import annotations

import numpy as np
import pytest

from micronn_core.common.errors import TrainingDiverged
from micronn_core.nn.network import Parameters
from micronn_core.training.trainer import Trainer
from tests.core.samples import made_up_split
from tests.core.training_runs import CLASSES, TRAIN, VALIDATION, steps, trainer


def others(made: Trainer, seed: int = 3) -> Parameters:
    """Return other weights of the trainer's shape, in float64."""
    given = made.network.parameters
    vector = np.random.default_rng(seed).normal(0, 0.3, given.vector.size)
    return Parameters(made.network.sizes, vector)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_that_the_network_has_the_given_weights_in_its_own_precision(dtype: str) -> None:
    with trainer(dtype=dtype) as made:
        given = others(made)
        steps(made.adopt(given))
        vector = made.network.parameters.vector
        assert vector.dtype == dtype
        np.testing.assert_array_equal(vector, given.vector.astype(dtype))


def test_that_the_weights_are_copied() -> None:
    with trainer() as made:
        given = others(made)
        steps(made.adopt(given))
        before = made.network.parameters.vector.copy()
        given.vector[...] = 0
        np.testing.assert_array_equal(made.network.parameters.vector, before)


@pytest.mark.parametrize("batch_size", [1, 7, 0])
def test_that_it_counts_as_a_step_at_the_same_place_of_the_epoch(batch_size: int) -> None:
    with trainer(batch_size=batch_size) as made:
        told = steps(made.start())
        told += steps(made.step())
        epoch = told[-1].epoch
        (adopted,) = steps(made.adopt(others(made)))
    assert adopted.step == 2
    assert adopted.epoch == epoch


def test_that_an_untrained_network_is_measured_first() -> None:
    with trainer() as made:
        told = steps(made.adopt(others(made)))
    assert [metrics.step for metrics in told] == [0, 1]


@pytest.mark.parametrize("batch_size", [4, 0])
def test_that_loss_gradient_and_validation_are_those_of_the_given_weights(batch_size: int) -> None:
    data = made_up_split(TRAIN, VALIDATION, classes=CLASSES)
    with trainer(data, batch_size=batch_size, dtype="float64") as made:
        steps(made.start())
        (told,) = steps(made.adopt(others(made)))
        gradient = made.snapshot().gradient.vector
    with trainer(data, batch_size=batch_size, dtype="float64") as fresh:
        np.copyto(fresh.network.parameters.vector, others(fresh).vector)
        (expected,) = steps(fresh.start())
        np.testing.assert_allclose(gradient, fresh.snapshot().gradient.vector, rtol=1e-9, atol=1e-12)
    assert told.loss == pytest.approx(expected.loss, rel=1e-12)
    assert told.validation_loss == pytest.approx(expected.validation_loss, rel=1e-12)
    assert told.validation_accuracy == expected.validation_accuracy


def test_that_training_goes_on_from_the_given_weights_by_their_own_gradient() -> None:
    with trainer(batch_size=5, dtype="float64") as made:
        steps(made.start())
        steps(made.step())
        given = others(made)
        steps(made.adopt(given))
        gradient = made.snapshot().gradient.vector.copy()
        (told,) = steps(made.step())
        expected = given.vector - made.config.learning_rate * gradient
        np.testing.assert_allclose(made.network.parameters.vector, expected, rtol=1e-12)
    assert told.step == 3


def test_that_a_finished_run_adopts_weights_and_stays_finished() -> None:
    with trainer(epochs=2) as made:
        steps(made.run())
        end = made.metrics
        given = others(made)
        (told,) = steps(made.adopt(given))
        assert made.finished
        assert told.epoch == end.epoch == 2
        assert told.step == end.step + 1
        np.testing.assert_array_equal(made.network.parameters.vector, given.vector.astype(np.float32))


@pytest.mark.parametrize("bad", [np.inf, np.nan])
def test_that_weights_without_a_finite_loss_are_refused_and_change_nothing(bad: float) -> None:
    with trainer() as made:
        steps(made.start())
        before, metrics = made.network.parameters.vector.copy(), made.metrics
        given = others(made)
        given.vector[0] = bad
        with np.errstate(all="ignore"), pytest.raises(TrainingDiverged):
            steps(made.adopt(given))
        np.testing.assert_array_equal(made.network.parameters.vector, before)
        assert made.metrics is metrics
        steps(made.step())
        assert made.metrics.step == 1


def test_that_given_up_half_way_it_never_was() -> None:
    with trainer() as made:
        steps(made.start())
        before = made.network.parameters.vector.copy()
        pieces = made.adopt(others(made))
        assert next(pieces) is None
        pieces.close()
        assert made.metrics.step == 0
        np.testing.assert_array_equal(made.network.parameters.vector, before)
        steps(made.adopt(others(made)))
        assert made.metrics.step == 1
