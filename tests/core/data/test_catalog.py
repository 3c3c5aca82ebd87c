"""Data sets by name: those that come with MicroNN, and files that were opened."""

from __future__ import annotations

from micronn_core.data.catalog import DATASETS


def test_that_mnist_can_be_chosen_by_name() -> None:
    assert DATASETS["mnist"].label == "MNIST"
    assert len(DATASETS["mnist"].load_test()) == 10_000
    assert len(DATASETS["mnist"].load_train()) == 60_000
