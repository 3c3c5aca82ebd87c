"""Small trainers for tests, and their moments."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from micronn_core.data.splits import Split
from micronn_core.settings.config import TrainingConfig
from micronn_core.training.compute.blas import single_blas_thread
from micronn_core.training.history import Metrics, Snapshot
from micronn_core.training.trainer import StepSize, Trainer
from tests.core.samples import made_up_split

TRAIN, VALIDATION, CLASSES = 40, 12, 4


def config(**settings: Any) -> TrainingConfig:  # noqa: ANN401 - whatever the setting takes
    return TrainingConfig(**{"hidden": (5,), "epochs": 3, "learning_rate": 0.5, **settings})


@contextmanager
def trainer(chosen: Split | None = None, threads: int | None = 1, **settings: Any) -> Iterator[Trainer]:  # noqa: ANN401
    if chosen is None:
        chosen = made_up_split(TRAIN, VALIDATION, classes=CLASSES, dtype=settings.get("dtype", "float32"))
    with Trainer(config(**settings), chosen, CLASSES, threads=threads) as made, single_blas_thread():
        yield made


def steps(pieces: Iterator[Metrics | None]) -> list[Metrics]:
    return [metrics for metrics in pieces if metrics is not None]


def change(made: Trainer, **values: object) -> None:
    """Let a run go on by other values of some settings."""
    made.change(made.config.with_values(values))


def snapshots(made: Trainer, size: StepSize = StepSize.BATCH) -> list[Snapshot]:
    """Run to the end and return every moment."""
    return [made.snapshot() for metrics in made.run(size) if metrics is not None]
