"""Early stopping: how long it waits, and what it goes back to."""

from __future__ import annotations

import math

import numpy as np
import pytest

from micronn_core.common.errors import TrainingDiverged
from micronn_core.nn.network import Parameters
from micronn_core.training.early_stopping import EarlyStopping, check_finite
from micronn_core.training.history import Metrics
from tests.core.training_runs import change, steps, trainer

OVERFITTING = {"learning_rate": 3.0, "epochs": 400, "hidden": (16,)}
"""Few samples and long strides: the validation loss soon rises again."""


def moment(epoch: float, loss: float) -> Metrics:
    return Metrics(int(epoch * 10), epoch, 0.1, 1.0, 40, loss, 0.5)


def weights(value: float) -> Parameters:
    return Parameters((2, 2, 2), np.full(12, value))


def test_that_the_best_moment_is_the_one_of_the_lowest_validation_loss() -> None:
    stopping = EarlyStopping(0)
    for epoch, loss in enumerate((2.0, 1.0, 1.5, math.nan, 1.0)):
        stopping.note(moment(epoch, loss), weights(epoch))
    assert stopping.best is not None
    assert stopping.best.metrics.epoch == 1
    assert set(stopping.best.parameters.vector) == {1.0}


def test_that_the_best_weights_do_not_follow_the_network() -> None:
    stopping, trained = EarlyStopping(0), weights(1)
    stopping.note(moment(1, 0.5), trained)
    trained.vector[:] = 7
    assert stopping.best is not None
    assert set(stopping.best.parameters.vector) == {1.0}


def test_that_patience_is_counted_in_epochs_since_the_best() -> None:
    stopping = EarlyStopping(3)
    assert not stopping.is_due(100)
    stopping.note(moment(2, 0.5), weights(1))
    assert [stopping.is_due(epoch) for epoch in (2, 4.9, 5, 6)] == [False, False, True, True]
    stopping.wait_anew(6)
    assert [stopping.is_due(epoch) for epoch in (6, 8.5, 9)] == [False, False, True]


def test_that_a_run_without_patience_goes_on_to_its_end() -> None:
    with trainer(**OVERFITTING) as made:
        told = steps(made.run())
        assert told[-1].epoch == 400
        assert not made.stopped_early
        assert made.best is not None
        assert made.best.metrics.validation_loss == min(metrics.validation_loss for metrics in told)


@pytest.mark.parametrize("batch_size", [0, 8])
def test_that_a_run_stops_early_with_its_best_weights(batch_size: int) -> None:
    with trainer(**OVERFITTING, batch_size=batch_size, patience=5) as made:
        told = steps(made.run())
        assert made.finished
        assert made.stopped_early
        *before, last = told
        losses = [m.validation_loss for m in before if math.isfinite(m.validation_loss)]
        best = min(before, key=lambda m: m.validation_loss if math.isfinite(m.validation_loss) else math.inf)
        assert last.validation_loss == min(losses)
        assert last.step == before[-1].step + 1
        assert last.epoch == before[-1].epoch < 400
        assert 5 <= before[-1].epoch - best.epoch < 5.3
        assert made.best is not None
        np.testing.assert_array_equal(made.network.parameters.vector, made.best.parameters.vector)
        assert steps(made.step()) == []


def test_that_more_epochs_let_a_stopped_run_go_on() -> None:
    with trainer(**OVERFITTING, patience=5) as made:
        ended = steps(made.run())[-1]
        change(made, epochs=500)
        assert not made.finished
        more = steps(made.run())
        assert made.stopped_early
        assert more[0].step == ended.step + 1
        assert more[-1].epoch - ended.epoch >= 5


@pytest.mark.parametrize(("rate", "advice"), [(1000.0, 0.1), (0.2, 0.1), (0.1, 0.01), (0.004, 0.0004)])
def test_that_a_run_that_diverges_is_advised_a_smaller_learning_rate(rate: float, advice: float) -> None:
    some = np.ones(3)
    words = rf"of {rate:g} is too large; .* \({advice:g} is a good start\)"
    with pytest.raises(TrainingDiverged, match=words):
        check_finite(1, rate, math.nan, some, some)
