"""Values are brought from version to version; each field is checked by its kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from micronn_core.common.errors import StorageError
from micronn_core.common.formats import Format, Record

HISTORY = Format(
    3,
    {
        1: lambda values: {"colour": values["color"]},
        2: lambda values: {**values, "size": 7},
    },
)


def test_that_old_values_are_brought_up_step_by_step() -> None:
    assert HISTORY.upgraded("f", {"format": 1, "color": "red"}) == {"format": 3, "colour": "red", "size": 7}
    assert HISTORY.upgraded("f", {"format": 2, "colour": "red"}) == {"format": 3, "colour": "red", "size": 7}


def test_that_values_of_today_stay_as_they_are() -> None:
    values = {"format": 3, "colour": "red", "size": 1}
    assert HISTORY.upgraded("f", values) == values


def test_that_a_newer_file_is_refused_in_words() -> None:
    with pytest.raises(StorageError) as caught:
        HISTORY.upgraded("model.npz", {"format": 4})
    assert str(caught.value) == (
        "model.npz was saved by a newer MicroNN (format 4); this one reads up to 3. Update MicroNN."
    )


@pytest.mark.parametrize("version", [None, 0, -1, "1", 1.0, True, [], {}])
def test_that_what_is_no_version_is_named(version: object) -> None:
    with pytest.raises(ValueError, match="its format is"):
        HISTORY.upgraded("f", {"format": version})


@dataclass
class Cake:
    name: str
    layers: int
    weight: float = 0.5
    sweet: bool = True
    fruits: tuple[str, ...] = ()
    picture: object = None


FIELDS = Record(Cake)
GOOD: dict[str, Any] = {"name": "ä", "layers": 3, "weight": 2, "sweet": False, "fruits": ["fig", "plum"]}


def test_that_fields_come_back_as_they_were() -> None:
    cake = Cake("ä", 3, 2.0, False, ("fig", "plum"), picture=object())
    assert FIELDS.values(cake) == GOOD
    assert FIELDS.read(GOOD) == {**GOOD, "fruits": ("fig", "plum")}


def test_that_a_missing_field_has_its_default_or_is_named() -> None:
    assert Cake(**FIELDS.read({"name": "x", "layers": 1})) == Cake("x", 1)
    with pytest.raises(ValueError, match="layers is missing"):
        FIELDS.read({"name": "x"})


WRONG = {
    "name": (None, 3, [], "\ud800"),
    "layers": (None, "3", 3.0, True, 2**60, -(2**60)),
    "weight": (None, "3", True, float("nan"), float("inf"), 10**400),
    "sweet": (None, 0, 1, "true"),
    "fruits": (None, "fig", ["fig", 3], {"fig": 1}),
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name in WRONG for value in WRONG[name]])
def test_that_a_value_of_another_kind_is_named(name: str, value: object) -> None:
    with pytest.raises((ValueError, OverflowError)):
        FIELDS.read({**GOOD, name: value})


def test_that_what_is_not_known_is_refused_in_words() -> None:
    FIELDS.check_known("f", {**GOOD, "format": 2, "sizes": []}, "sizes")
    with pytest.raises(StorageError, match=r"f holds 'candles', which this MicroNN does not know\. Update"):
        FIELDS.check_known("f", {**GOOD, "candles": 3})
