"""Who hears signals with methods of their own is an object of Qt's, and so hears nothing after its end.

PySide calls a method of any other object even when Python has let go of the object, if the call was already
on its way: what is read then is anybody's memory.
"""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject

from tests.paths import CHECKOUT

MODULES = {
    ".".join(path.relative_to(CHECKOUT).with_suffix("").parts): path
    for path in sorted((CHECKOUT / "micronn_gui").rglob("*.py"))
    if path.stem != "__init__"
}


def hearers(tree: ast.AST) -> Iterator[str]:
    """Return the names of the classes that connect methods of their own."""
    for made in ast.walk(tree):
        if isinstance(made, ast.ClassDef) and any(map(connects_its_own, ast.walk(made))):
            yield made.name


def connects_its_own(node: ast.AST) -> bool:
    """Whether this is `something.connect(self.method)`."""
    match node:
        case ast.Call(
            func=ast.Attribute(attr="connect"), args=[ast.Attribute(value=ast.Name(id="self")), *_]
        ):
            return True
    return False


@pytest.mark.parametrize("module", MODULES)
def test_that_whoever_hears_with_its_own_methods_is_an_object_of_qts(module: str) -> None:
    names = list(hearers(ast.parse(MODULES[module].read_text(encoding="utf-8"))))
    loaded = importlib.import_module(module) if names else None
    assert [name for name in names if not issubclass(getattr(loaded, name), QObject)] == []


def test_that_hearers_would_be_found() -> None:
    tree = ast.parse("class A:\n    def f(self, b):\n        b.c.connect(self.d, e)\n")
    assert list(hearers(tree)) == ["A"]
