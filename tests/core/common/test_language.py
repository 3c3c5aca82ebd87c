"""The language is the one asked for, else the environment's; English where there is no translation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from micronn_core.cli.main import main
from micronn_core.common import language
from micronn_core.common.errors import ConfigError
from micronn_core.common.texts import ENGLISH, language_in_use, tr, use_language
from tests.locales import forget_language


@pytest.fixture(autouse=True)
def _translations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """German and Brazilian Portuguese, as far as these tests need them."""
    for code, usage in (("de", "Aufruf: "), ("pt_BR", "uso: ")):
        catalog = Catalog(locale=code)
        catalog.add("usage: ", usage)
        catalog.add("unrecognized arguments: %s", code + ": %s")
        path = tmp_path / code / "LC_MESSAGES" / "micronn.mo"
        path.parent.mkdir(parents=True)
        with path.open("wb") as file:
            write_mo(file, catalog)
    monkeypatch.setattr(language, "default_folder", lambda: tmp_path)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANGUAGE", "en")
    yield
    use_language(ENGLISH, None)
    forget_language(monkeypatch)


def test_that_the_languages_are_english_and_those_with_a_translation() -> None:
    assert language.languages() == ["en", "de", "pt_BR"]
    assert [language.language_label(code) for code in language.languages()] == [
        "English",
        "Deutsch",
        "Português (Brasil)",
    ]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [("de", "de"), ("DE", "de"), ("de_AT", "de"), ("de-CH", "de"), ("pt_PT", "pt_BR"), ("pt", "pt_BR")],
)
def test_that_the_nearest_translation_is_taken(asked: str, expected: str) -> None:
    language.speak(asked)
    assert language_in_use()[0] == expected


def test_that_a_language_that_was_asked_for_must_be_there() -> None:
    with pytest.raises(ConfigError, match=r"no translation into 'fr'.*en \(English\), de \(Deutsch\)"):
        language.speak("fr")


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"LANG": "de_DE.UTF-8"}, "de"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "de_DE"}, "de"),
        ({"LANGUAGE": "fr:de:en", "LANG": "en_US"}, "de"),
        ({"LANGUAGE": "en_GB:de"}, "en"),
    ],
)
def test_that_the_environment_is_asked_as_gettext_asks_it(
    variables: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LANGUAGE")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    language.speak()
    assert language_in_use()[0] == expected


@pytest.mark.parametrize(
    "words",
    [
        ["--language", "de", "train", "-x"],
        ["train", "--language=de", "-x"],
        ["train", "-x", "--language", "de"],
    ],
)
def test_that_the_option_is_understood_wherever_it_stands(words: list[str]) -> None:
    assert language.take_language(words) == ("de", ["train", "-x"])


def test_that_words_after_two_dashes_are_left_alone() -> None:
    assert language.take_language(["predict", "--", "--language", "de"]) == (
        None,
        ["predict", "--", "--language", "de"],
    )


def test_that_the_option_needs_a_language() -> None:
    with pytest.raises(ConfigError, match="needs a language"):
        language.take_language(["train", "--language"])


def test_that_the_command_line_and_argparse_speak_the_language(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--language", "de", "evaluate", "--help"])
    assert capsys.readouterr().out.startswith("Aufruf: micronn evaluate")
    assert main(["evaluate", "--nonsense", "--language", "pt"]) == 2
    assert "pt_BR: --nonsense" in capsys.readouterr().err


def test_that_the_command_line_refuses_an_unknown_language(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--language", "xx", "train"]) == 2
    assert capsys.readouterr().err == (
        "micronn: error: There is no translation into 'xx'. There are: "
        "en (English), de (Deutsch), pt_BR (Português (Brasil)).\n"
    )
    assert tr("usage: ") == "usage: "
