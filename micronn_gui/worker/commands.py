"""What the window has asked of the training thread, and it has not yet done."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from micronn_core.data.dataset import Dataset
from micronn_core.nn.network import Parameters
from micronn_core.settings.config import TrainingConfig
from micronn_core.training.trainer import StepSize


class Start(NamedTuple):
    """How a run begins.

    Attributes:
        run_id: comes back with everything that is delivered of this run.
        config: the settings.
        parameters: weights and biases to go on from; drawn anew by the config if None.
        more: samples to train on besides those of the config's split.
    """

    run_id: int
    config: TrainingConfig
    parameters: Parameters | None = None
    more: Dataset | None = None


@dataclass
class Orders:
    """What is to be done next; guarded by the worker's condition.

    Among the steps may be weights that take the place of the network's, as a step of their own.
    """

    begin: Start | None = None
    playing: bool = False
    steps: list[StepSize | Parameters] = field(default_factory=list)
    change: TrainingConfig | None = None
    steps_per_second: float | None = None
    stop: bool = False
