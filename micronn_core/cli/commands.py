"""What `micronn train` and `micronn evaluate` do."""

from __future__ import annotations

import math
import time
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, NamedTuple

from micronn_core.cli.terminal import Interrupts, percent, progress_bar, say, write_json, write_table
from micronn_core.common.errors import ConfigError, DataError, StorageError, TrainingDiverged
from micronn_core.data.catalog import DATASETS
from micronn_core.data.dataset import Dataset, Samples
from micronn_core.data.readers import read_dataset
from micronn_core.data.splits import Split, split
from micronn_core.drawing.my_digits import exported_dataset
from micronn_core.evaluation.measure import measure
from micronn_core.nn.network import Network
from micronn_core.runs.saved_network import check_output, load_network, save_network
from micronn_core.settings.config import TrainingConfig
from micronn_core.training.compute.blas import blas_threads
from micronn_core.training.feed import held_out, split_of
from micronn_core.training.history import Metrics, epoch_text
from micronn_core.training.trainer import Trainer

TRAIN_SHARE = 0.8
"""How much of a user's own data is trained on (the MicroNN tutorial); the rest validates."""

SIGNALLED = 128
"""The exit code after a signal is this and the signal's number, as shells have it."""


class _Run(NamedTuple):
    """How a run ended: where it stood, how long it took, and what ended it early, if anything."""

    metrics: Metrics
    seconds: float
    failure: TrainingDiverged | OSError | None
    signal: int
    early: str

    @property
    def ending(self) -> str:
        """The ending in one word."""
        if isinstance(self.failure, TrainingDiverged):
            return "diverged"
        if self.early:
            return "stopped early"
        return "stopped" if self.failure or self.signal else "finished"


def train(
    config: TrainingConfig,
    data: str | None,
    output: str | None,
    threads: int | None,
    json: bool,
    quiet: bool,
    my_digits: str | None = None,
) -> int:
    """Train a network, save it, and report.

    Args:
        config: the settings.
        data: a file to learn from instead of the config's dataset.
        output: where to save the network; None not to.
        threads: how many to train with, small batches too; None for the usual number, and small
            batches on one, which gives the same bits as the window.
        json: write JSON lines instead of a table.
        quiet: write no progress bar and no table.
        my_digits: an exported file of kept digits to learn from as well; the config then names them.

    Returns:
        The exit code: 0, or `SIGNALLED` and the number of the signal that ended the run early.

    Raises:
        MicroNNError: the data, the training or the saving failed. What had been learned until a
            run diverged is saved all the same.
    """
    if output is not None:
        check_output(output)
    more = None if my_digits is None else exported_dataset(my_digits)
    config = config if more is None else replace(config, my_digits=more.fingerprint())
    samples, test = _load(config, data, more)
    if json:
        write_json({"event": "config", **asdict(config), "data": data, "output": output})
    saved, failure = None, None
    with Interrupts() as interrupts:
        with Trainer(config, samples, threads=threads) as trainer, blas_threads(threads or 1):
            run = _run(trainer, interrupts, json, quiet)
        try:
            saved = _save(output, trainer.network, config, data, run)
        except StorageError as error:
            failure = error
    if isinstance(run.failure, OSError):
        raise failure or run.failure
    which = "last good network" if run.failure else "network"
    where = f"The {which} is saved in {saved}." if saved else "Nothing is saved."
    if run.signal:
        say(f"stopped at epoch {epoch_text(run.metrics.epoch)} of {config.epochs:,}. {where}")
    if run.early and not json:
        say(run.early[0].lower() + run.early[1:])
    if json or not quiet:
        parts = {"train": samples.train, "validation": samples.validation, "test": test}
        figures = {name: measure(trainer.network, part).figures() for name, part in parts.items() if part}
        _report(trainer.network, run, figures, saved, where, json)
    if failure:
        raise failure
    if run.failure:
        raise TrainingDiverged(f"{run.failure} {where}")
    return SIGNALLED + run.signal if run.signal else 0


def _load(
    config: TrainingConfig, data: str | None, more: Dataset | None = None
) -> tuple[Split, Samples | None]:
    """Return the samples to train and validate on, and the test set if its pictures are of that size."""
    source = DATASETS[config.dataset]
    if data is None:
        dataset = source.load_train()
        samples = split_of(config, dataset, more)
    else:
        dataset = read_dataset(data)
        train_count = int(TRAIN_SHARE * len(dataset))
        if config.batch_size > train_count:
            raise ConfigError(
                "batch_size",
                f"The batch size can be at most {train_count:,}, the number of training samples in {data}, "
                f"not {config.batch_size:,}.",
            )
        counts = train_count, len(dataset) - train_count
        samples = split(dataset, *counts, config.seed, config.dtype, more, config.white)
    if source.load_test is None or source.spec != dataset.spec:
        return samples, None
    return samples, Samples.of(source.load_test(), dtype=config.dtype, white=config.white)


