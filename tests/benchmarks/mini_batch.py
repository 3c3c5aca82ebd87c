"""One epoch in batches of 128: 784-128-10 on 48,000 samples.

Asked for: plain descent at least 1.5 times faster than PyTorch and 1.8 times faster than
scikit-learn, the other optimizers not slower than PyTorch's; all with the same number of threads.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator
from contextlib import contextmanager

from micronn_core.data.dataset import Samples
from micronn_core.data.mnist import load_mnist_train
from micronn_core.data.splits import Split, split
from micronn_core.settings.config import TrainingConfig
from micronn_core.settings.recipes import RECIPES
from micronn_core.training.compute.blas import blas_threads
from micronn_core.training.trainer import Trainer
from tests.benchmarks.contenders import LEARNING_RATES, missing, sklearn_contender, torch_contender
from tests.benchmarks.full_batch import operations
from tests.benchmarks.measuring import Contender, Report, compare

ROUNDS = 7
HIDDEN, BATCH = 128, 128
THREADS = min(os.cpu_count() or 1, 4)
TITLE = f"Mini-batches of {BATCH}: 784-{HIDDEN}-10, 48,000 samples"
OURS = f"MicroNN's core, {THREADS} threads"
IN_WINDOW = "the same as in the window"
NOTE = "In the window a small batch runs on one thread, which leaves the other cores to the window."


def measure() -> Report:
    """Time all contenders at plain gradient descent."""
    whole, config = samples(), mini_batches("gradient descent")
    with (
        ours(OURS, training_only(whole), config) as training,
        ours("the same with 12,000 to validate", whole, config) as validating,
        ours(IN_WINDOW, training_only(whole), config, threads=1) as in_window,
    ):
        return compare(
            TITLE,
            [
                training,
                validating,
                in_window,
                *torch_contender(whole.train, HIDDEN, BATCH),
                *sklearn_contender(whole.train, HIDDEN, BATCH),
            ],
            ROUNDS,
            ["Validation samples are measured four times an epoch.", NOTE, *missing()],
            operations(HIDDEN, 48_000),
        )


def measure_optimizer(optimizer: str) -> Report:
    """Time another optimizer against PyTorch's."""
    whole, config = samples(), mini_batches(optimizer)
    with (
        ours(OURS, training_only(whole), config) as training,
        ours(IN_WINDOW, training_only(whole), config, threads=1) as in_window,
    ):
        theirs = torch_contender(whole.train, HIDDEN, BATCH, optimizer)
        contenders, title = [training, in_window, *theirs], f"{TITLE}, {optimizer}"
        return compare(title, contenders, ROUNDS, [NOTE, *missing()], operations(HIDDEN, 48_000))


def samples() -> Split:
    """Return 48,000 samples to learn from and 12,000 to validate on."""
    return split(load_mnist_train(), 48_000, 12_000, RECIPES["mini-batches"].config.seed)


def training_only(whole: Split) -> Split:
    """Return a split with next to nothing to validate on."""
    hardly = Samples(whole.validation.x[:, :1], whole.validation.labels[:1])
    return dataclasses.replace(whole, validation=hardly, validation_indices=whole.validation_indices[:1])


def mini_batches(optimizer: str) -> TrainingConfig:
    """Return the recipe's config with another optimizer, at a usual rate."""
    config = RECIPES["mini-batches"].config
    return dataclasses.replace(config, optimizer=optimizer, learning_rate=LEARNING_RATES[optimizer])


@contextmanager
def ours(name: str, chosen: Split, config: TrainingConfig, threads: int = THREADS) -> Iterator[Contender]:
    """Train with so many threads of the matrix library for a batch; the window uses one."""
    with Trainer(config, chosen) as trainer:
        done = 0

        def run(epochs: int) -> None:
            nonlocal done
            done += epochs
            trainer.change(dataclasses.replace(config, epochs=done))
            with blas_threads(threads):
                for _ in trainer.run():
                    pass

        yield Contender(name, run, 1, lambda: trainer.network.parameters)
