"""A few test samples to try a network on, read on a thread of their own when first needed."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np
from numpy.typing import DTypeLike

from micronn_core.common.errors import DataError
from micronn_core.data.dataset import Dataset
from micronn_core.diagnostics.layer_statistics import probe_count
from micronn_core.nn.activations import Array
from micronn_core.settings.config import TrainingConfig
from micronn_gui.session.samples import held_out


class Probe:
    """Reads the test samples of a data set and hands out the first of them."""

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None
        self._read: dict[object, Dataset | None] = {}
        self._last: tuple[object, Array] | None = None

    def pending(self, config: TrainingConfig) -> bool:
        """Return whether the samples of a config's data set are on their way, or not yet asked for."""
        return _key(config) not in self._read

    def pictures(self, config: TrainingConfig, sizes: Sequence[int], dtype: DTypeLike) -> Array | None:
        """Return as many samples as suit a network, as it sees them, (n, m).

        None while they are being read, and where they cannot be.
        """
        if self.pending(config):
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._fetch, args=(config,), name="micronn-probe")
                self._thread.start()
            return None
        dataset, count = self._read[_key(config)], probe_count(sizes)
        if dataset is None:
            return None
        wanted = (_key(config), count, config.white, np.dtype(dtype))
        if self._last is None or self._last[0] != wanted:
            self._last = (wanted, dataset.spec.inputs(dataset.values[:count], dtype, config.white))
        return self._last[1]

    def close(self) -> None:
        """Wait for what is being read."""
        if self._thread is not None:
            self._thread.join()

    def _fetch(self, config: TrainingConfig) -> None:
        try:
            self._read[_key(config)] = held_out(config)
        except DataError:  # the curves can be judged all the same
            self._read[_key(config)] = None


def _key(config: TrainingConfig) -> tuple[str, str, int]:
    """Return what decides which samples a network is tried on."""
    return config.dataset, config.split, config.seed
