"""The rules of the learning-rate schedules."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from micronn_core.nn.schedules import SCHEDULES
from tests.core.training_runs import TRAIN, change, snapshots, steps, trainer

VALUES = {
    "constant": {0: 1, 0.3: 1, 1: 1},
    "step": {0: 1, 0.49: 1, 0.5: 0.1, 0.74: 0.1, 0.75: 0.01, 1: 0.01},
    "exponential": {0: 1, 0.25: 10**-0.5, 0.5: 0.1, 1: 0.01},
    "cosine": {0: 1, 1 / 3: 0.75, 0.5: 0.5, 2 / 3: 0.25, 1: 0},
    "warm-up": {0: 0.1, 0.05: 0.55, 0.1: 1, 0.7: 1, 1: 1},
}
every_schedule = pytest.mark.parametrize("name", SCHEDULES)


@every_schedule
def test_that_a_schedule_has_the_values_of_its_formula(name: str) -> None:
    for progress, factor in VALUES[name].items():
        assert SCHEDULES[name].factor(progress) == pytest.approx(factor, abs=1e-15)


@every_schedule
def test_that_a_schedule_never_stops_a_run_nor_exceeds_the_learning_rate(name: str) -> None:
    factors = [SCHEDULES[name].factor(progress) for progress in np.linspace(0, 1, 1000, endpoint=False)]
    assert 0 < min(factors) <= max(factors) <= 1


@every_schedule
def test_that_a_schedule_explains_itself(name: str) -> None:
    schedule = SCHEDULES[name]
    assert (schedule.name, bool(schedule.label)) == (name, True)
    assert schedule.description.endswith(".")
    assert r"\alpha" in schedule.latex


@every_schedule
@pytest.mark.parametrize("batch_size", [0, 10])
def test_that_each_step_is_taken_at_the_rate_its_moment_names(name: str, batch_size: int) -> None:
    with trainer(schedule=name, batch_size=batch_size, epochs=4) as made:
        moments = snapshots(made)
    for before, after in pairwise(moments):
        rate = 0.5 * SCHEDULES[name].factor(before.metrics.epoch / 4)
        assert before.learning_rate == pytest.approx(rate, rel=1e-12)
        expected = before.parameters.vector - np.float32(before.learning_rate) * before.gradient.vector
        np.testing.assert_array_equal(after.parameters.vector, expected)


def test_that_the_base_rate_and_the_number_of_epochs_can_change_on_a_schedule() -> None:
    with trainer(schedule="cosine", epochs=4) as made:
        steps(made.start())
        steps(made.step())
        steps(made.step())
        assert made.step_rate == pytest.approx(0.25)
        change(made, learning_rate=0.1)
        assert (made.config.learning_rate, made.step_rate) == (0.1, pytest.approx(0.05))
        change(made, epochs=8)
        assert made.step_rate == pytest.approx(0.1 * SCHEDULES["cosine"].factor(0.25))
        change(made, epochs=1)
        assert made.step_rate == 0


def test_that_progress_is_counted_in_samples_of_the_present_epoch() -> None:
    with trainer(schedule="exponential", batch_size=10, epochs=1) as made:
        steps(made.start())
        steps(made.step())
        assert made.step_rate == pytest.approx(0.5 * 0.01 ** (10 / TRAIN))
