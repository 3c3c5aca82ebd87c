"""The way of a photograph is a list of pictures, and each of its steps can be left out."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from micronn_core.common.errors import DataError
from micronn_core.data.mnist import load_mnist_test
from micronn_core.drawing.images import photograph_in, picture_in
from micronn_core.drawing.photographs.steps import FORM, STEP_NAMES, TAKEN, Photograph, stages_of_photograph
from micronn_core.drawing.preparation import Field
from tests.photographs import image_of, lines_on, on_paper, on_table, side_light, specks_on, written

SIDE = 400


@pytest.fixture(scope="module")
def content() -> bytes:
    """A 7 on squared paper with specks, lit from the side, on a dark table."""
    chance = np.random.default_rng(3)
    digit = load_mnist_test().values[0].reshape(28, 28)
    sheet = lines_on(on_paper(written(digit, chance, SIDE, 0.7), chance), chance, 0.6, squared=True)
    table = on_table(specks_on(sheet, chance, 5), chance, 50)
    stream = io.BytesIO()
    image_of(side_light(table, chance, 0.7)).save(stream, "PNG")
    return stream.getvalue()


@pytest.fixture(scope="module")
def photo(content: bytes) -> Photograph:
    return photograph_in(content)


def test_that_the_stages_lead_from_the_photograph_to_what_the_network_sees(
    photo: Photograph, content: bytes
) -> None:
    stages = stages_of_photograph(photo)
    assert [stage.step for stage in stages] == [TAKEN, *STEP_NAMES]
    np.testing.assert_array_equal(np.rint(stages[-1].picture * 255), picture_in(content))
    for stage in stages:
        assert stage.picture.dtype == np.float32
        assert 0 <= stage.picture.min() <= stage.picture.max() <= 1


def test_that_each_step_does_what_it_is_for(photo: Photograph) -> None:
    pictures = {stage.step: stage.picture for stage in stages_of_photograph(photo)}
    border = pictures["taken"][:3]
    assert border.mean() > 0.5
    assert pictures["sheet"][:3].mean() < 0.5
    assert pictures["even"].mean() < pictures["sheet"].mean()
    assert (pictures["lines"] > 0.3).sum() < 0.8 * (pictures["even"] > 0.3).sum()
    assert (pictures["parts"] > 0).sum() < (pictures["lines"] > 0).sum()


@pytest.mark.parametrize("step", [name for name in STEP_NAMES if name != "even"])
def test_that_a_step_that_is_left_out_shows_the_picture_before_it(photo: Photograph, step: str) -> None:
    stages = stages_of_photograph(photo, without={step})
    number = [stage.step for stage in stages].index(step)
    if step == FORM[0]:  # the picture before it is as large as the photograph
        assert stages[number].picture.shape == (28, 28)
        return
    np.testing.assert_array_equal(stages[number].picture, stages[number - 1].picture)


def test_that_every_step_left_out_still_ends_in_the_field() -> None:
    digit = load_mnist_test().values[1].reshape(28, 28)
    chance = np.random.default_rng(0)
    stream = io.BytesIO()
    image_of(on_paper(written(digit, chance), chance)).save(stream, "PNG")
    stages = stages_of_photograph(photograph_in(stream.getvalue()), Field(16, 24), without=STEP_NAMES)
    assert stages[-1].picture.shape == (16, 24)


def test_that_a_digit_in_mnists_form_goes_its_way_unchanged() -> None:
    digit = load_mnist_test().values[0].reshape(28, 28)
    stream = io.BytesIO()
    Image.fromarray(digit).save(stream, "PNG")
    for stage in stages_of_photograph(photograph_in(stream.getvalue())):
        np.testing.assert_array_equal(np.rint(stage.picture * 255), digit)


def test_that_a_blank_picture_is_refused_on_its_way() -> None:
    stream = io.BytesIO()
    Image.new("L", (60, 60), 200).save(stream, "PNG")
    photo = photograph_in(stream.getvalue())
    for without in ((), ("parts",), STEP_NAMES):
        with pytest.raises(DataError, match="is blank"):
            stages_of_photograph(photo, without=without)
