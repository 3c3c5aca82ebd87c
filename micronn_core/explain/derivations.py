"""What one number of a learning step is made of: terms, and the factors of each term."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from micronn_core.common.texts import tr

Floats = NDArray[np.float64]
Kind = Literal["given", "sum", "function", "share"]

NEW = " new"
"""What the name of an array ends with when it belongs to the network after the step."""


class Number(NamedTuple):
    """One number of an explanation: its array, row and column."""

    name: str
    row: int = 0
    column: int = 0

    def label(self, shape: tuple[int, ...]) -> str:
        """Return its name as people write it, such as "z2[5]", "W2[5, 3] new" or "L".

        Args:
            shape: the shape of its array, (rows, columns).
        """
        return in_words(self.key(shape))

    def key(self, shape: tuple[int, ...]) -> str:
        """Return its name, the same in all languages."""
        index = f"{self.row}, {self.column}" if shape[1] > 1 else f"{self.row}"
        return indexed(self.name, f"[{index}]" if shape != (1, 1) else "")


def in_words(name: str) -> str:
    """Return the name of an array or a number as people read it."""
    return tr("{name} new", name=name.removesuffix(NEW)) if name.endswith(NEW) else name


def indexed(name: str, index: str) -> str:
    """Put an index where it belongs: "z1[3]", "ReLU′(z1[3])", "W1[5, 3] new"."""
    new = NEW if name.endswith(NEW) else ""
    stem = name.removesuffix(NEW)
    return f"{stem[:-1]}{index}){new}" if stem.endswith(")") else f"{stem}{index}{new}"


class Factor(NamedTuple):
    """One factor of a product: its value, the number it is (None for a constant), its text."""

    value: float
    number: Number | None
    text: str


class Term(NamedTuple):
    """One part of a number.

    Attributes:
        value: the product of its factors.
        factors: what is multiplied.
        label: what the part is called in a list of parts: "h3", "pixel (14, 9)", "bias".
    """

    value: float
    factors: tuple[Factor, ...]
    label: str


@dataclass(frozen=True)
class Derivation:
    """How one number is made.

    Attributes:
        number: which one.
        value: the number itself.
        kind: "given": nothing is behind it. "sum": it is the sum of the terms. "function": it
            is a function of the sum of the terms. "share": it is one term's part of their sum,
            namely that of the term whose place is the number's row.
        terms: what it is made of, in the order of the formula.
        function: name of the function, for "function".
    """

    number: Number
    value: float
    kind: Kind
    terms: tuple[Term, ...]
    function: str = ""


class Operands:
    """The arrays of an explanation, handed out as the factors of products.

    Args:
        arrays: every array by its name, two-dimensional.
        parts: what the rows of a vector are called, by its name and row.
    """

    def __init__(self, arrays: Mapping[str, Floats], parts: Callable[[str, int], str]) -> None:
        self.arrays = arrays
        self._part = parts
        self._vectors: dict[str, list[Factor]] = {}
        self._parts: dict[str, list[str]] = {}

    def factor(self, name: str, row: int = 0, column: int = 0) -> Factor:
        """Return one number as a factor."""
        array, number = self.arrays[name], Number(name, row, column)
        return Factor(float(array[row, column]), number, number.label(array.shape))

    def vector(self, name: str) -> list[Factor]:
        """Return all numbers of a column vector; they serve every row of a matrix."""
        if name not in self._vectors:
            self._vectors[name] = [self.factor(name, row) for row in range(len(self.arrays[name]))]
        return self._vectors[name]

    def row(self, name: str, row: int) -> list[Factor]:
        """Return one row of a matrix."""
        array = self.arrays[name]
        numbers = [Number(name, row, column) for column in range(array.shape[1])]
        return self._line(array[row], numbers, array.shape)

    def column(self, name: str, column: int) -> list[Factor]:
        """Return one column of a matrix."""
        array = self.arrays[name]
        return self._line(
            array[:, column], [Number(name, row, column) for row in range(len(array))], array.shape
        )

    def parts(self, name: str) -> list[str]:
        """Return what the rows of a vector are called: pixels, hidden neurons or classes."""
        if name not in self._parts:
            self._parts[name] = [self._part(name, row) for row in range(len(self.arrays[name]))]
        return self._parts[name]

    def single(self, name: str, row: int = 0, column: int = 0) -> Term:
        """Return one number as a term of its own."""
        factor = self.factor(name, row, column)
        return Term(factor.value, (factor,), factor.text)

    @staticmethod
    def _line(values: Floats, numbers: list[Number], shape: tuple[int, ...]) -> list[Factor]:
        pairs = zip(values.tolist(), numbers, strict=True)
        return [Factor(value, number, number.label(shape)) for value, number in pairs]


def product(factors: tuple[Factor, ...], label: str) -> Term:
    """Return the term that multiplies these factors, from left to right."""
    value = factors[0].value
    for factor in factors[1:]:
        value *= factor.value
    return Term(value, factors, label)
