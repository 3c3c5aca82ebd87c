"""Experiments beside the live run, on processes of their own: cross-validation and sweeps.

The window looks four times a second for what they have sent, and never waits for them.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from micronn_core.common.errors import ConfigError, DataError
from micronn_core.common.texts import tr
from micronn_core.data.catalog import source_of
from micronn_core.data.features import DataSpec
from micronn_core.experiments.cross_validation import (
    FoldProgress,
    FoldResult,
    Summary,
    check_folds,
    fold_job,
    summary,
)
from micronn_core.experiments.jobs import Background, Failed, usual_processes
from micronn_core.experiments.sweep import grid, read_values, run_name, run_sweep
from micronn_core.runs.record import Moment, RunRecord, new_id
from micronn_core.settings.config import TrainingConfig
from micronn_core.settings.table import SETTINGS
from micronn_core.training.history import Metrics
from micronn_gui.session.estimates import expected_seconds, remaining_seconds
from micronn_gui.session.my_digits import MyDigitsState
from micronn_gui.session.runs import Runs

INTERVAL = 250
"""Milliseconds between two looks at what the processes have sent."""


class Experiment(QObject):
    """Work in the background that can be stopped at any time.

    Args:
        runs: those that are kept.
        parent: ends it with itself.
    """

    changed = Signal()
    """It has begun, come further, or ended."""
    refused = Signal(str)
    """Something went wrong; the text says what and what to do."""

    def __init__(self, runs: Runs, parent: QObject) -> None:
        super().__init__(parent)
        self._runs = runs
        self._background: Background | None = None
        self._begun = self._expected_s = 0.0
        self._timer = QTimer(self, interval=INTERVAL)
        self._timer.timeout.connect(self._look)

    @property
    def running(self) -> bool:
        """Whether there is something to stop."""
        return self._background is not None

    @property
    def share(self) -> float:
        """How much of the work is done, 0 to 1."""
        raise NotImplementedError

    @property
    def done(self) -> int:
        """How many of its parts are complete."""
        raise NotImplementedError

    @property
    def count(self) -> int:
        """How many parts it has."""
        raise NotImplementedError

    def remaining_s(self) -> float:
        """Return how many seconds it will take still: the estimate, corrected as it comes along."""
        return remaining_seconds(self._expected_s, time.monotonic() - self._begun, self.share)

    def stop(self) -> None:
        """End the processes at once; what they have sent by then stays."""
        if self.running:
            self.close()
            self.changed.emit()

    def close(self) -> None:
        """End the processes."""
        self._timer.stop()
        if self._background is not None:
            self._background.close()
            self._background = None

    def _watch(self, background: Background, expected_s: float) -> None:
        """Take what these processes send, until all have ended."""
        self._background, self._begun, self._expected_s = background, time.monotonic(), expected_s
        self._timer.start()
        self.changed.emit()

    def _look(self) -> None:
        background = self._background
        if background is None:
            return
        messages = background.take()
        for job, content in messages:
            self._receive(job, content)
        if background.finished:
            self.stop()
        elif messages:
            self.changed.emit()

    def _receive(self, job: int, content: object) -> None:
        """Take in what a job has sent."""
        raise NotImplementedError


class CrossValidation(Experiment):
    """Trains and judges a network for each fold, by the same settings.

    Attributes:
        config: the settings of the folds; None before the first.
        folds: how many there are.
        progress: where the fold under way stands, or None.
        results: of the folds that are complete, in their order.
    """

    def __init__(self, runs: Runs, parent: QObject) -> None:
        super().__init__(runs, parent)
        self.config: TrainingConfig | None = None
        self.folds = 0
        self.progress: FoldProgress | None = None
        self.results: list[FoldResult] = []

    @property
    def share(self) -> float:
        """How much of the work is done, 0 to 1."""
        part = self.progress.metrics.epoch / self.config.epochs if self.progress and self.config else 0.0
        return (self.done + part) / max(self.folds, 1)

    @property
    def done(self) -> int:
        """How many folds are complete."""
        return len(self.results)

    @property
    def count(self) -> int:
        """How many folds there are."""
        return self.folds

    def expected_s(self, config: TrainingConfig, folds: int) -> float:
        """Return how many seconds so many folds will take."""
        return folds * expected_seconds(config, self._runs.records())

    def summary(self) -> Summary | None:
        """Return the mean and the deviation over the folds that are complete, if any is."""
        return summary(self.results) if self.results else None

    def start(self, config: TrainingConfig, folds: int) -> None:
        """Begin; what was found before is forgotten."""
        self.close()
        try:
            config = check_folds(config, folds)
        except ConfigError as error:
            self.refused.emit(str(error))
            return
        self.config, self.folds, self.progress, self.results = config, folds, None, []
        self._watch(Background([partial(fold_job, config, folds)]), self.expected_s(config, folds))

    def _receive(self, job: int, content: object) -> None:
        if isinstance(content, FoldProgress):
            self.progress = content
        elif isinstance(content, FoldResult):
            self.progress = None
            self.results.append(content)
        elif isinstance(content, Failed):
            self.progress = None
            self.refused.emit(content.reason)


def variations(base: TrainingConfig, settings: Sequence[tuple[str, str]]) -> list[TrainingConfig]:
    """Return the settings of the runs that differ from one in the values of a few of them.

    Args:
        base: the settings that stay.
        settings: names in the config, and the values of each as they are written, one or several.

    Raises:
        ConfigError: they cannot be used; it says why.
    """
    values: dict[str, Sequence[object]] = {}
    for name, text in settings:
        if name in values:
            words = tr(
                "Choose another setting: this one is there twice, {name}.", name=tr(SETTINGS[name].short)
            )
            raise ConfigError(name, words)
        values[name] = read_values(name, text, least=1)
    return grid(base, values)


class Sweep(Experiment):
    """Trains with every combination of a few values, the other settings being those of one run.

    Every run that ends is put among the kept runs.

    Attributes:
        configs: the settings of each run.
        records: the runs that have ended, by their place in `configs`, without their weights.
    """

    def __init__(self, my_digits: MyDigitsState, runs: Runs, parent: QObject) -> None:
        super().__init__(runs, parent)
        self._my_digits = my_digits
        self.configs: list[TrainingConfig] = []
        self.records: dict[int, RunRecord] = {}
        self._id = self._origin = ""
        self._specs: list[DataSpec] = []
        self._names: list[str] = []
        self._steps: dict[int, list[Metrics]] = {}
        self._shares: dict[int, float] = {}

    @property
    def share(self) -> float:
        """How much of the work is done, 0 to 1."""
        return sum(self._shares.values()) / max(self.count, 1)

    @property
    def done(self) -> int:
        """How many runs have ended."""
        return len(self.records)

    @property
    def count(self) -> int:
        """How many runs there are."""
        return len(self.configs)

    def expected_s(self, configs: Sequence[TrainingConfig]) -> float:
        """Return how many seconds these runs will take."""
        kept = self._runs.records()
        return sum(expected_seconds(config, kept) for config in configs) / self.at_once(configs)

    def at_once(self, configs: Sequence[TrainingConfig]) -> int:
        """Return how many of these runs train at the same time."""
        return min(usual_processes(), len(configs))

    def under_way(self) -> list[RunRecord]:
        """Return the runs that have begun and not ended, as far as they have come, without weights."""
        elapsed = time.monotonic() - self._begun
        found = []
        for job, steps in self._steps.items():
            if self.running and job not in self.records and steps:
                config, last = self.configs[job], Moment(steps[-1], None)
                spec, curves = self._specs[job], np.array(steps)
                name, id_ = self._names[job], f"{self._id}-{job}"
                found.append(RunRecord(config, spec, curves, last, None, elapsed, "", name, id=id_))
        return found

    def start(self, base: TrainingConfig, settings: Sequence[tuple[str, str]], origin: str = "") -> None:
        """Begin; see `variations`. What was found before is forgotten, but its runs stay kept.

        Args:
            base: the settings that stay.
            settings: those that differ.
            origin: the id of the run whose settings they are.
        """
        self.close()
        try:
            configs = variations(base, settings)
            self._specs = [source_of(config.dataset).spec for config in configs]
        except (ConfigError, DataError) as error:
            self.refused.emit(str(error))
            return
        base, more = self._my_digits.for_run(base, new=True)
        self.configs = [replace(config, my_digits=base.my_digits) for config in configs]
        self._names = [run_name(config, [name for name, _ in settings]) for config in configs]
        self._id, self._origin = new_id(), origin
        self.records, self._steps, self._shares = {}, {}, {}
        self._watch(run_sweep(self.configs, more=more), self.expected_s(configs))

    def _receive(self, job: int, content: object) -> None:
        if isinstance(content, Metrics):
            self._shares[job] = content.epoch / self.configs[job].epochs
            if math.isfinite(content.validation_loss):
                self._steps.setdefault(job, []).append(content)
        elif isinstance(content, RunRecord):
            self._shares[job] = 1.0
            record = replace(content, name=self._names[job], origin=self._origin, experiment=self._id)
            self.records[job] = record.without_weights()
            self._runs.add(record)
        elif isinstance(content, Failed):
            self._shares[job] = 1.0
            self._steps.pop(job, None)
            self.refused.emit(tr("{run}: {reason}", run=self._names[job], reason=content.reason))


class Experiments(QObject):
    """The experiments: one at a time."""

    changed = Signal()
    """One has begun, come further, or ended."""
    refused = Signal(str)
    """Something went wrong in one of them; the text says what and what to do."""

    def __init__(self, my_digits: MyDigitsState, runs: Runs) -> None:
        super().__init__(runs)
        self.cross_validation = CrossValidation(runs, self)
        self.sweep = Sweep(my_digits, runs, self)
        for experiment in (self.cross_validation, self.sweep):
            experiment.changed.connect(self.changed)
            experiment.refused.connect(self.refused)

    @property
    def running(self) -> Experiment | None:
        """The one that is under way, if any."""
        return next((found for found in (self.sweep, self.cross_validation) if found.running), None)

    def stop(self) -> None:
        """Stop the one that is under way."""
        if self.running is not None:
            self.running.stop()

    def close(self) -> None:
        """End all processes."""
        self.cross_validation.close()
        self.sweep.close()
