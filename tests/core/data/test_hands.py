"""The rules of pictures that are drawn anew by other hands."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from micronn_core.data.augmentation import Augmentation
from micronn_core.data.distortion import augment
from micronn_core.data.hands import Hands, varied_lines
from micronn_core.data.tracing import trace
from tests.core.samples import digits

COUNT = 300
ROWS = np.ascontiguousarray(digits(COUNT, "float32").rows)
LABELS = digits(COUNT, "float32").labels.astype(np.intp)
EVERY = np.arange(COUNT)


def hands(labels: NDArray[np.intp] | None = LABELS, white: float = 1.0) -> Hands:
    return Hands((28, 28), COUNT, labels, white)


def drawn(
    share: float = 1.0, seed: int = 0, labels: NDArray[np.intp] | None = LABELS
) -> NDArray[np.floating]:
    return hands(labels).redrawn(ROWS, EVERY, np.random.default_rng(seed), share)


def test_that_as_many_pictures_are_drawn_anew_as_asked_for_and_no_other_changes() -> None:
    for share in (0.0, 0.3, 1.0):
        changed = (drawn(share) != ROWS).any(axis=1)
        assert changed.mean() == pytest.approx(share, abs=0.08)


def test_that_the_same_chance_gives_the_same_pictures_and_another_others() -> None:
    np.testing.assert_array_equal(drawn(0.5, 3), drawn(0.5, 3))
    assert (drawn(1.0, 3) != drawn(1.0, 4)).any(axis=1).all()


def test_that_what_was_traced_before_makes_no_difference() -> None:
    used = hands()
    used.redrawn(ROWS, EVERY[::-1], np.random.default_rng(9), 0.6)
    again = used.redrawn(ROWS, EVERY, np.random.default_rng(0), 1.0)
    np.testing.assert_array_equal(again, drawn())


def test_that_the_samples_themselves_are_left_alone() -> None:
    before = ROWS.copy()
    drawn()
    np.testing.assert_array_equal(ROWS, before)


def test_that_most_signs_still_look_like_themselves() -> None:
    pictures, originals = drawn(), ROWS
    likeness = np.corrcoef(np.concatenate([pictures, originals]))[:COUNT, COUNT:]
    same = LABELS[:, None] == LABELS
    np.fill_diagonal(likeness, np.nan)
    assert np.nanmean(likeness[same]) > np.nanmean(likeness[~same]) + 0.1


def test_that_signs_lie_in_the_middle_and_within_the_picture() -> None:
    pictures = drawn().reshape(-1, 28, 28).astype(float)
    mass = pictures.sum(axis=(1, 2))
    assert (mass > 10).all()
    x = pictures.sum(axis=1) @ np.arange(28) / mass
    y = pictures.sum(axis=2) @ np.arange(28) / mass
    off = np.abs(np.stack([x, y]) - 14)  # what lies on itself weighs once as ink, and twice as a line
    assert np.quantile(off, 0.99) < 1.2
    assert off.max() < 2
    assert (pictures.min(), pictures.max()) == (0, 1)


def test_that_hands_write_narrow_and_wide_thin_and_thick() -> None:
    pictures = drawn().reshape(-1, 28, 28) > 0.5
    zeros = pictures[LABELS == 0]
    across, down = (
        np.array([np.ptp(np.flatnonzero(z.any(axis=axis))) + 1 for z in zeros]) for axis in (0, 1)
    )
    assert (across / down).min() < 0.6
    assert (across / down).max() > 1.3
    ink = pictures.sum(axis=(1, 2))[LABELS == 1]
    assert ink.max() > 2 * ink.min()


def test_that_some_ones_get_an_upstroke_or_a_foot_and_some_sevens_a_bar() -> None:
    for digit, least, most in ((1, 0.4, 0.9), (7, 0.25, 0.65)):
        chosen = np.flatnonzero(digit == LABELS)
        traces = trace(ROWS[chosen].reshape(-1, 28, 28))
        with_own, without = (
            varied_lines(traces, labels, np.random.default_rng(0)).down.sum()
            for labels in (np.full(len(chosen), digit), np.full(len(chosen), 3))
        )
        assert with_own != without
        found = varied_lines(traces, np.full(len(chosen), digit), np.random.default_rng(1))
        own = found.down[:, traces.joined.shape[1] - 1 :][:, :4].any(axis=1)
        assert least < own.mean() < most


def test_that_signs_that_are_no_digits_are_given_nothing_of_their_own() -> None:
    traces = trace(ROWS.reshape(-1, 28, 28))
    found = varied_lines(traces, None, np.random.default_rng(0))
    assert not found.down[:, traces.joined.shape[1] - 1 :][:, :4].any()
    assert np.isfinite(drawn(labels=None)).all()


def test_that_a_picture_without_a_line_stays_as_it_is() -> None:
    rows = np.zeros((3, 784), np.float32)
    rows[1, 300] = 1
    rows[2, [100, 500]] = 1
    made = Hands((28, 28), 3, None).redrawn(rows, np.arange(3), np.random.default_rng(0), 1.0)
    np.testing.assert_array_equal(made, rows)


@pytest.mark.parametrize("shape", [(8, 8), (20, 40), (64, 64), (200, 150)])
def test_that_pictures_of_any_size_can_be_drawn_anew(shape: tuple[int, int]) -> None:
    pictures = np.random.default_rng(0).random((5, *shape), np.float32)
    pictures[1:, 2:-2, 3:6] = 1
    made = augment(pictures, np.random.default_rng(0), Augmentation(hands=1.0))
    assert made.shape == pictures.shape
    assert np.isfinite(made).all()
    assert (made != pictures).any()


def test_that_white_is_as_bright_as_the_samples_white() -> None:
    bright = hands(white=255.0).redrawn(ROWS * 255, EVERY, np.random.default_rng(0), 1.0)
    np.testing.assert_allclose(bright, drawn() * 255, atol=1e-3)


def test_that_other_amounts_draw_the_same_chances_with_hands_or_without() -> None:
    pictures = ROWS.reshape(-1, 28, 28)
    alone = augment(pictures, np.random.default_rng(0), Augmentation(shift=2.0, hands=0.0))
    before = augment(pictures, np.random.default_rng(0), Augmentation(shift=2.0))
    np.testing.assert_array_equal(alone, before)
