"""What `micronn sweep` does."""

from __future__ import annotations

import argparse
import math
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from micronn_core.cli.settings_options import training_config
from micronn_core.cli.terminal import (
    SIGNALLED,
    Interrupts,
    percent,
    say,
    share_bar,
    with_ending_said,
    write_json,
    write_table,
)
from micronn_core.common.errors import ConfigError
from micronn_core.common.files import check_writable, write_atomically
from micronn_core.common.texts import number, tr, trn
from micronn_core.experiments.jobs import Failed
from micronn_core.experiments.sweep import grid, read_values, run_name, run_sweep, setting_name, value_text
from micronn_core.runs.record import RunRecord
from micronn_core.runs.tables import table_content, with_table_ending
from micronn_core.settings.config import TrainingConfig
from micronn_core.settings.table import SETTINGS
from micronn_core.training.history import Metrics


def run(options: argparse.Namespace) -> int:
    """Do what the words of the command line ask for; returns the exit code."""
    config = training_config(options)
    output = options.output
    if output is not None:
        check_writable(output)
        output = with_ending_said(output, with_table_ending(output))
    return sweep(config, options.values, options.jobs, output, options.json, options.quiet)


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
        check_writable(output)
    if json:
        write_json({"event": "sweep", "runs": len(configs), "settings": list(values), **asdict(base)})
    names = [run_name(config, values) for config in configs]
    records: dict[int, RunRecord] = {}
    failures: dict[int, str] = {}
    with (
        Interrupts() as interrupts,
        closing(run_sweep(configs, jobs)) as background,
        share_bar(not (json or quiet)) as show,
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
            text = trn("{done} of {count} run", "{done} of {count} runs", len(configs), done=len(records))
            show(sum(shares.values()) / len(configs), text)
    for job, reason in failures.items():
        say(f"{names[job]}: {reason}")
    ranked = sorted(records.values(), key=_rank)
    if output is not None and ranked:
        write_atomically(Path(output), table_content(Path(output), ranked))
    complete = [record for record in ranked if record.ending != "failed"]
    if json:
        write_json({"event": "result", "complete": len(complete), "ranking": [r.number for r in ranked]})
    elif not quiet and ranked:
        _report_runs(ranked, values, len(configs), output)
    if interrupts.received:
        say(
            trn(
                "stopped after {done} of {count} run.",
                "stopped after {done} of {count} runs.",
                len(configs),
                done=len(records),
            )
        )
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
                "set",
                tr("--set wants a setting and its values, such as lr=0.05,0.1, not {text!r}.", text=text),
            )
        name = setting_name(name)
        if name in values:
            raise ConfigError(name, tr("--set {name} is there twice: put all its values in one.", name=name))
        values[name] = read_values(name, listed)
    return values


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
        settings = [value_text(name, getattr(record.config, name)) for name in values]
        figures = [
            percent(metrics.validation_accuracy),
            number(metrics.validation_loss, ".4f"),
            number(metrics.epoch, "g"),
            number(record.seconds, ".1f"),
        ]
        rows.append([*settings, *figures, tr(record.ending)])
    headings = [tr("accuracy"), tr("loss"), tr("epochs"), tr("seconds"), tr("ending")]
    title = trn(
        "{done} of {count} run by its validation accuracy",
        "{done} of {count} runs by their validation accuracy",
        count,
        done=len(ranked),
    )
    notes = "" if output is None else tr("All settings and figures are saved in {path}.", path=output)
    write_table(title, [*(tr(SETTINGS[name].short) for name in values), *headings], rows, notes)
