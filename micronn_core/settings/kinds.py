"""The kinds of settings: which values one can have, how they are checked, read and written.

A setting is a row in `table`; what it is a choice of, a number or a list of layers is said by its kind.
To add a kind, write its class, and give it a field in the window.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from micronn_core.common.errors import ConfigError
from micronn_core.common.texts import mark, number, tr

FULL_BATCH = 0
"""The batch size that stands for all training samples at once."""


class Named(Protocol):
    """What a kind needs to know of its setting."""

    @property
    def name(self) -> str:
        """Its name in the config, which errors carry so that its control can be marked."""

    @property
    def subject(self) -> str:
        """How a sentence about it begins, such as "The learning rate"."""


@dataclass(frozen=True)
class Meaning:
    """What is to be said of a value, in the language of the user; what there is not is empty."""

    label: str
    words: str
    latex: str = ""
    source: str = ""


class Kind(ABC):
    """What values a setting can have."""

    @abstractmethod
    def check(self, setting: Named, value: Any, config: Any) -> None:  # noqa: ANN401 - what is to be found out
        """Raise a ConfigError, in words, unless the value can be used.

        Args:
            setting: whose value it is.
            value: anything.
            config: the settings that it is to stand among, whose earlier rows have been checked.
        """

    @abstractmethod
    def read(self, text: str) -> object:
        """Return the value that a text stands for, or the text itself, for `check` to refuse."""

    def write(self, value: Any) -> str:  # noqa: ANN401 - a value of the kind
        """Return a value as `read` takes it, in whatever language."""
        return str(value)

    def show(self, value: Any) -> str:  # noqa: ANN401
        """Return a value as people read it, in their language."""
        return self.write(value)

    def restore(self, value: object) -> object:
        """Return the value that JSON has made of itself."""
        return value

    def choices(self) -> tuple[str, ...]:
        """Return all values as they are written, where they can be counted."""
        return ()

    def limits(self) -> str:
        """Return in words which values there are; "" where that need not be said."""
        return " | ".join(self.choices())

    def describe(self, value: Any, config: Any = None) -> Meaning | None:  # noqa: ANN401
        """Return what is to be said of a value, in a config if there is one; None where it says it all."""
        return None


@dataclass(frozen=True)
class Choice(Kind):
    """One of the names of a table.

    Attributes:
        table: by its name, each value's row, which has a label, and a description, a formula and a
            source if there is more to say. It may grow while the program runs.
    """

    table: Mapping[str, Any]

    def check(self, setting: Named, value: Any, config: Any) -> None:  # noqa: ANN401
        """Refuse what is not in the table."""
        names = list(self.table)  # not the table: what is asked for might not be hashable
        if value not in names:
            raise ConfigError(
                setting.name,
                tr(
                    "{name} must be one of {choices}, not {value!r}.",
                    name=tr(setting.subject),
                    choices=", ".join(names),
                    value=value,
                ),
            )

    def read(self, text: str) -> object:
        """Read a name, forgiving capitals, spaces and dashes."""
        return forgiven(text, self.table)

    def show(self, value: Any) -> str:  # noqa: ANN401
        """Return the label of a name."""
        return tr(self.table[value].label) if value in self.table else str(value)

    def choices(self) -> tuple[str, ...]:
        """Return the names."""
        return tuple(self.table)

    def describe(self, value: Any, config: Any = None) -> Meaning | None:  # noqa: ANN401
        """Return the words of a name's row, if it has any."""
        row = self.table.get(value)
        if row is None or not hasattr(row, "description"):
            return None
        return Meaning(tr(row.label), tr(row.description), row.latex, tr(row.source))


@dataclass(frozen=True)
class Whole(Kind):
    """A whole number.

    Attributes:
        least: the smallest that can be used.
        most: the largest.
        counts: whether it counts something, so that its thousands are set apart.
    """

    least: int
    most: int
    counts: bool = True

    def check(self, setting: Named, value: Any, config: Any) -> None:  # noqa: ANN401
        """Refuse what is no whole number, or out of range."""
        if not _is_whole(value) or not self.least <= value <= self.most:
            raise ConfigError(
                setting.name,
                tr(
                    "{name} must be a whole number from {least:,} to {most:,}, not {value!r}.",
                    name=tr(setting.subject),
                    least=self.least,
                    most=self.most,
                    value=value,
                ),
            )

    def read(self, text: str) -> object:
        """Read a whole number, also one whose thousands are set apart."""
        return whole_number(text)

    def show(self, value: Any) -> str:  # noqa: ANN401
        """Set the thousands apart if it counts something."""
        return number(value) if self.counts else str(value)


class BatchSize(Kind):
    """So many samples, or all of them."""

    def check(self, setting: Named, value: Any, config: Any) -> None:  # noqa: ANN401
        """Refuse what is no whole number, or larger than the split where it says how many samples it has."""
        count = config.train_count
        if _is_whole(value) and value >= FULL_BATCH and (count is None or value <= count):
            return
        if count is None:
            text = tr(
                "{name} must be a whole number above 0, or 0 for all samples, not {value!r}.",
                name=tr(setting.subject),
                value=value,
            )
        else:
            text = tr(
                "{name} must be a whole number from 0 to {most:,} (0 means all samples), not {value!r}.",
                name=tr(setting.subject),
                most=count,
                value=value,
            )
        raise ConfigError(setting.name, text)

    def read(self, text: str) -> object:
        """Read a number, or "full"."""
        full = text.strip().lower() in (self.write(FULL_BATCH), self.show(FULL_BATCH).lower())
        return FULL_BATCH if full else whole_number(text)

    def write(self, value: Any) -> str:  # noqa: ANN401
        """Return the number, or "full"."""
        return "full" if value == FULL_BATCH else str(value)

    def show(self, value: Any) -> str:  # noqa: ANN401
        """Return the number, or "Full"."""
        return tr("Full") if value == FULL_BATCH else number(value)


