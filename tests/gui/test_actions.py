"""The one table of actions: menu, shortcuts and the page of keys are made from it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QLabel, QToolButton
from pytestqt.qtbot import QtBot

from micronn_gui import actions, main_window
from micronn_gui.actions import HELP, MORE, SHARE, Action, ActionContext, make_actions
from micronn_gui.main_window import MainWindow
from micronn_gui.panels.window.about import KeysDialog
from micronn_gui.session.states import States
from tests.gui.running import part


@pytest.fixture
def context(monkeypatch: pytest.MonkeyPatch) -> list[ActionContext]:
    """What the window makes its actions of, once it is open."""
    heard: list[ActionContext] = []

    def listening(context: ActionContext) -> tuple[Action, ...]:
        heard.append(context)
        return make_actions(context)

    monkeypatch.setattr(main_window, "make_actions", listening)
    return heard


def menu(window: MainWindow, name: str = "Menu") -> list[QAction]:
    return part(window.header, QToolButton, name).menu().actions()


def page_of_keys(qtbot: QtBot, window: MainWindow) -> list[str]:
    """Open the page of keys and return its texts."""
    qtbot.keyClick(window, Qt.Key.Key_F1)
    dialog = window.findChild(KeysDialog)
    assert dialog is not None
    assert dialog.isVisible()
    texts = [shown.text() for shown in dialog.findChildren(QLabel)]
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    return texts


def test_that_ids_and_keys_are_not_given_twice(context: list[ActionContext], window: MainWindow) -> None:
    made = make_actions(context[0])
    ids = [action.id for action in made]
    assert len(ids) == len(set(ids))
    keys = [action.keys_text for action in made if action.do is not None and action.keys_text]
    assert len(keys) == len(set(keys))


def test_that_sections_are_in_one_piece(context: list[ActionContext], window: MainWindow) -> None:
    sections = [action.section for action in make_actions(context[0])]
    changes = [new for old, new in zip(["", *sections], sections, strict=False) if old != new]
    assert len(changes) == len(set(changes))


def test_that_the_menu_offers_what_the_table_says(context: list[ActionContext], window: MainWindow) -> None:
    for name, offered in (("Share", SHARE), ("Help", HELP), ("Menu", MORE)):
        expected = [action.title for action in make_actions(context[0]) if action.offered == offered]
        assert [action.text() for action in menu(window, name)] == expected
        assert expected
    assert expected[-1] == "Quit"


def test_that_the_page_of_keys_names_every_key(
    qtbot: QtBot, context: list[ActionContext], window: MainWindow
) -> None:
    texts = page_of_keys(qtbot, window)
    for action in make_actions(context[0]):
        if action.keys_text:
            lines = [texts[i + 1 : i + 3] for i, text in enumerate(texts) if text == action.keys_text]
            assert [action.title, action.note] in lines, action.id


def test_that_every_key_of_the_table_is_heard(context: list[ActionContext], window: MainWindow) -> None:
    heard = {keys.toString() for made in window.actions() for keys in made.shortcuts()}
    for action in make_actions(context[0]):
        if action.do is not None and action.keys:
            keys = action.keys.split("; ")[0] if isinstance(action.keys, str) else action.keys
            key = QKeySequence(keys)
            assert key.toString() in heard or key[0].key() in window._unwanted_keys, action.id


def test_that_a_row_makes_an_action(
    qtbot: QtBot, states: States, monkeypatch: pytest.MonkeyPatch, open_window: Callable[[States], MainWindow]
) -> None:
    done: list[str] = []

    def with_another(context: ActionContext) -> tuple[Action, ...]:
        row = Action("sing", "Music", "Sing a song", "Ctrl+G", lambda: done.append("sung"), offered=MORE)
        return (*make_actions(context), row)

    monkeypatch.setattr(main_window, "make_actions", with_another)
    window = open_window(states)
    qtbot.keyClick(window, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    menu(window)[-1].trigger()
    assert done == ["sung", "sung"]


def test_that_a_workspace_has_the_key_of_its_place(context: list[ActionContext], window: MainWindow) -> None:
    found = {
        action.title: action.keys_text for action in make_actions(context[0]) if "workspace" in action.id
    }
    assert found == {entry.label: f"Ctrl+{i}" for i, entry in enumerate(actions.WORKSPACES, 1)}
