"""The main window: it places the workspaces and wires them, and decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QAction, QCloseEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QMainWindow, QMessageBox, QStackedWidget, QVBoxLayout, QWidget

from micronn_core.common.texts import tr
from micronn_gui.language import LanguageMenu
from micronn_gui.panels.window.about import about_text, shortcuts_text
from micronn_gui.panels.window.discarding import ask_before_discarding
from micronn_gui.panels.window.header import HeaderPanel
from micronn_gui.panels.window.network_files import NetworkFiles
from micronn_gui.panels.window.title import WindowTitle
from micronn_gui.panels.window.transport import TransportPanel
from micronn_gui.preferences import Preferences
from micronn_gui.session.states import States
from micronn_gui.theme import SYSTEM, THEMES, themes
from micronn_gui.widgets.controls.banner import Banner
from micronn_gui.workspaces.draw import DrawWorkspace
from micronn_gui.workspaces.train import TrainWorkspace

if TYPE_CHECKING:
    from micronn_gui.workspaces.inspect import InspectWorkspace
    from micronn_gui.workspaces.runs import RunsWorkspace

INSPECT, RUNS = 2, 3
"""Places, among the workspaces, of those that are built when they are first asked for."""


class MainWindow(QMainWindow):
    """Header, workspaces, transport bar.

    Args:
        states: the application's; the window closes them when it is closed.
        settings: where sizes, theme and the last recipe are kept.
    """

    def __init__(self, states: States, settings: QSettings) -> None:
        super().__init__()
        self._states = states
        training = states.training
        self.preferences = Preferences(settings)
        WindowTitle(training, self)
        self.setMinimumSize(1240, 680)
        self.banner = Banner()
        self.files = NetworkFiles(training, self, self.banner)
        self.train = TrainWorkspace(states)
        self.pages = QStackedWidget()
        self.draw = DrawWorkspace(states)
        self._inspect: InspectWorkspace | None = None
        self._runs: RunsWorkspace | None = None
        for page in (self.train, self.draw, QWidget(), QWidget()):  # the last keep places free
            self.pages.addWidget(page)
        self.transport = TransportPanel(training)
        workspaces = [
            (tr("Train"), tr("Watch the network learn (Ctrl+1)")),
            (tr("Draw"), tr("Draw a digit and see what the network makes of it (Ctrl+2)")),
            (tr("Inspect"), tr("Follow one learning step, number by number (Ctrl+3)")),
            (tr("Runs"), tr("Compare what you have tried, and try more (Ctrl+4)")),
        ]
        self.header = HeaderPanel(training, workspaces, self._make_actions())
        self.setCentralWidget(self._place())
        self._wire()
        self._restore()
        self.setFocus()  # not on the first button: Space plays

    @property
    def inspect(self) -> InspectWorkspace:
        """The inspector; it is built when it is first asked for, so that the window opens sooner."""
        if self._inspect is None:
            from micronn_gui.workspaces.inspect import InspectWorkspace

            self._inspect = InspectWorkspace(self._states)
            self._take_place(INSPECT, self._inspect)
        return self._inspect

    @property
    def runs(self) -> RunsWorkspace:
        """The runs; their page is built when it is first asked for, too."""
        if self._runs is None:
            from micronn_gui.workspaces.runs import RunsWorkspace

            self._runs = RunsWorkspace(self._states)
            self._take_place(RUNS, self._runs)
        return self._runs

    def _take_place(self, i: int, page: QWidget) -> None:
        if (free := self.pages.widget(i)) is not None:
            self.pages.removeWidget(free)
            free.deleteLater()
        self.pages.insertWidget(i, page)

    # -- building --

    def _make_actions(self) -> list[QAction]:
        entries = (
            (tr("Save the network shown …"), QKeySequence.StandardKey.Save, self.files.save),
            (tr("Open a network …"), QKeySequence.StandardKey.Open, self.files.open),
            (tr("New network"), QKeySequence("Ctrl+N"), self._ask_same_network),
            (tr("Full screen"), QKeySequence("F11"), self._toggle_full_screen),
            (tr("Keyboard"), QKeySequence("F1"), self._show_shortcuts),
            (tr("About MicroNN"), QKeySequence(), self._show_about),
            (tr("Quit"), QKeySequence("Ctrl+Q"), self.close),
        )
        actions = []
        for text, keys, slot in entries:
            action = QAction(text, self)
            action.setShortcut(keys)
            action.triggered.connect(slot)
            actions.append(action)
        self.addActions(actions)  # so that the shortcuts work without the menu
        languages = LanguageMenu(self.preferences, self)
        languages.chosen.connect(lambda text: self.banner.show_message(text, good=True))
        return [
            self.files.ready_menu(self).menuAction(),
            *actions[:-2],
            languages.menuAction(),
            *actions[-2:],
        ]

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
        self.train.recipe.new_network_wanted.connect(self._ask_new_network)
        self.transport.new_network_wanted.connect(self._ask_same_network)
        for curve in (self.train.loss, self.train.accuracy):
            curve.health.new_network_wanted.connect(self._ask_new_network)
            curve.health.refused.connect(self.banner.show_message)
        training.failed.connect(self.banner.show_message)
        training.noticed.connect(lambda text: self.banner.show_message(text, good=True))
        for page in (self.train, self.draw):
            page.draw.pictures.refused.connect(self.banner.show_message)
            page.draw.pictures.accepted.connect(self.banner.hide)
            page.draw.inspect_wanted.connect(self._inspect_drawing)
        for source in (states.my_digits, states.inspection, states.runs, states.experiments):
            source.refused.connect(self.banner.show_message)
        for done in (self.draw.my_digits.done, states.runs.done):
            done.connect(lambda text: self.banner.show_message(text, good=True))
        QShortcut(QKeySequence.StandardKey.Paste, self, self.draw.draw.pictures.paste)
        training.run_started.connect(self.banner.hide)
        self.header.workspace_chosen.connect(self._open_workspace)
        self.header.theme_chosen.connect(self.use_theme)
        for i in range(self.pages.count()):
            QShortcut(QKeySequence(f"Ctrl+{i + 1}"), self, lambda i=i: self._open_workspace(i))
        QShortcut(QKeySequence("L"), self, training.show_live)
        QShortcut(QKeySequence.StandardKey.Undo, self, states.drawing.undo)
        QShortcut(QKeySequence.StandardKey.Redo, self, states.drawing.redo)

    # -- keys --

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space plays and pauses, → takes a step: where no focused control wants the key itself.

        In Inspect the step is one of the explanation, and ← goes back.
        """
        inspecting = self.pages.currentIndex() == INSPECT
        match event.key():
            case Qt.Key.Key_Space:
                self._states.training.toggle()
            case Qt.Key.Key_Right if inspecting:
                self._states.inspection.move_step(1)
            case Qt.Key.Key_Left if inspecting:
                self._states.inspection.move_step(-1)
            case Qt.Key.Key_Right:
                self.transport.step()
            case _:
                super().keyPressEvent(event)

    def _open_workspace(self, i: int) -> None:
        if i == INSPECT:
            self.pages.setCurrentWidget(self.inspect)
        elif i == RUNS:
            self.pages.setCurrentWidget(self.runs)
        self.pages.setCurrentIndex(i)
        self.header.show_workspace(i)
        self.setFocus()

    def _inspect_drawing(self) -> None:
        self._states.inspection.show_drawing()
        self._open_workspace(INSPECT)

    def _toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _ask_same_network(self) -> None:
        self._ask_new_network(self._states.training.config)

    def _ask_new_network(self, config: Any) -> None:  # noqa: ANN401 - what the recipe panel made
        ask_before_discarding(self._states.training, self, lambda: self._states.training.new_network(config))

    # -- the menu --

    def _show_shortcuts(self) -> None:
        self._show_text(tr("Keyboard"), shortcuts_text())

    def _show_about(self) -> None:
        self._show_text(tr("About MicroNN"), about_text())

    def _show_text(self, title: str, text: str) -> None:
        box = QMessageBox(self)
        box.setWindowTitle(title)
        box.setTextFormat(Qt.TextFormat.RichText)
        box.setText(text)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

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
        kept = self.preferences
        self.resize(1440, 900)
        self.restoreGeometry(kept.geometry)
        self.train.curves.restoreState(kept.curves)
        self.train.centre.restoreState(kept.centre)
        self._states.my_digits.train_with_them(kept.with_my_digits)
        self.use_theme(kept.theme)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep the preferences, stop training."""
        self.preferences.geometry = self.saveGeometry()
        self.preferences.curves = self.train.curves.saveState()
        self.preferences.centre = self.train.centre.saveState()
        self.preferences.theme = self._theme_name
        self.preferences.with_my_digits = self._states.my_digits.included
        self.preferences.config = self._states.training.config
        self._states.close()
        event.accept()