class Real(Kind):
    """A number that is read and written as such."""

    def read(self, text: str) -> object:
        """Read a number; a decimal comma is taken as well."""
        try:
            return float(text.replace(",", "."))
        except ValueError:
            return text.strip()

    def write(self, value: Any) -> str:  # noqa: ANN401
        """Return the number with up to six digits."""
        return f"{value:g}"

    def show(self, value: Any) -> str:  # noqa: ANN401
        """Return it with the language's decimal sign."""
        return number(value, "g")


@dataclass(frozen=True)
class Rate(Real):
    """A number above 0.

    Attributes:
        most: the largest that can be used.
        low, high: usual values lie between these.
    """

    most: float
    low: float
    high: float

    def check(self, setting: Named, value: Any, config: Any) -> None:  # noqa: ANN401
        """Refuse what is no number, or out of range."""
        if not _is_number(value) or not 0 < value <= self.most:
            raise ConfigError(
                setting.name,
                tr(
                    "{name} must be a number above 0 and at most {most:,.0f}, not {value!r}. "
                    "Usual values are {low:g} to {high:g}.",
                    name=tr(setting.subject),
                    most=self.most,
                    value=value,
                    low=self.low,
                    high=self.high,
                ),
            )


@dataclass(frozen=True)
class FromZero(Real):
    """A number from 0, which switches it off.

    Attributes:
        most: the largest.
        why_below: why the largest itself can not be used; "" where it can.
    """

    most: float
    why_below: str = ""

    def check(self, setting: Named, value: Any, config: Any) -> None:  # noqa: ANN401
        """Refuse what is no number, or out of range."""
        if _is_number(value) and 0 <= value <= self.most:
            if self.why_below and value == self.most:
                raise ConfigError(setting.name, tr(self.why_below))
            return
        text = mark("{name} must be a number from 0 (off) to {most:,.0f}, not {value!r}.")
        if self.why_below:
            text = mark("{name} must be a number from 0 (off) to below {most:,.0f}, not {value!r}.")
        raise ConfigError(setting.name, tr(text, name=tr(setting.subject), most=self.most, value=value))


@dataclass(frozen=True)
class Layers(Kind):
    """The widths of the hidden layers, (layers,).

    Attributes:
        most: how many layers there can be.
        widest: neurons of the widest.
    """

    most: int
    widest: int

    def check(self, setting: Named, value: Any, config: Any) -> None:  # noqa: ANN401
        """Refuse what is no tuple of widths."""
        if not isinstance(value, tuple):
            text = tr(
                "The hidden layers must be a list of widths such as [128, 32], not {value!r}.", value=value
            )
        elif len(value) > self.most:
            text = tr(
                "At most {most} hidden layers are possible, not {count}.", most=self.most, count=len(value)
            )
        elif not value:
            text = tr("At least one hidden layer is needed, such as 10.")
        else:
            for width in value:
                Whole(1, self.widest).check(setting, width, config)
            return
        raise ConfigError(setting.name, text)

    def read(self, text: str) -> tuple[int, ...]:
        """Read widths as people write them: "10", "128, 32" or "128-32".

        Raises:
            ConfigError: a part is not a whole number.
        """
        parts = re.sub(r"(?<=\d)\s*[-,;]", " ", text).split()  # a dash before a number is a minus sign
        try:
            return tuple(int(part) for part in parts)
        except ValueError:
            raise ConfigError(
                "hidden",
                tr(
                    "The hidden layers are whole numbers such as 10 or 128, 32; {text!r} is not.",
                    text=text.strip(),
                ),
            ) from None

    def write(self, value: Any) -> str:  # noqa: ANN401
        """Return them with dashes, so that commas can stand between several values."""
        return "-".join(map(str, value))

    def show(self, value: Any) -> str:  # noqa: ANN401
        """Return them with commas."""
        return ", ".join(map(str, value))

    def restore(self, value: object) -> object:
        """Return a tuple where JSON knows lists only."""
        return tuple(value) if isinstance(value, list) else value


def forgiven(text: str, names: Iterable[str]) -> str:
    """Return the name that a text means, whatever its capitals, spaces and dashes; else the text."""

    def key(name: str) -> str:
        return name.strip().lower().replace("-", " ").replace("_", " ")

    return next((name for name in names if key(name) == key(text)), text)


_SIGNS = " \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE},_’"
"""What people set thousands apart by, besides the sign of their language."""


def whole_number(text: str) -> int | str:
    """Read a whole number, also one with signs between the thousands; what is none comes back.

    A comma before fewer or more than three digits is a decimal comma: "2,5" is no whole number.
    """
    text = text.strip()
    sign = f"[{re.escape(_SIGNS + number(1000)[1:-3])}]"
    if re.fullmatch(rf"\d{{1,3}}(?:{sign}\d{{3}})+", text):
        text = re.sub(sign, "", text)
    try:
        return int(text)
    except ValueError:
        return text


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
