"""Dropout by hand: which neurons are silenced, what that does to the gradient, and where it is off."""

from __future__ import annotations

import numpy as np
import pytest

from micronn_core.nn.activations import ACTIVATIONS
from micronn_core.nn.dropout import Dropout
from micronn_core.nn.loss import softmax
from micronn_core.nn.network import Network, Parameters
from micronn_core.training.compute.batches import SampleBatch, run_to_end
from micronn_core.training.compute.passes import Passes
from tests.core.samples import made_up_split
from tests.core.training_runs import snapshots, steps, trainer

SHARE = 0.4


def test_that_the_share_is_silenced_and_the_rest_speaks_up() -> None:
    mask = Dropout(0.2, (1, 2)).mask(0, 0, (1000, 50), np.float32)
    assert mask.dtype == np.float32
    assert set(np.unique(mask)) == {np.float32(0), np.float32(1.25)}
    assert np.mean(mask == 0) == pytest.approx(0.2, abs=0.01)
    assert mask.mean() == pytest.approx(1, abs=0.01)


def test_that_the_same_key_draws_the_same_and_any_other_something_else() -> None:
    def drawn(key: tuple[int, ...], chunk: int = 0, layer: int = 0) -> bytes:
        return Dropout(0.5, key).mask(chunk, layer, (20, 8), np.float64).tobytes()

    assert drawn((1, 2)) == drawn((1, 2))
    assert len({drawn((1, 2)), drawn((1, 3)), drawn((1, 2), chunk=1), drawn((1, 2), layer=1)}) == 4


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_that_the_gradient_is_that_of_the_network_with_these_neurons_silenced(name: str) -> None:
    chosen, activation = made_up_split(dtype="float64"), ACTIVATIONS[name]
    sizes = (chosen.train.x.shape[0], 9, 7, 10)
    network = Network.create(sizes, activation, seed=3, dtype=np.float64)
    dropout, gradient = Dropout(SHARE, (5, 4, 0)), Parameters(sizes, dtype=np.float64)
    with Passes(sizes, activation, threads=1) as passes:
        batch = SampleBatch(chosen.train, None, passes.chunk_size)
        found = run_to_end(passes.measure(network.parameters, batch, gradient, dropout))

    def loss(vector: np.ndarray) -> float:
        """Straight from the paper: a silenced activation is 0, the others are divided by the share kept."""
        layers = Parameters(sizes, vector).layers
        a = chosen.train.x
        for i, (weight, bias) in enumerate(layers[:-1]):
            a = activation.function(weight @ a + bias)
            mask = dropout.mask(0, i, a.T.shape, np.float64).T
            a = np.where(mask > 0, a / (1 - SHARE), 0)
        probabilities = softmax(layers[-1].weight @ a + layers[-1].bias)
        return float(-np.log(probabilities[chosen.train.labels, np.arange(len(chosen.train))]).mean())

    vector = network.parameters.vector
    assert found.loss == pytest.approx(loss(vector), rel=1e-12)
    for i in np.random.default_rng(0).permutation(vector.size)[:60]:
        nudge = np.zeros_like(vector)
        nudge[i] = 1e-6
        numerical = (loss(vector + nudge) - loss(vector - nudge)) / 2e-6
        assert gradient.vector[i] == pytest.approx(numerical, rel=1e-4, abs=1e-8)


def test_that_each_step_silences_others() -> None:
    def losses(dropout: float) -> list[float]:
        with trainer(epochs=3, learning_rate=1e-12, dropout=dropout) as made:
            return [metrics.loss for metrics in steps(made.run())]

    assert len({round(loss, 5) for loss in losses(0)}) == 1
    assert len({round(loss, 5) for loss in losses(0.5)}) == 4


def test_that_validation_and_answers_know_nothing_of_dropout() -> None:
    with trainer(dropout=0.5) as made:
        moments = snapshots(made)
        split = made_up_split()
    for moment in moments:
        if np.isfinite(moment.metrics.validation_loss):
            logits = Network(moment.parameters).forward(split.validation.x).logits
            right = np.mean(logits.argmax(axis=0) == split.validation.labels)
            assert moment.metrics.validation_accuracy == pytest.approx(right)


@pytest.mark.parametrize("batch_size", [0, 7])
def test_that_a_run_with_dropout_repeats_itself_bit_for_bit_on_any_number_of_threads(batch_size: int) -> None:
    vectors = []
    for threads in (1, 2, 2):
        with trainer(threads=threads, batch_size=batch_size, dropout=0.3) as made:
            steps(made.run())
            vectors.append(made.network.parameters.vector.tobytes())
    assert len(set(vectors)) == 1
