"""k-fold cross-validation: every sample judges once, and teaches in all other folds.

One split's validation accuracy hangs on which samples happen to be in it. So the samples are cut
into k folds, and k networks are trained, each by the same settings and from the same first
weights, on all folds but one, which judges it. How far the k figures scatter says how far to
trust any of them (Kohavi 1995, "A Study of Cross-Validation and Bootstrap for Accuracy Estimation
and Model Selection").
"""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import replace
from math import nan
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from micronn_core.common.errors import ConfigError, TrainingDiverged
from micronn_core.common.texts import tr
from micronn_core.data.catalog import open_source, split_counts
from micronn_core.data.dataset import Dataset, Samples
from micronn_core.data.splits import Split, shuffled, split_rule
from micronn_core.experiments.jobs import REPORT_INTERVAL
from micronn_core.settings.config import TrainingConfig
from micronn_core.training.history import Metrics
from micronn_core.training.trainer import Trainer

MIN_FOLDS, MAX_FOLDS = 2, 10


class FoldProgress(NamedTuple):
    """How far the network of a fold (0, 1 ...) has come."""

    fold: int
    metrics: Metrics


class FoldResult(NamedTuple):
    """How the network of a fold (0, 1 ...) did on it at the end, and how many seconds it took."""

    fold: int
    metrics: Metrics
    seconds: float


class Summary(NamedTuple):
    """Mean and standard deviation over folds of the validation accuracy and loss.

    The deviation is that of a sample (divided by n - 1, NumPy's ddof=1); NaN for one fold.
    """

    accuracy: float
    accuracy_deviation: float
    loss: float
    loss_deviation: float


def check_folds(config: TrainingConfig, folds: object) -> TrainingConfig:
    """Return the config that the folds are trained by: without kept digits, which are in no fold.

    Raises:
        ConfigError: the number of folds cannot be used, or leaves fewer samples than a batch.
    """
    if not isinstance(folds, int) or isinstance(folds, bool) or not MIN_FOLDS <= folds <= MAX_FOLDS:
        raise ConfigError(
            "folds",
            tr(
                "The number of folds must be a whole number from {least} to {most}, not {value!r}.",
                least=MIN_FOLDS,
                most=MAX_FOLDS,
                value=folds,
            ),
        )
    count = sum(split_counts(config.dataset, config.split) or ())
    least = count - -(-count // folds)
    if count and config.batch_size > least:
        raise ConfigError(
            "batch_size",
            tr(
                "With {folds} folds each network learns from {count:,} samples, so the batch size can be at "
                "most {count:,}, not {batch_size:,}.",
                folds=folds,
                count=least,
                batch_size=config.batch_size,
            ),
        )
    return replace(config, my_digits="")


def fold_indices(dataset: Dataset, config: TrainingConfig, folds: int) -> list[NDArray[np.intp]]:
    """Cut the samples of the config's split, training and validation together, into disjoint folds.

    They come in the order in which `split` shuffles them by the config's seed, so where the last
    fold has as many samples as the split validates on, it *is* the split's validation set.

    Returns:
        The places in the dataset of each fold's samples; the folds' sizes differ by at most one,
        and the smaller ones come last, such as 4, 3, 3 samples.
    """
    count = sum(split_rule(config.split).counts(len(dataset)))
    return np.array_split(shuffled(len(dataset), config.seed)[:count], folds)


def fold_split(dataset: Dataset, config: TrainingConfig, folds: int, fold: int) -> Split:
    """Return the split that validates on one fold (0, 1 ...) and trains on all others."""
    pieces = fold_indices(dataset, config, folds)
    validation = pieces.pop(fold)
    train = np.concatenate(pieces)
    learned, judged = (
        Samples.of(dataset, indices, config.dtype, config.white) for indices in (train, validation)
    )
    return Split(learned, judged, train, validation)


def cross_validate(
    config: TrainingConfig, folds: int, threads: int | None = None
) -> Generator[FoldProgress | FoldResult | None]:
    """Train a network for each fold, one after the other.

    Args:
        config: the settings; its split's training and validation samples together make the folds.
        folds: how many.
        threads: threads that share a pass; by default one per core, at most four.

    Yields:
        None after a bounded piece of work, so that it can be given up; the progress after each
        step; the result of each fold as it completes.

    Raises:
        ConfigError: the number of folds cannot be used with this config.
        DataError: the samples cannot be read.
        TrainingDiverged: the loss of a fold would no longer be a finite number.
    """
    config = check_folds(config, folds)
    dataset = open_source(config.dataset).load_train()
    for fold in range(folds):
        yield None
        samples, begun = fold_split(dataset, config, folds, fold), time.perf_counter()
        with Trainer(config, samples, len(dataset.class_names), threads=threads) as trainer:
            del samples  # the trainer's alone, so that two folds are never in memory together
            try:
                with closing(trainer.run()) as pieces:
                    for metrics in pieces:
                        yield None if metrics is None else FoldProgress(fold, metrics)
            except TrainingDiverged as error:
                text = tr("Fold {fold} of {folds}: {reason}", fold=fold + 1, folds=folds, reason=error)
                raise TrainingDiverged(text) from None
        yield FoldResult(fold, trainer.metrics, time.perf_counter() - begun)
        del trainer


def fold_job(config: TrainingConfig, folds: int) -> Generator[FoldProgress | FoldResult]:
    """Cross-validate on one thread, as a job of `Background`: progress comes a few times a second."""
    due = 0.0
    for piece in cross_validate(config, folds, threads=1):
        now = time.perf_counter()
        if isinstance(piece, FoldResult) or (piece is not None and now >= due):
            yield piece
            due = now + REPORT_INTERVAL


def summary(results: Sequence[FoldResult]) -> Summary:
    """Return mean and deviation of the validation figures of at least one fold."""
    accuracies = [result.metrics.validation_accuracy for result in results]
    losses = [result.metrics.validation_loss for result in results]
    return Summary(*_spread(accuracies), *_spread(losses))


def _spread(values: Sequence[float]) -> tuple[float, float]:
    return float(np.mean(values)), float(np.std(values, ddof=1)) if len(values) > 1 else nan
