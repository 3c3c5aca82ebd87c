"""Training on the sample, and gradients beside measured slopes."""

from __future__ import annotations

import re

import numpy as np
import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from micronn_core.explain.derivations import Number
from micronn_gui.panels.inspect.sample_training import SampleTrainingPanel
from micronn_gui.session.states import States
from micronn_gui.session.training import TrainingState
from micronn_gui.worker.update import Status
from tests.gui.inspecting import Array, by_hand, inspect, picture, press, weights, words
from tests.gui.running import part


@pytest.fixture
def panel(qtbot: QtBot, training: TrainingState, states: States) -> SampleTrainingPanel:
    made = SampleTrainingPanel(training, states.inspection)
    qtbot.addWidget(made)
    made.resize(328, 260)
    made.show()
    return made


def check(panel: SampleTrainingPanel) -> str:
    return part(panel, QLabel, "Gradient check").text()


def checking(panel: SampleTrainingPanel) -> bool:
    return any(timer.isActive() for timer in panel.findChildren(QTimer))


def trained(
    layers: list[tuple[Array, Array]], x: Array, label: int, rate: float
) -> list[tuple[Array, Array]]:
    numbers = by_hand(layers, x, label)
    return [
        (weight - rate * numbers[f"dW{i}"], bias - rate * numbers[f"db{i}"])
        for i, (weight, bias) in enumerate(layers, 1)
    ]


def probability(layers: list[tuple[Array, Array]], x: Array, label: int) -> float:
    return float(by_hand(layers, x, label)[f"a{len(layers)}"][label, 0])


def changes(panel: SampleTrainingPanel) -> list[tuple[str, int, int, float]]:
    """Return the changes that are told: array, row, column (0 for a bias), value."""
    found = re.findall(r"([Wb]\d)\[(\d+)(?:, (\d+))?\] ([+−][\d.e−+]+)", words(panel))
    return [(name, int(i), int(j or 0), float(value.replace("−", "-"))) for name, i, j, value in found]


@pytest.mark.parametrize("times", [1, 3])
def test_that_it_tells_the_probability_before_and_after_all_steps(
    qtbot: QtBot, training: TrainingState, states: States, panel: SampleTrainingPanel, times: int
) -> None:
    inspection = inspect(qtbot, states, learning_rate=0.05)
    inspection.write_in_maths(True)
    inspection.show_test(3)
    first = after = weights(training)
    for i in range(times):
        press(qtbot, panel, "Again" if i else "Train on this picture")
        after = trained(after, picture(3), 3, 0.05)
    p0, p1 = probability(first, picture(3), 3), probability(after, picture(3), 3)
    assert f"p {p0:.3f} → {p1:.3f}, loss {-np.log(p0):.3f} → {-np.log(p1):.3f}" in words(panel)
    said = words(panel).split("\n")
    assert [said[i] for i in (1, 2, 4)] == [
        "sure of 3:",
        f"{p0:.1%}".replace("%", " %"),
        f"{p1:.1%}".replace("%", " %"),
    ]


@pytest.mark.parametrize("times", [0, 1, 3])
def test_that_the_weights_that_changed_most_are_those_that_did(
    qtbot: QtBot, training: TrainingState, states: States, panel: SampleTrainingPanel, times: int
) -> None:
    inspect(qtbot, states, learning_rate=0.05).write_in_maths(True)
    first = after = weights(training)
    for i in range(times):
        press(qtbot, panel, "Again" if i else "Train on this picture")
    for _ in range(max(times, 1)):
        after = trained(after, picture(0), 0, 0.05)
    differences = {}
    for i, (old, new) in enumerate(zip(first, after, strict=True), 1):
        differences[f"W{i}"], differences[f"b{i}"] = new[0] - old[0], new[1] - old[1]
    largest = np.sort(np.concatenate([np.abs(d).ravel() for d in differences.values()]))[::-1][:3]
    told = changes(panel)
    assert [abs(value) for *_, value in told] == pytest.approx(largest, rel=0.006)
    for name, row, column, value in told:
        assert value == pytest.approx(differences[name][row, column], rel=0.006)


def test_that_put_back_and_keep_are_there_only_after_training(
    qtbot: QtBot, training: TrainingState, states: States, panel: SampleTrainingPanel
) -> None:
    inspection = inspect(qtbot, states)

    def offered() -> set[str]:
        names = {"Train on this picture", "Train on this sample", "Again", "Keep", "Put back"}
        return {b.text() for b in panel.findChildren(type(panel._train)) if b.isVisible()} & names

    assert offered() == {"Train on this picture"}
    press(qtbot, panel, "Train on this picture")
    assert offered() == {"Again", "Keep", "Put back"}
    press(qtbot, panel, "Put back")
    assert offered() == {"Train on this picture"}
    inspection.show_tutorial()
    press(qtbot, panel, "Train on this sample")
    assert offered() == {"Again", "Put back"}
    inspection.show_test(0)
    press(qtbot, panel, "Train on this picture")
    press(qtbot, panel, "Keep")
    assert offered() == {"Train on this picture"}
    qtbot.waitUntil(lambda: training.newest is not None and training.newest.metrics.step == 1)


