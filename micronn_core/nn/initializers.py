"""Where the weights start.

An initializer fills the weight and bias of one layer from a random generator. To add one,
write the function and a row in the table at the foot.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from micronn_core.common.described import Described, table
from micronn_core.common.texts import mark
from micronn_core.nn.activations import Array

Fill = Callable[[Array, Array, np.random.Generator], None]


@dataclass(frozen=True, kw_only=True)
class Initializer(Described):
    """A way to fill the weight (n_out, n_in) and bias (n_out, 1) of a layer, in place.

    Attributes:
        fill: writes the first weights and biases.
        large: its weights are as large in wide layers as in narrow ones, so that their sums begin large.
    """

    fill: Fill
    large: bool = False


def uniform(weight: Array, bias: Array, rng: np.random.Generator) -> None:
    """Draw weights and biases evenly from -0.5 to 0.5 (the MicroNN tutorial)."""
    weight[...] = rng.random(weight.shape) - 0.5
    bias[...] = rng.random(bias.shape) - 0.5


def xavier(weight: Array, bias: Array, rng: np.random.Generator) -> None:
    """Draw weights from a normal distribution of variance 1 / n_in; biases 0.

    As in the Kaggle notebook. Glorot and Bengio 2010 arrive at 2 / (n_in + n_out), which also keeps the
    gradients alike on their way back.
    """
    weight[...] = rng.standard_normal(weight.shape) * np.sqrt(1 / weight.shape[1])
    bias[...] = 0


def he(weight: Array, bias: Array, rng: np.random.Generator) -> None:
    """Draw weights from a normal distribution of variance 2 / n_in; biases 0 (He et al. 2015)."""
    weight[...] = rng.standard_normal(weight.shape) * np.sqrt(2 / weight.shape[1])
    bias[...] = 0


def small(weight: Array, bias: Array, rng: np.random.Generator) -> None:
    """Draw weights from a normal distribution of deviation 0.01; biases 0.

    The deep network does not print its own, but the first loss of its log, ln 10 a sample to within 0.2 %, is
    that of such weights.
    """
    weight[...] = rng.standard_normal(weight.shape) * 0.01
    bias[...] = 0


def zeros(weight: Array, bias: Array, rng: np.random.Generator) -> None:
    """Set everything to 0: all neurons of a layer then learn the same thing, which is the lesson."""
    weight[...] = 0
    bias[...] = 0


INITIALIZERS = table(
    Initializer(
        "uniform",
        mark("Uniform ±0.5"),
        mark(
            "Weights and biases, drawn evenly from −0.5 to 0.5 whatever the width of the layer. With 784 "
            "inputs the first sums are large: wide and deep networks start badly."
        ),
        r"W,\ b \sim \mathcal{U}(-0.5,\ 0.5)",
        mark("the MicroNN tutorial and the Kaggle notebook"),
        fill=uniform,
        large=True,
    ),
    Initializer(
        "xavier",
        mark("Xavier / Glorot"),
        mark(
            "The more inputs, the smaller the weights, so that sums are as large in every layer. "
            "Made for tanh and sigmoid; biases are 0."
        ),
        r"W \sim \mathcal{N}\left(0,\ \frac{1}{n_{in}}\right), \quad b = 0",
        mark("Glorot and Bengio 2010, with the variance 1 / n_in of the Kaggle notebook"),
        fill=xavier,
    ),
    Initializer(
        "he",
        mark("He"),
        mark(
            "As Xavier, with twice the variance, since ReLU blocks half of what comes in. "
            "The best start for ReLU and its leaky sister; biases are 0."
        ),
        r"W \sim \mathcal{N}\left(0,\ \frac{2}{n_{in}}\right), \quad b = 0",
        mark("He, Zhang, Ren and Sun 2015"),
        fill=he,
    ),
    Initializer(
        "small",
        mark("Small"),
        mark(
            "Weights close to 0, whatever the width of the layer; biases are 0. Each layer makes the signal "
            "smaller, so deep networks take long to begin."
        ),
        r"W \sim \mathcal{N}(0,\ 0.01^2), \quad b = 0",
        mark("the deep network, whose first loss is that of such weights"),
        fill=small,
    ),
    Initializer(
        "zeros",
        mark("Zeros"),
        mark(
            "A lesson in symmetry: all neurons of a layer get the same gradient and stay the same for ever. "
            "With ReLU no gradient passes at all, and only the last biases learn."
        ),
        r"W = 0, \quad b = 0",
        mark("Rumelhart, Hinton and Williams 1986, on breaking the symmetry"),
        fill=zeros,
    ),
)
