"""The data of the last run, so that another network of the same data begins at once."""

from __future__ import annotations

from micronn_core.data.catalog import DatasetSource, open_source
from micronn_core.data.dataset import Dataset
from micronn_core.data.splits import Split
from micronn_core.settings.config import TrainingConfig
from micronn_core.training.feed import split_of


class SplitCache:
    """Reads a dataset when it is first needed, and keeps it and one split of it."""

    def __init__(self) -> None:
        self._source: DatasetSource | None = None
        self._dataset: Dataset | None = None
        self._key: tuple[str, int, str, str, str] | None = None
        self._split: Split | None = None

    def load(self, name: str) -> Dataset:
        """Return a dataset by its name, read unless it is the one of the last time.

        Raises:
            DataError: it cannot be read.
        """
        source = open_source(name)
        if self._dataset is None or source is not self._source:
            self._dataset = self._split = None  # let go of the old one first
            self._dataset = source.load_train()
            self._source = open_source(name)  # a file that was written anew is another
        return self._dataset

    def of(self, config: TrainingConfig, more: Dataset | None = None) -> Split:
        """Return the split that a config asks for, with more samples to train on if there are any.

        Raises:
            DataError: the data cannot be read, or are too few.
        """
        dataset = self.load(config.dataset)
        added = "" if more is None else more.fingerprint()
        key = (config.split, config.seed, config.dtype, config.pixels, added)
        if self._split is None or key != self._key:
            self._split = None  # let go of the old one first: there is no memory to spare for both
            self._split = split_of(config, dataset, more)
            self._key = key
        return self._split
