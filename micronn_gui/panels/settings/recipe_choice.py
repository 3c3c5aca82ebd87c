"""The choice of a recipe: its name, and under it what comes of it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QWidget

from micronn_core.common.texts import tr
from micronn_core.settings.config import TrainingConfig
from micronn_core.settings.recipes import RECIPES, recipe_of
from micronn_gui.theme import px
from micronn_gui.widgets.controls.buttons import IconButton, guard_wheel
from micronn_gui.widgets.controls.elided_text import ElidedText


class RecipeChoice(QWidget):
    """Shows which recipe has the settings of a config, and takes the choice of another."""

    chosen = Signal(str)
    """Somebody has chosen the recipe of this name."""
    asked = Signal()
    """Somebody wants to know what it is."""

    def __init__(self) -> None:
        super().__init__()
        self._box = QComboBox()
        self._box.setAccessibleName(tr("Recipe"))
        self._box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._box.setPlaceholderText(tr("Your own"))
        guard_wheel(self._box)
        for i, recipe in enumerate(RECIPES.values()):
            self._box.addItem(tr(recipe.label), recipe.name)
            self._box.setItemData(i, tr(recipe.description), Qt.ItemDataRole.ToolTipRole)
        self._box.activated.connect(lambda i: self.chosen.emit(self._box.itemData(i)))
        info = IconButton("info", tr("What this recipe is, and where it comes from"), "soft", 18, "boxed")
        info.clicked.connect(self.asked)
        self._brief = ElidedText(lines=2, role="soft")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, px(0), px(0), px(0))
        grid.setHorizontalSpacing(px(6))
        grid.setVerticalSpacing(px(4))
        grid.setColumnStretch(0, 1)
        grid.addWidget(self._box, 0, 0)
        grid.addWidget(info, 0, 1)
        grid.addWidget(self._brief, 1, 0, 1, 2)

    def show_config(self, config: TrainingConfig) -> None:
        """Show the recipe that has these settings."""
        recipe = recipe_of(config)
        self._box.setCurrentIndex(self._box.findData(recipe.name) if recipe else -1)
        self._box.setToolTip(tr(recipe.description) if recipe else tr("Settings of your own"))
        self._brief.set_text(tr(recipe.brief) if recipe else tr("Settings of your own"))
