"""Every text that a person reads, in their language: gettext, with whole sentences and named places.

    tr("{count} runs are kept.", count=3)
    trn("{count} epoch", "{count} epochs", count)
    LABEL = mark("Learning rate")        # in a table: translated where it is shown, by tr(LABEL)

Numbers that are put into a text are written as the language writes them: `{count:,}` becomes
1,000 in English and 1.000 in German. A text without a translation stays English.
Babel extracts the texts and compiles the translations; see `make texts`. Which language is used
is decided in language.py.
"""

from __future__ import annotations

import gettext
import math
import re
import string
from collections.abc import Mapping
from functools import cache
from numbers import Real
from pathlib import Path
from typing import Any

DOMAIN = "micronn"
ENGLISH = "en"
MINUS = "−"
PERCENT = "{} %"
_LONGEST_QUOTED = 100
_PLACES = str.maketrans(",.", "\0\1")


class _Language:
    """The language in use: one for the whole process, chosen before anything is shown."""

    name = ENGLISH
    folder: Path | None = None
    catalog: gettext.NullTranslations = gettext.NullTranslations()
    group, decimal, percent = ",", ".", PERCENT


def use_language(name: str, folder: Path | None) -> None:
    """Use a language for all texts from now on; English, numbers too, if it has no translation.

    Args:
        name: a code such as "de" or "pt_BR".
        folder: where the compiled translations lie, as `de/LC_MESSAGES/micronn.mo`.
    """
    found = gettext.find(DOMAIN, folder, [name]) if folder and name != ENGLISH else None
    _Language.name = name if found else ENGLISH
    _Language.folder = folder
    _Language.catalog = gettext.translation(DOMAIN, folder, [name]) if found else gettext.NullTranslations()
    _Language.group, _Language.decimal, _Language.percent = _signs(_Language.name)


def language() -> str:
    """Return the code of the language in use."""
    return _Language.name


def language_in_use() -> tuple[str, Path | None]:
    """Return what `use_language` takes, for another process to speak the same language."""
    return _Language.name, _Language.folder


def tr(text: str, /, **values: Any) -> str:  # noqa: ANN401 - whatever can be written
    """Return a text in the user's language, its named places filled with values."""
    # gettext's own text for "" is the head of the translation.
    return _filled(_Language.catalog.gettext(text), text, values) if text else ""


def trn(one: str, many: str, count: int, /, **values: Any) -> str:  # noqa: ANN401 - whatever can be written
    """Return the form of a text that fits a number, which fills its place {count}."""
    english = one if count == 1 else many
    return _filled(_Language.catalog.ngettext(one, many, count), english, {"count": count, **values})


def trc(context: str, text: str, /, **values: Any) -> str:  # noqa: ANN401 - whatever can be written
    """Return a text that means different things in different places, such as "Open"."""
    return _filled(_Language.catalog.pgettext(context, text), text, values)


def _filled(translated: str, english: str, values: Mapping[str, Any]) -> str:
    """Fill the places of a text; of the English one if the translator has mistaken a place."""
    if not values:
        return translated
    try:
        return _FORMATTER.vformat(translated, (), values)
    except (KeyError, ValueError, IndexError):
        if translated == english:
            raise
        return _FORMATTER.vformat(english, (), values)


def mark(text: str, /) -> str:
    """Mark a text of a table for translation and return it unchanged."""
    return text


def number(value: float, spec: str = ",") -> str:
    """Write a number as the language in use does, with a true minus sign.

    Args:
        value: the number.
        spec: Python's format, such as ",", ".2f" or ".1%".
    """
    return localized(format(value, spec))


def percent(share: float, decimals: int = 0) -> str:
    """Write a share of 0 to 1 as people read it, "85.30 %"; a dash for one of nothing (NaN)."""
    if not math.isfinite(share):
        return "–"
    return percent_of(number(100 * share, f".{decimals}f"))


def percent_of(digits: str) -> str:
    """Put the sign of per cent to a number that has been written."""
    return _Language.percent.format(digits)


def localized(digits: str) -> str:
    """Write "-1,234.5" with the language's own signs, and a true minus."""
    digits = digits.replace("-", MINUS)
    if _Language.name == ENGLISH:
        return digits
    return digits.translate(_PLACES).replace("\0", _Language.group).replace("\1", _Language.decimal)


@cache
def _signs(name: str) -> tuple[str, str, str]:
    """Return the signs that group and that separate decimals, and how a percentage is written."""
    if name == ENGLISH:
        return ",", ".", PERCENT
    from babel import Locale, UnknownLocaleError  # here, because English does without it
    from babel.numbers import get_decimal_symbol, get_group_symbol

    try:
        locale = Locale.parse(name)
    except (UnknownLocaleError, ValueError):
        return ",", ".", PERCENT
    before, _, after = re.sub(r"[#0,.]+", "0", locale.percent_formats[None].pattern).partition("0")
    return get_group_symbol(locale), get_decimal_symbol(locale), before + "{}" + after


def _brief(written: str) -> str:
    """Return what is quoted in a sentence; it may come from a file, and be of any length."""
    return written if len(written) <= _LONGEST_QUOTED else written[: _LONGEST_QUOTED - 1] + "…"


class _Formatter(string.Formatter):
    """Fills the places of a text; numbers as the language writes them, also those that are quoted."""

    def format_field(self, value: Any, format_spec: str) -> str:  # noqa: ANN401 - whatever can be written
        written = str(super().format_field(value, format_spec))
        is_number = isinstance(value, Real) and not isinstance(value, bool)  # NumPy's are, too
        return localized(written) if is_number else written

    def convert_field(self, value: Any, conversion: Any) -> Any:  # noqa: ANN401 - whatever can be written
        converted = super().convert_field(value, conversion)
        if conversion != "r":
            return converted
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        # A number is quoted with the minus that was typed.
        return localized(converted.removesuffix(".0")).replace(MINUS, "-") if is_number else _brief(converted)

    def get_value(self, key: int | str, args: Any, kwargs: Mapping[str, Any]) -> Any:  # noqa: ANN401
        return kwargs[str(key)]


_FORMATTER = _Formatter()