def test_that_the_tutorial_goes_from_0_496_to_0_531(
    qtbot: QtBot, states: States, panel: SampleTrainingPanel
) -> None:
    inspection = inspect(qtbot, states)
    inspection.write_in_maths(True)
    inspection.show_tutorial()
    press(qtbot, panel, "Train on this sample")
    assert "p 0.496 → 0.531, loss 0.701 → 0.634" in words(panel)


@pytest.mark.parametrize("name", ["dW1", "dW2", "db1", "db2", "dz2", "W2", "b1"])
def test_that_each_gradient_is_checked_against_the_measured_slope(
    qtbot: QtBot, training: TrainingState, states: States, panel: SampleTrainingPanel, name: str
) -> None:
    inspection = inspect(qtbot, states)
    inspection.write_in_maths(True)
    numbers = by_hand(weights(training), picture(0), 0)
    gradient = name if name.startswith("d") else f"d{name}"
    row, column = np.unravel_index(np.abs(numbers[gradient]).argmax(), numbers[gradient].shape)
    inspection.follow(Number(name, int(row), int(column)))
    found = re.search(r"(\S+|\S+ \S+): (\S+) by backpropagation, (\S+) measured, error \S+", check(panel))
    assert "✓" in words(panel).split("\n")
    assert found is not None
    for shown in found.groups()[1:]:
        assert float(shown.replace("−", "-")) == pytest.approx(numbers[gradient][row, column], rel=1e-4)


@pytest.mark.parametrize("name", ["x", "z1", "a2", "L", "W1 new", "ReLU′(z1)"])
def test_that_what_is_no_gradient_is_not_checked(
    qtbot: QtBot, states: States, panel: SampleTrainingPanel, name: str
) -> None:
    inspection = inspect(qtbot, states)
    inspection.follow(Number(name))
    assert check(panel) == "gradients checked by measuring"


@pytest.mark.parametrize("activation", ["relu", "sigmoid", "tanh"])
def test_that_all_gradients_are_checked_in_the_background(
    qtbot: QtBot, states: States, panel: SampleTrainingPanel, activation: str
) -> None:
    inspect(qtbot, states, hidden=(6, 5), activation=activation)
    press(qtbot, panel, "check all")
    assert checking(panel)
    count = 784 * 6 + 6 + 6 * 5 + 5 + 5 * 10 + 10
    qtbot.waitUntil(lambda: "all agree ✓" in words(panel))
    assert check(panel) == "gradients checked by measuring"
    assert part(panel, QLabel, "Gradient check").toolTip().startswith(f"{count:,} gradients, largest error ")
    qtbot.waitUntil(lambda: not checking(panel))


def test_that_after_the_check_of_all_a_single_one_is_shown_again(
    qtbot: QtBot, states: States, panel: SampleTrainingPanel
) -> None:
    inspection = inspect(qtbot, states, hidden=(6,))
    press(qtbot, panel, "check all")
    qtbot.waitUntil(lambda: not checking(panel))
    inspection.open_step("dW2")
    assert check(panel).startswith("its gradient by the rules ")


def test_that_the_check_waits_while_hidden_and_ends_with_another_sample(
    qtbot: QtBot, states: States, panel: SampleTrainingPanel
) -> None:
    inspection = inspect(qtbot, states, hidden=(200,))
    press(qtbot, panel, "check all")
    panel.hide()
    qtbot.waitUntil(lambda: not checking(panel))
    panel.show()
    assert checking(panel)
    inspection.show_test(1)
    qtbot.waitUntil(lambda: not checking(panel))
    assert "all agree" not in words(panel)


def test_that_without_a_sample_nothing_can_be_trained(
    qtbot: QtBot, states: States, panel: SampleTrainingPanel
) -> None:
    inspection = inspect(qtbot, states)
    inspection.show_drawing()
    assert check(panel) == ""
    press(qtbot, panel, "Train on this picture")
    press(qtbot, panel, "check all")
    assert inspection.trained is None
    qtbot.waitUntil(lambda: not checking(panel))


def test_that_a_copy_of_past_weights_does_not_take_the_place_of_newer_ones(
    qtbot: QtBot, training: TrainingState, states: States, panel: SampleTrainingPanel
) -> None:
    inspect(qtbot, states, epochs=5)
    training.play()
    qtbot.waitUntil(lambda: training.status is Status.FINISHED)
    keep = part(panel, QPushButton, "Keep")
    training.show_epoch(0)
    press(qtbot, panel, "Train on this picture")
    assert not keep.isEnabled()
    training.show_live()
    assert not keep.isEnabled()
    press(qtbot, panel, "Put back")
    press(qtbot, panel, "Train on this picture")
    assert keep.isEnabled()
    training.add_epochs(1)  # the run goes on without the copy
    qtbot.waitUntil(lambda: training.status is Status.FINISHED)
    assert not keep.isEnabled()
