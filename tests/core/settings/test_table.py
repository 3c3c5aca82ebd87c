"""The table of settings: every row is complete, and every setting and choice explains itself."""

from __future__ import annotations

import dataclasses

import pytest

from micronn_core.common.errors import ConfigError
from micronn_core.data.augmentation import AMOUNTS, AUGMENTATIONS
from micronn_core.nn.activations import ACTIVATIONS
from micronn_core.nn.initializers import INITIALIZERS
from micronn_core.nn.optimizers import OPTIMIZERS
from micronn_core.nn.schedules import SCHEDULES
from micronn_core.settings.config import TrainingConfig
from micronn_core.settings.kinds import Kind, whole_number
from micronn_core.settings.recipes import RECIPES
from micronn_core.settings.setting import Explained, Setting
from micronn_core.settings.table import AMOUNT_SETTINGS, EXPLAINED, SECTIONS, SETTINGS, SHOWN

CHOICES = [
    (table, name)
    for table in (ACTIVATIONS, INITIALIZERS, OPTIMIZERS, SCHEDULES)
    for name in table
    if name != "barrier"
]
CONFIGS = [
    *(recipe.config for recipe in RECIPES.values()),
    TrainingConfig(batch_size=64, augmentation=AUGMENTATIONS["gentle"].augmentation, l1=1e-5, clip=2.5),
]


def every(rows: dict[str, Setting]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("row", rows.values(), ids=lambda row: row.name)


def test_that_every_field_of_the_config_has_a_row_by_its_name() -> None:
    assert list(SETTINGS) == [field.name for field in dataclasses.fields(TrainingConfig)]
    assert all(row.name == name for name, row in {**SETTINGS, **SHOWN}.items())


def test_that_what_a_person_sets_explains_itself() -> None:
    amounts = {f"augmentation.{name}" for name in AMOUNTS}
    assert set(AMOUNT_SETTINGS) == amounts
    assert set(SHOWN) == set(SETTINGS) - {"my_digits"} | amounts
    assert set(EXPLAINED) == {*SHOWN, "recipe"}
    assert {row.section for row in SHOWN.values()} == set(SECTIONS)


@pytest.mark.parametrize("row", EXPLAINED.values(), ids=lambda row: row.name)
def test_that_an_explanation_is_complete_and_written_in_sentences(row: Explained) -> None:
    assert row.label
    assert row.source
    assert row.what.endswith(".")
    assert row.expect.endswith(".")
    assert row.latex or row.name == "recipe"
    assert not row.source.endswith(".")  # the card sets it


@every(SETTINGS)
def test_that_a_row_names_its_setting_at_the_head_and_in_the_middle_of_a_line(row: Setting) -> None:
    assert row.help
    assert not row.help.endswith(".")
    assert row.short == row.short.lower()
    assert row.subject[0].isupper()


@every(SETTINGS)
def test_that_what_a_kind_writes_it_reads_again(row: Setting) -> None:
    for config in CONFIGS:
        value = row.value_in(config)
        assert row.kind.read(row.kind.write(value)) == value
        assert row.kind.show(value)[:1] or not value


@every(SETTINGS)
def test_that_a_value_that_is_nothing_at_all_is_refused_by_the_settings_name(row: Setting) -> None:
    with pytest.raises(ConfigError) as caught:
        row.kind.check(row, object(), TrainingConfig())
    assert caught.value.field == row.name


def test_that_a_kind_looks_its_choices_up_when_they_are_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    kind: Kind = SETTINGS["activation"].kind
    monkeypatch.setitem(ACTIVATIONS, "other", ACTIVATIONS["relu"])
    assert kind.choices()[-1] == "other"
    assert TrainingConfig(activation="other").activation == "other"


@pytest.mark.parametrize(
    ("text", "number"),
    [("1000", 1000), (" 1,000 ", 1000), ("1 000", 1000), ("12_345", 12_345), ("-1", -1), ("0", 0)],
)
def test_that_a_whole_number_is_read_with_and_without_signs_between_thousands(text: str, number: int) -> None:
    assert whole_number(text) == number


@pytest.mark.parametrize("text", ["2,5", "1,00", "", "ten", "1.5", "1e3", "1,0000"])
def test_that_what_is_no_whole_number_comes_back(text: str) -> None:
    assert whole_number(text) == text


@pytest.mark.parametrize(("table", "name"), CHOICES, ids=lambda part: part if isinstance(part, str) else "")
def test_that_every_choice_has_a_label_words_a_formula_and_a_source(table: dict, name: str) -> None:
    choice = table[name]
    assert choice.label
    assert choice.description.endswith(".")
    assert choice.latex
    assert choice.source


def test_that_xavier_names_glorot_and_says_which_variance_it_has() -> None:
    xavier = INITIALIZERS["xavier"]
    assert xavier.label == "Xavier / Glorot"
    assert "Glorot and Bengio 2010" in xavier.source
    assert "1 / n_in of the Kaggle notebook" in xavier.source
