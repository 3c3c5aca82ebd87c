"""A run that is interrupted and continued is the run that was never interrupted, bit for bit."""

from __future__ import annotations

from itertools import islice
from typing import Any

import numpy as np
import pytest

from micronn_core.common.errors import DataError
from micronn_core.nn.network import Parameters
from micronn_core.nn.optimizers import OPTIMIZERS
from micronn_core.training.checkpoints import Checkpoint
from micronn_core.training.compute.blas import single_blas_thread
from micronn_core.training.history import Metrics
from micronn_core.training.trainer import StepSize, Trainer
from tests.core.samples import made_up_split
from tests.core.training_runs import CLASSES, TRAIN, VALIDATION, config

SPLIT = made_up_split(TRAIN, VALIDATION, classes=CLASSES)


def steps(trainer: Trainer, count: int | None = None) -> list[Metrics]:
    """Take so many steps, or all; the first is the network that is begun with."""
    return list(islice((metrics for metrics in trainer.run() if metrics is not None), count))


def written(rows: list[Metrics]) -> list[tuple[str, ...]]:
    """Return figures as texts with all their digits, in which what was not measured equals itself."""
    return [tuple(map(repr, row)) for row in rows]


def train(after: int | None = None, **settings: Any) -> tuple[list[Metrics], Parameters]:  # noqa: ANN401
    """Train to the end; after so many steps in another trainer, from a checkpoint of the first."""
    before, kept = [], None
    with single_blas_thread():
        if after is not None:
            with Trainer(config(**settings), SPLIT, CLASSES, threads=1) as trainer:
                *before, _ = steps(trainer, after + 1)
                kept = trainer.checkpoint()
        with Trainer(config(**settings), SPLIT, CLASSES, threads=1, checkpoint=kept) as trainer:
            return before + steps(trainer), trainer.network.parameters.frozen_copy()


def assert_same(
    interrupted: tuple[list[Metrics], Parameters], whole: tuple[list[Metrics], Parameters]
) -> None:
    assert written(interrupted[0]) == written(whole[0])
    np.testing.assert_array_equal(interrupted[1].vector, whole[1].vector)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_that_interrupted_and_continued_equals_uninterrupted(optimizer: str) -> None:
    settings = {"optimizer": optimizer, "batch_size": 8, "dropout": 0.2, "schedule": "cosine", "l2": 0.001}
    whole = train(**settings)
    for after in (0, 1, 2, 5, 8, 13, 15):
        assert_same(train(after, **settings), whole)


def test_that_a_run_that_waits_for_progress_stops_at_the_same_moment() -> None:
    settings = {"batch_size": 8, "epochs": 60, "learning_rate": 3.0, "patience": 2}
    whole = train(**settings)
    assert whole[0][-1].epoch < 60
    for after in (3, len(whole[0]) // 2, len(whole[0]) - 2):
        assert_same(train(after, **settings), whole)


def test_that_a_run_that_was_stopped_early_takes_no_more_steps() -> None:
    settings = {"batch_size": 8, "epochs": 60, "learning_rate": 3.0, "patience": 2}
    rows, _ = train(**settings)
    continued, _ = train(len(rows) - 1, **settings)
    assert written(continued) == written(rows)


def test_that_a_step_that_is_half_done_is_taken_anew() -> None:
    settings = {"optimizer": "adam", "batch_size": 8, "dropout": 0.2, "schedule": "cosine"}
    whole = train(**settings)
    for pieces in range(40):
        with single_blas_thread():
            with Trainer(config(**settings), SPLIT, CLASSES, threads=1) as trainer:
                rows = steps(trainer, 4)
                for piece in islice(trainer.step(StepSize.EPOCH), pieces):
                    rows += [] if piece is None else [piece]
                kept = trainer.checkpoint()
            with Trainer(config(**settings), SPLIT, CLASSES, threads=1, checkpoint=kept) as trainer:
                rest = steps(trainer)
                assert_same((rows[:-1] + rest, trainer.network.parameters), whole)


def test_that_taking_a_checkpoint_changes_nothing() -> None:
    settings = {"optimizer": "adam", "batch_size": 8, "dropout": 0.2, "schedule": "cosine"}
    rows = []
    with single_blas_thread(), Trainer(config(**settings), SPLIT, CLASSES, threads=1) as trainer:
        for piece in trainer.run():
            rows += [] if piece is None else [piece]
            if rows:
                trainer.checkpoint()
        assert_same((rows, trainer.network.parameters), train(**settings))


def test_that_a_checkpoint_comes_back_as_it_was_while_nothing_was_learned_since() -> None:
    with single_blas_thread(), Trainer(config(batch_size=8), SPLIT, CLASSES, threads=1) as trainer:
        steps(trainer, 3)
        kept = trainer.checkpoint()
    with Trainer(config(batch_size=8), SPLIT, CLASSES, threads=1, checkpoint=kept) as trainer:
        assert trainer.checkpoint() is kept


def test_that_a_checkpoint_of_a_run_with_other_samples_is_refused() -> None:
    with single_blas_thread(), Trainer(config(batch_size=8), SPLIT, CLASSES, threads=1) as trainer:
        steps(trainer, 2)
        kept = trainer.checkpoint()
    other = made_up_split(TRAIN + 1, VALIDATION, classes=CLASSES)
    with pytest.raises(DataError, match="Open the same data, with the same digits of your own"):
        Trainer(config(batch_size=8), other, CLASSES, threads=1, checkpoint=kept)


def test_that_a_checkpoint_does_not_change_when_training_goes_on() -> None:
    with (
        single_blas_thread(),
        Trainer(config(optimizer="adam", batch_size=8), SPLIT, CLASSES, threads=1) as trainer,
    ):
        steps(trainer, 3)
        kept = trainer.checkpoint()
        vector, averages = kept.parameters.vector.copy(), kept.averages.copy()
        steps(trainer, 4)
        for _ in trainer.step(StepSize.EPOCH):
            pass
        np.testing.assert_array_equal(kept.parameters.vector, vector)
        np.testing.assert_array_equal(kept.averages, averages)


def test_that_a_checkpoint_of_another_optimizer_is_refused() -> None:
    with single_blas_thread(), Trainer(config(optimizer="adam"), SPLIT, CLASSES, threads=1) as trainer:
        steps(trainer, 2)
        kept: Checkpoint = trainer.checkpoint()
    with pytest.raises(ValueError, match="averages"):
        Trainer(config(optimizer="momentum"), SPLIT, CLASSES, threads=1, checkpoint=kept)
