"""The rules of datasets, samples, splits and targets."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from micronn_core.common.errors import DataError
from micronn_core.data.dataset import DATASETS, SPLITS, Dataset, Samples, one_hot, split
from micronn_core.settings.config import TrainingConfig


def numbered(count: int) -> Dataset:
    """A dataset whose pictures all differ: the first two pixels hold the picture's number."""
    images = np.random.default_rng(7).integers(0, 256, (count, 784), dtype=np.uint8)
    images[:, 0], images[:, 1] = np.arange(count) // 256, np.arange(count) % 256
    return Dataset("numbered", images, (np.arange(count) % 10).astype(np.uint8))


def test_that_a_dataset_knows_its_length_its_classes_and_its_shape() -> None:
    dataset = numbered(30)
    assert len(dataset) == 30
    assert dataset.class_names == tuple("0123456789")
    assert dataset.image_shape == (28, 28)


def test_that_a_dataset_can_not_be_changed_and_leaves_the_callers_array_alone() -> None:
    images, labels = np.zeros((3, 784), np.uint8), np.zeros(3, np.uint8)
    dataset = Dataset("zeros", images, labels)
    with pytest.raises(ValueError, match="read-only"):
        dataset.images[0, 0] = 1
    with pytest.raises(ValueError, match="read-only"):
        dataset.labels[0] = 1
    with pytest.raises(FrozenInstanceError):
        dataset.name = "ones"  # type: ignore[misc]
    images[0, 0] = 1


def test_that_a_dataset_is_row_major_whatever_it_is_made_from() -> None:
    columns = np.zeros((784, 5), np.uint8)
    assert Dataset("transposed", columns.T, np.zeros(5, np.uint8)).images.flags.c_contiguous


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
        Dataset("broken", images, labels)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_that_scaling_is_exactly_the_value_divided_by_255(dtype: type[np.floating]) -> None:
    images = np.resize(np.arange(256, dtype=np.uint8), (2500, 784))
    samples = Samples.of(Dataset("all values", images, np.zeros(2500, np.uint8)), dtype=dtype)
    assert samples.x.dtype == dtype
    np.testing.assert_array_equal(samples.rows, images.astype(dtype) / dtype(255))
    assert (samples.x.min(), samples.x.max()) == (0, 1)


def test_that_pixels_can_be_left_as_they_are() -> None:
    images = np.resize(np.arange(256, dtype=np.uint8), (300, 784))
    dataset = Dataset("all values", images, np.zeros(300, np.uint8))
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
    np.testing.assert_array_equal(samples.rows, dataset.images[indices] / np.float32(255))
    np.testing.assert_array_equal(samples.labels, dataset.labels[indices])
    assert samples.labels.dtype == np.intp


def test_that_the_two_parts_of_a_split_share_no_sample() -> None:
    dataset = numbered(100)
    parts = split(dataset, 70, 20, seed=1)
    assert (len(parts.train), len(parts.validation)) == (70, 20)
    assert len(np.union1d(parts.train_indices, parts.validation_indices)) == 90
    np.testing.assert_array_equal(
        parts.validation.rows, dataset.images[parts.validation_indices] / np.float32(255)
    )
    np.testing.assert_array_equal(parts.train.labels, dataset.labels[parts.train_indices])


def test_that_the_same_seed_makes_the_same_split_and_another_seed_another() -> None:
    dataset = numbered(100)
    first, again, other = (split(dataset, 70, 20, seed=seed) for seed in (5, 5, 6))
    np.testing.assert_array_equal(first.train_indices, again.train_indices)
    np.testing.assert_array_equal(first.validation_indices, again.validation_indices)
    np.testing.assert_array_equal(first.train.x, again.train.x)
    assert (first.train_indices != other.train_indices).any()


def test_that_a_split_takes_the_training_samples_first_from_its_own_random_stream() -> None:
    order = np.random.default_rng([5, 1]).permutation(100)
    parts = split(numbered(100), 70, 20, seed=5)
    np.testing.assert_array_equal(parts.train_indices, order[:70])
    np.testing.assert_array_equal(parts.validation_indices, order[70:90])


def test_that_a_split_in_float64_is_float64_in_both_parts() -> None:
    parts = split(numbered(10), 5, 5, seed=0, dtype=np.float64)
    assert parts.train.x.dtype == parts.validation.x.dtype == np.float64


