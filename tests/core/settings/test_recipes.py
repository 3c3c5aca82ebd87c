"""The recipes: complete, and each reaches the headline of its document."""

from __future__ import annotations

import functools

import pytest

from micronn_core.data.catalog import DATASETS
from micronn_core.data.dataset import Samples
from micronn_core.evaluation.measure import measure
from micronn_core.settings.config import TrainingConfig
from micronn_core.settings.recipes import RECIPES
from micronn_core.training.compute.blas import single_blas_thread
from micronn_core.training.feed import split_of
from micronn_core.training.trainer import Trainer


def test_that_recipes_are_listed_by_name_with_their_words_and_their_document() -> None:
    assert next(iter(RECIPES)) == "tutorial"
    assert RECIPES["tutorial"].config == TrainingConfig()
    assert all(recipe.name == name for name, recipe in RECIPES.items())
    assert all(recipe.label and recipe.description.endswith(".") for recipe in RECIPES.values())
    for document in (
        "the MicroNN tutorial",
        "the Kaggle notebook",
        "the deep network",
        "the mini-batch network",
    ):
        assert any(recipe.source.startswith(document) for recipe in RECIPES.values())


def test_that_no_two_recipes_are_the_same() -> None:
    configs = [recipe.config for recipe in RECIPES.values()]
    assert len(set(configs)) == len(configs)


def test_that_every_recipe_has_a_headline_to_reach() -> None:
    assert all(recipe.reaches > 0 or recipe.at_most < 1 for recipe in RECIPES.values())


@functools.cache
def headline(name: str) -> tuple[float, list[float]]:
    """Train a recipe on MNIST; returns the accuracy that its headline is about, and that of each epoch."""
    recipe = RECIPES[name]
    config, source = recipe.config, DATASETS[recipe.config.dataset]
    samples = split_of(config, source.load_train())
    with Trainer(config, samples) as trainer, single_blas_thread():
        told = [metrics for metrics in trainer.run() if metrics is not None]
    by_epoch = [metrics.accuracy for metrics in told if metrics.epoch.is_integer()]
    if recipe.judged_by == "test":
        test = Samples.of(source.load_test(), dtype=config.dtype, white=config.white)
        return float(measure(trainer.network, test).figures()["accuracy"]), by_epoch
    return told[-1].validation_accuracy, by_epoch


pytestmark = pytest.mark.timeout(3_600)

LONG = {"kaggle", "deep-as-printed", "strong"}
"""Recipes that take so long that `make test` leaves them out."""

NAMES = [pytest.param(name, marks=pytest.mark.minutes if name in LONG else ()) for name in RECIPES]


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_that_a_recipe_reaches_the_headline_of_its_document(name: str) -> None:
    accuracy, _ = headline(name)
    assert RECIPES[name].reaches <= accuracy <= RECIPES[name].at_most


@pytest.mark.slow
@pytest.mark.minutes
def test_that_the_network_as_printed_learns_before_it_falls() -> None:
    _, by_epoch = headline("deep-as-printed")
    assert max(by_epoch) > 0.25
    assert max(by_epoch[100:]) < 0.12
