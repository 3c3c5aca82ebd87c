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

Array = NDArray[np.floating[Any]]

LEAK = 0.01
"""Slope of the leaky ReLU for negative z (the deep network)."""


@dataclass(frozen=True)
class Activation:
    """A function applied to every weighted sum z of a layer, element by element.

    Attributes:
        name: key in `ACTIVATIONS`.
        label: name as people write it.
        description: what it does and what to expect of it, in a sentence or two.
        function: z -> a, same shape and dtype.
        derivative: (z, a) -> da/dz, same shape and dtype. It is given a as well, since for
            some functions the derivative follows from it at once.
        latex: the formula.
        source: the document or paper it comes from.
    """

    name: str
    label: str
    description: str
    function: Callable[[Array], Array]
    derivative: Callable[[Array, Array], Array]
    latex: str
    source: str


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


def softmax(z: Array) -> Array:
    """Turn the logits of each column into probabilities that sum to 1.

    The largest logit of the *column* is subtracted first, so that no exponential overflows
    (the MicroNN tutorial). The deep network subtracts the largest of the whole batch: samples far
    below it then get 0 everywhere.

    Args:
        z: logits, (classes, m).

    Returns:
        Probabilities, (classes, m).
    """
    with np.errstate(over="ignore", under="ignore"):  # a logit that far below has probability 0
        exponentials: Array = np.exp(z - z.max(axis=0, keepdims=True))
    exponentials /= exponentials.sum(axis=0, keepdims=True)
    return exponentials


RELU = Activation(
    "relu",
    "ReLU",
    "Passes what is above 0 and blocks the rest. Fast and seldom saturated, but a neuron that is below 0 "
    "for every sample has no gradient and never comes back: it is dead.",
    relu,
    relu_derivative,
    r"\max(0, z)",
    "the MicroNN tutorial; Nair and Hinton 2010",
)
ACTIVATIONS = {
    activation.name: activation
    for activation in (
        RELU,
        Activation(
            "leaky_relu",
            "Leaky ReLU",
            "ReLU with a small slope of 0.01 below 0, so that no neuron is ever quite dead. "
            "Results are close to those of ReLU.",
            leaky_relu,
            leaky_relu_derivative,
            r"\max(0.01\,z,\ z)",
            "the deep network; Maas, Hannun and Ng 2013",
        ),
        Activation(
            "sigmoid",
            "Sigmoid",
            "Squeezes every sum between 0 and 1. Its slope is at most 0.25 and vanishes far from 0: "
            "deep networks learn slowly with it, and large sums hardly learn at all.",
            sigmoid,
            sigmoid_derivative,
            r"\frac{1}{1 + e^{-z}}",
            "the deep network; Rumelhart, Hinton and Williams 1986",
        ),
        Activation(
            "tanh",
            "Tanh",
            "Squeezes every sum between −1 and 1, evenly about 0, so that the next layer is fed evenly too. "
            "It learns faster than the sigmoid, and vanishes far from 0 as well.",
            tanh,
            tanh_derivative,
            r"\tanh z",
            "the deep network; LeCun, Bottou, Orr and Müller 1998",
        ),
    )
}
