"""Photographs of every kind are read rightly, or refused in words that help; never surely wrong."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from micronn_core.common.errors import DataError
from micronn_core.data.mnist import load_mnist_test
from micronn_core.drawing.images import picture_in
from micronn_core.drawing.strokes import read_drawings
from tests.benchmarks.pictures import answer, read_all
from tests.paths import STROKES
from tests.photographs import (
    CONDITIONS,
    drawn,
    framed,
    grained,
    hand,
    image_of,
    lamp,
    lines_on,
    margin_line,
    on_paper,
    on_table,
    side_light,
    specks_on,
    textured,
    written,
)

COUNT = 8
"""Digits of each kind; `make bench` tries a hundred."""
Grey = NDArray[np.float64]


@pytest.mark.parametrize("condition", CONDITIONS)
def test_that_photographs_of_every_kind_are_read(condition: str) -> None:
    read = read_all(condition, picture_in, COUNT)
    assert read.right >= COUNT - 1
    assert read.surely_wrong == 0


@pytest.mark.parametrize("squared", [False, True], ids=["ruled", "squared"])
@pytest.mark.parametrize("width", [3, 5, 8])
def test_that_a_pen_hardly_broader_than_the_lines_is_read(squared: bool, width: int) -> None:
    drawings = read_drawings(STROKES)[::20]
    right = 0
    for seed, drawing in enumerate(drawings):
        chance = np.random.default_rng(seed)
        paper = on_paper(drawn([np.asarray(stroke)[:, :2] for stroke in drawing.strokes], 500, width), chance)
        lined = lines_on(paper, chance, chance.uniform(0.4, 0.9), squared)
        try:
            picture = picture_in(content(grained(side_light(lined, chance, 0.7), chance, 2)))
        except DataError:
            continue
        right += int(answer(picture).argmax()) == drawing.label
    assert right >= 0.9 * len(drawings)


def content(grey: Grey) -> bytes:
    stream = io.BytesIO()
    image_of(grey).save(stream, "PNG")
    return stream.getvalue()


BLANK: dict[str, Callable[[Grey, np.random.Generator], Grey]] = {
    "paper": lambda grey, chance: grey,
    "side light": partial(side_light, least=0.45),
    "a lamp": partial(lamp, least=0.6),
    "a hand's soft shadow": partial(hand, left=0.6, soft=True),
    "a hand's hard shadow": partial(hand, left=0.6, soft=False),
    "ruled": partial(lines_on, strength=0.8, squared=False),
    "squared": partial(lines_on, strength=0.6, squared=True),
    "a margin line": partial(margin_line, strength=0.8),
    "recycled": partial(textured, amount=7),
    "specks": partial(specks_on, count=5),
    "one dark pixel": lambda grey, chance: np.where(np.arange(grey.size).reshape(grey.shape) == 999, 0, grey),
    "a frame": partial(framed, width=2),
    "on a dark table": partial(on_table, brightness=50),
}


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("kind", BLANK)
def test_that_a_sheet_on_which_nothing_is_written_is_refused_as_blank(kind: str, seed: int) -> None:
    chance = np.random.default_rng(seed)
    paper = BLANK[kind](np.full((400, 400), chance.uniform(225, 250)), chance)
    with pytest.raises(DataError, match="is blank"):
        picture_in(content(grained(paper, chance, 1.5)))


def test_that_two_digits_side_by_side_are_said_to_be_two() -> None:
    digits = load_mnist_test().values[:40].reshape(-1, 28, 28)
    for seed, pair in enumerate(zip(digits[::2], digits[1::2], strict=True)):
        chance = np.random.default_rng(seed)
        sheet = np.concatenate([written(digit, chance, 300, 0.8, 0.02) for digit in pair], axis=1)
        with pytest.raises(DataError, match=r"two digits side by side\. Crop the picture to one\."):
            picture_in(content(on_paper(sheet, chance)))


def test_that_a_digit_of_several_parts_is_one_digit() -> None:
    """MNIST's digits are single ones, also where the pen was lifted: none is said to be two."""
    data = load_mnist_test()
    for digit in data.values[:120].reshape(-1, 28, 28):
        image = np.asarray(Image.fromarray(digit).resize((56, 56), Image.Resampling.BICUBIC), np.float64)
        picture_in(content(image))


@pytest.mark.parametrize("condition", ["28x28, in a corner", "28x28, grey ground"])
def test_that_the_small_and_the_larger_form_of_a_picture_get_the_same_answer(condition: str) -> None:
    for seed, digit in enumerate(load_mnist_test().values[:20].reshape(-1, 28, 28)):
        small = CONDITIONS[condition](digit, np.random.default_rng(seed))
        answers = []
        for side in (28, 56):
            stream = io.BytesIO()
            small.resize((side, side), Image.Resampling.BICUBIC).save(stream, "PNG")
            answers.append(int(answer(picture_in(stream.getvalue())).argmax()))
        assert answers[0] == answers[1]
