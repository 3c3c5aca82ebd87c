"""Samples for a network that was trained on others: found by their names, or refused in words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from micronn_core.common.errors import DataError
from micronn_core.data.dataset import Dataset
from micronn_core.data.features import Columns
from micronn_core.data.fitting import fitted
from tests.core.samples import numbered
from tests.core.shapes import flowers, letters, moons


def test_that_columns_and_classes_are_found_by_their_names_and_scaled_as_the_network_is_used_to() -> None:
    spec = flowers().spec
    names = ("petal width", "more", "sepal width", "petal length", "sepal length")
    values = np.column_stack([flowers().values[:, 3], np.ones(150), flowers().values[:, [1, 2, 0]]])
    other = Dataset(
        "Other", values, 1 - flowers().labels % 2, Columns.of(names, values), ("versicolor", "setosa")
    )
    found = fitted(other, spec, "net.npz")
    assert found.spec == spec
    np.testing.assert_array_equal(found.values, flowers().values)
    np.testing.assert_array_equal(found.labels, flowers().labels % 2)


def test_that_samples_of_the_same_kind_stay_as_they_are() -> None:
    found = fitted(letters(), letters().spec, "net.npz")
    np.testing.assert_array_equal(found.values, letters().values)
    np.testing.assert_array_equal(found.labels, letters().labels)


@pytest.mark.parametrize(
    ("dataset", "spec", "message"),
    [
        (
            numbered(3),
            letters().spec,
            "net.npz takes pictures of 8 x 8 pixels, but those of numbered have 28 x 28",
        ),
        (moons(), letters().spec, "net.npz takes pictures of 8 x 8 pixels, but Moons holds columns"),
        (letters(), moons().spec, "net.npz takes the columns x, y, but Letters holds pictures"),
        (flowers(), moons().spec, "net.npz takes a column 'x', but Flowers has none"),
        (
            replace(moons(), class_names=("0", "2")),
            moons().spec,
            "Moons has samples of the class '2', which net.npz does not know; its classes are 0, 1",
        ),
    ],
)
def test_that_samples_of_another_kind_are_refused(dataset: Dataset, spec: object, message: str) -> None:
    with pytest.raises(DataError) as caught:
        fitted(dataset, spec, "net.npz")  # type: ignore[arg-type]
    assert message in str(caught.value)
