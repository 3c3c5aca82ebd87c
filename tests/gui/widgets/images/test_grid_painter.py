"""How the names beside the images of a grid are written where there is little room."""

from __future__ import annotations

import pytest

from micronn_gui.widgets.images.grid_painter import abbreviated, fitting_words


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


@pytest.mark.parametrize(
    ("letters", "words"), [(18, "speaks for 3"), (17, "→ 3"), (9, "→ 3"), (8, ""), (0, "")]
)
def test_that_a_caption_says_as_much_as_fits_beside_the_name(letters: int, words: str) -> None:
    assert fitting_words(("h0", "speaks for 3", "→ 3"), letters, len) == words
