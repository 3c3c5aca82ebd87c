"""The rules of varied pictures."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from numpy.typing import NDArray

from micronn_core.data.augmentation import AUGMENTATIONS, Augmentation
from micronn_core.data.distortion import augment
from tests.core.samples import digits

SIDE = 28
STRONG = AUGMENTATIONS["strong"].augmentation
MIDDLE = (SIDE - 1) / 2


def vary(
    rows: NDArray[np.floating], rng: np.random.Generator, augmentation: Augmentation, white: float = 1.0
) -> NDArray[np.float32]:
    """Vary pictures of 28x28 pixels, one a row."""
    return augment(rows.reshape(-1, SIDE, SIDE), rng, augmentation, white).reshape(rows.shape)


def varied(rows: NDArray[np.floating], seed: int = 0, **limits: float) -> NDArray[np.float32]:
    """Vary pictures within the given limits and in no other way."""
    return vary(rows, np.random.default_rng(seed), Augmentation(**limits))


def real(count: int) -> NDArray[np.float32]:
    return np.ascontiguousarray(digits(count, "float32").rows)


def upright_stroke(count: int) -> NDArray[np.float32]:
    """A stroke four pixels wide, as high as MNIST's digits, in the middle."""
    pictures = np.zeros((count, SIDE, SIDE), np.float32)
    pictures[:, 4:24, 12:16] = 1
    return pictures.reshape(count, -1)


def middles(rows: NDArray[np.float32]) -> NDArray[np.float64]:
    """Each picture's centre of mass (x, y), from the middle."""
    pictures = rows.reshape(-1, SIDE, SIDE).astype(float)
    along = np.arange(SIDE) - MIDDLE
    mass = pictures.sum(axis=(1, 2))
    return np.stack([pictures.sum(axis=1) @ along, pictures.sum(axis=2) @ along], axis=1) / mass[:, None]


def slants(rows: NDArray[np.float32]) -> NDArray[np.float64]:
    """Degrees by which each picture's ink leans: the slope of its rows' middles."""
    pictures = rows.reshape(-1, SIDE, SIDE).astype(float)
    along = np.arange(SIDE) - MIDDLE
    x = (pictures @ along) / np.maximum(pictures.sum(axis=2), 1e-9)
    inner = slice(8, 20)
    return np.degrees(np.arctan((x[:, inner] @ along[inner]) / (along[inner] ** 2).sum()))


def test_that_no_variation_leaves_a_picture_as_it_is() -> None:
    rows = real(300)
    np.testing.assert_allclose(varied(rows), rows, atol=1e-5)


def test_that_a_picture_stays_between_black_and_white_and_the_original_is_not_touched() -> None:
    rows = real(300)
    before = rows.copy()
    result = vary(rows, np.random.default_rng(0), STRONG)
    assert (result.shape, result.dtype) == (rows.shape, np.float32)
    assert result.min() >= 0
    assert result.max() <= 1
    np.testing.assert_array_equal(rows, before)


def test_that_the_same_seed_gives_the_same_pictures_and_another_gives_others() -> None:
    rows = real(300)
    first, same, other = (vary(rows, np.random.default_rng(seed), STRONG) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, same)
    assert (np.abs(first - other).max(axis=1) > 0.1).all()


def test_that_read_only_pictures_can_be_varied() -> None:
    rows = real(3)
    rows.flags.writeable = False
    assert vary(rows, np.random.default_rng(0), STRONG).sum() > 0


def test_that_no_pictures_give_no_pictures() -> None:
    assert vary(np.empty((0, 784), np.float32), np.random.default_rng(0), STRONG).shape == (0, 784)


def test_that_a_shift_moves_the_ink_up_to_its_limit_along_both_sides() -> None:
    moved = middles(varied(upright_stroke(500), shift=2.0)) - middles(upright_stroke(1))
    assert np.abs(moved).max() == pytest.approx(2.0, abs=0.05)
    np.testing.assert_allclose(moved.mean(axis=0), 0, atol=0.15)


@pytest.mark.parametrize("way", ["slant", "rotation"])
def test_that_an_upright_stroke_leans_up_to_the_limit_either_way(way: str) -> None:
    leans = slants(varied(upright_stroke(500), **{way: 15.0}))
    assert leans.max() == pytest.approx(15, abs=1)
    assert leans.min() == pytest.approx(-15, abs=1)
    assert np.abs(leans).mean() == pytest.approx(7.5, abs=1)


def test_that_a_slant_keeps_every_row_s_ink_and_a_rotation_does_not() -> None:
    row_sums = varied(upright_stroke(50), slant=15.0).reshape(-1, SIDE, SIDE).sum(axis=2)
    np.testing.assert_allclose(row_sums, upright_stroke(50).reshape(-1, SIDE, SIDE).sum(axis=2), atol=1e-4)
    turned = varied(upright_stroke(50), rotation=15.0).reshape(-1, SIDE, SIDE).sum(axis=2)
    assert np.abs(turned - row_sums).max() > 0.1


