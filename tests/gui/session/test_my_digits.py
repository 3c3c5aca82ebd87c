"""Kept digits: what is kept is on the disk, read by the shown network, and learned from if wanted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import micronn_core.drawing.my_digits as store
from micronn_core.common.errors import StorageError
from micronn_core.drawing.my_digits import MyDigits
from micronn_core.nn.activations import ACTIVATIONS
from micronn_core.nn.network import Network
from micronn_core.runs.saved_network import load_network
from micronn_core.settings.config import TrainingConfig
from micronn_gui.session.my_digits import MyDigitsState, default_folder
from micronn_gui.session.states import States
from micronn_gui.session.training import TrainingState
from tests.gui.running import LONG, TRAIN, begin, finish, ready, train_to

ONE = ((0.5, 0.2), (0.5, 0.8))
SEVEN = ((0.3, 0.2), (0.7, 0.2), (0.4, 0.8))


def keep(states: States, *labels: int) -> None:
    """Keep a drawing of its own for each label."""
    for label in labels:
        states.drawing.show([SEVEN, ((0.1 + label / 20, 0.5), (0.9, 0.5))])
        assert states.my_digits.keep(label)


def read_by_hand(states: States) -> list[int]:
    """Return what the shown network makes of the pictures on the disk."""
    assert states.training.shown is not None
    network = Network(states.training.shown.parameters, ACTIVATIONS[states.training.config.activation])
    digits = states.my_digits.digits
    return [int(network.predict(digit.picture.reshape(-1, 1) / np.float32(255))[0]) for digit in digits]


@pytest.fixture
def kept(states: States) -> MyDigitsState:
    return states.my_digits


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    def write(path: Path, content: bytes) -> None:
        raise StorageError(f"{path} cannot be saved: No space left on device.")

    monkeypatch.setattr(store, "write_atomically", write)


def test_that_they_lie_in_the_folder_of_the_application(qapp: QApplication) -> None:
    assert default_folder().is_absolute()
    assert default_folder().parts[-2:] == ("MicroNN", "my-digits")


def test_that_another_folder_can_be_given(training: TrainingState, states: States, tmp_path: Path) -> None:
    states.drawing.show([ONE])
    assert MyDigitsState(training, states.drawing, states.files, tmp_path / "class 7b").keep(1)
    assert len(list((tmp_path / "class 7b").glob("*.png"))) == 1
    assert states.my_digits.digits == ()


def test_that_what_is_kept_is_what_the_network_sees_and_clears_the_pad(
    states: States, tmp_path: Path
) -> None:
    states.drawing.show([SEVEN])
    picture = states.drawing.picture
    assert states.my_digits.keep(7)
    assert states.drawing.is_empty
    (digit,) = MyDigits(tmp_path / "my-digits").digits
    assert digit.label == 7
    np.testing.assert_allclose(digit.picture / 255, picture, atol=0.5 / 255 + 1e-6)
    states.drawing.undo()
    assert states.drawing.strokes == (SEVEN,)


def test_that_an_empty_pad_keeps_nothing_and_says_nothing(
    training: TrainingState, kept: MyDigitsState
) -> None:
    refused = QSignalSpy(kept.refused)
    assert not kept.keep(4)
    assert (kept.digits, refused.count()) == ((), 0)


@pytest.mark.usefixtures("full_disk")
def test_that_on_a_full_disk_the_drawing_stays_and_the_reason_is_told(
    states: States, kept: MyDigitsState
) -> None:
    refused = QSignalSpy(kept.refused)
    states.drawing.show([SEVEN])
    assert not kept.keep(7)
    assert states.drawing.strokes == (SEVEN,)
    assert kept.digits == ()
    assert "No space left on device" in refused.at(0)[0]


def test_that_on_a_full_disk_a_digit_can_be_deleted_but_not_be_relabelled(
    states: States, kept: MyDigitsState, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(states, 1, 2)
    before, refused = kept.digits, QSignalSpy(kept.refused)

    def write(path: Path, content: bytes) -> None:
        raise StorageError("full")

    monkeypatch.setattr(store, "write_atomically", write)
    kept.relabel(before[1].name, 9)
    assert kept.digits == before
    assert refused.count() == 1
    kept.delete(before[0].name)
    assert kept.digits == before[1:]
    assert refused.count() == 1


def test_that_a_folder_that_cannot_be_made_is_told_and_loses_nothing(
    states: States, kept: MyDigitsState, tmp_path: Path
) -> None:
    (tmp_path / "my-digits").write_text("a file is in its place")
    refused = QSignalSpy(kept.refused)
    states.drawing.show([ONE])
    assert not kept.keep(1)
    assert str(tmp_path / "my-digits") in refused.at(0)[0]
    assert states.drawing.strokes == (ONE,)


def test_that_what_cannot_be_read_is_told_once_when_somebody_looks(
    kept: MyDigitsState, tmp_path: Path
) -> None:
    folder = tmp_path / "my-digits"
    folder.mkdir()
    (folder / "index.csv").write_text("name,label,kept_at\nlost,3,2025-01-01T10:00:00+00:00\n")
    refused = QSignalSpy(kept.refused)
    for _ in range(2):
        kept.watch(True)
        kept.watch(False)
    assert refused.count() == 1
    assert "line 2" in refused.at(0)[0]


# -- answers --


def test_that_the_answers_are_those_of_the_shown_network(
    qtbot: QtBot, training: TrainingState, states: States, kept: MyDigitsState
) -> None:
    keep(states, 1, 2, 7)
    assert kept.answers is None
    assert kept.right == 0
    begin(qtbot, training, epochs=30)
    kept.watch(True)
    finish(qtbot, training)
    for epoch in (0, 12, 30):
        training.show_epoch(epoch)
        qtbot.waitUntil(lambda: not kept._reading.waiting)
        assert kept.answers is not None
        assert kept.answers.tolist() == read_by_hand(states)
        by_hand = zip(kept.digits, read_by_hand(states), strict=True)
        assert kept.right == sum(digit.label == answer for digit, answer in by_hand)


def test_that_a_relabelled_digit_counts_as_it_is_labelled(
    qtbot: QtBot, training: TrainingState, states: States, kept: MyDigitsState
) -> None:
    begin(qtbot, training)
    keep(states, 1, 2)
    for digit, answer in zip(kept.digits, read_by_hand(states), strict=True):
        kept.relabel(digit.name, answer)
    assert kept.right == 2
    kept.delete(kept.digits[0].name)
    assert (kept.right, len(kept.digits)) == (1, 1)


def test_that_while_it_trains_they_are_read_a_few_times_a_second(
    qtbot: QtBot, training: TrainingState, states: States, kept: MyDigitsState
) -> None:
    begin(qtbot, training, epochs=LONG)
    keep(states, 1, 2)
    kept.watch(True)
    answered, moved = QSignalSpy(kept.answered), QSignalSpy(training.shown_changed)
    training.play()
    qtbot.waitUntil(lambda: answered.count() >= 4)
    assert moved.count() > 2 * answered.count()
    training.pause()


def test_that_nothing_is_read_while_nobody_looks(
    qtbot: QtBot, training: TrainingState, states: States, kept: MyDigitsState
) -> None:
    begin(qtbot, training, epochs=LONG)
    keep(states, 1)
    answered = QSignalSpy(kept.answered)
    train_to(qtbot, training, 50)
    training.pause()
    assert answered.count() == 0
    kept.watch(True)
    assert kept.answers is not None
    assert kept.answers.tolist() == read_by_hand(states)


# -- training with them --


def weights_after(qtbot: QtBot, training: TrainingState, **settings: Any) -> np.ndarray:  # noqa: ANN401
    begin(qtbot, training, batch_size=50, epochs=3, **settings)
    finish(qtbot, training)
    assert training.newest is not None
    return training.newest.parameters.vector.copy()


def test_that_a_new_network_learns_from_them_only_if_wanted_and_its_config_says_so(
    qtbot: QtBot, training: TrainingState, states: States, kept: MyDigitsState
) -> None:
    keep(states, 1, 2, 3)
    alone = weights_after(qtbot, training)
    assert training.config.my_digits == ""
    kept.train_with_them(True)
    assert training.config.my_digits == ""
    together = weights_after(qtbot, training)
    assert training.config.my_digits == kept.fingerprint
    assert kept.fingerprint.startswith("3-")
    assert not np.array_equal(alone, together)
    kept.train_with_them(False)
    np.testing.assert_array_equal(weights_after(qtbot, training), alone)


def test_that_an_epoch_passes_over_them_too_while_validation_stays_the_same(
    qtbot: QtBot, training: TrainingState, states: States, kept: MyDigitsState
) -> None:
    begin(qtbot, training)
    assert training.newest is not None
    before = training.newest.metrics
    keep(states, 1, 2, 3)
    kept.train_with_them(True)
    begin(qtbot, training)
    after = training.newest.metrics
    assert (before.samples, after.samples) == (TRAIN, TRAIN + 3)
    assert after.validation_loss == before.validation_loss
    assert after.loss != before.loss


def test_that_the_same_digits_and_seed_give_the_same_network_in_whatever_order_they_were_kept(
    qtbot: QtBot, training: TrainingState, states: States, kept: MyDigitsState
) -> None:
    kept.train_with_them(True)
    keep(states, 1, 2, 3)
    first, name = weights_after(qtbot, training), training.config.my_digits
    for digit in kept.digits:
        kept.delete(digit.name)
    keep(states, 3, 1, 2)
    np.testing.assert_array_equal(weights_after(qtbot, training), first)
    assert training.config.my_digits == name
    kept.relabel(kept.digits[0].name, 8)
    assert not np.array_equal(weights_after(qtbot, training), first)
    assert training.config.my_digits != name


def test_that_a_running_network_goes_on_with_the_digits_it_began_with(
    qtbot: QtBot, training: TrainingState, states: States, kept: MyDigitsState
) -> None:
    kept.train_with_them(True)
    keep(states, 1)
    begin(qtbot, training, epochs=LONG)
    named = training.config.my_digits
    training.play()
    keep(states, 2)
    steps = training.newest.metrics.step if training.newest else 0
    train_to(qtbot, training, steps + 20)
    training.pause()
    assert training.newest is not None
    assert training.newest.metrics.samples == TRAIN + 1
    assert training.config.my_digits == named != kept.fingerprint


def test_that_without_any_digits_the_wish_to_train_with_them_changes_nothing(
    qtbot: QtBot, training: TrainingState, kept: MyDigitsState
) -> None:
    kept.train_with_them(True)
    begin(qtbot, training)
    assert training.config == TrainingConfig()


def test_that_a_saved_network_names_them_and_goes_on_with_them_or_says_that_they_are_gone(
    qtbot: QtBot, training: TrainingState, states: States, kept: MyDigitsState, tmp_path: Path
) -> None:
    kept.train_with_them(True)
    keep(states, 1, 2)
    begin(qtbot, training)
    saved = load_network(training.save(tmp_path / "with-mine"))
    assert saved.config.my_digits == kept.fingerprint
    kept.train_with_them(False)
    refused = QSignalSpy(kept.refused)
    for here, samples in ((True, TRAIN + 2), (False, TRAIN)):
        if not here:
            kept.delete(kept.digits[0].name)
        training.open_network(saved)
        ready(qtbot, training)
        assert training.newest is not None
        assert training.newest.metrics.samples == samples
        assert training.config.my_digits == saved.config.my_digits
        qtbot.waitUntil(lambda expected=0 if here else 1: refused.count() == expected)
    assert "2 kept digits" in refused.at(0)[0]
