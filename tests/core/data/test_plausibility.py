"""What is strange about a whole file of samples is said once, with the remedy."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from micronn_core.common.errors import DataError
from micronn_core.data.catalog import TURNED, open_source, register
from micronn_core.data.dataset import Dataset
from micronn_core.data.mnist import load_mnist_test
from micronn_core.data.plausibility import lie_on_their_side, remarks_on
from micronn_core.data.readers import read_dataset
from tests.core.shapes import flowers, letters, write_csv, write_npz


@pytest.fixture(scope="module")
def digits() -> Dataset:
    return load_mnist_test()


@pytest.mark.parametrize("count", [200, 2_000, 10_000])
def test_that_nothing_is_said_about_samples_that_are_as_they_should_be(digits: Dataset, count: int) -> None:
    assert remarks_on(digits.taken(np.arange(count))) == ()
    assert remarks_on(letters()) == remarks_on(flowers()) == ()


@pytest.mark.parametrize("count", [40, 500, 10_000])
def test_that_pictures_on_their_side_are_recognised(digits: Dataset, count: int) -> None:
    some = digits.taken(np.arange(count))
    assert lie_on_their_side(replace(some.transposed()))
    assert any("lie on their side" in remark for remark in remarks_on(some.transposed()))
    assert not lie_on_their_side(some)


def test_that_labels_that_are_all_alike_are_said(digits: Dataset) -> None:
    sevens = digits.taken(np.flatnonzero(digits.labels == 7)[:50])
    assert remarks_on(sevens)[0].startswith("All 50 samples have the label 7, so there is nothing")


def test_that_classes_without_a_sample_are_named(digits: Dataset) -> None:
    some = digits.taken(np.flatnonzero(~np.isin(digits.labels, (2, 9))))
    assert remarks_on(some) == (
        "There are no samples of the classes 2, 9: a network cannot learn them from these.",
    )


def test_that_pictures_that_are_dark_on_light_are_said(digits: Dataset) -> None:
    inverted = replace(digits, values=255 - digits.values)
    assert any("dark on a light ground" in remark for remark in remarks_on(inverted))


def test_that_a_file_is_turned_on_demand_under_a_name_of_its_own(tmp_path: Path, digits: Dataset) -> None:
    some = digits.taken(np.arange(100))
    path = write_npz(tmp_path / "a.npz", some.transposed())
    plain, turned = register(path), register(path, turned=True)
    assert "lie on their side" in plain.remark
    assert plain.on_side
    assert not turned.on_side
    assert turned.remark == ""
    assert turned.name == plain.name + TURNED
    np.testing.assert_array_equal(open_source(turned.name).load_train().values, some.values)
    np.testing.assert_array_equal(open_source(plain.name).load_train().values, some.transposed().values)


def test_that_only_pictures_can_be_turned(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", flowers())
    with pytest.raises(DataError, match="only pictures can be turned"):
        register(path, turned=True)


@pytest.mark.parametrize("scale", [1 / 255, 1])
def test_that_archives_of_pixels_up_to_one_are_brought_to_255(
    tmp_path: Path, digits: Dataset, scale: float
) -> None:
    x = digits.values[:30].reshape(-1, 28, 28) * scale
    np.savez(tmp_path / "a.npz", x=x.astype(np.float32), y=digits.labels[:30])
    read = read_dataset(tmp_path / "a.npz")
    np.testing.assert_array_equal(read.values, digits.values[:30])
    assert len(read.remarks) == (scale < 1)


def test_that_pixels_up_to_16_are_brought_to_255_in_pictures_of_8_by_8(tmp_path: Path) -> None:
    pixels = np.random.default_rng(0).integers(0, 17, (30, 64))
    rows = [",".join(map(str, [i % 10, *row])) for i, row in enumerate(pixels.tolist())]
    (tmp_path / "a.csv").write_text("\n".join(rows))
    read = read_dataset(tmp_path / "a.csv")
    np.testing.assert_array_equal(read.values, np.rint(pixels * (255 / 16)))
    assert read.remarks[0].startswith("No pixel is above 16")
