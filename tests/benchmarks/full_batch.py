"""One epoch of the tutorial's recipe: 784-10-10 on 48,000 samples at once.

Asked for: at least 3 times faster than the tutorial's class, at least 2 times faster than PyTorch.
"""

from __future__ import annotations

import contextlib
import dataclasses
import io
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from micronn_core import MicroNN
from micronn_core.data.dataset import Samples
from micronn_core.data.mnist import load_mnist_train
from micronn_core.data.splits import Split, split
from micronn_core.nn.network import Parameters
from micronn_core.nn.optimizers import GradientDescent
from micronn_core.settings.recipes import RECIPES
from micronn_core.settings.table import MAX_EPOCHS
from micronn_core.training.compute.batches import PackedBatch, run_to_end
from micronn_core.training.compute.blas import single_blas_thread
from micronn_core.training.compute.passes import Passes
from micronn_core.training.trainer import Trainer, new_network
from tests.benchmarks.contenders import LEARNING_RATE, missing, torch_contender
from tests.benchmarks.measuring import Contender, Report, compare
from tests.core.tutorial_reference import TutorialMicroNN

ROUNDS = 9


def measure() -> Report:
    """Time all contenders."""
    config = RECIPES["tutorial"].config
    chosen = split(load_mnist_train(), 48_000, 12_000, config.seed)
    with ours(chosen.train) as training, ours_with_validation(chosen) as trainer:
        return compare(
            "Full batch: 784-10-10, 48,000 samples",
            [
                training,
                trainer,
                micronn(chosen.train),
                tutorials_class(chosen.train),
                *torch_contender(chosen.train, hidden=10, batch_size=None),
                bare_products(chosen.train),
            ],
            ROUNDS,
            [
                "Ours tells loss and accuracy at every step; the tutorial's class and PyTorch's loop do not.",
                "MicroNN's figure includes arranging the samples anew, once in 20 epochs.",
                "The bare products are W1 X and dZ1 Xᵀ in float32, on the matrix library's own threads.",
                *missing(),
            ],
            operations(10, 48_000),
        )


def operations(hidden: int, samples: int) -> float:
    """Return the operations of an epoch's matrix products: z1 and dW1, and z2, da1 and dW2."""
    return 2.0 * samples * (2 * 784 * hidden + 3 * hidden * 10)


@contextmanager
def ours(samples: Samples, hidden: int = 10) -> Iterator[Contender]:
    """Train as the window does, without measuring the validation samples."""
    network = new_network(dataclasses.replace(RECIPES["tutorial"].config, hidden=(hidden,)), 784, 10)
    vector = network.parameters.vector
    gradient = Parameters(network.sizes)
    optimizer = GradientDescent(vector.size, vector.dtype)
    with Passes(network.sizes, network.activation) as passes:
        batch = PackedBatch(passes.chunk_size)
        run_to_end(batch.fill(samples))

        def run(epochs: int) -> None:
            with single_blas_thread():
                for _ in range(epochs):
                    run_to_end(passes.measure(network.parameters, batch, gradient))
                    optimizer.step(vector, gradient.vector, LEARNING_RATE)

        yield Contender("MicroNN's core, float32", run, 5)


@contextmanager
def ours_with_validation(chosen: Split) -> Iterator[Contender]:
    """Train as the window does: every step measures the 12,000 validation samples too."""
    with Trainer(dataclasses.replace(RECIPES["tutorial"].config, epochs=MAX_EPOCHS), chosen) as trainer:
        pieces = trainer.run()

        def run(epochs: int) -> None:
            with single_blas_thread():
                while epochs:
                    epochs -= next(pieces) is not None

        yield Contender("the same with 12,000 to validate", run, 5)
        pieces.close()


def micronn(samples: Samples) -> Contender:
    """The tutorial's class on top of our core, in float64."""
    x, y, model = samples.x.astype(np.float64), samples.labels, MicroNN()

    def run(epochs: int) -> None:
        with contextlib.redirect_stdout(io.StringIO()):
            model.train(x, y, LEARNING_RATE, epochs, print_every=MAX_EPOCHS)

    return Contender("class MicroNN, float64", run, 20)


def tutorials_class(samples: Samples) -> Contender:
    """The tutorial's own class, on arrays as its own load_data makes them, in float64."""
    x, y, model = samples.rows.astype(np.float64).T, samples.labels, TutorialMicroNN()

    def run(epochs: int) -> None:
        for _ in range(epochs):
            model.forward(x)
            model.update(model.backward(x, y), LEARNING_RATE)

    return Contender("the tutorial's class, float64", run)


def bare_products(samples: Samples) -> Contender:
    """The two products that no epoch can do without, and nothing else."""
    rng = np.random.default_rng(0)
    w1 = rng.random((10, 784), np.float32)
    dz1 = rng.random((10, len(samples)), np.float32)

    def run(epochs: int) -> None:
        for _ in range(epochs):
            w1 @ samples.x
            dz1 @ samples.rows

    return Contender("the bare products, plain", run)
