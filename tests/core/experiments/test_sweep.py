"""Sweeps: every combination once, wrong ones refused before anything runs, and runs as plain ones are."""

from __future__ import annotations

import multiprocessing
import pickle
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from micronn_core.common.errors import ConfigError, TrainingDiverged
from micronn_core.data.augmentation import AUGMENTATIONS
from micronn_core.data.catalog import DATASETS
from micronn_core.data.splits import SPLITS, split
from micronn_core.experiments.jobs import Background, Ended, Failed
from micronn_core.experiments.sweep import (
    MAX_RUNS,
    grid,
    read_values,
    run_sweep,
    setting_name,
    train_run,
    written,
)
from micronn_core.runs.record import RunRecord
from micronn_core.settings.config import TrainingConfig
from micronn_core.training.compute.blas import single_blas_thread
from micronn_core.training.history import Metrics
from micronn_core.training.trainer import Trainer
from tests.core.tiny import TRAIN, VALIDATION, tiny, use_tiny

CONFIG = TrainingConfig(hidden=(6,), epochs=2, batch_size=32, learning_rate=0.2)
REAL = TrainingConfig(split="19999/9999", epochs=2)
"""The real data, for processes of their own know no others: the smallest split, in full batches."""


@pytest.fixture
def _tiny_dataset(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    use_tiny(monkeypatch)
    with single_blas_thread():
        yield


# -- the grid --


def test_that_a_grid_has_every_combination_once_and_changes_nothing_else() -> None:
    rates, widths, seeds = (0.05, 0.1), ((10,), (32, 16), (7,)), (1, 2)
    configs = grid(CONFIG, {"learning_rate": rates, "hidden": widths, "seed": seeds})
    assert [(c.learning_rate, c.hidden, c.seed) for c in configs] == list(product(rates, widths, seeds))
    assert {replace(c, learning_rate=0.2, hidden=(6,), seed=CONFIG.seed) for c in configs} == {CONFIG}


def test_that_a_wrong_combination_is_refused_and_named_with_its_reason() -> None:
    values = {"batch_size": (0, 128), "augmentation": read_values("augmentation", "off, strong")}
    with pytest.raises(ConfigError, match=r"^batch full, augmentation strong: .* choose a batch size"):
        grid(CONFIG, values)


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("learning_rate", "0.1, -1", "above 0"),
        ("learning_rate", "0.1, fast", "must be a number"),
        ("hidden", "10, 0", "from 1 to"),
        ("dropout", "0, 1", "nothing could be learned"),
        ("optimizer", "adam, eve", "must be one of"),
        ("epochs", "1.5, 2", "whole number"),
        ("augmentation", "off, wild", "must be one of"),
    ],
)
def test_that_a_wrong_value_is_refused_with_its_reason(name: str, text: str, reason: str) -> None:
    with pytest.raises(ConfigError, match=reason) as refused:
        grid(CONFIG, {name: read_values(name, text)})
    assert refused.value.field == name


def test_that_values_are_judged_beside_the_others_and_not_alone() -> None:
    patient = {"epochs": (700, 900), "patience": read_values("patience", "500, 600")}
    assert len(grid(CONFIG, patient)) == 4


def test_that_more_runs_than_the_most_are_refused() -> None:
    seeds = tuple(range(MAX_RUNS + 1))
    assert len(grid(CONFIG, {"seed": seeds[1:]})) == MAX_RUNS
    with pytest.raises(ConfigError, match=f"{MAX_RUNS + 1} runs"):
        grid(CONFIG, {"seed": seeds})


@pytest.mark.parametrize("names", [(), ("seed", "l1", "l2", "epochs")])
def test_that_a_sweep_is_over_one_to_three_settings(names: tuple[str, ...]) -> None:
    with pytest.raises(ConfigError, match="one to 3 settings"):
        grid(CONFIG, dict.fromkeys(names, (0, 1)))


@pytest.mark.parametrize("text", ["", "0.1", "0.1,", "0.1, 0.10"])
def test_that_a_setting_needs_two_different_values(text: str) -> None:
    with pytest.raises(ConfigError, match=r"two values|twice"):
        read_values("learning_rate", text)


@pytest.mark.parametrize(
    ("name", "text", "values"),
    [
        ("learning_rate", "0.05,0.1", (0.05, 0.1)),
        ("hidden", "10, 128-32 ,300", ((10,), (128, 32), (300,))),
        ("batch_size", "Full, 128", (0, 128)),
        ("optimizer", "Gradient-Descent, adam", ("gradient descent", "adam")),
        ("epochs", "3,5", (3, 5)),
        ("augmentation", "off, strong", tuple(AUGMENTATIONS[n].augmentation for n in ("off", "strong"))),
        ("pixels", "0 to 1, 0 to 255", ("0 to 1", "0 to 255")),
    ],
)
def test_that_values_are_read_as_people_write_them_and_shown_so_that_they_can_be_read_again(
    name: str, text: str, values: tuple[object, ...]
) -> None:
    assert read_values(name, text) == values
    assert read_values(name, ", ".join(written(name, value) for value in values)) == values


@pytest.mark.parametrize("text", ["learning-rate", "Learning rate", "lr", "rate", "learning_rate"])
def test_that_a_setting_may_be_written_in_several_ways(text: str) -> None:
    assert setting_name(text) == "learning_rate"


