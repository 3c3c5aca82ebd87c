"""The arrays of one learning step, computed by the network's own code, and the rule of each."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from micronn_core.explain.derivation_rules import (
    Applied,
    BiasGradient,
    Difference,
    Exponential,
    Given,
    HiddenError,
    Rule,
    Share,
    WeightedSum,
    WeightGradient,
)
from micronn_core.explain.derivations import NEW, Floats
from micronn_core.explain.steps import slope_name
from micronn_core.nn.activations import Activation, Array
from micronn_core.nn.loss import cross_entropy
from micronn_core.nn.network import Network, Trace
from micronn_core.nn.optimizers import GradientDescent


def compute(
    network: Network, x: Floats, label: int, rate: float
) -> tuple[dict[str, Floats], dict[str, Rule]]:
    """Run the learning step with the network's own code and name everything it computes.

    Args:
        network: in float64.
        x: one sample, (n_in, 1).
        label: the true class.
        rate: alpha.

    Returns:
        Every array by its name, and for each the rule by which its numbers are made.
    """
    labels = np.array([label])
    trace = network.forward(x)
    gradient = network.backward(trace, labels)
    after = network.parameters.writable_copy()
    GradientDescent(after.vector.size, after.vector.dtype).step(after.vector, gradient.vector, rate)
    new_trace = Network(after, network.activation).forward(x)

    arrays: dict[str, NDArray[Any]] = {"x": x, "y": np.zeros((network.sizes[-1], 1))}
    arrays["y"][label] = 1
    rules: dict[str, Rule] = {"x": Given(), "y": Given()}
    depth = len(network.layers)
    for i, (before, slopes, changed) in enumerate(
        zip(network.layers, gradient.layers, after.layers, strict=True), 1
    ):
        for name, old, d, new in zip("Wb", before, slopes, changed, strict=True):
            arrays |= {f"{name}{i}": old, f"d{name}{i}": d, f"{name}{i}{NEW}": new}
            rules[f"{name}{i}"] = Given()
            rules[f"{name}{i}{NEW}"] = Difference(f"{name}{i}", f"d{name}{i}", rate)
        arrays[f"dz{i}"] = slopes.bias  # of one sample, db is dz
        rules[f"db{i}"] = BiasGradient(f"dz{i}")
        rules[f"dW{i}"] = WeightGradient(f"dz{i}", f"a{i - 1}" if i > 1 else "x")
        if i < depth:
            z, slope = trace.z[i - 1], slope_name(network.activation, i)
            arrays[slope] = network.activation.derivative(z, trace.a[i - 1])
            rules[slope] = Applied(f"{network.activation.label}′", _slope(network.activation), f"z{i}")
            rules[f"dz{i}"] = HiddenError(f"W{i + 1}", f"dz{i + 1}", slope)
    rules[f"dz{depth}"] = Difference(f"a{depth}", "y", labels=(f"a{depth}", "y"))
    for computed, which in ((trace, ""), (new_trace, NEW)):
        _add_forward(network.activation, computed, labels, which, arrays, rules)
    return arrays, rules


def _add_forward(
    activation: Activation,
    trace: Trace,
    labels: NDArray[Any],
    which: str,
    arrays: dict[str, NDArray[Any]],
    rules: dict[str, Rule],
) -> None:
    """Name what one forward pass computed."""
    depth = len(trace.z)
    for i, (z, a) in enumerate(zip(trace.z, trace.a, strict=True), 1):
        arrays |= {f"z{i}{which}": z, f"a{i}{which}": a}
        before = f"a{i - 1}{which}" if i > 1 else "x"
        rules[f"z{i}{which}"] = WeightedSum(f"W{i}{which}", before, f"b{i}{which}")
        rules[f"a{i}{which}"] = Applied(activation.label, _scalar(activation.function), f"z{i}{which}")
    logits, shares = f"z{depth}{which}", f"e^z{depth}{which}"
    with np.errstate(under="ignore"):
        arrays[shares] = np.exp(trace.logits - trace.logits.max())
    rules[shares] = Exponential(logits)
    rules[f"a{depth}{which}"] = Share(shares)
    arrays[f"L{which}"] = np.array([[cross_entropy(trace.logits, labels)]])
    rules[f"L{which}"] = Applied("−log", _minus_log, f"a{depth}{which}", row=int(labels[0]))


def _scalar(function: Callable[[Array], Array]) -> Callable[[float], float]:
    return lambda z: float(function(np.array([z]))[0])


def _slope(activation: Activation) -> Callable[[float], float]:
    def slope(z: float) -> float:
        at = np.array([z])
        return float(activation.derivative(at, activation.function(at))[0])

    return slope


def _minus_log(probability: float) -> float:
    return -math.log(probability) if probability > 0 else math.inf
