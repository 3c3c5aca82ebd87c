"""The kinds of the settings that say what is learned from: data sets, splits, varied pictures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from micronn_core.common.errors import ConfigError
from micronn_core.common.texts import tr
from micronn_core.data.augmentation import AUGMENTATIONS, Amount, Augmentation
from micronn_core.data.catalog import is_file_name, label_of, opened_files, split_counts
from micronn_core.data.splits import split_rule
from micronn_core.settings.kinds import Choice, Kind, Meaning, Named, Real, forgiven


class DatasetChoice(Choice):
    """A data set of the table, or a file by its path."""

    def check(self, setting: Named, value: Any, config: Any) -> None:  # noqa: ANN401
        """Refuse what is neither in the table nor a path; the file is looked for when it is read."""
        if not is_file_name(value):
            super().check(setting, value, config)

    def show(self, value: Any) -> str:  # noqa: ANN401
        """Return the label of the data set."""
        return label_of(value)

    def choices(self) -> tuple[str, ...]:
        """Return the names of the table, and behind them the files that were opened."""
        return (*super().choices(), *(source.name for source in opened_files()))


class SplitChoice(Choice):
    """How many samples to learn from and how many to judge by, as `split_rule` reads it."""

    def check(self, setting: Named, value: Any, config: Any) -> None:  # noqa: ANN401
        """Refuse what is no split."""
        split_rule(value)

    def show(self, value: Any) -> str:  # noqa: ANN401
        """Return the label of the split."""
        return tr(split_rule(value).label)

    def describe(self, value: Any, config: Any = None) -> Meaning:  # noqa: ANN401
        """Say in a sentence how many samples of the config's data set that makes, if that is known."""
        rule, words = split_rule(value), ""
        counts = config and split_counts(config.dataset, value)
        if counts:
            train, validation = counts
            words = tr(
                "{train:,} samples to learn from, {validation:,} to judge by.",
                train=train,
                validation=validation,
            )
        return Meaning(tr(rule.label), words, source=tr(rule.source))


class Variation(Kind):
    """How far pictures are varied: a strength with a name, or amounts of one's own."""

    def check(self, setting: Named, value: Any, config: Any) -> None:  # noqa: ANN401
        """Refuse what is no augmentation; one of them has checked itself."""
        if not isinstance(value, Augmentation):
            raise ConfigError(
                setting.name,
                tr(
                    "{name} must be one of {choices}, not {value!r}.",
                    name=tr(setting.subject),
                    choices=", ".join(AUGMENTATIONS),
                    value=value,
                ),
            )

    def read(self, text: str) -> object:
        """Read the name of a strength."""
        name = forgiven(text, AUGMENTATIONS)
        return AUGMENTATIONS[name].augmentation if name in AUGMENTATIONS else text

    def write(self, value: Any) -> str:  # noqa: ANN401
        """Return the name of the strength that has these amounts."""
        return next((s.name for s in AUGMENTATIONS.values() if s.augmentation == value), "your own")

    def show(self, value: Any) -> str:  # noqa: ANN401
        """Return its label."""
        described = self.describe(value)
        return described.label if described else tr("Your own")

    def restore(self, value: object) -> object:
        """Return an augmentation of the amounts that JSON has."""
        return Augmentation.from_values(value) if isinstance(value, Mapping) else value

    def choices(self) -> tuple[str, ...]:
        """Return the names of the strengths."""
        return tuple(AUGMENTATIONS)

    def describe(self, value: Any, config: Any = None) -> Meaning | None:  # noqa: ANN401
        """Return the words of the strength that has these amounts."""
        strength = AUGMENTATIONS.get(self.write(value))
        return Meaning(tr(strength.label), tr(strength.description)) if strength else None


@dataclass(frozen=True)
class VariationAmount(Real):
    """How far pictures are varied in one way; the augmentation that it is a part of checks it."""

    amount: Amount

    def check(self, setting: Named, value: Any, config: Any) -> None:  # noqa: ANN401
        """Leave it to the augmentation."""

    def limits(self) -> str:
        """Say how far it goes."""
        if not self.amount.unit:
            return tr("from 0 (off) to {most:g}", most=self.amount.most)
        return tr("from 0 (off) to {most:g} {unit}", most=self.amount.most, unit=tr(self.amount.unit))


class Fingerprint(Kind):
    """Which kept digits were added: how many and a digest; "" for none."""

    def check(self, setting: Named, value: Any, config: Any) -> None:  # noqa: ANN401
        """Refuse what is no fingerprint."""
        if not isinstance(value, str) or (value and not re.fullmatch(r"[1-9]\d{0,6}-[0-9a-f]{16}", value)):
            raise ConfigError(
                setting.name,
                tr(
                    "The kept digits must be named by their number and digest, such as 23-0f3a9c5d7e81b246, "
                    'or be "" for none, not {value!r}.',
                    value=value,
                ),
            )

    def read(self, text: str) -> object:
        """Return the text."""
        return text
