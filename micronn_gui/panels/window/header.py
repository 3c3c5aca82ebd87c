"""The header: the workspaces there are, the architecture in words, the theme, the menu."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QMenu, QPushButton, QToolButton

from micronn_core.common.texts import number, tr, trn
from micronn_core.data.features import DataSpec
from micronn_core.nn.activations import ACTIVATIONS
from micronn_core.nn.network import Parameters
from micronn_gui.session.training import TrainingState
from micronn_gui.theme import SYSTEM, px, themes
from micronn_gui.widgets.controls.buttons import IconButton, button, label
from micronn_gui.widgets.guard import Guarded

MOST_IN_WORDS = 2
"""Most hidden layers that there is room to describe one by one."""


class WorkspaceTab(NamedTuple):
    """A workspace as the header offers it."""

    name: str
    label: str
    tip: str


class HeaderPanel(Guarded, QFrame):
    """Says what is open, and leads to the rest.

    Args:
        training: whose network is described.
        workspaces: those that there are.
        actions: what the menu offers.
    """

    workspace_chosen = Signal(str)
    """The name of a workspace."""
    theme_chosen = Signal(str)
    """"light", "dark" or "system"."""

    def __init__(
        self,
        training: TrainingState,
        workspaces: Sequence[WorkspaceTab],
        actions: Sequence[QAction],
    ) -> None:
        super().__init__()
        self.setObjectName("header")
        self.setAccessibleName(tr("Header"))
        self.setFixedHeight(px(56))
        self._training = training
        row = QHBoxLayout(self)
        row.setContentsMargins(px(20), px(0), px(16), px(0))
        row.setSpacing(px(8))
        logo = label("M", "logo")
        logo.setFixedSize(px(24), px(24))
        logo.setAlignment(Qt.AlignmentFlag.AlignCenter)
        row.addWidget(logo)
        row.addWidget(label("MicroNN", "brand"))
        row.addSpacing(px(48))
        self._tabs = QButtonGroup(self)
        self._tab_of: dict[str, QPushButton] = {}
        for workspace in workspaces:
            tab = button(workspace.label, workspace.tip, "tab")
            tab.setCheckable(True)
            tab.clicked.connect(lambda _=False, name=workspace.name: self.workspace_chosen.emit(name))
            self._tabs.addButton(tab)
            self._tab_of[workspace.name] = tab
            row.addWidget(tab)
        row.addStretch(1)
        self._architecture = label("", "number")
        row.addWidget(self._architecture)
        row.addSpacing(px(16))
        self._theme_tip = tr("Light, dark, or as the system")
        self._theme_button = self._menu_button("sun", self._theme_tip, self._theme_menu())
        row.addWidget(self._theme_button)
        self.menu = QMenu(self)
        self.menu.addActions(list(actions))
        row.addWidget(self._menu_button("ellipsis", tr("Menu"), self.menu))
        self._texts: list[str] = []
        training.config_changed.connect(self._describe)
        themes.changed.connect(self._follow_theme)
        self._describe()

    def _menu_button(self, icon_name: str, tip: str, menu: QMenu) -> IconButton:
        opener = IconButton(icon_name, tip, "soft", 18)
        opener.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        opener.setMenu(menu)
        return opener

    def _theme_menu(self) -> QMenu:
        menu = QMenu(self)
        self._theme_actions = QActionGroup(menu)
        names = ((SYSTEM, tr("As the system")), ("light", tr("Light")), ("dark", tr("Dark")))
        for name, text in names:
            action = QAction(text, self._theme_actions)
            action.setCheckable(True)
            action.setData(name)
            menu.addAction(action)
        self._theme_actions.triggered.connect(lambda action: self.theme_chosen.emit(action.data()))
        return menu

    def show_theme_choice(self, name: str) -> None:
        """Mark which theme was chosen."""
        for action in self._theme_actions.actions():
            action.setChecked(action.data() == name)

    def show_workspace(self, name: str) -> None:
        """Mark the workspace that is open."""
        self._tab_of[name].setChecked(True)

    def _follow_theme(self) -> None:
        self._theme_button.show_as("moon" if themes.current.name == "dark" else "sun", self._theme_tip)

    def _describe(self) -> None:
        """Write the architecture in words."""
        training, config = self._training, self._training.config
        sizes = training.spec.sizes(config.hidden)
        activation = tr(ACTIVATIONS[config.activation].label)
        facts: dict[str, object] = {
            "inputs": sizes[0],
            "classes": sizes[-1],
            "count": Parameters.count(sizes),
            "parameters": trn("{count:,} parameter", "{count:,} parameters", Parameters.count(sizes)),
            "activation": activation,
            "hidden": " → ".join(map(number, config.hidden)),
            "named": " → ".join(f"{number(width)} {activation}" for width in config.hidden),
        }
        self._texts = [
            tr("{inputs:,} → {hidden} → {classes:,}, {activation}   {parameters}", **facts),
            tr("{inputs:,} → {hidden} → {classes:,}   {count:,}", **facts),
        ]
        if len(config.hidden) <= MOST_IN_WORDS:
            facts |= {"inputs": _inputs(training.spec), "classes": _classes(training.spec)}
            self._texts.insert(0, tr("{inputs} → {named} → {classes}   {parameters}", **facts))
        self._architecture.setToolTip(self._texts[0])
        self._fit()

    def _fit(self) -> None:
        """Describe the network with as many words as there is room for."""
        others = self.minimumSizeHint().width() - self._architecture.minimumSizeHint().width()
        room, width_of = self.width() - others, self._architecture.fontMetrics().horizontalAdvance
        fitting = [text for text in self._texts if width_of(text) <= room]
        self._architecture.setText(fitting[0] if fitting else self._texts[-1])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Find words for the new width."""
        super().resizeEvent(event)
        self._fit()


def _inputs(spec: DataSpec) -> str:
    count = spec.features.count
    if spec.features.image_shape is None:
        return trn("{count:,} column", "{count:,} columns", count)
    return trn("{count:,} pixel", "{count:,} pixels", count)


def _classes(spec: DataSpec) -> str:
    count = len(spec.class_names)
    if spec.has_digits:
        return trn("{count:,} digit", "{count:,} digits", count)
    return trn("{count:,} class", "{count:,} classes", count)
