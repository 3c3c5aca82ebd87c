"""The rules of softmax and of the cross-entropy."""

from __future__ import annotations

import numpy as np
import pytest

from micronn_core.nn.loss import cross_entropy, softmax, softmax_of_batch

both_dtypes = pytest.mark.parametrize("dtype", [np.float32, np.float64])


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


def test_that_the_softmax_of_the_batch_is_the_same_where_samples_are_alike() -> None:
    z = np.random.default_rng(0).normal(0, 5, (10, 50))
    np.testing.assert_allclose(softmax_of_batch(z), softmax(z), rtol=1e-12)


def test_that_the_softmax_of_the_batch_loses_samples_far_below_its_largest() -> None:
    probabilities = softmax_of_batch(np.array([[1.0, 1e6], [2.0, 1e6]]))
    assert np.isnan(probabilities[:, 0]).all()
    assert probabilities[:, 1].tolist() == [0.5, 0.5]


@both_dtypes
def test_that_the_loss_is_the_naive_formulas_on_ordinary_logits(dtype: type) -> None:
    rng = np.random.default_rng(0)
    logits, labels = rng.normal(0, 4, (10, 200)).astype(dtype), rng.integers(0, 10, 200)
    naive = -np.log(softmax(logits.astype(np.float64))[labels, np.arange(200)]).mean()
    assert cross_entropy(logits, labels) == pytest.approx(naive, rel=1e-12)


@both_dtypes
@pytest.mark.parametrize("m", [1, 3, 7, 49, 1000])
@pytest.mark.parametrize("share", [1e-3, 0.6, 1])
def test_that_the_loss_is_finite_however_sure_and_wrong_the_network_is(
    dtype: type, m: int, share: float
) -> None:
    most = dtype(np.finfo(dtype).max * share)
    logits = np.full((3, m), -most, dtype)
    logits[0] = most
    assert cross_entropy(logits, np.zeros(m, int)) == 0
    wrong = cross_entropy(logits, np.ones(m, int))
    assert np.isfinite(wrong)
    assert wrong > float(most) / 3


def test_that_a_loss_of_a_thousand_is_told_exactly_where_the_probability_is_zero() -> None:
    logits = np.array([[0.0], [1000.0]], np.float32)
    assert softmax(logits)[0, 0] == 0
    assert cross_entropy(logits, np.array([0])) == 1000
