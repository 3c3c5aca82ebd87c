"""How the names beside the images of a grid are written where there is little room."""

from __future__ import annotations

import pytest

from micronn_gui.widgets.images.grid_painter import abbreviated


@pytest.mark.parametrize(
    ("name", "room", "short"),
    [
        ("petal_length", 12, "petal_length"),
        ("petal_length", 9, "p. length"),
        ("petal width in cm", 11, "p. w. i. cm"),
        ("concentration", 5, "concentration"),  # left to the eliding
    ],
)
def test_that_names_of_columns_are_shortened_so_that_they_stay_apart(
    name: str, room: int, short: str
) -> None:
    assert abbreviated(name, len, room) == short
