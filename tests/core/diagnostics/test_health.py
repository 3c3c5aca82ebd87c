"""The health of really trained runs: each fault is found and named, and a sound run has none."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from micronn_core.data.splits import SPLITS, split
from micronn_core.diagnostics.curves import LOST
from micronn_core.diagnostics.findings import Finding, Run
from micronn_core.diagnostics.health import MOST, examine
from micronn_core.diagnostics.layers import DEAD
from micronn_core.nn.network import Network, Parameters
from micronn_core.settings.config import TrainingConfig
from micronn_core.settings.recipes import RECIPES
from micronn_core.training.compute.blas import single_blas_thread
from micronn_core.training.history import History, Metrics, Snapshot
from micronn_core.training.trainer import Trainer
from tests.core.diagnostics.health_runs import kinds, look, patterns, trained
from tests.core.samples import made_up_split, mnist


def the_only(run: Run) -> Finding:
    found = examine(run)
    assert len(found) == 1, found
    return found[0]


# -- sound runs --


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"batch_size": 32, "hidden": (32,)},
        {"initializer": "uniform"},
        {"batch_size": 32, "hidden": (32,), "optimizer": "adam", "learning_rate": 0.003},
        {"activation": "tanh", "initializer": "xavier"},
        {"activation": "sigmoid", "initializer": "xavier", "learning_rate": 1.0},
        {"activation": "leaky_relu", "hidden": (32, 16), "batch_size": 32},
    ],
    ids=str,
)
def test_that_nothing_is_found_in_a_sound_run(settings: dict[str, Any]) -> None:
    assert kinds(trained(**settings)) == []
    assert kinds(trained(**settings, epochs=1)) == []


@pytest.mark.slow
@pytest.mark.parametrize(("name", "epochs"), [("tutorial", 60), ("mini-batches", 3)])
def test_that_nothing_is_found_in_the_recipes_at_any_epoch(name: str, epochs: int) -> None:
    config = replace(RECIPES[name].config, epochs=epochs)
    rule = SPLITS[config.split]
    chosen = split(mnist(), *rule.counts(0), config.seed)
    history = History()
    with Trainer(config, chosen) as trainer, single_blas_thread():
        for metrics in trainer.run():
            if metrics is None:
                continue
            history.append(metrics)
            if metrics.step % 10 == 0:
                moment = trainer.snapshot()
                history.keep(moment)
                run = look(config, history, moment, chosen, 10)
                assert kinds(run) == [], f"epoch {metrics.epoch}"


# -- faults --


def test_that_pixels_up_to_255_are_found_before_the_first_step_and_as_the_cause_of_all() -> None:
    run = trained(pixels="0 to 255", epochs=40)
    found = the_only(run)
    assert (found.kind, found.figure) == ("unscaled", "loss")
    assert run.layers[0].dead > 0.5  # a consequence, not told
    assert found.applied_to(run.config).pixels == "0 to 1"


def test_that_large_inputs_are_found_even_where_the_config_knows_nothing_of_them() -> None:
    found = the_only(trained(patterns(white=6.0), epochs=1))
    assert (found.kind, dict(found.changes)) == ("unscaled", {})


def test_that_a_softmax_over_the_whole_batch_is_found() -> None:
    found = the_only(trained(softmax="whole batch"))
    assert (found.kind, dict(found.changes)) == ("softmax", {"softmax": "per sample"})


@pytest.mark.parametrize(
    ("activation", "instead"), [("relu", "he"), ("sigmoid", "xavier"), ("tanh", "xavier")]
)
@pytest.mark.parametrize("epochs", [1, 60])
def test_that_neurons_that_begin_alike_are_found(activation: str, instead: str, epochs: int) -> None:
    run = trained(patterns(train=230), initializer="zeros", activation=activation, epochs=epochs)
    found = the_only(run)
    assert (found.kind, found.figure) == ("symmetric", "accuracy")
    assert dict(found.changes) == {"initializer": instead}


@pytest.mark.parametrize("rate", [5.0, 20.0])
def test_that_a_learning_rate_far_too_large_is_found_with_the_neurons_that_died_of_it(rate: float) -> None:
    run = trained(learning_rate=rate)
    too_large, dead = examine(run)
    assert (too_large.kind, too_large.figure) == ("learning rate", "loss")
    assert too_large.text.startswith("The loss leapt from 1.")
    assert dict(too_large.changes) == {"learning_rate": 0.5}
    assert (dead.kind, dead.figure) == ("dead", "accuracy")
    assert dict(dead.changes) == {"activation": "leaky_relu", "learning_rate": 0.5}
    assert dead.text.startswith(f"{round(run.layers[0].dead * 10)} of 10 hidden neurons are dead")
    assert too_large.anew is (run.layers[0].dead >= LOST)


def test_that_where_all_neurons_died_another_rate_needs_a_new_network() -> None:
    run = trained(learning_rate=100.0)
    assert run.layers[0].dead == 1
    assert (examine(run)[0].kind, examine(run)[0].anew) == ("learning rate", True)


def test_that_a_loss_that_swings_is_found() -> None:
    run = trained(patterns(noise=0.4), learning_rate=0.5, activation="leaky_relu", hidden=(16,))
    loss = run.history.column("validation_loss")[-20:]
    found = the_only(run)
    assert found.kind == "learning rate"
    assert f"rose in {(np.diff(loss) > 0).sum()} of the last 19 measurements" in found.text
    assert dict(found.changes) == {"learning_rate": 0.05}


def test_that_what_was_before_a_change_of_the_learning_rate_counts_no_more() -> None:
    run = trained(patterns(noise=0.4), learning_rate=0.5, activation="leaky_relu", hidden=(16,))
    assert kinds(replace(run, since=len(run.history) - 1)) == []


def test_that_some_dead_neurons_are_found_where_the_loss_never_leapt() -> None:
    run = trained(learning_rate=2.0)
    found = the_only(run)
    assert DEAD <= run.layers[0].dead < 1
    assert (found.kind, dict(found.changes)) == ("dead", {"activation": "leaky_relu"})


def test_that_saturated_neurons_are_found() -> None:
    run = trained(learning_rate=8.0, activation="tanh", initializer="xavier")
    found = {finding.kind: finding for finding in examine(run)}["saturated"]
    assert run.layers[0].saturated > 0.9
    assert found.figure == "accuracy"
    assert dict(found.changes) == {"activation": "leaky_relu", "learning_rate": 0.5}


def test_that_a_gradient_that_vanishes_is_found() -> None:
    deep = {"hidden": (16,) * 7, "activation": "sigmoid", "initializer": "xavier", "batch_size": 32}
    run = trained(**deep)
    found = the_only(run)
    assert (found.kind, found.figure) == ("vanishing", "loss")
    first, last = run.layers[0].gradient_rms, run.layers[-1].gradient_rms
    assert f"1/{last / first:,.0f} of what it is at W8" in found.text
    cured = trained(**deep | found.changes)
    assert "vanishing" not in kinds(cured)


@pytest.mark.parametrize(
    ("settings", "changes"),
    [
        ({}, {"clip": 1.0}),
        ({"clip": 1e5}, {"clip": 1.0}),
        ({"hidden": (64, 64)}, {"initializer": "he"}),
        ({"hidden": (64, 64), "activation": "tanh"}, {"initializer": "xavier"}),
    ],
)
def test_that_a_step_larger_than_the_weights_is_found_before_it_is_taken(
    settings: dict[str, Any], changes: dict[str, Any]
) -> None:
    run = at_start(trained(learning_rate=20.0, initializer="uniform", **settings))
    found = the_only(run)
    assert (found.kind, found.figure) == ("exploding", "loss")
    assert dict(found.changes) == changes


@pytest.mark.parametrize("settings", [{"clip": 0.01}, {"optimizer": "adam"}], ids=str)
def test_that_a_large_gradient_of_which_little_is_used_is_not_found(settings: dict[str, Any]) -> None:
    assert kinds(at_start(trained(learning_rate=20.0, initializer="uniform", **settings))) == []


def test_that_weights_out_of_range_are_found() -> None:
    run = trained(learning_rate=3.0, activation="leaky_relu", hidden=(8,), epochs=2, clip=1.0)
    weights = run.moment.parameters.writable_copy()
    weights.layers[1].weight[2, 3] = -31
    moment = replace(run.moment, parameters=weights)
    found = [f for f in examine(look(run.config, run.history, moment, patterns(), 4)) if f.kind == "weights"]
    assert found[0].text.startswith("The weights of W2 have run away: the largest is 31.0")
    assert dict(found[0].changes) == {"l2": 1e-4}


def test_that_a_loss_that_stands_still_is_found_with_a_rate_that_moves_it() -> None:
    run = trained(learning_rate=1e-6)
    found = the_only(run)
    assert (found.kind, found.figure) == ("flat", "loss")
    moved = trained(**found.changes)  # type: ignore[arg-type]
    assert moved.validation()[1][-1] < 0.5 * run.validation()[1][-1]


def test_that_too_short_a_run_is_not_called_flat() -> None:
    assert kinds(trained(learning_rate=1e-6, epochs=15)) == []


@pytest.mark.parametrize(
    ("settings", "changes"),
    [
        ({"hidden": (128,)}, {"dropout": 0.2}),
        ({"hidden": (16,)}, {"patience": 5}),
        ({"hidden": (128,), "dropout": 0.1}, {"patience": 5}),
        ({"hidden": (16,), "patience": 250}, {"l2": 1e-4}),
        ({"hidden": (16,), "patience": 250, "l2": 1e-4}, {}),
    ],
)
def test_that_overfitting_is_found_and_what_is_not_in_use_is_advised(
    settings: dict[str, Any], changes: dict[str, Any]
) -> None:
    any_label_on_any_picture = made_up_split(64, 64, 64, dtype=np.float32)
    run = trained(any_label_on_any_picture, epochs=300, learning_rate=0.2, batch_size=16, **settings)
    found = the_only(run)
    assert (found.kind, found.figure) == ("overfitting", "loss")
    assert dict(found.changes) == changes


def test_that_a_loss_that_is_no_number_is_found() -> None:
    run = trained()
    run.history.append(Metrics(61, 61.0, math.nan, 0.25, 240, math.nan, math.nan))
    found = the_only(run)
    assert (found.kind, found.figure) == ("learning rate", "loss")
    assert "no longer a number" in found.text


# -- all together --


def at_start(run: Run) -> Run:
    """Return a run as it was before its first step."""
    first = run.history.first()
    assert first is not None
    history = History()
    history.append(first.metrics)
    history.keep(first)
    return look(run.config, history, first, patterns(), run.classes)


def test_that_a_curve_has_at_most_two_findings_and_what_is_ignored_makes_room() -> None:
    run = trained(
        learning_rate=50.0, activation="leaky_relu", hidden=(32, 32), initializer="uniform", epochs=30
    )
    run = replace(run, config=replace(run.config, softmax="whole batch", learning_rate=50.0))
    found = [finding for finding in examine(run) if finding.figure == "loss"]
    assert len(found) == MOST
    rest = examine(run, [found[0].kind])
    assert found[0].kind not in [finding.kind for finding in rest]
    assert found[1] in rest


def test_that_what_is_ignored_still_explains_its_consequences() -> None:
    assert examine(trained(pixels="0 to 255", epochs=40), ["unscaled"]) == ()


def test_that_patience_is_not_advised_to_a_run_that_ends_sooner() -> None:
    run = trained(made_up_split(64, 64, 64), epochs=300, learning_rate=0.2, batch_size=16, hidden=(16,))
    found = the_only(replace(run, config=replace(run.config, epochs=5)))
    assert dict(found.changes) == {"l2": 1e-4}


def test_that_a_run_without_samples_at_hand_is_judged_by_its_curves() -> None:
    run = replace(trained(learning_rate=5.0), layers=(), largest_input=math.nan)
    assert kinds(run) == ["learning rate"]


def test_that_an_unmeasured_run_has_no_findings() -> None:
    config = TrainingConfig(hidden=(5,))
    weights = Network.create((6, 5, 4)).parameters
    history = History()
    history.append(Metrics(0, 0.0, 1.4, 0.25, 40, math.nan, math.nan))
    moment = Snapshot(0, history.metrics(0), weights, Parameters((6, 5, 4)), 0.1)
    assert examine(Run(config, history, moment, weights, (), 4)) == ()
