"""How much memory it takes to train a network, reckoned before any of it is taken."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from micronn_core.common.errors import ConfigError
from micronn_core.common.memory import available_bytes
from micronn_core.common.texts import tr
from micronn_core.data.dataset import Dataset
from micronn_core.nn.network import Parameters
from micronn_core.nn.optimizers import OPTIMIZERS
from micronn_core.settings.config import TrainingConfig

FIGURES = 1 << 18
"""Most bytes of a file of a network besides its numbers: its curves and its settings."""

UNSUSPICIOUS = 1 << 28
"""Bytes that any computer has."""

COPIES = 5
"""Vectors as long as the weights: these, those of the next step, a gradient of each, and the best weights."""

SHOWN = 3
"""Those of a moment that is shown or kept: its weights, its gradient, and the weights it began with."""

SAVED = 2
"""Those of a file that is written: the last and the best weights."""


def training_bytes(sizes: Sequence[int], config: TrainingConfig, threads: int) -> int:
    """Return how many bytes of memory a training takes at its peak, besides its samples.

    Args:
        sizes: neurons per layer, with inputs and classes.
        config: the settings.
        threads: how many share a pass; each fills a gradient of its own.
    """
    averages = OPTIMIZERS[config.optimizer].averages
    optimizer = 2 * averages + 1  # before and after a step, and the step itself
    penalties = 2 if config.l1 or config.l2 or config.clip else 0
    vectors = COPIES + SHOWN + SAVED + averages + optimizer + penalties + threads
    return vectors * Parameters.count(sizes) * np.dtype(config.dtype).itemsize


def file_bytes(sizes: Sequence[int], config: TrainingConfig, more: Dataset | None = None) -> int:
    """Return about how many bytes the file of a network takes with what it needs to go on.

    Args:
        sizes: neurons per layer, with inputs and classes.
        config: the settings.
        more: samples that it learns from besides those of its config's split.
    """
    vectors = SAVED + OPTIMIZERS[config.optimizer].averages
    samples = 0 if more is None else more.values.nbytes + more.labels.nbytes
    return FIGURES + vectors * Parameters.count(sizes) * np.dtype(config.dtype).itemsize + samples


def check_memory(sizes: Sequence[int], config: TrainingConfig, threads: int) -> None:
    """Refuse a network that cannot be trained in the memory there is.

    Raises:
        ConfigError: it takes more; says how wide its hidden layers may be.
    """
    needed = training_bytes(sizes, config, threads)
    if needed <= UNSUSPICIOUS or needed <= (available := available_bytes()):
        return
    first, *hidden, last = sizes
    low, high = 0, max(hidden)  # the widest layer fits at the one, and not at the other
    while high - low > 1:
        width = (low + high) // 2
        scaled = [max(1, layer * width // max(hidden)) for layer in hidden]
        fits = training_bytes([first, *scaled, last], config, threads) <= available
        low, high = (width, high) if fits else (low, width)
    fitting = "-".join(str(max(1, layer * low // max(hidden))) for layer in hidden)
    text = tr(
        "{sizes} takes {needed:.1f} GB of memory to train with {optimizer} in {dtype}, and {available:.1f} "
        "GB are free. Choose hidden layers of {fitting} neurons or fewer, or close other programs.",
        sizes="-".join(map(str, sizes)),
        needed=needed / 1e9,
        optimizer=tr(OPTIMIZERS[config.optimizer].label),
        dtype=config.dtype,
        available=available / 1e9,
        fitting=fitting,
    )
    raise ConfigError("hidden", text)
