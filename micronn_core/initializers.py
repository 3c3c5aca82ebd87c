"""Where the weights start.

An initializer fills the weight and bias of one layer from a random generator. To add one,
write the function and a row in the table at the foot.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from micronn_core.activations import Array

Fill = Callable[[Array, Array, np.random.Generator], None]


@dataclass(frozen=True)
class Initializer:
    """A way to fill the weight (n_out, n_in) and bias (n_out, 1) of a layer, in place."""

    name: str
    label: str
    fill: Fill
    latex: str


def uniform(weight: Array, bias: Array, rng: np.random.Generator) -> None:
    """Draw weights and biases evenly from -0.5 to 0.5 (seeds 000, 001 and 002)."""
    weight[...] = rng.random(weight.shape) - 0.5
    bias[...] = rng.random(bias.shape) - 0.5


def xavier(weight: Array, bias: Array, rng: np.random.Generator) -> None:
    """Draw weights from a normal distribution of variance 1 / n_in; biases 0 (seed 001)."""
    weight[...] = rng.standard_normal(weight.shape) * np.sqrt(1 / weight.shape[1])
    bias[...] = 0


def he(weight: Array, bias: Array, rng: np.random.Generator) -> None:
    """Draw weights from a normal distribution of variance 2 / n_in; biases 0 (He et al. 2015)."""
    weight[...] = rng.standard_normal(weight.shape) * np.sqrt(2 / weight.shape[1])
    bias[...] = 0


def zeros(weight: Array, bias: Array, rng: np.random.Generator) -> None:
    """Set everything to 0: all neurons of a layer then learn the same thing, which is the lesson."""
    weight[...] = 0
    bias[...] = 0


INITIALIZERS = {
    initializer.name: initializer
    for initializer in (
        Initializer("uniform", "Uniform ±0.5", uniform, r"W \sim \mathcal{U}(-0.5, 0.5)"),
        Initializer("xavier", "Xavier", xavier, r"W \sim \mathcal{N}(0, 1/n_{in})"),
        Initializer("he", "He", he, r"W \sim \mathcal{N}(0, 2/n_{in})"),
        Initializer("zeros", "Zeros", zeros, r"W = 0"),
    )
}
