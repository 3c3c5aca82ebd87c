"""How a data set is cut into samples to learn from and samples to judge by.

A split is a text: counts such as "48000/12000", or shares of all samples such as "80%/20%". To add
one that can be chosen, add its row to `SPLITS`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import DTypeLike, NDArray

from micronn_core.common.errors import ConfigError, DataError
from micronn_core.common.texts import mark, tr
from micronn_core.data.dataset import Dataset, Samples, read_only

_COUNTS = re.compile(r"(\d{1,9})/(\d{1,9})")
_SHARES = re.compile(r"(\d{1,3}(?:\.\d{1,3})?)%/(\d{1,3}(?:\.\d{1,3})?)%")


@dataclass(frozen=True)
class SplitRule:
    """How many samples to train and to validate on.

    Attributes:
        name: the split as text, "48000/12000" or "80%/20%".
        label: as people read it.
        train: how many to train on: a count, or a share of all as a fraction.
        validation: how many to validate on, in the same way.
        source: where that choice comes from; "" if it is someone's own.
    """

    name: str
    label: str
    train: int | Fraction
    validation: int | Fraction
    source: str = ""

    @property
    def is_shares(self) -> bool:
        """Whether the counts depend on how many samples there are."""
        return isinstance(self.train, Fraction)

    def counts(self, samples: int) -> tuple[int, int]:
        """Return how many of so many samples to train and to validate on."""
        train, validation = int(self._of(self.train, samples)), int(self._of(self.validation, samples))
        return train, samples - train if self.is_shares and self.train + self.validation == 1 else validation

    @staticmethod
    def _of(part: int | Fraction, samples: int) -> int | Fraction:
        return part * samples if isinstance(part, Fraction) else part


SPLITS = {
    rule.name: rule
    for rule in (
        SplitRule(
            "48000/12000",
            mark("48k / 12k"),
            48_000,
            12_000,
            mark("the MicroNN tutorial: 80/20 of the 60,000"),
        ),
        SplitRule(
            "41000/1000",
            mark("41k / 1k"),
            41_000,
            1_000,
            mark("the Kaggle notebook: 1,000 of 42,000 to validate"),
        ),
        SplitRule(
            "19999/9999",
            mark("20k / 10k"),
            19_999,
            9_999,
            mark("the deep network: files less their first line"),
        ),
        SplitRule(
            "55000/5000",
            mark("55k / 5k"),
            55_000,
            5_000,
            mark("as many to learn from as leave 5,000 to judge by"),
        ),
        SplitRule(
            "80%/20%",
            mark("80 % / 20 %"),
            Fraction(4, 5),
            Fraction(1, 5),
            mark("the MicroNN tutorial's shares, of however many samples there are"),
        ),
    )
}
"""The splits that can be chosen by name, in the order in which they are offered."""

SHARES = "80%/20%"
"""The split of data that came from a file."""


def split_rule(text: object) -> SplitRule:
    """Read a split: one of `SPLITS`, other counts or other shares.

    Raises:
        ConfigError: it is no split; says what one looks like.
    """
    if isinstance(text, str):
        if text in SPLITS:
            return SPLITS[text]
        plain = text.replace(" ", "")
        if found := _COUNTS.fullmatch(plain):
            train, validation = map(int, found.groups())
            return SplitRule(plain, f"{train:,} / {validation:,}", train, validation)
        if found := _SHARES.fullmatch(plain):
            return _shares_rule(plain, *map(Fraction, found.groups()))
    raise ConfigError(
        "split",
        tr(
            "The split must be numbers of samples to train and to validate on, such as 48000/12000, "
            "or shares of all of them, such as 80%/20%, not {value!r}.",
            value=text,
        ),
    )


def _shares_rule(text: str, train: Fraction, validation: Fraction) -> SplitRule:
    if train + validation > 100:
        raise ConfigError(
            "split", tr("The shares of a split can be at most 100 % together, not {value!r}.", value=text)
        )
    label = f"{float(train):g} % / {float(validation):g} %"
    return SplitRule(text, label, train / 100, validation / 100)


@dataclass(frozen=True, eq=False)
class Split:
    """Two disjoint sets of samples: one to learn from, one to judge by.

    Attributes:
        train: the samples that the gradients are computed on.
        validation: samples that the network never learns from.
        train_indices: (m,), the place of each training sample in the dataset, read-only; more
            samples that were added to them have the places behind its end.
        validation_indices: the same for the validation samples.
        digest: tells whether a file still holds the samples that it held; "" for what comes with
            MicroNN, which never changes.
    """

    train: Samples
    validation: Samples
    train_indices: NDArray[np.intp]
    validation_indices: NDArray[np.intp]
    digest: str = ""


def split(
    dataset: Dataset,
    train_count: int,
    validation_count: int,
    seed: int,
    dtype: DTypeLike = np.float32,
    more: Dataset | None = None,
    white: float = 1.0,
) -> Split:
    """Shuffle a dataset by a seed and cut it: the training samples first, then the validation samples.

    The seed opens a random stream of its own, so that the choice of samples depends on nothing
    else that is drawn from the same seed. Samples beyond the two counts are left out.

    Args:
        dataset: the samples.
        train_count: how many of them to train on.
        validation_count: how many of them to validate on.
        seed: decides which.
        dtype: float32 or float64.
        more: samples to train on as well, all of them; what is validated on stays the same.
        white: what a white pixel becomes.

    Raises:
        DataError: a count is below one, the dataset has fewer samples than both counts together,
            or those to be added are of another kind.
    """
    if train_count < 1 or validation_count < 1:
        raise DataError(
            tr(
                "A split needs at least one sample to train and one to validate on; "
                "{train:,} and {validation:,} were asked for.",
                train=train_count,
                validation=validation_count,
            )
        )
    needed = train_count + validation_count
    if needed > len(dataset):
        raise DataError(
            tr(
                "{name} has {count:,} samples, but the split needs {needed:,} "
                "({train:,} to train, {validation:,} to validate). Choose a smaller split.",
                name=dataset.name,
                count=len(dataset),
                needed=needed,
                train=train_count,
                validation=validation_count,
            )
        )
    order = read_only(shuffled(len(dataset), seed))
    train, validation = order[:train_count], order[train_count:needed]
    if more is not None:
        train = read_only(np.concatenate([train, np.arange(len(more)) + len(dataset)]))
        dataset = dataset.joined(more.in_order())
    learned, judged = (Samples.of(dataset, indices, dtype, white) for indices in (train, validation))
    return Split(learned, judged, train, validation)


def shuffled(count: int, seed: int) -> NDArray[np.intp]:
    """Return the order, (count,), in which a seed shuffles so many samples."""
    return np.random.default_rng([seed, 1]).permutation(count)
