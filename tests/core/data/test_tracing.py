"""The rules of tracing: pictures thinned to their middle lines, and walked along."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from micronn_core.data.pen import Pen
from micronn_core.data.tracing import POINTS, Traces, thin, trace
from tests.core.samples import digits

Pictures = NDArray[np.float32]


def blank(count: int = 1, side: int = 28) -> Pictures:
    return np.zeros((count, side, side), np.float32)


def ring() -> Pictures:
    y, x = np.mgrid[:28, :28] - 13.5
    away = np.hypot(x, y)
    return ((away > 7) & (away < 10)).astype(np.float32)[None]


def cross() -> Pictures:
    pictures = blank()
    pictures[0, 4:24, 12:15] = pictures[0, 12:15, 4:24] = 1
    return pictures


def strokes(traces: Traces, i: int = 0) -> list[NDArray[np.float32]]:
    count = traces.counts[i]
    begins = np.flatnonzero(~traces.joined[i, :count])
    return np.split(traces.places[i, :count], begins[1:]) if count else []


def test_that_a_thinned_stroke_is_a_line_a_pixel_wide_in_its_middle() -> None:
    ink = np.zeros((1, 30, 30), bool)
    ink[0, 5:25, 11:16] = True
    lines = thin(ink)[0]
    assert (lines.sum(axis=1)[8:22] == 1).all()
    assert lines[8:22, 13].all()
    assert not (lines & ~ink[0]).any()


def test_that_thinning_one_picture_is_not_touched_by_its_neighbours() -> None:
    pictures = digits(40, "float32").rows.reshape(-1, 28, 28)
    together = trace(pictures)
    for i in (0, 7, 39):
        alone = trace(pictures[i : i + 1])
        for found, expected in zip(together, alone, strict=True):
            np.testing.assert_array_equal(found[i : i + 1], expected)


def test_that_a_stroke_is_traced_from_one_end_to_the_other() -> None:
    pictures = blank()
    pictures[0, 4:24, 12:15] = 1
    (line,) = strokes(trace(pictures))
    assert (line[:, 0] == 13).all()
    assert line[0, 1] <= 6
    assert line[-1, 1] >= 21
    assert (np.diff(line[:, 1]) > 0).all()


def test_that_a_ring_is_one_line_that_comes_back_to_its_start() -> None:
    (line,) = strokes(trace(ring()))
    assert np.linalg.norm(line[0] - line[-1]) < 2
    np.testing.assert_allclose(np.hypot(*(line - 13.5).T), 8.5, atol=1.2)


def test_that_a_pen_goes_straight_on_where_lines_cross() -> None:
    straight, *arms = strokes(trace(cross()))
    assert np.ptp(straight[:, 0]) < 2
    assert np.ptp(straight[:, 1]) > 12
    assert len(arms) == 2
    for arm in arms:  # what was crossed is joined, so there is no gap
        assert np.linalg.norm(straight[:, None] - arm, axis=2).min() < 1.5


def test_that_a_blank_picture_and_a_speck_have_no_line() -> None:
    pictures = blank(2)
    pictures[1, 5, 5] = 1
    traces = trace(pictures)
    assert traces.counts[0] == 0
    assert not traces.joined.any()


def test_that_traces_are_padded_and_no_longer_than_they_may_be() -> None:
    noise = (np.random.default_rng(0).random((3, 28, 28)) > 0.5).astype(np.float32)
    traces = trace(noise)
    assert traces.places.shape == (3, POINTS, 2)
    assert (traces.counts <= POINTS).all()
    beyond = np.arange(POINTS) >= traces.counts[:, None]
    assert not traces.joined[beyond].any()
    assert (traces.places[beyond] == 0).all()


@pytest.mark.parametrize("white", [1.0, 255.0])
def test_that_white_is_what_it_is_said_to_be(white: float) -> None:
    pictures = digits(10, "float32").rows.reshape(-1, 28, 28)
    for found, expected in zip(trace(pictures * white, white), trace(pictures), strict=True):
        np.testing.assert_array_equal(found, expected)


def test_that_what_is_drawn_along_the_traces_is_the_picture_again() -> None:
    rows = digits(200, "float32").rows
    traces = trace(rows.reshape(-1, 28, 28))
    places, down = traces.places, traces.joined[:, 1:]
    drawn = Pen((28, 28)).draw(places[:, :-1], places[:, 1:], down, np.full(200, 2.7, np.float32))
    likeness = [np.corrcoef(a, b)[0, 1] for a, b in zip(drawn, rows, strict=True)]
    assert np.mean(likeness) > 0.85
    assert np.mean(np.array(likeness) > 0.7) > 0.95
