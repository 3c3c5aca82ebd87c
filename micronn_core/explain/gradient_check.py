"""Gradients checked against the slope of the loss, which needs no calculus.

The slope is the central difference (L(w + h) - L(w - h)) / 2h. A weight or bias of layer i
changes one row of z_i and nothing before it, so many changed networks are pushed through the
layers behind at once, each a column. The two losses are never subtracted: their difference is
log Σ p⁻ e^(Δ - Δ_y), which keeps its digits however sure the network is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from micronn_core.explain.derivations import Floats, Number
from micronn_core.explain.explanation import Explanation
from micronn_core.nn.loss import softmax

STEP = 1e-5
"""How far a weight is moved to either side."""

PIECE = 1 << 16
"""Numbers in the widest array of one batch: a few milliseconds of work."""

FAR = 30.0
"""Logits that move further apart leave no small difference, but their exponentials may overflow."""

FLOOR = 1e-4
"""A gradient smaller than this part of its array's largest is compared to that part."""


@dataclass(frozen=True)
class GradientCheck:
    """Backpropagation's gradient beside the measured slope of the loss.

    Attributes:
        number: which gradient.
        analytic: what backpropagation says.
        numerical: what the central difference says.
        relative_error: their difference as a part of the larger one.
        at_kink: a neuron's z passes 0 between the two measurements, where ReLU bends: then the
            two may differ though both are right.
    """

    number: Number
    analytic: float
    numerical: float
    relative_error: float
    at_kink: bool


@dataclass(frozen=True)
class CheckProgress:
    """How far the check of all gradients has come.

    Attributes:
        checked: how many gradients.
        total: how many there are: one for each weight and bias.
        kinks: how many of the checked lie at a kink; `worst` leaves them out.
        worst: the one with the largest relative error so far; None if all lie at kinks.
    """

    checked: int
    total: int
    kinks: int
    worst: GradientCheck | None

    @property
    def largest_error(self) -> float:
        """The largest relative error so far."""
        return self.worst.relative_error if self.worst else 0.0


def numerical_gradient(explanation: Explanation, number: Number, step: float = STEP) -> float:
    """Return the slope of the loss by central difference.

    Args:
        explanation: the learning step.
        number: a number of a gradient "dW", "db" or "dz".
        step: how far the weight, the bias or the weighted sum is moved to either side.

    Raises:
        ValueError: the number is no gradient.
        KeyError, IndexError: there is no such number.
    """
    slopes, _ = _slopes(explanation, number.name, np.array([_place(explanation, number)]), step)
    return float(slopes[0])


def check_gradient(explanation: Explanation, number: Number) -> GradientCheck:
    """Return one gradient beside its numerical value.

    Raises:
        ValueError: the number is no gradient.
        KeyError, IndexError: there is no such number.
    """
    places = np.array([_place(explanation, number)])
    slopes, kinks = _slopes(explanation, number.name, places, STEP)
    return _check(explanation, number, float(slopes[0]), bool(kinks[0]))


