"""A background whose processes are played by the test."""

from __future__ import annotations

import numpy as np

from micronn_core.experiments.jobs import Ended, Message
from micronn_core.nn.network import Parameters
from micronn_core.runs.record import Moment, RunRecord
from micronn_core.runs.shapes import spec_of_sizes
from micronn_core.settings.config import TrainingConfig
from micronn_core.training.history import Metrics


class Scripted:
    """Gives what the test has sent."""

    def __init__(self) -> None:
        self.closed = self.ended = False
        self._messages: list[Message] = []

    @property
    def finished(self) -> bool:
        return (self.closed or self.ended) and not self._messages

    def send(self, job: int, content: object) -> None:
        self._messages.append(Message(job, content))

    def end(self, *jobs: int) -> None:
        for job in jobs:
            self.send(job, Ended())
        self.ended = True

    def take(self, timeout: float = 0.0) -> list[Message]:
        messages, self._messages = self._messages, []
        return messages

    def close(self) -> None:
        self.closed = True


def metrics(epoch: float, accuracy: float = 0.5, loss: float = 1.0) -> Metrics:
    return Metrics(int(epoch), epoch, 1.0, 0.5, 100, loss, accuracy)


def record(config: TrainingConfig, accuracy: float, ending: str = "finished") -> RunRecord:
    """A run of a sweep that ended with this accuracy."""
    last = metrics(config.epochs, accuracy)
    moment = Moment(last, Parameters((784, *config.hidden, 10)))
    return RunRecord(
        config, spec_of_sizes(moment.parameters.sizes), np.array([last]), moment, moment, 1.0, ending
    )
