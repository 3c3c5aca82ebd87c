"""A batch as the fast passes read it: chunk by chunk, each small enough for the cache."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from micronn_core.data.dataset import Samples
from micronn_core.nn.activations import Array


class Chunk(NamedTuple):
    """Some samples of a batch.

    Attributes:
        rows: one sample a row, (m, k).
        labels: the true classes, (m,).
        columns: which pixels the k columns are, (k,), or None for all of them in order.
    """

    rows: Array
    labels: NDArray[np.intp]
    columns: NDArray[np.intp] | None = None


class Batch(Protocol):
    """What a pass needs of a batch."""

    count: int
    """Number of samples."""

    def __len__(self) -> int:
        """Return the number of chunks."""

    def chunk(self, i: int) -> Chunk:
        """Return chunk i; any thread may ask."""


class SampleBatch:
    """Chosen samples in a given order, gathered when their chunk is asked for.

    Args:
        samples: what to choose from.
        indices: the chosen samples, (m,), or None for all of them.
        chunk_size: most samples in a chunk.
    """

    def __init__(self, samples: Samples, indices: NDArray[np.intp] | None, chunk_size: int) -> None:
        self._samples = samples
        self._indices = indices
        self._size = chunk_size
        self.count = len(samples) if indices is None else len(indices)

    def __len__(self) -> int:
        """Return the number of chunks."""
        return -(-self.count // self._size)

    def chunk(self, i: int) -> Chunk:
        """Return chunk i: a view where all samples are chosen, else a copy."""
        part = slice(i * self._size, (i + 1) * self._size)
        if self._indices is None:
            return Chunk(self._samples.rows[part], self._samples.labels[part])
        chosen = self._indices[part]
        return Chunk(self._samples.rows.take(chosen, axis=0), self._samples.labels[chosen])


class PackedBatch:
    """All samples, arranged so that there is less to compute.

    The order of the samples does not matter to a full batch, and a pixel that is blank in every
    sample of a chunk adds nothing to any sum. So the samples are sorted by their digit, which
    makes neighbours alike, and each chunk keeps only the pixels that are inked somewhere in it:
    on MNIST a third of the work is gone.

    Args:
        chunk_size: most samples in a chunk.
    """

    def __init__(self, chunk_size: int) -> None:
        self.count = 0
        self._size = chunk_size
        self._chunks: list[Chunk] = []

    def fill(self, samples: Samples) -> Generator[None]:
        """Arrange the samples, yielding after each chunk."""
        order = np.argsort(samples.labels, kind="stable")
        for start in range(0, len(order), self._size):
            chosen = order[start : start + self._size]
            rows = samples.rows.take(chosen, axis=0)
            columns = np.flatnonzero(rows.any(axis=0))
            self._chunks.append(Chunk(rows.take(columns, axis=1), samples.labels[chosen], columns))
            self.count += len(chosen)
            yield

    def __len__(self) -> int:
        """Return the number of chunks."""
        return len(self._chunks)

    def chunk(self, i: int) -> Chunk:
        """Return chunk i."""
        return self._chunks[i]


def run_to_end(pieces: Generator[None, None, Any]) -> Any:  # noqa: ANN401 - whatever it returns
    """Run a piecewise computation in one go and return its result."""
    while True:
        try:
            next(pieces)
        except StopIteration as end:
            return end.value
