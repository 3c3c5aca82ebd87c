"""The rules of datasets, samples and targets."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from micronn_core.common.errors import DataError
from micronn_core.data.dataset import Samples, one_hot
from micronn_core.data.splits import split
from micronn_core.settings.config import TrainingConfig
from tests.core.samples import few, numbered, of_digits, shuffled_rows


def test_that_a_dataset_knows_its_length_its_classes_and_its_shape() -> None:
    dataset = numbered(30)
    assert len(dataset) == 30
    assert dataset.class_names == tuple("0123456789")
    assert dataset.features.image_shape == (28, 28)


def test_that_a_dataset_can_not_be_changed_and_leaves_the_callers_array_alone() -> None:
    images, labels = np.zeros((3, 784), np.uint8), np.zeros(3, np.uint8)
    dataset = of_digits("zeros", images, labels)
    with pytest.raises(ValueError, match="read-only"):
        dataset.values[0, 0] = 1
    with pytest.raises(ValueError, match="read-only"):
        dataset.labels[0] = 1
    with pytest.raises(FrozenInstanceError):
        dataset.name = "ones"  # type: ignore[misc]
    images[0, 0] = 1


def test_that_a_dataset_is_row_major_whatever_it_is_made_from() -> None:
    columns = np.zeros((784, 5), np.uint8)
    assert of_digits("transposed", columns.T, np.zeros(5, np.uint8)).values.flags.c_contiguous


@pytest.mark.parametrize(
    ("images", "labels", "message"),
    [
        (np.zeros((3, 784), np.uint8), np.zeros(2, np.uint8), "2 labels"),
        (np.zeros((3, 783), np.uint8), np.zeros(3, np.uint8), "28 x 28"),
        (np.zeros((3, 784), np.uint8), np.array([1, 10, 2], np.uint8), "sample 2 has the label 10"),
    ],
)
def test_that_a_dataset_whose_parts_do_not_fit_is_refused(
    images: np.ndarray, labels: np.ndarray, message: str
) -> None:
    with pytest.raises(DataError, match=message):
        of_digits("broken", images, labels)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_that_scaling_is_exactly_the_value_divided_by_255(dtype: type[np.floating]) -> None:
    images = np.resize(np.arange(256, dtype=np.uint8), (2500, 784))
    samples = Samples.of(of_digits("all values", images, np.zeros(2500, np.uint8)), dtype=dtype)
    assert samples.x.dtype == dtype
    np.testing.assert_array_equal(samples.rows, images.astype(dtype) / dtype(255))
    assert (samples.x.min(), samples.x.max()) == (0, 1)


def test_that_pixels_can_be_left_as_they_are() -> None:
    images = np.resize(np.arange(256, dtype=np.uint8), (300, 784))
    dataset = of_digits("all values", images, np.zeros(300, np.uint8))
    np.testing.assert_array_equal(Samples.of(dataset, white=255).rows, images)
    parts = split(dataset, 200, 100, seed=4, white=255)
    np.testing.assert_array_equal(parts.train.rows, images[parts.train_indices])
    np.testing.assert_array_equal(parts.validation.rows, images[parts.validation_indices])


def test_that_columns_are_samples_and_each_sample_is_contiguous_in_memory() -> None:
    samples = Samples.of(numbered(30))
    assert samples.x.shape == (784, 30)
    assert samples.x[:, 4].flags.c_contiguous
    assert samples.rows.flags.c_contiguous
    assert np.shares_memory(samples.rows, samples.x)
    assert len(samples) == 30


def test_that_samples_made_from_a_column_major_matrix_are_laid_out_the_same_way() -> None:
    x = np.arange(12, dtype=np.float32).reshape(3, 4)
    samples = Samples(x, np.zeros(4, np.intp))
    np.testing.assert_array_equal(samples.x, x)
    assert samples.rows.flags.c_contiguous


def test_that_samples_are_read_only() -> None:
    samples = Samples.of(numbered(3))
    for array in (samples.x, samples.rows, samples.labels):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_that_samples_follow_the_order_of_the_indices() -> None:
    dataset = numbered(2100)
    indices = np.arange(2099, -1, -3)
    samples = Samples.of(dataset, indices)
    np.testing.assert_array_equal(samples.rows, dataset.values[indices] / np.float32(255))
    np.testing.assert_array_equal(samples.labels, dataset.labels[indices])
    assert samples.labels.dtype == np.intp


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_that_one_hot_has_a_single_one_in_the_row_of_the_label(dtype: type[np.floating]) -> None:
    y = one_hot(np.array([2, 0, 1]), 4, dtype)
    assert y.dtype == dtype
    np.testing.assert_array_equal(y, [[0, 1, 0], [0, 0, 1], [1, 0, 0], [0, 0, 0]])


@pytest.mark.parametrize("label", [-1, 10])
def test_that_one_hot_refuses_a_label_outside_of_the_classes(label: int) -> None:
    with pytest.raises(DataError, match=f"sample 2 has the label {label}"):
        one_hot(np.array([3, label]), 10)


def test_that_a_fingerprint_names_pictures_and_labels_in_whatever_order() -> None:
    digits = few([3, 1, 1, 9, 0])
    assert digits.fingerprint() == shuffled_rows(digits).fingerprint()
    assert digits.fingerprint().startswith("5-")
    relabelled = of_digits("My digits", digits.values, (digits.labels + 1) % 10)
    assert len({digits.fingerprint(), relabelled.fingerprint(), few([3, 1, 1, 9, 0], 4).fingerprint()}) == 3
    assert TrainingConfig(my_digits=digits.fingerprint()).my_digits == digits.fingerprint()
