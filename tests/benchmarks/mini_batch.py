"""One epoch in batches of 128: 784-128-10 on 48,000 samples.

Asked for: plain descent at least 1.5 times faster than PyTorch and 1.8 times faster than
scikit-learn, the other optimizers not slower than PyTorch's; all with the same number of threads.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator
from contextlib import contextmanager

from micronn_core.blas import single_blas_thread
from micronn_core.datasets import Samples, Split, split
from micronn_core.mnist import load_mnist_train
from micronn_core.recipes import RECIPES
from micronn_core.trainer import Trainer
from tests.benchmarks.contenders import LEARNING_RATES, missing, sklearn_contender, torch_contender
from tests.benchmarks.measuring import Contender, Report, compare

ROUNDS = 7
HIDDEN, BATCH = 128, 128
THREADS = min(os.cpu_count() or 1, 4)
TITLE = f"Mini-batches of {BATCH}: 784-{HIDDEN}-10, 48,000 samples"


def measure() -> Report:
    """Time all contenders at plain gradient descent."""
    whole, training_only = samples()
    with (
        ours(f"MicroNN's core, {THREADS} threads", training_only) as training,
        ours("the same with 12,000 to validate", whole) as validating,
        ours("MicroNN's core, as in the window", training_only, library_threads=None) as in_window,
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
            [
                "Validation samples are measured four times an epoch.",
                "In the window a small batch runs on one thread, which leaves the window its own.",
                *missing(),
            ],
        )


def measure_optimizer(optimizer: str) -> Report:
    """Time another optimizer against PyTorch's."""
    whole, training_only = samples()
    with (
        ours(f"MicroNN's core, {THREADS} threads", training_only, optimizer) as training,
        ours("MicroNN's core, as in the window", training_only, optimizer, None) as in_window,
    ):
        theirs = torch_contender(whole.train, HIDDEN, BATCH, optimizer)
        return compare(f"{TITLE}, {optimizer}", [training, in_window, *theirs], ROUNDS, missing())


def samples() -> tuple[Split, Split]:
    """Return the split, and the same with next to nothing to validate on."""
    whole = split(load_mnist_train(), 48_000, 12_000, RECIPES["mini-batches"].config.seed)
    hardly = Samples(whole.validation.x[:, :1], whole.validation.labels[:1])
    return whole, dataclasses.replace(
        whole, validation=hardly, validation_indices=whole.validation_indices[:1]
    )


@contextmanager
def ours(
    name: str, chosen: Split, optimizer: str = "gradient descent", library_threads: int | None = THREADS
) -> Iterator[Contender]:
    """Train as the command line does, or as the window does where no threads of the library are named."""
    rate = LEARNING_RATES[optimizer]
    config = dataclasses.replace(RECIPES["mini-batches"].config, optimizer=optimizer, learning_rate=rate)
    with Trainer(config, chosen, library_threads=library_threads) as trainer:
        trainer.epochs = 0

        def run(epochs: int) -> None:
            trainer.epochs += epochs
            with single_blas_thread():
                for _ in trainer.run():
                    pass

        yield Contender(name, run, 1)
