"""Matrices side by side fill the room there is."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from micronn_gui.theme import px, text_size
from micronn_gui.widgets.images.heat_cells import EDGE, FOOT, SIDE, HeatCells, HeatMatrix
from micronn_gui.widgets.images.heat_fit import Fitted, fit
from tests.gui.widgets.images.heat_maps import numbers, write

TUTORIAL = [(2, 3), (3, 1), (2, 1), (2, 1)]


def wanted(*shapes: tuple[int, int], pictures: int = 0) -> list[Fitted]:
    return [
        Fitted(HeatMatrix(numbers(*shape), 1.0, write), i < pictures, 0) for i, shape in enumerate(shapes)
    ]


@pytest.mark.parametrize("percent", [80, 100, 150])
def test_that_small_matrices_have_the_largest_cells_with_their_numbers(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch, percent: int
) -> None:
    monkeypatch.setattr(text_size, "percent", percent)
    matrices = wanted(*TUTORIAL)
    for each, size in zip(matrices, fit(matrices, px(900), px(400)), strict=True):
        cells = HeatCells(each.matrix, size)
        assert (cells.x.pitch, cells.y.pitch) == (px(SIDE), px(SIDE))
        assert cells.written


@pytest.mark.parametrize("width", [500, 700, 1100])
@pytest.mark.parametrize(
    "shapes",
    [
        TUTORIAL,
        [(10, 10), (10, 1), (10, 1), (10, 1)],
        [(256, 512), (512, 1), (256, 1)],
        [(10, 256), (256, 1)],
    ],
    ids=str,
)
def test_that_they_find_room_beside_each_other(
    qapp: QApplication, shapes: list[tuple[int, int]], width: int
) -> None:
    sizes = fit(wanted(*shapes), width, 420)
    assert sum(size.width() for size in sizes) <= width
    assert max(size.height() for size in sizes) <= 420


def test_that_pictures_are_squares_and_share_what_the_others_leave(qapp: QApplication) -> None:
    sizes = fit(wanted((28, 28), (28, 28), (10, 1), pictures=2), 900, 500)
    assert sizes[0] == sizes[1]
    assert sizes[0].width() - 2 * px(EDGE) == sizes[0].height() - px(EDGE + FOOT)
    assert sum(size.width() for size in sizes) == pytest.approx(900, abs=4)


def test_that_in_a_larger_room_cells_are_larger(qapp: QApplication) -> None:
    sizes = [fit(wanted((10, 10), (10, 1)), width, 600)[0].width() for width in (300, 500, 700, 900)]
    assert np.all(np.diff(sizes) >= 0)
    assert sizes[-1] > 1.5 * sizes[0]
