"""A sweep: the same run with a few values of a few settings, to see what they do.

The runs share their seed, so their samples and the order of their batches differ only where the
settings say so. Each runs on a process of its own, which reads the data itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, fields
from functools import partial
from itertools import product
from math import prod

from micronn_core.cli.settings_options import choice, number
from micronn_core.common.errors import ConfigError, TrainingDiverged
from micronn_core.data.augmentation import AUGMENTATIONS, Augmentation
from micronn_core.data.catalog import DATASETS, open_source, source_of
from micronn_core.data.dataset import Dataset
from micronn_core.data.splits import SPLITS
from micronn_core.experiments.jobs import REPORT_INTERVAL, Background
from micronn_core.nn.activations import ACTIVATIONS
from micronn_core.nn.initializers import INITIALIZERS
from micronn_core.nn.network import Parameters
from micronn_core.nn.optimizers import OPTIMIZERS
from micronn_core.nn.schedules import SCHEDULES
from micronn_core.runs.record import Moment, RunRecord, thinned
from micronn_core.settings.config import DTYPES, FULL_BATCH, PIXELS, SHIFTS, TrainingConfig, parse_hidden
from micronn_core.training.feed import split_of
from micronn_core.training.history import History, Metrics
from micronn_core.training.trainer import Trainer

MAX_RUNS = 64
MAX_SETTINGS = 3

_START_SECONDS = 0.5
_SECONDS_PER_STEP = 150e-6
_SECONDS_PER_PRODUCT = 0.12e-9
"""Seconds for each weight and training sample, forward and backward on one core."""

_CHOICES: dict[str, Mapping[str, object] | Sequence[str]] = {
    "dataset": DATASETS,
    "split": SPLITS,
    "activation": ACTIVATIONS,
    "initializer": INITIALIZERS,
    "optimizer": OPTIMIZERS,
    "dtype": DTYPES,
    "schedule": SCHEDULES,
    "pixels": PIXELS,
    "softmax": SHIFTS,
}
_SHORT = {"lr": "learning_rate", "rate": "learning_rate", "batch": "batch_size", "vary": "augmentation"}
_BRIEF = {"learning_rate": "rate", "batch_size": "batch"}


# -- the grid --


def setting_name(text: str) -> str:
    """Return the name in `TrainingConfig` of a setting, written with dashes, in short or as it is.

    Raises:
        ConfigError: there is no such setting, or it cannot be swept.
    """
    name = text.strip().lower().replace("-", "_").replace(" ", "_")
    name = _SHORT.get(name, name)
    names = [field.name for field in fields(TrainingConfig) if field.name != "my_digits"]
    if name not in names:
        raise ConfigError(
            text, f"There is no setting {text.strip()!r} to sweep. Settings: {', '.join(names)}."
        )
    return name


def read_values(name: str, text: str) -> tuple[object, ...]:
    """Read the values of a setting as people write them: "0.05, 0.1", "10, 128-32" or "relu, tanh".

    Whether a value is in range is left to `grid`, for it may depend on the other settings.

    Raises:
        ConfigError: there are fewer than two values, or one is there twice.
    """
    values = tuple(_read(name, part.strip()) for part in text.split(",") if part.strip())
    if len(values) < 2:
        raise ConfigError(
            name, f"A sweep needs at least two values of {spoken(name)}, with commas between them."
        )
    if len(set(values)) < len(values):
        raise ConfigError(
            name,
            f"The same value of {spoken(name)} is there twice; each gives one run. A comma stands between "
            "values, a point in them.",
        )
    return values


def _read(name: str, text: str) -> object:
    if name == "hidden":
        return parse_hidden(text)
    if name == "augmentation":
        return _read_augmentation(text)
    if name == "batch_size" and text.lower() == "full":
        return FULL_BATCH
    if name in _CHOICES:
        return choice(_CHOICES[name])(text)
    return number(type(getattr(TrainingConfig(), name)))(text)


def _read_augmentation(text: str) -> Augmentation:
    named = choice(AUGMENTATIONS)(text)
    if named not in AUGMENTATIONS:
        raise ConfigError(
            "augmentation", f"The augmentation must be one of {', '.join(AUGMENTATIONS)}, not {text!r}."
        )
    return AUGMENTATIONS[named].augmentation


def spoken(name: str) -> str:
    """Return the name of a setting as words: "learning rate"."""
    return "hidden layers" if name == "hidden" else name.replace("_", " ")


def shown(name: str, value: object) -> str:
    """Return a setting's value as people read it, and as `read_values` takes it."""
    if isinstance(value, tuple):
        return "-".join(map(str, value))
    if isinstance(value, Augmentation):
        names = [strength.name for strength in AUGMENTATIONS.values() if strength.augmentation == value]
        return names[0] if names else "your own"
    if name == "batch_size" and value == FULL_BATCH:
        return "full"
    return f"{value:g}" if isinstance(value, float) else str(value)


def run_name(config: TrainingConfig | Mapping[str, object], names: Iterable[str]) -> str:
    """Return what a run of a sweep is called, by the settings that vary: "rate 0.1, hidden 32"."""
    values = config if isinstance(config, Mapping) else {name: getattr(config, name) for name in names}
    return ", ".join(
        f"{_BRIEF.get(name, name.replace('_', ' '))} {shown(name, values[name])}" for name in names
    )


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
        raise ConfigError("", f"A sweep is over one to {MAX_SETTINGS} settings, not {len(values)}.")
    if count > MAX_RUNS:
        raise ConfigError("", f"These would be {count:,} runs; at most {MAX_RUNS} are possible. Take fewer.")
    configs = []
    for combination in product(*values.values()):
        config = dict(zip(values, combination, strict=True))
        try:
            configs.append(TrainingConfig.from_values({**asdict(base), **config}))
        except ConfigError as error:
            raise ConfigError(error.field, f"{run_name(config, config)}: {error}") from None
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
        The metrics a few times a second, then the record of the run. A run that diverges has a
        record too, up to its last good step.

    Raises:
        DataError: the samples cannot be read.
        TrainingDiverged: the loss would no longer be a finite number.
    """
    samples, spec = split_of(config, more=more), open_source(config.dataset).spec
    history, failure, due, begun = History(), None, 0.0, time.perf_counter()
    with Trainer(config, samples, len(spec.class_names), threads=1) as trainer:
        try:
            with closing(trainer.run()) as pieces:
                for metrics in pieces:
                    if metrics is not None:
                        history.append(metrics)
                        if time.perf_counter() >= due:
                            yield metrics
                            due = time.perf_counter() + REPORT_INTERVAL
        except TrainingDiverged as error:
            failure = error
    yield _record(config, trainer, history, time.perf_counter() - begun, failed=failure is not None)
    if failure is not None:
        raise failure


def _record(
    config: TrainingConfig, trainer: Trainer, history: History, seconds: float, failed: bool
) -> RunRecord:
    loss, accuracy = history.latest_validation(trainer.metrics.epoch)
    last = trainer.metrics._replace(validation_loss=loss, validation_accuracy=accuracy)
    ending = "failed" if failed else "stopped early" if trainer.stopped_early else "finished"
    return RunRecord(
        config,
        source_of(config.dataset).spec,
        thinned(history),
        Moment(last, trainer.network.parameters),
        Moment(*trainer.best) if trainer.best else None,
        seconds,
        ending,
    )


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
