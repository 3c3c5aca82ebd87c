"""The first few pictures of MNIST in its place, so that an epoch takes milliseconds."""

from __future__ import annotations

import functools

import pytest

from micronn_core.data.catalog import DATASETS, DatasetSource
from micronn_core.data.dataset import Dataset
from micronn_core.data.features import DIGITS_SPEC
from micronn_core.data.mnist import load_mnist_train
from micronn_core.data.splits import SPLITS, SplitRule
from tests.core.samples import of_digits

TRAIN, VALIDATION = 240, 60


@functools.cache
def tiny() -> Dataset:
    """Some more pictures than the split takes."""
    whole = load_mnist_train()
    count = TRAIN + VALIDATION + 11
    return of_digits("Tiny", whole.values[:count], whole.labels[:count])


def use_tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the default config's data set and split be tiny ones."""
    monkeypatch.setitem(DATASETS, "mnist", DatasetSource("mnist", "Tiny", tiny, tiny, DIGITS_SPEC))
    rule = SplitRule("48000/12000", "Tiny", TRAIN, VALIDATION, "this test")
    monkeypatch.setitem(SPLITS, rule.name, rule)
