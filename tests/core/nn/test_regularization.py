"""The rules of penalties and clipping, and of steps that are given up."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

from micronn_core.common.errors import TrainingDiverged
from micronn_core.nn.loss import cross_entropy
from micronn_core.nn.network import Network, Parameters
from micronn_core.nn.optimizers import OPTIMIZERS
from micronn_core.nn.regularization import Penalties
from tests.core.samples import made_up_split
from tests.core.training_runs import change, snapshots, steps, trainer


def penalised(**settings: float) -> list[float]:
    """Return the gradient for sizes (2, 1, 2): W1 (1, 2) and b1, W2 (2, 1) and b2."""
    sizes = (2, 1, 2)
    weights = Parameters(sizes, np.array([3.0, -2.0, 9.0, 0.0, 5.0, -4.0, 6.0]))
    slopes = Parameters(sizes, np.ones(7))
    chosen = {"l2": 0.0, "l1": 0.0, "clip": 0.0, **settings}
    found = Penalties(sizes, np.float64, **chosen).apply(weights, slopes)
    assert slopes.vector.tolist() == [1.0] * 7
    return found.vector.tolist()


def test_that_l2_pulls_weights_by_their_value_and_biases_not_at_all() -> None:
    assert penalised(l2=0.5) == [1 + 1.5, 1 - 1.0, 1, 1, 1 + 2.5, 1, 1]


def test_that_l1_pulls_weights_by_their_sign_and_biases_not_at_all() -> None:
    assert penalised(l1=0.25) == [1.25, 0.75, 1, 1, 1.25, 1, 1]


def test_that_a_long_gradient_is_clipped_to_the_norm_and_keeps_its_direction() -> None:
    found = penalised(clip=0.5)
    np.testing.assert_allclose(found, np.full(7, 0.5 / 7**0.5), rtol=1e-15)


def test_that_a_short_gradient_is_not_clipped() -> None:
    assert penalised(clip=3.0) == [1.0] * 7


def test_that_the_penalties_are_clipped_with_the_gradient() -> None:
    assert np.linalg.norm(penalised(l2=0.5, l1=0.25, clip=0.5)) == pytest.approx(0.5, rel=1e-15)


def test_that_without_penalties_the_gradient_itself_is_used() -> None:
    gradient = Parameters((2, 1, 2))
    assert Penalties((2, 1, 2), np.float32, 0, 0, 0).apply(Parameters((2, 1, 2)), gradient) is gradient


def test_that_the_reported_loss_and_gradient_stay_those_of_the_data() -> None:
    chosen = made_up_split(dtype="float64")
    with trainer(chosen, dtype="float64", l2=0.1, l1=0.01, clip=0.3) as made:
        moments = snapshots(made)
    for moment in moments:
        network = Network(moment.parameters)
        trace = network.forward(chosen.train.x)
        assert moment.metrics.loss == pytest.approx(
            cross_entropy(trace.logits, chosen.train.labels), rel=1e-12
        )
        plain = network.backward(trace, chosen.train.labels)
        np.testing.assert_allclose(moment.gradient.vector, plain.vector, rtol=0, atol=1e-14)


def test_that_penalties_make_weights_smaller() -> None:
    def size(**settings: float) -> float:
        with trainer(epochs=200, **settings) as made:
            steps(made.run())
            return float(sum(np.abs(layer.weight).sum() for layer in made.network.parameters.layers))

    plain = size()
    assert size(l2=0.05) < 0.9 * plain
    assert size(l1=0.01) < 0.9 * plain


# ------------------------------------------------------------------ with every optimizer

EVERYTHING: dict[str, Any] = {
    "schedule": "cosine",
    "l2": 0.01,
    "l1": 0.001,
    "clip": 1.0,
    "learning_rate": 0.01,
}
every_optimizer = pytest.mark.parametrize("name", OPTIMIZERS)


@every_optimizer
@pytest.mark.parametrize("batch_size", [0, 7])
def test_that_the_same_seed_gives_the_same_bits_whatever_the_threads(name: str, batch_size: int) -> None:
    runs = []
    for threads in (1, 1, 2):
        with trainer(optimizer=name, batch_size=batch_size, threads=threads, **EVERYTHING) as made:
            runs.append([(s.metrics, s.parameters.vector.tobytes()) for s in snapshots(made)])
    assert repr(runs[0]) == repr(runs[1]) == repr(runs[2])  # by repr, since NaN differs from itself


@every_optimizer
def test_that_a_step_given_up_half_way_never_was(name: str) -> None:
    ends = []
    for give_up in (False, True):
        with trainer(optimizer=name, batch_size=7, **EVERYTHING) as made:
            steps(made.start())
            for _ in range(6):
                if give_up:
                    step = made.step()
                    assert next(step) is None  # the optimizer has moved a copy, which is being measured
                    step.close()
                steps(made.step())
            ends.append(made.network.parameters.vector.tobytes())
    assert ends[0] == ends[1]


@pytest.mark.parametrize("name", ["momentum", "nesterov", "rmsprop", "adam"])
def test_that_a_step_that_overflows_leaves_nothing_in_the_optimizers_memory(name: str) -> None:
    ends = []
    for overflow in (False, True):
        with trainer(optimizer=name, batch_size=7, learning_rate=0.01) as made:
            steps(made.start())
            steps(made.step())
            if overflow:
                wild = copy.copy(made.config)
                object.__setattr__(wild, "learning_rate", 1e39)  # more than any person may choose
                made.change(wild)
                with pytest.raises(TrainingDiverged):
                    steps(made.step())
                change(made, learning_rate=0.01)
            steps(made.step())
            ends.append(made.network.parameters.vector.tobytes())
    assert ends[0] == ends[1]
