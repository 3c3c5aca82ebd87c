"""The rule of the matrix library's threads."""

from __future__ import annotations

import pytest
from threadpoolctl import threadpool_info

from micronn_core.blas import single_blas_thread


def blas_threads() -> list[int]:
    return [library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"]


def test_that_the_matrix_library_is_held_to_one_thread_inside_the_block_only() -> None:
    before = blas_threads()
    assert before, "NumPy has loaded no matrix library that can be held"
    with single_blas_thread():
        assert blas_threads() == [1] * len(before)
    assert blas_threads() == before


def _fail_while_holding() -> None:
    with single_blas_thread():
        raise RuntimeError("within")


def test_that_an_error_inside_the_block_lets_go_of_the_threads() -> None:
    before = blas_threads()
    with pytest.raises(RuntimeError, match="within"):
        _fail_while_holding()
    assert blas_threads() == before
