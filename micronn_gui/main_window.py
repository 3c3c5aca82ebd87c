"""The main window: it places the workspaces and wires them, and decides nothing."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QByteArray, QSettings, Qt
from PySide6.QtGui import QAction, QCloseEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from micronn_gui.panels.new_network import ask_new_network
from micronn_gui.panels.transport import TransportPanel
from micronn_gui.session import Session
from micronn_gui.theme import GRID, THEMES, themes
from micronn_gui.widgets.banner import Banner
from micronn_gui.widgets.controls import IconButton, button, label
from micronn_gui.workspaces.train import TrainWorkspace

SYSTEM = "system"


class MainWindow(QMainWindow):
    """Header, workspaces, transport bar.

    Args:
        session: the application's state; the window closes it when it is closed.
        settings: where sizes, theme and the last recipe are kept.
    """

    def __init__(self, session: Session, settings: QSettings) -> None:
        super().__init__()
        self._session = session
        self._settings = settings
        self.setWindowTitle("MicroNN")
        self.setMinimumSize(1100, 640)
        self.banner = Banner()
        self.train = TrainWorkspace(session)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.train)
        self.transport = TransportPanel(session)
        self._themes = self._theme_menu()
        self.header = self._header()
        self.setCentralWidget(self._place())
        self._wire()
        self._restore()
        self.setFocus()  # not on the first button: Space plays

    # -- building --

    def _header(self) -> QWidget:
        header = QFrame()
        header.setObjectName("header")
        header.setFixedHeight(7 * GRID)
        row = QHBoxLayout(header)
        row.setContentsMargins(2 * GRID + 4, 0, 2 * GRID, 0)
        row.setSpacing(GRID)
        logo = label("M", "logo")
        logo.setFixedSize(3 * GRID, 3 * GRID)
        logo.setAlignment(Qt.AlignmentFlag.AlignCenter)
        row.addWidget(logo)
        row.addWidget(label("MicroNN", "brand"))
        row.addSpacing(6 * GRID)
        group = QButtonGroup(header)
        tab = button(self.tr("Train"), self.tr("Watch the network learn (Ctrl+1)"), "tab")
        tab.setCheckable(True)
        tab.setChecked(True)
        group.addButton(tab)
        row.addWidget(tab)
        row.addStretch(1)
        self.architecture = label("", "number")
        row.addWidget(self.architecture)
        row.addSpacing(2 * GRID)
        self._theme_button = IconButton("sun", self.tr("Light, dark, or as the system"), "soft", 18)
        self._theme_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._theme_button.setMenu(self._themes)
        row.addWidget(self._theme_button)
        return header

    def _theme_menu(self) -> QMenu:
        menu = QMenu(self)
        names = ((SYSTEM, self.tr("As the system")), ("light", self.tr("Light")), ("dark", self.tr("Dark")))
        for name, text in names:
            action = QAction(text, menu)
            action.setCheckable(True)
            action.setData(name)
            action.triggered.connect(self._choose_theme)
            menu.addAction(action)
        return menu

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
        session = self._session
        self.train.recipe.new_network_wanted.connect(self._ask_new_network)
        self.transport.new_network_wanted.connect(self._ask_same_network)
        session.failed.connect(self.banner.show_message)
        session.run_started.connect(self.banner.hide)
        session.config_changed.connect(self._describe)
        QShortcut(QKeySequence("Ctrl+N"), self, self._ask_same_network)
        QShortcut(QKeySequence("Ctrl+1"), self, lambda: self.pages.setCurrentIndex(0))
        QShortcut(QKeySequence("L"), self, session.show_live)
        QShortcut(QKeySequence("F11"), self, self._toggle_full_screen)
        themes.changed.connect(self._follow_theme)
        self._describe()

    # -- keys --

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space plays and pauses, → takes a step: where no focused control wants the key itself."""
        match event.key():
            case Qt.Key.Key_Space:
                self._session.toggle()
            case Qt.Key.Key_Right:
                self.transport.step()
            case _:
                super().keyPressEvent(event)

    def _toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _ask_same_network(self) -> None:
        self._ask_new_network(self._session.config)

    def _ask_new_network(self, config: Any) -> None:  # noqa: ANN401 - what the recipe panel made
        ask_new_network(self._session, config, self)

    def _describe(self) -> None:
        self.architecture.setText(self._session.describe())

    # -- theme and settings --

    def _choose_theme(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.use_theme(action.data())

    def use_theme(self, name: str) -> None:
        """Use "light", "dark" or, as the system does, "system"."""
        self._theme_name = name if name in THEMES else SYSTEM
        for action in self._themes.actions():
            action.setChecked(action.data() == self._theme_name)
        if name in THEMES:
            themes.use(THEMES[name])
        else:
            themes.follow_system()

    def _follow_theme(self) -> None:
        self._theme_button.show_as(
            "moon" if themes.current.name == "dark" else "sun", self.tr("Light, dark, or as the system")
        )

    def _restore(self) -> None:
        settings = self._settings
        self.resize(1440, 900)
        geometry = settings.value("geometry")
        if isinstance(geometry, QByteArray):
            self.restoreGeometry(geometry)
        for name, splitter in (("curves", self.train.curves), ("centre", self.train.centre)):
            state = settings.value(name)
            if isinstance(state, QByteArray):
                splitter.restoreState(state)
        self.use_theme(str(settings.value("theme", SYSTEM)))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep the settings, stop training."""
        self._settings.setValue("geometry", self.saveGeometry())
        self._settings.setValue("curves", self.train.curves.saveState())
        self._settings.setValue("centre", self.train.centre.saveState())
        self._settings.setValue("theme", self._theme_name)
        self._settings.setValue("config", self._session.config.to_json())
        self._session.close()
        event.accept()
