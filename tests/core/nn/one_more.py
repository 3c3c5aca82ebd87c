"""An activation that somebody might add: everything of it is in this one row."""

from __future__ import annotations

import numpy as np
import pytest

from micronn_core.nn.activations import ACTIVATIONS, Activation, Array


def softsign(z: Array) -> Array:
    return z / (1 + np.abs(z))


def softsign_derivative(z: Array, a: Array) -> Array:
    return (1 - np.abs(a)) ** 2


SOFTSIGN = Activation(
    "softsign",
    "Softsign",
    "Squeezes every sum between −1 and 1, more slowly than tanh.",
    r"\frac{z}{1 + |z|}",
    "Bergstra, Desjardins, Lamblin and Bengio 2009",
    function=softsign,
    derivative=softsign_derivative,
    initializer="xavier",
    saturates=True,
)


def add_softsign(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put its row into the table, for one test."""
    monkeypatch.setitem(ACTIVATIONS, SOFTSIGN.name, SOFTSIGN)
