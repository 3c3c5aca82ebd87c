"""The rules of training: what belongs to a moment, and what a step does."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from micronn_core.common.errors import ConfigError
from micronn_core.data.dataset import Samples
from micronn_core.data.splits import Split
from micronn_core.nn.loss import cross_entropy
from micronn_core.nn.network import Network, Parameters
from micronn_core.training.compute.batches import SampleBatch
from micronn_core.training.history import Snapshot
from micronn_core.training.trainer import StepSize, Trainer
from tests.core.samples import made_up_split
from tests.core.training_runs import CLASSES, TRAIN, change, config, snapshots, steps, trainer


def seen(made: Trainer, monkeypatch: pytest.MonkeyPatch) -> list[np.ndarray]:
    """Return a list that fills with the indices of each mini-batch that is gathered."""
    gathered: list[np.ndarray] = []

    class Spy(SampleBatch):
        def __init__(self, samples: Samples, indices: np.ndarray, chunk_size: int) -> None:
            super().__init__(samples, indices, chunk_size)
            gathered.append(np.array(indices))

    monkeypatch.setattr("micronn_core.training.feed.SampleBatch", Spy)
    return gathered


def plain_figures(snapshot: Snapshot, samples: Samples) -> tuple[float, float]:
    logits = Network(snapshot.parameters).forward(samples.x).logits
    accuracy = np.mean(logits.argmax(axis=0) == samples.labels)
    return cross_entropy(logits, samples.labels), float(accuracy)


# ------------------------------------------------------------------ what belongs to a moment


@pytest.mark.parametrize("batch_size", [0, 7])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_that_the_same_config_gives_the_same_bits_whatever_the_threads(batch_size: int, dtype: str) -> None:
    runs = []
    for threads in (1, 1, 2):
        with trainer(batch_size=batch_size, dtype=dtype, threads=threads) as made:
            runs.append([(s.metrics, s.parameters.vector.tobytes()) for s in snapshots(made)])
    assert repr(runs[0]) == repr(runs[1]) == repr(runs[2])  # by repr, since NaN differs from itself


def test_that_another_seed_gives_other_numbers() -> None:
    with trainer(seed=1) as one, trainer(seed=2) as other:
        assert steps(one.run())[0].loss != steps(other.run())[0].loss


def test_that_the_first_metrics_are_those_of_the_untrained_network() -> None:
    chosen = made_up_split()
    with trainer(chosen) as made:
        start = made.network.parameters.vector.copy()
        first = next(snapshot for snapshot in snapshots(made))
    assert (first.metrics.step, first.metrics.epoch, first.metrics.samples) == (0, 0, TRAIN)
    np.testing.assert_array_equal(first.parameters.vector, start)


@pytest.mark.parametrize("hidden", [(5,), (6, 5)])
def test_that_the_figures_of_a_moment_are_those_of_its_weights(hidden: tuple[int, ...]) -> None:
    chosen = made_up_split(dtype="float64")
    with trainer(chosen, hidden=hidden, dtype="float64", epochs=10) as made:
        moments = snapshots(made)
    assert len(moments) == 11
    for moment in moments:
        loss, accuracy = plain_figures(moment, chosen.train)
        validation_loss, validation_accuracy = plain_figures(moment, chosen.validation)
        assert moment.metrics.loss == pytest.approx(loss, rel=1e-12)
        assert moment.metrics.accuracy == accuracy
        assert moment.metrics.validation_loss == pytest.approx(validation_loss, rel=1e-12)
        assert moment.metrics.validation_accuracy == validation_accuracy


def test_that_the_gradient_of_a_moment_is_the_plain_one_on_the_batch_of_the_next_step(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chosen = made_up_split(dtype="float64")
    with trainer(chosen, dtype="float64", batch_size=7) as made:
        batches = seen(made, monkeypatch)
        moments = snapshots(made)
    for moment, indices in zip(moments, batches, strict=True):
        network = Network(moment.parameters)
        x, labels = chosen.train.x[:, indices], chosen.train.labels[indices]
        gradient = network.backward(network.forward(x), labels)
        np.testing.assert_allclose(moment.gradient.vector, gradient.vector, rtol=0, atol=1e-14)
        assert moment.metrics.samples == len(indices)


def test_that_a_snapshot_can_not_be_written_to_and_does_not_follow_the_run() -> None:
    with trainer() as made:
        run = made.run()
        steps(made.start())
        snapshot = made.snapshot()
        weights, gradient = snapshot.parameters.vector.copy(), snapshot.gradient.vector.copy()
        steps(run)
        assert not np.array_equal(made.network.parameters.vector, weights)
    np.testing.assert_array_equal(snapshot.parameters.vector, weights)
    np.testing.assert_array_equal(snapshot.gradient.vector, gradient)
    for parameters in (snapshot.parameters, snapshot.gradient):
        with pytest.raises(ValueError, match="read-only"):
            parameters.layers[0].weight[0, 0] = 1


def test_that_a_snapshot_names_its_run_and_its_learning_rate() -> None:
    with Trainer(config(learning_rate=0.25), made_up_split(), CLASSES, run_id=7) as made:
        assert (made.snapshot().run_id, made.snapshot().learning_rate) == (7, 0.25)


@pytest.mark.parametrize("batch_size", [0, 30])
def test_that_a_moment_is_whole_at_every_pause(batch_size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("micronn_core.training.compute.passes.CHUNK", 64)
    monkeypatch.setattr("micronn_core.training.compute.passes.PIECE_OPERATIONS", 1)
    chosen, pauses = made_up_split(300, 200), 0
    with trainer(chosen, batch_size=batch_size, epochs=2) as made:
        last = None
        for metrics in made.run():
            moment = made.snapshot()
            if metrics is None and last is not None:
                pauses += 1
                assert repr(moment.metrics) == repr(last.metrics)
                np.testing.assert_array_equal(moment.parameters.vector, last.parameters.vector)
                np.testing.assert_array_equal(moment.gradient.vector, last.gradient.vector)
            elif metrics is not None:
                last = moment
    assert pauses > 10


# ------------------------------------------------------------------ what a step does


@pytest.mark.parametrize("batch_size", [0, 7])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_that_a_step_changes_the_weights_by_exactly_the_learning_rate_times_the_gradient(
    batch_size: int, dtype: type
) -> None:
    with trainer(batch_size=batch_size, dtype=dtype.__name__) as made:
        moments = snapshots(made)
    for before, after in pairwise(moments):
        expected = before.parameters.vector - dtype(0.5) * before.gradient.vector
        np.testing.assert_array_equal(after.parameters.vector, expected)


def test_that_a_changed_learning_rate_applies_to_the_next_step() -> None:
    with trainer() as made:
        steps(made.start())
        before = made.snapshot()
        change(made, learning_rate=0.125)
        steps(made.step())
        after = made.snapshot()
    expected = before.parameters.vector - np.float32(0.125) * before.gradient.vector
    np.testing.assert_array_equal(after.parameters.vector, expected)
    assert after.learning_rate == 0.125


@pytest.mark.parametrize("learning_rate", [0, -1, 1e9, math.nan, "0.1"])
def test_that_an_unusable_learning_rate_is_refused_and_the_old_one_stays(learning_rate: Any) -> None:  # noqa: ANN401
    with trainer() as made:
        with pytest.raises(ConfigError):
            change(made, learning_rate=learning_rate)
        assert made.config.learning_rate == 0.5


def test_that_a_changed_batch_size_applies_to_the_next_step(monkeypatch: pytest.MonkeyPatch) -> None:
    with trainer(batch_size=10, epochs=1) as made:
        batches = seen(made, monkeypatch)
        steps(made.start())
        steps(made.step())
        change(made, batch_size=4)
        before = len(batches)
        steps(made.step())
        assert [len(batch) for batch in batches[before:]] == [4, 4]  # measured anew, applied, the next one
        assert made.metrics.epoch == 14 / TRAIN
        change(made, batch_size=0)
        assert steps(made.step())[-1].epoch == 1


def test_that_a_changed_batch_size_neither_repeats_nor_leaves_out_a_sample(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with trainer(batch_size=10, epochs=1) as made:
        batches = seen(made, monkeypatch)
        learnt: list[np.ndarray] = []
        for size in (10, 3, 16, 11):
            steps(made.start())
            change(made, batch_size=size)
            position = round(made.metrics.epoch * TRAIN)
            steps(made.step())
            learnt += [batch for batch in batches if len(batch) == size][:1]
            assert round(made.metrics.epoch * TRAIN) == position + size
    assert sorted(np.concatenate(learnt)) == list(range(TRAIN))


@pytest.mark.parametrize(
    ("size", "batch_size", "epochs"),
    [
        (StepSize.SAMPLE, 0, [1 / 40, 2 / 40, 3 / 40]),
        (StepSize.SAMPLE, 16, [1 / 40, 2 / 40, 3 / 40]),
        (StepSize.BATCH, 0, [1, 2, 3]),
        (StepSize.BATCH, 16, [16 / 40, 32 / 40, 1]),
        (StepSize.EPOCH, 0, [1, 2, 3]),
        (StepSize.EPOCH, 16, [1, 2, 3]),
    ],
)
def test_that_a_step_covers_a_sample_a_batch_or_an_epoch(
    size: StepSize, batch_size: int, epochs: list[float]
) -> None:
    with trainer(batch_size=batch_size) as made:
        steps(made.start())
        assert [steps(made.step(size))[-1].epoch for _ in epochs] == pytest.approx(epochs)


def test_that_an_epoch_step_does_what_is_left_of_the_epoch_and_tells_of_each_batch() -> None:
    with trainer(batch_size=10) as made:
        steps(made.start())
        steps(made.step(StepSize.SAMPLE))
        told = steps(made.step(StepSize.EPOCH))
    assert [round(metrics.epoch * TRAIN) for metrics in told] == [11, 21, 31, 40]


def test_that_a_step_by_sample_is_the_gradient_of_the_next_sample_alone() -> None:
    chosen = made_up_split(dtype="float64")
    with trainer(chosen, dtype="float64") as made:
        steps(made.start())
        before = made.snapshot()
        steps(made.step(StepSize.SAMPLE))
        change = before.parameters.vector - made.network.parameters.vector
    network = Network(before.parameters)
    gradients = [
        network.backward(network.forward(chosen.train.x[:, i : i + 1]), chosen.train.labels[i : i + 1]).vector
        for i in range(TRAIN)
    ]
    assert min(np.abs(change - 0.5 * gradient).max() for gradient in gradients) < 1e-14


@pytest.mark.parametrize("batch_size", [1, 7, 20, 39])
def test_that_each_epoch_of_mini_batches_visits_each_sample_once_in_an_order_of_its_own(
    batch_size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with trainer(batch_size=batch_size) as made:
        batches = seen(made, monkeypatch)
        steps(made.run())
    # The last batch gathered belongs to an epoch that is measured, but not learnt from, any more.
    order = np.concatenate(batches)[: 3 * TRAIN].reshape(3, TRAIN)
    for epoch in order:
        assert sorted(epoch) == list(range(TRAIN))
    assert len({epoch.tobytes() for epoch in order}) == 3


def test_that_full_batch_training_follows_the_plain_three_lines() -> None:
    chosen = made_up_split(dtype="float64")
    with trainer(chosen, dtype="float64", epochs=50) as made:
        plain = Network(Parameters(made.network.sizes, made.network.parameters.vector.copy()))
        steps(made.run())
    for _ in range(50):
        gradient = plain.backward(plain.forward(chosen.train.x), chosen.train.labels)
        plain.parameters.vector -= 0.5 * gradient.vector
    np.testing.assert_allclose(made.network.parameters.vector, plain.parameters.vector, rtol=0, atol=1e-12)


def test_that_a_given_network_is_the_one_that_is_trained() -> None:
    network = Network.create((6, 5, CLASSES), seed=99)
    start = network.parameters.vector.copy()
    with Trainer(config(), made_up_split(), CLASSES, network) as made:
        steps(made.run())
        assert made.network is network
    assert not np.array_equal(network.parameters.vector, start)


@pytest.mark.parametrize("batch_size", [0, 7])
@pytest.mark.parametrize("train", [40, 4000])
def test_that_black_pictures_teach_how_often_each_class_occurs(train: int, batch_size: int) -> None:
    labels = np.arange(train) % 2  # of four classes
    black = Samples(np.zeros((6, train)), labels)
    chosen = Split(black, black, np.arange(train), np.arange(train))
    with trainer(chosen, dtype="float64", batch_size=batch_size, epochs=40, learning_rate=1.0) as made:
        told = steps(made.run(StepSize.EPOCH))
        probabilities = made.network.forward(black.x).probabilities
    assert np.isfinite([metrics.loss for metrics in told]).all()
    assert probabilities[:2].sum(axis=0).min() > 0.9
    assert told[-1].validation_loss == pytest.approx(np.log(2), abs=0.1)
