"""The versions of a kind of file, and the fields of a record as values that JSON can hold.

A file of each version that was ever shipped is opened: its values are brought from version to
version until they are those of today. What an older file lacks gets the default of its field; a
newer file is refused in words, because it may hold what is not known here.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, get_type_hints

from micronn_core.common.errors import NewerFormatError
from micronn_core.common.texts import tr

VERSION = "format"
"""Under what name a file says its version."""

MAX_WHOLE = 2**53
"""The largest whole number that is believed: a float holds each up to it."""

Values = dict[str, Any]
Upgrade = Callable[[Values], Values]


@dataclass(frozen=True)
class Format:
    """The versions of a kind of file.

    Attributes:
        version: the one that this MicroNN writes; the first is 1.
        upgrades: for each older version, what makes values of the next version of its values.
    """

    version: int
    upgrades: Mapping[int, Upgrade]

    def check(self, path: object, version: object) -> int:
        """Return the version that a file says it has.

        Raises:
            NewerFormatError: a newer MicroNN has written it.
            ValueError: it is no version.
        """
        if type(version) is not int or version < 1:
            raise ValueError(tr("its format is {version!r}", version=version))
        if version > self.version:
            text = tr(
                "{path} was saved by a newer MicroNN (format {version}); this one reads up to {known}. "
                "Update MicroNN.",
                path=path,
                version=version,
                known=self.version,
            )
            raise NewerFormatError(text)
        return version

    def upgraded(self, path: object, values: Values) -> Values:
        """Return the values of a file as this version has them.

        Raises:
            NewerFormatError: a newer MicroNN has written it.
            ValueError: it has no version.
        """
        for version in range(self.check(path, values.get(VERSION)), self.version):
            values = {**self.upgrades[version](values), VERSION: version + 1}
        return values


class Kind(NamedTuple):
    """A kind of field: how its value becomes what JSON can hold, and how it is read and checked again."""

    write: Callable[[Any], Any]
    read: Callable[[Any], Any]
    """Raises a ValueError, or a MicroNNError, if it is of another kind."""


def _is(kind: type) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:  # noqa: ANN401 - whatever JSON can hold
        if type(value) is not kind:
            raise ValueError(tr("{value!r} is of the wrong kind", value=value))
        return value

    return read


def _whole(value: Any) -> int:  # noqa: ANN401 - whatever JSON can hold
    if type(value) is not int or abs(value) > MAX_WHOLE:
        raise ValueError(tr("{value!r} is no whole number that can be used", value=value))
    return value


def _finite(value: Any) -> float:  # noqa: ANN401 - whatever JSON can hold
    if type(value) not in (int, float) or not math.isfinite(number := float(value)):
        raise ValueError(tr("{value!r} is no number", value=value))
    return number


def _text(value: Any) -> str:  # noqa: ANN401 - whatever JSON can hold
    if type(value) is not str:
        raise ValueError(tr("{value!r} is no text", value=value))
    value.encode()  # half a character would break whatever it is written to
    return value


def _texts(value: Any) -> tuple[str, ...]:  # noqa: ANN401 - whatever JSON can hold
    if type(value) is not list:
        raise ValueError(tr("{value!r} is no list", value=value))
    return tuple(map(_text, value))


def mapping(value: Any) -> Values:  # noqa: ANN401 - whatever JSON can hold
    """Return named values, or raise a ValueError if they are of another kind."""
    if type(value) is not dict:
        raise ValueError(tr("{value!r} has no names", value=value))
    return value


def _as_it_is(value: Any) -> Any:  # noqa: ANN401 - whatever JSON can hold
    return value


PLAIN: Mapping[Any, Kind] = {
    bool: Kind(_as_it_is, _is(bool)),
    int: Kind(_as_it_is, _whole),
    float: Kind(_as_it_is, _finite),
    str: Kind(_as_it_is, _text),
    tuple[str, ...]: Kind(list, _texts),
}
"""The kinds of fields that need no more than JSON, by their types."""


class Record:
    """The fields of a dataclass that stand in a file's values: those whose types are of known kinds.

    Args:
        record: the dataclass.
        kinds: how fields are written and read, by their types; fields of other types are left out.
        without: fields that are left out too.
    """

    def __init__(
        self, record: type, kinds: Mapping[Any, Kind] = PLAIN, without: tuple[str, ...] = ()
    ) -> None:
        hints = get_type_hints(record)
        self._fields = {
            field.name: (field, kinds[hints[field.name]])
            for field in dataclasses.fields(record)
            if hints[field.name] in kinds and field.name not in without
        }

    def values(self, record: object) -> Values:
        """Return the fields of a record as JSON can hold them."""
        return {name: kind.write(getattr(record, name)) for name, (_, kind) in self._fields.items()}

    def read(self, values: Values) -> Values:
        """Return the fields that a file holds, checked by their kinds; the defaults of those that it lacks.

        Raises:
            ValueError: one is of the wrong kind, or is missing and has no default; names it.
            MicroNNError: one cannot be used; says why.
        """
        found = {}
        for name, (field, kind) in self._fields.items():
            if name in values:
                try:
                    found[name] = kind.read(values[name])
                except ValueError as error:
                    raise ValueError(tr("its {name}: {error}", name=name, error=error)) from None
            elif field.default is dataclasses.MISSING:
                raise ValueError(tr("{name} is missing", name=name))
        return found

    def check_known(self, path: object, values: Values, *more: str) -> None:
        """Raise a NewerFormatError if a file holds what is not known here: dropping it would lose it."""
        unknown = sorted(values.keys() - self._fields.keys() - {VERSION, *more})
        if unknown:
            text = tr(
                "{path} holds {name!r}, which this MicroNN does not know. Update MicroNN.",
                path=path,
                name=unknown[0],
            )
            raise NewerFormatError(text)
