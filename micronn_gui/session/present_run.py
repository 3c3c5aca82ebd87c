"""The present run as it would be kept: with what the training state itself does not remember of it."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from micronn_core.common.texts import tr
from micronn_core.data.dataset import Dataset
from micronn_core.runs.record import Moment, RunRecord, changed_settings, thinned
from micronn_core.settings.config import TrainingConfig
from micronn_core.training.checkpoints import Checkpoint
from micronn_gui.session.training import NextRun, TrainingState
from micronn_gui.worker.update import Status


class PresentRun:
    """Follows one run of the training, from its beginning to its end.

    Args:
        training: whose run it is.
        next_run: what it begins with.
        origin: the id of the run that it came from; "" where there is none.
    """

    def __init__(self, training: TrainingState, next_run: NextRun, origin: str = "") -> None:
        self._training, self._origin = training, origin
        self._next = next_run
        before = next_run.run
        self._before = before
        self._from = before.final.metrics.step if before else 0
        self._config: TrainingConfig | None = None
        self._record = before if before and before.number else None  # a kept run is itself from the start
        self._changed = before.changed if before else ()
        self._seconds = before.seconds if before else 0.0
        self._since: float | None = None
        self._failed = False

    @property
    def id(self) -> str:
        """The id of its record; "" before its first step."""
        return self._record.id if self._record else ""

    @property
    def known(self) -> RunRecord | None:
        """It as it was last asked for or kept; None before."""
        return self._record

    @property
    def name(self) -> str:
        """What it is called before its first step; "" for a network of no name."""
        return self._before.name if self._before and self._before.name else self._next.name

    @property
    def more(self) -> Dataset | None:
        """The samples that it learns from besides those of its config's split."""
        return self._next.more

    def record(self, checkpoint: Checkpoint | None = None) -> RunRecord | None:
        """Return it, with its weights, as it stands; as it was kept, or None, before its first step.

        Args:
            checkpoint: a moment of it, to return it as it stood then, with what it takes to go on.
        """
        training = self._training
        moment = training.newest if checkpoint is None else checkpoint
        if training.newest is None or moment is None or moment.metrics.step <= self._from:
            return self._record
        metrics, best = moment.metrics, training.best if checkpoint is None else checkpoint.best
        loss, accuracy = training.history.latest_validation(metrics.epoch)
        metrics = metrics._replace(validation_loss=loss, validation_accuracy=accuracy)
        values: dict[str, Any] = {
            "config": training.config,
            "spec": training.spec,
            "curves": thinned(training.history, metrics.step),
            "final": Moment(metrics, moment.parameters),
            "best": Moment(*best) if best else None,
            "seconds": self._seconds + (time.monotonic() - self._since if self._since is not None else 0.0),
            "ending": self._ending(),
            "changed": self._changed,
            "checkpoint": checkpoint,
            "more": self._next.more,
        }
        if self._record is None:
            name = self._continued_name()
            first = RunRecord(**values, fresh=self._next.fresh, name=name, origin=self._origin)
            self._record = self._before or first
        self._record = replace(self._record, **values)
        return self._record

    def _continued_name(self) -> str:
        return tr("{run}, continued", run=self._next.name) if self._next.name else ""

    def change(self, **values: Any) -> None:  # noqa: ANN401 - those of a RunRecord
        """Give it a name, a number or a star."""
        if self._record is not None:
            self._record = replace(self._record, **values)

    def _ending(self) -> str:
        training = self._training
        if self._failed or training.status is Status.FAILED:
            return "failed"
        if training.status is not Status.FINISHED or training.newest is None:
            return ""
        return "finished" if training.newest.metrics.epoch >= training.config.epochs else "stopped early"

    # -- following the training --

    def follow_status(self) -> None:
        """Count the time in which it trains."""
        if self._training.status is Status.RUNNING:
            self._since = time.monotonic()
            self._failed = False
        elif self._since is not None:
            self._seconds, self._since = self._seconds + time.monotonic() - self._since, None

    def follow_config(self) -> None:
        """Remember what is changed under way: the config then no longer says all."""
        config, before = self._training.config, self._config
        self._config = config
        if before is not None and self._training.trained:
            self._changed = changed_settings(before, config, self._changed)

    def fail(self) -> None:
        """It came to an end that nobody wanted; it may be trained on."""
        self._failed = True
