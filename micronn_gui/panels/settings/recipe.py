"""The recipe: all settings of a run.

What can change under way is applied at once. What needs a new network is kept as a draft, and
the panel says so, until somebody presses "New network".
"""

from __future__ import annotations

import contextlib
import functools
import random

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut

from micronn_core.common.errors import ConfigError
from micronn_core.common.texts import tr, trn
from micronn_core.data.catalog import source_of
from micronn_core.settings.config import TrainingConfig
from micronn_core.settings.recipes import RECIPES
from micronn_core.settings.suiting import suited_to
from micronn_core.settings.table import SETTINGS, SHOWN, VARIED
from micronn_gui.panels.panel import Panel, while_seen
from micronn_gui.panels.settings.explanation import ExplanationCard
from micronn_gui.panels.settings.recipe_choice import RecipeChoice
from micronn_gui.panels.settings.recipe_fields import make_fields
from micronn_gui.panels.settings.recipe_rows import RecipeRows
from micronn_gui.panels.settings.variation_preview import VariationPreview
from micronn_gui.session.training import TrainingState
from micronn_gui.theme import px
from micronn_gui.widgets.controls.buttons import IconButton, button, label, restyle

LIVE = tuple(name for name, row in SETTINGS.items() if row.live and name in SHOWN)
"""The settings that apply at once to a network that is training."""

COMPACT_HEIGHT = 640
"""Below this height section titles and the recipe's source give way."""


class RecipePanel(Panel):
    """Shows the config and takes changes of it."""

    new_network_wanted = Signal(TrainingConfig)
    """Somebody asks for a new network of this config."""

    def __init__(self, training: TrainingState) -> None:
        super().__init__(tr("Recipe"))
        self._training = training
        self._base = self._draft = training.config
        self.body.setSpacing(px(6))
        self._recipe = RecipeChoice()
        self._recipe.chosen.connect(self._choose_recipe)
        self._recipe.asked.connect(lambda: self._explain("recipe"))
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
        ask.activated.connect(lambda: self._explain(self._rows.setting_in_use() or "recipe"))
        self._problem = ""
        self._note = label("", "note")
        self._note.setWordWrap(True)
        self.body.addWidget(self._note)
        self.new_button = button(tr("New network"), "", "")
        self.new_button.clicked.connect(self._want_new_network)
        self.body.addWidget(self.new_button)
        training.config_changed.connect(self._follow)
        training.shown_changed.connect(self._say_what_is_pending)
        self.refresh()  # so that it knows its width

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let what can be missed give way where there is little height."""
        super().resizeEvent(event)
        roomy = self.height() >= COMPACT_HEIGHT
        self._rows.make_roomy(roomy)
        self._recipe.make_roomy(roomy)

    # -- following the training --

    def _follow(self) -> None:
        """Take over the config in use, but keep a draft that waits for a new network."""
        config = self._training.config
        if config.needs_new_network(self._base) or not self._draft.needs_new_network(self._base):
            self._draft = config
        changed = {name: getattr(config, name) for name in self._base.changes_to(config) if name in LIVE}
        with contextlib.suppress(ConfigError):  # what does not fit the draft stays out of it
            self._draft = self._draft.with_values(changed)
        self._base = config
        self._problem = ""
        self.touch()

    def refresh(self) -> None:
        """Show the draft: the config in use, or what waits for a new network."""
        for field in self._fields.values():
            field.show_config(self._draft)
        self._recipe.show_config(self._draft)
        self._rows.show_in_use(self._draft)
        self._explanation.follow(self._draft)
        self._show_preview()
        self._show_note()

    def _show_preview(self) -> None:
        if self._varied.title.isChecked():
            self._preview.show_augmentation(self._draft.augmentation, self._draft)

    @while_seen
    def _say_what_is_pending(self) -> None:
        self._show_note()

    def _show_note(self) -> None:
        pending = self._draft.needs_new_network(self._training.config)
        if self._problem:
            text, state = self._problem, "wrong"
        elif pending and self._training.trained:
            text, state = self._cost(), "pending"
        elif pending:
            text, state = tr("Needs a new network."), "pending"
        elif self._training.config.schedule != TrainingConfig.schedule and self._training.shown is not None:
            text = tr(
                "Live. At this point the schedule makes the learning rate {rate:#.3g}.",
                rate=self._training.shown.learning_rate,
            )
            state = "live"
        else:
            text, state = tr("Live: what has a dot applies from the next step on."), "live"
        if self._note.text() != text or self._note.property("state") != state:
            self._note.setText(text)
            self._note.setProperty("state", state)
            restyle(self._note)
        style = "primary" if pending else "outline"
        if self.new_button.objectName() != style:
            self.new_button.setObjectName(style)
            restyle(self.new_button)
            self.new_button.setToolTip(
                tr("Make a network with these settings")
                if pending
                else tr("Start again from the same first weights: same seed, same network (Ctrl+N)")
            )

    def _cost(self) -> str:
        """Say what a new network would cost the present one."""
        epochs = self._training.newest.metrics.epoch if self._training.newest else 0.0
        return trn(
            "Needs a new network; this one, trained for {count:,} epoch, is kept among the runs.",
            "Needs a new network; this one, trained for {count:,} epochs, is kept among the runs.",
            round(epochs),
        )

    # -- intents --

    def _edit(self, name: str, value: object) -> None:
        """Take over a changed setting: at once where that is possible, else into the draft."""
        self._problem = ""
        try:
            draft = (
                suited_to(self._draft, source_of(str(value)))
                if name == "dataset"
                else self._draft.with_value(name, value)
            )
        except ConfigError as error:
            self._refuse(name, str(error), error.field)
            return
        self._draft = draft
        whole = name.partition(".")[0]
        if whole in LIVE:
            # A value may fit the draft alone, such as a batch larger than the present split.
            with contextlib.suppress(ConfigError):
                self._training.change({whole: getattr(draft, whole)})
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

    def offer_choices(self) -> None:
        """Offer what can be chosen now, such as another data set."""
        self.touch()

    def _choose_recipe(self, name: str) -> None:
        self._problem = ""
        self._draft = RECIPES[name].config
        if not self._draft.needs_new_network(self._training.config):
            self._training.change({name: getattr(self._draft, name) for name in LIVE})
        self.touch()

    def _explain(self, setting: str) -> None:
        row = self._rows.row_of(setting) if setting in SHOWN else self._recipe
        self._explanation.toggle(setting, self._draft, row)

    def _dice(self) -> IconButton:
        made = IconButton("dices", tr("Throw the dice for a new seed"), "soft", 18, "tool")
        made.clicked.connect(self._throw_dice)
        return made

    def _throw_dice(self) -> None:
        self._edit("seed", random.randrange(10_000))

    def _want_new_network(self) -> None:
        if self._problem:  # what was written last must be mended first
            return
        self.new_network_wanted.emit(self._draft)
