"""What stands in the place of the session where the worker is tested alone."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from pytestqt.qtbot import QtBot

from micronn_core.nn.activations import RELU, Array
from micronn_core.settings.config import TrainingConfig
from micronn_core.training.history import Metrics, Snapshot
from micronn_gui.worker.commands import Begin, Change, SetSpeed
from micronn_gui.worker.training_worker import TrainingWorker
from micronn_gui.worker.update import Status


@dataclass
class Inbox:
    """Takes updates and adds them up, as the session does."""

    worker: TrainingWorker
    qtbot: QtBot
    metrics: list[Metrics] = field(default_factory=list)
    kept: list[Snapshot] = field(default_factory=list)
    newest: Snapshot | None = None
    status: Status = Status.LOADING
    failure: str = ""
    run_ids: set[int] = field(default_factory=set)
    config: TrainingConfig = field(default_factory=TrainingConfig)

    def take(self) -> None:
        update = self.worker.take()
        self.run_ids.add(update.run_id)
        self.metrics += update.metrics
        self.kept += update.kept
        self.newest = update.newest or self.newest
        self.status = update.status
        self.failure = update.failure or self.failure

    def change(self, **values: object) -> None:
        """Let the run go on by other values of some settings."""
        self.config = self.config.with_values(values)
        self.worker.send(Change(self.config))

    def until(self, condition: Callable[[], bool]) -> None:
        def taken() -> bool:
            self.take()
            return condition()

        self.qtbot.waitUntil(taken)

    def until_waiting(self) -> None:
        """Wait until the worker waits at its gate: only there does it answer a call that changes nothing."""
        self.take()
        self.newest = None
        self.worker.send(SetSpeed(None))
        self.until(lambda: self.newest is not None)

    def until_longer(self, count: int) -> None:
        """Wait until more than so many steps have arrived."""
        self.until(lambda: len(self.metrics) > count)

    @property
    def steps(self) -> list[int]:
        return [metrics.step for metrics in self.metrics]


def begin(inbox: Inbox, **settings: object) -> TrainingConfig:
    """Begin run 1 and wait for its untrained network."""
    config = inbox.config = TrainingConfig(**settings)  # type: ignore[arg-type]
    inbox.worker.send(Begin(1, config))
    inbox.until(lambda: inbox.status is Status.PAUSED and inbox.newest is not None)
    return config


class Barrier:
    """A ReLU that can be told to wait in the middle of a pass, or to fail."""

    def __init__(self) -> None:
        self.reached, self.opened = threading.Event(), threading.Event()
        self.opened.set()
        self.fails = False

    def __call__(self, z: Array) -> Array:
        if not self.opened.is_set():
            self.reached.set()
            assert self.opened.wait(60)
        if self.fails:
            raise ZeroDivisionError("a number was divided by zero")
        return RELU.function(z)

    def close(self) -> None:
        self.reached.clear()
        self.opened.clear()

    def wait(self) -> None:
        assert self.reached.wait(60)