def _run(trainer: Trainer, interrupts: Interrupts, json: bool, quiet: bool) -> _Run:
    """Train until the last epoch, a signal, a failure, or until nobody takes the JSON lines any more."""
    begun, failure = time.perf_counter(), None
    with progress_bar(trainer.config.epochs, shown=not (json or quiet)) as show:
        try:
            with closing(trainer.run()) as pieces:
                for metrics in pieces:
                    if metrics is not None:
                        begun = begun if metrics.step else time.perf_counter()
                        show(metrics)
                        if json and metrics.epoch.is_integer():
                            _write_epoch(metrics, time.perf_counter() - begun)
                    if interrupts.received:
                        break
        except (TrainingDiverged, OSError) as error:
            failure = error
    return _Run(
        trainer.metrics, time.perf_counter() - begun, failure, interrupts.received, trainer.stopping_reason
    )


def _write_epoch(metrics: Metrics, seconds: float) -> None:
    figures = {**metrics._asdict(), "epoch": int(metrics.epoch), "seconds": round(seconds, 6)}
    write_json({"event": "epoch", **figures})


def _save(
    output: str | None, network: Network, config: TrainingConfig, data: str | None, run: _Run
) -> Path | None:
    """Save what was learned; a network that has learned nothing must not take the place of another."""
    if output is None or run.metrics.step == 0:
        return None
    figures = {**run.metrics._asdict(), "seconds": run.seconds, "ending": run.ending, "data": data}
    return save_network(output, network, config, figures)


def _report(
    network: Network,
    run: _Run,
    figures: dict[str, dict[str, Any]],
    saved: Path | None,
    where: str,
    json: bool,
) -> None:
    epochs, seconds = run.metrics.epoch, run.seconds
    each = 1_000 * seconds / epochs if epochs else 0.0
    if json:
        ended = {"event": "result", "ending": run.ending, "step": run.metrics.step, "epoch": epochs}
        timing = {"seconds": round(seconds, 6), "ms_per_epoch": round(each, 3)}
        write_json({**ended, **timing, **figures, "saved": str(saved) if saved else None})
        return
    reached = f"{epochs:,.0f}" if epochs.is_integer() else f"{epochs:,.2f}"
    title = (
        f"{_architecture(network)} at epoch {reached}, trained in {seconds:.1f} s ({each:.1f} ms an epoch)"
    )
    write_table(title, ("samples", "count", "accuracy", "loss"), _figure_rows(figures), where)


def evaluate(model: str, data: str | None, json: bool) -> int:
    """Measure a saved network on the test set or on a file, and report digit by digit.

    Args:
        model: the saved network.
        data: a file of labelled digits; None for the test set of the network's own dataset.
        json: write one JSON object instead of tables.

    Returns:
        The exit code, 0.

    Raises:
        MicroNNError: the network or the data cannot be used, or do not fit together.
    """
    saved = load_network(model)
    network = saved.network
    dataset = read_dataset(data) if data is not None else held_out(saved.config)
    check_fits(network, model, dataset.features.count, len(dataset.class_names), dataset.name)
    found = measure(network, Samples.of(dataset, None, network.parameters.vector.dtype, saved.config.white))
    classes = {
        name: {"count": int(count), "accuracy": float(correct / count) if count else math.nan}
        for name, count, correct in zip(dataset.class_names, found.counts, found.correct, strict=True)
    }
    if json:
        write_json({"model": model, "data": dataset.name, **found.figures(), "classes": classes})
        return 0
    rows = [*_figure_rows(classes), *_figure_rows({"all": found.figures()})]
    notes = f"Mean loss {found.loss:.4f}. The network is {_architecture(network)}, from {model}."
    write_table(dataset.name, ("digit", "count", "accuracy"), [row[:3] for row in rows], notes)
    return 0


def check_fits(network: Network, model: str, pixels: int, classes: int, name: str) -> None:
    """Raise a DataError unless a network takes so many pixels and tells so many classes apart."""
    if (network.sizes[0], network.sizes[-1]) != (pixels, classes):
        raise DataError(
            f"{model} takes {network.sizes[0]:,} pixels and knows {network.sizes[-1]:,} classes, but {name} "
            f"have {pixels:,} and {classes:,}. Choose a network that was trained on such pictures."
        )


def _figure_rows(figures: dict[str, dict[str, Any]]) -> list[tuple[str, ...]]:
    """Return name, count, accuracy and loss as text."""
    return [
        (name, f"{part['count']:,}", percent(part["accuracy"]), f"{part.get('loss', math.nan):.4f}")
        for name, part in figures.items()
    ]


def _architecture(network: Network) -> str:
    return "-".join(map(str, network.sizes))
