"""The main window: it places the workspaces and wires them, and decides nothing."""

from __future__ import annotations

import logging
import math
import sys
import time
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QGridLayout, QMainWindow, QScrollArea, QWidget

from micronn_core.common.errors import StorageError
from micronn_core.common.texts import tr
from micronn_gui.actions import (
    HELP,
    MORE,
    SHARE,
    Action,
    ActionContext,
    add_actions,
    fill_menu_bar,
    make_actions,
    menu_of,
    unwanted_keys,
)
from micronn_gui.findable import findable
from micronn_gui.language import LanguageMenu
from micronn_gui.panels.draw.pictures import Pictures
from micronn_gui.panels.window.any_file import AnyFile
from micronn_gui.panels.window.cleared_pad import ClearedPad
from micronn_gui.panels.window.closing import ask_before_losing
from micronn_gui.panels.window.data_files import DataFiles
from micronn_gui.panels.window.first_steps import FirstSteps
from micronn_gui.panels.window.header import HeaderMenus, HeaderPanel
from micronn_gui.panels.window.help_page import show_glossary
from micronn_gui.panels.window.network_files import NetworkFiles
from micronn_gui.panels.window.open_menus import DataMenu, RunMenu
from micronn_gui.panels.window.pages import Pages
from micronn_gui.panels.window.palette import Palette
from micronn_gui.panels.window.picture_file import save_picture
from micronn_gui.panels.window.rail import RailEntry, RailPanel
from micronn_gui.panels.window.status_line import StatusLine
from micronn_gui.panels.window.theme_menu import ThemeMenu
from micronn_gui.panels.window.title import WindowTitle
from micronn_gui.panels.window.tours import Watched
from micronn_gui.panels.window.transport import TransportPanel
from micronn_gui.preferences import Preferences
from micronn_gui.session.states import States
from micronn_gui.session.undo import NETWORK, Act
from micronn_gui.theme import SYSTEM, THEMES, USUAL_SIZE, text_size, themes
from micronn_gui.widgets.controls.toasts import Offer, Toast, Toasts
from micronn_gui.widgets.digit_keys import digit_of, plain_digit
from micronn_gui.widgets.guard import Guarded
from micronn_gui.workspaces.registry import WORKSPACES
from micronn_gui.workspaces.workspace import Workspace

if TYPE_CHECKING:
    from micronn_gui.workspaces.present import PresentWindow

LEAST_SIZE = QSize(760, 520)
"""Below this, header and transport would hide what they show; a page that needs more room scrolls."""
USUAL_WINDOW = QSize(1440, 900)
QUIET = 60.0
"""Seconds in which nobody is asked anything after a session was about to end."""

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)

log = logging.getLogger(__name__)


