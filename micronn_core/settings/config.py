"""What a run is: every setting that decides its numbers, checked and frozen."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from micronn_core.common.errors import ConfigError
from micronn_core.data.augmentation import AUGMENTATIONS, Augmentation
from micronn_core.data.catalog import DATASETS, is_file_name, split_counts
from micronn_core.data.splits import split_rule
from micronn_core.nn.activations import ACTIVATIONS
from micronn_core.nn.initializers import INITIALIZERS
from micronn_core.nn.optimizers import OPTIMIZERS
from micronn_core.nn.schedules import SCHEDULES

FULL_BATCH = 0
"""The batch size that stands for all training samples at once."""

MAX_WIDTH = 4_096
MAX_LAYERS = 8
MAX_LEARNING_RATE = 1_000.0
MAX_EPOCHS = 1_000_000
MAX_SAMPLES = 10**9
MAX_SEED = 2**31 - 1
MAX_PENALTY = 1.0
MAX_CLIP = 1e6
DTYPES = ("float32", "float64")

NOT_VARIED = AUGMENTATIONS["off"].augmentation

PIXELS = {"0 to 1": 1.0, "0 to 255": 255.0}
"""What a white pixel can be to a network. The deep network forgets to divide by 255."""

PER_SAMPLE, WHOLE_BATCH = "per sample", "whole batch"
SHIFTS = (PER_SAMPLE, WHOLE_BATCH)
"""Whose largest logit softmax subtracts. The deep network takes that of the whole batch: samples far below it
then get 0 everywhere."""


@dataclass(frozen=True)
class TrainingConfig:
    """All settings of a run. The same config gives the same numbers.

    The defaults are the MicroNN tutorial's training script: 784-10-10, full batch, 500 epochs at 0.1.

    Attributes:
        dataset: name in `DATASETS`, or the path of a file of samples.
        split: how many samples to train and to validate on, as `split_rule` reads it.
        hidden: neurons of each hidden layer.
        activation: name in `ACTIVATIONS`, for the hidden layers.
        initializer: name in `INITIALIZERS`.
        optimizer: name in `OPTIMIZERS`.
        learning_rate: alpha, the size of a step.
        batch_size: samples per step; 0 (`FULL_BATCH`) for all of them.
        epochs: passes over the training samples.
        seed: decides the split, the first weights and the order of the batches.
        dtype: "float32" or "float64".
        schedule: name in `SCHEDULES`: how the learning rate changes in the course of the run.
        l2: lambda of the penalty on squared weights; 0 for none.
        l1: lambda of the penalty on the weights' sizes; 0 for none.
        clip: the greatest length of a gradient; 0 for any length.
        dropout: share of the hidden neurons that is silenced in each step, below 1; 0 for none.
        patience: epochs without a lower validation loss after which the run stops, with its best
            weights; 0 for never.
        augmentation: how far the training pictures are varied, anew in each epoch.
        pixels: name in `PIXELS`: what a white pixel is to the network.
        softmax: one of `SHIFTS`: whose largest logit softmax subtracts while it trains.
        my_digits: which kept digits were added to the training samples, as their
            `Dataset.fingerprint`: how many and a digest; "" for none.

    Raises:
        ConfigError: a setting is of the wrong kind or out of range; it names the setting.
    """

    dataset: str = "mnist"
    split: str = "48000/12000"
    hidden: tuple[int, ...] = (10,)
    activation: str = "relu"
    initializer: str = "uniform"
    optimizer: str = "gradient descent"
    learning_rate: float = 0.1
    batch_size: int = FULL_BATCH
    epochs: int = 500
    seed: int = 8  # the MicroNN tutorial names none; with this one its network comes to its figure, 85.3 %
    dtype: str = "float32"
    schedule: str = "constant"
    l2: float = 0.0
    l1: float = 0.0
    clip: float = 0.0
    dropout: float = 0.0
    patience: int = 0
    augmentation: Augmentation = NOT_VARIED
    pixels: str = "0 to 1"
    softmax: str = PER_SAMPLE
    my_digits: str = ""

    def __post_init__(self) -> None:
        if not is_file_name(self.dataset):
            _check_choice("dataset", self.dataset, DATASETS)
        split_rule(self.split)
        _check_hidden(self.hidden)
        _check_choice("activation", self.activation, ACTIVATIONS)
        _check_choice("initializer", self.initializer, INITIALIZERS)
        _check_choice("optimizer", self.optimizer, OPTIMIZERS)
        check_learning_rate(self.learning_rate)
        _check_whole("batch_size", self.batch_size, FULL_BATCH, self.train_count or MAX_SAMPLES)
        _check_whole("epochs", self.epochs, 1, MAX_EPOCHS)
        _check_whole("seed", self.seed, 0, MAX_SEED)
        _check_choice("dtype", self.dtype, DTYPES)
        _check_choice("schedule", self.schedule, SCHEDULES)
        check_amount("l2", self.l2, MAX_PENALTY)
        check_amount("l1", self.l1, MAX_PENALTY)
        check_amount("clip", self.clip, MAX_CLIP)
        check_amount("dropout", self.dropout, 1, "to below")
        _check_whole("patience", self.patience, 0, MAX_EPOCHS)
        _check_choice("pixels", self.pixels, PIXELS)
        _check_choice("softmax", self.softmax, SHIFTS)
        self._check_together()
        _check_fingerprint(self.my_digits)

    def _check_together(self) -> None:
        """Refuse what cannot work together."""
        if self.dropout == 1:
            raise ConfigError(
                "dropout", "A dropout of 1 silences every neuron, so nothing could be learned; 0.2 is usual."
            )
        if self.patience >= self.epochs:
            raise ConfigError(
                "patience",
                f"A patience of {self.patience:,} epochs never ends a run of {self.epochs:,}: choose fewer, "
                "or 0 for none.",
            )
        if self.augmentation.varies and self.full_batch:
            raise ConfigError(
                "augmentation",
                "Varied pictures are made ahead, batch by batch: choose a batch size such as 128, not all "
                "samples at once.",
            )

    @property
    def white(self) -> float:
        """What a white pixel is to the network."""
        return PIXELS[self.pixels]

    @property
    def train_count(self) -> int | None:
        """Number of training samples, without kept digits; None while a file has not been read."""
        counts = split_counts(self.dataset, self.split)
        return counts[0] if counts else None

    @property
    def full_batch(self) -> bool:
        """Whether every step uses all training samples."""
        return self.batch_size in (FULL_BATCH, self.train_count)

    def with_value(self, name: str, value: object) -> TrainingConfig:
        """Return a copy with another value of one setting.

        Raises:
            ConfigError: there is no such setting, or the value cannot be used.
        """
        return self.from_values({**dataclasses.asdict(self), name: value})

    def needs_new_network(self, other: TrainingConfig) -> bool:
        """Return whether going from this config to `other` means starting again.

        The learning rate, the batch size and the number of epochs can change under way. Kept
        digits are looked at when a network is made, not before.
        """
        live = {"learning_rate", "batch_size", "epochs", "my_digits"}
        names = {field.name for field in dataclasses.fields(self)} - live
        return any(getattr(self, name) != getattr(other, name) for name in names)

    def to_json(self) -> str:
        """Return the config as a JSON object."""
        return json.dumps(dataclasses.asdict(self), indent=2)

    @classmethod
    def from_json(cls, text: str) -> TrainingConfig:
        """Read what `to_json` wrote.

        Raises:
            ConfigError: it is no JSON object, or a setting is unknown or unusable.
        """
        try:
            values = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise ConfigError("", f"The settings are not valid JSON: {error}.") from None
        if not isinstance(values, dict):
            raise ConfigError("", 'The settings must be a JSON object such as {"epochs": 500}.')
        return cls.from_values(values)

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> TrainingConfig:
        """Make a config from named settings; those not named keep their defaults.

        Raises:
            ConfigError: a setting is unknown or unusable.
        """
        known = {field.name for field in dataclasses.fields(cls)}
        if unknown := sorted(set(values) - known):
            raise ConfigError(
                unknown[0], f"There is no setting {unknown[0]!r}. Settings: {', '.join(sorted(known))}."
            )
        hidden = values.get("hidden", cls.hidden)
        varied = values.get("augmentation", cls.augmentation)
        plain = {
            "hidden": tuple(hidden) if isinstance(hidden, list) else hidden,
            "augmentation": varied if isinstance(varied, Augmentation) else Augmentation.from_values(varied),
        }
        return cls(**{**values, **plain})


def check_learning_rate(value: object) -> None:
    """Raise a ConfigError unless the value can be used as a learning rate."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not 0 < value <= MAX_LEARNING_RATE:  # type: ignore[operator]
        raise ConfigError(
            "learning_rate",
            f"The learning rate must be a number above 0 and at most {MAX_LEARNING_RATE:,.0f}, "
            f"not {value!r}. Usual values are 0.01 to 0.5.",
        )


