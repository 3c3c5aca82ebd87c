"""An exception in what Qt calls back is reported, and the program goes on."""

from __future__ import annotations

import ast
import subprocess
import sys

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
    node.name: (path, node)
    for path in sorted((CHECKOUT / "micronn_gui").rglob("*.py"))
    for node in ast.walk(ast.parse(path.read_text("utf-8")))
    if isinstance(node, ast.ClassDef)
}


def is_guarded(name: str) -> bool:
    if name == Guarded.__name__:
        return True
    bases = [ast.unparse(base) for base in CLASSES[name][1].bases] if name in CLASSES else []
    return any(is_guarded(base) for base in bases)


def is_of_qt(name: str) -> bool:
    if name in CLASSES:
        return any(is_of_qt(ast.unparse(base)) for base in CLASSES[name][1].bases)
    return name.startswith("pg.") or (name.startswith("Q") and name[1:2].isupper())


def test_that_every_class_that_overrides_something_of_qts_is_guarded() -> None:
    overriding = [
        name
        for name, (_, node) in CLASSES.items()
        if is_of_qt(name)
        and any(isinstance(part, ast.FunctionDef) and is_override(part.name) for part in node.body)
    ]
    assert len(overriding) > 30
    assert [name for name in overriding if not is_guarded(name)] == []


def test_that_every_painter_is_closed_by_with() -> None:
    painters = closed = 0
    for path in sorted((CHECKOUT / "micronn_gui").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "QPainter":
                painters += 1
            if isinstance(node, ast.With):
                closed += sum(ast.unparse(item.context_expr).startswith("QPainter(") for item in node.items)
    assert painters == closed > 20
