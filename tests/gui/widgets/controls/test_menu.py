"""A menu whose button is disabled while it is open closes, and nobody waits for it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from micronn_gui.widgets.controls.menu import Menu
from tests.paths import CHECKOUT

SOURCES = sorted((CHECKOUT / "micronn_gui").rglob("*.py"))


def test_that_an_open_menu_closes_when_its_button_is_disabled(qtbot: QtBot) -> None:
    button = QToolButton()
    qtbot.addWidget(button)
    menu = Menu(button)
    menu.addAction("An entry")
    button.setMenu(menu)
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    button.show()
    QTimer.singleShot(50, lambda: button.setEnabled(False))
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)  # returns when the menu has closed
    assert not menu.isVisible()


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_that_every_menu_of_the_window_closes_so(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    bare = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "QMenu"
    ]
    assert not bare
