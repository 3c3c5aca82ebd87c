"""Everything that can be done by key or menu: one table for menus, shortcuts and the page of keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import groupby

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QMenuBar, QWidget

from micronn_core.common.texts import tr
from micronn_gui.panels.window.about import KeyLine, show_about, show_keys
from micronn_gui.panels.window.data_files import DataFiles
from micronn_gui.panels.window.first_steps import FirstSteps
from micronn_gui.panels.window.help_page import show_glossary
from micronn_gui.panels.window.network_files import NetworkFiles
from micronn_gui.panels.window.tours import TOURS
from micronn_gui.session.states import States
from micronn_gui.session.undo import FILES, Act
from micronn_gui.widgets.controls.menu import Menu
from micronn_gui.workspaces.registry import WORKSPACES

SHARE, HELP, MORE = "share", "help", "more"
"""The menus of the header."""

SIGNS = {Qt.Key.Key_Left: "←", Qt.Key.Key_Right: "→"}
"""Keys that are shown as signs."""


@dataclass(frozen=True)
class Action:
    """Something that can be done.

    Attributes:
        id: what the program calls it.
        section: under which heading it stands on the page of keys.
        title: what it is called before a user.
        keys: what does it; several in a text are parted by "; ".
            A bare `Qt.Key` is heard where no focused control wants it itself. A text of
            an action without `do` describes the keys of a control.
        do: does it; None where a control hears the keys, or a menu lists what there is.
        note: where or how it works, if that has to be said.
        offered: in which menu of the header it stands; "" in none.
        now: what it is called in the menu at the moment, instead of its title; "" if there is nothing to do.
        menu: what opens beside it in the menu.
    """

    id: str
    section: str
    title: str
    keys: QKeySequence | QKeySequence.StandardKey | Qt.Key | str = ""
    do: Callable[[], object] | None = None
    note: str = ""
    offered: str = ""
    now: Callable[[], str] | None = None
    menu: QMenu | None = None

    @property
    def keys_text(self) -> str:
        """The keys as people read them."""
        if isinstance(self.keys, Qt.Key) and self.keys in SIGNS:
            return SIGNS[self.keys]
        if self.do is None:
            return str(self.keys)
        keys = self.keys.partition("; ")[0] if isinstance(self.keys, str) else self.keys
        return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


@dataclass(frozen=True)
class ActionContext:
    """What the actions are done with.

    Attributes:
        window: the window.
        states: the application's.
        files: saves and opens networks.
        data: opens files of samples.
        paste: opens what is on the clipboard, a picture above all.
        picture: saves a picture of the window.
        present: shows the window to a class.
        first_steps: shows the welcome and the tours.
        themes: the menu of light and dark.
        languages: the menu of languages.
        search: finds anything by its name.
        resize_text: makes the text larger (+1), smaller (-1) or as usual (0).
        open_workspace: opens the workspace of a name.
        take_step: goes a step on (+1) or back (-1), whatever a step is in the workspace that is open.
        begin_again: begins anew with a network of the same settings.
        undoes: returns the acts on what are undone in the workspace that is open.
    """

    window: QMainWindow
    states: States
    files: NetworkFiles
    data: DataFiles
    paste: Callable[[], None]
    picture: Callable[[], object]
    present: Callable[[], object]
    first_steps: FirstSteps
    themes: QMenu
    languages: QMenu
    search: Callable[[], object]
    resize_text: Callable[[int], object]
    open_workspace: Callable[[str], object]
    take_step: Callable[[int], None]
    begin_again: Callable[[], None]
    undoes: Callable[[], tuple[str, ...]]


def make_actions(context: ActionContext) -> tuple[Action, ...]:
    """Return all actions, in the order of the menu and of the page of keys."""
    training, drawing, window = context.states.training, context.states.drawing, context.window
    standard, key = QKeySequence.StandardKey, Qt.Key
    networks, step, undo = context.files, context.take_step, context.states.undo
    files, run, pad = tr("Networks and data"), tr("Training"), tr("Drawing")
    inspect, runs, frame = tr("Inspect"), tr("Runs"), tr("Window")
    places = tuple(
        Action(
            f"workspace.{entry.name}",
            frame,
            tr(entry.label),
            f"Ctrl+{number}",
            partial(context.open_workspace, entry.name),
        )
        for number, entry in enumerate(WORKSPACES, 1)
    )
    tours = tuple(
        Action(
            f"tour.{tour.name}",
            frame,
            tr("Tour: {name}", name=tr(tour.title)),
            "",
            partial(context.first_steps.begin, tour),
            offered=HELP,
        )
        for tour in TOURS
    )
    actions: tuple[Action, ...] = (
        Action("save", files, tr("Save the network shown …"), standard.Save, networks.save, offered=SHARE),
        Action(
            "picture",
            files,
            tr("Save a picture of the window …"),
            "Ctrl+Shift+P",
            context.picture,
            offered=SHARE,
        ),
        Action(
            "undo_file",
            files,
            tr("Put back the file that was replaced"),
            do=lambda: undo.undo((FILES,)),
            offered=SHARE,
            now=lambda: _words(undo.last((FILES,))),
        ),
        Action("open", files, tr("Open a network …"), standard.Open, networks.open, offered=MORE),
        Action("open_data", files, tr("Open data …"), "Ctrl+Shift+O", context.data.open, offered=MORE),
        Action(
            "new",
            run,
            tr("New network"),
            "Ctrl+N",
            context.begin_again,
            tr("of what the recipe shows"),
            offered=MORE,
        ),
        Action("play", run, tr("Play and pause"), key.Key_Space, training.toggle),
        Action(
            "step",
            run,
            tr("One step of training: sample, batch or epoch"),
            key.Key_Right,
            lambda: step(1),
        ),
        Action("live", run, tr("Back to the newest moment (live)"), "L", training.show_live),
        Action(
            "timeline",
            run,
            tr("Earlier, later, start, live"),
            tr("← → Home End"),
            note=tr("with the timeline focused"),
        ),
        Action(
            "neurons",
            run,
            tr("Choose a neuron, enlarge it"),
            tr("← → ↑ ↓ Enter"),
            note=tr("with the neurons focused"),
        ),
        Action("neuron.close", run, tr("Back to all neurons"), tr("Esc")),
        Action("explain", run, tr("Explain the setting that has the keyboard"), tr("Shift+F1")),
        Action("redo", pad, tr("Redo on the pad"), standard.Redo, drawing.redo),
        Action("clear", pad, tr("Clear the pad"), tr("Esc, Delete"), note=tr("with the pad focused")),
        Action("paste", pad, tr("Lay the clipboard's picture on the pad"), standard.Paste, context.paste),
        Action("keep", pad, tr("Keep the drawing as this digit"), tr("0 … 9"), note=tr("in Draw")),
        Action(
            "relabel",
            pad,
            tr("Relabel or delete the selected one"),
            tr("0 … 9, Delete"),
            note=tr("with my digits focused"),
        ),
        Action("explanation.on", inspect, tr("The next step of the explanation"), tr("→")),
        Action("explanation.back", inspect, tr("The step before"), key.Key_Left, lambda: step(-1)),
        Action(
            "sample", inspect, tr("Previous, next, random, mistake, drawing, tutorial"), tr("P N R M D T")
        ),
        Action("copy", inspect, tr("Copy the number with all its digits"), tr("Ctrl+C")),
        Action(
            "run",
            runs,
            tr("Rename, tick, delete the selected run"),
            tr("F2, Space, Delete"),
            note=tr("with the table of runs focused"),
        ),
        *places,
        Action(
            "undo",
            frame,
            tr("Undo what was done last"),
            standard.Undo,
            lambda: undo.undo(context.undoes()),
            tr("in the workspace that is open"),
            offered=MORE,
            now=lambda: _words(undo.last(context.undoes())) or tr("Undo"),
        ),
        Action("find", frame, tr("Find anything"), "Ctrl+K", context.search),
        Action("present", frame, tr("Present to a class, in large type"), "F11", context.present),
        Action(
            "larger",
            frame,
            tr("Larger text"),
            "Ctrl++; Ctrl+=",
            lambda: context.resize_text(1),
            offered=MORE,
        ),
        Action("smaller", frame, tr("Smaller text"), "Ctrl+-", lambda: context.resize_text(-1), offered=MORE),
        Action(
            "usual",
            frame,
            tr("Text of the usual size"),
            "Ctrl+0",
            lambda: context.resize_text(0),
            offered=MORE,
        ),
        Action("theme", frame, context.themes.title(), offered=MORE, menu=context.themes),
        Action("language", frame, context.languages.title(), offered=MORE, menu=context.languages),
        Action("welcome", frame, tr("Welcome"), "", context.first_steps.show_welcome, offered=HELP),
        *tours,
        Action("glossary", frame, tr("Glossary"), "", lambda: show_glossary(window), offered=HELP),
        Action("keys", frame, tr("Keyboard"), "F1", lambda: _show_keys(window, actions), offered=HELP),
        Action("about", frame, tr("About MicroNN"), "", lambda: show_about(window), offered=HELP),
        Action("quit", frame, tr("Quit"), "Ctrl+Q", window.close, offered=MORE),
    )
    return actions


def add_actions(window: QMainWindow, actions: Iterable[Action]) -> dict[str, QAction]:
    """Let a window hear the keys of actions, but those that a focused control may want itself.

    Returns:
        What menus offer, by the ids of the actions.
    """
    entries = {}
    for action in actions:
        entry = QAction(action.title, window) if action.menu is None else action.menu.menuAction()
        if action.do is not None and not isinstance(action.keys, Qt.Key):
            _set_keys(entry, action.keys)
            entry.triggered.connect(lambda _=False, do=action.do: do())
            entry.setData(action.now)
            window.addAction(entry)  # so that the keys work without the menu
        if action.do is not None or action.menu is not None:
            entries[action.id] = entry
    return entries


def menu_of(
    offered: str, actions: Iterable[Action], entries: Mapping[str, QAction], parent: QWidget
) -> QMenu:
    """Return one of the header's menus: its entries are called by what they do at the moment."""
    menu = Menu(parent)
    menu.setToolTipsVisible(True)
    menu.addActions([entries[action.id] for action in actions if action.offered == offered])
    menu.aboutToShow.connect(partial(name_anew, menu.actions()))
    return menu


