"""Which field each kind of setting has; the fields of all settings."""

from __future__ import annotations

from collections.abc import Callable

from micronn_core.settings.data_kinds import DatasetChoice, SplitChoice, Variation, VariationAmount
from micronn_core.settings.kinds import BatchSize, Choice, FromZero, Kind, Layers, Rate, Whole
from micronn_core.settings.setting import Setting
from micronn_core.settings.table import SHOWN
from micronn_gui.panels.settings.fields import BatchField, ChoiceField, NumberField, RateField, SettingField
from micronn_gui.panels.settings.layers_field import LayersField

FIELDS: dict[type[Kind], Callable[[Setting], SettingField]] = {
    Choice: ChoiceField,
    DatasetChoice: ChoiceField,
    SplitChoice: ChoiceField,
    Variation: ChoiceField,
    VariationAmount: NumberField,
    Whole: NumberField,
    FromZero: NumberField,
    Rate: RateField,
    BatchSize: BatchField,
    Layers: LayersField,
}


def make_fields() -> dict[str, SettingField]:
    """Return the field of every setting that the panel shows, by its name."""
    return {name: FIELDS[type(row.kind)](row) for name, row in SHOWN.items()}