def check_amount(field: str, value: object, most: float, upto: str = "to") -> None:
    """Raise a ConfigError unless the value is a number from 0, which means off, to `most`."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not 0 <= value <= most:  # type: ignore[operator]
        raise ConfigError(
            field, f"{_spoken(field)} must be a number from 0 (off) {upto} {most:,.0f}, not {value!r}."
        )


def parse_hidden(text: str) -> tuple[int, ...]:
    """Read hidden layers as people write them: "10", "128, 32" or "128-32".

    Raises:
        ConfigError: a part is not a whole number, a layer is too narrow or too wide, or there is none.
    """
    parts = re.sub(r"(?<=\d)\s*[-,;]", " ", text).split()  # a dash before a number is a minus sign
    try:
        hidden = tuple(int(part) for part in parts)
    except ValueError:
        raise ConfigError(
            "hidden", f"Hidden layers are whole numbers such as 10 or 128, 32; {text.strip()!r} is not."
        ) from None
    _check_hidden(hidden)
    return hidden


def _check_hidden(hidden: object) -> None:
    if not isinstance(hidden, tuple):
        raise ConfigError(
            "hidden", f"Hidden layers must be a list of widths such as [128, 32], not {hidden!r}."
        )
    if len(hidden) > MAX_LAYERS:
        raise ConfigError("hidden", f"At most {MAX_LAYERS} hidden layers are possible, not {len(hidden)}.")
    if not hidden:
        raise ConfigError("hidden", "At least one hidden layer is needed, such as 10.")
    for width in hidden:
        _check_whole("hidden", width, 1, MAX_WIDTH)


def _check_choice(field: str, value: object, table: object) -> None:
    names = list(table)  # type: ignore[call-overload]
    if value not in names:
        raise ConfigError(field, f"{_spoken(field)} must be one of {', '.join(names)}, not {value!r}.")


def _check_whole(field: str, value: object, least: int, most: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        extra = " (0 means all samples)" if field == "batch_size" else ""
        raise ConfigError(
            field,
            f"{_spoken(field)} must be a whole number from {least:,} to {most:,}{extra}, not {value!r}.",
        )


def _check_fingerprint(value: object) -> None:
    if not isinstance(value, str) or (value and not re.fullmatch(r"[1-9]\d{0,6}-[0-9a-f]{16}", value)):
        raise ConfigError(
            "my_digits",
            "The kept digits must be named by their number and digest, such as 23-0f3a9c5d7e81b246, "
            f'or be "" for none, not {value!r}.',
        )


def _spoken(field: str) -> str:
    special = {
        "hidden": "The width of a hidden layer",
        "epochs": "The number of epochs",
        "dtype": "The number format",
        "l2": "The L2 penalty",
        "l1": "The L1 penalty",
        "clip": "The length to clip gradients to",
        "pixels": "The range of the pixels",
        "softmax": "The shift of softmax",
    }
    return special.get(field, f"The {field.replace('_', ' ')}")
