"""From strokes to the picture: how a digit was written does not matter, what was written does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields, replace

import numpy as np
import pytest

from micronn_core.data.dataset import Samples
from micronn_core.data.mnist import load_mnist_test
from micronn_core.data.splits import split
from micronn_core.drawing.preparation import (
    BOX,
    MNIST_FIELD,
    MNIST_SIDE,
    STEEPEST,
    STROKE_WIDTH,
    Field,
    Picture,
    Points,
    Preparation,
    centre_of_mass,
    map_to_field,
    pen_share,
    prepare,
    render,
    stages,
    straightening,
    traces,
)
from micronn_core.drawing.strokes import Drawing, read_drawings
from micronn_core.nn.network import Network
from micronn_core.runs.pretrained import drawn_samples
from micronn_core.settings.config import TrainingConfig
from micronn_core.training.trainer import Trainer
from tests.core.samples import mnist
from tests.paths import STROKES

STEPS = ("drawn", "drop_specks", "smooth", "straighten", "crop", "fit", "centre")
AS_IT_IS = Preparation(*[False] * len(fields(Preparation)))
MIDDLE = (MNIST_SIDE - 1) / 2


@pytest.fixture(scope="module")
def drawings() -> list[Drawing]:
    return read_drawings(STROKES)


@pytest.fixture(scope="module")
def some(drawings: list[Drawing]) -> list[Drawing]:
    """Three drawings of each digit."""
    return [d for digit in range(10) for d in [d for d in drawings if d.label == digit][:3]]


def changed(strokes: Sequence[Points], change: Callable[[Points], Points]) -> list[Points]:
    return [change(stroke) for stroke in strokes]


def assert_alike(found: Picture, expected: Picture) -> None:
    """Two pictures differ by no more than marks of a quarter of a pixel make them differ."""
    assert np.abs(found - expected).max() <= 0.3
    assert np.abs(found - expected).mean() <= 0.012


def extent(picture: Picture) -> tuple[float, float]:
    """Return width and height of the ink in pixels, a half-inked edge counted by half."""
    return float(picture.max(axis=0).sum()), float(picture.max(axis=1).sum())


def denser(stroke: Points, times: int) -> Points:
    places = np.linspace(0, len(stroke) - 1, (len(stroke) - 1) * times + 1)
    return np.stack([np.interp(places, np.arange(len(stroke)), stroke[:, axis]) for axis in (0, 1)], axis=1)


def sheared(strokes: Sequence[Points], degrees: float) -> list[Points]:
    lean = np.tan(np.radians(degrees))
    return changed(strokes, lambda stroke: stroke - stroke[:, 1:] * (lean, 0))


def test_that_the_size_of_the_writing_does_not_matter(some: list[Drawing]) -> None:
    for drawing in some:
        expected = prepare(drawing.strokes)
        for factor in (0.01, 0.2, 0.7, 300):
            assert_alike(prepare(changed(drawing.strokes, lambda s, f=factor: s * f)), expected)


def test_that_the_place_of_the_writing_does_not_matter(some: list[Drawing]) -> None:
    for drawing in some:
        expected = prepare(drawing.strokes)
        for shift in ((0.5, 0.0), (-3.0, 2.0), (100.0, -40.0)):
            assert_alike(prepare(changed(drawing.strokes, lambda s, by=shift: s + by)), expected)


@pytest.mark.parametrize("straighten", [False, True])
def test_that_the_speed_of_the_pen_does_not_matter(some: list[Drawing], straighten: bool) -> None:
    way = Preparation(straighten=straighten)
    for drawing in some:
        expected = prepare(drawing.strokes, 1.0, way)
        for times in (2, 7):
            points = changed(drawing.strokes, lambda s, n=times: denser(s, n))
            assert_alike(prepare(points, 1.0, way), expected)


def test_that_a_straight_line_needs_no_points_between_its_ends() -> None:
    corners = np.array([[0.2, 0.1], [0.8, 0.1], [0.5, 0.9]])
    for straighten in (False, True):
        way = Preparation(straighten=straighten)
        assert_alike(prepare([corners], 1.0, way), prepare([denser(corners, 50)], 1.0, way))


def test_that_the_order_and_direction_of_strokes_do_not_matter(some: list[Drawing]) -> None:
    for drawing in some:
        turned = [stroke[::-1] for stroke in reversed(drawing.strokes)]
        assert_alike(prepare(turned), prepare(drawing.strokes))


def test_that_the_ink_fills_a_box_of_20_pixels_on_its_longer_side(drawings: list[Drawing]) -> None:
    inked = [stages(drawing.strokes)[STEPS.index("fit")].picture >= 0.5 for drawing in drawings]
    longer = np.array([max(ink.any(axis=0).sum(), ink.any(axis=1).sum()) for ink in inked])
    assert np.abs(longer - BOX).max() <= 1  # which pixels are half inked depends on where the tips lie
    assert longer.mean() == pytest.approx(BOX, abs=0.3)


def test_that_proportions_are_kept() -> None:
    corners = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 0.4], [0.0, 0.4], [0.0, 0.0]])
    wide = [denser(corners, 8)]
    width, height = extent(prepare(wide))
    assert width == pytest.approx(BOX, abs=0.4)
    assert height - STROKE_WIDTH == pytest.approx(0.4 * (BOX - STROKE_WIDTH), abs=0.4)


def test_that_the_centre_of_mass_lies_on_14_14(drawings: list[Drawing]) -> None:
    centres = np.array([centre_of_mass(prepare(drawing.strokes)) for drawing in drawings])
    assert np.abs(centres - MNIST_FIELD.centre).max() <= 0.5


def test_that_the_ink_is_as_wide_as_the_pen_and_strokes_that_cross_do_not_add_up() -> None:
    middle = np.array([[4.0, MIDDLE], [24.0, MIDDLE]])
    once, twice = render([middle]), render([middle, middle[:, ::-1], middle])
    assert once[:, 14].sum() == pytest.approx(STROKE_WIDTH, abs=0.3)
    np.testing.assert_array_equal(twice[:, 5], once[:, 5])
    assert twice.max() == 1


def test_that_a_pixel_is_inked_by_its_distance_to_the_line() -> None:
    line = np.array([[6.0, 5.0], [21.0, 22.0]])
    rows, columns = np.mgrid[:MNIST_SIDE, :MNIST_SIDE]
    along = np.stack([np.linspace(*line[:, axis], 2000) for axis in (0, 1)], axis=1)
    distance = np.hypot(columns[..., None] - along[:, 0], rows[..., None] - along[:, 1]).min(axis=-1)
    expected = np.clip((STROKE_WIDTH / 2 - distance) / 1.2 + 0.5, 0, 1)
    np.testing.assert_allclose(render([line]), expected, atol=0.16)


# -- what nobody should draw --


def scribble(points: int) -> Points:
    return np.random.default_rng(2).random((points, 2))


@pytest.mark.parametrize(
    "strokes",
    [
        [[(0.3, 0.8)]],
        [[(0.3, 0.8)] * 4],
        [[(0.0, 0.5), (1.0, 0.5)]],
        [[(0.5, 0.0), (0.5, 1.0)]],
        [[(0.0, 0.0), (1.0, 1.0)]],
        [[(0.2, 0.2)], [(0.9, 0.9)]],
        [[], [(0.1, 0.2), (0.4, 0.9)], []],
        [[(0.1, np.nan), (0.2, 0.3), (np.inf, 0.1), (0.4, 0.9), (0.5, -np.inf)]],
        [[(np.nan, np.nan)], [(0.5, 0.5)]],
        [scribble(10_000)],
        [scribble(200) * 1e-12],
        [scribble(3) for _ in range(500)],
    ],
    ids=[
        "dot",
        "dot pressed for long",
        "line across",
        "line down",
        "diagonal",
        "two dots",
        "empty strokes",
        "not finite",
        "only one point finite",
        "10,000 points",
        "tiny",
        "500 strokes",
    ],
)
@pytest.mark.parametrize("straighten", [False, True])
@pytest.mark.parametrize("crop", [False, True])
def test_that_whatever_is_drawn_becomes_a_picture_with_ink(
    strokes: list[list[tuple[float, float]]], straighten: bool, crop: bool
) -> None:
    for stage in stages(strokes, 1.0, Preparation(straighten=straighten, crop=crop)):
        assert stage.picture.shape == (MNIST_SIDE, MNIST_SIDE)
        assert stage.picture.dtype == np.float32
        assert np.isfinite(stage.picture).all()
        assert stage.picture.min() >= 0
        assert 0.5 < stage.picture.max() <= 1


@pytest.mark.parametrize("strokes", [[], [[]], [[], []], [[(np.nan, 0.5)]]])
def test_that_only_nothing_is_blank(strokes: list[list[tuple[float, float]]]) -> None:
    for stage in stages(strokes, 1.0, Preparation()):
        assert not stage.picture.any()


# -- straightening --


@pytest.mark.parametrize("degrees", [-20, -8, 8, 20])
def test_that_straightening_undoes_a_slant(drawings: list[Drawing], degrees: float) -> None:
    lean = np.tan(np.radians(degrees))
    left = []
    for drawing in drawings:
        own, found = (straightening(s)[0, 1] for s in (drawing.strokes, sheared(drawing.strokes, degrees)))
        left.append(np.degrees(np.arctan(found - np.clip(lean + own, -STEEPEST, STEEPEST))))
    # A slant changes the lengths by which the pieces weigh, so a little of it stays.
    assert np.mean(np.abs(left)) <= 1.5
    assert np.max(np.abs(left)) <= 6


def test_that_a_straightened_line_stands_upright() -> None:
    upright = prepare([np.array([[0.2, 0.9], [0.5, 0.1]])], 1.0, Preparation())
    assert extent(upright)[0] == pytest.approx(STROKE_WIDTH, abs=0.4)


def test_that_a_line_across_is_not_straightened() -> None:
    across = [np.array([[0.1, 0.5], [0.5, 0.52], [0.9, 0.5]])]
    np.testing.assert_array_equal(straightening(across), np.eye(2, 3))


def test_that_a_dash_that_rises_a_little_does_not_become_a_one() -> None:
    width, height = extent(prepare([np.array([[0.1, 0.5], [0.9, 0.2]])]))
    assert width > 1.5 * height


def test_that_straightening_leaves_the_height_as_it_is(some: list[Drawing]) -> None:
    for drawing in some:
        np.testing.assert_array_equal(straightening(list(drawing.strokes))[1], [0, 1, 0])


# -- the steps --


CORNER = [np.array([[0.6, 0.7], [0.8, 0.7], [0.8, 0.95]])]
"""A small angle in the lower right of the pad, its mass away from the middle of its box."""

BEND = np.array([[0.6, 0.7], [0.7, 0.75], [0.72, 0.9]])
"""A bend of three points."""


def test_that_as_it_is_means_the_pad_scaled_to_the_field() -> None:
    matrix = map_to_field(CORNER, 1.0, AS_IT_IS)
    np.testing.assert_allclose(matrix, [[MNIST_SIDE, 0, -0.5], [0, MNIST_SIDE, -0.5]])
    np.testing.assert_array_equal(prepare(CORNER, 1.0, AS_IT_IS), stages(CORNER)[0].picture)


def test_that_without_cropping_the_place_on_the_pad_stays() -> None:
    picture = prepare(CORNER, 1.0, Preparation(crop=False, centre=False))
    expected = MIDDLE + (np.array([0.7, 0.825]) - 0.5) * BOX
    rows, columns = np.nonzero(picture > 0.5)
    middle = (columns.min() + columns.max()) / 2, (rows.min() + rows.max()) / 2
    np.testing.assert_allclose(middle, expected, atol=0.6)


def test_that_without_cropping_the_pad_is_of_the_size_that_is_told() -> None:
    larger = [stroke * 272 for stroke in CORNER]
    assert_alike(prepare(larger, 272, Preparation(crop=False)), prepare(CORNER, 1, Preparation(crop=False)))


def test_that_without_fitting_the_box_fills_the_field() -> None:
    picture = prepare(CORNER, 1.0, Preparation(fit=False, centre=False))
    assert max(extent(picture)) == pytest.approx(MNIST_SIDE, abs=0.6)


def test_that_without_centring_the_box_is_in_the_middle() -> None:
    rows, columns = np.nonzero(prepare(CORNER, 1.0, Preparation(centre=False)) > 0.5)
    assert (rows.min() + rows.max()) / 2 == pytest.approx(MIDDLE, abs=0.5)
    assert (columns.min() + columns.max()) / 2 == pytest.approx(MIDDLE, abs=0.5)


def test_that_without_straightening_the_slant_stays() -> None:
    slanted = [np.array([[0.2, 0.9], [0.6, 0.1]])]
    kept = Preparation(straighten=False)
    assert extent(prepare(slanted, 1.0, kept))[0] > 8
    np.testing.assert_array_equal(map_to_field(slanted, 1.0, kept)[0, 1], 0)


@pytest.mark.parametrize("step", STEPS[1:])
def test_that_a_step_left_out_shows_the_picture_before_it(step: str) -> None:
    slanted = [*sheared(CORNER, 15), np.array([[0.6, 0.95]])]
    found = stages(slanted, 1.0, replace(Preparation(), **{step: False}))
    i = STEPS.index(step)
    np.testing.assert_array_equal(found[i].picture, found[i - 1].picture)


@pytest.mark.parametrize("step", STEPS[1:])
def test_that_each_step_does_something(step: str) -> None:
    found = stages([*sheared(CORNER, 15), BEND, np.array([[0.1, 0.1]])], 1.0, Preparation())
    i = STEPS.index(step)
    assert not np.array_equal(found[i].picture, found[i - 1].picture)


@pytest.mark.parametrize("number", range(64))
def test_that_the_last_stage_is_what_the_network_sees(some: list[Drawing], number: int) -> None:
    way = Preparation(*(bool(number >> bit & 1) for bit in range(6)))
    for strokes in (some[0].strokes, some[-1].strokes, ()):
        found = stages(strokes, 1.0, way)
        assert tuple(stage.step for stage in found) == STEPS
        np.testing.assert_array_equal(found[-1].picture, prepare(strokes, 1.0, way))


@pytest.mark.parametrize("straighten", [False, True])
def test_that_the_way_to_the_field_leads_to_where_the_ink_is(some: list[Drawing], straighten: bool) -> None:
    way = Preparation(straighten=straighten)
    for drawing in some:
        matrix = map_to_field(drawing.strokes, 1.0, way)
        lines = [trace.points for trace in traces(drawing.strokes, way)]
        moved = [line @ matrix[:, :2].T + matrix[:, 2] for line in lines]
        every = np.concatenate(moved)
        field = Field(pen=pen_share(np.stack([every.min(axis=0), every.max(axis=0)])))
        np.testing.assert_allclose(render(moved, field), prepare(drawing.strokes, 1.0, way), atol=1e-6)


def test_that_a_narrow_digit_is_drawn_with_a_thinner_pen_and_a_line_is_not() -> None:
    def share(width: float) -> float:
        return pen_share(np.array([[3.0, 5.0], [3.0 + 7.0 * width, 12.0]]))

    assert [share(width) for width in (0.0, 0.1, 0.5, 0.8, 3.0)] == [1.0] * 5
    assert share(0.25) == pytest.approx(0.65)
    assert 0.65 < share(0.4) < 1
    assert pen_share(np.array([[2.0, 4.0], [9.0, 4.0]])) == 1


def test_that_the_loops_of_a_digit_stay_open_when_it_is_drawn_half_as_wide() -> None:
    turn = np.linspace(0, 2 * np.pi, 40)
    ring = np.stack([0.16 * np.cos(turn), 0.5 * np.sin(turn)], axis=1)
    assert prepare([ring])[14, 14] < 0.3


# -- what it is all for --


@pytest.fixture(scope="module")
def network() -> Network:
    """A network that has seen all of MNIST three times."""
    config = TrainingConfig(hidden=(128,), initializer="he", learning_rate=0.3, batch_size=128, epochs=3)
    with Trainer(config, split(mnist(), 48_000, 12_000, config.seed)) as trainer:
        for _ in trainer.run():
            pass
        return Network(trainer.snapshot().parameters, trainer.network.activation)


def accuracy(network: Network, samples: Samples) -> float:
    return float((network.predict(samples.x) == samples.labels).mean())


def test_that_drawn_digits_are_read_as_well_as_the_pictures_that_they_repeat(
    network: Network, drawings: list[Drawing]
) -> None:
    test = Samples.of(load_mnist_test())
    chosen = [drawing.index for drawing in drawings]
    pictures = accuracy(network, Samples(test.x[:, chosen], test.labels[chosen]))
    assert pictures > 0.93
    assert abs(accuracy(network, drawn_samples(drawings)) - pictures) <= 0.02


# -- fields of other sizes --

FIELDS = [Field(8, 8), Field(16, 16), Field(56, 56), Field(8, 20), Field(20, 8)]


def ink_extent(picture: Picture) -> tuple[float, float]:
    """Width and height of what is at least half inked."""
    rows, columns = np.nonzero(picture >= 0.5)
    return float(np.ptp(columns)) + 1, float(np.ptp(rows)) + 1


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: f"{field.height}x{field.width}")
def test_that_a_drawing_has_the_same_share_of_a_field_of_another_size(field: Field) -> None:
    for drawing in read_drawings(STROKES)[:30]:
        picture = prepare(drawing.strokes, field=field)
        assert picture.shape == (field.height, field.width)
        assert (picture.min(), picture.max() > 0.6) == (0, True)
        assert max(ink_extent(picture)) == pytest.approx(BOX * field.share, abs=2)
        assert np.abs(centre_of_mass(picture) - field.centre).max() <= 0.5


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: f"{field.height}x{field.width}")
def test_that_the_way_to_a_field_of_another_size_leads_where_its_ink_is(field: Field) -> None:
    dot = np.array([[0.3, 0.6]])
    x, y = map_to_field([dot], field=field) @ (0.3, 0.6, 1)
    picture = prepare([dot], field=field)
    np.testing.assert_allclose(centre_of_mass(picture), (x, y), atol=0.3)


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: f"{field.height}x{field.width}")
def test_that_the_stages_end_with_the_picture_in_a_field_of_another_size(field: Field) -> None:
    strokes = read_drawings(STROKES)[0].strokes
    *_, last = stages(strokes, field=field)
    np.testing.assert_array_equal(last.picture, prepare(strokes, field=field))


@pytest.mark.parametrize("length", [5e-324, 1e-310, 1e-200, 1e-100, 1e9])
def test_that_a_drawing_of_any_size_gives_a_picture(length: float) -> None:
    drawn = [np.array([[0.0, 0.0], [length, length], [0.0, length]])]
    picture = prepare(drawn)
    assert np.isfinite(picture).all()
    assert picture.max() == 1
