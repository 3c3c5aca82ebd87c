"""Runs to repeat: the settings of each document, with its words and figures, and our own.

To add one, write a row in the table at the foot.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from micronn_core.common.texts import mark
from micronn_core.data.augmentation import AUGMENTATIONS
from micronn_core.settings.config import TrainingConfig
from micronn_core.settings.table import WHOLE_BATCH


@dataclass(frozen=True)
class Recipe:
    """A config with a name, and the document whose result it repeats.

    Attributes:
        name: key in `RECIPES`.
        label: name as people read it.
        brief: what it is and what comes of it, in a line or two.
        description: what it is and what comes of it, in a sentence or two.
        source: the document.
        config: the settings.
        reaches: the accuracy that it reaches, 0 to 1, at the last epoch: the document's headline.
        at_most: the accuracy that it stays below, where the headline is a failure.
        judged_by: whose accuracy that is: "validation" or "test".
    """

    name: str
    label: str
    brief: str
    description: str
    source: str
    config: TrainingConfig
    reaches: float = 0.0
    at_most: float = 1.0
    judged_by: str = "validation"


_PRINTED = TrainingConfig(
    split="19999/9999",
    hidden=(128, 32),
    initializer="small",
    learning_rate=0.03,
    epochs=200,
    pixels="0 to 255",
    softmax=WHOLE_BATCH,
    dtype="float64",
    seed=1,
)

RECIPES = {
    recipe.name: recipe
    for recipe in (
        Recipe(
            "tutorial",
            mark("MicroNN tutorial"),
            mark("Ten hidden neurons, all pictures at once: 85.3 % after 500 epochs"),
            mark("784-10-10, all samples at once. About 85 % validation accuracy after 500 epochs."),
            mark("the MicroNN tutorial, training script: 85.3 % after 500 epochs"),
            TrainingConfig(),
            reaches=0.853,
        ),
        Recipe(
            "kaggle",
            mark("41,000 / 1,000 split"),
            mark("The same, judged by 1,000 pictures: about 84 % after 500 epochs"),
            mark("The tutorial's network on 41,000 samples, judged by 1,000. About 84 % after 500 epochs."),
            mark("the Kaggle notebook, results: 84 % after 500 iterations"),
            TrainingConfig(split="41000/1000"),
            reaches=0.84,
        ),
        Recipe(
            "deep-as-printed",
            mark("Deep, as printed"),
            mark("Two hidden layers with two faults: it learns, and falls to 11 %"),
            mark(
                "784-128-32-10 with two faults: pixels from 0 to 255, and a softmax shifted by the largest "
                "logit of the whole batch. It learns, stumbles, and falls to 11 %."
            ),
            mark("the deep network, its log: 33.4 % after 30 epochs, 10.1 % after 60, 11.2 % after 190"),
            _PRINTED,
            at_most=0.12,
        ),
        Recipe(
            "deep",
            mark("Deep, done right"),
            mark("The same network with its faults mended: above 90 %"),
            mark("The same network with pixels from 0 to 1, He weights and batches of 32. Above 90 %."),
            mark("the deep network, results: above 90 %"),
            replace(
                _PRINTED,
                initializer="he",
                batch_size=32,
                epochs=10,
                pixels=TrainingConfig.pixels,
                softmax=TrainingConfig.softmax,
                dtype=TrainingConfig.dtype,
            ),
            reaches=0.9,
        ),
        Recipe(
            "mini-batches",
            mark("Mini-batches"),
            mark("128 neurons, 128 pictures a step: above 96 % after 10 epochs"),
            mark("784-128-10, 128 samples a step. Above 96 % after 10 epochs."),
            mark("the mini-batch network, results: above 96 % after 10 epochs"),
            TrainingConfig(hidden=(128,), initializer="he", batch_size=128, epochs=10, seed=42),
            reaches=0.96,
        ),
        Recipe(
            "strong",
            mark("Strong"),
            mark("Two wide layers, varied pictures: above 99 % in ten minutes"),
            mark(
                "784-512-256-10 on digits that are varied anew in each epoch, a quarter of them drawn by "
                "other hands: above 99.2 % on the test set after about ten minutes."
            ),
            mark("Simard, Steinkraus and Platt 2003: 99.3 % with 800 hidden neurons and elastic distortions"),
            TrainingConfig(
                split="55000/5000",
                hidden=(512, 256),
                initializer="he",
                optimizer="momentum",
                learning_rate=0.05,
                schedule="cosine",
                batch_size=128,
                epochs=100,
                augmentation=AUGMENTATIONS["strong"].augmentation,
            ),
            reaches=0.992,
            judged_by="test",
        ),
    )
}


def recipe_of(config: TrainingConfig) -> Recipe | None:
    """Return the recipe that has just these settings."""
    return next((recipe for recipe in RECIPES.values() if recipe.config == config), None)
