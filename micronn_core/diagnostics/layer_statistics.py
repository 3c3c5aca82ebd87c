"""What a layer looks like from outside: how its numbers are spread, and how many neurons are at rest.

Everything is measured on a few samples, the *probe*, so that it costs milliseconds and can be
repeated while a network trains.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from micronn_core.nn.activations import Activation, Array
from micronn_core.nn.network import Network, Parameters, Trace

PROBE_PRODUCTS = 30e6
"""Multiplications that a probe may cost: some three milliseconds on one slow core."""
FEWEST, MOST = 32, 256
"""Samples of a probe: with fewer, a neuron that answers to one digit alone may seem dead."""

SATURATED_SLOPE = 0.05
"""Below this share of the greatest slope a sigmoid or tanh lets next to no gradient through: at
|z| > 4.3 and |z| > 2.2."""

BINS = 48
MOST_VALUES = 10_000
"""A histogram of more values than this is made of some that are evenly spaced."""


@dataclass(frozen=True)
class LayerFigures:
    """One layer in a few numbers.

    Attributes:
        n_in: its inputs.
        n_out: its neurons.
        weight_rms: root of the mean of its squared weights.
        largest_weight: the largest size of a weight.
        gradient_rms: root of the mean of its squared weight gradients.
        dead: share of its neurons that answer 0 to every sample, with slope 0, so that they no
            longer learn; NaN for the output layer, and for functions that are not cut off at 0.
        saturated: share of its answers where the slope is under 5 % of the greatest; NaN for the
            output layer, and for functions that do not level off on both sides.
    """

    n_in: int
    n_out: int
    weight_rms: float
    largest_weight: float
    gradient_rms: float
    dead: float
    saturated: float


@dataclass(frozen=True, eq=False)
class Spread:
    """How some values are spread now and were at the start, over common bins.

    Attributes:
        now: how many of the values now other than 0 lie in each bin, (bins,).
        start: the same at the start.
        edges: where the bins begin and end, (bins + 1,); 0 is always among what they span.
        zero_now: share of the values now that are 0 exactly: what a ReLU cuts off.
        zero_start: the same at the start.
    """

    now: NDArray[np.intp]
    start: NDArray[np.intp]
    edges: NDArray[np.float64]
    zero_now: float
    zero_start: float


def probe_count(sizes: Sequence[int]) -> int:
    """Return how many samples to probe a network of these sizes with: 32 to 256."""
    return int(np.clip(PROBE_PRODUCTS // Parameters.count(sizes), FEWEST, MOST))


def probe_trace(network: Network, x: Array) -> Trace:
    """Return what a network makes of a probe (n, m), even if its sums overflow."""
    with np.errstate(over="ignore", invalid="ignore"):
        return network.forward(x)


def layer_figures(network: Network, trace: Trace, gradient: Parameters) -> tuple[LayerFigures, ...]:
    """Return the figures of every layer, from the first hidden one to the output.

    Args:
        network: the network.
        trace: what it made of the probe.
        gradient: the gradient at these weights.
    """
    resting = [_resting(network.activation, z, a) for z, a in zip(trace.z[:-1], trace.a[:-1], strict=True)]
    resting.append((float("nan"), float("nan")))
    return tuple(
        LayerFigures(
            layer.weight.shape[1],
            layer.weight.shape[0],
            rms(layer.weight),
            float(max(layer.weight.max(), -layer.weight.min())),
            rms(change.weight),
            *shares,
        )
        for layer, change, shares in zip(network.layers, gradient.layers, resting, strict=True)
    )


def rms(values: Array) -> float:
    """Return the root of the mean of the squares."""
    flat = values.reshape(-1)
    with np.errstate(over="ignore"):
        return float(np.sqrt(np.dot(flat, flat) / max(flat.size, 1)))


def spread(now: Array, start: Array, bins: int = BINS) -> Spread:
    """Return how values are spread now, against those at the start.

    Args:
        now: any number of values, of any shape; values that are no finite numbers are left out.
        start: the same at the start.
        bins: number of bins.
    """
    samples = [_sample(values) for values in (now, start)]
    others = [sample[sample != 0] for sample in samples]
    everything = np.concatenate(others)
    low, high = float(everything.min(initial=0.0)), float(everything.max(initial=0.0))
    if low == high:
        high = 1.0
    counts = [_counts(values, low, high, bins) for values in others]
    zeros = [1 - other.size / max(sample.size, 1) for other, sample in zip(others, samples, strict=True)]
    return Spread(counts[0], counts[1], np.linspace(low, high, bins + 1), zeros[0], zeros[1])


def _resting(activation: Activation, z: Array, a: Array) -> tuple[float, float]:
    """Return the share of dead neurons and that of saturated answers of a hidden layer."""
    slope = activation.derivative(z, a)
    dead, saturated = float("nan"), float("nan")
    if activation.saturates:
        saturated = float((slope < SATURATED_SLOPE * _greatest_slope(activation)).mean())
    if activation.dies:
        dead = float(1 - (a.any(axis=1) | slope.any(axis=1)).mean())
    return dead, saturated


@functools.cache
def _greatest_slope(activation: Activation) -> float:
    z = np.linspace(-8, 8, 321)
    return float(activation.derivative(z, activation.function(z)).max())


def _sample(values: Array) -> NDArray[np.floating[Any]]:
    flat = values.reshape(-1)
    flat = flat[:: flat.size // MOST_VALUES * 2 + 1]  # odd, so as not to keep step with the rows
    return flat[np.isfinite(flat)]


def _counts(values: Array, low: float, high: float, bins: int) -> NDArray[np.intp]:
    """Count values from low to high in bins of equal width, several times faster than np.histogram."""
    place = ((values.astype(np.float64) - low) * (bins / (high - low))).astype(np.intp)
    return np.bincount(np.minimum(place, bins - 1), minlength=bins)
