"""Few points become a curve, many stay as they are, and corners stay corners."""

from __future__ import annotations

import numpy as np
import pytest

from micronn_core.drawing.preparation import Points, Preparation, prepare, traces
from micronn_core.drawing.smoothing import SPARSE, STEP, smoothed
from micronn_core.drawing.strokes import Drawing, read_drawings
from micronn_core.runs.pretrained import load_ready
from tests.paths import STROKES

SEVEN = np.array([[0.2, 0.1], [0.5, 0.1], [0.8, 0.1], [0.6, 0.5], [0.4, 0.9]])
FOUR = np.array([[0.3, 0.1], [0.3, 0.35], [0.3, 0.6], [0.55, 0.6], [0.8, 0.6]])
ANGLE = np.array([[0.3, 0.1], [0.3, 0.6], [0.8, 0.6]])


@pytest.fixture(scope="module")
def drawings() -> list[Drawing]:
    return read_drawings(STROKES)


def circle(points: int) -> Points:
    angles = np.linspace(0, 2 * np.pi, points)
    return np.stack([0.5 + 0.4 * np.cos(angles), 0.5 + 0.4 * np.sin(angles)], axis=1)


def fewer(stroke: Points, count: int) -> Points:
    """Return as many points of a stroke, evenly spread, as a fast hand leaves."""
    if len(stroke) <= count:
        return stroke
    return np.asarray(stroke[np.rint(np.linspace(0, len(stroke) - 1, count)).astype(int)])


@pytest.mark.parametrize(("points", "most"), [(6, 0.05), (8, 0.02), (12, 0.006)])
def test_that_a_circle_of_few_points_is_round(points: int, most: float) -> None:
    curve = smoothed(circle(points), 0.8)
    radii = np.hypot(*(curve - 0.5).T)
    assert np.abs(radii - 0.4).max() <= most
    assert np.abs(radii - 0.4).max() < 0.4 * (1 - np.cos(np.pi / (points - 1))) * 0.7  # the polygon's flaw


@pytest.mark.parametrize("points", [4, 6, 8, 15])
def test_that_the_curve_goes_through_every_point_and_leaves_no_gaps(points: int) -> None:
    line = circle(points)
    curve = smoothed(line, 0.8)
    for point in line:
        assert (curve == point).all(axis=1).any()
    assert np.hypot(*np.diff(curve, axis=0).T).max() <= 2 * STEP * 0.8
    np.testing.assert_array_equal(curve[[0, -1]], line[[0, -1]])


@pytest.mark.parametrize("line", [SEVEN, FOUR, ANGLE], ids=["7", "4", "angle"])
def test_that_a_corner_between_straight_lines_stays(line: Points) -> None:
    curve = smoothed(line, 0.8)
    assert len(curve) > len(line)
    for x, y in curve:
        offsets = np.diff(line, axis=0)
        t = np.clip((((x, y) - line[:-1]) * offsets).sum(axis=1) / (offsets**2).sum(axis=1), 0, 1)
        assert np.hypot(*((x, y) - line[:-1] - t[:, None] * offsets).T).min() < 1e-9


@pytest.mark.parametrize(
    "line",
    [
        np.array([[0.5, 0.5]]),
        np.array([[0.1, 0.5], [0.9, 0.5]]),
        np.array([[0.3, 0.3]] * 5),
        np.array([[0.1, 0.5], [0.1, 0.5], [0.9, 0.5], [0.9, 0.5]]),
        circle(200),
    ],
    ids=["a dot", "a line", "a long press", "a line with stops", "a slow hand"],
)
def test_that_what_needs_no_curve_keeps_its_places(line: Points) -> None:
    curve = smoothed(line, 0.8)
    assert {tuple(point) for point in curve} <= {tuple(point) for point in line}


def test_that_a_straight_line_stays_straight_however_unevenly_it_was_sampled() -> None:
    places = np.array([0, 0.01, 0.3, 0.32, 0.9, 1])[:, None] * (0.6, 0.8)
    curve = smoothed(places, 0.8)
    np.testing.assert_allclose(curve[:, 0] * 0.8, curve[:, 1] * 0.6, atol=1e-12)
    assert (np.diff(curve[:, 0]) > 0).all()


def test_that_a_short_piece_beside_a_long_one_makes_no_loop() -> None:
    line = np.array([[0.0, 0.0], [0.5, 0.0], [0.51, 0.02], [0.51, 0.6]])
    curve = smoothed(line, 0.6)
    assert curve[:, 0].max() <= 0.55
    assert curve[:, 1].min() >= -0.05


def test_that_the_pens_pressure_follows_the_curve() -> None:
    line = np.column_stack([circle(6), np.linspace(0.2, 0.7, 6)])
    curve = smoothed(line, 0.8)
    assert curve.shape[1] == 3
    np.testing.assert_array_equal(curve[:, :2], smoothed(line[:, :2], 0.8))
    assert (np.abs(np.diff(curve[:, 2])) < 0.1).all()


@pytest.mark.parametrize("extent", [0.0, 1e-300, 5e-324])
def test_that_a_drawing_without_extent_is_no_trouble(extent: float) -> None:
    line = np.array([[0.0, 0.0], [extent, extent], [0.0, extent], [extent, 0.0]])
    assert np.isfinite(smoothed(line, extent)).all()


def test_that_a_slowly_written_digit_is_seen_as_it_was_drawn(drawings: list[Drawing]) -> None:
    for drawing in drawings[::10]:
        for stroke, trace in zip(drawing.strokes, traces(drawing.strokes), strict=True):
            extent = float(np.ptp(np.concatenate(drawing.strokes), axis=0).max())
            if np.hypot(*np.diff(stroke, axis=0).T).max(initial=0) <= SPARSE * extent:
                np.testing.assert_array_equal(trace.points, stroke)


def test_that_the_network_reads_fast_hands_better_and_slow_ones_as_well(drawings: list[Drawing]) -> None:
    network = load_ready("strong").network
    labels = [drawing.label for drawing in drawings]

    def right(count: int, smooth: bool) -> int:
        way = Preparation(smooth=smooth)
        written = [[fewer(stroke, count) for stroke in drawing.strokes] for drawing in drawings]
        pictures = np.stack([prepare(strokes, 1.0, way).ravel() for strokes in written], axis=1)
        return int((network.predict(pictures) == labels).sum())

    assert right(10_000, True) >= right(10_000, False)
    before, after = right(4, False), right(4, True)
    assert after >= before + 12
    assert after >= 0.84 * len(drawings)
    assert right(6, True) >= 0.96 * len(drawings)
    assert right(8, True) >= right(8, False)
