"""The data of the last run, so that another network of the same data begins at once."""

from __future__ import annotations

from micronn_core.config import TrainingConfig
from micronn_core.datasets import DATASETS, SPLITS, Dataset, Split, split


class SplitCache:
    """Reads a dataset when it is first needed, and keeps one split of it."""

    def __init__(self) -> None:
        self._datasets: dict[str, Dataset] = {}
        self._key: tuple[str, str, int, str] | None = None
        self._split: Split | None = None

    def of(self, config: TrainingConfig) -> Split:
        """Return the split that a config asks for.

        Raises:
            DataError: the data cannot be read, or are too few.
        """
        key = (config.dataset, config.split, config.seed, config.dtype)
        if self._split is None or key != self._key:
            if config.dataset not in self._datasets:
                self._datasets[config.dataset] = DATASETS[config.dataset].load_train()
            self._split = None  # let go of the old one first: there is no memory to spare for both
            rule, dataset = SPLITS[config.split], self._datasets[config.dataset]
            self._split = split(dataset, rule.train_count, rule.validation_count, config.seed, config.dtype)
            self._key = key
        return self._split
