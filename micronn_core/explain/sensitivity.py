"""Where a little more of an input would make an answer more probable: the gradient all the way back."""

from __future__ import annotations

from micronn_core.nn.activations import Array
from micronn_core.nn.network import Network, Trace


def input_gradient(network: Network, trace: Trace, answer: int) -> Array:
    """Return how the probability of one class changes with each input, (n_in, m).

    Where it is positive, more ink makes the answer more probable.

    Args:
        network: the network.
        trace: what its `forward` returned for m samples.
        answer: the class.
    """
    da: Array = network.layers[0].weight.T @ first_gradient(network, trace, answer)
    return da


def first_gradient(network: Network, trace: Trace, answer: int) -> Array:
    """Return how the probability of one class changes with each sum of the first layer, (n_1, m)."""
    dz: Array = -trace.probabilities * trace.probabilities[answer]
    dz[answer] += trace.probabilities[answer]
    for i in reversed(range(1, len(network.layers))):
        slope = network.activation.derivative(trace.z[i - 1], trace.a[i - 1])
        dz = network.layers[i].weight.T @ dz * slope
    return dz
