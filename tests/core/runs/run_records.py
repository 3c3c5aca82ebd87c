"""Runs made up for tests: no training, but figures and weights that can be told apart."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from micronn_core.data.dataset import Dataset
from micronn_core.data.features import DataSpec
from micronn_core.nn.network import Parameters
from micronn_core.nn.optimizers import OPTIMIZERS
from micronn_core.runs.record import Moment, RunRecord, thinned
from micronn_core.runs.shapes import spec_of_sizes
from micronn_core.settings.config import TrainingConfig
from micronn_core.training.checkpoints import Checkpoint
from micronn_core.training.early_stopping import Best
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


def with_checkpoint(run: RunRecord, more: int = 0) -> RunRecord:
    """The run with what it takes to go on, and so many samples that it learned from besides its data."""
    (last, parameters), best = run.final, run.best
    assert parameters is not None
    shape = OPTIMIZERS[run.config.optimizer].averages, parameters.vector.size
    averages = np.random.default_rng(7).normal(size=shape).astype(parameters.vector.dtype)
    peak = None
    if best is not None:
        assert best.parameters is not None
        peak = Best(best.metrics, best.parameters)
    unmeasured = last._replace(validation_loss=float("nan"), validation_accuracy=float("nan"))
    kept = Checkpoint(
        unmeasured, int(last.epoch), 20, parameters, averages, last.step, peak, 0.1 + 0.2, False
    )
    return replace(run, checkpoint=kept, more=samples(more, run.spec) if more else None)


def samples(count: int, spec: DataSpec) -> Dataset:
    """Samples of a kind."""
    chance = np.random.default_rng(8)
    values = chance.integers(0, 256, (count, spec.features.count))
    labels = chance.integers(0, len(spec.class_names), count)
    return Dataset("mine", values, labels, spec.features, spec.class_names)


def record(
    steps: int = 20,
    lowest: int | None = None,
    seed: int = 1,
    sizes: tuple[int, ...] = SIZES,
    **values: Any,  # noqa: ANN401 - whatever a RunRecord takes
) -> RunRecord:
    """A run with weights of its own at its end and at its best moment."""
    made: dict[str, Any] = {
        "config": TrainingConfig(hidden=(5,), seed=seed),
        "seconds": 3.5,
        "ending": "finished",
        "spec": spec_of_sizes(sizes),
        **values,
    }
    run, dtype = history(steps, lowest), made["config"].dtype
    peak = steps if lowest is None else lowest
    final = Moment(run.metrics(-1), weights(seed, sizes, dtype))
    best = final if peak == steps else Moment(run.metrics(peak), weights(seed + 1000, sizes, dtype))
    return RunRecord(curves=thinned(run), final=final, best=best, **made)
