"""The rules of splits: counts or shares, in the order of a seed."""

from __future__ import annotations

import numpy as np
import pytest

from micronn_core.common.errors import ConfigError, DataError
from micronn_core.data.dataset import Dataset
from micronn_core.data.features import DIGITS_SPEC, Pixels
from micronn_core.data.splits import SPLITS, split, split_rule
from tests.core.samples import few, numbered, shuffled_rows


def test_that_the_two_parts_of_a_split_share_no_sample() -> None:
    dataset = numbered(100)
    parts = split(dataset, 70, 20, seed=1)
    assert (len(parts.train), len(parts.validation)) == (70, 20)
    assert len(np.union1d(parts.train_indices, parts.validation_indices)) == 90
    np.testing.assert_array_equal(
        parts.validation.rows, dataset.values[parts.validation_indices] / np.float32(255)
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


def test_that_the_splits_of_the_seeds_can_be_chosen_by_name() -> None:
    assert {name: rule.counts(60_000) for name, rule in SPLITS.items()} == {
        "48000/12000": (48_000, 12_000),
        "41000/1000": (41_000, 1_000),
        "19999/9999": (19_999, 9_999),
        "55000/5000": (55_000, 5_000),
        "80%/20%": (48_000, 12_000),
    }
    assert [rule.label for rule in SPLITS.values()] == [
        "48k / 12k",
        "41k / 1k",
        "20k / 10k",
        "55k / 5k",
        "80 % / 20 %",
    ]


@pytest.mark.parametrize(
    ("text", "samples", "counts"),
    [
        ("100/30", 1_000, (100, 30)),
        (" 100 / 30 ", 1_000, (100, 30)),
        ("80%/20%", 150, (120, 30)),
        ("80%/20%", 149, (119, 30)),
        ("66.6%/33.4%", 1_000, (666, 334)),
        ("50%/25%", 103, (51, 25)),
        ("75 % / 25 %", 4, (3, 1)),
    ],
)
def test_that_a_split_is_read_as_counts_or_as_shares_of_however_many_samples(
    text: str, samples: int, counts: tuple[int, int]
) -> None:
    assert split_rule(text).counts(samples) == counts


@pytest.mark.parametrize("text", ["", "half", "80", "80%/30", "80%", "-1/5", "1/2/3", "1e3/10", None, 48_000])
def test_that_what_is_no_split_is_refused_with_what_one_looks_like(text: object) -> None:
    with pytest.raises(ConfigError, match=r"such as 48000/12000, or shares .* such as 80%/20%") as caught:
        split_rule(text)
    assert caught.value.field == "split"


def test_that_shares_can_not_be_more_than_all() -> None:
    with pytest.raises(ConfigError, match=r"at most 100 % together, not '80%/30%'"):
        split_rule("80%/30%")


def test_that_every_split_fits_into_the_training_set_of_mnist() -> None:
    for rule in SPLITS.values():
        assert sum(rule.counts(60_000)) <= 60_000


def test_that_more_samples_are_trained_on_and_the_rest_of_the_split_stays() -> None:
    dataset, digits = few(list(range(10)) * 4, 5), few([3, 1, 1])
    plain, more = (split(dataset, 30, 10, 42, more=extra) for extra in (None, digits))
    np.testing.assert_array_equal(more.train.x[:, :30], plain.train.x)
    np.testing.assert_array_equal(more.train.labels, [*plain.train.labels, 1, 1, 3])
    np.testing.assert_array_equal(more.train.rows[30:], digits.in_order().values / np.float32(255))
    np.testing.assert_array_equal(more.train_indices, [*plain.train_indices, 40, 41, 42])
    np.testing.assert_array_equal(more.validation.x, plain.validation.x)
    np.testing.assert_array_equal(more.validation.labels, plain.validation.labels)
    again = split(dataset, 30, 10, 42, more=shuffled_rows(digits))
    np.testing.assert_array_equal(again.train.x, more.train.x)


def test_that_samples_of_another_kind_can_not_be_added() -> None:
    small = Dataset("Small", np.zeros((2, 4)), np.zeros(2, np.uint8), Pixels(2, 2), DIGITS_SPEC.class_names)
    with pytest.raises(DataError, match="Small and My digits differ in picture size"):
        split(few([1, 2, 3]), 2, 1, 0, more=small)
