"""A menu bar as a Mac has it: every action, under the headings of the page of keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from itertools import groupby

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenuBar

from micronn_gui.actions import Action, name_anew


def fill_menu_bar(bar: QMenuBar, actions: Iterable[Action], entries: Mapping[str, QAction]) -> None:
    """Fill a menu bar from the table of actions.

    Args:
        bar: the window's.
        actions: the table.
        entries: what menus offer, by the ids of the actions.
    """
    for section, group in groupby(actions, lambda action: action.section):
        offered = [entries[action.id] for action in group if action.id in entries]
        if offered:
            menu = bar.addMenu(section)
            menu.addActions(offered)
            menu.aboutToShow.connect(partial(name_anew, offered))
