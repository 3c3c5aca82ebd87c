"""What `micronn cross-validate` does."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from typing import Any

from micronn_core.cli.settings_options import training_config
from micronn_core.cli.terminal import SIGNALLED, Interrupts, percent, say, share_bar, write_json, write_table
from micronn_core.common.errors import MicroNNError
from micronn_core.common.texts import number, tr, trn
from micronn_core.experiments.cross_validation import (
    FoldProgress,
    FoldResult,
    Summary,
    cross_validate,
    summary,
)
from micronn_core.settings.config import TrainingConfig
from micronn_core.training.compute.blas import single_blas_thread


def run(options: argparse.Namespace) -> int:
    """Do what the words of the command line ask for; returns the exit code."""
    config = training_config(options)
    return cross_validation(config, options.folds, options.threads, options.json, options.quiet)


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
    with Interrupts() as interrupts, single_blas_thread(), share_bar(not (json or quiet)) as show:
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
        done = len(results)
        say(
            trn(
                "stopped after {done} of {count} fold.",
                "stopped after {done} of {count} folds.",
                folds,
                done=done,
            )
        )
        return SIGNALLED + interrupts.received
    return 0


def _how_far(progress: FoldProgress, folds: int, epochs: int) -> tuple[float, str]:
    epoch = progress.metrics.epoch
    share = (progress.fold + epoch / epochs) / folds
    text = tr(
        "fold {fold} of {folds}, epoch {epoch:,} of {epochs:,}",
        fold=progress.fold + 1,
        folds=folds,
        epoch=int(epoch),
        epochs=epochs,
    )
    return share, text


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
            number(result.metrics.validation_loss, ".4f"),
            number(result.seconds, ".1f"),
        )
        for result in results
    ]
    title = trn(
        "{done} of {count} fold, judged by its own samples",
        "{done} of {count} folds, each judged by its own samples",
        folds,
        done=len(results),
    )
    headings = tr("fold"), tr("accuracy"), tr("loss"), tr("seconds")
    write_table(title, headings, rows, _notes(found, len(results)))


def _notes(found: Summary, count: int) -> str:
    if count == 1:
        return tr(
            "Validation accuracy {accuracy}, loss {loss:.4f}: mean ± standard deviation (n - 1).",
            accuracy=percent(found.accuracy),
            loss=found.loss,
        )
    return tr(
        "Validation accuracy {accuracy} ± {accuracy_deviation}, loss {loss:.4f} ± {loss_deviation:.4f}: "
        "mean ± standard deviation (n - 1).",
        accuracy=percent(found.accuracy),
        accuracy_deviation=percent(found.accuracy_deviation),
        loss=found.loss,
        loss_deviation=found.loss_deviation,
    )
