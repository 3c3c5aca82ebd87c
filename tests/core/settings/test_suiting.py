"""Settings for another data set: kept as far as they suit it."""

from __future__ import annotations

import pytest

from micronn_core.data import catalog
from micronn_core.data.augmentation import AUGMENTATIONS
from micronn_core.data.catalog import DATASETS, remember
from micronn_core.settings.config import TrainingConfig
from micronn_core.settings.suiting import suited_to
from tests.core.shapes import flowers, letters

VARIED = TrainingConfig(
    batch_size=128, augmentation=AUGMENTATIONS["gentle"].augmentation, hidden=(7,), epochs=9
)


@pytest.fixture(autouse=True)
def _forget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalog, "_OPENED", {})


def test_that_a_split_that_needs_too_many_samples_becomes_one_by_shares() -> None:
    source = remember("/data/letters.csv", "letters.csv", letters().spec, 780)
    config = suited_to(VARIED, source)
    assert (config.dataset, config.split) == ("/data/letters.csv", "80%/20%")
    assert (config.batch_size, config.hidden, config.epochs) == (128, (7,), 9)
    assert config.augmentation == VARIED.augmentation
    assert suited_to(VARIED.with_value("split", "300/100"), source).split == "300/100"


def test_that_a_batch_larger_than_the_training_samples_becomes_all_of_them_unvaried() -> None:
    source = remember("/data/letters.csv", "letters.csv", letters().spec, 100)
    config = suited_to(VARIED, source)
    assert (config.batch_size, config.augmentation.varies) == (0, False)


def test_that_columns_are_not_varied() -> None:
    source = remember("/data/flowers.csv", "flowers.csv", flowers().spec, 1_500)
    config = suited_to(VARIED, source)
    assert (config.batch_size, config.augmentation.varies) == (128, False)


def test_that_settings_that_suit_stay() -> None:
    assert suited_to(VARIED, DATASETS["mnist"]) == VARIED