class MainWindow(Guarded, QMainWindow):
    """Header, rail, workspaces, transport.

    Args:
        states: the application's; the window closes them when it is closed.
        settings: where sizes, theme and the last recipe are kept.
    """

    renewed = Signal(object)
    """Another window has taken the place of this one, for the text has another size: the new one."""

    def __init__(self, states: States, settings: QSettings) -> None:
        super().__init__()
        self._states, self._settings = states, settings
        self.preferences = Preferences(settings)
        self._closed = False
        self._offers: dict[Act, Toast] = {}
        self._reading: Toast | None = None
        self._failure: Toast | None = None
        self._asks_after = 0.0
        self.presenting: PresentWindow | None = None
        WindowTitle(states.training, self)
        self.setAcceptDrops(True)
        self.pages = Pages()
        self._built: dict[str, Workspace] = {}
        self.transport = TransportPanel(states.training)
        self.status_line = StatusLine(states.training, states.runs)
        self._page = QWidget()
        self._page.setObjectName("page")
        self._area = QScrollArea()  # where the window is smaller than the page
        self.toasts = Toasts(self._page)
        self.workspace(WORKSPACES[0].name)
        self._make_files()
        watched = Watched(states.training, states.drawing, states.inspection)
        self.first_steps = FirstSteps(
            self, self.pages, self._area, self.open_workspace, watched, self._networks.ready
        )
        self.first_steps.welcomed.connect(self._keep_welcomed)
        self.actions_table = self._make_actions()
        self._unwanted_keys = unwanted_keys(self.actions_table)
        self.rail = RailPanel(
            [
                RailEntry(entry.name, tr(entry.label), tr(entry.tip), entry.icon, entry.group)
                for entry in WORKSPACES
            ]
        )
        self._make_header()
        self._place()
        self.setCentralWidget(self._page)
        self._wire()
        self._restore()
        self.open_workspace(self._last_workspace())
        self._give_words_room()

    def _make_files(self) -> None:
        """Make what opens and saves files."""
        states = self._states
        self.pictures = Pictures(states.training, states.drawing, states.opened_picture, self)
        self._networks = NetworkFiles(states.training, states.runs, states.files, self, self.toasts)
        self._samples = DataFiles(states.training, states.opened, self, self.toasts)
        self.files = AnyFile(self._networks, self._samples, self.pictures, states.my_digits, self.toasts)

    def _make_actions(self) -> tuple[Action, ...]:
        self._languages = LanguageMenu(self.preferences, self)
        self._languages.chosen.connect(self._say)
        self._languages.refused.connect(self.toasts.show_message)
        self._themes = ThemeMenu(self)
        self._themes.chosen.connect(self.use_theme)
        context = ActionContext(
            window=self,
            states=self._states,
            files=self._networks,
            data=self._samples,
            paste=self.files.paste,
            picture=partial(save_picture, self, self._states.files, self.toasts),
            present=self.present,
            first_steps=self.first_steps,
            themes=self._themes,
            languages=self._languages,
            search=self.search,
            resize_text=self.resize_text,
            open_workspace=self.open_workspace,
            take_step=self._take_step,
            begin_again=self._begin_again,
            undoes=self._undoes,
        )
        return make_actions(context)

    def _make_header(self) -> None:
        states, table = self._states, self.actions_table
        entries = add_actions(self, table)
        menus = HeaderMenus(*(menu_of(menu, table, entries, self) for menu in (SHARE, HELP, MORE)))
        run_menu = RunMenu(states.runs, self._networks, self)
        run_menu.all_wanted.connect(partial(self.open_workspace, "runs"))
        data_menu = DataMenu(states.training, self._samples, self)
        self.header = HeaderPanel(states.training, states.runs, run_menu, data_menu, menus, self.present)
        self.header.search_wanted.connect(self.search)
        if sys.platform == "darwin":
            fill_menu_bar(self.menuBar(), table, entries)

    def _place(self) -> None:
        area = self._area
        area.setObjectName("pages")
        area.setWidgetResizable(True)
        area.setWidget(self.pages)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        grid = QGridLayout(self._page)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.addWidget(self.header, 0, 0, 1, 2)
        grid.addWidget(self.rail, 1, 0, 3, 1)
        for row, part in enumerate((area, self.transport, self.status_line), 1):
            grid.addWidget(part, row, 1)
        grid.setRowStretch(1, 1)
        grid.setColumnStretch(1, 1)

    def _wire(self) -> None:
        states, training = self._states, self._states.training
        self.transport.new_network_wanted.connect(self._begin_again)
        training.failed.connect(self._say_failure)
        training.run_started.connect(self._forget_failure)
        training.noticed.connect(self._say)
        for source in (
            states.my_digits,
            states.inspection,
            states.runs,
            states.experiments,
            states.files,
            states.opened_picture,
            self.pictures,
        ):
            source.refused.connect(self.toasts.show_message)
        for doer in (states.my_digits, states.runs, states.files):
            doer.done.connect(self._say)
        states.undo.added.connect(self._offer_to_undo)
        ClearedPad(states.drawing, self.toasts)
        states.undo.removed.connect(self._withdraw)
        states.runs.interrupted.connect(self._offer_to_go_on)
        states.opened_picture.reading.connect(self._say_reading)
        states.opened_picture.accepted.connect(self._end_reading)
        states.opened_picture.refused.connect(self._end_reading)
        self.rail.workspace_chosen.connect(self.open_workspace)

    def _begin_again(self) -> None:
        """Begin with a new network of what the recipe shows."""
        training = self._states.training
        training.new_network(training.wanted)

    def _say(self, text: str) -> None:
        """Say that something has been done."""
        self.toasts.show_message(text, good=True)

    def _say_failure(self, text: str) -> None:
        self._forget_failure()
        self._failure = self.toasts.show_message(text)

    def _forget_failure(self) -> None:
        """What went wrong with a run is no matter of the next."""
        self.toasts.withdraw(self._failure)

    def _say_reading(self, text: str) -> None:
        self._end_reading()
        self._reading = self.toasts.show_message(text, good=True)

    def _end_reading(self) -> None:
        self.toasts.withdraw(self._reading)

    def _offer_to_undo(self, act: Act) -> None:
        """Say that something has been done, and that it can be undone, if it is not seen anyway."""
        if act.said:
            tip = tr("Undo: {what}", what=act.what)
            offer = Offer(tr("Undo"), tip, partial(self._states.undo.take_back, act))
            for older in [other for other in self._offers if other.on == act.on == NETWORK]:
                self._withdraw(older)  # Ctrl+Z still leads back to it
            self._offers[act] = self.toasts.show_message(act.said, good=True, offer=offer)

    def _withdraw(self, act: Act) -> None:
        """Offer no more to undo what is being undone."""
        self.toasts.withdraw(self._offers.pop(act, None))

    def _undoes(self) -> tuple[str, ...]:
        return self.current.undoes

    def _offer_to_go_on(self, id_: str, text: str) -> None:
        """Say that a run was interrupted, and offer to go on with it."""
        tip = tr("Open this run: it goes on exactly where it was")
        go_on = partial(self._states.runs.go_on, id_)
        self.toasts.show_message(text, offer=Offer(tr("Go on"), tip, go_on))

    # -- workspaces --

    def workspace(self, name: str) -> Workspace:
        """Return a workspace; it is built when it is first asked for."""
        if name not in self._built:
            entry = next(entry for entry in WORKSPACES if entry.name == name)
            page = self._built[name] = entry.build(self._states)
            page.refused.connect(self.toasts.show_message)
            page.done.connect(self._say)
            page.workspace_wanted.connect(self.open_workspace)
            page.replacement_wanted.connect(_do)
            for key, splitter in page.splitters.items():
                gap = splitter.handleWidth()  # the state holds that of another size of the text
                splitter.restoreState(self.preferences.splitter(key))
                splitter.setHandleWidth(gap)
            page.recall(self.preferences)
            self.pages.addWidget(page)
        return self._built[name]

    @property
    def current(self) -> Workspace:
        """The workspace that is open."""
        page = self.pages.currentWidget()
        assert isinstance(page, Workspace)
        return page

    @property
    def _current_name(self) -> str:
        return next(name for name, page in self._built.items() if page is self.current)

    def open_workspace(self, name: str) -> Workspace:
        """Open a workspace by its name, and return its page."""
        late = name not in self._built
        self.pages.setCurrentWidget(self.workspace(name))
        driven = next(entry.transport for entry in WORKSPACES if entry.name == name)
        self.transport.setVisible(driven)
        self.status_line.setVisible(not driven)
        if late:
            self._reach_transport_last()
            self._give_words_room()
        self.rail.show_workspace(name)
        self.setFocus()  # not on a button: Space plays
        return self._built[name]

    def _give_words_room(self) -> None:
        """Become no smaller than the frame's words need, which are longer in some languages."""
        for part in self.findChildren(QWidget):
            part.ensurePolished()
        screen = self.screen().availableGeometry().size()
        self.setMinimumSize(LEAST_SIZE.expandedTo(self._page.minimumSizeHint()).boundedTo(screen))

    def search(self) -> None:
        """Let anything be found by its name."""
        things = findable(
            self.actions_table,
            self._states.training,
            self._states.runs,
            self._networks,
            self.open_setting,
            partial(show_glossary, self),
        )
        Palette(things, self).show_over(self)

    def open_setting(self, name: str) -> None:
        """Lead to a setting of the recipe."""
        self.open_workspace("train")
        self.current.show_setting(name)

    def present(self) -> None:
        """Show a class what there is, on a screen of its own if there is another one; or no longer."""
        if self.presenting is not None:
            self.presenting.close()
            return
        from micronn_gui.workspaces.present import PresentWindow, screen_beside  # seldom needed

        screen, play = screen_beside(self), self._unwanted_keys[Qt.Key.Key_Space]
        self.presenting = PresentWindow(self._states, play, self.transport.step, screen.geometry())
        self.presenting.left.connect(self._leave_presenting)
        self.presenting.fill(screen)
        self._page.setVisible(screen is not self.screen())  # what nobody sees is not to be computed

    def _leave_presenting(self) -> None:
        if self.presenting is not None:
            self.presenting.deleteLater()
            self.presenting = None
        self._page.show()
        self.activateWindow()
        self.setFocus()

    def _reach_transport_last(self) -> None:
        """Let Tab come to the transport after the pages, those that were built later as well."""
        # Not by nextInFocusChain: PySide then takes the window for a child of its last widget, for ever.
        stops = [*_tab_stops(self.pages)[-1:], *_tab_stops(self.transport)]
        for before, after in pairwise(stops):
            self.setTabOrder(before, after)

    # -- keys --

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hear the keys that no focused control wants, such as Space and →; Enter presses a button."""
        do = self._unwanted_keys.get(event.key())
        digit, focused = digit_of(event), QApplication.focusWidget()
        if do is not None:
            do()
        elif event.key() in ENTER and isinstance(focused, QAbstractButton):
            focused.click()
        elif digit is None or event.isAutoRepeat():
            super().keyPressEvent(event)
        elif event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.ControlModifier:
            # Ctrl and a plain digit is a shortcut; this is a keyboard where the digit needs Shift.
            if digit == 0:
                self.resize_text(0)
            elif digit <= len(WORKSPACES):
                self.open_workspace(WORKSPACES[digit - 1].name)
        elif plain_digit(event) is not None:
            self.current.take_digit(digit)

    def _take_step(self, direction: int) -> None:
        """Go a step on or back in the workspace that is open; else take one of the training."""
        if not self.current.take_step(direction) and direction > 0:
            self.transport.step()

    # -- files that are dropped --

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take whatever is dragged here: what is none of ours is told so."""
        event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what is dropped as what it is."""
        event.acceptProposedAction()
        self.files.take(event.mimeData())

    # -- theme and settings --

    def use_theme(self, name: str) -> None:
        """Use "light", "dark" or, as the system does, "system"."""
        self._theme_name = name if name in THEMES else SYSTEM
        self._themes.show_choice(self._theme_name)
        if name in THEMES:
            themes.use(THEMES[name])
        else:
            themes.follow_system()

    def resize_text(self, direction: int) -> None:
        """Make the text larger (+1), smaller (-1) or as usual (0): all is built anew in its size."""
        percent = text_size.next(direction) if direction else USUAL_SIZE
        if percent == text_size.percent or QApplication.activeModalWidget() is not None:
            return  # a dialog that is open would go with this window
        self._keep_preferences()
        text_size.percent = self.preferences.text_size = percent
        themes.measure_anew()
        new = MainWindow(self._states, self._settings)
        new.setGeometry(self.geometry())
        new.setWindowState(self.windowState())
        new.show()
        self._closed = True  # the states go on in the new window
        self.close()
        self.deleteLater()
        self.renewed.emit(new)
        new.say_text_size()

    def say_text_size(self) -> None:
        """Say how large the text now is."""
        self._say(tr("Text size {percent} %. Ctrl+0 makes it as usual.", percent=text_size.percent))

    def _restore(self) -> None:
        room = self.screen().availableGeometry().size()
        self.resize(USUAL_WINDOW.boundedTo(room * 0.96))
        self.restoreGeometry(self.preferences.geometry)
        self._states.my_digits.train_with_them(self.preferences.with_my_digits)
        self.use_theme(self.preferences.theme)
        if self._states.drawing.is_empty and (drawing := self.preferences.drawing):
            self._states.drawing.show(drawing, self.preferences.brushes)

    def _keep_welcomed(self) -> None:
        self.preferences.welcomed = True

    def _last_workspace(self) -> str:
        """Return the name of the workspace that was open last; the first one where there is none."""
        kept = self.preferences.workspace
        return kept if any(entry.name == kept for entry in WORKSPACES) else WORKSPACES[0].name

    def keep(self) -> None:
        """Keep the run, the drawing and the preferences, and go on: the session is about to end.

        Nobody is then asked anything for a while: a question would hold up the end of the session.
        """
        self._asks_after = time.monotonic() + QUIET
        self._keep_preferences()
        self._states.runs.keep()

    def end(self) -> None:
        """Close without asking anything."""
        self._asks_after = math.inf
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep the run, the drawing and the preferences, and stop training; once, whoever asks for it.

        If something cannot be kept, whoever closes the window is asked first.
        """
        self.toasts.clear()
        if not self._closed:
            playing = self._states.training.playing
            losses = self._settle()
            if losses and time.monotonic() >= self._asks_after:
                event.ignore()
                go_on = self._states.training.play if playing else lambda: None
                ask_before_losing(losses, self, self._save_elsewhere, self.end, go_on)
                return
            for what, reason in losses.items():
                log.warning("lost: %s: %s", what, reason)
            self._closed = True
            self._states.close()
        if self.presenting is not None:
            self.presenting.close()
        event.accept()

    def _settle(self) -> dict[str, str]:
        """Keep all that there is to keep; returns why some of it could not be, by what it is called."""
        losses = dict(self._states.runs.settle())
        if reason := self._keep_preferences():
            losses[tr("The settings and the drawing on the pad")] = reason
        return losses

    def _save_elsewhere(self, folder: Path) -> None:
        """Save what could not be kept in another folder, and close; stay if that cannot be either."""
        try:
            self._states.runs.save_elsewhere(folder)
            if self.preferences.write():
                self.preferences.save_elsewhere(folder)
        except StorageError as error:
            self.toasts.show_message(str(error))
        else:
            self.end()

    def _keep_preferences(self) -> str:
        """Have them on the disk; returns why they cannot be there."""
        self.preferences.geometry = self.saveGeometry()
        for page in self._built.values():
            for key, splitter in page.splitters.items():
                self.preferences.keep_splitter(key, splitter.saveState())
        self.preferences.theme = self._theme_name
        self.preferences.with_my_digits = self._states.my_digits.included
        self.preferences.config = self._states.training.config
        self.preferences.run = self._states.runs.present_id
        self.preferences.workspace = self._current_name
        self.preferences.drawing = self._states.drawing.strokes
        self.preferences.brushes = tuple(line.width for line in self._states.drawing.lines)
        return self.preferences.write()


def _do(what: Callable[[], object]) -> None:
    what()


def _tab_stops(within: QWidget) -> list[QWidget]:
    parts = within.findChildren(QWidget)
    return [part for part in parts if part.focusPolicy() is not Qt.FocusPolicy.NoFocus]
