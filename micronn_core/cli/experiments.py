"""What `micronn cross-validate` and `micronn sweep` do."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from micronn_core.cli.commands import SIGNALLED
from micronn_core.cli.terminal import Interrupts, percent, say, write_json, write_table
from micronn_core.common.errors import ConfigError, MicroNNError, StorageError
from micronn_core.common.files import write_atomically
from micronn_core.common.texts import tr
from micronn_core.experiments.cross_validation import FoldProgress, FoldResult, cross_validate, summary
from micronn_core.experiments.jobs import Failed
from micronn_core.experiments.sweep import grid, read_values, run_name, run_sweep, setting_name, written
from micronn_core.runs.record import RunRecord, as_csv
from micronn_core.settings.config import TrainingConfig
from micronn_core.settings.table import SETTINGS
from micronn_core.training.compute.blas import single_blas_thread
from micronn_core.training.history import Metrics

Show = Callable[[float, str], None]


def cross_validation(config: TrainingConfig, folds: int, threads: int | None, json: bool, quiet: bool) -> int:
    """Train and judge a network for each fold, and report the mean and the deviation.

    Args:
        config: the settings.
        folds: how many.
        threads: how many to train with; None for the usual number.
        json: write JSON lines instead of a table.
        quiet: write no progress bar and no table.

    Returns:
        The exit code: 0, or `SIGNALLED` and the number of the signal that ended it early.

    Raises:
        MicroNNError: the settings or the data cannot be used, or a fold diverged. The folds that
            were complete by then are reported all the same.
    """
    results: list[FoldResult] = []
    if json:
        write_json({"event": "config", "folds": folds, **asdict(config)})
    failure = None
    with Interrupts() as interrupts, single_blas_thread(), _bar(not (json or quiet)) as show:
        try:
            with closing(cross_validate(config, folds, threads)) as pieces:
                for piece in pieces:
                    if isinstance(piece, FoldProgress):
                        show(*_how_far(piece, folds, config.epochs))
                    elif isinstance(piece, FoldResult):
                        results.append(piece)
                        if json:
                            write_json({"event": "fold", **_fold_figures(piece)})
                    if interrupts.received:
                        break
        except MicroNNError as error:
            failure = error
    if results and (json or not quiet):
        _report_folds(results, folds, json)
    if failure:
        raise failure
    if interrupts.received:
        say(f"stopped after {len(results)} of {folds} folds.")
        return SIGNALLED + interrupts.received
    return 0


def _how_far(progress: FoldProgress, folds: int, epochs: int) -> tuple[float, str]:
    epoch = progress.metrics.epoch
    share = (progress.fold + epoch / epochs) / folds
    return share, f"fold {progress.fold + 1} of {folds}, epoch {int(epoch):,} of {epochs:,}"


def _fold_figures(result: FoldResult) -> dict[str, Any]:
    return {
        "fold": result.fold + 1,
        "epoch": result.metrics.epoch,
        "accuracy": result.metrics.validation_accuracy,
        "loss": result.metrics.validation_loss,
        "seconds": round(result.seconds, 6),
    }


def _report_folds(results: Sequence[FoldResult], folds: int, json: bool) -> None:
    found = summary(results)
    if json:
        write_json({"event": "result", "complete": len(results), **found._asdict()})
        return
    rows = [
        (
            f"{result.fold + 1}",
            percent(result.metrics.validation_accuracy),
            f"{result.metrics.validation_loss:.4f}",
            f"{result.seconds:.1f}",
        )
        for result in results
    ]
    accuracy = f"{percent(found.accuracy)} ± {percent(found.accuracy_deviation)}"
    loss = f"{found.loss:.4f} ± {found.loss_deviation:.4f}"
    if len(results) == 1:
        accuracy, loss = percent(found.accuracy), f"{found.loss:.4f}"
    notes = f"Validation accuracy {accuracy}, loss {loss}: mean ± standard deviation (n - 1)."
    title = f"{len(results)} of {folds} folds, each judged by its own samples"
    write_table(title, ("fold", "accuracy", "loss", "seconds"), rows, notes)


def sweep(
    base: TrainingConfig,
    settings: Sequence[str],
    jobs: int | None,
    output: str | None,
    json: bool,
    quiet: bool,
) -> int:
    """Train with every combination of a few settings' values, and report the best first.

    Args:
        base: the settings that stay.
        settings: what to vary, such as "learning_rate=0.05,0.1".
        jobs: most processes at once; None for one per core.
        output: where to save all settings and figures as a table (CSV); None not to.
        json: write JSON lines instead of a table.
        quiet: write no progress bar and no table.

    Returns:
        The exit code: 0, 1 if no run came to its end, or `SIGNALLED` and the number of the signal
        that ended it early; what was complete by then is reported all the same.

    Raises:
        ConfigError: the settings or the values cannot be used; nothing has run.
        StorageError: the table cannot be written.
    """
    values = read_settings(settings)
    configs = grid(base, values)
    if output is not None:
        _check_table(output)
    if json:
        write_json({"event": "sweep", "runs": len(configs), "settings": list(values), **asdict(base)})
    names = [run_name(config, values) for config in configs]
    records: dict[int, RunRecord] = {}
    failures: dict[int, str] = {}
    with (
        Interrupts() as interrupts,
        closing(run_sweep(configs, jobs)) as background,
        _bar(not (json or quiet)) as show,
    ):
        shares = dict.fromkeys(range(len(configs)), 0.0)
        while not (background.finished or interrupts.received):
            for job, content in background.take(timeout=0.1):
                if isinstance(content, Metrics):
                    shares[job] = content.epoch / configs[job].epochs
                elif isinstance(content, RunRecord):
                    records[job], shares[job] = replace(content, name=names[job], number=job + 1), 1.0
                    if json:
                        write_json({"event": "run", **_run_figures(records[job], values)})
                elif isinstance(content, Failed):
                    failures[job], shares[job] = content.reason, 1.0
            show(sum(shares.values()) / len(configs), f"{len(records)} of {len(configs)} runs")
    for job, reason in failures.items():
        say(f"{names[job]}: {reason}")
    ranked = sorted(records.values(), key=_rank)
    if output is not None and ranked:
        write_atomically(Path(output), as_csv(ranked))
    complete = [record for record in ranked if record.ending != "failed"]
    if json:
        write_json({"event": "result", "complete": len(complete), "ranking": [r.number for r in ranked]})
    elif not quiet and ranked:
        _report_runs(ranked, values, len(configs), output)
    if interrupts.received:
        say(f"stopped after {len(records)} of {len(configs)} runs.")
        return SIGNALLED + interrupts.received
    return 0 if complete else 1


def read_settings(settings: Sequence[str]) -> dict[str, tuple[object, ...]]:
    """Read what is to be varied, each such as "learning_rate=0.05,0.1".

    Raises:
        ConfigError: one is not of that form, or is there twice, or its values cannot be used.
    """
    values: dict[str, tuple[object, ...]] = {}
    for text in settings:
        name, separator, listed = text.partition("=")
        if not separator:
            raise ConfigError(
                "set", f"--set wants a setting and its values, such as lr=0.05,0.1, not {text!r}."
            )
        name = setting_name(name)
        if name in values:
            raise ConfigError(name, tr("--set {name} is there twice: put all its values in one.", name=name))
        values[name] = read_values(name, listed)
    return values


def _check_table(output: str) -> None:
    """Raise a StorageError, before anything runs, if a table cannot be written there."""
    path = Path(output)
    folder = path.resolve().parent
    if path.is_dir() or not folder.is_dir():
        raise StorageError(
            f"{output} cannot be written: name a file in a folder that exists, such as runs.csv."
        )
    if not os.access(folder, os.W_OK):
        raise StorageError(f"{output} cannot be written: there is no permission to write in {folder}.")


def _rank(record: RunRecord) -> tuple[bool, float]:
    accuracy = record.final.metrics.validation_accuracy
    return record.ending == "failed", -accuracy if math.isfinite(accuracy) else 1.0


def _run_figures(record: RunRecord, values: Mapping[str, object]) -> dict[str, Any]:
    metrics = record.final.metrics
    settings = asdict(record.config)
    return {
        "run": record.number,
        **{name: settings[name] for name in values},
        "ending": record.ending,
        **metrics._asdict(),
        "best_validation_accuracy": record.best.metrics.validation_accuracy if record.best else None,
        "seconds": round(record.seconds, 6),
    }


def _report_runs(
    ranked: Sequence[RunRecord], values: Mapping[str, object], count: int, output: str | None
) -> None:
    rows = []
    for record in ranked:
        metrics = record.final.metrics
        settings = [written(name, getattr(record.config, name)) for name in values]
        figures = [
            percent(metrics.validation_accuracy),
            f"{metrics.validation_loss:.4f}",
            f"{metrics.epoch:g}",
        ]
        rows.append([*settings, *figures, f"{record.seconds:.1f}", record.ending])
    headings = ["accuracy", "loss", "epochs", "seconds", "ending"]
    title = f"{len(ranked)} of {count} runs by their validation accuracy"
    notes = f"All settings and figures are saved in {output}." if output is not None else ""
    write_table(title, [*(tr(SETTINGS[name].short) for name in values), *headings], rows, notes)


@contextmanager
def _bar(shown: bool) -> Iterator[Show]:
    """Show on stderr how far the work is, if that is a terminal; yields what takes a share and a text."""
    console = Console(stderr=True)
    columns = TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TimeRemainingColumn()
    visible = shown and console.is_terminal
    with Progress(
        *columns, console=console, refresh_per_second=5, transient=True, disable=not visible
    ) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda share, text: bar.update(task, completed=share, description=text)
