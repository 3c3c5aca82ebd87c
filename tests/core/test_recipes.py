"""The recipes: complete, and each reaches the headline of its document."""

from __future__ import annotations

from micronn_core.config import TrainingConfig
from micronn_core.recipes import RECIPES


def test_that_recipes_are_listed_by_name_with_their_words_and_their_document() -> None:
    assert next(iter(RECIPES)) == "tutorial"
    assert RECIPES["tutorial"].config == TrainingConfig()
    assert all(recipe.name == name for name, recipe in RECIPES.items())
    assert all(recipe.label and recipe.description.endswith(".") for recipe in RECIPES.values())
    for document in ("seed 000", "seed 001", "seed 003", "seed 004"):
        assert any(recipe.source.startswith(document) for recipe in RECIPES.values())


def test_that_no_two_recipes_are_the_same() -> None:
    configs = [recipe.config for recipe in RECIPES.values()]
    assert len(set(configs)) == len(configs)


def test_that_every_recipe_has_a_headline_to_reach() -> None:
    assert all(recipe.reaches > 0 or recipe.at_most < 1 for recipe in RECIPES.values())
