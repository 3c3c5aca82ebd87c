"""The glossary: every setting and every choice explains itself, in full."""

from __future__ import annotations

import dataclasses

import pytest

from micronn_core.data.augmentation import AMOUNTS
from micronn_core.nn.activations import ACTIVATIONS
from micronn_core.nn.initializers import INITIALIZERS
from micronn_core.nn.optimizers import OPTIMIZERS
from micronn_core.nn.schedules import SCHEDULES
from micronn_core.settings.config import TrainingConfig
from micronn_core.settings.explanations import GLOSSARY, Entry

NOT_SHOWN = {"my_digits"}
"""Settings that no control of the recipe shows."""
SETTINGS = {field.name for field in dataclasses.fields(TrainingConfig)} - NOT_SHOWN
CHOICES = [
    (table, name)
    for table in (ACTIVATIONS, INITIALIZERS, OPTIMIZERS, SCHEDULES)
    for name in table
    if name != "barrier"
]


def test_that_every_setting_and_every_amount_of_variation_has_an_entry() -> None:
    amounts = {f"augmentation.{name}" for name in AMOUNTS}
    assert set(GLOSSARY) == SETTINGS | amounts | {"recipe"}
    assert all(entry.name == name for name, entry in GLOSSARY.items())


@pytest.mark.parametrize("entry", GLOSSARY.values(), ids=lambda entry: entry.name)
def test_that_an_entry_is_complete_and_written_in_sentences(entry: Entry) -> None:
    assert entry.title
    assert entry.source
    assert entry.what.endswith(".")
    assert entry.expect.endswith(".")
    assert entry.latex or entry.name == "recipe"
    assert not entry.source.endswith(".")  # the card sets it


@pytest.mark.parametrize(("table", "name"), CHOICES, ids=lambda part: part if isinstance(part, str) else "")
def test_that_every_choice_has_a_label_words_a_formula_and_a_source(table: dict, name: str) -> None:
    choice = table[name]
    assert choice.label
    assert choice.description.endswith(".")
    assert choice.latex
    assert choice.source


def test_that_an_amount_has_the_title_that_its_table_gives_it() -> None:
    for amount in AMOUNTS.values():
        assert GLOSSARY[f"augmentation.{amount.name}"].title == amount.label


def test_that_xavier_names_glorot_and_says_which_variance_it_has() -> None:
    xavier = INITIALIZERS["xavier"]
    assert xavier.label == "Xavier / Glorot"
    assert "Glorot and Bengio 2010" in xavier.source
    assert "1 / n_in of the Kaggle notebook" in xavier.source