def fill_menu_bar(bar: QMenuBar, actions: Iterable[Action], entries: Mapping[str, QAction]) -> None:
    """Fill a menu bar, as a Mac has it: every action, under the headings of the page of keys.

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


def name_anew(entries: Iterable[QAction]) -> None:
    """Call those of the menu's entries by what they do now for which that changes."""
    for entry in entries:
        if callable(now := entry.data()):
            entry.setText(now())
            entry.setVisible(bool(entry.text()))


def _words(act: Act | None) -> str:
    return tr("Undo: {what}", what=act.what).replace("&", "&&") if act else ""  # one & underlines a letter


def _set_keys(action: QAction, keys: QKeySequence | QKeySequence.StandardKey | str) -> None:
    if isinstance(keys, QKeySequence.StandardKey):
        action.setShortcuts(keys)  # a system may have several
    else:
        action.setShortcuts(QKeySequence.listFromString(keys) if isinstance(keys, str) else [keys])


def unwanted_keys(actions: Iterable[Action]) -> dict[int, Callable[[], object]]:
    """Return what to do for keys that no focused control wants itself."""
    return {action.keys: action.do for action in actions if isinstance(action.keys, Qt.Key) and action.do}


def _show_keys(window: QMainWindow, actions: Iterable[Action]) -> None:
    lines = [KeyLine(a.section, a.keys_text, a.title, a.note) for a in actions if a.keys_text]
    show_keys(window, lines)
