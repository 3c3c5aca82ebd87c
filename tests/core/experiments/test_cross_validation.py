"""Folds: disjoint, complete and even; each trained as a plain run is, to the last bit."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from micronn_core.common.errors import ConfigError, TrainingDiverged
from micronn_core.data.splits import split
from micronn_core.experiments.cross_validation import (
    FoldProgress,
    FoldResult,
    check_folds,
    cross_validate,
    fold_indices,
    fold_split,
    summary,
)
from micronn_core.settings.config import TrainingConfig
from micronn_core.training.compute.blas import single_blas_thread
from micronn_core.training.history import Metrics
from micronn_core.training.trainer import Trainer
from tests.core.tiny import TRAIN, VALIDATION, tiny, use_tiny

CONFIG = TrainingConfig(hidden=(6,), epochs=2, batch_size=32, learning_rate=0.2)


@pytest.fixture(autouse=True)
def _tiny_dataset(monkeypatch: pytest.MonkeyPatch) -> None:
    use_tiny(monkeypatch)


@pytest.fixture(autouse=True)
def _one_blas_thread() -> Iterator[None]:
    with single_blas_thread():
        yield


def results(config: TrainingConfig, folds: int) -> list[FoldResult]:
    return [piece for piece in cross_validate(config, folds, threads=1) if isinstance(piece, FoldResult)]


@pytest.mark.parametrize("folds", [2, 3, 7, 10])
def test_that_folds_are_disjoint_cover_the_splits_samples_and_differ_by_at_most_one(folds: int) -> None:
    pieces = fold_indices(tiny(), CONFIG, folds)
    sizes = [len(piece) for piece in pieces]
    assert len(pieces) == folds
    assert max(sizes) - min(sizes) <= 1
    assert not any(set(one) & set(other) for one, other in combinations(pieces, 2))
    plain = split(tiny(), TRAIN, VALIDATION, CONFIG.seed)
    assert set(np.concatenate(pieces)) == {*plain.train_indices, *plain.validation_indices}


@pytest.mark.parametrize("fold", [0, 2, 3])
def test_that_a_fold_trains_on_exactly_the_samples_of_the_others(fold: int) -> None:
    dataset = tiny()
    pieces = fold_indices(dataset, CONFIG, 4)
    made = fold_split(dataset, CONFIG, 4, fold)
    np.testing.assert_array_equal(made.validation_indices, pieces[fold])
    assert len(made.train) == TRAIN + VALIDATION - len(pieces[fold])
    assert not set(made.train_indices) & set(made.validation_indices)
    np.testing.assert_array_equal(made.train.labels, dataset.labels[made.train_indices])
    np.testing.assert_allclose(made.validation.rows, dataset.values[pieces[fold]] / 255, rtol=1e-6)


def test_that_the_seed_decides_the_folds() -> None:
    first, same = (fold_indices(tiny(), CONFIG, 3)[0] for _ in range(2))
    other = fold_indices(tiny(), replace(CONFIG, seed=43), 3)[0]
    np.testing.assert_array_equal(first, same)
    assert set(first) != set(other)


def test_that_a_fold_is_a_plain_run_on_its_split_bit_for_bit() -> None:
    for result in results(CONFIG, 3):
        samples = fold_split(tiny(), CONFIG, 3, result.fold)
        with Trainer(CONFIG, samples, threads=1) as trainer:
            list(trainer.run())
        assert result.metrics == trainer.metrics
        assert result.metrics.epoch == CONFIG.epochs


def test_that_the_last_fold_is_the_configs_own_split_where_the_sizes_agree() -> None:
    plain = split(tiny(), TRAIN, VALIDATION, CONFIG.seed)
    last = fold_split(tiny(), CONFIG, 5, 4)
    np.testing.assert_array_equal(last.train_indices, plain.train_indices)
    np.testing.assert_array_equal(last.validation_indices, plain.validation_indices)


def test_that_each_fold_begins_with_the_same_first_weights() -> None:
    pieces = cross_validate(replace(CONFIG, initializer="zeros"), 2, threads=1)
    firsts = [piece.metrics for piece in pieces if isinstance(piece, FoldProgress) and not piece.metrics.step]
    assert len(firsts) == 2
    assert [first.validation_loss for first in firsts] == pytest.approx([np.log(10)] * 2)


def test_that_progress_comes_fold_by_fold_and_a_result_ends_each() -> None:
    pieces = [piece for piece in cross_validate(CONFIG, 2, threads=1) if piece is not None]
    assert [piece.fold for piece in pieces] == sorted(piece.fold for piece in pieces)
    assert [i for i, piece in enumerate(pieces) if isinstance(piece, FoldResult)] == [
        len(pieces) // 2 - 1,
        len(pieces) - 1,
    ]


def test_that_it_can_be_given_up_between_two_pieces() -> None:
    with closing(cross_validate(CONFIG, 2)) as pieces:  # with threads, which must end with it
        while not isinstance(next(pieces), FoldProgress):
            pass


def test_that_mean_and_deviation_are_those_of_a_sample() -> None:
    figures = [(0.25, 0.5), (0.5, 0.25), (1.0, 0.75)]
    made = [FoldResult(i, Metrics(1, 1, 0, 0, 1, loss, share), 0) for i, (share, loss) in enumerate(figures)]
    found = summary(made)
    shares, losses = zip(*figures, strict=True)
    assert found.accuracy == pytest.approx(7 / 12)
    assert found.accuracy_deviation == pytest.approx(statistics.stdev(shares))
    assert found.loss == pytest.approx(statistics.fmean(losses))
    assert found.loss_deviation == pytest.approx(0.25)
    assert np.isnan(summary(made[:1]).accuracy_deviation)


@pytest.mark.parametrize("folds", [1, 11, 2.0, True, "3"])
def test_that_a_number_of_folds_that_makes_no_sense_is_refused(folds: object) -> None:
    with pytest.raises(ConfigError, match="from 2 to 10") as refused:
        check_folds(CONFIG, folds)
    assert refused.value.field == "folds"


def test_that_batches_larger_than_the_folds_leave_room_for_are_refused() -> None:
    check_folds(replace(CONFIG, batch_size=150), 2)
    with pytest.raises(ConfigError, match="at most 150") as refused:
        next(cross_validate(replace(CONFIG, batch_size=151), 2))
    assert refused.value.field == "batch_size"


def test_that_a_fold_that_diverges_is_named() -> None:
    with pytest.raises(TrainingDiverged, match=r"^Fold 1 of 3: At step"):
        results(replace(CONFIG, learning_rate=1000.0, l2=1.0), 3)


def test_that_kept_digits_are_left_out() -> None:
    assert check_folds(replace(CONFIG, my_digits="3-0123456789abcdef"), 2) == CONFIG
