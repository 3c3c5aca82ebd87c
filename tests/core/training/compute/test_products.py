"""The rule of the fast products: blocked or plain, the same numbers up to rounding."""

from __future__ import annotations

import numpy as np
import pytest

from micronn_core.training.compute.products import (
    BLOCK,
    MIN_BLOCK,
    SMALL_PRODUCT,
    block_size,
    weight_gradient,
    weight_gradient_blocked,
    weighted_sums,
    weighted_sums_blocked,
)

SIZES = [
    (1, 1, 1),
    (7, 784, 10),
    (120, 784, 10),
    (121, 784, 10),
    (241, 37, 3),
    (1000, 784, 10),
    (533, 101, 128),
]
both_dtypes = pytest.mark.parametrize("dtype", [np.float32, np.float64])


def operands(m: int, n_in: int, n_out: int, dtype: type) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng([m, n_in, n_out])
    rows, weight = rng.random((m, n_in)), rng.normal(size=(n_out, n_in))
    return rows.astype(dtype), weight.astype(dtype), rng.normal(size=(m, n_out)).astype(dtype)


def assert_equal_up_to_rounding(found: np.ndarray, expected: np.ndarray, terms: int) -> None:
    assert found.dtype == expected.dtype
    allowed = np.finfo(expected.dtype).eps * 8 * np.sqrt(terms)
    np.testing.assert_allclose(found, expected, rtol=allowed, atol=allowed)


@both_dtypes
@pytest.mark.parametrize(("m", "n_in", "n_out"), SIZES)
def test_that_the_products_equal_the_plain_formulas(m: int, n_in: int, n_out: int, dtype: type) -> None:
    rows, weight, dz = operands(m, n_in, n_out, dtype)
    assert_equal_up_to_rounding(weighted_sums(rows, weight), rows @ weight.T, n_in)
    assert_equal_up_to_rounding(weight_gradient(dz, rows), dz.T @ rows, m)


@both_dtypes
@pytest.mark.parametrize("block", [1, 7, 24, 120])
@pytest.mark.parametrize("m", [120, 121, 239, 240])
def test_that_blocks_of_any_size_leave_no_remainder_out(m: int, block: int, dtype: type) -> None:
    rows, weight, dz = operands(m, 53, 10, dtype)
    assert_equal_up_to_rounding(weighted_sums_blocked(rows, weight, block), rows @ weight.T, 53)
    assert_equal_up_to_rounding(weight_gradient_blocked(dz, rows, block), dz.T @ rows, m)


@both_dtypes
def test_that_gradients_with_the_classes_first_in_memory_are_read_rightly(dtype: type) -> None:
    rows, _, dz = operands(301, 90, 10, dtype)
    turned = np.asfortranarray(dz)
    assert_equal_up_to_rounding(weight_gradient(turned, rows), dz.T @ rows, 301)


@pytest.mark.parametrize(("n_in", "n_out"), [(784, 10), (784, 32), (500, 10), (10, 10), (784, 53)])
def test_that_a_block_is_small_enough_to_go_unpacked(n_in: int, n_out: int) -> None:
    block = block_size(n_in, n_out)
    assert MIN_BLOCK <= block <= BLOCK
    assert block * n_in * n_out <= SMALL_PRODUCT


def test_that_a_product_that_is_small_as_a_whole_is_not_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "micronn_core.training.compute.products.weight_gradient_blocked", lambda *_: pytest.fail("it was cut")
    )
    rows, _, dz = operands(128, 128, 10, np.float32)
    np.testing.assert_array_equal(weight_gradient(dz, rows), dz.T @ rows)


def test_that_wide_layers_are_multiplied_in_one_piece() -> None:
    assert block_size(784, 128) == 0
