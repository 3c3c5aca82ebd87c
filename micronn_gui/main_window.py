"""The main window: it places the workspaces and wires them, and decides nothing."""

from __future__ import annotations

import logging
import math
import time
from functools import partial
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QSettings, QSize, Qt
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from micronn_core.common.errors import StorageError
from micronn_core.common.texts import tr
from micronn_gui.actions import ActionContext, add_actions, make_actions, name_anew, unwanted_keys
from micronn_gui.language import LanguageMenu
from micronn_gui.panels.draw.pictures import Pictures
from micronn_gui.panels.window.any_file import AnyFile
from micronn_gui.panels.window.closing import ask_before_losing
from micronn_gui.panels.window.data_files import DataFiles
from micronn_gui.panels.window.discarding import ask_before_discarding
from micronn_gui.panels.window.header import HeaderPanel, WorkspaceTab
from micronn_gui.panels.window.network_files import NetworkFiles
from micronn_gui.panels.window.title import WindowTitle
from micronn_gui.panels.window.transport import TransportPanel
from micronn_gui.preferences import Preferences
from micronn_gui.session.states import States
from micronn_gui.session.undo import Act
from micronn_gui.theme import SYSTEM, THEMES, themes
from micronn_gui.widgets.controls.banner import Banner, Offer
from micronn_gui.widgets.digit_keys import digit_of, plain_digit
from micronn_gui.widgets.guard import Guarded
from micronn_gui.workspaces.registry import WORKSPACES
from micronn_gui.workspaces.workspace import Workspace

LEAST_SIZE = QSize(1240, 680)
"""Below this, the window would hide what it shows."""
QUIET = 60.0
"""Seconds in which nobody is asked anything after a session was about to end."""

log = logging.getLogger(__name__)


