"""The command line's options for the settings of a run, and how their words are read."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from dataclasses import fields, replace
from typing import Any

from micronn_core.common.errors import ConfigError
from micronn_core.data.augmentation import AMOUNTS, AUGMENTATIONS, Augmentation
from micronn_core.data.catalog import DATASETS
from micronn_core.data.splits import SPLITS
from micronn_core.nn.activations import ACTIVATIONS
from micronn_core.nn.initializers import INITIALIZERS
from micronn_core.nn.optimizers import OPTIMIZERS
from micronn_core.nn.schedules import SCHEDULES
from micronn_core.settings.config import DTYPES, FULL_BATCH, PIXELS, SHIFTS, TrainingConfig, parse_hidden
from micronn_core.settings.recipes import RECIPES

MAX_THREADS = 64


def add_settings(parser: argparse.ArgumentParser) -> None:
    """Add an option for every field of TrainingConfig; those not given are left to the recipe."""
    group = parser.add_argument_group(
        "settings", "What is not given is the recipe's; shown is the tutorial's."
    )
    default = TrainingConfig()

    def add(name: str, convert: Callable[[str], Any], what: str, *aliases: str, shown: object = None) -> None:
        group.add_argument(
            "--" + name.replace("_", "-"),
            *aliases,
            type=convert,
            default=argparse.SUPPRESS,
            metavar=name.split("_")[-1].upper(),
            help=f"{what} ({getattr(default, name) if shown is None else shown})",
        )

    def choose(name: str, table: Iterable[str]) -> None:
        add(name, choice(table), " | ".join(table).replace("%", "%%"))

    recipe_names = " | ".join(RECIPES)
    group.add_argument(
        "--recipe",
        default="tutorial",
        metavar="NAME",
        help=f"settings to start from: {recipe_names} (tutorial)",
    )
    choose("dataset", DATASETS)
    choose("split", SPLITS)
    widths = ",".join(map(str, default.hidden))
    add("hidden", parse_hidden, "neurons of each hidden layer, such as 10 or 128,32", shown=widths)
    choose("activation", ACTIVATIONS)
    choose("initializer", INITIALIZERS)
    choose("optimizer", OPTIMIZERS)
    add("learning_rate", number(float), "size of a step", "--lr")
    add("batch_size", _batch_size, "samples per step, or full for all of them", shown="full")
    add("epochs", number(int), "passes over the training samples")
    add("seed", number(int), "decides the split, the first weights and the order of the batches")
    choose("dtype", DTYPES)
    choose("schedule", SCHEDULES)
    add("l2", number(float), "penalty on squared weights, such as 0.0001; 0 for none")
    add("l1", number(float), "penalty on the weights' sizes, such as 0.00001; 0 for none")
    add("clip", number(float), "greatest length of a gradient, such as 1; 0 for any length")
    add("dropout", number(float), "share of the hidden neurons silenced in each step, such as 0.2")
    add("patience", number(int), "stop after so many epochs without a lower validation loss; 0 for never")
    choose("pixels", PIXELS)
    choose("softmax", SHIFTS)
    add("vary", _strength, f"vary the training pictures: {' | '.join(AUGMENTATIONS)}", shown="off")
    for amount in AMOUNTS.values():
        unit = f", at most {amount.most:g} {amount.unit}".rstrip()
        add(amount.name, number(float), f"{amount.description.rstrip('.')}{unit}", shown=0)


def training_config(options: argparse.Namespace) -> TrainingConfig:
    """Return the recipe's config, changed by the options that were given.

    Raises:
        ConfigError: a setting cannot be used, or there is no such recipe.
    """
    recipe = RECIPES.get(choice(RECIPES)(options.recipe))
    if recipe is None:
        raise ConfigError(
            "recipe", f"The recipe must be one of {', '.join(RECIPES)}, not {options.recipe!r}."
        )
    names = {field.name for field in fields(TrainingConfig)} & set(vars(options))
    given = {name: getattr(options, name) for name in names}
    amounts = {field.name for field in fields(Augmentation)} & set(vars(options))
    if "vary" in vars(options) or amounts:
        start = getattr(options, "vary", recipe.config.augmentation)
        given["augmentation"] = replace(start, **{name: getattr(options, name) for name in amounts})
    if getattr(options, "data", None) is not None and (unused := names & {"dataset", "split"}):
        raise ConfigError(unused.pop(), "--data brings its own samples: leave out --dataset and --split.")
    return replace(recipe.config, **given)


def choice(table: Iterable[str]) -> Callable[[str], str]:
    """Read a name of a table, forgiving capitals, spaces and dashes; others are left to the config."""

    def key(name: str) -> str:
        return name.lower().replace("-", " ").replace("_", " ")

    names = {key(name): name for name in table}
    return lambda text: names.get(key(text), text)


def number(kind: type[int] | type[float]) -> Callable[[str], object]:
    """Read a number; what is none is passed on as text, and the config says what it wants instead."""

    def convert(text: str) -> object:
        try:
            return kind(text)
        except ValueError:
            return text

    return convert


def _batch_size(text: str) -> object:
    return FULL_BATCH if text.lower() == "full" else number(int)(text)


def threads(text: str) -> int:
    """Read a number of threads.

    Raises:
        ConfigError: it is none, or there are too many.
    """
    count = number(int)(text)
    if not isinstance(count, int) or not 1 <= count <= MAX_THREADS:
        raise ConfigError(
            "threads", f"--threads must be a whole number from 1 to {MAX_THREADS}, not {text!r}."
        )
    return count


def _strength(text: str) -> Augmentation:
    name = choice(AUGMENTATIONS)(text)
    if name not in AUGMENTATIONS:
        raise ConfigError("augmentation", f"--vary must be one of {', '.join(AUGMENTATIONS)}, not {text!r}.")
    return AUGMENTATIONS[name].augmentation
