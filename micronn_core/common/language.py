"""Which language the texts are in: the one asked for, else the environment's, else the system's."""

from __future__ import annotations

import locale
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from micronn_core.common.errors import ConfigError
from micronn_core.common.resources import resource
from micronn_core.common.texts import DOMAIN, ENGLISH, tr, use_language

OPTION = "--language"
_VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


def default_folder() -> Path:
    """Return where the translations lie that travel with MicroNN."""
    return resource("locale")


def languages() -> list[str]:
    """Return the codes of the languages there are: English, and those with a translation."""
    found = default_folder().glob(f"*/LC_MESSAGES/{DOMAIN}.mo")
    return [ENGLISH, *sorted(path.parts[-3] for path in found)]


def language_label(code: str) -> str:
    """Return what a language is called by those who speak it, such as "Deutsch"."""
    if code == ENGLISH:
        return "English"
    from babel import Locale, UnknownLocaleError  # here, because English does without it

    try:
        name = Locale.parse(code).get_display_name()
    except (UnknownLocaleError, ValueError):
        name = None
    return name[0].upper() + name[1:] if name else code


def environment_languages() -> list[str]:
    """Return the languages that the environment asks for, the best first; none if it names none."""
    for name in _VARIABLES:
        if value := os.environ.get(name):
            return value.split(":")
    return []


def speak(asked: str | None = None, wanted: Sequence[str] = ()) -> None:
    """Use the best language there is for all texts from now on.

    Args:
        asked: a language that must be there, from the command line.
        wanted: languages that may be there, the best first; by default those of the environment,
            else of the system.

    Raises:
        ConfigError: there is no translation into the language that was asked for.
    """
    there_are = languages()
    if asked is None:
        wanted = wanted or environment_languages() or [_system_language()]
        use_language(best_language(wanted, there_are), default_folder())
        return
    found = _match(asked, there_are)
    if found is None:
        names = ", ".join(f"{code} ({language_label(code)})" for code in there_are)
        raise ConfigError(
            "language",
            tr("There is no translation into {asked!r}. There are: {names}.", asked=asked, names=names),
        )
    use_language(found, default_folder())


def best_language(wanted: Iterable[str], there_are: Sequence[str]) -> str:
    """Return the first of the wanted languages that there is, else English."""
    return next((found for name in wanted if (found := _match(name, there_are))), ENGLISH)


def take_language(words: Sequence[str]) -> tuple[str | None, list[str]]:
    """Take `--language CODE` out of the words of a command line, wherever it stands.

    Returns:
        The language, None if none is named; and the other words.

    Raises:
        ConfigError: the option stands without a language.
    """
    others: list[str] = []
    asked: str | None = None
    rest = iter(words)
    for word in rest:
        if word == "--":
            others += [word, *rest]
        elif word == OPTION:
            asked = next(rest, "")
        elif word.startswith(OPTION + "="):
            asked = word.removeprefix(OPTION + "=")
        else:
            others.append(word)
    if asked == "":
        raise ConfigError("language", tr("--language needs a language, such as en."))
    return asked, others


def _system_language() -> str:
    """Return the language of the system, as far as Python knows it."""
    try:
        return locale.getlocale()[0] or ENGLISH
    except ValueError:  # a locale that Python has never heard of
        return ENGLISH


def _match(name: str, there_are: Sequence[str]) -> str | None:
    """Find "de_AT.UTF-8" or "de-AT" among the languages: itself, else "de", else one of its kind."""
    parts = name.split(".")[0].split("@")[0].replace("-", "_").split("_")
    if parts == ["C"] or parts == ["POSIX"]:
        return ENGLISH
    nearest = ["_".join(parts[:length]) for length in range(len(parts), 0, -1)]
    nearest.insert(1, f"{parts[0]}_{parts[-1]}")  # zh_Hans_CN is also called zh_CN
    by_name = {code.lower(): code for code in there_are}
    for candidate in nearest:
        if found := by_name.get(candidate.lower()):
            return found
    kind = parts[0].lower() + "_"
    return next((code for code in there_are if code.lower().startswith(kind)), None)
