"""What a run learns from, batch by batch: all samples at once, or a part of an epoch's own order."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from micronn_core.data.augmentation import Augmentation
from micronn_core.data.catalog import is_file_name, open_source
from micronn_core.data.dataset import Dataset
from micronn_core.data.splits import Split, shuffled, split, split_rule
from micronn_core.settings.config import TrainingConfig
from micronn_core.training.compute.augmented_batches import VariedBatches, picture_shape
from micronn_core.training.compute.batches import Batch, PackedBatch, SampleBatch


def split_of(config: TrainingConfig, dataset: Dataset | None = None, more: Dataset | None = None) -> Split:
    """Return the samples that a config trains and validates on.

    Args:
        config: its split, seed, number format and range of the pixels decide.
        dataset: the samples that it names, if they have been read already.
        more: samples to train on as well.

    Raises:
        DataError: the samples cannot be read, are too few, or the others are of another kind.
    """
    dataset = open_source(config.dataset).load_train() if dataset is None else dataset
    counts = split_rule(config.split).counts(len(dataset))
    parts = split(dataset, *counts, config.seed, config.dtype, more, config.white)
    return replace(parts, digest=dataset.digest()) if is_file_name(config.dataset) else parts


def held_out(config: TrainingConfig) -> Dataset:
    """Return samples that a run by a config never learns from.

    They are the test samples of its data set, or, where there are none, what its split validates on.

    Raises:
        DataError: the samples cannot be read, or are too few.
    """
    source = open_source(config.dataset)
    if source.load_test is not None:
        return source.load_test()
    dataset = source.load_train()
    train, validation = split_rule(config.split).counts(len(dataset))
    return dataset.taken(shuffled(len(dataset), config.seed)[train : train + validation])


class Feed:
    """Makes the batches of a run.

    Args:
        split: the samples.
        config: its seed decides the order of the samples, anew in each epoch.
        chunk_size: most samples in a chunk of a batch.
    """

    def __init__(self, split: Split, config: TrainingConfig, chunk_size: int) -> None:
        self._split = split
        self._seed, self._white = config.seed, config.white
        self._chunk_size = chunk_size
        self._order: tuple[int, NDArray[np.intp]] | None = None
        self._packed: dict[str, PackedBatch] = {}
        self._augmentation = Augmentation()
        self._varied: VariedBatches | None = None
        self._vary(config.augmentation)

    def check(self, augmentation: Augmentation) -> None:
        """Raise a ConfigError unless the samples can be varied, if they are to be."""
        if augmentation.varies:
            picture_shape(self._split.train)

    def _vary(self, augmentation: Augmentation) -> None:
        """Vary the pictures so far from now on."""
        if augmentation == self._augmentation:
            return
        if self._varied is not None:
            self._varied.close()
            self._varied = None
        if augmentation.varies:
            self._varied = VariedBatches(
                self._split.train, augmentation, self._seed, self._order_of, self._chunk_size, self._white
            )
        self._augmentation = augmentation

    def batch(
        self, epoch: int, start: int, stop: int, augmentation: Augmentation
    ) -> Generator[None, None, Batch]:
        """Return the samples of a range of an epoch's order, yielding between pieces of work.

        Args:
            epoch: whose order.
            start: the first place in it.
            stop: the place behind the last.
            augmentation: how far the pictures are varied.

        Raises:
            ConfigError: the samples are no pictures that could be varied.
        """
        self._vary(augmentation)
        if self._varied is not None:
            return (yield from self._varied.batch(epoch, start, stop))
        if stop - start == len(self._split.train):  # their order does not matter
            return (yield from self.everything("train"))
        return SampleBatch(self._split.train, self._order_of(epoch)[start:stop], self._chunk_size)

    def _order_of(self, epoch: int) -> NDArray[np.intp]:
        known = self._order
        if known is None or known[0] != epoch:
            order = np.random.default_rng([self._seed, 2, epoch]).permutation(len(self._split.train))
            known = self._order = epoch, order
        return known[1]

    def everything(self, part: str) -> Generator[None, None, PackedBatch]:
        """Return all samples of a part of the split, "train" or "validation", packed when first needed."""
        if part not in self._packed:
            packed = PackedBatch(self._chunk_size)
            yield from packed.fill(getattr(self._split, part))
            self._packed[part] = packed
        return self._packed[part]

    def close(self) -> None:
        """Let go of the samples, and end the thread that varies them."""
        self._packed.clear()
        if self._varied is not None:
            self._varied.close()
