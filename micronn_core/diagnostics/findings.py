"""What a check of a run looks at, and what it may find."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from micronn_core.common.texts import number
from micronn_core.diagnostics.layer_statistics import LayerFigures
from micronn_core.nn.network import Parameters
from micronn_core.settings.config import TrainingConfig
from micronn_core.settings.table import SETTINGS
from micronn_core.training.history import History, Snapshot

LOSS, ACCURACY = "loss", "accuracy"


@dataclass(frozen=True)
class Finding:
    """Something that keeps a network from learning well, in plain words.

    Attributes:
        kind: what it is, such as "dead" or "overfitting".
        figure: "loss" or "accuracy": the curve where it shows.
        text: what is happening, where and why; the first words say the most.
        advice: what to do, in a few words.
        changes: the settings that do it, by their names in `TrainingConfig`; empty where none does.
        anew: whether they come too late for this network, so that a new one is needed.
    """

    kind: str
    figure: str
    text: str
    advice: str
    changes: Mapping[str, object] = field(default_factory=dict)
    anew: bool = False

    @property
    def live(self) -> bool:
        """Whether the advice can be followed while the network trains."""
        return bool(self.changes) and not self.anew and all(SETTINGS[name].live for name in self.changes)

    def applied_to(self, config: TrainingConfig) -> TrainingConfig:
        """Return a config with the changes made.

        Raises:
            ConfigError: they do not go with the rest of the config.
        """
        return dataclasses.replace(config, **self.changes)  # type: ignore[arg-type]


def has(config: TrainingConfig, changes: Mapping[str, object]) -> bool:
    """Return whether a config has these settings already, so that to advise them helps nobody."""
    return all(getattr(config, name) == value for name, value in changes.items())


@dataclass(frozen=True, eq=False)
class Run:
    """A run as a check sees it.

    Attributes:
        config: its settings.
        history: its figures at every step.
        moment: its newest moment.
        start: the weights that it began with.
        layers: the figures of each layer at that moment; empty where no samples were at hand.
        classes: number of classes.
        largest_input: the largest value of a pixel; NaN for columns, or where no samples were at hand.
        since: step from which on the settings are those of the config.
    """

    config: TrainingConfig
    history: History
    moment: Snapshot
    start: Parameters
    layers: tuple[LayerFigures, ...]
    classes: int
    largest_input: float = float("nan")
    since: int = 0

    @property
    def chance(self) -> float:
        """The loss of a network that finds every class equally probable: ln(classes)."""
        return float(np.log(self.classes))

    @property
    def calmer_rate(self) -> float:
        """A tenth of the learning rate, at most 0.5, as a round number."""
        return min(float(f"{self.config.learning_rate / 10:.0e}"), 0.5)

    def recent(self, name: str) -> NDArray[np.float64]:
        """Return one figure of the steps since the settings are those of the config."""
        return self.history.column(name)[self.history.place(self.since) :]

    def validation(self) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Return the epochs at which the validation samples were measured, their loss and accuracy.

        That loss is free of the chance of single batches, so its ups and downs mean something.
        """
        names = ("epoch", "validation_loss", "validation_accuracy")
        epoch, loss, accuracy = map(self.recent, names)
        measured = np.isfinite(loss)
        return epoch[measured], loss[measured], accuracy[measured]

    def train_loss(self, low: float, high: float) -> float:
        """Return the mean training loss between two epochs, both included."""
        epoch = self.history.column("epoch")
        loss = self.history.column("loss")[(epoch >= low) & (epoch <= high)]
        return float(loss.mean()) if loss.size else float("nan")


def brief(value: float) -> str:
    """Write a number of any size briefly: 1.6, 915, 12,000, 3e+20."""
    return number(value, ".1f" if value < 100 else ",.0f" if value < 1e6 else ".0e")
