"""A sweep: the same run with a few values of a few settings, to see what they do.

The runs share their seed, so their samples and the order of their batches differ only where the
settings say so. Each runs on a process of its own, which reads the data itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import closing
from functools import partial
from itertools import product
from math import isfinite, prod

from micronn_core.common.errors import ConfigError, TrainingDiverged
from micronn_core.common.texts import localized, tr
from micronn_core.data.catalog import open_source, source_of
from micronn_core.data.dataset import Dataset
from micronn_core.experiments.jobs import REPORT_INTERVAL, Background
from micronn_core.nn.network import Parameters
from micronn_core.runs.record import RunRecord
from micronn_core.runs.trained import record_of
from micronn_core.settings.config import TrainingConfig
from micronn_core.settings.table import SETTINGS
from micronn_core.training.feed import split_of
from micronn_core.training.history import History, Metrics
from micronn_core.training.trainer import Trainer

MAX_RUNS = 64
MAX_SETTINGS = 3

_START_SECONDS = 0.5
_SECONDS_PER_STEP = 150e-6
_SECONDS_PER_PRODUCT = 0.12e-9
"""Seconds for each weight and training sample, forward and backward on one core."""

# -- the grid --


def setting_name(text: str) -> str:
    """Return the name in `TrainingConfig` of a setting, written with dashes, in short or as it is.

    Raises:
        ConfigError: there is no such setting, or it cannot be swept.
    """
    key = text.strip().lower().replace("-", "_").replace(" ", "_")
    rows = [row for row in SETTINGS.values() if row.section is not None]
    for row in rows:
        if key in (row.name, row.short, *row.aliases):
            return row.name
    raise ConfigError(
        text,
        tr(
            "There is no setting {text!r} to sweep. Settings: {names}.",
            text=text.strip(),
            names=", ".join(row.name for row in rows),
        ),
    )


def read_values(name: str, text: str, least: int = 2) -> tuple[object, ...]:
    """Read the values of a setting as people write them: "0.05, 0.1", "10, 128-32" or "relu, tanh".

    Whether a value is in range is left to `grid`, for it may depend on the other settings.

    Args:
        name: of the setting.
        text: the values, with commas between them.
        least: how many there must be, 1 or 2.

    Raises:
        ConfigError: there are fewer values, or one is there twice.
    """
    row = SETTINGS[name]
    values = tuple(row.kind.read(part.strip()) for part in text.split(",") if part.strip())
    if not values and least == 1:
        raise ConfigError(name, tr("Write a value of {setting}, or several.", setting=tr(row.short)))
    if len(values) < least:
        raise ConfigError(
            name,
            tr(
                "A sweep needs at least two values of {setting}, with commas between them.",
                setting=tr(row.short),
            ),
        )
    if len(set(values)) < len(values):
        raise ConfigError(
            name,
            tr(
                "The same value of {setting} is there twice; each gives one run. A comma stands between "
                "values, a point in them.",
                setting=tr(row.short),
            ),
        )
    return values


def run_name(config: TrainingConfig | Mapping[str, object], names: Iterable[str]) -> str:
    """Return what a run of a sweep is called, by the settings that vary: "rate 0.1, hidden 32"."""
    values = config if isinstance(config, Mapping) else {name: getattr(config, name) for name in names}
    rows = [SETTINGS[name] for name in names]
    return ", ".join(
        tr("{setting} {value}", setting=tr(row.short), value=value_text(row.name, values[row.name]))
        for row in rows
    )


def value_text(name: str, value: object) -> str:
    """Return a setting's value as it was written, but its numbers as the language writes them."""
    text = written(name, value)
    return localized(text) if isinstance(value, int | float) else text


def written(name: str, value: object) -> str:
    """Return a setting's value as `read_values` takes it; what could not be read is text still."""
    return value if isinstance(value, str) else SETTINGS[name].kind.write(value)


def grid(base: TrainingConfig, values: Mapping[str, Sequence[object]]) -> list[TrainingConfig]:
    """Return the configs of a sweep: `base` with every combination of the values.

    Args:
        base: the settings that stay.
        values: by the name of a setting, what it is to be.

    Raises:
        ConfigError: nothing is to be swept, there are too many runs, or a combination cannot be
            used; it says which.
    """
    count = prod(len(some) for some in values.values())
    if not 1 <= len(values) <= MAX_SETTINGS or count < 1:
        raise ConfigError(
            "",
            tr("A sweep is over one to {most} settings, not {count}.", most=MAX_SETTINGS, count=len(values)),
        )
    if count > MAX_RUNS:
        raise ConfigError(
            "",
            tr(
                "These would be {count:,} runs; at most {most} are possible. Take fewer.",
                count=count,
                most=MAX_RUNS,
            ),
        )
    configs = []
    for combination in product(*values.values()):
        config = dict(zip(values, combination, strict=True))
        try:
            configs.append(base.with_values(config))
        except ConfigError as error:
            name = run_name(config, config)
            raise ConfigError(error.field, tr("{run}: {reason}", run=name, reason=error)) from None
    return configs


def estimated_seconds(config: TrainingConfig) -> float:
    """Return roughly how long a run takes on one core: half or twice as long is as well possible.

    The time goes with epochs x samples x weights, and with the number of steps.
    """
    sizes, count = source_of(config.dataset).spec.sizes(config.hidden), config.train_count or 1
    products = count * Parameters.count(sizes)
    steps = count / (config.batch_size or count)
    epoch = products * _SECONDS_PER_PRODUCT + steps * _SECONDS_PER_STEP
    return _START_SECONDS + config.epochs * epoch


# -- the runs --


def train_run(config: TrainingConfig, more: Dataset | None = None) -> Generator[Metrics | RunRecord]:
    """Train by a config on one thread, as a job of `Background`.

    Args:
        config: the settings.
        more: samples to train on besides those of the config's split: the kept digits it names.

    Yields:
        The metrics a few times a second, of those steps that were validated and of the others, then
        the record of the run. A run that diverges has a
        record too, up to its last good step.

    Raises:
        DataError: the samples cannot be read.
        TrainingDiverged: the loss would no longer be a finite number.
    """
    samples, spec = split_of(config, more=more), open_source(config.dataset).spec
    history, failure, begun = History(), None, time.perf_counter()
    due = {True: 0.0, False: 0.0}  # when to report a step again: one that was validated, and another
    with Trainer(config, samples, len(spec.class_names), threads=1) as trainer:
        try:
            with closing(trainer.run()) as pieces:
                for metrics in pieces:
                    if metrics is not None:
                        history.append(metrics)
                        validated = isfinite(metrics.validation_loss)
                        if time.perf_counter() >= due[validated]:
                            yield metrics
                            due[validated] = time.perf_counter() + REPORT_INTERVAL
        except TrainingDiverged as error:
            failure = error
        seconds = time.perf_counter() - begun
        ending = "failed" if failure else "stopped early" if trainer.stopped_early else "finished"
        record = record_of(trainer, history, spec, seconds, ending, more)
    yield record
    if failure is not None:
        raise failure


def run_sweep(
    configs: Sequence[TrainingConfig], processes: int | None = None, more: Dataset | None = None
) -> Background:
    """Start the runs of a sweep; a run is a job of what is returned, in the order of the configs.

    Its messages are those of `train_run`, and at last `Failed` or `Ended`.

    Args:
        configs: as of `grid`.
        processes: most at once; by default one per core.
        more: the kept digits that the configs name.
    """
    jobs: list[Callable[[], Generator[Metrics | RunRecord]]] = [
        partial(train_run, config, more) for config in configs
    ]
    return Background(jobs, processes)
