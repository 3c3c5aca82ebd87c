"""What happened to an answer, in a sentence that says what the probabilities say."""

from __future__ import annotations

import numpy as np
import pytest

from micronn_gui.panels.draw.story import story

NAMES = tuple("0123456789")
EPOCHS = np.linspace(0, 500, 101)


def shares(*parts: tuple[int, dict[int, float]]) -> np.ndarray:
    """Return probabilities (10, 101): each part lasts so many moments; what is left is shared evenly."""
    columns = []
    for moments, given in parts:
        rest = (1 - sum(given.values())) / (10 - len(given))
        column = [given.get(digit, rest) for digit in range(10)]
        columns += [column] * moments
    return np.array(columns).T


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        (
            [(3, {2: 0.5}), (98, {3: 0.7, 1: 0.15, 5: 0.1})],
            "Noise at first, then a long doubt between 3, 1 and 5.",
        ),
        (
            [(3, {2: 0.5}), (98, {3: 0.7, 1: 0.26})],
            "Noise at first, then a long doubt between 3 and 1.",
        ),
        ([(3, {2: 0.5}), (98, {3: 0.97})], "Noise at first, then 3 from epoch 15 on, and soon sure."),
        ([(101, {3: 0.97})], "It said 3 from the start, and was soon sure."),
        ([(101, {3: 0.6, 8: 0.3})], "It said 3 from the start, but doubted between 3 and 8."),
        (
            [(50, {8: 0.7}), (51, {3: 0.95})],
            "First it said 8; from epoch 250 on 3, and soon sure.",
        ),
        (
            [(50, {8: 0.7}), (51, {3: 0.6, 8: 0.3})],
            "First it said 8; from epoch 250 on 3, in doubt between 3 and 8.",
        ),
    ],
)
def test_that_the_sentence_says_what_the_probabilities_say(
    parts: list[tuple[int, dict[int, float]]], sentence: str
) -> None:
    assert story(EPOCHS, shares(*parts), NAMES) == sentence


def test_that_before_it_has_learned_it_is_called_a_guess() -> None:
    assert story(np.zeros(0), np.zeros((0, 0)), NAMES) == ""
    guess = "It has learned nothing yet: 4 is a guess."
    assert story(np.zeros(1), shares((1, {4: 0.2})), NAMES) == guess


def test_that_it_has_words_for_whatever_the_probabilities() -> None:
    rng = np.random.default_rng(3)
    for classes in (2, 3, 10, 26):
        names = tuple(f"class {i}" for i in range(classes))
        for moments in (2, 3, 40):
            p = rng.dirichlet(np.full(classes, 0.3), moments).T
            said = story(np.arange(moments, dtype=float), p, names)
            assert names[int(p[:, -1].argmax())] in said
