"""The rules that keep the house standing, held by reading its imports."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from functools import cache

import pytest

from tests.paths import CHECKOUT

MODULES = {
    ".".join(path.relative_to(CHECKOUT).with_suffix("").parts).removesuffix(".__init__"): path
    for package in ("micronn_core", "micronn_gui")
    for path in sorted((CHECKOUT / package).rglob("*.py"))
}
QT = ("PySide6", "shiboken6", "pyqtgraph")

CORE = (
    "common",
    "nn",
    "data",
    "drawing",
    "settings",
    "training",
    "explain",
    "diagnostics",
    "evaluation",
    "runs",
    "experiments",
    "export",
    "lessons",
    "cli",
)
"""The packages of the core; each may import those before it, and itself."""

SYLLABUS = (
    "activations",
    "initializers",
    "loss",
    "network",
    "dropout",
    "optimizers",
    "regularization",
    "schedules",
)
"""The files of `micronn_core.nn` in the order in which they are read; each may import those before it."""

_TEXTS = ("micronn_core.common",)
_CORE = tuple(f"micronn_core.{package}" for package in CORE if package != "cli")
_STATES = "micronn_gui.session.states"

RULES: dict[str, tuple[str, ...]] = {
    # the core
    "micronn_core": ("micronn_core.micronn", "micronn_core.nn"),
    **{
        f"micronn_core.{package}": tuple(f"micronn_core.{before}" for before in CORE[: i + 1])
        for i, package in enumerate(CORE)
    },
    "micronn_core.common.errors": (),
    **{
        f"micronn_core.nn.{name}": (*_TEXTS, *(f"micronn_core.nn.{before}" for before in SYLLABUS[:i]))
        for i, name in enumerate(SYLLABUS)
    },
    "micronn_core.training.compute": (
        *_TEXTS,
        "micronn_core.nn",
        "micronn_core.data",
        "micronn_core.training.compute",
    ),
    "micronn_core.micronn": (
        *_TEXTS,
        "micronn_core.nn",
        "micronn_core.data",
        "micronn_core.training.compute",
    ),
    # the window: what runs beside it, what it knows
    "micronn_gui": (),
    "micronn_gui.preflight": _TEXTS,  # which load neither Qt nor NumPy
    "micronn_gui.garbage": (),
    "micronn_gui.leaving": (),
    "micronn_gui.preferences": (*_TEXTS, "micronn_core.settings", "micronn_gui.theme"),
    "micronn_gui.language": (*_TEXTS, "micronn_gui.preferences", "micronn_gui.widgets"),
    "micronn_gui.worker": (
        *_TEXTS,
        "micronn_core.nn",
        "micronn_core.data",
        "micronn_core.settings",
        "micronn_core.training",
        "micronn_gui.worker",
    ),
    "micronn_gui.session": (*_CORE, "micronn_gui.worker", "micronn_gui.session"),
    "micronn_gui.session.training": (
        *_CORE,
        "micronn_gui.worker",
        "micronn_gui.session.live_changes",
        "micronn_gui.session.rate",
        "micronn_gui.session.throttle",
    ),
    # what is seen, from the smallest part to the whole
    "micronn_gui.theme": _TEXTS,
    "micronn_gui.widgets": (*_TEXTS, "micronn_gui.theme", "micronn_gui.widgets"),
    **{
        f"micronn_gui.panels.{folder}": (
            *_CORE,
            "micronn_gui.worker.update",
            "micronn_gui.session",
            "micronn_gui.theme",
            "micronn_gui.widgets",
            "micronn_gui.panels.settings",
            "micronn_gui.panels.panel",
            f"micronn_gui.panels.{folder}",
        )
        for folder in ("settings", "data", "train", "draw", "inspect", "evaluate", "runs", "window")
    },
    "micronn_gui.panels": (),
    "micronn_gui.panels.panel": (
        "micronn_gui.session.throttle",
        "micronn_gui.theme",
        "micronn_gui.widgets",
    ),
    "micronn_gui.workspaces": (
        *_TEXTS,
        "micronn_gui.preferences",
        "micronn_gui.session",
        "micronn_gui.theme",
        "micronn_gui.widgets",
        "micronn_gui.panels",
        "micronn_gui.workspaces",
    ),
    "micronn_gui.workspaces.present_views": (  # large, a panel's content is put together anew
        *_CORE,
        "micronn_gui.session",
        "micronn_gui.theme",
        "micronn_gui.widgets",
        "micronn_gui.panels",
    ),
    "micronn_gui.actions": (
        *_TEXTS,
        "micronn_gui.session",
        "micronn_gui.panels",
        "micronn_gui.widgets",
        "micronn_gui.workspaces",
    ),
    "micronn_gui.findable": (
        *_TEXTS,
        "micronn_core.settings",
        "micronn_gui.actions",
        "micronn_gui.panels",
        "micronn_gui.session",
    ),
    "micronn_gui.main_window": (
        *_TEXTS,
        "micronn_gui.actions",
        "micronn_gui.findable",
        "micronn_gui.language",
        "micronn_gui.panels",
        "micronn_gui.preferences",
        "micronn_gui.session",
        "micronn_gui.theme",
        "micronn_gui.widgets",
        "micronn_gui.workspaces",
    ),
    "micronn_gui.app": (
        *_TEXTS,
        "micronn_gui.garbage",
        "micronn_gui.language",
        "micronn_gui.leaving",
        "micronn_gui.main_window",
        "micronn_gui.preferences",
        "micronn_gui.session",
        "micronn_gui.theme",
        "micronn_gui.worker",
    ),
    "micronn_gui.__main__": (*_TEXTS, "micronn_core.cli", "micronn_gui.app", "micronn_gui.preflight"),
}
"""What a module or package may import of ours: itself, and all that lies within these places.

