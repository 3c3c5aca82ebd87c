"""The rules of the optimizers."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import tracemalloc

import numpy as np
import pytest

from micronn_core.nn.optimizers import OPTIMIZERS
from tests.content import assert_same_bytes

every_optimizer = pytest.mark.parametrize("name", OPTIMIZERS)
both_dtypes = pytest.mark.parametrize("dtype", [np.float32, np.float64])


@both_dtypes
def test_that_gradient_descent_subtracts_the_learning_rate_times_the_gradient(dtype: type) -> None:
    rng = np.random.default_rng(0)
    parameters, gradient = rng.normal(size=(2, 1000)).astype(dtype)
    expected = parameters - dtype(0.3) * gradient
    OPTIMIZERS["gradient descent"](1000, np.dtype(dtype)).step(parameters, gradient, 0.3)
    np.testing.assert_array_equal(parameters, expected)


@every_optimizer
@both_dtypes
def test_that_a_step_works_in_place_and_leaves_the_gradient_alone(name: str, dtype: type) -> None:
    parameters, gradient = np.ones(3, dtype), np.array([1, -2, 0], dtype)
    OPTIMIZERS[name](3, np.dtype(dtype)).step(parameters, gradient, 0.5)
    assert parameters.dtype == dtype
    assert gradient.tolist() == [1, -2, 0]
    assert parameters[0] < 1 < parameters[1]
    assert parameters[2] == 1


@every_optimizer
def test_that_following_the_slope_of_a_bowl_leads_to_its_bottom(name: str) -> None:
    place = np.array([3.0, -4.0])
    optimizer = OPTIMIZERS[name](2, place.dtype)
    steps = 1000
    for i in range(steps):
        optimizer.step(place, 2 * place, 0.1 * (1 - i / steps))  # RMSProp circles at the rate's distance
    np.testing.assert_allclose(place, 0, atol=1e-3)


# ------------------------------------------------------------------ the papers' formulas, by hand

G1, G2, RATE = 2.0, -3.0, 0.1
BY_HAND = {
    "gradient descent": (-RATE * G1, -RATE * (G1 + G2)),
    "momentum": (-RATE * G1, -RATE * (G1 + (0.9 * G1 + G2))),
    "nesterov": (
        -RATE * (G1 + 0.9 * G1),
        -RATE * ((G1 + 0.9 * G1) + (G2 + 0.9 * (0.9 * G1 + G2))),
    ),
    "rmsprop": (
        -RATE * G1 / (0.4**0.5 + 1e-8),  # s = 0.1 * 4
        -RATE * (G1 / (0.4**0.5 + 1e-8) + G2 / (1.26**0.5 + 1e-8)),  # s = 0.9 * 0.4 + 0.1 * 9
    ),
    "adam": (
        # m = 0.2 and s = 0.004; corrected by 0.1 and 0.001 they are the gradient and its square.
        -RATE * 2 / (2 + 1e-8),
        # m = 0.9 * 0.2 - 0.3 = -0.12 and s = 0.999 * 0.004 + 0.009 = 0.012996; corrections 0.19 and 0.001999.
        -RATE * (2 / (2 + 1e-8) + (-0.12 / 0.19) / ((0.012996 / 0.001999) ** 0.5 + 1e-8)),
    ),
}


@every_optimizer
def test_that_two_steps_are_those_of_the_paper(name: str) -> None:
    optimizer, place = OPTIMIZERS[name](1, np.dtype(np.float64)), np.zeros(1)
    found = []
    for gradient in (G1, G2):
        optimizer.step(place, np.array([gradient]), RATE)
        found.append(float(place[0]))
    np.testing.assert_allclose(found, BY_HAND[name], rtol=1e-13)


def test_that_every_optimizer_of_the_table_is_checked_by_hand() -> None:
    assert list(BY_HAND) == list(OPTIMIZERS)


@every_optimizer
@both_dtypes
def test_that_a_step_taken_back_leaves_no_trace(name: str, dtype: type) -> None:
    rng = np.random.default_rng(0)
    gradients = rng.normal(size=(6, 20)).astype(dtype)
    places = np.zeros((2, 20), dtype)
    for place, given_up in zip(places, ((), (0, 1, 4)), strict=True):
        optimizer = OPTIMIZERS[name](20, np.dtype(dtype))
        for i, gradient in enumerate(gradients):
            if i in given_up:
                optimizer.step(np.zeros(20, dtype), np.full(20, 1e9, dtype), 5.0)
                optimizer.undo()
            optimizer.step(place, gradient, 0.1)
    assert_same_bytes(places[0].tobytes(), places[1].tobytes())


@every_optimizer
@both_dtypes
def test_that_a_step_to_another_place_is_the_same_and_leaves_the_old_one(name: str, dtype: type) -> None:
    gradients = np.random.default_rng(0).normal(size=(3, 20)).astype(dtype)
    in_place, aside = (OPTIMIZERS[name](20, np.dtype(dtype)) for _ in range(2))
    place, old, new = np.ones((3, 20), dtype)
    for gradient in gradients:
        before = old.copy()
        in_place.step(place, gradient, 0.1)
        aside.step(old, gradient, 0.1, out=new)
        np.testing.assert_array_equal(old, before)
        np.testing.assert_array_equal(new, place)
        old, new = new, old


@every_optimizer
def test_that_a_step_allocates_no_vector(name: str) -> None:
    size = 100_000
    optimizer = OPTIMIZERS[name](size, np.dtype(np.float32))
    place, gradient = np.ones((2, size), np.float32)
    optimizer.step(place, gradient, 0.1)
    tracemalloc.start()
    optimizer.step(place, gradient, 0.1)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < size


@every_optimizer
def test_that_an_optimizer_explains_itself(name: str) -> None:
    optimizer = OPTIMIZERS[name]
    assert optimizer.name == name
    assert optimizer.label
    assert optimizer.description.endswith(".")
    assert r"\alpha" in optimizer.latex


def test_that_pytorch_finds_the_same_weights() -> None:
    if importlib.util.find_spec("torch") is None:
        pytest.skip("PyTorch is not installed; make bench installs it")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/core/torch_training.py"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stdout
    assert "21 passed" in run.stdout
