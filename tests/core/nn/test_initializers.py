"""The rules of where weights start."""

from __future__ import annotations

import numpy as np
import pytest

from micronn_core.nn.initializers import INITIALIZERS

SHAPE = 200, 500


def filled(name: str, dtype: type = np.float64, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    weight, bias = np.full(SHAPE, np.nan, dtype), np.full((SHAPE[0], 1), np.nan, dtype)
    INITIALIZERS[name].fill(weight, bias, np.random.default_rng(seed))
    return weight, bias


def test_that_the_table_lists_each_initializer_under_its_own_name() -> None:
    assert list(INITIALIZERS) == ["uniform", "xavier", "he", "small", "zeros"]
    assert all(initializer.name == name for name, initializer in INITIALIZERS.items())
    assert all(initializer.label and initializer.latex for initializer in INITIALIZERS.values())


def test_that_uniform_fills_weights_and_biases_evenly_from_minus_to_plus_a_half() -> None:
    for numbers in filled("uniform"):
        assert -0.5 <= numbers.min() < -0.48
        assert 0.48 < numbers.max() < 0.5
        assert numbers.std() == pytest.approx(1 / np.sqrt(12), rel=0.1)


@pytest.mark.parametrize(("name", "variance"), [("xavier", 1 / 500), ("he", 2 / 500)])
def test_that_xavier_and_he_scale_a_normal_distribution_by_the_inputs(name: str, variance: float) -> None:
    weight, bias = filled(name)
    assert weight.var() == pytest.approx(variance, rel=0.02)
    assert weight.mean() == pytest.approx(0, abs=4 * np.sqrt(variance / weight.size))
    within_one_deviation = np.mean(np.abs(weight) < np.sqrt(variance))
    assert within_one_deviation == pytest.approx(0.6827, abs=0.01)
    assert not bias.any()


def test_that_zeros_are_zeros() -> None:
    weight, bias = filled("zeros")
    assert not weight.any()
    assert not bias.any()


@pytest.mark.parametrize("name", INITIALIZERS)
def test_that_float32_starts_where_float64_starts_and_a_seed_repeats(name: str) -> None:
    exact, again, rounded = filled(name), filled(name), filled(name, np.float32)
    for a, b, c in zip(exact, again, rounded, strict=True):
        np.testing.assert_array_equal(a, b)
        np.testing.assert_array_equal(a.astype(np.float32), c)
