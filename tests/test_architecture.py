"""The rules that keep the house standing, held by reading its imports."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.paths import CHECKOUT

MODULES = {
    ".".join(path.relative_to(CHECKOUT).with_suffix("").parts).removesuffix(".__init__"): path
    for package in ("micronn_core", "micronn_gui")
    for path in sorted((CHECKOUT / package).rglob("*.py"))
}
QT = ("PySide6", "shiboken6", "pyqtgraph")

# module or package -> what it, and all below it, never imports
EVERYTHING_SHOWN = (
    "micronn_gui.theme",
    "micronn_gui.widgets",
    "micronn_gui.panels",
    "micronn_gui.workspaces",
    "micronn_gui.main_window",
    "micronn_gui.app",
)

FORBIDDEN = {
    "micronn_core": (*QT, "micronn_gui"),
    "micronn_core.common.errors": ("micronn_core",),
    "micronn_core.nn.activations": ("micronn_core.nn.network", "micronn_core.training.trainer"),
    "micronn_core.nn.initializers": ("micronn_core.nn.network", "micronn_core.training.trainer"),
    "micronn_core.nn.network": (
        "micronn_core.nn.optimizers",
        "micronn_core.training.trainer",
        "micronn_core.explain.explanation",
        "micronn_core.runs.saved_network",
        "micronn_core.cli.main",
    ),
    "micronn_core.nn.optimizers": (
        "micronn_core.nn.network",
        "micronn_core.training.trainer",
        "micronn_core.cli.main",
    ),
    "micronn_core.training.trainer": ("micronn_core.runs.saved_network", "micronn_core.cli.main"),
    "micronn_core.explain.explanation": ("micronn_core.runs.saved_network", "micronn_core.cli.main"),
    "micronn_core.runs.saved_network": ("micronn_core.cli.main",),
    "micronn_gui.theme": (
        "micronn_gui.session.training",
        "micronn_gui.worker.training_worker",
        "micronn_gui.widgets",
        "micronn_gui.panels",
        "micronn_gui.workspaces",
        "micronn_gui.main_window",
        "micronn_gui.app",
    ),
    "micronn_gui.widgets": (
        "micronn_core",
        "micronn_gui.session.training",
        "micronn_gui.worker.training_worker",
        "micronn_gui.panels",
        "micronn_gui.workspaces",
        "micronn_gui.main_window",
        "micronn_gui.app",
    ),
    "micronn_gui.panels": (
        "micronn_gui.worker.training_worker",
        "micronn_gui.workspaces",
        "micronn_gui.main_window",
        "micronn_gui.app",
    ),
    "micronn_gui.workspaces": (
        "micronn_core",
        "micronn_gui.worker.training_worker",
        "micronn_gui.main_window",
        "micronn_gui.app",
    ),
    "micronn_gui.main_window": ("micronn_core", "micronn_gui.worker.training_worker", "micronn_gui.app"),
    "micronn_gui.session.training": (
        "micronn_gui.widgets",
        "micronn_gui.panels",
        "micronn_gui.workspaces",
        "micronn_gui.main_window",
        "micronn_gui.app",
    ),
    "micronn_gui.worker.training_worker": (
        *EVERYTHING_SHOWN,
        "micronn_gui.session.training",
        "pyqtgraph",
        "PySide6",
    ),
    "micronn_gui.worker.update": (*EVERYTHING_SHOWN, "micronn_gui.session.training", "pyqtgraph", "PySide6"),
    "micronn_gui.preflight": ("micronn_core", "micronn_gui"),
}


def within(name: str, place: str) -> bool:
    """Whether a dotted name is a place or lies below it."""
    return name == place or name.startswith(place + ".")


SPOKEN_EVERYWHERE = "micronn_core.common.texts"
"""What is seen is translated everywhere."""


def imports(module: str) -> Iterator[str]:
    """Every module, and every name of a module, that a module imports anywhere in its text."""
    for node in ast.walk(ast.parse(MODULES[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            # The name may be a module too: `from micronn_gui import worker`.
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def imported_at_start(words: list[str]) -> set[str]:
    """Run `micronn` with these words in a fresh Python and return the modules it has loaded."""
    code = (
        "import sys; from micronn_gui.__main__ import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        "sys.stderr.write(' '.join(sys.modules))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, *words], cwd=CHECKOUT, capture_output=True, text=True, timeout=60
    )
    assert run.returncode == 0, run.stderr
    return set(run.stderr.split())


@pytest.mark.parametrize("module", MODULES)
def test_that_imports_point_one_way(module: str) -> None:
    wrong = {
        name
        for place, forbidden in FORBIDDEN.items()
        if within(module, place)
        for name in imports(module)
        if not within(name, SPOKEN_EVERYWHERE) and any(within(name, barred) for barred in forbidden)
    }
    assert not wrong, f"{module} must not import {', '.join(sorted(wrong))}"


@pytest.mark.parametrize("module", MODULES)
def test_that_only_the_start_imports_the_application(module: str) -> None:
    if module != "micronn_gui.__main__":
        assert not [name for name in imports(module) if within(name, "micronn_gui.app")]


def test_that_the_start_and_the_preflight_load_no_qt() -> None:
    code = "import sys, micronn_gui.__main__, micronn_gui.preflight; print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, check=True, timeout=60
    )
    loaded = {name.split(".")[0] for name in run.stdout.split()}
    assert "micronn_gui" in loaded
    assert not loaded & {*QT, "numpy", "pandas"}


@pytest.mark.parametrize("words", [["train", "--help"], ["--help"], ["--version"]], ids=" ".join)
def test_that_the_command_line_loads_no_qt(words: list[str]) -> None:
    loaded = {name.split(".")[0] for name in imported_at_start(words)}
    assert "micronn_core" in loaded
    assert not loaded & set(QT)


LONG = {"micronn_core.settings.table"}
"""A table may be as long as what it tells of."""


@pytest.mark.parametrize("module", sorted(MODULES.keys() - LONG))
def test_that_a_file_holds_one_idea(module: str) -> None:
    assert len(MODULES[module].read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("module", MODULES)
def test_that_only_the_tutorials_own_class_prints(module: str) -> None:
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    prints = [call for call in calls if isinstance(call, ast.Name) and call.id == "print"]
    assert not prints or module == "micronn_core.micronn"


def test_that_no_file_names_a_place_on_one_machine() -> None:
    folders = ("micronn_core", "micronn_gui", "tests", "resources", ".ci")
    files = [path for folder in folders for path in (CHECKOUT / folder).rglob("*") if path.is_file()]
    files += [
        path for path in CHECKOUT.iterdir() if path.suffix in {".md", ".toml"} or path.name == "Makefile"
    ]
    place = re.compile(r"(?<![\w./])/(?:root|work|home|Users|opt)/\w")
    for path in files:
        if path.suffix in {"", ".py", ".md", ".toml", ".json", ".svg", ".txt"}:
            found = place.search(path.read_text(encoding="utf-8"))
            assert found is None, f"{path.relative_to(CHECKOUT)} names {found}"
