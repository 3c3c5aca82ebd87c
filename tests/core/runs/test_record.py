"""A run as it is kept: which of its steps, what differs between runs, and runs as a table."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from micronn_core.runs.record import POINTS, differences, thinned
from micronn_core.settings.config import TrainingConfig
from micronn_core.training.history import History, Metrics
from tests.core.runs.run_records import history, record

CONFIG = TrainingConfig()


def test_that_a_short_run_keeps_the_figures_of_all_its_steps() -> None:
    run = history(300, validated_each=7)
    kept = thinned(run)
    np.testing.assert_array_equal(kept[:, 0], np.arange(301))
    for i, name in enumerate(Metrics._fields):
        np.testing.assert_array_equal(kept[:, i], run.column(name))


def test_that_a_long_run_keeps_every_validated_step_and_an_even_choice_of_the_rest() -> None:
    run = history(30_000, validated_each=94)
    kept = thinned(run)
    assert len(kept) <= POINTS + 30_000 // 94 + 1
    np.testing.assert_array_equal(kept[np.isfinite(kept[:, 5]), 0], np.arange(0, 30_001, 94))
    assert kept[-1, 0] == 30_000
    assert np.diff(kept[:, 0]).min() > 0
    assert np.diff(kept[:, 0]).max() <= 30_000 / POINTS + 1


def test_that_the_best_step_stays_where_all_of_many_are_validated() -> None:
    lowest = 17_003
    odd, usual = History(), history(1).metrics(1)
    for step in range(40_001):
        loss = 0.001 if step == lowest else usual.validation_loss
        odd.append(usual._replace(step=step, epoch=step / 375, validation_loss=loss))
    kept = thinned(odd)
    assert len(kept) <= 2 * POINTS + 1
    assert lowest in kept[:, 0]
    assert {0, 40_000} < set(kept[:, 0])


def test_that_kept_figures_stay_when_the_run_goes_on() -> None:
    run = history(10)
    kept = thinned(run)
    before = kept.copy()
    run.append(run.metrics(0))
    np.testing.assert_array_equal(kept, before)
    assert not kept.flags.writeable


def test_that_a_run_that_was_never_validated_is_kept_as_well() -> None:
    run = History()
    run.append(Metrics(0, 0.0, 2.3, 0.1, 40, math.nan, math.nan))
    assert thinned(run).shape == (1, 7)


def test_that_the_settings_that_differ_are_named_in_their_order() -> None:
    others = replace(CONFIG, seed=7, hidden=(20,)), replace(CONFIG, learning_rate=0.3)
    assert differences([CONFIG, *others]) == ("hidden", "learning_rate", "seed")
    assert differences([CONFIG, CONFIG]) == ()
    assert differences([CONFIG]) == ()
    assert differences([]) == ()


def test_that_a_variation_of_the_pictures_is_one_setting() -> None:
    batches = replace(CONFIG, batch_size=128)
    shifted = replace(batches, augmentation=replace(CONFIG.augmentation, shift=2.0))
    assert differences([batches, shifted]) == ("augmentation",)


def test_that_the_time_of_an_epoch_is_that_of_the_whole_run_shared_out() -> None:
    assert record(steps=20, seconds=5.0).seconds_per_epoch == 0.5
    assert math.isnan(record(steps=20, seconds=0.0).seconds_per_epoch)


def test_that_a_list_needs_no_weights() -> None:
    full = record(lowest=8)
    light = full.without_weights()
    assert light.final.parameters is None
    assert light.best is not None
    assert light.best.parameters is None
    assert light.best.metrics == full.best.metrics if full.best else False
    assert light.id == full.id


def test_that_each_run_gets_an_id_of_its_own() -> None:
    assert len({record().id for _ in range(50)}) == 50
