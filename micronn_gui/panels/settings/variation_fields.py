"""How far the training pictures are varied: a strength to choose, and each amount for itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from micronn_core.common.texts import tr
from micronn_core.data.augmentation import AUGMENTATIONS, Amount
from micronn_core.settings.config import TrainingConfig
from micronn_gui.panels.settings.fields import ChoiceField, NumberField

SIGNS = {"pixels": "px", "degrees": "°"}
"""The short sign of each unit, for where there is little room."""


class StrengthField(ChoiceField):
    """The variation as a whole: off, or a strength with a name."""

    def __init__(self, setting: str, label: str, tip: str) -> None:
        choices = [(name, strength.label) for name, strength in AUGMENTATIONS.items()]
        tips = {name: strength.description for name, strength in AUGMENTATIONS.items()}
        super().__init__(setting, label, tip, choices, tips)
        self._box.setPlaceholderText(tr("Your own"))

    def value_in(self, config: TrainingConfig) -> str:
        """Return the name of the strength whose amounts a config has; "" where none has them."""
        strengths = (s.name for s in AUGMENTATIONS.values() if s.augmentation == config.augmentation)
        return next(strengths, "")

    def put_into(self, config: TrainingConfig, value: object) -> TrainingConfig:
        """Return a config with the amounts of the strength of this name.

        Raises:
            ConfigError: they cannot be used there.
        """
        return config.with_value(self.setting, AUGMENTATIONS[str(value)].augmentation)


class AmountField(NumberField):
    """One way to vary a picture, and how far."""

    def __init__(self, amount: Amount) -> None:
        self._amount = amount
        super().__init__(
            f"augmentation.{amount.name}",
            f"{tr(amount.label)}, {SIGNS[amount.unit]}" if amount.unit else tr(amount.label),
            tr(
                "{description} From 0 (off) to {most} {unit}",
                description=tr(amount.description),
                most=f"{amount.most:g}",
                unit=tr(amount.unit),
            ),
            _number,
            lambda value: f"{value:.6g}",
        )

    def value_in(self, config: TrainingConfig) -> float:
        """Return the amount in a config."""
        return float(getattr(config.augmentation, self._amount.name))

    def put_into(self, config: TrainingConfig, value: Any) -> TrainingConfig:  # noqa: ANN401
        """Return a config with this amount.

        Raises:
            ConfigError: it cannot be used, or not there.
        """
        return config.with_value("augmentation", replace(config.augmentation, **{self._amount.name: value}))


def _number(text: str) -> object:
    """Read a number; a decimal comma is taken as well. What is none is left to be refused."""
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return text.strip()
