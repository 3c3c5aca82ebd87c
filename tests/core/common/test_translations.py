"""The texts of the program are found, a language is begun and kept up with them, and compiled."""

from __future__ import annotations

import importlib.util
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

from micronn_core.common.texts import ENGLISH, tr, use_language
from micronn_core.common.translations import begin, extract, translated, update
from tests.paths import CHECKOUT

MODULE = """
from micronn_core.common.texts import mark, tr, trc, trn
TABLE = [mark("A row")]
print(tr("One {what}", what=1), trn("{count} run", "{count} runs", 2), trc("a state", "Open"))
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for package in ("micronn_core", "micronn_gui"):
        (tmp_path / package).mkdir()
    (tmp_path / "micronn_core" / "module.py").write_text(MODULE, encoding="utf-8")
    (tmp_path / "resources" / "locale").mkdir(parents=True)
    return tmp_path


def hook(root: Path) -> BuildHookInterface[Any]:
    spec = importlib.util.spec_from_file_location(
        "hook", CHECKOUT / "resources" / "locale" / "hatch_build.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made: BuildHookInterface[Any] = module.CompileTranslations(str(root), {}, None, None, str(root), "wheel")
    return made


def test_that_every_way_to_write_a_text_is_found(checkout: Path) -> None:
    found = {(message.context, message.id) for message in extract(checkout) if message.id}
    assert found == {
        (None, "A row"),
        (None, "One {what}"),
        (None, ("{count} run", "{count} runs")),
        ("a state", "Open"),
    }


def test_that_the_texts_of_the_program_are_found() -> None:
    texts = extract(CHECKOUT)
    assert len(texts) > 500
    assert texts.get("There is no translation into {asked!r}. There are: {names}.") is not None


def test_that_a_translation_keeps_up_with_the_program(checkout: Path) -> None:
    folder = checkout / "resources" / "locale"
    path = begin(folder, "de")
    assert update(folder, extract(checkout)) == [path]
    path.write_text(
        path.read_text(encoding="utf-8").replace(
            'msgid "A row"\nmsgstr ""', 'msgid "A row"\nmsgstr "Eine Zeile"'
        )
    )
    module = checkout / "micronn_core" / "module.py"
    module.write_text(
        module.read_text(encoding="utf-8").replace("One {what}", "One new {what}"), encoding="utf-8"
    )
    update(folder, extract(checkout))
    catalog = read_po(BytesIO(path.read_bytes()))
    kept, new = catalog.get("A row"), catalog.get("One new {what}")
    assert kept is not None
    assert kept.string == "Eine Zeile"
    assert translated(catalog) == 1
    assert new is not None
    assert not catalog.get("One {what}")


def test_that_a_language_that_was_begun_is_not_begun_anew(checkout: Path) -> None:
    begin(checkout, "de")
    with pytest.raises(FileExistsError):
        begin(checkout, "de")


def test_that_the_wheel_is_given_what_it_needs_to_speak(checkout: Path) -> None:
    folder = checkout / "resources" / "locale"
    path = begin(folder, "de")
    update(folder, extract(checkout))
    path.write_text(
        path.read_text(encoding="utf-8").replace(
            'msgid "A row"\nmsgstr ""', 'msgid "A row"\nmsgstr "Eine Zeile"'
        )
    )
    build: dict[str, Any] = {"force_include": {}}
    compiling = hook(checkout)
    compiling.initialize("standard", build)
    ((compiled, place),) = build["force_include"].items()
    assert place == "micronn_core/_resources/locale/de/LC_MESSAGES/micronn.mo"
    use_language("de", Path(compiled).parents[2])
    assert tr("A row") == "Eine Zeile"
    use_language(ENGLISH, None)
    compiling.finalize("standard", build, "")
    assert not Path(compiled).exists()


def test_that_an_editable_installation_compiles_nothing(checkout: Path) -> None:
    begin(checkout / "resources" / "locale", "de")
    build: dict[str, Any] = {"force_include": {}}
    compiling = hook(checkout)
    compiling.initialize("editable", build)
    compiling.finalize("editable", build, "")
    assert build == {"force_include": {}}
