"""What the inputs of a network mean: pixels of a picture, or named columns of a table.

From the features follows how a sample, a row of weights and a gradient are pictured, and how a
stored value becomes what the network sees. They are saved with a network, so that a prediction is
scaled as training was.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from micronn_core.common.errors import DataError
from micronn_core.common.texts import tr

WHITE = 255
"""The largest value of a stored pixel; the network sees it as 1.0."""
MAX_FEATURES = 1_000_000
MAX_CLASSES = 100
LONGEST_NAME = 200
"""Most letters of the name of a column or of a class."""
GREATEST = 1e100
"""Most that a number of a column may be: the squares of such numbers can still be added up."""


@dataclass(frozen=True)
class Pixels:
    """The pixels of a picture, row by row, stored as bytes from 0 (black) to 255 (white).

    Attributes:
        height: rows.
        width: columns.
    """

    height: int
    width: int

    @property
    def count(self) -> int:
        """Number of inputs."""
        return self.height * self.width

    @property
    def image_shape(self) -> tuple[int, int] | None:
        """Rows and columns of a picture; None where there is none."""
        return self.height, self.width

    @property
    def stored_dtype(self) -> np.dtype[Any]:
        """How a value is stored."""
        return np.dtype(np.uint8)

    def label(self, i: int) -> str:
        """Return what people call an input."""
        row, column = divmod(i, self.width)
        return tr("pixel ({row}, {column})", row=row, column=column)

    def scale(self, values: NDArray[Any], out: NDArray[np.floating], white: float = 1.0) -> None:
        """Put pictures into `out`, (m, count), as a network sees them: 0 to 1, or 0 to `white`.

        Args:
            values: (m, count), bytes of 0 to 255 as they are stored, or floats of 0 to 1 as drawings are.
            out: float32 or float64.
            white: what a white pixel becomes.
        """
        out[...] = values
        if values.dtype.kind == "f":
            out *= white
        else:
            out /= WHITE / white

    def to_values(self) -> dict[str, Any]:
        """Return what a file holds of them."""
        return {"kind": "pixels", "height": self.height, "width": self.width}


@dataclass(frozen=True)
class Columns:
    """Named columns of a table, stored as they are; the network sees (value - mean) / deviation.

    Attributes:
        names: of each column.
        means: the mean of each column.
        deviations: its standard deviation, above 0.
        units: of each column; "" for none.
    """

    names: tuple[str, ...]
    means: tuple[float, ...]
    deviations: tuple[float, ...]
    units: tuple[str, ...]

    @property
    def count(self) -> int:
        """Number of inputs."""
        return len(self.names)

    @property
    def image_shape(self) -> tuple[int, int] | None:
        """None: there is no picture."""
        return None

    @property
    def stored_dtype(self) -> np.dtype[Any]:
        """How a value is stored."""
        return np.dtype(np.float64)

    def label(self, i: int) -> str:
        """Return what people call an input."""
        unit = self.units[i]
        return f"{self.names[i]} ({unit})" if unit else self.names[i]

    def scale(self, values: NDArray[Any], out: NDArray[np.floating], white: float = 1.0) -> None:
        """Put stored values into `out`, (m, count), as a network sees them; `white` is of no concern here."""
        out[...] = (values - np.array(self.means)) / np.array(self.deviations)

    def stored(self, scaled: NDArray[Any]) -> NDArray[np.float64]:
        """Return the values, (m, count), that were scaled so."""
        values: NDArray[np.float64] = scaled * np.array(self.deviations) + np.array(self.means)
        return values

    def to_values(self) -> dict[str, Any]:
        """Return what a file holds of them."""
        return {
            "kind": "columns",
            "names": list(self.names),
            "means": list(self.means),
            "deviations": list(self.deviations),
            "units": list(self.units),
        }

    @classmethod
    def of(cls, names: tuple[str, ...], values: NDArray[np.floating]) -> Columns:
        """Return columns scaled by the mean and the deviation of these values, (m, count).

        A column that is the same everywhere keeps a deviation of 1, so that it becomes 0.
        """
        deviations = values.std(axis=0)
        deviations[deviations == 0] = 1
        return cls(names, tuple(values.mean(axis=0).tolist()), tuple(deviations.tolist()), ("",) * len(names))


Features = Pixels | Columns


@dataclass(frozen=True)
class DataSpec:
    """What a network's inputs and answers mean.

    Attributes:
        features: the inputs.
        class_names: the answers.
    """

    features: Features
    class_names: tuple[str, ...]

    @property
    def has_digits(self) -> bool:
        """Whether the answers are the ten digits."""
        return self.class_names == DIGITS_SPEC.class_names

    def sizes(self, hidden: tuple[int, ...]) -> tuple[int, ...]:
        """Return the number of inputs, of the neurons of each hidden layer, and of classes."""
        return self.features.count, *hidden, len(self.class_names)

    def inputs(
        self, values: ArrayLike, dtype: DTypeLike = np.float32, white: float = 1.0
    ) -> NDArray[np.floating]:
        """Return what a network sees of samples, (n, m): one column per sample.

        Args:
            values: one sample of any shape, or (m, n), one per row: stored values, or for pictures
                floats of 0 to 1 as well.
            dtype: float32 or float64.
            white: what a white pixel becomes.
        """
        rows = np.asarray(values).reshape(-1, self.features.count)
        seen = np.empty(rows.shape, dtype)
        self.features.scale(rows, seen, white)
        return seen.T

    def to_values(self) -> dict[str, Any]:
        """Return what a file holds of it."""
        return {"features": self.features.to_values(), "classes": list(self.class_names)}

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> DataSpec:
        """Read what `to_values` returned.

        Raises:
            DataError: it is not of that form; says what is wrong.
        """
        try:
            classes = tuple(values["classes"])
            features = _features(values["features"])
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise DataError(tr("The description of the data is damaged ({error}).", error=error)) from None
        if not 2 <= len(classes) <= MAX_CLASSES or not all(isinstance(name, str) for name in classes):
            raise DataError(
                tr("The description of the data is damaged: its names of classes cannot be used.")
            )
        return cls(features, classes)


DIGITS_SPEC = DataSpec(Pixels(28, 28), tuple("0123456789"))
"""Pictures of digits in the form of MNIST's."""


def _features(values: Mapping[str, Any]) -> Features:
    if values["kind"] == "pixels":
        height, width = values["height"], values["width"]
        if not all(type(side) is int and side > 0 for side in (height, width)):
            raise ValueError("height and width must be whole numbers above 0")
        if height * width > MAX_FEATURES:
            raise ValueError("the pictures are too large")
        return Pixels(height, width)
    if values["kind"] == "columns":
        names, units = tuple(values["names"]), tuple(values["units"])
        means, deviations = (tuple(map(float, values[key])) for key in ("means", "deviations"))
        if not 1 <= len(names) == len(units) == len(means) == len(deviations) <= MAX_FEATURES:
            raise ValueError("the columns do not fit together")
        if not all(isinstance(text, str) for text in names + units):
            raise ValueError("names and units of columns are texts")
        if not all(map(math.isfinite, means + deviations)) or min(deviations) <= 0:
            raise ValueError("means and deviations must be finite, deviations above 0")
        return Columns(names, means, deviations, units)
    raise ValueError(f"features of kind {values['kind']!r} are not known here")
