"""How the cells of a grid lie: as large as possible, inside, and never over each other."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect

from micronn_gui.widgets.images.cells import BARS, CAPTION, GAP, LEAST_SIDE, NAMED_SIDE, fit_cells

SIZES = [(1100, 420), (760, 300), (780, 240), (400, 700), (2400, 1200), (90, 90)]


@pytest.mark.parametrize("with_bars", [True, False])
@pytest.mark.parametrize("count", [1, 2, 5, 10, 16, 64, 512])
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_that_cells_fit_across_and_down_unless_the_grid_must_scroll(
    count: int, width: int, height: int, with_bars: bool
) -> None:
    layout = fit_cells(count, width, height, with_bars)
    rows = -(-count // layout.columns)
    assert layout.columns == 1 or layout.columns * (layout.side + GAP) - GAP <= width
    assert layout.side >= LEAST_SIDE
    if layout.side > LEAST_SIDE:
        assert rows * (layout.height + GAP) - GAP <= height
    if not with_bars:
        assert (layout.bars, layout.names) == (0, 0)


@pytest.mark.parametrize(("width", "height"), SIZES[:4])
def test_that_bars_have_room_and_lie_in_their_cell_below_the_image(width: int, height: int) -> None:
    layout = fit_cells(10, width, height)
    cell = QRect(100, 50, layout.side, layout.height)
    bars = layout.bars_in(cell)
    least, greatest = BARS
    assert least <= layout.bars <= greatest
    assert cell.contains(bars.toRect())
    assert bars.top() >= cell.top() + layout.side + CAPTION


def test_that_bars_keep_their_names_from_the_size_on_that_has_room_for_them() -> None:
    layouts = [fit_cells(10, 560, height) for height in range(160, 600)]
    named = [layout.names > 0 for layout in layouts]
    assert named == sorted(named)
    assert min(layout.side for layout in layouts if layout.names) == NAMED_SIDE
    assert max(layout.side for layout in layouts if not layout.names) == NAMED_SIDE


@pytest.mark.parametrize("height", [2 * (LEAST_SIDE + CAPTION + GAP + 2), 150, 190])
def test_that_ten_images_lose_their_bars_before_they_scroll(height: int) -> None:
    layout = fit_cells(10, 312, height)
    assert layout.columns == 5
    assert 2 * (layout.height + GAP) - GAP <= height
    assert layout.side >= LEAST_SIDE


@pytest.mark.parametrize("count", [1, 10, 30])
def test_that_more_room_never_makes_the_images_smaller(count: int) -> None:
    sides = [fit_cells(count, width, 460).side for width in range(300, 1600, 10)]
    assert sides == sorted(sides)
    sides = [fit_cells(count, 1000, height).side for height in range(100, 1200)]
    assert sides == sorted(sides)


def test_that_a_caption_fits_below_an_image() -> None:
    layout = fit_cells(10, 1100, 420)
    assert layout.height >= layout.side + CAPTION