def test_that_scaling_changes_the_ink_by_no_more_than_both_sides_together() -> None:
    ink = varied(upright_stroke(500), scale=0.2).sum(axis=1) / upright_stroke(1).sum()
    assert 1.2 < ink.max() < 1.2**2 + 0.02
    assert 1 / 1.2**2 - 0.02 < ink.min() < 1 / 1.2
    np.testing.assert_allclose(middles(varied(upright_stroke(50), scale=0.2)), 0, atol=1e-4)


def test_that_strokes_become_wider_and_thinner_and_stay_where_they_are() -> None:
    rows = upright_stroke(500)
    widths = varied(rows, thickness=1.0).reshape(-1, SIDE, SIDE)[:, 14].sum(axis=1)
    assert widths.max() == pytest.approx(6, abs=0.05)
    assert widths.min() == pytest.approx(2, abs=0.05)
    np.testing.assert_allclose(middles(varied(rows, thickness=1.0)), 0, atol=1e-4)


def test_that_the_elastic_distortion_is_smooth_and_as_far_as_asked() -> None:
    ramp = np.tile(np.arange(SIDE, dtype=np.float32) / SIDE, (400, SIDE, 1))
    moved = (varied(ramp.reshape(400, -1), elastic=0.5).reshape(ramp.shape) - ramp) * SIDE
    inner = moved[:, 6:22, 6:22]  # away from the edge, where paper is fetched
    assert inner.std() == pytest.approx(0.5, abs=0.05)
    assert np.diff(inner, axis=1).std() < 0.5 / 3


def test_that_each_picture_is_varied_in_its_own_way_and_keeps_its_place() -> None:
    rows = np.repeat(real(2), 200, axis=0)
    result = vary(rows, np.random.default_rng(0), dataclasses.replace(STRONG, hands=0.0))
    assert len(np.unique(result, axis=0)) == 400
    likeness = np.corrcoef(np.concatenate([real(2), result]))[:2, 2:]
    assert (likeness[0, :200] > likeness[1, :200]).mean() > 0.95
    assert (likeness[1, 200:] > likeness[0, 200:]).mean() > 0.95


def test_that_noise_is_as_strong_as_asked_and_never_beyond_black_or_white() -> None:
    grey = np.full((300, SIDE * SIDE), 0.5, np.float32)
    added = varied(grey, noise=0.1) - grey
    inner = added.reshape(-1, SIDE, SIDE)[:, 1:-1, 1:-1]
    assert inner.std() == pytest.approx(0.1, abs=0.002)
    assert inner.mean() == pytest.approx(0, abs=0.002)
    assert abs(np.corrcoef(added[:, 400], added[:, 401])[0, 1]) < 0.2
    noisy = varied(real(100), noise=0.5)
    assert (noisy.min(), noisy.max()) == (0, 1)


def test_that_pictures_from_0_to_255_are_varied_as_those_from_0_to_1() -> None:
    rows, everything = real(100), dataclasses.replace(STRONG, noise=0.1)
    bright = vary(rows * 255, np.random.default_rng(0), everything, white=255.0)
    np.testing.assert_allclose(bright, vary(rows, np.random.default_rng(0), everything) * 255, atol=0.01)


def test_that_one_amount_leaves_what_the_others_draw_as_it_is() -> None:
    rows = upright_stroke(50)
    alone, together = (middles(varied(rows, shift=2.0, thickness=thickness)) for thickness in (0.0, 0.5))
    np.testing.assert_allclose(alone, together, atol=1e-4)


# -- pictures of other sizes --

SHAPES = [(8, 8), (9, 16), (56, 56), (300, 300)]


@pytest.mark.parametrize("shape", SHAPES)
def test_that_pictures_of_any_size_are_varied(shape: tuple[int, int]) -> None:
    pictures = np.random.default_rng(1).random((3, *shape), np.float32)
    same = augment(pictures, np.random.default_rng(0), Augmentation())
    np.testing.assert_allclose(same, pictures, atol=1e-4)
    result = augment(pictures, np.random.default_rng(0), STRONG)
    assert result.shape == pictures.shape
    assert (result.min(), result.max()) >= (0, 0)
    assert result.max() <= 1.001
    assert np.abs(result - pictures).mean() > 0.01


@pytest.mark.parametrize("side", [14, 56])
def test_that_a_picture_of_another_size_is_moved_by_the_same_share_of_it(side: int) -> None:
    pictures = np.zeros((400, side, side), np.float32)
    pictures[:, side // 2 - 1 : side // 2 + 1, side // 2 - 1 : side // 2 + 1] = 1
    moved = augment(pictures, np.random.default_rng(0), Augmentation(shift=4.0))
    along = np.arange(side) - (side - 1) / 2
    x = moved.sum(axis=1) @ along / moved.sum(axis=(1, 2))
    assert np.abs(x).max() == pytest.approx(4.0 * side / SIDE, rel=0.05)
