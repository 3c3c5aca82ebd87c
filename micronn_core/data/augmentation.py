"""How far training pictures are varied: other hands, other pens, at no cost but time.

A network that is shown each picture a little differently at every epoch learns what a digit is
and not where its pixels lie (Simard, Steinkraus and Platt 2003, "Best Practices for Convolutional
Neural Networks Applied to Visual Document Analysis"). `varied_pictures.augment` does the varying.
To add an amount, add its field, its row in `AMOUNTS`, and what `augment` makes of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from micronn_core.common.errors import ConfigError


@dataclass(frozen=True)
class Amount:
    """How far pictures can be varied in one way.

    Attributes:
        name: the field of `Augmentation`, and its key in `AMOUNTS`.
        label: name as people read it.
        unit: what it is counted in; "" for a share.
        most: the largest value that can be used.
        description: what it does to a picture, in a sentence.
    """

    name: str
    label: str
    unit: str
    most: float
    description: str


AMOUNTS = {
    amount.name: amount
    for amount in (
        Amount("shift", "Shift", "pixels", 8.0, "Moves the digit along each side, either way."),
        Amount("rotation", "Rotation", "degrees", 45.0, "Turns the digit, either way."),
        Amount("slant", "Slant", "degrees", 45.0, "Leans the digit to the left or to the right."),
        Amount("scale", "Size", "", 0.5, "Lets width and height, each for itself, grow or shrink."),
        Amount("thickness", "Stroke", "pixels", 1.0, "Widens or thins the stroke on either side."),
        Amount("elastic", "Elastic", "pixels", 4.0, "Bends the digit as a soft sheet would (Simard 2003)."),
        Amount("noise", "Noise", "", 0.5, "Adds a random number to each pixel: 1 is white on black."),
    )
}
"""The ways to vary a picture, in the order of `Augmentation`."""


@dataclass(frozen=True)
class Augmentation:
    """How far a picture may be varied; an amount of 0 is off. Without noise every value is drawn evenly.

    Attributes:
        shift: pixels, along each side and either way.
        rotation: degrees, either way.
        slant: degrees from upright, either way.
        scale: share by which width and height, each for itself, may grow or shrink.
        thickness: from 0, as it is, to 1: a stroke becomes up to a pixel wider or thinner on
            either side.
        elastic: pixels; standard deviation of the elastic distortion of a pixel.
        noise: standard deviation of what is added to each pixel, where 1 is white on black.

    Raises:
        ConfigError: an amount is no number or out of range; it names the setting "augmentation".
    """

    shift: float = 0.0
    rotation: float = 0.0
    slant: float = 0.0
    scale: float = 0.0
    thickness: float = 0.0
    elastic: float = 0.0
    noise: float = 0.0

    def __post_init__(self) -> None:
        for amount in AMOUNTS.values():
            value = getattr(self, amount.name)
            number = isinstance(value, int | float) and not isinstance(value, bool)
            if not number or not 0 <= value <= amount.most:
                raise ConfigError(
                    "augmentation",
                    f"The augmentation's {amount.name} must be a number from 0 (off) to {amount.most:g}"
                    f"{amount.unit and ' '}{amount.unit}, not {value!r}.",
                )

    @property
    def varies(self) -> bool:
        """Whether any amount is above 0."""
        return self != Augmentation()

    @classmethod
    def from_values(cls, values: object) -> Augmentation:
        """Make one from named amounts; those not named are off.

        Raises:
            ConfigError: `values` is no mapping, or an amount is unknown or unusable.
        """
        names = ", ".join(AMOUNTS)
        if not isinstance(values, Mapping):
            raise ConfigError(
                "augmentation", f'The augmentation must be amounts such as {{"shift": 1.5}}, not {values!r}.'
            )
        if unknown := [name for name in values if name not in AMOUNTS]:
            raise ConfigError("augmentation", f"There is no augmentation {unknown[0]!r}. Amounts: {names}.")
        return cls(**values)


@dataclass(frozen=True)
class Strength:
    """An augmentation with a name.

    Attributes:
        name: key in `AUGMENTATIONS`.
        label: name as people read it.
        description: what it is for, in a sentence.
        augmentation: the amounts.
    """

    name: str
    label: str
    description: str
    augmentation: Augmentation


AUGMENTATIONS = {
    strength.name: strength
    for strength in (
        Strength("off", "Off", "Every epoch shows the same pictures.", Augmentation()),
        Strength(
            "gentle",
            "Gentle",
            "As one hand writes on two days: a small network still learns it.",
            Augmentation(shift=1.0, rotation=5.0, slant=5.0, scale=0.05, thickness=0.2, elastic=0.4),
        ),
        Strength(
            "strong",
            "Strong",
            "As many hands write: for networks of hundreds of neurons and long runs.",
            Augmentation(shift=1.5, rotation=12.0, slant=20.0, scale=0.12, thickness=0.8, elastic=1.0),
        ),
    )
}
