"""The rules of the networks that come with MicroNN."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from micronn_core.common.errors import DataError, StorageError
from micronn_core.common.resources import resource
from micronn_core.data.augmentation import AUGMENTATIONS
from micronn_core.data.dataset import Samples
from micronn_core.data.mnist import load_mnist_test
from micronn_core.drawing.preparation import Preparation
from micronn_core.drawing.strokes import read_drawings
from micronn_core.evaluation.measure import measure
from micronn_core.runs.pretrained import (
    READY,
    ReadyNetwork,
    drawn_samples,
    load_ready,
    make,
    train,
)
from micronn_core.runs.saved_network import load_network
from micronn_core.settings.config import TrainingConfig
from micronn_core.settings.recipes import RECIPES
from micronn_core.training.compute.blas import single_blas_thread
from micronn_core.training.history import Metrics
from micronn_core.training.trainer import new_network
from tests.core.samples import made_up_split
from tests.hands import CONDITIONS, Condition
from tests.paths import STROKES

BENT = '[{"index": 0, "label": 3, "strokes": [[[1, 2], [3]]]}]'
SMALL = TrainingConfig(hidden=(8,), initializer="he", batch_size=16, epochs=2, learning_rate=0.1)

every_network = pytest.mark.parametrize("name", READY)


@pytest.fixture(scope="module")
def held_out() -> Samples:
    return Samples.of(load_mnist_test())


@every_network
def test_that_a_ready_network_opens_with_the_settings_it_is_listed_with(name: str) -> None:
    saved = load_ready(name)
    assert saved.config == READY[name].config
    assert saved.network.sizes == (784, *READY[name].config.hidden, 10)
    assert saved.metrics["epoch"] == READY[name].config.epochs


@every_network
def test_that_a_ready_network_is_as_good_as_its_file_says(name: str, held_out: Samples) -> None:
    saved = load_ready(name)
    assert measure(saved.network, held_out).figures()["accuracy"] == pytest.approx(
        saved.metrics["test_accuracy"], abs=2e-4
    )


@every_network
def test_that_a_ready_network_is_a_small_file(name: str) -> None:
    assert resource("models", READY[name].file).stat().st_size <= 3_000_000


def test_that_the_tutorial_is_the_seeds_own_recipe() -> None:
    saved = load_ready("tutorial")
    assert saved.config == RECIPES["tutorial"].config
    assert saved.metrics["validation_accuracy"] > 0.84


def test_that_the_strong_network_reads_the_test_set_and_drawings_of_it_alike(held_out: Samples) -> None:
    saved = load_ready("strong")
    assert saved.config.augmentation == RECIPES["strong"].config.augmentation
    network = saved.network
    assert measure(network, held_out).figures()["accuracy"] >= 0.994
    drawings = read_drawings(STROKES)
    chosen = [drawing.index for drawing in drawings]
    originals = Samples(held_out.x[:, chosen], held_out.labels[chosen])
    expected = measure(network, originals).figures()["accuracy"]
    for slant, tolerance in ((0.0, 0.01), (-15.0, 0.03), (15.0, 0.03)):
        found = measure(network, drawn_samples(drawings, slant)).figures()["accuracy"]
        assert found >= expected - tolerance, f"{found:.4f} of {expected:.4f} at {slant} degrees"


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda condition: condition.name)
def test_that_the_strong_network_reads_other_hands(condition: Condition) -> None:
    written = condition.written(read_drawings(STROKES))
    found = measure(load_ready("strong").network, drawn_samples(written)).figures()["accuracy"]
    assert found >= condition.bound, f"{found:.2%} of {len(written)}"


def test_that_an_unknown_name_is_answered_with_those_there_are() -> None:
    with pytest.raises(StorageError, match=r"no ready network 'weak'.*tutorial, strong"):
        load_ready("weak")


@pytest.mark.parametrize("strength", AUGMENTATIONS)
def test_that_the_same_settings_give_the_same_network_to_the_bit(strength: str) -> None:
    config = replace(SMALL, augmentation=AUGMENTATIONS[strength].augmentation)
    chosen = ReadyNetwork("small", "Small", "", config)
    samples = made_up_split(train=50, pixels=784, classes=10)
    made = []
    for _ in range(2):
        network = new_network(config, 784, 10)
        with single_blas_thread():
            metrics = list(train(chosen, samples, network))
        assert (metrics[-1].epoch, metrics[-1].step) == (2, 8)  # the last batch of an epoch is a short one
        made.append(network.parameters.vector)
    np.testing.assert_array_equal(*made)
    assert not np.array_equal(made[0], new_network(config, 784, 10).parameters.vector)


def test_that_how_pictures_are_varied_makes_a_difference() -> None:
    samples = made_up_split(train=64, pixels=784, classes=2)
    losses = []
    for strength in AUGMENTATIONS.values():
        config = replace(SMALL, augmentation=strength.augmentation)
        with single_blas_thread():
            metrics = list(train(ReadyNetwork("", "", "", config), samples, new_network(config, 784, 10)))
        assert math.isfinite(metrics[-1].validation_loss)
        losses.append(metrics[-1].loss)
    assert len(set(losses)) == len(AUGMENTATIONS)


def test_that_a_network_is_saved_with_its_figures(tmp_path: Path, held_out: Samples) -> None:
    chosen = ReadyNetwork("one-epoch", "One epoch", "", TrainingConfig(epochs=1))
    reported: list[Metrics] = []
    figures = make(chosen, tmp_path, read_drawings(STROKES)[:20], reported.append)
    assert [metrics.epoch for metrics in reported] == [0, 1]
    saved = load_network(tmp_path / "one-epoch.npz")
    assert saved.metrics == figures
    assert saved.metrics["test_accuracy"] == measure(saved.network, held_out).figures()["accuracy"]
    assert {"drawn_upright_accuracy", "drawn_left_accuracy", "drawn_right_accuracy"} <= set(figures)


def test_that_a_network_that_was_trained_twice_goes_on_from_its_first_weights(tmp_path: Path) -> None:
    first, then = TrainingConfig(epochs=2), TrainingConfig(epochs=1, learning_rate=0.05)
    reported: list[Metrics] = []
    make(ReadyNetwork("twice", "Twice", "", then, first), tmp_path, report=reported.append)
    assert [metrics.epoch for metrics in reported] == [0, 1, 2, 2, 3]
    assert reported[3].validation_loss == pytest.approx(reported[2].validation_loss)
    saved = load_network(tmp_path / "twice.npz")
    assert saved.config == then
    assert saved.metrics["epoch"] == 1


def test_that_a_folder_that_is_not_there_is_named_before_any_training(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="its folder does not exist"):
        make(READY["tutorial"], tmp_path / "missing", report=lambda _: pytest.fail("trained"))


def test_that_drawings_become_what_the_network_sees() -> None:
    drawings = read_drawings(STROKES)
    samples = drawn_samples(drawings[:30])
    assert samples.x.shape == (784, 30)
    assert samples.labels.tolist() == [drawing.label for drawing in drawings[:30]]
    assert samples.x.max() == 1


def test_that_a_slant_leans_a_drawing_to_the_right(tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    path.write_text(json.dumps([{"index": 0, "label": 1, "strokes": [[[0.5, 0.0], [0.5, 1.0]]]}]), "utf-8")
    (one,), kept = read_drawings(path), Preparation(straighten=False)
    upright, leant = (drawn_samples([one], slant, kept).x.reshape(28, 28) for slant in (0.0, 15.0))
    columns = np.arange(28)
    assert leant[6] @ columns / leant[6].sum() > upright[6] @ columns / upright[6].sum() + 1
    assert leant[21] @ columns / leant[21].sum() < upright[21] @ columns / upright[21].sum() - 1


@pytest.mark.parametrize("text", ["", "{", "[1]", '[{"label": 3}]', "3", BENT])
def test_that_a_file_of_something_else_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "drawings.json"
    path.write_text(text, "utf-8")
    with pytest.raises(DataError, match=r"drawings\.json is not a file of drawings"):
        read_drawings(path)


def test_that_a_label_that_is_no_digit_is_named_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "drawings.json"
    path.write_text('[{"index": 0, "label": 10, "strokes": []}]', "utf-8")
    with pytest.raises(DataError, match=r"sample 1 has the label 10; labels run from 0 to 9"):
        read_drawings(path)


def test_that_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none\.json: there is no such file"):
        read_drawings(tmp_path / "none.json")
