"""The present run as it would be kept: with what the training state itself does not remember of it."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from micronn_core.runs.record import Moment, RunRecord, changed_settings, thinned
from micronn_core.settings.config import TrainingConfig
from micronn_gui.session.training import TrainingState
from micronn_gui.worker.update import Status


class PresentRun:
    """Follows one run of the training, from its beginning to its end.

    Args:
        training: whose run it is.
        fresh: whether it begins with the first weights of its config, not with others.
    """

    def __init__(self, training: TrainingState, fresh: bool) -> None:
        self._training = training
        self._fresh = fresh
        self._config: TrainingConfig | None = None
        self._record: RunRecord | None = None
        self._seconds = 0.0
        self._since: float | None = None
        self._failed = False

    @property
    def id(self) -> str:
        """The id of its record; "" before its first step."""
        return self._record.id if self._record else ""

    def record(self) -> RunRecord | None:
        """Return it as it stands, with its weights, or None before its first step."""
        training = self._training
        if training.newest is None or not training.trained:
            return None
        metrics = training.newest.metrics
        loss, accuracy = training.history.latest_validation(metrics.epoch)
        metrics = metrics._replace(validation_loss=loss, validation_accuracy=accuracy)
        values: dict[str, Any] = {
            "config": training.config,
            "spec": training.spec,
            "curves": thinned(training.history),
            "final": Moment(metrics, training.newest.parameters),
            "best": Moment(*training.best) if training.best else None,
            "seconds": self._seconds + (time.monotonic() - self._since if self._since is not None else 0.0),
            "ending": self._ending(),
        }
        if self._record is None:
            self._record = RunRecord(**values, fresh=self._fresh)
        self._record = replace(self._record, **values)
        return self._record

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
        if before is None or not self._training.trained:
            return
        if self._record is None:
            self.record()
        assert self._record is not None
        changed = changed_settings(before, config, self._record.changed)
        self._record = replace(self._record, changed=changed)

    def fail(self) -> None:
        """It came to an end that nobody wanted; it may be trained on."""
        self._failed = True