class MainWindow(Guarded, QMainWindow):
    """Header, workspaces, transport bar.

    Args:
        states: the application's; the window closes them when it is closed.
        settings: where sizes, theme and the last recipe are kept.
    """

    def __init__(self, states: States, settings: QSettings) -> None:
        super().__init__()
        self._states = states
        self.preferences = Preferences(settings)
        self._closed = False
        self._offered: Act | None = None
        self._asks_after = 0.0
        WindowTitle(states.training, self)
        self.setMinimumSize(LEAST_SIZE)
        self.setAcceptDrops(True)
        self.banner = Banner()
        self.pages = QStackedWidget()
        self._built: dict[str, Workspace] = {}
        self.workspace(WORKSPACES[0].name)
        self.transport = TransportPanel(states.training)
        self.pictures = Pictures(states.training, states.drawing, states.opened_picture, self)
        languages = LanguageMenu(self.preferences, self)
        languages.chosen.connect(self._say)
        languages.refused.connect(self.banner.show_message)
        networks = NetworkFiles(states.training, states.runs, states.files, self, self.banner)
        samples = DataFiles(states.training, states.opened, self, self.banner)
        self.files = AnyFile(networks, samples, self.pictures, states.my_digits, self.banner)
        actions = make_actions(
            ActionContext(
                window=self,
                states=states,
                files=networks,
                data=samples,
                paste=self.files.paste,
                languages=languages,
                open_workspace=self.open_workspace,
                take_step=self._take_step,
                begin_again=self._begin_again,
                undoes=self._undoes,
            )
        )
        self._unwanted_keys = unwanted_keys(actions)
        tabs = [
            WorkspaceTab(
                entry.name, tr(entry.label), tr("{what} (Ctrl+{number})", what=tr(entry.tip), number=i)
            )
            for i, entry in enumerate(WORKSPACES, 1)
        ]
        entries = add_actions(self, actions)
        self.header = HeaderPanel(states.training, tabs, entries)
        renamed = [entry for entry in entries if entry.data() is not None]
        self.header.menu.aboutToShow.connect(partial(name_anew, renamed))
        self._page = self._place()
        self.setCentralWidget(self._page)
        self._wire()
        self._restore()
        self.open_workspace(WORKSPACES[0].name)
        self._give_words_room()

    def _place(self) -> QWidget:
        page = QWidget()
        page.setObjectName("page")
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.banner)
        column.addWidget(self.pages, 1)
        column.addWidget(self.transport)
        return page

    def _wire(self) -> None:
        states, training = self._states, self._states.training
        self.transport.new_network_wanted.connect(self._begin_again)
        training.failed.connect(self.banner.show_message)
        training.noticed.connect(self._say)
        training.run_started.connect(self.banner.hide)
        for source in (
            states.my_digits,
            states.inspection,
            states.runs,
            states.experiments,
            states.files,
            states.opened_picture,
            self.pictures,
        ):
            source.refused.connect(self.banner.show_message)
        for doer in (states.my_digits, states.runs, states.files):
            doer.done.connect(self._say)
        states.undo.added.connect(self._offer_to_undo)
        states.undo.removed.connect(self._withdraw)
        states.runs.interrupted.connect(self._offer_to_go_on)
        states.opened_picture.reading.connect(self._say)
        states.opened_picture.accepted.connect(self.banner.hide)
        self.header.workspace_chosen.connect(self.open_workspace)
        self.header.theme_chosen.connect(self.use_theme)

    def _begin_again(self) -> None:
        """Begin with a new network of the same settings, if the present one may be replaced."""
        training = self._states.training
        ask_before_discarding(training, self, lambda: training.new_network(training.config))

    def _say(self, text: str) -> None:
        """Say that something has been done."""
        self.banner.show_message(text, good=True)

    def _offer_to_undo(self, act: Act) -> None:
        """Say that something has been done, and that it can be undone, if it is not seen anyway."""
        if act.said:
            tip = tr("Undo: {what}", what=act.what)
            self._offered = act
            self.banner.show_message(
                act.said, good=True, offer=Offer(tr("Undo"), tip, partial(self._states.undo.take_back, act))
            )

    def _withdraw(self, act: Act) -> None:
        """Offer no more to undo what is being undone."""
        if act is self._offered and self.banner.offer is not None:
            self.banner.hide()

    def _undoes(self) -> tuple[str, ...]:
        page = self.pages.currentWidget()
        return page.undoes if isinstance(page, Workspace) else ()

    def _offer_to_go_on(self, id_: str, text: str) -> None:
        """Say that a run was interrupted, and offer to go on with it."""
        go_on = partial(self._states.runs.go_on, id_)
        tip = tr("Open this run: it goes on exactly where it was")
        self._offered = None
        ask = partial(ask_before_discarding, self._states.training, self, go_on)
        self.banner.show_message(text, offer=Offer(tr("Go on"), tip, ask))

    # -- workspaces --

    def workspace(self, name: str) -> Workspace:
        """Return a workspace; it is built when it is first asked for."""
        if name not in self._built:
            entry = next(entry for entry in WORKSPACES if entry.name == name)
            page = self._built[name] = entry.build(self._states)
            page.refused.connect(self.banner.show_message)
            page.done.connect(self._say)
            page.workspace_wanted.connect(self.open_workspace)
            page.replacement_wanted.connect(partial(ask_before_discarding, self._states.training, self))
            for key, splitter in page.splitters.items():
                splitter.restoreState(self.preferences.splitter(key))
            self.pages.addWidget(page)
        return self._built[name]

    def open_workspace(self, name: str) -> None:
        """Open a workspace by its name."""
        late = name not in self._built
        self.pages.setCurrentWidget(self.workspace(name))
        if late:
            self._reach_transport_last()
            self._give_words_room()
        self.header.show_workspace(name)
        self.setFocus()  # not on a button: Space plays

    def _give_words_room(self) -> None:
        """Become no smaller than the words need, which are longer in some languages."""
        for part in self.findChildren(QWidget):
            part.ensurePolished()
        self.setMinimumSize(LEAST_SIZE.expandedTo(self._page.minimumSizeHint()))

    def _reach_transport_last(self) -> None:
        """Let Tab come to the transport after the pages, those that were built later as well."""
        # Not by nextInFocusChain: PySide then takes the window for a child of its last widget, for ever.
        stops = [*_tab_stops(self.pages)[-1:], *_tab_stops(self.transport)]
        for before, after in pairwise(stops):
            self.setTabOrder(before, after)

    # -- keys --

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hear the keys that no focused control wants, such as Space and →."""
        do = self._unwanted_keys.get(event.key())
        digit = digit_of(event)
        page = self.pages.currentWidget()
        if do is not None:
            do()
        elif digit is None or event.isAutoRepeat():
            super().keyPressEvent(event)
        elif event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.ControlModifier:
            # Ctrl and a plain digit is a shortcut; this is a keyboard where the digit needs Shift.
            if 1 <= digit <= len(WORKSPACES):
                self.open_workspace(WORKSPACES[digit - 1].name)
        elif plain_digit(event) is not None and isinstance(page, Workspace):
            page.take_digit(digit)

    def _take_step(self, direction: int) -> None:
        """Go a step on or back in the workspace that is open; else take one of the training."""
        page = self.pages.currentWidget()
        own = isinstance(page, Workspace) and page.take_step(direction)
        if not own and direction > 0:
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
        self.header.show_theme_choice(self._theme_name)
        if name in THEMES:
            themes.use(THEMES[name])
        else:
            themes.follow_system()

    def _restore(self) -> None:
        self.resize(1440, 900)
        self.restoreGeometry(self.preferences.geometry)
        self._states.my_digits.train_with_them(self.preferences.with_my_digits)
        self.use_theme(self.preferences.theme)
        if drawing := self.preferences.drawing:
            self._states.drawing.show(drawing, self.preferences.brushes)

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
            self.banner.show_message(str(error))
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
        self.preferences.drawing = self._states.drawing.strokes
        self.preferences.brushes = tuple(line.width for line in self._states.drawing.lines)
        return self.preferences.write()


def _tab_stops(within: QWidget) -> list[QWidget]:
    parts = within.findChildren(QWidget)
    return [part for part in parts if part.focusPolicy() is not Qt.FocusPolicy.NoFocus]
