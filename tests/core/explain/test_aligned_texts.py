"""Numbers one below the other: their decimal points lie in one line."""

from __future__ import annotations

import pytest

from micronn_core.explain.arithmetic import aligned_texts


@pytest.mark.parametrize(
    ("values", "digits", "texts"),
    [
        ([5.2591, -1.0901, 0.92874, 0.0], 4, ["5.259", "−1.090", "0.929", "0.000"]),
        ([11.864, 0.5], 4, ["11.86", "0.50"]),
        ([2980.958, 0.006], 4, ["2980.96", "0.01"]),
        ([0.0123, -0.0001], 2, ["0.012", "0.000"]),
        ([-5.04, 1.26], 2, ["−5.0", "1.3"]),
        ([0.0, -0.0], 4, ["0.000", "0.000"]),
        ([], 4, []),
    ],
)
def test_that_all_have_the_decimals_that_the_largest_needs(
    values: list[float], digits: int, texts: list[str]
) -> None:
    assert aligned_texts(values, digits) == texts


def test_that_exact_very_large_and_very_small_numbers_are_written_each_in_its_own_way() -> None:
    assert aligned_texts([0.1, 2.5], 17) == ["0.1", "2.5"]
    assert aligned_texts([1.25e-9, 2e-12], 4) == ["1.25e−09", "2e−12"]
    assert aligned_texts([1.5e12, 1.0], 4) == ["1.5e+12", "1"]


def test_that_what_is_not_finite_does_not_count_as_the_largest() -> None:
    assert aligned_texts([float("inf"), float("nan"), 2.5], 3) == ["inf", "nan", "2.50"]
