"""How the time of an epoch grows with the number of samples and with the width of the hidden layer.

A cost that grows linearly is the same per thousand samples, or per thousand weights, in every row.
"""

from __future__ import annotations

import dataclasses
import statistics
import time

import numpy as np

from micronn_core.data.dataset import Samples
from micronn_core.data.mnist import load_mnist_train
from micronn_core.nn.network import Parameters
from tests.benchmarks import full_batch, mini_batch
from tests.benchmarks.measuring import REST, Contender, Report

COUNTS = (6_000, 12_000, 60_000, 120_000, 600_000)
NEURONS = (10, 32, 128, 512, 1_024)
SAMPLES = 12_000
"""Samples where it is the hidden layer that grows."""

EPOCHS = 5
"""Epochs timed; the median is told."""


def measure_samples() -> Report:
    """Time epochs on more and more samples; from 60,000 on, MNIST is repeated."""
    digits = Samples.of(load_mnist_train())
    times = -(-max(COUNTS) // len(digits))
    rows, labels = np.tile(digits.rows, (times, 1)), np.tile(digits.labels, times)
    table = []
    for count in COUNTS:
        samples = Samples(rows[:count].T, labels[:count])
        taken = in_one_piece(samples, 10), in_batches(samples, mini_batch.HIDDEN)
        table.append((f"{count:,}", *cells(taken, count)))
    return Report(
        "An epoch grows with the samples",
        ("samples", *columns(f"784-{mini_batch.HIDDEN}-10", "784-10-10", "samples")),
        tuple(table),
        (
            f"Medians of {EPOCHS} epochs; batches on one thread, as in the window.",
            "MNIST's 60,000 training samples, cut off or repeated.",
        ),
    )


def measure_neurons() -> Report:
    """Time epochs with more and more hidden neurons."""
    samples = Samples.of(load_mnist_train(), np.arange(SAMPLES))
    table = []
    for neurons in NEURONS:
        weights = Parameters.count((784, neurons, 10))
        taken = in_one_piece(samples, neurons), in_batches(samples, neurons)
        table.append((f"{neurons:,}", f"{weights:,}", *cells(taken, weights)))
    return Report(
        f"An epoch grows with the weights: {SAMPLES:,} samples",
        ("hidden neurons", "weights", *columns("784-n-10", "784-n-10", "weights")),
        tuple(table),
        (
            f"Medians of {EPOCHS} epochs; batches on one thread, as in the window.",
            "With few neurons it takes longer to gather the samples than to multiply them.",
        ),
    )


def columns(batches: str, full: str, unit: str) -> tuple[str, ...]:
    """Return the headings of the two ways to train."""
    ways = f"{full}, full batch", f"{batches}, batches of {mini_batch.BATCH}"
    return tuple(text for way in ways for text in (f"{way}: ms", f"µs per 1,000 {unit}"))


def cells(taken: tuple[float, float], count: int) -> tuple[str, ...]:
    """Return milliseconds, and microseconds per thousand, of the two ways to train."""
    return tuple(text for s in taken for text in (f"{s * 1e3:.1f}", f"{s * 1e6 / count * 1e3:.0f}"))


def in_one_piece(samples: Samples, hidden: int) -> float:
    """Return the seconds of an epoch in one full batch."""
    with full_batch.ours(samples, hidden) as contender:
        return timed(contender)


def in_batches(samples: Samples, hidden: int) -> float:
    """Return the seconds of an epoch in batches."""
    config = dataclasses.replace(mini_batch.mini_batches("gradient descent"), hidden=(hidden,))
    chosen = dataclasses.replace(mini_batch.training_only(mini_batch.samples()), train=samples)
    with mini_batch.ours("", chosen, config, threads=1) as contender:
        return timed(contender)


def timed(contender: Contender) -> float:
    """Return the median of some epochs."""
    time.sleep(REST)
    contender.run(1)
    taken = []
    for _ in range(EPOCHS):
        begin = time.perf_counter()
        contender.run(1)
        taken.append(time.perf_counter() - begin)
    return statistics.median(taken)
