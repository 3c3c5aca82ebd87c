"""How much memory training takes, against what the pixels take as float32: at most 2.2 times as much.

Each recipe trains in a process of its own: python -m tests.benchmarks.memory RECIPE.
"""

from __future__ import annotations

import dataclasses
import subprocess
import sys

from micronn_core.data.mnist import load_mnist_train
from micronn_core.data.splits import split
from micronn_core.settings.recipes import RECIPES
from micronn_core.training.compute.blas import single_blas_thread
from micronn_core.training.trainer import Trainer
from tests.benchmarks.measuring import Report
from tests.benchmarks.opening import most_memory

TRAIN, VALIDATION = 48_000, 12_000
DATA = (TRAIN + VALIDATION) * 784 * 4
BUDGET = 2.2
EPOCHS = {"tutorial": 20, "mini-batches": 2}


def measure() -> Report:
    """Train each recipe in a process of its own."""
    rows = []
    for name in EPOCHS:
        command = [sys.executable, "-m", "tests.benchmarks.memory", name]
        run = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
        most = int(run.stdout)
        rows.append((RECIPES[name].label, f"{most / 1e6:.0f}", f"{most / DATA:.2f}", f"{BUDGET}"))
    return Report(
        f"Memory: {TRAIN:,} samples to learn from, {VALIDATION:,} to validate on",
        ("training", "most, MB", "x the data", "budget"),
        tuple(rows),
        (
            f"The data is the pixels as float32, {DATA / 1e6:.0f} MB; the most is what loading and "
            "training add to Python with all that is imported.",
        ),
    )


def main(name: str) -> None:
    """Load, train and print the bytes that were added."""
    before = most_memory()
    config = dataclasses.replace(RECIPES[name].config, epochs=EPOCHS[name])
    samples = split(load_mnist_train(), TRAIN, VALIDATION, config.seed, config.dtype)
    with Trainer(config, samples) as trainer, single_blas_thread():
        for _ in trainer.run():
            pass
    sys.stdout.write(str(most_memory() - before))


if __name__ == "__main__":
    main(sys.argv[1])
