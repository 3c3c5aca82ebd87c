"""The rules of the pen that draws into many pictures at once."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from micronn_core.data.pen import BOX, MARKS, SOFTNESS, Pen
from micronn_core.drawing.preparation import centre_of_mass, render

Rows = NDArray[np.float32]


def lines(*ends: tuple[float, float, float, float]) -> tuple[Rows, Rows, NDArray[np.bool_]]:
    """One picture's lines, each from (x, y) to (x, y)."""
    table = np.array(ends, np.float32)[None]
    return table[:, :, :2].copy(), table[:, :, 2:].copy(), np.ones((1, len(ends)), bool)


def width(value: float) -> Rows:
    return np.full(1, value, np.float32)


@pytest.mark.parametrize("pen", [1.5, 2.7, 4.0])
def test_that_ink_follows_from_the_distance_to_the_line(pen: float) -> None:
    picture = Pen((28, 28)).draw(*lines((8, 6, 8, 22)), width(pen)).reshape(28, 28)
    distance = np.abs(np.arange(28) - 8)
    expected = np.clip((pen / 2 - distance) / SOFTNESS + 0.5, 0, 1)
    np.testing.assert_allclose(picture[14], expected, atol=1e-5)


def test_that_it_draws_as_the_pad_does() -> None:
    points = np.array([[6, 20], [12, 7], [21, 9], [14, 22]], np.float32)
    ends = [(*a, *b) for a, b in zip(points[:-1].tolist(), points[1:].tolist(), strict=True)]
    drawn = Pen((28, 28)).draw(*lines(*ends), width(2.7)).reshape(28, 28)
    assert np.abs(drawn - render([points.astype(float)])).max() < 0.75 / MARKS


def test_that_lines_that_are_not_there_leave_no_ink() -> None:
    starts, ends, down = lines((5, 5, 20, 5), (5, 20, 20, 20))
    down[0, 1] = False
    picture = Pen((28, 28)).draw(starts, ends, down, width(2)).reshape(28, 28)
    assert picture[5].max() == 1
    assert picture[15:].max() == 0


def test_that_each_picture_has_lines_and_a_width_of_its_own() -> None:
    pen = Pen((28, 28))
    one, other = lines((5, 5, 20, 5)), lines((9, 8, 9, 22))
    both = [np.concatenate(parts) for parts in zip(one, other, strict=True)]
    drawn = pen.draw(*both, np.array([2, 4], np.float32))
    np.testing.assert_array_equal(drawn[:1], pen.draw(*one, width(2)))
    np.testing.assert_array_equal(drawn[1:], pen.draw(*other, width(4)))


@pytest.mark.parametrize("side", [14, 28, 56])
def test_that_lines_are_fitted_into_the_box_about_their_middle(side: int) -> None:
    pen = Pen((side, side))
    starts, ends, down = lines((100, 100, 100, 400), (100, 400, 180, 400))
    pen.place(starts, ends, down, width(2.7))
    picture = pen.draw(starts, ends, down, width(2.7)).reshape(side, side)
    rows = np.flatnonzero((picture > 0.4).any(axis=1))
    assert np.ptp(rows) + 1 == pytest.approx(BOX * side / 28, abs=1.1)
    np.testing.assert_allclose(centre_of_mass(picture), side / 2, atol=0.6)


def test_that_lines_that_reach_beyond_the_picture_are_cut_off_there() -> None:
    picture = Pen((28, 28)).draw(*lines((-500, 14, 500, 14)), width(2)).reshape(28, 28)
    assert (picture[14] == 1).all()
    assert picture[:10].max() == 0


def test_that_pictures_need_not_be_square() -> None:
    starts, ends, down = lines((0, 0, 0, 1), (0, 1, 1, 1))
    pen = Pen((20, 40))
    pen.place(starts, ends, down, width(2))
    picture = pen.draw(starts, ends, down, width(2)).reshape(20, 40)
    np.testing.assert_allclose(centre_of_mass(picture), (20, 10), atol=0.8)
