"""The data of the last run, so that another network of the same data begins at once."""

from __future__ import annotations

from micronn_core.data.catalog import open_source
from micronn_core.data.dataset import Dataset
from micronn_core.data.splits import Split
from micronn_core.settings.config import TrainingConfig
from micronn_core.training.feed import split_of


class SplitCache:
    """Reads a dataset when it is first needed, and keeps one split of it."""

    def __init__(self) -> None:
        self._datasets: dict[str, Dataset] = {}
        self._key: tuple[str, str, int, str, str, str] | None = None
        self._split: Split | None = None

    def load(self, dataset: str) -> None:
        """Read a dataset, by its name, unless that has been done.

        Raises:
            DataError: it cannot be read.
        """
        if dataset not in self._datasets:
            self._datasets[dataset] = open_source(dataset).load_train()

    def of(self, config: TrainingConfig, more: Dataset | None = None) -> Split:
        """Return the split that a config asks for, with more samples to train on if there are any.

        Raises:
            DataError: the data cannot be read, or are too few.
        """
        added = "" if more is None else more.fingerprint()
        key = (config.dataset, config.split, config.seed, config.dtype, config.pixels, added)
        if self._split is None or key != self._key:
            self.load(config.dataset)
            self._split = None  # let go of the old one first: there is no memory to spare for both
            self._split = split_of(config, self._datasets[config.dataset], more)
            self._key = key
        return self._split
