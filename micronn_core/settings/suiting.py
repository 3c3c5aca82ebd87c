"""Settings that suit another data set."""

from __future__ import annotations

from micronn_core.data.catalog import DatasetSource, split_counts
from micronn_core.data.splits import SHARES
from micronn_core.settings.config import TrainingConfig
from micronn_core.settings.kinds import FULL_BATCH


def suited_to(config: TrainingConfig, source: DatasetSource) -> TrainingConfig:
    """Return a config for another data set: it keeps its settings, as far as they suit the data.

    A split that needs more samples than there are becomes one by shares, a batch larger than what is
    trained on becomes all samples, and what is no picture is not varied.
    """
    split, batch_size, augmentation = config.split, config.batch_size, config.augmentation
    counts = split_counts(source.name, split)
    if source.count is not None and (counts is None or sum(counts) > source.count):
        split = SHARES
        counts = split_counts(source.name, split)
    if counts is not None and batch_size >= counts[0]:
        batch_size = FULL_BATCH
    if source.spec.features.image_shape is None or batch_size == FULL_BATCH:
        augmentation = TrainingConfig.augmentation
    values = {"split": split, "batch_size": batch_size, "augmentation": augmentation, "my_digits": ""}
    return config.with_values({"dataset": source.name, **values})
