"""The first few pictures of MNIST in its place, so that an epoch takes milliseconds."""

from __future__ import annotations

import functools

import pytest

from micronn_core.data.dataset import DATASETS, SPLITS, Dataset, DatasetSource, SplitRule
from micronn_core.data.mnist import load_mnist_train

TRAIN, VALIDATION = 240, 60


@functools.cache
def tiny() -> Dataset:
    """Some more pictures than the split takes."""
    whole = load_mnist_train()
    count = TRAIN + VALIDATION + 11
    return Dataset("Tiny", whole.images[:count], whole.labels[:count])


def use_tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the default config's data set and split be tiny ones."""
    monkeypatch.setitem(DATASETS, "mnist", DatasetSource("mnist", "Tiny", tiny, tiny))
    rule = SplitRule("48000/12000", "Tiny", TRAIN, VALIDATION, "this test")
    monkeypatch.setitem(SPLITS, rule.name, rule)
