"""What `micronn train` does."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from micronn_core.cli.starting import Start, begin, go_on
from micronn_core.cli.terminal import (
    SIGNALLED,
    Interrupts,
    architecture,
    figure_rows,
    progress_bar,
    say,
    with_ending_said,
    write_json,
    write_table,
)
from micronn_core.common.errors import NoRoomError, StorageError, TrainingDiverged
from micronn_core.common.folders import runs_folder
from micronn_core.common.texts import mark, number, tr, trn
from micronn_core.data.catalog import open_source
from micronn_core.data.dataset import Dataset, Samples
from micronn_core.data.features import DataSpec
from micronn_core.data.splits import Split
from micronn_core.evaluation.measure import measure
from micronn_core.nn.network import Network
from micronn_core.runs.record import RunRecord
from micronn_core.runs.saved_network import check_output, save_network, with_suffix
from micronn_core.runs.store import RunStore
from micronn_core.settings.config import TrainingConfig
from micronn_core.training.compute.blas import blas_threads
from micronn_core.training.feed import split_of
from micronn_core.training.history import Metrics, epoch_text
from micronn_core.training.memory import file_bytes
from micronn_core.training.trainer import Trainer

T = TypeVar("T")

_PARTS = {"train": mark("train"), "validation": mark("validation"), "test": mark("test")}
"""The samples that a network is measured on, by their names in JSON."""


def run(options: argparse.Namespace) -> int:
    """Do what the words of the command line ask for; returns the exit code."""
    start = begin(options) if options.kept is None else go_on(options)
    output = None if options.no_save else options.output or start.output
    if output is not None and output == options.output:
        check_output(output)
        output = with_ending_said(output, with_suffix(output))
    return train(start, options.data, output, options.threads, options.json, options.quiet)


class _Run(NamedTuple):
    """How a run ended: where it stood, how long it took, what ended it early, what is kept of it."""

    metrics: Metrics
    seconds: float
    failure: TrainingDiverged | OSError | None
    signal: int
    early: str
    record: RunRecord | None = None

    @property
    def ending(self) -> str:
        """The ending in one word."""
        if isinstance(self.failure, TrainingDiverged):
            return "diverged"
        if self.early:
            return "stopped early"
        return "stopped" if self.failure or self.signal else "finished"


def train(
    start: Start, data: str | None, output: str | None, threads: int | None, json: bool, quiet: bool
) -> int:
    """Train a network, save it, and report.

    Args:
        start: what to begin or to go on with.
        data: the file that the config's dataset was read from, as it was named; None for none.
        output: where to save the network; None not to.
        threads: how many to train with, small batches too; None for the usual number, and small
            batches on one, which gives the same bits as the window.
        json: write JSON lines instead of a table.
        quiet: write no progress bar and no table.

    Returns:
        The exit code: 0, or `SIGNALLED` and the number of the signal that ended the run early.

    Raises:
        MicroNNError: the data, the training or the saving failed. What had been learned until a
            run diverged is saved all the same.
    """
    if output is not None:
        check_output(output)
    config = start.config
    samples, spec, test = _load(config, start.more)
    if json:
        write_json({"event": "config", **asdict(config), "data": data, "output": output, **start.figures()})
    start.check(samples, spec)
    length = file_bytes(spec.sizes(config.hidden), config, start.more)
    if output is not None:
        _with_room(output, length, lambda: check_output(output, length))
    saved, failure = None, None
    with Interrupts() as interrupts:
        with start.trainer(samples, threads) as trainer, blas_threads(threads or 1):
            run = _run(trainer, start, spec, interrupts, json, quiet)
        try:
            if output is not None:
                saved = _with_room(output, length, lambda: _save(output, trainer.network, data, run))
        except StorageError as error:
            failure = error
    if isinstance(run.failure, OSError):
        raise failure or run.failure
    where = _where(saved, is_last_good=run.failure is not None)
    if run.signal:
        epoch = epoch_text(run.metrics.epoch)
        say(
            tr(
                "stopped at epoch {epoch} of {epochs:,}. {where}",
                epoch=epoch,
                epochs=config.epochs,
                where=where,
            )
        )
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


def _where(saved: Path | None, is_last_good: bool) -> str:
    """Say where the network is."""
    if saved is None:
        return tr("Nothing is saved.")
    if is_last_good:
        return tr("The last good network is saved in {path}.", path=saved)
    return tr("The network is saved in {path}.", path=saved)


def _load(config: TrainingConfig, more: Dataset | None) -> tuple[Split, DataSpec, Samples | None]:
    """Return the samples to train and validate on, what they are, and the test set if there is one."""
    source = open_source(config.dataset)
    dataset = source.load_train()
    samples = split_of(config, dataset, more)
    if source.load_test is None:
        return samples, dataset.spec, None
    return samples, dataset.spec, Samples.of(source.load_test(), dtype=config.dtype, white=config.white)


def _run(
    trainer: Trainer, start: Start, spec: DataSpec, interrupts: Interrupts, json: bool, quiet: bool
) -> _Run:
    """Train until the last epoch, a signal, a failure, or until nobody takes the JSON lines any more."""
    history, failure = start.history(), None
    begun: float | None = None  # the first measurement is not counted
    with progress_bar(trainer.config.epochs, shown=not (json or quiet)) as show:
        try:
            with closing(trainer.run()) as pieces:
                for metrics in pieces:
                    if metrics is not None:
                        begun = begun or time.perf_counter()
                        if metrics.step == len(history):  # the step to go on from has been told before
                            history.append(metrics)
                            if json and metrics.epoch.is_integer():
                                _write_epoch(metrics, start.seconds + time.perf_counter() - begun)
                        show(metrics)
                    if interrupts.received:
                        break
        except (TrainingDiverged, OSError) as error:
            failure = error
    seconds = start.seconds + (time.perf_counter() - begun if begun else 0.0)
    early = trainer.stopping_reason
    run = _Run(trainer.metrics, seconds, failure, interrupts.received, early)
    record = start.record(trainer, history, spec, seconds, run.ending) if run.metrics.step else None
    return run._replace(record=record)


def _write_epoch(metrics: Metrics, seconds: float) -> None:
    figures = {**metrics._asdict(), "epoch": int(metrics.epoch), "seconds": round(seconds, 6)}
    write_json({"event": "epoch", **figures})


def _with_room(output: str, length: int, save: Callable[[], T]) -> T:
    """Save a file; if it finds no room, let the oldest kept runs go, if that makes enough, and say so."""
    try:
        return save()
    except NoRoomError:
        dropped = RunStore(runs_folder()).make_room(Path(output), length)
        if not dropped:
            raise
    names = [run.name or tr("Run {number}", number=run.number) for run in dropped]
    text = trn(
        "The disk was full: {names}, the oldest kept run without a star, made room for {path}.",
        "The disk was full: {names}, the oldest kept runs without a star, made room for {path}.",
        len(dropped),
        names=", ".join(names[:3]) + (" …" if len(names) > 3 else ""),
        path=output,
    )
    say(text)
    return save()


def _save(output: str, network: Network, data: str | None, run: _Run) -> Path | None:
    """Save what was learned; a network that has learned nothing must not take the place of another."""
    if run.record is None:
        return None
    figures = {**run.metrics._asdict(), "seconds": run.seconds, "ending": run.ending, "data": data}
    return save_network(output, network, run.record.config, run.record.spec, figures, run.record)


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
    title = tr(
        "{sizes} at epoch {epoch}, trained in {seconds:.1f} s ({each:.1f} ms an epoch)",
        sizes=architecture(network),
        epoch=number(epochs, ",.0f" if epochs.is_integer() else ",.2f"),
        seconds=seconds,
        each=each,
    )
    headings = tr("samples"), tr("count"), tr("accuracy"), tr("loss")
    rows = figure_rows({tr(_PARTS[name]): part for name, part in figures.items()})
    write_table(title, headings, rows, where)
