"""All that a run needs to go on exactly where it was: interrupted and continued equals uninterrupted.

The order of the samples, dropout and the variation of pictures are drawn anew for each epoch or step
from the config's seed, so the place within the run is all that is kept of them.
"""

from __future__ import annotations

import weakref
from collections import deque
from dataclasses import dataclass
from mmap import mmap

import numpy as np
from numpy.typing import NDArray

from micronn_core.data.splits import Split
from micronn_core.nn.network import Parameters
from micronn_core.training.early_stopping import Best
from micronn_core.training.history import Metrics


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """A moment of a run from which it can go on: bit for bit on one machine with one number of threads.

    Attributes:
        metrics: how the network stood.
        epoch: complete passes over the training samples.
        position: samples of the present pass that were learned from.
        parameters: the weights and biases, read-only.
        averages: what the optimizer remembers of the gradients, (averages, n), read-only.
        optimizer_steps: how many steps it has taken.
        best: the moment of the lowest validation loss, or None before the first.
        waiting_since: the epoch from which progress is waited for.
        stopped: whether the run was stopped early.
        samples: the digest of the samples that it learns from.
    """

    metrics: Metrics
    epoch: int
    position: int
    parameters: Parameters
    averages: NDArray[np.floating]
    optimizer_steps: int
    best: Best | None
    waiting_since: float
    stopped: bool
    samples: str = ""

    def fits(self, split: Split) -> bool:
        """Return whether a run that learns from these samples can stand here."""
        count = len(split.train)
        place = self.epoch + self.position / count
        return self.position < count and place == self.metrics.epoch and self.samples == split.digest

    @property
    def nbytes(self) -> int:
        """Memory of its weights and averages, in bytes."""
        best = 0 if self.best is None else self.best.parameters.vector.nbytes
        return self.parameters.vector.nbytes + self.averages.nbytes + best


SPARE = 4
"""Most pieces of memory that wait to be used again: those of one checkpoint, and one more."""


class Copies:
    """Read-only copies of arrays, in the memory of earlier ones that nobody has any more.

    Memory that is new to the program has to be given by the system page by page, which takes twenty times
    as long as the copying, while the training waits.
    """

    def __init__(self) -> None:
        self._spare: deque[mmap] = deque(maxlen=SPARE)  # they come back on any thread
        self._lent: dict[int, weakref.ref[NDArray[np.floating]]] = {}

    def of(self, array: NDArray[np.floating]) -> NDArray[np.floating]:
        """Return a copy of an array that nobody can write to."""
        memory = self._memory(max(1, array.nbytes))
        flat: NDArray[np.floating] = np.frombuffer(memory, array.dtype, array.size)
        np.copyto(flat.reshape(array.shape), array)
        flat.flags.writeable = False
        spare, lent, key = self._spare, self._lent, id(memory)

        def give_back(_: object) -> None:
            lent.pop(key, None)
            spare.append(memory)

        lent[key] = weakref.ref(flat, give_back)  # a view of it holds it as well
        return flat.reshape(array.shape)

    def of_parameters(self, parameters: Parameters) -> Parameters:
        """Return a copy of a network's weights and biases that nobody can write to."""
        return Parameters(parameters.sizes, self.of(parameters.vector))

    def _memory(self, length: int) -> mmap:
        try:
            while len(memory := self._spare.popleft()) != length:
                pass
        except IndexError:
            return mmap(-1, length)
        return memory
