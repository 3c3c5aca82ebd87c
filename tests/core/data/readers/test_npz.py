"""Archives of NumPy: the arrays x and y as samples and labels."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from micronn_core.common.errors import DataError
from micronn_core.data.dataset import Dataset
from micronn_core.data.features import DIGITS_SPEC, Columns, Pixels
from micronn_core.data.readers import read_dataset
from micronn_core.nn.network import Network
from micronn_core.runs.saved_network import save_network
from micronn_core.runs.shapes import spec_of_sizes
from micronn_core.settings.config import TrainingConfig
from tests.core.shapes import SHAPES, write_npz


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
def test_that_an_archive_is_read_exactly(tmp_path: Path, shape: Callable[[], Dataset]) -> None:
    read = read_dataset(write_npz(tmp_path / "a.npz", shape()))
    np.testing.assert_array_equal(read.values, shape().values)
    np.testing.assert_array_equal(read.labels, shape().labels)
    assert read.spec == shape().spec


@pytest.mark.parametrize(
    ("x", "features"),
    [
        (np.zeros((3, 28, 28), np.uint8), Pixels(28, 28)),
        (np.zeros((3, 6, 9), np.int64), Pixels(6, 9)),
        (np.zeros((3, 64), np.uint8), Pixels(8, 8)),
        (np.zeros((3, 2)), Columns.of(("x1", "x2"), np.zeros((3, 2)))),
        (np.zeros((3, 64)), Columns.of(tuple(f"x{i}" for i in range(1, 65)), np.zeros((3, 64)))),
    ],
)
def test_that_the_shape_says_whether_samples_are_pictures(
    tmp_path: Path, x: np.ndarray[Any, Any], features: object
) -> None:
    np.savez(tmp_path / "a.npz", x=x, y=np.array([0, 4, 2]))
    read = read_dataset(tmp_path / "a.npz")
    assert read.features == features
    digits = features == DIGITS_SPEC.features
    assert read.class_names == (DIGITS_SPEC.class_names if digits else ("0", "2", "4"))


FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "no labels": ({"x": np.zeros((3, 2))}, r"has no array 'y'; its arrays are x"),
    "too few labels": (
        {"x": np.zeros((3, 2)), "y": np.zeros(2, int)},
        r"x has the shape \(3, 2\) and y \(2,\)",
    ),
    "one dimension": ({"x": np.zeros(3), "y": np.zeros(3, int)}, r"x has the shape \(3,\)"),
    "no samples": ({"x": np.zeros((0, 2)), "y": np.zeros(0, int)}, r"x has the shape \(0, 2\)"),
    "texts as samples": ({"x": np.array([["a"]]), "y": np.zeros(1, int)}, "needed are numbers"),
    "fractions as labels": ({"x": np.zeros((3, 2)), "y": np.zeros(3)}, "y float64; needed are"),
    "pixels as fractions": (
        {"x": np.full((3, 4, 4), 1.5), "y": np.zeros(3, int)},
        "whole numbers from 0 to 255",
    ),
    "a number that is none": (
        {"x": np.full((3, 2), np.nan), "y": np.zeros(3, int)},
        "sample 1 has no finite",
    ),
}


@pytest.mark.parametrize(("arrays", "message"), FAULTS.values(), ids=FAULTS.keys())
def test_that_an_archive_that_can_not_be_used_is_explained(
    tmp_path: Path, arrays: dict[str, Any], message: str
) -> None:
    np.savez(tmp_path / "data.npz", **arrays)
    with pytest.raises(DataError, match=message) as caught:
        read_dataset(tmp_path / "data.npz")
    assert "data.npz" in str(caught.value)


def test_that_objects_are_not_unpickled(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x=np.array([[object()]]), y=np.zeros(1, int))
    with pytest.raises(DataError, match="the archive is damaged"):
        read_dataset(tmp_path / "a.npz")


def test_that_a_damaged_archive_is_explained(tmp_path: Path) -> None:
    path = write_npz(tmp_path / "a.npz", SHAPES["flowers"]())
    content = bytearray(path.read_bytes())
    content[200:260] = b"\xff" * 60
    path.write_bytes(content)
    with pytest.raises(DataError, match="the archive is damaged"):
        read_dataset(path)


def test_that_a_saved_network_is_no_data_set(tmp_path: Path) -> None:
    network = Network.create((4, 3, 2))
    path = save_network(
        tmp_path / "net.npz", network, TrainingConfig(hidden=(3,)), spec_of_sizes(network.sizes)
    )
    with pytest.raises(DataError, match="is a saved network and holds no samples"):
        read_dataset(path)
