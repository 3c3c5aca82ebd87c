"""Batches of varied pictures, made ahead on a thread of their own so that training hardly waits.

The order of an epoch is cut into pieces of 512 places. How a piece is varied is decided by the
seed, the epoch and the piece alone, so the pictures are the same whatever the batch size is,
however fast the thread is, and however often a step is repeated.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from micronn_core.common.errors import ConfigError
from micronn_core.common.texts import tr
from micronn_core.data.augmentation import Augmentation
from micronn_core.data.dataset import Samples
from micronn_core.data.distortion import Workbench
from micronn_core.data.hands import Hands
from micronn_core.training.compute.batches import Chunk

PIECE = 512
"""Places in a piece: some milliseconds of work."""

MOST_AHEAD = 16
"""Pieces made ahead at most, under 30 MB; as many as the batch has, if those are fewer, but not below 4."""

_WAIT = 0.01
"""Seconds to wait for the thread before yielding."""


class _Piece(NamedTuple):
    """The varied pictures of some places, (m, pixels), and their labels, (m,)."""

    rows: NDArray[np.floating]
    labels: NDArray[np.intp]


def picture_shape(samples: Samples) -> tuple[int, int]:
    """Return the rows and columns of samples that are pictures.

    Raises:
        ConfigError: they are none, so they cannot be varied.
    """
    shape = None if samples.spec is None else samples.spec.features.image_shape
    if shape is None:
        raise ConfigError(
            "augmentation",
            tr("Only pictures can be varied, and these samples are none. Switch the augmentation off."),
        )
    return shape


class VariedBatches:
    """Makes batches of varied copies of samples. It owns a thread: `close` it.

    Args:
        samples: pictures.
        augmentation: how far to vary them.
        seed: decides how, with the epoch and the place in its order.
        order: gives the order of the samples in an epoch, (m,); the thread asks too.
        chunk_size: most samples in a chunk of a batch.
        white: the largest value of a pixel.

    Raises:
        ConfigError: the samples are no pictures.
    """

    def __init__(
        self,
        samples: Samples,
        augmentation: Augmentation,
        seed: int,
        order: Callable[[int], NDArray[np.intp]],
        chunk_size: int,
        white: float = 1.0,
    ) -> None:
        shape = picture_shape(samples)
        self._samples = samples
        self._augmentation = augmentation
        self._seed = seed
        self._order = order
        self._chunk_size = chunk_size
        self._white = white
        self._in_epoch = -(-len(samples) // PIECE)
        self._pieces: dict[int, Future[_Piece]] = {}  # by number, counted on from epoch to epoch
        self._bench = Workbench(shape)
        digits = samples.labels if samples.spec is not None and samples.spec.has_digits else None
        self._hands = Hands(shape, len(samples), digits, white) if augmentation.hands else None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="micronn-vary")

    def batch(self, epoch: int, start: int, stop: int) -> Generator[None, None, VariedBatch]:
        """Return the batch of a range of an epoch's order, yielding while its pictures are being made.

        Raises:
            Exception: whatever went wrong on the thread.
        """
        before = epoch * self._in_epoch
        needed = range(before + start // PIECE, before + -(-stop // PIECE))
        self._ask_for(range(needed.start, needed.stop + min(max(4, len(needed)), MOST_AHEAD)))
        futures = [self._pieces[number] for number in needed]
        while wait(futures, _WAIT).not_done:
            yield
        parts = []
        for number, future in zip(needed, futures, strict=True):
            first = (number - before) * PIECE
            part = slice(max(start - first, 0), stop - first)
            rows, labels = future.result()
            parts.append(_Piece(rows[part], labels[part]))
        return VariedBatch(parts, self._chunk_size)

    def close(self) -> None:
        """End the thread; a piece under way is waited for."""
        self._thread.shutdown(cancel_futures=True)

    def _ask_for(self, numbers: range) -> None:
        """Have these pieces made that are not there yet, and forget all others."""
        for number in self._pieces.keys() - set(numbers):
            self._pieces.pop(number).cancel()
        for number in numbers:
            if number not in self._pieces:
                self._pieces[number] = self._thread.submit(self._make, number)

    def _make(self, number: int) -> _Piece:
        epoch, piece = divmod(number, self._in_epoch)
        chosen = self._order(epoch)[piece * PIECE : (piece + 1) * PIECE]
        rng = np.random.default_rng([self._seed, 3, epoch, piece])
        rows, labels = self._samples.rows, self._samples.labels[chosen]
        if self._hands is not None:
            by_hand = np.random.default_rng([self._seed, 4, epoch, piece])
            rows = self._hands.redrawn(rows, chosen, by_hand, self._augmentation.hands)
            chosen = np.arange(len(chosen))
        varied = self._bench.vary(rows, chosen, rng, self._augmentation, self._white)
        return _Piece(varied.astype(rows.dtype, copy=False), labels)


class VariedBatch:
    """A batch that has been made: each piece it reaches into gives chunks of its own, so nothing is copied.

    Args:
        parts: varied pictures and their labels, in order.
        chunk_size: most samples in a chunk.
    """

    def __init__(self, parts: list[_Piece], chunk_size: int) -> None:
        self.count = sum(len(part.labels) for part in parts)
        self._chunks = [
            Chunk(part.rows[i : i + chunk_size], part.labels[i : i + chunk_size])
            for part in parts
            for i in range(0, len(part.labels), chunk_size)
        ]

    def __len__(self) -> int:
        """Return the number of chunks."""
        return len(self._chunks)

    def chunk(self, i: int) -> Chunk:
        """Return chunk i, a view."""
        return self._chunks[i]
