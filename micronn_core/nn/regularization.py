"""What keeps weights small and steps short: L2 and L1 penalties and gradient clipping.

What is minimised is the mean loss of the data plus l2/2 times the sum of all squared weights
plus l1 times the sum of their sizes. Biases are free. The figures that are reported stay those
of the data alone.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import DTypeLike

from micronn_core.nn.network import Parameters


class Penalties:
    """Turns the gradient of the data's loss into the one to step along.

    Args:
        sizes: neurons per layer.
        dtype: number format of the gradient.
        l2: lambda of the squared weights; the Kaggle notebook's lambda divided by its number of samples.
        l1: lambda of the weights' sizes (Tibshirani 1996).
        clip: the greatest length of the gradient, penalties included; 0 for any length (Pascanu et
            al. 2013, algorithm 1).
    """

    def __init__(self, sizes: Sequence[int], dtype: DTypeLike, l2: float, l1: float, clip: float) -> None:
        self._l2, self._l1, self._clip = l2, l1, clip
        self._changes = bool(l2 or l1 or clip)
        self._total, self._share = (
            Parameters(sizes if self._changes else (0, 0), dtype=dtype) for _ in range(2)
        )

    def apply(self, parameters: Parameters, gradient: Parameters) -> Parameters:
        """Return the gradient with penalties and clipped; `gradient` itself where there are none.

        What is returned is overwritten by the next call.
        """
        if not self._changes:
            return gradient
        total = self._total
        np.copyto(total.vector, gradient.vector)
        for layer, to, share in zip(parameters.layers, total.layers, self._share.layers, strict=True):
            if self._l2:
                np.multiply(layer.weight, self._l2, out=share.weight)
                to.weight[...] += share.weight
            if self._l1:
                np.sign(layer.weight, out=share.weight)
                share.weight[...] *= self._l1
                to.weight[...] += share.weight
        if self._clip:
            length = float(np.sqrt(np.dot(total.vector, total.vector)))
            if length > self._clip:
                total.vector *= self._clip / length
        return total
