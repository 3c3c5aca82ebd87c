"""The rule of the matrix library's threads."""

from __future__ import annotations

import threading

import pytest
from threadpoolctl import threadpool_info

from micronn_core.training.compute.blas import blas_threads, single_blas_thread


def blas_threads_used() -> list[int]:
    return [library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"]


def test_that_the_matrix_library_is_held_to_one_thread_inside_the_block_only() -> None:
    before = blas_threads_used()
    assert before, "NumPy has loaded no matrix library that can be held"
    with single_blas_thread():
        assert blas_threads_used() == [1] * len(before)
    assert blas_threads_used() == before


def _fail_while_holding() -> None:
    with single_blas_thread():
        raise RuntimeError("within")


def test_that_an_error_inside_the_block_lets_go_of_the_threads() -> None:
    before = blas_threads_used()
    with pytest.raises(RuntimeError, match="within"):
        _fail_while_holding()
    assert blas_threads_used() == before


def test_that_the_library_can_be_let_go_within_the_block_and_is_held_again_after() -> None:
    before = blas_threads_used()
    with single_blas_thread():
        with blas_threads(2):
            assert blas_threads_used() == [2] * len(before)
        assert blas_threads_used() == [1] * len(before)
    assert blas_threads_used() == before


def test_that_a_thread_can_hold_the_library_after_another_one_has() -> None:
    found: list[list[int]] = []

    def hold() -> None:
        with single_blas_thread():
            found.append(blas_threads_used())

    hold()
    for _ in range(2):
        thread = threading.Thread(target=hold)
        thread.start()
        thread.join()
    assert found == [[1] * len(blas_threads_used())] * 3
