"""Runs made up for tests: no training, but figures and weights that can be told apart."""

from __future__ import annotations

from typing import Any

import numpy as np

from micronn_core.nn.network import Parameters
from micronn_core.runs.record import Moment, RunRecord, thinned
from micronn_core.runs.saved_network import spec_of_sizes
from micronn_core.settings.config import TrainingConfig
from micronn_core.training.history import History, Metrics

SIZES = (784, 5, 10)


def history(steps: int = 20, lowest: int | None = None, validated_each: int = 1) -> History:
    """A run whose validation loss falls to the step `lowest`, or to the end, and then rises."""
    lowest = steps if lowest is None else lowest
    made = History()
    for step in range(steps + 1):
        loss = 2.0 / (1 + 0.1 * step)
        judged = 1.0 + 0.01 * abs(step - lowest) if step % validated_each == 0 else float("nan")
        made.append(Metrics(step, step / 2, loss, 1 - loss / 3, 40, judged, 1 - judged / 3))
    return made


def weights(seed: int, sizes: tuple[int, ...] = SIZES, dtype: str = "float32") -> Parameters:
    vector = np.random.default_rng(seed).normal(size=Parameters.count(sizes)).astype(dtype)
    return Parameters(sizes, vector).frozen_copy()


def record(
    steps: int = 20,
    lowest: int | None = None,
    seed: int = 1,
    sizes: tuple[int, ...] = SIZES,
    **values: Any,  # noqa: ANN401 - whatever a RunRecord takes
) -> RunRecord:
    """A run with weights of its own at its end and at its best moment."""
    run = history(steps, lowest)
    peak = steps if lowest is None else lowest
    final = Moment(run.metrics(-1), weights(seed, sizes))
    best = final if peak == steps else Moment(run.metrics(peak), weights(seed + 1000, sizes))
    made = {
        "config": TrainingConfig(hidden=(5,), seed=seed),
        "seconds": 3.5,
        "ending": "finished",
        "spec": spec_of_sizes(sizes),
    }
    return RunRecord(curves=thinned(run), final=final, best=best, **{**made, **values})