def check_all(explanation: Explanation) -> Iterator[CheckProgress]:
    """Check the gradient of every weight and bias, from the last layer to the first.

    Each piece takes a few milliseconds. The last one yielded holds the largest relative error.
    """
    checked, kinked, worst = 0, 0, None
    total = explanation.network.parameters.vector.size
    for layer in reversed(range(1, len(explanation.network.layers) + 1)):
        for name in (f"dW{layer}", f"db{layer}"):
            size = explanation.arrays[name].size
            piece = max(1, PIECE // max(explanation.network.sizes[layer:]))
            for start in range(0, size, piece):
                places = np.arange(start, min(start + piece, size))
                slopes, kinks = _slopes(explanation, name, places, STEP)
                candidate = _worst(explanation, name, places, slopes, kinks)
                if candidate and (worst is None or candidate.relative_error > worst.relative_error):
                    worst = candidate
                checked, kinked = checked + places.size, kinked + int(kinks.sum())
                yield CheckProgress(checked, total, kinked, worst)


def _worst(
    explanation: Explanation, name: str, places: NDArray[np.intp], slopes: Floats, kinks: NDArray[np.bool_]
) -> GradientCheck | None:
    analytic = explanation.arrays[name].ravel()[places]
    errors = np.where(kinks, -1.0, _relative_errors(explanation, name, analytic, slopes))
    at = int(errors.argmax())
    if kinks[at]:
        return None
    row, column = divmod(int(places[at]), explanation.arrays[name].shape[1])
    return _check(explanation, Number(name, row, column), float(slopes[at]), at_kink=False)


def _check(explanation: Explanation, number: Number, numerical: float, at_kink: bool) -> GradientCheck:
    analytic = explanation.value(number)
    pair = np.array([analytic]), np.array([numerical])
    error = float(_relative_errors(explanation, number.name, *pair)[0])
    return GradientCheck(number, analytic, numerical, error, at_kink)


def _relative_errors(explanation: Explanation, name: str, analytic: Floats, numerical: Floats) -> Floats:
    floor = max(FLOOR * float(np.abs(explanation.arrays[name]).max()), np.finfo(np.float64).tiny)
    scale = np.maximum(np.maximum(np.abs(analytic), np.abs(numerical)), floor)
    errors: Floats = np.abs(analytic - numerical) / scale
    return errors


def _place(explanation: Explanation, number: Number) -> int:
    """Where a number is in its array's flat order."""
    explanation.value(number)  # there is such a number, or an error that says so
    if not number.name.startswith(("dW", "db", "dz")):
        raise ValueError(f"{explanation.label_of(number)} is no gradient: choose one of dW, db or dz")
    columns: int = explanation.arrays[number.name].shape[1]
    return number.row * columns + number.column


def _log_of_sum(z: Floats) -> Floats:
    """Return the logarithm of the sum of the exponentials of each column, however large they are."""
    largest = z.max(axis=0)
    total: Floats = largest + np.log(np.exp(z - largest).sum(axis=0))
    return total


def _slopes(
    explanation: Explanation, name: str, places: NDArray[np.intp], step: float
) -> tuple[Floats, NDArray[np.bool_]]:
    """Measure the loss's slope at these places of a gradient, and whether there is a kink."""
    layer, label = int(name[2:]), explanation.label
    rows, columns = np.divmod(places, explanation.arrays[name].shape[1])
    if name.startswith("dW"):
        moves = step * explanation.arrays[f"a{layer - 1}" if layer > 1 else "x"][columns, 0]
    else:
        moves = np.full(places.size, step)
    above, active_above = _logits(explanation, layer, rows, moves)
    below, active_below = _logits(explanation, layer, rows, -moves)
    change = above - below
    ahead = change - change[label]
    near = np.abs(ahead).max(axis=0) <= FAR
    growth = softmax(below) * np.expm1(np.where(near, ahead, 0.0))
    far = _log_of_sum(below - _log_of_sum(below) + ahead)
    slopes: Floats = np.where(near, np.log1p(growth.sum(axis=0)), far) / (2 * step)
    kinks = np.zeros(places.size, np.bool_)
    if explanation.network.activation.kinks:
        for one, other in zip(active_above, active_below, strict=True):
            kinks |= (one != other).any(axis=0)
    return slopes, kinks


def _logits(
    explanation: Explanation, layer: int, rows: NDArray[np.intp], moves: Floats
) -> tuple[Floats, list[NDArray[Any]]]:
    """Return the logits with row rows[k] of z moved by moves[k] in column k.

    Also returned is, for each hidden layer from this one on, which neurons are above 0.
    """
    arrays, network = explanation.arrays, explanation.network
    depth, g = len(network.layers), network.activation.function
    z: Floats = arrays[f"z{layer}"]
    if layer == depth:
        logits = np.repeat(z, rows.size, axis=1)
        logits[rows, np.arange(rows.size)] += moves
        return logits, []
    moved = z[rows, 0] + moves
    change = g(moved) - arrays[f"a{layer}"][rows, 0]
    active: list[NDArray[Any]] = [moved[np.newaxis] > 0]
    z = arrays[f"z{layer + 1}"] + arrays[f"W{layer + 1}"][:, rows] * change
    for i in range(layer + 1, depth):
        active.append(z > 0)
        z = arrays[f"W{i + 1}"] @ g(z) + arrays[f"b{i + 1}"]
    return z, active
