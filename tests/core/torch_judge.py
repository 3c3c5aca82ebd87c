"""PyTorch's autograd as a judge of backpropagation, run in a process of its own by `test_gradient_check`.

PyTorch stays out of the other tests' process: it warns of its own parts when they are looked at.
"""

from __future__ import annotations

import numpy as np
import pytest

from micronn_core.nn.activations import ACTIVATIONS
from tests.core.explain.test_explanation import explained


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_that_pytorch_finds_the_same_gradients(name: str, seed: int) -> None:
    import torch

    rng = np.random.default_rng(seed)
    sizes = tuple(int(n) for n in rng.integers(2, 12, size=3 + seed % 3))
    explanation = explained(sizes, ACTIVATIONS[name], seed)
    functional = torch.nn.functional
    activate = {
        "relu": functional.relu,
        "leaky_relu": functional.leaky_relu,
        "sigmoid": torch.sigmoid,
        "tanh": torch.tanh,
    }[name]
    depth = len(sizes) - 1
    leaves = {
        f"{kind}{i}": torch.tensor(explanation.arrays[f"{kind}{i}"].copy(), requires_grad=True)
        for i in range(1, depth + 1)
        for kind in "Wb"
    }
    a, sums = torch.tensor(explanation.arrays["x"].copy()), {}
    for i in range(1, depth + 1):
        z = sums[f"z{i}"] = leaves[f"W{i}"] @ a + leaves[f"b{i}"]
        z.retain_grad()
        a = activate(z)
    loss = functional.cross_entropy(z.T, torch.tensor([explanation.label]))
    loss.backward()
    assert loss.item() == pytest.approx(explanation.before.loss, rel=1e-12)
    for key, tensor in (leaves | sums).items():
        np.testing.assert_allclose(explanation.arrays[f"d{key}"], tensor.grad.numpy(), rtol=1e-10, atol=1e-14)
