"""Copies in memory that is used again, but never while anybody has what was copied into it."""

from __future__ import annotations

import numpy as np
import pytest

from micronn_core.training.checkpoints import SPARE, Copies


def address(array: np.ndarray) -> int:
    return int(array.__array_interface__["data"][0])


def test_that_a_copy_is_one_and_nobody_can_write_to_it() -> None:
    array = np.arange(6, dtype=np.float32).reshape(2, 3)
    copy = Copies().of(array)
    array[:] = 0
    np.testing.assert_array_equal(copy, [[0, 1, 2], [3, 4, 5]])
    with pytest.raises(ValueError, match="read-only"):
        copy[0, 0] = 1


def test_that_memory_is_used_again_as_soon_as_nobody_has_any_part_of_the_copy() -> None:
    copies, array = Copies(), np.ones((2, 500))
    first = copies.of(array)
    part, where = first[1, 3:], address(first)
    del first
    second = copies.of(2 * array)
    assert address(second) != where
    assert (part == 1).all()
    del part
    third = copies.of(3 * array)
    assert address(third) == where
    assert (second == 2).all()
    assert (third == 3).all()


def test_that_an_array_of_another_length_gets_memory_of_its_own_and_little_waits() -> None:
    copies = Copies()
    held = [copies.of(np.full(1000, float(i))) for i in range(3 * SPARE)]
    held.clear()
    assert len(copies._spare) == SPARE
    other = copies.of(np.ones(7, np.float32))
    assert (other == 1).all()
    assert not copies._spare
    assert copies.of(np.empty((0, 7))).shape == (0, 7)
