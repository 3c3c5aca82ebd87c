"""What a config chooses for a setting, in the words of the tables of choices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from micronn_core.common.texts import tr
from micronn_core.data.augmentation import AUGMENTATIONS
from micronn_core.data.catalog import split_counts
from micronn_core.data.splits import split_rule
from micronn_core.nn.activations import ACTIVATIONS
from micronn_core.nn.initializers import INITIALIZERS
from micronn_core.nn.optimizers import OPTIMIZERS
from micronn_core.nn.schedules import SCHEDULES
from micronn_core.settings.config import TrainingConfig
from micronn_core.settings.recipes import RECIPES, Recipe

TABLES: dict[str, Mapping[str, Any]] = {
    "activation": ACTIVATIONS,
    "initializer": INITIALIZERS,
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
}
"""The settings whose choices have words, a formula and a source of their own."""


@dataclass(frozen=True)
class Choice:
    """A choice with its name, its words, its formula and its source; those it has not are empty."""

    label: str
    words: str
    latex: str = ""
    source: str = ""


def choice_of(setting: str, config: TrainingConfig) -> Choice | None:
    """Return what a config chooses for a setting; None where the number says it all."""
    if setting in TABLES:
        row = TABLES[setting][getattr(config, setting)]
        return Choice(tr(row.label), tr(row.description), row.latex, tr(row.source))
    if setting == "split":
        rule = split_rule(config.split)
        counts = split_counts(config.dataset, config.split)
        words = counts and tr(
            "{train:,} samples to learn from, {validation:,} to judge by.",
            train=counts[0],
            validation=counts[1],
        )
        return Choice(tr(rule.label), words or "", source=tr(rule.source))
    if setting == "augmentation":
        strengths = (s for s in AUGMENTATIONS.values() if s.augmentation == config.augmentation)
        strength = next(strengths, None)
        return Choice(tr(strength.label), tr(strength.description)) if strength else None
    if setting == "recipe":
        recipe = recipe_of(config)
        if recipe is not None:
            return Choice(tr(recipe.label), tr(recipe.description), source=tr(recipe.source))
    return None


def recipe_of(config: TrainingConfig) -> Recipe | None:
    """Return the recipe that has just these settings."""
    return next((recipe for recipe in RECIPES.values() if recipe.config == config), None)
