"""Experiments beside the live run, on processes of their own: cross-validation and sweeps.

The window looks four times a second for what they have sent, and never waits for them.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from micronn_core.common.errors import ConfigError
from micronn_core.common.texts import tr
from micronn_core.experiments.cross_validation import (
    FoldProgress,
    FoldResult,
    Summary,
    check_folds,
    fold_job,
    summary,
)
from micronn_core.experiments.jobs import Background, Failed, usual_processes
from micronn_core.experiments.sweep import estimated_seconds, grid, read_values, run_name, run_sweep
from micronn_core.runs.record import RunRecord
from micronn_core.settings.config import TrainingConfig
from micronn_core.settings.table import SETTINGS
from micronn_core.training.history import Metrics
from micronn_gui.session.my_digits import MyDigitsState
from micronn_gui.session.runs import Runs
from micronn_gui.session.training import TrainingState

INTERVAL = 250
"""Milliseconds between two looks at what the processes have sent."""
SURE = 0.05
"""From this share of the work on, the time it will take is told from the time it has taken."""


class Experiment(QObject):
    """Work in the background that can be stopped at any time."""

    changed = Signal()
    """It has begun, come further, or ended."""
    refused = Signal(str)
    """Something went wrong; the text says what and what to do."""

    def __init__(self, training: TrainingState) -> None:
        super().__init__(training)
        self._training = training
        self._background: Background | None = None
        self._begun = 0.0
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

    def remaining(self) -> str:
        """Return in words how long it will take still, or "" while that cannot be said."""
        if not self.running or self.share < SURE:
            return ""
        elapsed = time.monotonic() - self._begun
        return self.duration(elapsed * (1 - self.share) / self.share)

    def duration(self, seconds: float) -> str:
        """Return a length of time as people say it."""
        if seconds >= 1.5 * 3600:
            return tr("{hours:,.0f} h", hours=seconds / 3600)
        if seconds >= 1.5 * 60:
            return tr("{minutes:.0f} min", minutes=seconds / 60)
        return tr("{seconds:.0f} s", seconds=max(seconds, 1))

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

    def _watch(self, background: Background) -> None:
        """Take what these processes send, until all have ended."""
        self._background, self._begun = background, time.monotonic()
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
    """Trains and judges a network for each fold, by the settings of the present run.

    Attributes:
        config: the settings of the folds.
        folds: how many there are.
        progress: where the fold under way stands, or None.
        results: of the folds that are complete, in their order.
    """

    def __init__(self, training: TrainingState) -> None:
        super().__init__(training)
        self.config = training.config
        self.folds = 0
        self.progress: FoldProgress | None = None
        self.results: list[FoldResult] = []

    @property
    def share(self) -> float:
        """How much of the work is done, 0 to 1."""
        part = 0.0 if self.progress is None else self.progress.metrics.epoch / self.config.epochs
        return (len(self.results) + part) / max(self.folds, 1)

    @property
    def outdated(self) -> bool:
        """Whether there are results, of other settings than those of the present run."""
        present = replace(self._training.config, my_digits="")
        return bool(self.results) and present != self.config

    def expected(self, folds: int) -> str:
        """Return in words how long so many folds will take."""
        return self.duration(folds * estimated_seconds(self._training.config))

    def summary(self) -> Summary | None:
        """Return the mean and the deviation over the folds that are complete, if any is."""
        return summary(self.results) if self.results else None

    def start(self, folds: int) -> None:
        """Begin; what was found before is forgotten."""
        self.close()
        try:
            self.config = check_folds(self._training.config, folds)
        except ConfigError as error:
            self.refused.emit(str(error))
            return
        self.folds, self.progress, self.results = folds, None, []
        self._watch(Background([partial(fold_job, self.config, folds)]))

    def _receive(self, job: int, content: object) -> None:
        if isinstance(content, FoldProgress):
            self.progress = content
        elif isinstance(content, FoldResult):
            self.progress = None
            self.results.append(content)
        elif isinstance(content, Failed):
            self.progress = None
            self.refused.emit(content.reason)


class Sweep(Experiment):
    """Trains with every combination of a few values, the other settings being those of the present run.

    Every run that ends is put among the kept runs.

    Attributes:
        configs: the settings of each run.
        records: the runs that have ended, by their place in `configs`, without their weights.
        failures: why a run failed, by its place in `configs`.
    """

    def __init__(self, training: TrainingState, my_digits: MyDigitsState, runs: Runs) -> None:
        super().__init__(training)
        self._my_digits, self._runs = my_digits, runs
        self.configs: list[TrainingConfig] = []
        self.records: dict[int, RunRecord] = {}
        self.failures: dict[int, str] = {}
        self._names: list[str] = []
        self._shares: dict[int, float] = {}

    @property
    def share(self) -> float:
        """How much of the work is done, 0 to 1."""
        return sum(self._shares.values()) / max(len(self.configs), 1)

    @property
    def best(self) -> RunRecord | None:
        """The run of the highest validation accuracy at its end, of those that have ended well."""
        good = [record for record in self.records.values() if record.ending != "failed"]
        return max(good, key=lambda record: record.final.metrics.validation_accuracy, default=None)

    def plan(self, settings: Sequence[tuple[str, str]]) -> list[TrainingConfig]:
        """Return the settings of the runs that a sweep would have.

        Args:
            settings: names in the config, and the values of each as they are written.

        Raises:
            ConfigError: they cannot be used; it says why.
        """
        values: dict[str, Sequence[object]] = {}
        for name, text in settings:
            if name in values:
                raise ConfigError(
                    name,
                    tr(
                        "Choose another setting: this one is there twice, {name}.",
                        name=tr(SETTINGS[name].short),
                    ),
                )
            values[name] = read_values(name, text)
        return grid(self._training.config, values)

    def expected(self, configs: Sequence[TrainingConfig]) -> str:
        """Return in words how long these runs will take."""
        return self.duration(sum(map(estimated_seconds, configs)) / self.at_once(configs))

    def at_once(self, configs: Sequence[TrainingConfig]) -> int:
        """Return how many of these runs train at the same time."""
        return min(usual_processes(), len(configs))

    def start(self, settings: Sequence[tuple[str, str]]) -> None:
        """Begin; see `plan`. What was found before is forgotten, but its runs stay kept."""
        self.close()
        try:
            configs = self.plan(settings)
        except ConfigError as error:
            self.refused.emit(str(error))
            return
        base, more = self._my_digits.for_run(self._training.config, new=True)
        self.configs = [replace(config, my_digits=base.my_digits) for config in configs]
        self._names = [run_name(config, [name for name, _ in settings]) for config in configs]
        self.records, self.failures, self._shares = {}, {}, {}
        self._watch(run_sweep(self.configs, more=more))

    def _receive(self, job: int, content: object) -> None:
        if isinstance(content, Metrics):
            self._shares[job] = content.epoch / self.configs[job].epochs
        elif isinstance(content, RunRecord):
            self._shares[job] = 1.0
            record = replace(content, name=self._names[job])
            self.records[job] = record.without_weights()
            self._runs.add(record)
        elif isinstance(content, Failed):
            self._shares[job] = 1.0
            self.failures[job] = content.reason
            self.refused.emit(tr("{run}: {reason}", run=self._names[job], reason=content.reason))


class Experiments(QObject):
    """The experiments: one of each kind at a time."""

    refused = Signal(str)
    """Something went wrong in one of them; the text says what and what to do."""

    def __init__(self, training: TrainingState, my_digits: MyDigitsState, runs: Runs) -> None:
        super().__init__(training)
        self.cross_validation = CrossValidation(training)
        self.sweep = Sweep(training, my_digits, runs)
        for experiment in (self.cross_validation, self.sweep):
            experiment.refused.connect(self.refused)

    def close(self) -> None:
        """End all processes."""
        self.cross_validation.close()
        self.sweep.close()
