"""The recipe's fields: a name, a tip and a reader for every setting."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from micronn_core.common.errors import ConfigError
from micronn_core.common.texts import tr
from micronn_core.data.augmentation import AMOUNTS
from micronn_core.data.catalog import DATASETS
from micronn_core.data.splits import SPLITS
from micronn_core.nn.activations import ACTIVATIONS
from micronn_core.nn.initializers import INITIALIZERS
from micronn_core.nn.optimizers import OPTIMIZERS
from micronn_core.nn.schedules import SCHEDULES
from micronn_core.settings.config import (
    DTYPES,
    MAX_CLIP,
    MAX_EPOCHS,
    MAX_PENALTY,
    MAX_SEED,
    PIXELS,
    SHIFTS,
    check_amount,
)
from micronn_gui.panels.settings.choices import TABLES
from micronn_gui.panels.settings.fields import (
    BatchField,
    ChoiceField,
    Field,
    NumberField,
    RateField,
    whole_number,
)
from micronn_gui.panels.settings.layers_field import LayersField
from micronn_gui.panels.settings.variation_fields import AmountField, StrengthField


def make_fields() -> dict[str, Field]:
    """Return the field of every setting that the panel shows, by its name in the config."""

    def named(table: Iterable[str], text: Callable[[str], str]) -> list[tuple[str, str]]:
        return [(name, text(name)) for name in table]

    tips = {
        setting: {name: tr(row.description) for name, row in table.items()}
        for setting, table in TABLES.items()
    }
    fields: tuple[Field, ...] = (
        ChoiceField(
            "dataset",
            tr("Dataset"),
            tr("What the network learns from"),
            named(DATASETS, lambda n: DATASETS[n].label),
        ),
        ChoiceField(
            "split",
            tr("Train / val"),
            tr("How many samples to learn from, and how many to judge by"),
            named(SPLITS, lambda n: SPLITS[n].label),
        ),
        LayersField("hidden", tr("Hidden layers"), tr("Neurons of each hidden layer, such as 10 or 128, 32")),
        ChoiceField(
            "activation",
            tr("Activation"),
            tr("What a hidden neuron makes of its weighted sum"),
            named(ACTIVATIONS, lambda n: ACTIVATIONS[n].label),
            tips["activation"],
        ),
        ChoiceField(
            "initializer",
            tr("Weights"),
            tr("Where the weights start"),
            named(INITIALIZERS, lambda n: INITIALIZERS[n].label),
            tips["initializer"],
        ),
        NumberField(
            "seed",
            tr("Seed"),
            tr("The same seed gives the same network and the same run"),
            _whole("seed", 0, MAX_SEED),
            str,
        ),
        ChoiceField(
            "optimizer",
            tr("Optimizer"),
            tr("How a gradient becomes a step"),
            named(OPTIMIZERS, lambda n: OPTIMIZERS[n].label),
            tips["optimizer"],
        ),
        RateField(
            "learning_rate",
            tr("Learning rate"),
            tr("The size of a step, alpha: it can be changed while it trains"),
        ),
        BatchField("batch_size", tr("Batch"), tr("Samples per step: it can be changed while it trains")),
        NumberField(
            "epochs",
            tr("Epochs"),
            tr("Passes over all training samples; more can be added at any time"),
            _whole("epochs", 1, MAX_EPOCHS),
            lambda n: f"{n:,}".replace(",", " "),
        ),
        ChoiceField(
            "schedule",
            tr("Schedule"),
            tr("How the learning rate changes in the course of the run"),
            named(SCHEDULES, lambda n: SCHEDULES[n].label),
            tips["schedule"],
        ),
        NumberField(
            "patience",
            tr("Patience"),
            tr(
                "Stops after so many epochs without a lower validation loss, with the best weights. "
                "Try 10; 0 is off."
            ),
            _whole("patience", 0, MAX_EPOCHS),
            str,
        ),
        NumberField(
            "dropout",
            tr("Dropout"),
            tr("Silences this share of the hidden neurons in each step. Try 0.2; 0 is off."),
            _amount("dropout", 1),
            _plain,
        ),
        NumberField(
            "l2",
            tr("L2 penalty"),
            tr("Pulls weights towards 0, large ones most: the gradient gains l2 × W. Try 0.0001; 0 is off."),
            _amount("l2", MAX_PENALTY),
            _plain,
        ),
        NumberField(
            "l1",
            tr("L1 penalty"),
            tr("Pulls all weights alike to 0: the gradient gains l1 × sign(W). Try 0.00001; 0 is off."),
            _amount("l1", MAX_PENALTY),
            _plain,
        ),
        NumberField(
            "clip",
            tr("Clip gradient"),
            tr("Shortens a gradient that is longer than this, against steps that leap. Try 1; 0 is off."),
            _amount("clip", MAX_CLIP),
            _plain,
        ),
        StrengthField("augmentation", tr("Strength"), tr("How far the training pictures are varied")),
        *map(AmountField, AMOUNTS.values()),
        ChoiceField(
            "dtype",
            tr("Numbers"),
            tr("float32 is twice as fast; float64 has 16 digits instead of 7"),
            named(DTYPES, str),
        ),
        ChoiceField(
            "pixels",
            tr("Pixels"),
            tr("What a white pixel is to the network: 1, or 255 as where dividing was forgotten"),
            named(PIXELS, tr),
        ),
        ChoiceField(
            "softmax",
            tr("Softmax shift"),
            tr("Whose largest logit is subtracted: each sample's, or by mistake the whole batch's"),
            named(SHIFTS, lambda n: tr(n.capitalize())),
        ),
    )
    return {field.setting: field for field in fields}


def _plain(value: float) -> str:
    return f"{value:.6g}"


def _amount(field: str, most: float) -> Callable[[str], float]:
    """Return a reader of numbers from 0 to `most`; a decimal comma is taken as well."""

    def read(text: str) -> float:
        try:
            value: object = float(text.replace(",", "."))
        except ValueError:
            value = text.strip()
        check_amount(field, value, most)
        return float(value)  # type: ignore[arg-type] # it has been checked

    return read


def _whole(field: str, least: int, most: int) -> Callable[[str], int]:
    """Return a reader of whole numbers in a range."""

    def read(text: str) -> int:
        value = whole_number(text)
        if value is None or not least <= value <= most:
            raise ConfigError(
                field, f"A whole number from {least:,} to {most:,} is needed, not {text.strip()!r}."
            )
        return value

    return read