def test_that_a_split_may_use_every_sample_but_not_one_more() -> None:
    assert len(split(numbered(10), 8, 2, seed=0).validation) == 2
    with pytest.raises(DataError, match="has 10 samples, but the split needs 11"):
        split(numbered(10), 8, 3, seed=0)


@pytest.mark.parametrize(("train", "validation"), [(0, 5), (5, 0), (-1, 5), (5, -1)])
def test_that_a_split_with_an_empty_part_is_refused(train: int, validation: int) -> None:
    with pytest.raises(DataError, match="at least one sample"):
        split(numbered(10), train, validation, seed=0)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_that_one_hot_has_a_single_one_in_the_row_of_the_label(dtype: type[np.floating]) -> None:
    y = one_hot(np.array([2, 0, 1]), 4, dtype)
    assert y.dtype == dtype
    np.testing.assert_array_equal(y, [[0, 1, 0], [0, 0, 1], [1, 0, 0], [0, 0, 0]])


@pytest.mark.parametrize("label", [-1, 10])
def test_that_one_hot_refuses_a_label_outside_of_the_classes(label: int) -> None:
    with pytest.raises(DataError, match=f"sample 2 has the label {label}"):
        one_hot(np.array([3, label]), 10)


def test_that_the_splits_of_the_seeds_can_be_chosen_by_name() -> None:
    assert {name: (rule.train_count, rule.validation_count) for name, rule in SPLITS.items()} == {
        "48000/12000": (48_000, 12_000),
        "41000/1000": (41_000, 1_000),
        "19999/9999": (19_999, 9_999),
        "55000/5000": (55_000, 5_000),
    }
    assert [rule.label for rule in SPLITS.values()] == ["48k / 12k", "41k / 1k", "20k / 10k", "55k / 5k"]


def test_that_mnist_can_be_chosen_by_name() -> None:
    assert DATASETS["mnist"].label == "MNIST"
    assert len(DATASETS["mnist"].load_test()) == 10_000
    assert len(DATASETS["mnist"].load_train()) == 60_000


def test_that_every_split_fits_into_the_training_set_of_mnist() -> None:
    for rule in SPLITS.values():
        assert rule.train_count + rule.validation_count <= 60_000


# -- more samples to train on --


def few(labels: list[int], seed: int = 3) -> Dataset:
    images = np.random.default_rng(seed).integers(0, 256, (len(labels), 784), np.uint8)
    return Dataset("My digits", images, np.array(labels, np.uint8))


def shuffled(dataset: Dataset) -> Dataset:
    order = np.random.default_rng(1).permutation(len(dataset))
    return Dataset(dataset.name, dataset.images[order], dataset.labels[order])


def test_that_a_fingerprint_names_pictures_and_labels_in_whatever_order() -> None:
    digits = few([3, 1, 1, 9, 0])
    assert digits.fingerprint() == shuffled(digits).fingerprint()
    assert digits.fingerprint().startswith("5-")
    relabelled = Dataset("My digits", digits.images, (digits.labels + 1) % 10)
    assert len({digits.fingerprint(), relabelled.fingerprint(), few([3, 1, 1, 9, 0], 4).fingerprint()}) == 3
    assert TrainingConfig(my_digits=digits.fingerprint()).my_digits == digits.fingerprint()


def test_that_more_samples_are_trained_on_and_the_rest_of_the_split_stays() -> None:
    dataset, digits = few(list(range(10)) * 4, 5), few([3, 1, 1])
    plain, more = (split(dataset, 30, 10, 42, more=extra) for extra in (None, digits))
    np.testing.assert_array_equal(more.train.x[:, :30], plain.train.x)
    np.testing.assert_array_equal(more.train.labels, [*plain.train.labels, 1, 1, 3])
    np.testing.assert_array_equal(more.train.rows[30:], digits.in_order().images / np.float32(255))
    np.testing.assert_array_equal(more.train_indices, [*plain.train_indices, 40, 41, 42])
    np.testing.assert_array_equal(more.validation.x, plain.validation.x)
    np.testing.assert_array_equal(more.validation.labels, plain.validation.labels)
    again = split(dataset, 30, 10, 42, more=shuffled(digits))
    np.testing.assert_array_equal(again.train.x, more.train.x)


def test_that_samples_of_another_kind_can_not_be_added() -> None:
    small = Dataset("Small", np.zeros((2, 4), np.uint8), np.zeros(2, np.uint8), image_shape=(2, 2))
    with pytest.raises(DataError, match="Small and My digits differ in picture size"):
        split(few([1, 2, 3]), 2, 1, 0, more=small)
