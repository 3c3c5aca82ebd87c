"""Texts come in the language in use, with every place filled, whatever the translator wrote."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from micronn_core.common.texts import ENGLISH, language, mark, number, tr, trc, trn, use_language


@pytest.fixture
def german(tmp_path: Path) -> Iterator[None]:
    catalog = Catalog(locale="de")
    catalog.add("{count:,} samples in {file}", "{file}: {count:,} Beispiele")
    catalog.add("Saved as {path}", "Gespeichert als {pfad}")
    catalog.add(("{count:,} run", "{count:,} runs"), ("{count:,} Lauf", "{count:,} Läufe"))
    catalog.add("Open", "Offen", context="a state")
    catalog.add("Open", "Öffnen")
    path = tmp_path / "de" / "LC_MESSAGES" / "micronn.mo"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_mo(file, catalog)
    use_language("de", tmp_path)
    yield
    use_language(ENGLISH, None)


def test_that_english_is_what_the_code_says() -> None:
    assert tr("{count:,} samples in {file}", count=48000, file="a.csv") == "48,000 samples in a.csv"
    assert trn("{count:,} run", "{count:,} runs", 1) == "1 run"
    assert trn("{count:,} run", "{count:,} runs", 1000) == "1,000 runs"
    assert tr(mark("Open")) == trc("a state", "Open") == "Open"
    assert tr("braces { } of a text without places") == "braces { } of a text without places"


@pytest.mark.usefixtures("german")
def test_that_a_translation_may_move_the_places_and_writes_numbers_its_own_way() -> None:
    assert tr("{count:,} samples in {file}", count=48000, file="a.csv") == "a.csv: 48.000 Beispiele"
    assert trn("{count:,} run", "{count:,} runs", 1) == "1 Lauf"
    assert trn("{count:,} run", "{count:,} runs", 1234) == "1.234 Läufe"
    assert number(1234.5, ",.2f") == "1.234,50"
    assert number(0.853, ".1%") == "85,3%"


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize("count", [np.int64(1500), np.float32(1500), np.float64(1500), 1500.0])
def test_that_numbers_of_numpy_are_numbers(count: float) -> None:
    assert tr("{count:,.0f}", count=count) == "1.500"


@pytest.mark.usefixtures("german")
def test_that_what_is_no_number_keeps_its_signs() -> None:
    assert tr("{count:,} samples in {file}", count=1, file="1,5.csv") == "1,5.csv: 1 Beispiele"
    assert tr("{yes}", yes=True) == "True"


@pytest.mark.usefixtures("german")
def test_that_nothing_stays_nothing() -> None:
    assert tr("") == ""


@pytest.mark.usefixtures("german")
def test_that_one_word_can_mean_two_things() -> None:
    assert tr("Open") == "Öffnen"
    assert trc("a state", "Open") == "Offen"


@pytest.mark.usefixtures("german")
def test_that_what_has_no_translation_stays_english() -> None:
    assert tr("Dismiss {what}", what="it") == "Dismiss it"


@pytest.mark.usefixtures("german")
def test_that_a_translation_with_a_wrong_place_gives_way_to_english() -> None:
    assert tr("Saved as {path}", path="x.npz") == "Saved as x.npz"


@pytest.mark.usefixtures("german")
def test_that_a_language_without_translation_is_english_down_to_its_numbers(tmp_path: Path) -> None:
    use_language("fr", tmp_path)
    assert language() == ENGLISH
    assert number(1000) == "1,000"


def test_that_a_place_without_a_value_is_a_mistake_of_the_program() -> None:
    with pytest.raises(KeyError):
        tr("Saved as {path}", file="x.npz")
