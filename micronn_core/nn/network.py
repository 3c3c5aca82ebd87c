"""The network: layers of weights and biases, a forward pass, a backward pass.

Columns are samples, as in the tutorial: x is (n_in, m), a weight is (n_out, n_in), a bias is
(n_out, 1), so that the code line is the formula. `forward` stores nothing on the network: it
returns a `Trace`, and `backward` takes one. So a drawing can be classified in the middle of a
training step and no gradient is ever corrupted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from micronn_core.nn.activations import RELU, Activation, Array
from micronn_core.nn.initializers import INITIALIZERS, Initializer
from micronn_core.nn.loss import Labels, softmax


class Layer(NamedTuple):
    """One layer's weight (n_out, n_in) and bias (n_out, 1)."""

    weight: Array
    bias: Array


class Parameters:
    """All weights and biases of a network (or their gradients), in one vector.

    The layers are views into the vector, in the order W1, b1, W2, b2 ... So an optimizer steps,
    and a snapshot is copied, in one operation whatever the network's depth.

    Args:
        sizes: neurons per layer from the input to the output, such as (784, 10, 10).
        vector: as many numbers as `Parameters.count(sizes)`; zeros if not given.
        dtype: number format of the zeros.
    """

    def __init__(
        self, sizes: Sequence[int], vector: Array | None = None, dtype: DTypeLike = np.float32
    ) -> None:
        self.sizes = tuple(sizes)
        self.vector: Array = np.zeros(self.count(sizes), dtype) if vector is None else vector
        self.layers: tuple[Layer, ...] = tuple(self._views())

    def _views(self) -> list[Layer]:
        layers, start = [], 0
        for n_in, n_out in pairwise(self.sizes):
            middle, stop = start + n_out * n_in, start + n_out * (n_in + 1)
            weight = self.vector[start:middle].reshape(n_out, n_in)
            layers.append(Layer(weight, self.vector[middle:stop].reshape(n_out, 1)))
            start = stop
        return layers

    @staticmethod
    def count(sizes: Sequence[int]) -> int:
        """Return how many numbers a network of these sizes has: 7,960 for (784, 10, 10)."""
        return sum(n_out * (n_in + 1) for n_in, n_out in pairwise(sizes))

    def __reduce__(self) -> tuple[type[Parameters], tuple[tuple[int, ...], Array]]:
        """Travel between processes as one vector, of which the layers become views again."""
        return Parameters, (self.sizes, self.vector)

    def writable_copy(self) -> Parameters:
        """Return a copy to train on."""
        return Parameters(self.sizes, self.vector.copy())

    def frozen_copy(self) -> Parameters:
        """Return a copy that nobody can write to: safe to hand to another thread."""
        vector = self.vector.copy()
        vector.flags.writeable = False
        return Parameters(self.sizes, vector)


@dataclass(frozen=True)
class Trace:
    """Everything one forward pass computed, which is all that the backward pass needs.

    Attributes:
        x: input, (n_in, m).
        z: weighted sums of each layer, (n_out, m) each; the last are the logits.
        a: activations of each layer, (n_out, m) each; the last are the probabilities.
        masks: what dropout multiplied the activations of each hidden layer by, if it did.
    """

    x: Array
    z: tuple[Array, ...]
    a: tuple[Array, ...]
    masks: tuple[Array, ...] = ()

    def input_of(self, i: int) -> Array:
        """Return what layer i was given, (n_in, m); the first hidden layer is layer 0."""
        if i == 0:
            return self.x
        return self.a[i - 1] * self.masks[i - 1] if self.masks else self.a[i - 1]

    @property
    def logits(self) -> Array:
        """The last weighted sums, (classes, m)."""
        return self.z[-1]

    @property
    def probabilities(self) -> Array:
        """The network's answer, (classes, m); each column sums to 1."""
        return self.a[-1]


class Network:
    """Fully connected layers, one activation between them, softmax at the end."""

    def __init__(self, parameters: Parameters, activation: Activation = RELU) -> None:
        self.parameters = parameters
        self.activation = activation

    @classmethod
    def create(
        cls,
        sizes: Sequence[int],
        activation: Activation = RELU,
        initializer: Initializer = INITIALIZERS["uniform"],
        seed: int = 0,
        dtype: DTypeLike = np.float32,
    ) -> Network:
        """Return a new network; the same seed gives the same weights.

        The draws are made in float64 and then rounded, so the float32 and the float64 network
        of one seed start at the same place.
        """
        parameters = Parameters(sizes, dtype=dtype)
        rng = np.random.default_rng([seed, 0])
        for layer in parameters.layers:
            initializer.fill(layer.weight, layer.bias, rng)
        return cls(parameters, activation)

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The layers, from the first hidden one to the output."""
        return self.parameters.layers

    @property
    def sizes(self) -> tuple[int, ...]:
        """Neurons per layer, from the input to the output."""
        return self.parameters.sizes

    def forward(self, x: Array, masks: Sequence[Array] = ()) -> Trace:
        """Push samples through the network.

        Args:
            x: input, (n_in, m).
            masks: of `Dropout`, one for each hidden layer, (n_out, m) each.

        Returns:
            The trace: z = W a + b and a = g(z) of every layer.

        Raises:
            ValueError: x does not have n_in rows.
        """
        if x.ndim != 2 or x.shape[0] != self.sizes[0]:
            raise ValueError(f"x must have shape ({self.sizes[0]}, m), one column a sample, not {x.shape}")
        a, zs, activations = x, [], []
        for i, layer in enumerate(self.layers):
            z = layer.weight @ a + layer.bias
            a = softmax(z) if layer is self.layers[-1] else self.activation.function(z)
            zs.append(z)
            activations.append(a)
            if i < len(masks):
                a = a * masks[i]
        return Trace(x, tuple(zs), tuple(activations), tuple(masks))

    def backward(self, trace: Trace, labels: Labels) -> Parameters:
        """Return the gradient of the mean cross-entropy loss for every weight and bias.

        The bias gradient is one number per neuron, the mean over the samples (the MicroNN tutorial).
        The Kaggle notebook's snippet sums over the neurons too, which gives all neurons of a layer
        one common bias gradient: a known mistake of that document.

        Args:
            trace: what `forward` returned for m samples.
            labels: the true classes, (m,).
        """
        gradient = Parameters(self.sizes, dtype=trace.logits.dtype)
        m = labels.size
        dz = trace.probabilities.copy()
        dz[labels, np.arange(m)] -= 1  # a - one_hot(y)
        for i in reversed(range(len(self.layers))):
            a_before = trace.input_of(i)
            gradient.layers[i].weight[...] = dz @ a_before.T / m
            gradient.layers[i].bias[...] = dz.sum(axis=1, keepdims=True) / m
            if i:
                dz = self.layers[i].weight.T @ dz * self.activation.derivative(trace.z[i - 1], trace.a[i - 1])
                if trace.masks:
                    dz = dz * trace.masks[i - 1]
        return gradient

    def predict(self, x: Array) -> NDArray[np.intp]:
        """Return the most probable class of each column of x, (m,)."""
        answers: NDArray[np.intp] = self.forward(x).logits.argmax(axis=0)
        return answers
