"""The rules of the optimizers."""

from __future__ import annotations

import numpy as np
import pytest

from micronn_core.optimizers import OPTIMIZERS

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
    for _ in range(200):
        optimizer.step(place, 2 * place, 0.1)
    np.testing.assert_allclose(place, 0, atol=1e-9)
