"""Activation functions: what a neuron makes of its weighted sum.

An activation carries its own derivative, so that the two cannot drift apart. To add one,
write the two functions and a row in the table at the foot.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from micronn_core.common.described import Described, table
from micronn_core.common.texts import mark

Array = NDArray[np.floating[Any]]

LEAK = 0.01
"""Slope of the leaky ReLU for negative z (the deep network)."""


@dataclass(frozen=True, kw_only=True)
class Activation(Described):
    """A function applied to every weighted sum z of a layer, element by element.

    Attributes:
        function: z -> a, same shape and dtype.
        derivative: (z, a) -> da/dz, same shape and dtype. It is given a as well, since for
            some functions the derivative follows from it at once.
        initializer: key of the first weights that suit it.
        kinks: its slope jumps at z = 0, so that there the loss may have no slope.
        dies: it is flat below 0, so that a neuron may answer 0 to everything for ever.
        saturates: it is flat at both ends, so that large sums hardly learn.
    """

    function: Callable[[Array], Array]
    derivative: Callable[[Array, Array], Array]
    initializer: str
    kinks: bool = False
    dies: bool = False
    saturates: bool = False


def relu(z: Array) -> Array:
    """Return max(0, z)."""
    return np.maximum(z, z.dtype.type(0))


def relu_derivative(z: Array, a: Array) -> Array:
    """Return 1 where z > 0, else 0 (at z = 0 too, as in the MicroNN tutorial)."""
    return (z > 0).astype(z.dtype)


def leaky_relu(z: Array) -> Array:
    """Return z where z > 0, else 0.01 z."""
    return np.where(z > 0, z, z * z.dtype.type(LEAK))


def leaky_relu_derivative(z: Array, a: Array) -> Array:
    """Return 1 where z > 0, else 0.01."""
    return np.where(z > 0, z.dtype.type(1), z.dtype.type(LEAK))


def sigmoid(z: Array) -> Array:
    """Return 1 / (1 + e^-z), without overflow: it is (1 + tanh(z/2)) / 2."""
    half = z.dtype.type(0.5)
    return half * np.tanh(half * z) + half


def sigmoid_derivative(z: Array, a: Array) -> Array:
    """Return a (1 - a)."""
    return a * (1 - a)


def tanh(z: Array) -> Array:
    """Return the hyperbolic tangent of z."""
    return np.tanh(z)


def tanh_derivative(z: Array, a: Array) -> Array:
    """Return 1 - a²."""
    return 1 - a * a


RELU = Activation(
    "relu",
    mark("ReLU"),
    mark(
        "Passes what is above 0 and blocks the rest. Fast and seldom saturated, but a neuron that is below 0 "
        "for every sample has no gradient and never comes back: it is dead."
    ),
    r"\max(0, z)",
    mark("the MicroNN tutorial; Nair and Hinton 2010"),
    function=relu,
    derivative=relu_derivative,
    initializer="he",
    kinks=True,
    dies=True,
)
ACTIVATIONS = table(
    RELU,
    Activation(
        "leaky_relu",
        mark("Leaky ReLU"),
        mark(
            "ReLU with a small slope of 0.01 below 0, so that no neuron is ever quite dead. "
            "Results are close to those of ReLU."
        ),
        r"\max(0.01\,z,\ z)",
        mark("the deep network; Maas, Hannun and Ng 2013"),
        function=leaky_relu,
        derivative=leaky_relu_derivative,
        initializer="he",
        kinks=True,
    ),
    Activation(
        "sigmoid",
        mark("Sigmoid"),
        mark(
            "Squeezes every sum between 0 and 1. Its slope is at most 0.25 and vanishes far from 0: "
            "deep networks learn slowly with it, and large sums hardly learn at all."
        ),
        r"\frac{1}{1 + e^{-z}}",
        mark("the deep network; Rumelhart, Hinton and Williams 1986"),
        function=sigmoid,
        derivative=sigmoid_derivative,
        initializer="xavier",
        saturates=True,
    ),
    Activation(
        "tanh",
        mark("Tanh"),
        mark(
            "Squeezes every sum between −1 and 1, evenly about 0, so that the next layer is fed evenly too. "
            "It learns faster than the sigmoid, and vanishes far from 0 as well."
        ),
        r"\tanh z",
        mark("the deep network; LeCun, Bottou, Orr and Müller 1998"),
        function=tanh,
        derivative=tanh_derivative,
        initializer="xavier",
        saturates=True,
    ),
)
