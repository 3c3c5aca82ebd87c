"""The recipe: all settings of a run.

What can change under way is applied at once. What needs a new network is kept as a draft, and
the panel says so, until somebody presses "New network".
"""

from __future__ import annotations

import contextlib
import functools
import random
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from micronn_core.config import TrainingConfig
from micronn_core.errors import ConfigError
from micronn_core.recipes import RECIPES
from micronn_gui.panels.recipe_fields import make_fields
from micronn_gui.panels.settings import Field
from micronn_gui.session import Session
from micronn_gui.theme import GRID
from micronn_gui.widgets.controls import Card, IconButton, button, guard_wheel, label, restyle
from micronn_gui.widgets.folding import FoldingSection

COMPACT_HEIGHT = 640
"""Below this height the section titles give way."""
FOLDED = ("schedule", "l2", "l1", "clip", "dtype")
"""The settings that are folded away at first."""
CONTROL_WIDTH = 130
"""Width of a setting's control, in pixels."""


class RecipePanel(Card):
    """Shows the config and takes changes of it."""

    new_network_wanted = Signal(TrainingConfig)
    """Somebody asks for a new network of this config."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.title.setText(self.tr("Recipe"))
        self.setAccessibleName(self.title.text())
        self._session = session
        self._base = self._draft = session.config
        self._sections: list[QLabel] = []
        self.body.setSpacing(GRID - 2)
        self._recipe = self._recipe_choice()
        self.body.addWidget(self._recipe)
        self._fields = make_fields(self.tr)
        for name, field in self._fields.items():
            field.edited.connect(functools.partial(self._edit, name))
            field.refused.connect(self._refuse)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(5)
        self._lay_out_fields()
        self._area = _scrolling(self._rows)
        self.body.addWidget(self._area, 1)
        self._problem = ""
        self._note = label("", "note")
        self._note.setWordWrap(True)
        self.body.addWidget(self._note)
        self.new_button = button(self.tr("New network"), "", "")
        self.new_button.clicked.connect(self._want_new_network)
        self.body.addWidget(self.new_button)
        session.config_changed.connect(self._follow)
        session.shown_changed.connect(self._say_what_is_pending)
        self._follow()

    # -- building --

    def _recipe_choice(self) -> QComboBox:
        choice = QComboBox()
        choice.setAccessibleName(self.tr("Recipe"))
        choice.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        guard_wheel(choice)
        for recipe in RECIPES.values():
            choice.addItem(recipe.label, recipe.name)
            choice.setItemData(choice.count() - 1, recipe.description, Qt.ItemDataRole.ToolTipRole)
        choice.activated.connect(self._choose_recipe)
        return choice

    def _lay_out_fields(self) -> None:
        dice = IconButton("dices", self.tr("Throw the dice for a new seed"), "soft", 18)
        dice.setFixedWidth(CONTROL_WIDTH // 4)
        dice.clicked.connect(self._throw_dice)
        sections = [
            (self.tr("DATA"), ("dataset", "split")),
            (self.tr("NETWORK"), ("hidden", "activation", "initializer", "seed")),
            (self.tr("TRAINING"), ("optimizer", "learning_rate", "batch_size", "epochs")),
        ]
        for title, names in sections:
            section = label(title, "section")
            section.setContentsMargins(0, GRID, 0, 0)
            self._sections.append(section)
            self._rows.addWidget(section)
            for name in names:
                extra = dice if name == "seed" else None
                row = _row(self._fields[name], extra)
                # A choice of one is no choice.
                row.setVisible(not self._fields[name].is_single)
                self._rows.addWidget(row)
        self._more = FoldingSection(
            self.tr("Regularisation, schedule …"),
            self.tr(
                "Settings that keep weights small and steps short, change the rate, or choose the numbers"
            ),
        )
        for name in FOLDED:
            self._more.rows.addWidget(_row(self._fields[name], None))
        self._more.title.toggled.connect(self._reveal)
        self._rows.addWidget(self._more)

    def _reveal(self, opened: bool) -> None:
        """Scroll so that what has been unfolded can be seen."""
        if opened:
            if inside := self._area.widget():
                inside.adjustSize()  # at once: the area would learn of the new rows only later
            self._area.ensureWidgetVisible(self._more, 0, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the section titles give way where there is little height."""
        super().resizeEvent(event)
        roomy = self.height() >= COMPACT_HEIGHT
        self._rows.setSpacing(7 if roomy else 4)
        for section in self._sections:
            section.setVisible(roomy)

    # -- following the session --

    def _follow(self) -> None:
        """Show the session's config, but keep a draft that waits for a new network."""
        session = self._session.config
        if session.needs_new_network(self._base) or not self._draft.needs_new_network(self._base):
            self._draft = session
        for name in self._live_setters():
            if getattr(session, name) != getattr(self._base, name):
                with contextlib.suppress(ConfigError):  # what does not fit the draft stays out of it
                    self._draft = self._draft.with_value(name, getattr(session, name))
        self._base = session
        self._problem = ""
        self._show_draft()

    def _show_draft(self) -> None:
        for name, field in self._fields.items():
            field.show_value(getattr(self._draft, name))
        fitting = [r.name for r in RECIPES.values() if r.config == self._draft]
        self._recipe.setCurrentIndex(self._recipe.findData(fitting[0]) if fitting else -1)
        self._recipe.setPlaceholderText(self.tr("Your own"))
        self._recipe.setToolTip(
            RECIPES[fitting[0]].description if fitting else self.tr("Settings of your own")
        )
        self._say_what_is_pending()

    def _say_what_is_pending(self) -> None:
        pending = self._draft.needs_new_network(self._session.config)
        if self._problem:
            text, state = self._problem, "wrong"
        elif pending and self._session.trained:
            text = self.tr("Needs a new network: the present one, trained for {n} epochs, is then gone.")
            text, state = text.format(n=f"{self._trained_epochs:,.0f}"), "pending"
        elif pending:
            text, state = self.tr("Needs a new network."), "pending"
        elif self._session.config.schedule != TrainingConfig.schedule and self._session.shown is not None:
            text = self.tr("Live. At this point the schedule makes the learning rate {rate}.")
            text, state = text.format(rate=f"{self._session.shown.learning_rate:#.3g}"), "live"
        else:
            text, state = self.tr("Live: learning rate, batch and epochs apply to the next step."), "live"
        if self._note.text() != text or self._note.property("state") != state:
            self._note.setText(text)
            self._note.setProperty("state", state)
            restyle(self._note)
        style = "primary" if pending else "outline"
        if self.new_button.objectName() != style:
            self.new_button.setObjectName(style)
            restyle(self.new_button)
            self.new_button.setToolTip(
                self.tr("Make a network with these settings")
                if pending
                else self.tr("Start again from the same first weights: same seed, same network (Ctrl+N)")
            )

    @property
    def _trained_epochs(self) -> float:
        return self._session.newest.metrics.epoch if self._session.newest else 0.0

    # -- intents --

    def _edit(self, name: str, value: object) -> None:
        """Take over a changed setting: at once where that is possible, else into the draft."""
        self._problem = ""
        try:
            draft = self._draft.with_value(name, value)
        except ConfigError as error:
            self._fields[name].mark(wrong=True)
            self._refuse(str(error))
            return
        self._draft = draft
        setter = self._live_setters().get(name)
        if setter is not None:
            # A value may fit the draft alone, such as a batch larger than the present split.
            with contextlib.suppress(ConfigError):
                setter(value)
        self._show_draft()

    def _live_setters(self) -> dict[str, Callable[[Any], None]]:
        """Return what applies a setting to the network that is training."""
        return {
            "learning_rate": self._session.set_learning_rate,
            "batch_size": self._session.set_batch_size,
            "epochs": self._session.set_epochs,
        }

    def _refuse(self, message: str) -> None:
        self._problem = message
        self._say_what_is_pending()

    def _choose_recipe(self, i: int) -> None:
        self._problem = ""
        self._draft = RECIPES[self._recipe.itemData(i)].config
        if not self._draft.needs_new_network(self._session.config):
            for name, setter in self._live_setters().items():
                setter(getattr(self._draft, name))
        self._show_draft()

    def _throw_dice(self) -> None:
        self._edit("seed", random.randrange(10_000))

    def _want_new_network(self) -> None:
        self.new_network_wanted.emit(self._draft)


def _scrolling(rows: QVBoxLayout) -> QScrollArea:
    """Return an area in which rows scroll where there is no room for all of them."""
    inside = QWidget()
    column = QVBoxLayout(inside)
    column.setContentsMargins(0, 0, 0, 0)
    column.addLayout(rows)
    column.addStretch(1)
    area = QScrollArea()
    area.setWidget(inside)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area


def _row(field: Field, extra: QWidget | None) -> QWidget:
    """Return a field with its name before it."""
    row = QWidget()
    grid = QGridLayout(row)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(GRID // 2)
    grid.setVerticalSpacing(2)
    name = label(field.label, "soft")
    name.setBuddy(field.control)
    grid.addWidget(name, 0, 0)
    grid.addWidget(field.control, 0, 1)
    field.control.setFixedWidth(CONTROL_WIDTH - (CONTROL_WIDTH // 4 if extra else 0))
    if extra is not None:
        box = QHBoxLayout()
        box.setSpacing(2)
        box.addWidget(field.control, 1)
        box.addWidget(extra)
        grid.addLayout(box, 0, 1)
    if field.below is not None:
        grid.addWidget(field.below, 1, 0, 1, 2)
    return row
