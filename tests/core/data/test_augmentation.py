"""The rules of how far pictures may be varied."""

from __future__ import annotations

import dataclasses
import json
import math

import pytest

from micronn_core.common.errors import ConfigError
from micronn_core.data.augmentation import AMOUNTS, AUGMENTATIONS, Augmentation

every_amount = pytest.mark.parametrize("name", AMOUNTS)


def test_that_the_table_of_amounts_names_every_field_in_order() -> None:
    assert list(AMOUNTS) == [field.name for field in dataclasses.fields(Augmentation)]
    assert all(name == amount.name for name, amount in AMOUNTS.items())


def test_that_nothing_varies_unless_asked_for() -> None:
    assert set(dataclasses.astuple(Augmentation())) == {0.0}
    assert not Augmentation().varies
    assert not Augmentation(shift=0).varies


@every_amount
def test_that_any_amount_above_zero_varies_up_to_its_limit(name: str) -> None:
    assert Augmentation(**{name: AMOUNTS[name].most}).varies
    assert Augmentation(**{name: 1e-3}).varies


@every_amount
@pytest.mark.parametrize("value", [-0.1, math.nan, math.inf, "1", None, True])
def test_that_an_amount_that_cannot_be_used_is_named(name: str, value: object) -> None:
    with pytest.raises(ConfigError, match=rf"\({name}\) must be a number from 0 .off. to") as caught:
        Augmentation(**{name: value})  # type: ignore[arg-type]
    assert caught.value.field == "augmentation"


@every_amount
def test_that_an_amount_beyond_its_limit_is_refused_with_the_limit(name: str) -> None:
    most = AMOUNTS[name].most
    with pytest.raises(ConfigError, match=f"to {most:g}.*not {most * 1.01}"):
        Augmentation(**{name: most * 1.01})


def test_that_amounts_survive_json() -> None:
    strong = AUGMENTATIONS["strong"].augmentation
    assert Augmentation.from_values(json.loads(json.dumps(dataclasses.asdict(strong)))) == strong
    assert Augmentation.from_values({"noise": 0.1}) == Augmentation(noise=0.1)
    assert Augmentation.from_values({}) == Augmentation()


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ({"blur": 1.0}, "There is no augmentation 'blur'. Amounts: shift, rotation"),
        ({3: 1.0}, "There is no augmentation 3"),
        ([1.5], "must be amounts such as"),
        ("strong", "must be amounts such as"),
        ({"shift": [1]}, "(shift) must be a number"),
    ],
)
def test_that_json_of_something_else_is_refused(values: object, complaint: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Augmentation.from_values(values)
    assert complaint in str(caught.value)
    assert caught.value.field == "augmentation"


def test_that_the_named_strengths_run_from_none_to_strong() -> None:
    assert list(AUGMENTATIONS) == ["off", "gentle", "strong"]
    off, gentle, strong = (dataclasses.astuple(strength.augmentation) for strength in AUGMENTATIONS.values())
    assert all(a <= b <= c for a, b, c in zip(off, gentle, strong, strict=True))
    assert off == dataclasses.astuple(Augmentation())
    assert gentle != strong
