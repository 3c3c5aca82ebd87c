"""A tiny stroke far from all others is a speck; whatever else was drawn belongs to the digit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from micronn_core.drawing.preparation import Points, Preparation, prepare, traces
from micronn_core.drawing.specks import specks
from micronn_core.drawing.strokes import Drawing, read_drawings
from micronn_core.runs.pretrained import load_ready
from tests.paths import STROKES

ONE = np.array([[0.5, 0.1], [0.48, 0.9]])


@pytest.fixture(scope="module")
def drawings() -> list[Drawing]:
    return read_drawings(STROKES)


def some_way_off(strokes: Sequence[Points], gap: float, rng: np.random.Generator) -> Points:
    """Return a place that is so far from the strokes, as a share of their extent."""
    every = np.concatenate(strokes)
    least, extent = every.min(axis=0), float(np.ptp(every, axis=0).max())
    while True:
        place = least + extent * (3 * rng.random(2) - 1)
        if 0 <= np.hypot(*(every - place).T).min() - gap * extent <= 0.05 * extent:
            return np.array(place)


def dotted(strokes: Sequence[Points], gap: float, count: int, extent: float, seed: int) -> list[Points]:
    """Return strokes with dots of some extent beside them, in terms of the largest stroke's."""
    rng = np.random.default_rng(seed)
    own = max(float(np.ptp(stroke, axis=0).max()) for stroke in strokes)
    dots = [
        some_way_off(strokes, gap + extent / 2, rng) + own * extent * (rng.random((5, 2)) - 0.5)
        for _ in range(count)
    ]
    return [*strokes, *dots]


def test_that_no_stroke_of_a_written_digit_is_a_speck(drawings: list[Drawing]) -> None:
    for drawing in drawings:
        assert not any(specks(drawing.strokes))


@pytest.mark.parametrize("count", [1, 2, 5])
@pytest.mark.parametrize("gap", [0.35, 0.6, 0.95])
@pytest.mark.parametrize("extent", [0.0, 0.04, 0.1])
def test_that_dots_far_from_a_digit_are_specks(
    drawings: list[Drawing], count: int, gap: float, extent: float
) -> None:
    for seed, drawing in enumerate(drawings[::20]):
        strokes = dotted(drawing.strokes, gap, count, extent, seed)
        assert specks(strokes) == [False] * len(drawing.strokes) + [True] * count
        turned = [strokes[-1], *strokes[:-1]]
        assert specks(turned)[0]
        for factor in (0.1, 300):
            assert specks([stroke * factor for stroke in strokes]) == specks(strokes)


SPECK = np.array([[2.0, 0.2]])
BAR = [np.array([[0.3, 0.1], [0.3, 0.5], [0.6, 0.7], [0.3, 0.9]]), np.array([[0.45, 0.05], [0.75, 0.05]])]


@pytest.mark.parametrize(
    "strokes",
    [
        [np.array([[0.3, 0.3]])],
        [np.array([[0.0, 0.0]]), np.array([[1.0, 1.0]])],
        [np.array([[0.1 * i, 0.5]]) for i in range(9)],
        [ONE, np.array([[0.5, -0.05], [0.51, -0.06]])],
        [ONE, np.array([[0.3, 0.28], [0.36, 0.24]])],
        [ONE, np.array([[0.52, 0.0]]), np.array([[0.54, -0.2]]), np.array([[0.56, -0.4]])],
        BAR,
        [np.array([[0.5, 0.1], [0.2, 0.5], [0.45, 0.9]]), np.array([[0.7, 0.1], [0.95, 0.5], [0.7, 0.9]])],
        [ONE, np.array([[1.2, 0.2], [1.35, 0.4]])],
    ],
    ids=[
        "the only one",
        "two dots",
        "a dotted line",
        "a dot on a 1",
        "a serif apart",
        "dots in a row",
        "a bar apart",
        "two halves of a 0",
        "a short line",
    ],
)
def test_that_what_may_belong_to_a_digit_is_kept(strokes: list[Points]) -> None:
    assert not any(specks(strokes))


def test_that_a_dot_beside_the_middle_of_a_long_line_is_near_it() -> None:
    assert specks([ONE, np.array([[0.6, 0.5]])]) == [False, False]
    assert specks([ONE, np.array([[0.9, 0.5]])]) == [False, True]


def test_that_a_speck_changes_nothing_of_what_the_network_sees(drawings: list[Drawing]) -> None:
    for drawing in drawings[::40]:
        extent = float(np.ptp(np.concatenate(drawing.strokes), axis=0).max())
        with_speck = [*drawing.strokes, SPECK * extent]
        np.testing.assert_array_equal(prepare(with_speck), prepare(drawing.strokes))
        kept = prepare(with_speck, 1.0, Preparation(drop_specks=False))
        assert not np.array_equal(kept, prepare(drawing.strokes))
        assert [trace.is_speck for trace in traces(with_speck)][-1]
        assert not any(trace.is_speck for trace in traces(with_speck, Preparation(drop_specks=False)))


def test_that_dotted_digits_are_read_as_well_as_clean_ones(drawings: list[Drawing]) -> None:
    network = load_ready("strong").network
    some = drawings[::4]
    labels = [drawing.label for drawing in some]

    def right(strokes: list[Sequence[Points]], drop_specks: bool = True) -> int:
        preparation = Preparation(drop_specks=drop_specks)
        pictures = np.stack([prepare(one, 1.0, preparation).ravel() for one in strokes], axis=1)
        return int((network.predict(pictures) == labels).sum())

    spoilt: list[Sequence[Points]] = [
        dotted(drawing.strokes, 0.4 + 0.1 * (i % 6), 1 + i % 3, 0.03 * (i % 4), i)
        for i, drawing in enumerate(some)
    ]
    assert right(spoilt) == right([drawing.strokes for drawing in some])
    assert right(spoilt, drop_specks=False) < 0.85 * len(some)