The rule of the nearest place holds for a module. Whoever adds a package says here where it stands.
"""

KNOWN: set[tuple[str, str]] = set()
"""Imports that still point the wrong way: this list may only become shorter."""

TAKE_ALL_STATES = (
    _STATES,
    "micronn_gui.workspaces",
    "micronn_gui.actions",
    "micronn_gui.main_window",
    "micronn_gui.app",
)
"""Who may know all states of the window at once, to hand each panel its own."""

WITHOUT_QT = ("micronn_core", "micronn_gui.worker", "micronn_gui.__main__")
"""Places that never import Qt."""


def within(name: str, place: str) -> bool:
    """Whether a dotted name is a place or lies below it."""
    return name == place or name.startswith(place + ".")


def ours(name: str) -> bool:
    return within(name, "micronn_core") or within(name, "micronn_gui")


@cache
def imports(module: str) -> tuple[str, ...]:
    """Return every module that a module imports anywhere in its text, also for type checkers alone."""
    found: list[str] = []
    for node in ast.walk(ast.parse(MODULES[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            # The name may be a module too: `from micronn_gui import app`.
            names = (f"{node.module}.{alias.name}" for alias in node.names)
            found += (name if name in MODULES else str(node.module) for name in names)
    return tuple(dict.fromkeys(found))


def rule_of(module: str) -> str | None:
    """Return the nearest place with a rule; the rules of the two roots are for themselves alone."""
    place = module
    while place not in RULES:
        place = place.rpartition(".")[0]
    return place if place == module or "." in place else None


def wrong_imports() -> Iterator[tuple[str, str]]:
    """Return who imports what it may not."""
    for module in MODULES:
        place = rule_of(module)
        for name in imports(module):
            if place and ours(name) and not any(within(name, allowed) for allowed in RULES[place]):
                yield module, name


def circles(arrows: dict[str, set[str]]) -> list[list[str]]:
    """Return the groups of names that lead to each other (Tarjan 1972)."""
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    path: list[str] = []
    found: list[list[str]] = []

    def visit(name: str) -> None:
        order[name] = lowest[name] = len(order)
        path.append(name)
        for other in arrows[name]:
            if other not in order:
                visit(other)
                lowest[name] = min(lowest[name], lowest[other])
            elif other in path:
                lowest[name] = min(lowest[name], order[other])
        if lowest[name] == order[name]:
            group = path[path.index(name) :]
            del path[path.index(name) :]
            if len(group) > 1 or name in arrows[name]:
                found.append(sorted(group))

    for name in arrows:
        if name not in order:
            visit(name)
    return found


def lines(pairs: Iterable[tuple[str, str]]) -> str:
    return "\n".join(f"{module} imports {name}" for module, name in sorted(pairs))


@pytest.mark.parametrize("module", MODULES)
def test_that_every_module_has_its_place(module: str) -> None:
    assert rule_of(module) is not None, f"no rule says what {module} may import: add its package to RULES"


def test_that_imports_point_one_way() -> None:
    wrong = set(wrong_imports())
    assert not wrong - KNOWN, f"these point the wrong way:\n{lines(wrong - KNOWN)}"


def test_that_what_points_the_right_way_by_now_is_struck_off_the_list() -> None:
    mended = KNOWN - set(wrong_imports())
    assert not mended, f"these are mended, strike them off:\n{lines(mended)}"


def test_that_no_imports_lead_in_a_circle() -> None:
    assert (
        circles({module: {name for name in imports(module) if name in MODULES} for module in MODULES}) == []
    )


def test_that_a_circle_would_be_found() -> None:
    arrows = {"a": {"b"}, "b": {"c"}, "c": {"b", "d"}, "d": set()}
    assert circles(arrows) == [["b", "c"]]


def test_that_packages_of_widgets_do_not_lead_in_a_circle() -> None:
    arrows: dict[str, set[str]] = {}
    for module in MODULES:
        if within(module, "micronn_gui.widgets") and module.count(".") >= 2:
            names = {name.split(".")[2] for name in imports(module) if within(name, "micronn_gui.widgets")}
            arrows.setdefault(module.split(".")[2], set()).update(names - {module.split(".")[2]})
    assert circles(arrows) == []


def test_that_only_the_frame_takes_all_states() -> None:
    takers = [module for module in MODULES if _STATES in imports(module)]
    assert [taker for taker in takers if not any(within(taker, place) for place in TAKE_ALL_STATES)] == []


@pytest.mark.parametrize("module", [m for m in MODULES if any(within(m, place) for place in WITHOUT_QT)])
def test_that_what_needs_no_window_imports_no_qt(module: str) -> None:
    assert [name for name in imports(module) if any(within(name, library) for library in QT)] == []


def test_that_the_syllabus_is_read_in_an_evening() -> None:
    files = {name.rpartition(".")[2]: path for name, path in MODULES.items() if ".nn." in name}
    assert set(files) == set(SYLLABUS)
    assert sum(len(path.read_text(encoding="utf-8").splitlines()) for path in files.values()) < 1_000


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
