"""What the window can ask of the training thread: frozen values, matched in one place."""

from __future__ import annotations

from dataclasses import dataclass

from micronn_core.data.dataset import Dataset
from micronn_core.nn.network import Parameters
from micronn_core.settings.config import TrainingConfig
from micronn_core.training.checkpoints import Checkpoint
from micronn_core.training.trainer import StepSize


@dataclass(frozen=True, eq=False)
class Begin:
    """Make a network, measure it and wait; what trained before is dropped.

    Attributes:
        run_id: comes back with every update about this run.
        config: the settings.
        parameters: weights and biases to go on from; drawn anew by the config if None.
        more: samples to train on besides those of the config's split.
        checkpoint: a moment of a run of this config to go on from exactly.
        fresh: whether the run began with the first weights of its config.
    """

    run_id: int
    config: TrainingConfig
    parameters: Parameters | None = None
    more: Dataset | None = None
    checkpoint: Checkpoint | None = None
    fresh: bool = True


@dataclass(frozen=True)
class Play:
    """Train until the last epoch."""


@dataclass(frozen=True)
class Pause:
    """Wait before the next piece of work."""


@dataclass(frozen=True)
class Step:
    """Take one step, and wait.

    Attributes:
        size: how much it covers.
    """

    size: StepSize


@dataclass(frozen=True, eq=False)
class ReplaceWeights:
    """Put other weights in the place of the network's, as a step of its own, and wait.

    Attributes:
        parameters: weights and biases of the network's shape, which nobody changes any more.
    """

    parameters: Parameters


@dataclass(frozen=True)
class Change:
    """Go on by other settings from the next step on.

    Attributes:
        config: the settings; only such as may change under way differ from those before.
    """

    config: TrainingConfig


@dataclass(frozen=True)
class SetSpeed:
    """Take no more steps than this in a second.

    Attributes:
        steps_per_second: how many; None for as many as possible.
    """

    steps_per_second: float | None


@dataclass(frozen=True)
class TakeCheckpoint:
    """Hand over what it takes to go on from here exactly, without waiting."""


@dataclass(frozen=True)
class Close:
    """Stop training and end the thread."""


Command = Begin | Play | Pause | Step | ReplaceWeights | Change | SetSpeed | TakeCheckpoint | Close