@pytest.mark.parametrize("text", ["", "speed", "my_digits"])
def test_that_a_setting_that_cannot_be_swept_is_refused_and_the_others_are_listed(text: str) -> None:
    with pytest.raises(ConfigError, match=r"no setting.*learning_rate"):
        setting_name(text)


# -- one run, in this process --


@pytest.mark.usefixtures("_tiny_dataset")
def test_that_a_run_of_a_sweep_is_a_plain_run_bit_for_bit() -> None:
    *progress, record = train_run(CONFIG)
    samples = split(tiny(), TRAIN, VALIDATION, CONFIG.seed)
    with Trainer(CONFIG, samples) as trainer:
        steps = [metrics for metrics in trainer.run() if metrics is not None]
    assert isinstance(record, RunRecord)
    assert all(isinstance(metrics, Metrics) for metrics in progress)
    assert record.config == CONFIG
    assert record.ending == "finished"
    assert record.final.metrics == steps[-1]
    np.testing.assert_array_equal(record.curves, np.array(steps))
    assert record.final.parameters is not None
    np.testing.assert_array_equal(record.final.parameters.vector, trainer.network.parameters.vector)
    assert record.best is not None
    assert record.best.metrics.validation_loss == np.nanmin(record.column("validation_loss"))


@pytest.mark.usefixtures("_tiny_dataset")
def test_that_the_digits_that_a_config_names_are_learned_from_too() -> None:
    more = replace(tiny(), values=tiny().values[:20], labels=tiny().labels[:20])
    *_, record = train_run(replace(CONFIG, batch_size=0, my_digits=more.fingerprint()), more)
    assert isinstance(record, RunRecord)
    assert record.final.metrics.samples == TRAIN + 20


@pytest.mark.usefixtures("_tiny_dataset")
def test_that_a_run_that_diverges_has_a_record_up_to_its_last_good_step() -> None:
    pieces: list[Metrics | RunRecord] = []
    with pytest.raises(TrainingDiverged):
        pieces.extend(train_run(replace(CONFIG, learning_rate=1000.0, l2=1.0)))
    record = pieces[-1]
    assert isinstance(record, RunRecord)
    assert record.ending == "failed"
    assert np.isfinite(record.final.metrics.validation_loss)
    assert record.final.parameters is not None
    assert np.isfinite(record.final.parameters.vector).all()


@pytest.mark.usefixtures("_tiny_dataset")
def test_that_patience_ends_a_run_early_and_the_record_says_so() -> None:
    *_, record = train_run(replace(CONFIG, epochs=400, patience=3, learning_rate=2.0))
    assert isinstance(record, RunRecord)
    assert record.ending == "stopped early"
    assert record.final.metrics.epoch < 400


@pytest.mark.usefixtures("_tiny_dataset")
def test_that_weights_that_come_from_another_process_are_one_vector_and_its_views() -> None:
    *_, record = train_run(CONFIG)
    assert isinstance(record, RunRecord)
    content = pickle.dumps(record.final.parameters)
    vector = record.final.parameters.vector
    assert len(content) < 1.1 * vector.nbytes
    loaded = pickle.loads(content)
    np.testing.assert_array_equal(loaded.vector, vector)
    loaded.vector[0] = 7
    assert loaded.layers[0].weight[0, 0] == 7


# -- on processes --


def test_that_a_sweep_on_two_processes_gives_the_records_of_plain_runs() -> None:
    configs = grid(REAL, {"learning_rate": (0.05, 0.2)})
    messages = _all(run_sweep(configs, processes=2))
    rule = SPLITS[REAL.split]
    dataset = DATASETS["mnist"].load_train()
    for config, (*progress, record, end) in zip(configs, messages, strict=True):
        assert end == Ended()
        assert progress
        assert all(isinstance(metrics, Metrics) for metrics in progress)
        assert isinstance(record, RunRecord)
        samples = split(dataset, *rule.counts(0), config.seed)
        with Trainer(config, samples, threads=1) as trainer, single_blas_thread():
            list(trainer.run())
        assert record.config == config
        assert record.final.parameters is not None
        np.testing.assert_array_equal(record.final.parameters.vector, trainer.network.parameters.vector)


def test_that_a_diverging_run_fails_with_the_trainers_words_and_the_others_go_on() -> None:
    configs = [replace(REAL, learning_rate=1000.0, l2=1.0, epochs=30), replace(REAL, epochs=1)]
    (*_, wrong, failed), (*_, right, end) = _all(run_sweep(configs, processes=2))
    assert isinstance(failed, Failed)
    assert "learning rate of 1000 is too large" in failed.reason
    assert isinstance(wrong, RunRecord)
    assert wrong.ending == "failed"
    assert isinstance(right, RunRecord)
    assert end == Ended()


def test_that_a_sweep_that_is_stopped_leaves_no_process_behind() -> None:
    background = run_sweep([replace(REAL, epochs=1_000_000)] * 3, processes=2)
    running: set[int] = set()
    while len(running) < 2:
        running |= {job for job, content in background.take(timeout=0.1) if isinstance(content, Metrics)}
    assert len(multiprocessing.active_children()) == 2
    background.close()
    assert multiprocessing.active_children() == []


def _all(background: Background) -> list[list[object]]:
    messages: dict[int, list[object]] = {}
    with closing(background):
        while not background.finished:
            for job, content in background.take(timeout=0.1):
                messages.setdefault(job, []).append(content)
    return [messages[job] for job in sorted(messages)]
