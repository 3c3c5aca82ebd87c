"""Backpropagation against two judges: the slope of the loss, and PyTorch's autograd."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

import numpy as np
import pytest

from micronn_core.explain.derivations import Number
from micronn_core.explain.explanation import explain
from micronn_core.explain.gradient_check import check_all, check_gradient, numerical_gradient
from micronn_core.nn.activations import ACTIVATIONS, Activation
from micronn_core.nn.loss import cross_entropy
from micronn_core.nn.network import Network
from tests.core.explain.test_explanation import explained, numbers

TOLERANCE = 1e-5


@pytest.mark.parametrize("sizes", [(6, 4), (6, 5, 4), (6, 5, 3, 4), (6, 5, 4, 3, 4)])
@pytest.mark.parametrize("activation", ACTIVATIONS.values(), ids=ACTIVATIONS)
def test_that_every_gradient_is_the_slope_of_the_loss(activation: Activation, sizes: tuple[int, ...]) -> None:
    explanation = explained(sizes, activation, seed=3)
    checks = [
        check_gradient(explanation, number)
        for number in numbers(explanation)
        if number.name[:2] in ("dW", "db", "dz")
    ]
    assert len(checks) == explanation.network.parameters.vector.size + sum(sizes[1:])
    assert sum(check.analytic != 0 for check in checks) > len(checks) / 4
    for check in checks:
        assert not check.at_kink
        assert check.relative_error < TOLERANCE, check


def test_that_the_slope_is_that_of_the_plain_loss_of_a_changed_network() -> None:
    explanation = explained((6, 5, 4, 3), ACTIVATIONS["tanh"])
    h, labels = 1e-5, np.array([explanation.label])
    for layer, row, column in ((0, 2, 4), (1, 3, 1), (2, 0, 3)):
        losses = []
        for move in (h, -h):
            network = Network(explanation.network.parameters.writable_copy(), ACTIVATIONS["tanh"])
            network.layers[layer].weight[row, column] += move
            losses.append(cross_entropy(network.forward(explanation.arrays["x"]).logits, labels))
        slope = numerical_gradient(explanation, Number(f"dW{layer + 1}", row, column), h)
        assert slope == pytest.approx((losses[0] - losses[1]) / (2 * h), abs=1e-10)


@pytest.mark.parametrize("sizes", [(6, 5, 4, 3), (784, 10, 10)])
def test_that_the_check_of_all_ends_with_the_largest_error_of_every_gradient(sizes: tuple[int, ...]) -> None:
    explanation = explained(sizes, ACTIVATIONS["sigmoid"])
    progress = list(check_all(explanation))
    assert [p.checked for p in progress] == sorted({p.checked for p in progress})
    last = progress[-1]
    assert last.checked == last.total == explanation.network.parameters.vector.size
    assert last.largest_error == max(p.largest_error for p in progress) < TOLERANCE
    assert last.worst is not None
    assert check_gradient(explanation, last.worst.number).relative_error == pytest.approx(
        last.largest_error, rel=0.5
    )


def test_that_a_neuron_at_the_kink_of_relu_is_told() -> None:
    network = Network.create((2, 2, 2), dtype=np.float64)
    network.parameters.vector[:] = [1, -1, 0.5, 0.5, 0, 0, 1, 2, -1, 1, 0, 0]
    explanation = explain(network, np.ones(2), 0, 0.1)  # z1[0] is exactly 0
    check = check_gradient(explanation, Number("dW1", 0, 0))
    assert check.at_kink
    assert check.analytic == 0 != check.numerical
    assert not check_gradient(explanation, Number("dW1", 1, 0)).at_kink
    last = list(check_all(explanation))[-1]
    assert last.kinks == 3
    assert last.largest_error < TOLERANCE


def test_that_a_network_that_is_sure_keeps_the_digits_of_its_tiny_gradients() -> None:
    network = Network.create((6, 5, 3), ACTIVATIONS["tanh"], seed=1, dtype=np.float64)
    network.parameters.vector *= 30
    x = np.random.default_rng(0).random(6)
    explanation = explain(network, x, int(network.predict(x.reshape(6, 1))[0]), 0.1)
    assert 0 < np.abs(explanation.arrays["dz2"]).max() < 1e-6
    for row in range(3):  # losses subtracted from each other would be off by 1e-11
        check = check_gradient(explanation, Number("db2", row))
        assert abs(check.analytic - check.numerical) < 1e-16


def test_that_the_slope_of_a_network_that_has_diverged_is_measured() -> None:
    network = Network.create((6, 5, 3), ACTIVATIONS["relu"], seed=1, dtype=np.float64)
    network.parameters.vector *= 1e6
    x = np.random.default_rng(0).random(6)
    answer = int(network.predict(x.reshape(6, 1))[0])
    explanation = explain(network, x * 1e3, (answer + 1) % 3, 0.1)
    for progress in check_all(explanation):
        assert progress.worst is None or np.isfinite(progress.worst.numerical)


def test_that_what_is_no_gradient_can_not_be_checked() -> None:
    with pytest.raises(ValueError, match=r"z1\[0\] is no gradient: choose one of dW, db or dz"):
        check_gradient(explained(), Number("z1"))
    with pytest.raises(IndexError, match="there is no row 9, column 0"):
        numerical_gradient(explained(), Number("dW1", 9))


def test_that_pytorch_finds_the_same_gradients() -> None:
    if importlib.util.find_spec("torch") is None:
        pytest.skip("PyTorch is not installed; make bench installs it")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/core/torch_judge.py"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stdout
    assert "24 passed" in run.stdout
