"""How long it takes to reach 96 % and 98 % on the validation samples: 784-128-10, batches of 128.

All start from the same weights, learn from the same samples with the same momentum at the same
rate, each in an order of its own, and are judged after each epoch, off the clock, by the same code.
"""

from __future__ import annotations

import dataclasses
import math
import statistics
import time
from typing import NamedTuple

import numpy as np

from micronn_core.data.dataset import Samples
from micronn_core.data.mnist import load_mnist_train
from micronn_core.data.splits import split
from micronn_core.nn.network import Network
from micronn_core.training.trainer import new_network
from tests.benchmarks.contenders import missing, sklearn_contender, torch_contender
from tests.benchmarks.measuring import REST, Contender, Report
from tests.benchmarks.mini_batch import BATCH, HIDDEN, OURS, mini_batches, ours, training_only

GOALS = (0.96, 0.98)
MOMENTUM, RATE = 0.9, 0.05
ROUNDS = 5
MOST_EPOCHS = 40


class Reached(NamedTuple):
    """When a goal was reached; infinitely late if it was not."""

    seconds: float = math.inf
    epochs: float = math.inf


def measure() -> Report:
    """Let all contenders train until the last goal, in rounds that start from other weights."""
    whole = split(load_mnist_train(), 55_000, 5_000, seed=1)
    found: dict[str, list[list[Reached]]] = {}
    for seed in range(1, ROUNDS + 1):
        config = dataclasses.replace(mini_batches("momentum"), learning_rate=RATE, seed=seed)
        start = new_network(config, 784, 10).parameters
        with ours(OURS, training_only(whole), config) as mine:
            for contender in (
                mine,
                *torch_contender(whole.train, HIDDEN, BATCH, "momentum", RATE, start, seed),
                *sklearn_contender(whole.train, HIDDEN, BATCH, MOMENTUM, RATE, start, seed),
            ):
                found.setdefault(contender.name, []).append(race(contender, whole.validation))
    first = found[OURS]
    columns = [text for goal in GOALS for text in (f"to {goal:.0%}, s", "epochs", "x ours")]
    return Report(
        "Time to accuracy: 784-128-10, batches of 128, 55,000 samples",
        ("momentum, 5,000 to validate", *columns),
        tuple((name, *row(rounds, first)) for name, rounds in found.items()),
        (
            f"Medians of {ROUNDS} rounds, each from other weights, the same for all; momentum "
            f"{MOMENTUM}, learning rate {RATE}.",
            "Validation is off the clock for all, once an epoch.",
            *missing(),
        ),
    )


def race(contender: Contender, validation: Samples) -> list[Reached]:
    """Train until the last goal is reached; returns when each of them was."""
    assert contender.weights is not None
    reached = {goal: Reached() for goal in GOALS}
    seconds = 0.0
    time.sleep(REST)  # until the threads of the one before are asleep
    for epoch in range(1, MOST_EPOCHS + 1):
        begin = time.perf_counter()
        contender.run(1)
        seconds += time.perf_counter() - begin
        answers = Network(contender.weights()).predict(validation.x)
        accuracy = np.mean(answers == validation.labels)
        for goal in GOALS:
            if accuracy >= goal and math.isinf(reached[goal].seconds):
                reached[goal] = Reached(seconds, epoch)
        if accuracy >= GOALS[-1]:
            break
    return list(reached.values())


def row(rounds: list[list[Reached]], ours: list[list[Reached]]) -> list[str]:
    """Return the figures of one contender."""
    cells = []
    for goal in range(len(GOALS)):
        mine, theirs = [a[goal] for a in ours], [b[goal] for b in rounds]
        ratios = [b.seconds / a.seconds for a, b in zip(mine, theirs, strict=True)]
        seconds, epochs = (statistics.median(values) for values in zip(*theirs, strict=True))
        cells += [f"{seconds:.2f}", f"{epochs:.0f}", f"{statistics.median(ratios):.2f}"]
    return cells
