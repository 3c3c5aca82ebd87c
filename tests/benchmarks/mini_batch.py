"""One epoch in batches of 128: 784-128-10 on 48,000 samples."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager

from micronn_core.blas import single_blas_thread
from micronn_core.config import RECIPES
from micronn_core.datasets import Samples, Split, split
from micronn_core.mnist import load_mnist_train
from micronn_core.trainer import Trainer
from tests.benchmarks.contenders import missing, sklearn_contender, torch_contender
from tests.benchmarks.measuring import Contender, Report, compare

ROUNDS = 5
HIDDEN, BATCH = 128, 128


def measure() -> Report:
    """Time all contenders."""
    whole = split(load_mnist_train(), 48_000, 12_000, RECIPES["mini-batches"].config.seed)
    hardly = Samples(whole.validation.x[:, :1], whole.validation.labels[:1])
    training_only = dataclasses.replace(
        whole, validation=hardly, validation_indices=whole.validation_indices[:1]
    )
    with (
        ours("MicroNN's core, float32", training_only) as training,
        ours("the same with 12,000 to validate", whole) as trainer,
    ):
        return compare(
            f"Mini-batches of {BATCH}: 784-{HIDDEN}-10, 48,000 samples",
            [
                training,
                trainer,
                *torch_contender(whole.train, HIDDEN, BATCH),
                *sklearn_contender(whole.train, HIDDEN, BATCH),
            ],
            ROUNDS,
            ["Validation samples are measured four times an epoch.", *missing()],
        )


@contextmanager
def ours(name: str, chosen: Split) -> Iterator[Contender]:
    """Train as the window does."""
    with Trainer(RECIPES["mini-batches"].config, chosen) as trainer:
        trainer.epochs = 0

        def run(epochs: int) -> None:
            trainer.epochs += epochs
            with single_blas_thread():
                for _ in trainer.run():
                    pass

        yield Contender(name, run, 1)
