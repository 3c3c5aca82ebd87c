"""The recipe: all settings of a run.

What can change under way, and while nothing is learned yet everything, is applied at once. What needs
new first weights is what is wanted next, and the button says so, until somebody presses it or plays.
"""

from __future__ import annotations

import functools
import random

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut

from micronn_core.common.errors import ConfigError
from micronn_core.common.texts import tr, trn
from micronn_core.data.catalog import source_of
from micronn_core.settings.config import TrainingConfig
from micronn_core.settings.recipes import RECIPES
from micronn_core.settings.suiting import suited_to
from micronn_core.settings.table import SHOWN, VARIED
from micronn_gui.panels.panel import Panel, while_seen
from micronn_gui.panels.settings.explanation import ExplanationCard
from micronn_gui.panels.settings.recipe_choice import RecipeChoice
from micronn_gui.panels.settings.recipe_fields import make_fields
from micronn_gui.panels.settings.recipe_rows import RecipeRows
from micronn_gui.panels.settings.variation_preview import VariationPreview
from micronn_gui.session.training import TrainingState
from micronn_gui.theme import px
from micronn_gui.widgets.controls.buttons import IconButton, button, label, restyle

NOTE_LINES = 3
"""Lines for which the note always has room."""


class RecipePanel(Panel):
    """Shows what is wanted and takes changes of it."""

    new_network_wanted = Signal(TrainingConfig)
    """Somebody asks for a new network of this config."""

    def __init__(self, training: TrainingState) -> None:
        super().__init__(tr("Recipe"))
        self._training = training
        self.body.setContentsMargins(px(18), px(14), px(18), px(14))
        self.body.setSpacing(px(6))
        self._recipe = RecipeChoice()
        self._recipe.chosen.connect(self._choose_recipe)
        self._recipe.asked.connect(self._explain_recipe)
        self.body.addWidget(self._recipe)
        self._fields = make_fields()
        for name, field in self._fields.items():
            field.edited.connect(functools.partial(self._edit, name))
            field.refused.connect(functools.partial(self._refuse, name))
        self._fields["seed"].beside = self._dice()
        self._rows = RecipeRows(self._fields)
        self._rows.asked.connect(self._explain)
        self._preview = VariationPreview()
        self._varied = self._rows.folding(VARIED)
        self._varied.rows.insertWidget(1, self._preview)  # under the strength
        self._varied.title.toggled.connect(self._show_preview)
        self.body.addWidget(self._rows, 1)
        self._explanation = ExplanationCard(self)
        ask = QShortcut(QKeySequence(QKeySequence.StandardKey.WhatsThis), self)
        ask.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        ask.activated.connect(self._explain_in_use)
        self._problem = ""
        self._note = label("", "note")
        self._note.setWordWrap(True)
        self._note.ensurePolished()
        self._note.setMinimumHeight(NOTE_LINES * self._note.fontMetrics().lineSpacing() + px(4))
        self.body.addWidget(self._note)
        self.new_button = button(tr("New network"), "", "")
        self.new_button.clicked.connect(self._want_new_network)
        self.body.addWidget(self.new_button)
        training.config_changed.connect(self._follow)
        training.wanted_changed.connect(self._follow)
        training.shown_changed.connect(self._say_what_is_pending)
        self.refresh()  # so that it knows its width

    # -- following the training --

    def _follow(self) -> None:
        self._problem = ""
        self.touch()

    def refresh(self) -> None:
        """Show what is wanted: the config in use, or what waits for a new network."""
        wanted = self._training.wanted
        for field in self._fields.values():
            field.show_config(wanted)
        self._recipe.show_config(wanted)
        self._rows.show_in_use(wanted)
        self._explanation.follow(wanted)
        self._show_preview()
        self._show_note()

    def _show_preview(self) -> None:
        if self._varied.title.isChecked():
            self._preview.show_augmentation(self._training.wanted.augmentation, self._training.wanted)

    @while_seen
    def _say_what_is_pending(self) -> None:
        self._show_note()

    def _show_note(self) -> None:
        training = self._training
        if self._problem:
            text, state = self._problem, "wrong"
        elif training.pending:
            text, state = self._cost(), "pending"
        elif training.config.schedule != TrainingConfig.schedule and training.shown is not None:
            text = tr(
                "At this point the schedule makes the learning rate {rate:#.3g}.",
                rate=training.shown.learning_rate,
            )
            state = "live"
        else:
            text = tr(
                "What you change here applies at once. What needs new first weights says so on the button."
            )
            state = "live"
        if self._note.text() != text or self._note.property("state") != state:
            self._note.setText(text)
            self._note.setProperty("state", state)
            restyle(self._note)
        self._show_button(training.pending)

    def _show_button(self, pending: bool) -> None:
        style = "primary" if pending else "outline"
        if self.new_button.objectName() == style:
            return
        self.new_button.setObjectName(style)
        self.new_button.setText(tr("Train new network") if pending else tr("New network"))
        self.new_button.setAccessibleName(self.new_button.text())
        self.new_button.setToolTip(
            tr("Make a network with these settings and train it, as Play does")
            if pending
            else tr("Start again from the same first weights: same seed, same network (Ctrl+N)")
        )
        restyle(self.new_button)

    def _cost(self) -> str:
        """Say what becomes of the present network."""
        epochs = self._training.newest.metrics.epoch if self._training.newest else 0.0
        return trn(
            "This needs new first weights. The present network, trained for {count:,} epoch, is kept.",
            "This needs new first weights. The present network, trained for {count:,} epochs, is kept.",
            round(epochs),
        )

    # -- intents --

    def _edit(self, name: str, value: object) -> None:
        """Take over a changed setting."""
        wanted = self._training.wanted
        try:
            config = (
                suited_to(wanted, source_of(str(value)))
                if name == "dataset"
                else wanted.with_value(name, value)
            )
        except ConfigError as error:
            self._refuse(name, str(error), error.field)
            return
        self._want(config)

    def _want(self, config: TrainingConfig) -> None:
        self._problem = ""
        self._training.want(config)
        self.touch()

    def _refuse(self, edited: str, message: str, blamed: str = "") -> None:
        """Say why an edit cannot be used, and mark its setting and the one that forbids it."""
        self._problem = message
        self._say_what_is_pending()
        whole = edited.partition(".")[0]  # an amount is a part of the augmentation, which is blamed for it
        others = {blamed} & set(self._fields) - {whole}
        for name in (edited, *others):
            self._fields[name].mark(wrong=True)
            self._rows.reveal(name)

    def show_setting(self, name: str) -> None:
        """Lead to a setting: bring its row into view, with the keyboard on it."""
        self._rows.reveal(name)
        self._fields[name].control.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def offer_choices(self) -> None:
        """Offer what can be chosen now, such as another data set."""
        self.touch()

    def _choose_recipe(self, name: str) -> None:
        self._want(RECIPES[name].config)

    def _explain(self, setting: str) -> None:
        row = self._rows.row_of(setting) if setting in SHOWN else self._recipe
        self._explanation.toggle(setting, self._training.wanted, row)

    def _explain_recipe(self) -> None:
        self._explain("recipe")

    def _explain_in_use(self) -> None:
        self._explain(self._rows.setting_in_use() or "recipe")

    def _dice(self) -> IconButton:
        made = IconButton("dices", tr("Throw the dice for a new seed"), "soft", 18, "tool")
        made.clicked.connect(self._throw_dice)
        return made

    def _throw_dice(self) -> None:
        self._edit("seed", random.randrange(10_000))

    def _want_new_network(self) -> None:
        if self._problem:  # what was written last must be mended first
            return
        if self._training.pending:
            self._training.play_wanted()
        else:
            self.new_network_wanted.emit(self._training.wanted)
