"""The words in formulas are translated, the names of functions and all signs are not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from micronn_core.common.formulas import formula_in_words, words_of
from micronn_core.common.texts import ENGLISH, use_language
from tests.pseudo_language import CODE, pseudo


@pytest.fixture
def _pseudo(pseudo_translations: Path) -> Iterator[None]:
    use_language(CODE, pseudo_translations)
    yield
    use_language(ENGLISH, None)


def test_that_english_formulas_are_as_they_were_written() -> None:
    latex = r"\text{stop if } \min_{s > t} L_{\text{new}} = \text{softmax}(z)"
    assert formula_in_words(latex) == latex


@pytest.mark.usefixtures("_pseudo")
def test_that_words_are_translated_and_names_of_functions_are_not() -> None:
    latex = r"\text{stop if } \min_{s > t} L_{\text{new}} = \text{softmax}(z)"
    stop, new = pseudo("stop if"), pseudo("new")
    assert (
        formula_in_words(latex)
        == rf"\text{{{stop} }} \min_{{s > t}} L_{{\text{{{new}}}}} = \text{{softmax}}(z)"
    )


def test_that_the_words_of_a_formula_are_found() -> None:
    assert words_of(r"\text{stop if } L_{\text{new}} = z") == ["stop if", "new"]
