"""An exception in what Qt calls back is reported, and the program goes on."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QPersistentModelIndex, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from micronn_gui.widgets.guard import Guarded, is_override
from tests.paths import CHECKOUT

Index = QModelIndex | QPersistentModelIndex


class Broken(Guarded, QWidget):
    """Raises wherever Qt asks it something."""

    def showEvent(self, event: QShowEvent) -> None:
        raise ValueError("shown")

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self):
            raise ValueError("painted")

    def sizeHint(self) -> QSize:
        raise ValueError("asked")


class Derived(Broken):
    """Has an override of its own."""

    def leaveEvent(self, event: QEvent) -> None:
        raise ValueError("left")


class BrokenModel(Guarded, QAbstractTableModel):
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        raise ValueError("rows")


@pytest.fixture
def reported(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    found: list[str] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: found.append(str(error)))
    return found


def test_that_an_exception_in_an_override_is_reported_and_the_program_goes_on(
    qtbot: QtBot, reported: list[str]
) -> None:
    widget = Broken()
    qtbot.addWidget(widget)
    widget.show()
    widget.grab()
    assert {"shown", "painted"} <= set(reported)
    assert widget.isVisible()
    assert widget.sizeHint() == QSize()
    assert "asked" in reported


def test_that_what_derives_from_a_guarded_class_is_guarded_too(qtbot: QtBot, reported: list[str]) -> None:
    widget = Derived()
    qtbot.addWidget(widget)
    widget.leaveEvent(QEvent(QEvent.Type.Leave))
    assert reported == ["left"]


def test_that_a_model_that_fails_is_empty(reported: list[str]) -> None:
    assert BrokenModel().rowCount() == 0
    assert reported == ["rows"]


def test_that_two_exceptions_below_one_call_do_not_end_the_process() -> None:
    code = """
import sys
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from micronn_gui.widgets.guard import Guarded
class Broken(Guarded, QWidget):
    def showEvent(self, event): raise ValueError("shown")
    def paintEvent(self, event): raise ValueError("painted")
application = QApplication([])
sys.excepthook = lambda kind, error, trace: print(error)
window = QWidget()
layout = QVBoxLayout(window)
for _ in range(3):
    layout.addWidget(Broken())
window.show()
window.grab()
window.hide()
window.show()
print("goes on")
"""
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, timeout=60, check=True
    )
    assert ended.stdout.splitlines()[-1] == "goes on"
    assert ended.stdout.count("shown") >= 6


# -- the kind: every class, every painter --


CLASSES = {
    (path, node.name): node
    for path in sorted((CHECKOUT / "micronn_gui").rglob("*.py"))
    for node in ast.walk(ast.parse(path.read_text("utf-8")))
    if isinstance(node, ast.ClassDef)
}


def bases_of(path: Path, name: str) -> list[tuple[Path, str]]:
    """Return where the bases of a class are: in its own file, else wherever there is one of that name."""
    names = [ast.unparse(base) for base in CLASSES[path, name].bases]
    return [
        (path, base)
        if (path, base) in CLASSES
        else next((place for place in CLASSES if place[1] == base), (path, base))
        for base in names
    ]


def is_guarded(path: Path, name: str) -> bool:
    if name == Guarded.__name__:
        return True
    return (path, name) in CLASSES and any(is_guarded(*base) for base in bases_of(path, name))


def is_of_qt(path: Path, name: str) -> bool:
    if (path, name) in CLASSES:
        return any(is_of_qt(*base) for base in bases_of(path, name))
    return name.startswith("pg.") or (name.startswith("Q") and name[1:2].isupper())


def overrides(path: Path, name: str) -> bool:
    """Return whether a class overrides something of Qt's, be it one that is mixed into Qt's classes."""
    methods = [part.name for part in CLASSES[path, name].body if isinstance(part, ast.FunctionDef)]
    hears_events = any(method.endswith("Event") or method == "eventFilter" for method in methods)
    return hears_events or (is_of_qt(path, name) and any(map(is_override, methods)))


def test_that_every_class_that_overrides_something_of_qts_is_guarded() -> None:
    overriding = [place for place in CLASSES if overrides(*place)]
    assert len(overriding) > 30
    assert [f"{path.name}: {name}" for path, name in overriding if not is_guarded(path, name)] == []


def test_that_every_painter_is_closed_by_with() -> None:
    painters = closed = 0
    for path in sorted((CHECKOUT / "micronn_gui").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "QPainter":
                painters += 1
            if isinstance(node, ast.With):
                closed += sum(ast.unparse(item.context_expr).startswith("QPainter(") for item in node.items)
    assert painters == closed > 20
