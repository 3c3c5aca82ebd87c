"""The rules of the activation functions and of softmax."""

from __future__ import annotations

import numpy as np
import pytest

from micronn_core.nn.activations import ACTIVATIONS, Activation
from micronn_core.nn.initializers import INITIALIZERS

every_activation = pytest.mark.parametrize("activation", ACTIVATIONS.values(), ids=ACTIVATIONS)
both_dtypes = pytest.mark.parametrize("dtype", [np.float32, np.float64])


def test_that_the_table_lists_each_activation_under_its_own_name() -> None:
    assert list(ACTIVATIONS) == ["relu", "leaky_relu", "sigmoid", "tanh"]
    assert all(activation.name == name for name, activation in ACTIVATIONS.items())
    assert all(activation.label and activation.latex for activation in ACTIVATIONS.values())


@pytest.mark.parametrize(
    ("name", "z", "value", "slope"),
    [
        ("relu", 3.5, 3.5, 1),  # the tutorial's worked example
        ("relu", -2.1, 0, 0),
        ("relu", 0, 0, 0),
        ("leaky_relu", 2, 2, 1),
        ("leaky_relu", -2, -0.02, 0.01),
        ("leaky_relu", 0, 0, 0.01),
        ("sigmoid", 0, 0.5, 0.25),
        ("sigmoid", np.log(3), 0.75, 0.1875),
        ("tanh", 0, 0, 1),
        ("tanh", np.log(2), 0.6, 0.64),
    ],
)
def test_that_values_and_slopes_are_the_textbooks(name: str, z: float, value: float, slope: float) -> None:
    at = np.array([[z]], float)
    a = ACTIVATIONS[name].function(at)
    assert a[0, 0] == pytest.approx(value, abs=1e-15)
    assert ACTIVATIONS[name].derivative(at, a)[0, 0] == pytest.approx(slope, abs=1e-15)


@every_activation
def test_that_a_derivative_is_the_slope_of_its_function(activation: Activation) -> None:
    z = np.linspace(-6, 6, 240).reshape(8, 30)  # 0, where ReLU has its corner, is not among them
    h = 1e-6
    slope = (activation.function(z + h) - activation.function(z - h)) / (2 * h)
    np.testing.assert_allclose(activation.derivative(z, activation.function(z)), slope, rtol=0, atol=1e-9)


@every_activation
@both_dtypes
def test_that_shape_and_number_format_are_kept(activation: Activation, dtype: type) -> None:
    z = np.linspace(-3, 3, 12, dtype=dtype).reshape(3, 4)
    a = activation.function(z)
    slope = activation.derivative(z, a)
    assert a.shape == slope.shape == z.shape
    assert a.dtype == slope.dtype == dtype


@every_activation
@both_dtypes
def test_that_the_largest_numbers_give_finite_values_without_a_warning(
    activation: Activation, dtype: type
) -> None:
    most = np.finfo(dtype).max
    z = np.array([[-most, -1e30, 0, 1e30, most]], dtype)
    a = activation.function(z)
    assert np.isfinite(a).all()
    assert np.isfinite(activation.derivative(z, a)).all()


@every_activation
def test_that_a_row_says_truly_whether_it_kinks_dies_or_saturates(activation: Activation) -> None:
    far, near = np.array([-50.0, 50.0]), np.array([-1e-9, 1e-9])
    below, above = activation.derivative(far, activation.function(far))
    steepest = activation.derivative(
        np.linspace(-8, 8, 321), activation.function(np.linspace(-8, 8, 321))
    ).max()
    left, right = activation.derivative(near, activation.function(near))
    assert activation.saturates == (max(below, above) < 0.05 * steepest)
    assert activation.dies == (below == 0 and not activation.saturates)
    assert activation.kinks == (abs(left - right) > 0.5)
    assert activation.initializer in INITIALIZERS
