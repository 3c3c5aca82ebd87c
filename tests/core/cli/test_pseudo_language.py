"""In a language made from its own texts, the command line says nothing that was missed or glued."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from micronn_core.cli import main as cli
from micronn_core.common import language
from micronn_core.common.texts import ENGLISH, use_language
from micronn_core.data.augmentation import AUGMENTATIONS
from micronn_core.data.catalog import DATASETS, opened_files
from micronn_core.experiments.jobs import usual_processes
from micronn_core.runs.pretrained import READY
from micronn_core.settings.recipes import RECIPES
from micronn_core.settings.table import SETTINGS
from tests.core.cli.test_main import FAULTS, MISUSES
from tests.core.shapes import flowers, write_csv
from tests.locales import forget_language
from tests.pseudo_language import CODE, faults, pseudo

TYPED = re.compile(
    r"(?<![\w-])--?[a-z][\w-]*(?: [A-Z]+\b)?"  # options, and their names in capitals
    r"|\{[^{}]*\}|\b[\w.-]+=[\w.,-]+"  # choices and settings
    r"|\([^()«»]*\)»?$"  # the default of an option
    r"|'[^']*'"  # what was typed, quoted
)
"""What is typed as it stands in every language."""

PYTHONS_OWN = ("File is not a zip file",)
"""What Python's own modules say: it is passed on, in brackets, and no translator can reach it."""

USAGE = pseudo("usage: ")
COLUMNS = re.compile(r"\s{2,}")

FILE = "Ж"
"""A file whose name is no English word."""


@pytest.fixture(autouse=True)
def _pseudo(pseudo_translations: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(language, "default_folder", lambda: pseudo_translations)
    monkeypatch.setenv("LANGUAGE", CODE)
    monkeypatch.setenv("COLUMNS", "2000")  # so that no sentence is broken into lines
    monkeypatch.chdir(tmp_path)
    yield
    use_language(ENGLISH, None)
    forget_language(monkeypatch)


def names() -> list[str]:
    """What the command line calls commands, recipes and data, and what the tests call theirs."""
    dataset = flowers()
    found = {"micronn", "full", *PYTHONS_OWN, *cli.COMMANDS, *RECIPES, *READY, *AUGMENTATIONS, *DATASETS}
    found |= {source.name for source in opened_files()}
    found |= {*dataset.class_names, dataset.name}
    found |= {str(name) for row in SETTINGS.values() for name in getattr(row.kind, "table", ())}
    found |= {dataset.spec.features.label(i) for i in range(dataset.spec.features.count)}
    return sorted(found, key=len, reverse=True)


def assert_translated(text: str) -> None:
    found = [
        f"{fault}: {line!r}"
        for line in text.splitlines()
        for cell in COLUMNS.split(line)
        for fault in faults(TYPED.sub("", cell), *names())
        if not (USAGE in line and "glued" in fault)  # argparse puts it together
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("words", [[], *([name] for name in cli.COMMANDS)], ids=" ".join)
def test_that_all_help_is_translated(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main([*words, "--help"])
    assert_translated(capsys.readouterr().out)


def test_that_all_results_are_translated(capsys: pytest.CaptureFixture[str]) -> None:
    write_csv(Path("table.csv"), flowers())
    how = ["--data", "table.csv", "--hidden", "8", "--lr", "0.25", "--epochs", "4"]
    jobs = str(min(2, usual_processes()))
    for words in (
        ["train", *how, "--output", "net.npz"],
        ["evaluate", "net.npz"],
        ["evaluate", "net.npz", "--data", "table.csv"],
        ["predict", "table.csv", "--model", "net.npz"],
        ["cross-validate", *how, "--folds", "2"],
        ["sweep", *how, "--set", "lr=0.25,0.5", "--jobs", jobs, "--output", "sweep.csv"],
    ):
        assert cli.main(words) == 0, words
        said = capsys.readouterr()
        assert_translated(said.out)
        assert_translated(said.err)


@pytest.mark.parametrize("words", [words for words, _ in MISUSES.values()], ids=MISUSES)
def test_that_all_misuses_are_explained_in_the_language(
    capsys: pytest.CaptureFixture[str], words: str
) -> None:
    assert cli.main(words.split()) == cli.MISUSED
    assert_translated(capsys.readouterr().err)


@pytest.mark.parametrize(("prepare", "words"), [(p, words) for p, words, _ in FAULTS.values()], ids=FAULTS)
def test_that_all_faults_of_files_are_explained_in_the_language(
    capsys: pytest.CaptureFixture[str], prepare: Callable[[Path], object], words: str
) -> None:
    prepare(Path(FILE))
    assert cli.main([word.replace("FILE", FILE) for word in words.split()]) == cli.FAILED
    assert_translated(capsys.readouterr().err)
