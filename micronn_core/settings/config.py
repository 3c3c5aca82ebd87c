"""What a run is: every setting that decides its numbers, checked and frozen."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from micronn_core.common.errors import ConfigError
from micronn_core.common.texts import tr
from micronn_core.data.catalog import split_counts
from micronn_core.settings.kinds import FULL_BATCH
from micronn_core.settings.table import PIXELS, SETTINGS, SettingsTable


@dataclass(frozen=True)
class TrainingConfig(SettingsTable):
    """All settings of a run; their table says what each means. The same config gives the same numbers.

    Raises:
        ConfigError: a setting is of the wrong kind or out of range; it names the setting.
    """

    def __post_init__(self) -> None:
        for name, row in SETTINGS.items():
            row.kind.check(row, getattr(self, name), self)
        self._check_together()

    def _check_together(self) -> None:
        """Refuse what cannot work together."""
        if self.patience >= self.epochs:
            raise ConfigError(
                "patience",
                tr(
                    "A patience of {patience:,} epochs never ends a run of {epochs:,}: choose fewer, or 0 "
                    "for none.",
                    patience=self.patience,
                    epochs=self.epochs,
                ),
            )
        if self.augmentation.varies and self.full_batch:
            _refuse_varied_full_batch()

    def check_fits(self, count: int) -> None:
        """Refuse what does not fit the number of training samples, which the split may not have known.

        Raises:
            ConfigError: the batches are too large.
        """
        if self.batch_size > count:
            raise ConfigError(
                "batch_size",
                tr(
                    "There are {count:,} samples to train on, so the batch size can be at most {count:,}, "
                    "not {batch_size:,}.",
                    count=count,
                    batch_size=self.batch_size,
                ),
            )
        if self.augmentation.varies and self.batch_size in (FULL_BATCH, count):
            _refuse_varied_full_batch()

    @property
    def white(self) -> float:
        """What a white pixel is to the network."""
        return PIXELS[self.pixels].white

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
        """Return a copy with another value of one setting, or of a part of it ("augmentation.shift").

        Raises:
            ConfigError: there is no such setting, or the value cannot be used.
        """
        whole, _, part = name.partition(".")
        if part:
            name, value = whole, dataclasses.replace(getattr(self, whole), **{part: value})
        return self.with_values({name: value})

    def with_values(self, values: Mapping[str, object]) -> TrainingConfig:
        """Return a copy with other values of some settings.

        Raises:
            ConfigError: a setting is unknown or unusable.
        """
        return dataclasses.replace(self, **_restored(values))

    def changes_to(self, other: TrainingConfig) -> tuple[str, ...]:
        """Return the names of the settings in which two configs differ, in the order of the table."""
        return tuple(name for name in SETTINGS if getattr(self, name) != getattr(other, name))

    def needs_new_network(self, other: TrainingConfig) -> bool:
        """Return whether going from this config to `other` means starting again.

        It does unless all that differs can change under way.
        """
        return any(not SETTINGS[name].live for name in self.changes_to(other))

    def check_change(self, other: TrainingConfig) -> None:
        """Refuse to go from this config to `other` under way if that needs a new network.

        Raises:
            ConfigError: a setting cannot change while a network trains; it names the first.
        """
        for name in self.changes_to(other):
            if not SETTINGS[name].live:
                raise ConfigError(
                    name,
                    tr(
                        "{setting} cannot change while a network trains: make a new network.",
                        setting=tr(SETTINGS[name].label),
                    ),
                )

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
            raise ConfigError("", tr("The settings are not valid JSON: {reason}.", reason=error)) from None
        if not isinstance(values, dict):
            example = '{"epochs": 500}'
            raise ConfigError(
                "", tr("The settings must be a JSON object such as {example}.", example=example)
            )
        return cls.from_values(values)

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> TrainingConfig:
        """Make a config from named settings; those not named keep their defaults.

        Raises:
            ConfigError: a setting is unknown or unusable.
        """
        return cls(**_restored(values))


def _refuse_varied_full_batch() -> NoReturn:
    raise ConfigError(
        "augmentation",
        tr(
            "Varied pictures are made ahead, batch by batch: choose a batch size such as 128, not all "
            "samples at once."
        ),
    )


def _restored(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as the config has them, under today's names, whatever JSON has made of them."""
    today = {former: row.name for row in SETTINGS.values() for former in row.former}
    values = {today.get(name, name): value for name, value in values.items()}
    if unknown := sorted(set(values) - set(SETTINGS)):
        raise ConfigError(
            unknown[0],
            tr(
                "There is no setting {name!r}. Settings: {names}.",
                name=unknown[0],
                names=", ".join(sorted(SETTINGS)),
            ),
        )
    return {name: SETTINGS[name].kind.restore(value) for name, value in values.items()}
