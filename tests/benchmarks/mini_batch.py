"""One epoch in batches of 128: 784-128-10 on 48,000 samples."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager

from micronn_core.blas import single_blas_thread
from micronn_core.datasets import Samples, Split, split
from micronn_core.mnist import load_mnist_train
from micronn_core.recipes import RECIPES
from micronn_core.trainer import Trainer
from tests.benchmarks.contenders import LEARNING_RATES, missing, sklearn_contender, torch_contender
from tests.benchmarks.measuring import Contender, Report, compare

ROUNDS = 5
HIDDEN, BATCH = 128, 128
TITLE = f"Mini-batches of {BATCH}: 784-{HIDDEN}-10, 48,000 samples"


def measure() -> Report:
    """Time all contenders at plain gradient descent."""
    whole, training_only = samples()
    with (
        ours("MicroNN's core, float32", training_only) as training,
        ours("the same with 12,000 to validate", whole) as trainer,
    ):
        return compare(
            TITLE,
            [
                training,
                trainer,
                *torch_contender(whole.train, HIDDEN, BATCH),
                *sklearn_contender(whole.train, HIDDEN, BATCH),
            ],
            ROUNDS,
            ["Validation samples are measured four times an epoch.", *missing()],
        )


def measure_optimizer(optimizer: str) -> Report:
    """Time another optimizer against PyTorch's."""
    whole, training_only = samples()
    with ours(f"MicroNN's core, {optimizer}", training_only, optimizer) as training:
        theirs = torch_contender(whole.train, HIDDEN, BATCH, optimizer)
        return compare(f"{TITLE}, {optimizer}", [training, *theirs], ROUNDS, missing())


def samples() -> tuple[Split, Split]:
    """Return the split, and the same with next to nothing to validate on."""
    whole = split(load_mnist_train(), 48_000, 12_000, RECIPES["mini-batches"].config.seed)
    hardly = Samples(whole.validation.x[:, :1], whole.validation.labels[:1])
    return whole, dataclasses.replace(
        whole, validation=hardly, validation_indices=whole.validation_indices[:1]
    )


@contextmanager
def ours(name: str, chosen: Split, optimizer: str = "gradient descent") -> Iterator[Contender]:
    """Train as the window does."""
    rate = LEARNING_RATES[optimizer]
    config = dataclasses.replace(RECIPES["mini-batches"].config, optimizer=optimizer, learning_rate=rate)
    with Trainer(config, chosen) as trainer:
        trainer.epochs = 0

        def run(epochs: int) -> None:
            trainer.epochs += epochs
            with single_blas_thread():
                for _ in trainer.run():
                    pass

        yield Contender(name, run, 1)
