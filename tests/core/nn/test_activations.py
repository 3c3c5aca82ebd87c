"""The rules of the activation functions and of softmax."""

from __future__ import annotations

import numpy as np
import pytest

from micronn_core.nn.activations import ACTIVATIONS, Activation, softmax

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


@both_dtypes
def test_that_softmax_makes_columns_that_sum_to_one(dtype: type) -> None:
    z = np.random.default_rng(0).normal(0, 5, (10, 50)).astype(dtype)
    probabilities = softmax(z)
    assert probabilities.dtype == dtype
    assert (probabilities > 0).all()
    np.testing.assert_allclose(probabilities.sum(axis=0), 1, rtol=4 * np.finfo(dtype).eps)


@both_dtypes
@pytest.mark.parametrize("scale", [1e30, 3e38])
def test_that_softmax_stands_logits_of_any_size(dtype: type, scale: float) -> None:
    z = np.array([[1, 0, -1], [-1, 0, -1], [0, -1, -1]], dtype) * dtype(scale)
    expected = [[1, 0.5, 1 / 3], [0, 0.5, 1 / 3], [0, 0, 1 / 3]]
    np.testing.assert_allclose(softmax(z), expected, rtol=1e-6, atol=0)


def test_that_softmax_of_a_sample_does_not_depend_on_the_others_of_the_batch() -> None:
    z = np.array([[1.0, 1e6], [2.0, 1e6]])  # with the batch's largest subtracted the first would be 0 / 0
    np.testing.assert_array_equal(softmax(z)[:, :1], softmax(z[:, :1]))


def test_that_softmax_leaves_the_logits_alone() -> None:
    z = np.array([[1.0], [2.0]])
    softmax(z)
    assert z.tolist() == [[1.0], [2.0]]
