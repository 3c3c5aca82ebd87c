"""The rules of the settings: checked, frozen, and the same after a journey through JSON."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import numpy as np
import pytest

from micronn_core.common.errors import ConfigError
from micronn_core.data.augmentation import AUGMENTATIONS
from micronn_core.data.splits import SPLITS
from micronn_core.nn.activations import ACTIVATIONS
from micronn_core.nn.initializers import INITIALIZERS
from micronn_core.nn.optimizers import OPTIMIZERS
from micronn_core.nn.schedules import SCHEDULES
from micronn_core.settings.config import TrainingConfig
from micronn_core.settings.kinds import FULL_BATCH
from micronn_core.settings.recipes import RECIPES
from micronn_core.settings.table import (
    MAX_CLIP,
    MAX_EPOCHS,
    MAX_LAYERS,
    MAX_LEARNING_RATE,
    MAX_PENALTY,
    MAX_SEED,
    MAX_WIDTH,
    SETTINGS,
)

BAD_LEARNING_RATES = [
    0,
    -0.1,
    1e9,
    float("nan"),
    float("inf"),
    -float("inf"),
    10**400,
    "0.1",
    None,
    True,
    [0.1],
]
BAD = [
    *(("learning_rate", value) for value in BAD_LEARNING_RATES),
    *(("dataset", value) for value in ("cifar", "", None, 3, ["mnist"])),
    *(("split", value) for value in ("80", "80%/30%", None, 48_000)),
    *(("hidden", value) for value in ((), (0,), (-3,), (10**9,), (10.0,), ("10",), (True,), 10, "10", None)),
    ("hidden", (10,) * (MAX_LAYERS + 1)),
    *(("activation", value) for value in ("softplus", "ReLU", None)),
    *(("initializer", value) for value in ("random", None)),
    *(("optimizer", value) for value in ("sgd!", None, {})),
    *(("batch_size", value) for value in (-1, 48_001, 0.5, "128", None, False)),
    *(("epochs", value) for value in (0, -1, MAX_EPOCHS + 1, 1.5, "500", None, True)),
    *(("seed", value) for value in (-1, MAX_SEED + 1, 0.5, "42", None)),
    *(("schedule", value) for value in ("linear", None, 1)),
    *(("l2", value) for value in (-1e-9, 1.1, float("nan"), "0.1", None, True)),
    *(("l1", value) for value in (-1e-9, 1.1, float("inf"), "0.1", None, False)),
    *(("clip", value) for value in (-1, 1e7, float("nan"), "1", None, True)),
    *(("momentum", value) for value in (-0.1, 1, 1.5, float("nan"), "0.9", None, True)),
    *(("dtype", value) for value in ("float16", "int8", None, float)),
    *(
        ("my_digits", value)
        for value in ("23", "0-0f3a9c5d7e81b246", "23-0F3A9C5D7E81B246", "2-0f3a", None, 3)
    ),
]


@pytest.mark.parametrize(("field", "value"), BAD)
def test_that_an_unusable_setting_is_refused_by_its_name(field: str, value: object) -> None:
    with pytest.raises(ConfigError) as caught:
        TrainingConfig(**{field: value})
    assert caught.value.field == field
    assert "not" in str(caught.value) or "needed" in str(caught.value)


@pytest.mark.parametrize("value", BAD_LEARNING_RATES)
def test_that_a_learning_rate_is_checked_alone_as_in_a_config(value: object) -> None:
    row = SETTINGS["learning_rate"]
    with pytest.raises(ConfigError, match="above 0 and at most 1,000") as caught:
        row.kind.check(row, value, TrainingConfig())
    assert caught.value.field == "learning_rate"


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("learning_rate", [1e-12, 1, np.float64(0.5), MAX_LEARNING_RATE]),
        ("hidden", [(1,), (MAX_WIDTH,), (10,) * MAX_LAYERS]),
        ("batch_size", [FULL_BATCH, 1, 48_000]),
        ("epochs", [1, MAX_EPOCHS]),
        ("seed", [0, MAX_SEED]),
        ("activation", list(ACTIVATIONS)),
        ("initializer", list(INITIALIZERS)),
        ("split", list(SPLITS)),
        ("optimizer", list(OPTIMIZERS)),
        ("schedule", list(SCHEDULES)),
        ("l2", [0, 1e-9, MAX_PENALTY]),
        ("l1", [0, 1e-9, MAX_PENALTY]),
        ("clip", [0, 1e-9, MAX_CLIP]),
        ("momentum", [0, 0.9, 0.999999]),
    ],
)
def test_that_settings_are_accepted_up_to_their_limits(field: str, values: list[Any]) -> None:
    for value in values:
        assert getattr(TrainingConfig(**{field: value}), field) == value


def test_that_a_batch_can_not_be_larger_than_the_split_has_samples() -> None:
    with pytest.raises(ConfigError, match="from 0 to 41,000") as caught:
        TrainingConfig(split="41000/1000", batch_size=41_001)
    assert caught.value.field == "batch_size"


def test_that_batches_are_checked_against_the_samples_there_are() -> None:
    TrainingConfig(batch_size=400).check_fits(400)
    with pytest.raises(ConfigError, match="at most 399, not 400") as caught:
        TrainingConfig(batch_size=400).check_fits(399)
    assert caught.value.field == "batch_size"
    varied = TrainingConfig(batch_size=400, augmentation=AUGMENTATIONS["gentle"].augmentation)
    varied.check_fits(401)
    with pytest.raises(ConfigError, match="batch by batch"):
        varied.check_fits(400)


def test_that_one_value_can_be_another_and_one_part_of_it() -> None:
    config = TrainingConfig(batch_size=128)
    assert config.with_value("seed", 3) == dataclasses.replace(config, seed=3)
    assert config.with_value("augmentation.shift", 1.5).augmentation.shift == 1.5
    assert config.with_value("augmentation.shift", 1.5).with_value("augmentation.shift", 0) == config
    with pytest.raises(ConfigError, match="no setting 'speed'"):
        config.with_value("speed", 3)


def test_that_a_message_is_a_sentence_with_the_range_and_the_value() -> None:
    with pytest.raises(ConfigError) as caught:
        TrainingConfig(hidden=(0,))
    assert str(caught.value) == "The width of a hidden layer must be a whole number from 1 to 4,096, not 0."


def test_that_the_defaults_are_the_tutorials() -> None:
    config = TrainingConfig()
    assert (config.hidden, config.learning_rate, config.epochs) == ((10,), 0.1, 500)
    assert (config.train_count, config.full_batch) == (48_000, True)


@pytest.mark.parametrize(
    ("batch_size", "full"), [(FULL_BATCH, True), (48_000, True), (47_999, False), (1, False)]
)
def test_that_a_full_batch_is_zero_or_all_samples(batch_size: int, full: bool) -> None:
    assert TrainingConfig(batch_size=batch_size).full_batch is full


def test_that_a_config_can_not_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        TrainingConfig().seed = 1  # type: ignore[misc]


@pytest.mark.parametrize(
    "config",
    [
        TrainingConfig(),
        TrainingConfig(
            "mnist", "41000/1000", (128, 32), "tanh", "he", "momentum", 0.5, 128, 7, 9, dtype="float64"
        ),
        TrainingConfig(optimizer="adam", schedule="warm-up", l2=1e-4, l1=1e-5, clip=1.0),
        TrainingConfig(my_digits="23-0f3a9c5d7e81b246"),
        *(recipe.config for recipe in RECIPES.values()),
    ],
)
def test_that_a_config_is_the_same_after_a_journey_through_json(config: TrainingConfig) -> None:
    again = TrainingConfig.from_json(config.to_json())
    assert again == config
    assert hash(again) == hash(config)
    assert set(json.loads(config.to_json())) == {field.name for field in dataclasses.fields(config)}


def test_that_settings_that_are_not_named_keep_their_defaults() -> None:
    assert TrainingConfig.from_json('{"epochs": 3, "hidden": [20, 10]}') == TrainingConfig(
        epochs=3, hidden=(20, 10)
    )


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("", ""),
        ("{", ""),
        ("[]", ""),
        ("null", ""),
        ('"text"', ""),
        ("[" * 100_000, ""),
        ('{"epoch": 500}', "epoch"),
        ('{"hidden": 10}', "hidden"),
        ('{"hidden": "10"}', "hidden"),
        ('{"hidden": [[10]]}', "hidden"),
        ('{"hidden": null}', "hidden"),
        ('{"learning_rate": NaN}', "learning_rate"),
        ('{"learning_rate": Infinity}', "learning_rate"),
        ('{"learning_rate": 1' + "0" * 400 + "}", "learning_rate"),
        ('{"learning_rate": "fast"}', "learning_rate"),
        ('{"dataset": {}}', "dataset"),
        ('{"seed": 1e3}', "seed"),
    ],
)
def test_that_unusable_json_is_refused_by_the_setting_that_is_wrong(text: str, field: str) -> None:
    with pytest.raises(ConfigError) as caught:
        TrainingConfig.from_json(text)
    assert caught.value.field == field


@pytest.mark.parametrize(
    "change",
    [
        {"learning_rate": 0.5},
        {"batch_size": 128},
        {"epochs": 9},
        {"momentum": 0.5},
        {"l2": 0.1},
        {"l1": 0.1},
        {"clip": 1.0},
        {"dropout": 0.2},
        {"batch_size": 128, "augmentation": AUGMENTATIONS["gentle"].augmentation},
        {"my_digits": "23-0f3a9c5d7e81b246"},
    ],
)
def test_that_what_can_change_under_way_needs_no_new_network(change: dict[str, Any]) -> None:
    config = TrainingConfig()
    assert not config.needs_new_network(dataclasses.replace(config, **change))


@pytest.mark.parametrize(
    "change",
    [
        {"split": "41000/1000"},
        {"hidden": (11,)},
        {"hidden": (10, 10)},
        {"activation": "tanh"},
        {"initializer": "he"},
        {"seed": 1},
        {"dtype": "float64"},
        {"optimizer": "adam"},
        {"schedule": "cosine"},
        {"patience": 5},
        {"pixels": "0 to 255"},
        {"seed": 1, "epochs": 3},
    ],
)
def test_that_everything_else_needs_a_new_network(change: dict[str, Any]) -> None:
    config = TrainingConfig()
    assert config.needs_new_network(dataclasses.replace(config, **change))
    assert dataclasses.replace(config, **change).needs_new_network(config)


def test_that_a_smaller_split_needs_a_new_network_even_with_a_batch_that_it_can_not_have() -> None:
    large = TrainingConfig(batch_size=48_000)
    assert large.needs_new_network(TrainingConfig(split="41000/1000"))


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("10", (10,)),
        (" 10 ", (10,)),
        ("128, 32", (128, 32)),
        ("128-32", (128, 32)),
        ("128;32;16", (128, 32, 16)),
        ("128 32", (128, 32)),
        ("4096", (4096,)),
    ],
)
def test_that_hidden_layers_are_read_as_people_write_them(text: str, hidden: tuple[int, ...]) -> None:
    assert SETTINGS["hidden"].parse(text, TrainingConfig()) == hidden


@pytest.mark.parametrize(
    "text", ["", " ", "ten", "10.5", "10, x", "0", "1000000000", "9" * 5000, "1," * 9, "1e3"]
)
def test_that_hidden_layers_that_can_not_be_are_refused(text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        SETTINGS["hidden"].parse(text, TrainingConfig())
    assert caught.value.field == "hidden"


def test_that_a_setting_is_read_under_the_names_that_it_once_had(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        SETTINGS, "epochs", dataclasses.replace(SETTINGS["epochs"], former=("passes", "rounds"))
    )
    assert TrainingConfig.from_values({"passes": 7}) == TrainingConfig.from_json('{"rounds": 7}')
    assert TrainingConfig.from_values({"passes": 7}).epochs == 7
    assert "passes" not in TrainingConfig(epochs=7).to_json()
