"""Which rows and columns of an expression's matrices belong to one of its cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

PRODUCT = "·"


class Marks(NamedTuple):
    """Rows and columns to mark in a matrix."""

    rows: frozenset[int] = frozenset()
    columns: frozenset[int] = frozenset()


def linked(
    tokens: Sequence[str], shapes: Sequence[tuple[int, int] | None], place: int, row: int, column: int
) -> list[Marks]:
    """Return what to mark in each token's matrix.

    In a product A · B a cell of A belongs to its row of A and of the result, and to the row of B
    that it is multiplied with; a cell of B belongs to a column of A. Without a product, equal
    places belong together.

    Args:
        tokens: of the expression.
        shapes: (rows, columns) of each token's matrix as it is shown; None for a sign.
        place: the token that the cell is in.
        row: of the cell.
        column: of the cell.
    """
    middle = _product(tokens, shapes)
    if middle is None:
        return [_at(shape, row, column) if shape == shapes[place] else Marks() for shape in shapes]
    left, right = middle - 1, middle + 1
    marks = []
    for i, shape in enumerate(shapes):
        if shape is None:
            marks.append(Marks())
        elif place == right:
            marks.append(_for_right(i, left, right, shape, row, column))
        elif i == right:
            marks.append(_in_right(shape, place == left, column))
        else:
            marks.append(Marks(frozenset({row})) if row < shape[0] > 1 else Marks())
    return marks


def _product(tokens: Sequence[str], shapes: Sequence[tuple[int, int] | None]) -> int | None:
    """Return where two matrices are multiplied."""
    for i in range(1, len(tokens) - 1):
        if tokens[i] == PRODUCT and shapes[i - 1] is not None and shapes[i + 1] is not None:
            return i
    return None


def _at(shape: tuple[int, int] | None, row: int, column: int) -> Marks:
    if shape is None or shape == (1, 1):
        return Marks()
    return Marks(frozenset({row})) if shape[1] == 1 else Marks(frozenset({row}), frozenset({column}))


def _for_right(i: int, left: int, right: int, shape: tuple[int, int], row: int, column: int) -> Marks:
    """A cell of B is pointed at."""
    if i == right:
        return Marks(frozenset({row})) if shape[1] == 1 else Marks(columns=frozenset({column}))
    if i == left and shape[1] > 1:
        return Marks(columns=frozenset({row}))
    return Marks(columns=frozenset({column})) if i > right and shape[1] > 1 else Marks()


def _in_right(shape: tuple[int, int], from_left: bool, column: int) -> Marks:
    """What to mark in B for a cell of A or of the result."""
    if shape[1] == 1:
        return Marks(frozenset({column})) if from_left else Marks()
    return Marks() if from_left else Marks(columns=frozenset({column}))
