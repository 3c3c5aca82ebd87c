"""What inputs and answers mean: how they are called, scaled, written and read again."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from micronn_core.common.errors import DataError
from micronn_core.data.features import DIGITS_SPEC, Columns, DataSpec, Pixels
from tests.core.shapes import SHAPES, flowers

IRIS = Columns(("length", "width"), (5.0, 3.0), (2.0, 0.5), ("cm", ""))


def test_that_pixels_and_columns_know_their_number_and_their_names() -> None:
    assert (Pixels(8, 20).count, Pixels(8, 20).image_shape) == (160, (8, 20))
    assert Pixels(8, 20).label(21) == "pixel (1, 1)"
    assert (IRIS.count, IRIS.image_shape) == (2, None)
    assert (IRIS.label(0), IRIS.label(1)) == ("length (cm)", "width")
    assert DataSpec(IRIS, ("a", "b", "c")).sizes((7, 5)) == (2, 7, 5, 3)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_that_a_network_sees_one_column_per_sample(dtype: type[np.floating]) -> None:
    rows = np.array([[7.0, 3.0], [5.0, 2.0]])
    x = DataSpec(IRIS, ("a", "b")).inputs(rows, dtype)
    assert x.dtype == dtype
    np.testing.assert_allclose(x, [[1, 0], [0, -2]])
    np.testing.assert_allclose(IRIS.stored(x.T), rows)


def test_that_bytes_and_drawings_become_the_same_input() -> None:
    stored = np.arange(64, dtype=np.uint8).reshape(8, 8)
    spec = DataSpec(Pixels(8, 8), ("a", "b"))
    for white in (1.0, 255.0):
        seen = spec.inputs(stored, np.float32, white)
        assert seen.shape == (64, 1)
        np.testing.assert_allclose(seen, spec.inputs(stored / np.float32(255), np.float32, white), rtol=1e-6)
    np.testing.assert_array_equal(spec.inputs(stored)[:, 0], stored.ravel() / np.float32(255))


@pytest.mark.parametrize("spec", [DIGITS_SPEC, *(shape().spec for shape in SHAPES.values())])
def test_that_a_spec_is_read_as_it_was_written(spec: DataSpec) -> None:
    assert DataSpec.from_values(spec.to_values()) == spec


def changed(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever a file can hold
    values = flowers().spec.to_values()
    features = {key: value for key, value in changes.items() if key != "classes"}
    return {
        **values,
        **({"classes": changes["classes"]} if "classes" in changes else {}),
        "features": {**values["features"], **features},
    }


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"features": {}, "classes": ["a", "b"]},
        {"features": {"kind": "pixels", "height": 0, "width": 8}, "classes": ["a", "b"]},
        {"features": {"kind": "pixels", "height": 8.0, "width": 8}, "classes": ["a", "b"]},
        {"features": {"kind": "pixels", "height": 10**4, "width": 10**4}, "classes": ["a", "b"]},
        {"features": {"kind": "sound"}, "classes": ["a", "b"]},
        changed(classes=["a"]),
        changed(classes=list(map(str, range(101)))),
        changed(classes=["a", 3]),
        changed(names=["a"]),
        changed(means=[1, 2, 3, "x"]),
        changed(means=[1, 2, 3, float("nan")]),
        changed(deviations=[1, 2, 3, 0]),
        changed(units=[1, 2, 3, 4]),
    ],
)
def test_that_a_damaged_spec_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(DataError, match="description of the data is damaged"):
        DataSpec.from_values(values)
