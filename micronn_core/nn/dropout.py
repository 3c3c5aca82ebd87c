"""Dropout: in each step, other hidden neurons are silenced, so that none can rely on another.

Inverted dropout (Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov 2014, section 10): the
neurons that are kept speak up by 1 / (1 - share), so that the sum is what it would be, and a network
that is used or judged needs no change.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import DTypeLike

from micronn_core.nn.activations import Array


class Dropout:
    """Draws which activations of a pass are kept.

    Args:
        share: how many of the hidden activations are silenced, from 0 to below 1.
        key: whole numbers that the draws depend on: the same key draws the same.

    Attributes:
        kept: the share that is kept.
    """

    def __init__(self, share: float, key: Sequence[int]) -> None:
        self.kept = 1 - share
        self._key = tuple(key)

    def mask(self, chunk: int, layer: int, shape: tuple[int, ...], dtype: DTypeLike) -> Array:
        """Return what to multiply the activations of a hidden layer by: 0 where silenced, else 1 / kept.

        Args:
            chunk: which part of the batch it is.
            layer: which hidden layer, from 0.
            shape: that of the activations.
            dtype: their number format.
        """
        drawn = np.random.default_rng([*self._key, chunk, layer]).random(shape, np.float32)
        mask = (drawn < self.kept).astype(dtype)
        mask /= mask.dtype.type(self.kept)
        return mask
