"""PyTorch as a judge of training over 50 steps, run in a process of its own by `test_optimizers`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from micronn_core.nn.dropout import Dropout
from micronn_core.nn.optimizers import OPTIMIZERS, RMSProp
from micronn_core.nn.schedules import SCHEDULES
from tests.core.samples import made_up_split
from tests.core.training_runs import steps, trainer

if TYPE_CHECKING:
    import torch

STEPS = 50
PENALTIES: list[dict[str, float]] = [{}, {"l2": 0.02}, {"l1": 0.003}, {"l2": 0.01, "l1": 0.001, "clip": 0.2}]


def judge(name: str, leaves: list[torch.Tensor], rate: float) -> torch.optim.Optimizer:
    """Return PyTorch's optimizer of a name."""
    import torch

    optim = torch.optim
    makers: dict[str, Any] = {
        "gradient descent": lambda: optim.SGD(leaves, lr=rate),
        "momentum": lambda: optim.SGD(leaves, lr=rate, momentum=0.9),
        "nesterov": lambda: optim.SGD(leaves, lr=rate, momentum=0.9, nesterov=True),
        "rmsprop": lambda: optim.RMSprop(leaves, lr=rate, alpha=RMSProp.rho),
        "adam": lambda: optim.Adam(leaves, lr=rate),
    }
    made: torch.optim.Optimizer = makers[name]()
    return made


@pytest.mark.parametrize("penalties", PENALTIES, ids=lambda penalties: "+".join(penalties) or "plain")
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_that_pytorch_arrives_at_the_same_weights(name: str, penalties: dict[str, float]) -> None:
    import torch

    rate, chosen = 0.01, made_up_split(dtype="float64")
    settings: dict[str, Any] = {"activation": "tanh", "dtype": "float64", "schedule": "cosine", **penalties}
    with trainer(chosen, optimizer=name, learning_rate=rate, epochs=STEPS, **settings) as made:
        layers = [tuple(part.copy() for part in layer) for layer in made.network.parameters.layers]
        told = steps(made.run())
        ours = made.network.parameters.layers
    leaves = [torch.tensor(part, requires_grad=True) for layer in layers for part in layer]
    w1, b1, w2, b2 = leaves
    optimizer = judge(name, leaves, rate)
    exact = 1e-6 if "clip" in penalties else 1e-11  # PyTorch divides by the length plus 1e-6
    x, labels = torch.tensor(chosen.train.x.copy()), torch.tensor(chosen.train.labels)
    for i in range(STEPS):
        optimizer.param_groups[0]["lr"] = rate * SCHEDULES["cosine"].factor(i / STEPS)
        optimizer.zero_grad()
        data = torch.nn.functional.cross_entropy((w2 @ torch.tanh(w1 @ x + b1) + b2).T, labels)
        assert told[i].loss == pytest.approx(data.item(), rel=exact)
        squares, sizes = sum((w**2).sum() for w in (w1, w2)), sum(w.abs().sum() for w in (w1, w2))
        (data + penalties.get("l2", 0) / 2 * squares + penalties.get("l1", 0) * sizes).backward()
        if "clip" in penalties:
            length = torch.nn.utils.clip_grad_norm_(leaves, penalties["clip"])
            assert i > 0 or length > penalties["clip"]
        optimizer.step()
    flat = [part for layer in ours for part in layer]
    for our, theirs in zip(flat, leaves, strict=True):
        np.testing.assert_allclose(our, theirs.detach().numpy(), rtol=0, atol=10 * exact)


def test_that_pytorch_arrives_at_the_same_weights_with_the_same_neurons_silenced() -> None:
    import torch

    rate, share, seed, chosen = 0.1, 0.3, 8, made_up_split(dtype="float64")
    settings: dict[str, Any] = {"dtype": "float64", "dropout": share, "seed": seed, "hidden": (12,)}
    with trainer(chosen, learning_rate=rate, epochs=STEPS, **settings) as made:
        layers = [tuple(part.copy() for part in layer) for layer in made.network.parameters.layers]
        told = steps(made.run())
        ours = made.network.parameters.layers
    leaves = [torch.tensor(part, requires_grad=True) for layer in layers for part in layer]
    w1, b1, w2, b2 = leaves
    optimizer = torch.optim.SGD(leaves, lr=rate)
    # A full batch is arranged by its labels, so that is the order in which neurons are silenced.
    order = np.argsort(chosen.train.labels, kind="stable")
    x, labels = torch.tensor(chosen.train.x[:, order].copy()), torch.tensor(chosen.train.labels[order])
    for i in range(STEPS):
        mask = Dropout(share, (seed, 4, i)).mask(0, 0, (len(labels), 12), np.float64)
        hidden = torch.relu(w1 @ x + b1) * torch.tensor(mask.T.copy())
        loss = torch.nn.functional.cross_entropy((w2 @ hidden + b2).T, labels)
        assert told[i].loss == pytest.approx(loss.item(), rel=1e-11)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    for our, theirs in zip([part for layer in ours for part in layer], leaves, strict=True):
        np.testing.assert_allclose(our, theirs.detach().numpy(), rtol=0, atol=1e-10)
