"""How a gradient becomes a change of the weights.

An optimizer sees one vector of parameters and one of gradients and never the network. To add
one, write its class and a row in the table at the foot.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from micronn_core.activations import Array


class Optimizer(Protocol):
    """Changes parameters in place, one step at a time."""

    def step(self, parameters: Array, gradient: Array, learning_rate: float) -> None:
        """Move `parameters` (n,) against `gradient` (n,); neither is kept."""


class GradientDescent:
    """W := W - alpha dW (seed 001, parameter updates)."""

    def __init__(self, size: int, dtype: np.dtype[np.floating]) -> None:
        self._change = np.empty(size, dtype)

    def step(self, parameters: Array, gradient: Array, learning_rate: float) -> None:
        """Subtract `learning_rate` times the gradient."""
        np.multiply(gradient, gradient.dtype.type(learning_rate), out=self._change)
        parameters -= self._change


OPTIMIZERS: dict[str, type[GradientDescent]] = {"gradient descent": GradientDescent}
