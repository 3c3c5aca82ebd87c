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
from micronn_core.common.texts import mark, tr


@dataclass(frozen=True)
class Amount:
    """How far pictures can be varied in one way.

    Attributes:
        name: the field of `Augmentation`, and its key in `AMOUNTS`.
        label: name as people read it.
        unit: what it is counted in; "" for a share.
        most: the largest value that can be used.
        description: what it does to a picture, in a sentence.
        latex: the formula.
        expect: what comes of turning it up.
        source: the paper it comes from.
    """

    name: str
    label: str
    unit: str
    most: float
    description: str
    latex: str
    expect: str
    source: str


_SIMARD = mark("the Kaggle notebook names it as a next step; Simard, Steinkraus and Platt 2003")
_CIRESAN = mark("Cireşan, Meier, Gambardella and Schmidhuber 2010")

AMOUNTS = {
    amount.name: amount
    for amount in (
        Amount(
            "shift",
            mark("Shift"),
            mark("pixels"),
            8.0,
            mark("Moves the digit by up to so many pixels along each side."),
            r"x'(u, v) = x(u + d_u,\ v + d_v), \quad |d| \leq s",
            mark("Up: it no longer matters where a digit stands. Try 1.5 pixels."),
            _SIMARD,
        ),
        Amount(
            "rotation",
            mark("Rotation"),
            mark("degrees"),
            45.0,
            mark("Turns the digit by up to so many degrees, either way."),
            r"\begin{bmatrix} u' \\ v' \end{bmatrix} = \begin{bmatrix} \cos\theta & -\sin\theta \\ "
            r"\sin\theta & \cos\theta \end{bmatrix} \begin{bmatrix} u \\ v \end{bmatrix}",
            mark("Up: crooked digits are read. Too far, and a 1 becomes a 7. Try 12 degrees."),
            _CIRESAN,
        ),
        Amount(
            "slant",
            mark("Slant"),
            mark("degrees"),
            45.0,
            mark("Leans the digit by up to so many degrees from upright, to the left or to the right."),
            r"u' = u + v \tan\theta",
            mark("Up: other hands are read; people lean more than they turn. Try 20 degrees."),
            _CIRESAN,
        ),
        Amount(
            "scale",
            mark("Size"),
            "",
            0.5,
            mark("Lets width and height, each for itself, grow or shrink by up to this share."),
            r"u' = u \cdot e^{\pm\ln(1 + s)}",
            mark("Up: wide, narrow, tall and small digits are read. Try 0.12, which is 12 %."),
            _CIRESAN,
        ),
        Amount(
            "thickness",
            mark("Stroke"),
            mark("pixels"),
            1.0,
            mark(
                "Widens or thins the stroke: each pixel goes part of the way to its lightest or darkest "
                "neighbour."
            ),
            r"x' = x + t\,(\max_{N} x - x)",
            mark("Up: fine pens and thick markers are read. Try 0.8 of a pixel."),
            mark("Serra 1982, dilation and erosion"),
        ),
        Amount(
            "elastic",
            mark("Elastic"),
            mark("pixels"),
            4.0,
            mark(
                "Bends the picture like a soft sheet: every pixel is moved by a smooth field drawn by chance."
            ),
            r"x'(u) = x(u + \Delta(u)), \quad \Delta = \alpha\,(G_\sigma * \text{noise})",
            mark(
                "Up: the trembling of hands is read; the largest gain of all. Too far, and digits fall "
                "apart. Try 1 pixel."
            ),
            _SIMARD,
        ),
        Amount(
            "noise",
            mark("Noise"),
            "",
            0.5,
            mark("Adds a random number to every pixel; 1 is white on black."),
            r"x' = x + \epsilon, \quad \epsilon \sim \mathcal{N}(0, \sigma^2)",
            mark("Up: single pixels matter less, much as with a penalty on the weights. Try 0.1."),
            mark("Bishop 1995, training with noise"),
        ),
        Amount(
            "hands",
            mark("Hands"),
            "",
            1.0,
            mark(
                "Draws so large a share of the pictures anew as other hands write: narrow, wide, trembling, "
                "with few points or serifs; a 1 with an upstroke, a 7 with a bar."
            ),
            r"x' = \text{draw}(\text{another hand}(\text{trace}(x)))",
            mark("Up: what is written in other countries and by other pens is read. Try 0.3, which is 30 %."),
            mark("Zhang and Suen 1984, thinning; our own"),
        ),
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
        hands: share of the pictures that are drawn anew by another hand before all else.

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
    hands: float = 0.0

    def __post_init__(self) -> None:
        for amount in AMOUNTS.values():
            value = getattr(self, amount.name)
            number = isinstance(value, int | float) and not isinstance(value, bool)
            if not number or not 0 <= value <= amount.most:
                raise ConfigError("augmentation", _refusal(amount, value))

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
            text = tr(
                "The augmentation must be amounts such as {example}, not {value!r}.",
                example='{"shift": 1.5}',
                value=values,
            )
            raise ConfigError("augmentation", text)
        if unknown := [name for name in values if name not in AMOUNTS]:
            text = tr("There is no augmentation {name!r}. Amounts: {names}.", name=unknown[0], names=names)
            raise ConfigError("augmentation", text)
        return cls(**values)


def _refusal(amount: Amount, value: object) -> str:
    """Say which values an amount can have."""
    places = {"label": tr(amount.label), "name": amount.name, "most": amount.most, "value": value}
    if not amount.unit:
        return tr(
            "The augmentation's “{label}” ({name}) must be a number from 0 (off) to {most:g}, not {value!r}.",
            **places,
        )
    return tr(
        "The augmentation's “{label}” ({name}) must be a number from 0 (off) to {most:g} {unit}, "
        "not {value!r}.",
        unit=tr(amount.unit),
        **places,
    )


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
        Strength("off", mark("Off"), mark("Every epoch shows the same pictures."), Augmentation()),
        Strength(
            "gentle",
            mark("Gentle"),
            mark("As one hand writes on two days: a small network still learns it."),
            Augmentation(shift=1.0, rotation=5.0, slant=5.0, scale=0.05, thickness=0.2, elastic=0.4),
        ),
        Strength(
            "strong",
            mark("Strong"),
            mark("As many hands write: for networks of hundreds of neurons and long runs."),
            Augmentation(
                shift=1.5, rotation=12.0, slant=20.0, scale=0.12, thickness=0.8, elastic=1.0, hands=0.25
            ),
        ),
    )
}
