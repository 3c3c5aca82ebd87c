"""The rules of what an input changes."""

from __future__ import annotations

import numpy as np
import pytest

from micronn_core.explain.sensitivity import input_gradient
from micronn_core.nn.activations import ACTIVATIONS, Activation
from micronn_core.nn.network import Network


@pytest.mark.parametrize("activation", ACTIVATIONS.values(), ids=lambda activation: activation.name)
@pytest.mark.parametrize("sizes", [(5, 3), (5, 4, 3), (5, 6, 4, 3)])
def test_that_the_input_gradient_is_the_numerical_one(sizes: tuple[int, ...], activation: Activation) -> None:
    network = Network.create(sizes, activation, seed=3, dtype=np.float64)
    x = np.random.default_rng(5).random((sizes[0], 2))
    for answer in range(sizes[-1]):
        analytic = input_gradient(network, network.forward(x), answer)
        for i in range(sizes[0]):
            step = np.zeros_like(x)
            step[i] = 1e-6
            ends = [network.forward(x + sign * step).probabilities[answer] for sign in (1, -1)]
            np.testing.assert_allclose(analytic[i], (ends[0] - ends[1]) / 2e-6, rtol=1e-5, atol=1e-9)
