"""The command line's options for the settings of a run, one for each row of their table."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from micronn_core.common.errors import ConfigError
from micronn_core.common.texts import tr
from micronn_core.data.augmentation import AUGMENTATIONS, Augmentation
from micronn_core.data.catalog import is_file_name, register
from micronn_core.data.splits import SHARES
from micronn_core.settings.config import TrainingConfig
from micronn_core.settings.kinds import forgiven
from micronn_core.settings.recipes import RECIPES
from micronn_core.settings.setting import Setting
from micronn_core.settings.table import AMOUNT_SETTINGS, SHOWN

MAX_THREADS = 64


def add_settings(parser: argparse.ArgumentParser) -> None:
    """Add an option for every setting that a person can set; those not given are left to the recipe."""
    group = parser.add_argument_group(
        tr("settings"), tr("What is not given is the recipe's; shown is the tutorial's.")
    )
    group.add_argument(
        "--recipe",
        metavar=tr("NAME"),
        help=tr("settings to start from: {names} (tutorial)", names=" | ".join(RECIPES)),
    )
    for row in SHOWN.values():
        group.add_argument(
            *_options(row),
            dest=row.name,
            type=row.kind.read,
            default=argparse.SUPPRESS,
            metavar=_short_name(row).split("_")[-1].upper(),
            help=_help(row).replace("%", "%%"),
        )


def _options(row: Setting) -> tuple[str, ...]:
    names = dict.fromkeys((row.option or _short_name(row), *row.aliases))
    return tuple("--" + name.replace("_", "-") for name in names)


def _short_name(row: Setting) -> str:
    """Return the last part of a setting's name: that of an amount of the augmentation alone."""
    return row.name.split(".")[-1]


def _help(row: Setting) -> str:
    help, usual = tr(row.help).rstrip("."), row.kind.write(row.value_in(TrainingConfig()))
    if limits := row.kind.limits():
        return tr("{help}: {limits} ({usual})", help=help, limits=limits, usual=usual)
    return tr("{help} ({usual})", help=help, usual=usual)


def training_config(options: argparse.Namespace) -> TrainingConfig:
    """Return the recipe's config, changed by the options that were given.

    Raises:
        ConfigError: a setting cannot be used, or there is no such recipe.
    """
    recipe = RECIPES.get(forgiven(options.recipe or "tutorial", RECIPES))
    if recipe is None:
        raise ConfigError(
            "recipe",
            tr(
                "The recipe must be one of {choices}, not {value!r}.",
                choices=", ".join(RECIPES),
                value=options.recipe,
            ),
        )
    return with_given(recipe.config, options)


def with_given(config: TrainingConfig, options: argparse.Namespace) -> TrainingConfig:
    """Return a config changed by the options that were given.

    Raises:
        ConfigError: a setting cannot be used.
        DataError: the file of samples cannot.
    """
    given = {name: value for name, value in vars(options).items() if name in SHOWN}
    if getattr(options, "data", None) is not None:
        if "dataset" in given:
            raise ConfigError("dataset", tr("--data brings its own samples: leave out --dataset."))
        usual = {} if is_file_name(config.dataset) else {"split": SHARES}
        source = register(options.data, options.transpose)
        from micronn_core.cli.terminal import say_remark  # here, because help does without what draws tables

        say_remark(source.remark, source.on_side)
        given = {**usual, **given, "dataset": source.name}
    elif getattr(options, "transpose", False):
        raise ConfigError("transpose", tr("--transpose is for the pictures of --data: name their file."))
    amounts = {name.split(".")[-1]: given.pop(name) for name in AMOUNT_SETTINGS if name in given}
    augmentation = given.get("augmentation", config.augmentation)
    if not isinstance(augmentation, Augmentation):
        raise ConfigError(
            "augmentation",
            tr(
                "--vary must be one of {choices}, not {value!r}.",
                choices=", ".join(AUGMENTATIONS),
                value=augmentation,
            ),
        )
    return config.with_values({**given, "augmentation": replace(augmentation, **amounts)})


def number(kind: type[int] | type[float]) -> Callable[[str], object]:
    """Read a number; what is none is passed on as text, for whoever takes it to say what it wants instead."""

    def convert(text: str) -> object:
        try:
            return kind(text)
        except ValueError:
            return text

    return convert


def threads(text: str) -> int:
    """Read a number of threads.

    Raises:
        ConfigError: it is none, or there are too many.
    """
    count: Any = number(int)(text)
    if not isinstance(count, int) or not 1 <= count <= MAX_THREADS:
        raise ConfigError(
            "threads",
            tr(
                "--threads must be a whole number from 1 to {most}, not {text!r}.",
                most=MAX_THREADS,
                text=text,
            ),
        )
    return count
