"""What is inspected: which sample, which step, which number, and with which weights."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from micronn_core.common.errors import DataError
from micronn_core.data.catalog import DATASETS
from micronn_core.explain.derivations import Number
from micronn_core.nn.network import Parameters
from micronn_gui.session.inspection import DRAWING, TUTORIAL, Inspection
from micronn_gui.session.states import States
from micronn_gui.session.training import TrainingState
from tests.gui.inspecting import STROKES, assert_explains, inspect, picture, predicted, weights
from tests.gui.running import begin, finish, ready, small_dataset, train_to

COUNT = len(small_dataset())


def learning_rate(inspection: Inspection) -> float:
    assert inspection.explanation is not None
    return inspection.explanation.learning_rate


@pytest.mark.parametrize("hidden", [(10,), (20, 12), (16, 12, 8, 6)], ids=str)
def test_that_every_number_is_the_one_that_numpy_gives(
    qtbot: QtBot, training: TrainingState, states: States, hidden: tuple[int, ...]
) -> None:
    inspection = inspect(qtbot, states, hidden=hidden)
    inspection.show_test(7)
    assert_explains(inspection, weights(training), picture(7), 7)


def test_that_nothing_is_worked_out_while_nobody_watches(
    qtbot: QtBot, training: TrainingState, states: States
) -> None:
    begin(qtbot, training)
    assert states.inspection.explanation is None
    states.inspection.watch(True)
    assert states.inspection.explanation is not None
    states.inspection.watch(False)
    begin(qtbot, training, seed=3)
    told = QSignalSpy(states.inspection.changed)
    states.inspection.show_test(4)
    states.drawing.show(STROKES)
    training.change({"learning_rate": 0.7})
    assert told.count() == 0
    assert states.inspection.explanation is None


# -- which sample --


def test_that_beyond_the_last_test_picture_comes_the_first_and_the_other_way_round(
    qtbot: QtBot, training: TrainingState, states: States
) -> None:
    inspection = inspect(qtbot, states)
    inspection.show_neighbour(-1)
    assert inspection.index == COUNT - 1
    assert_explains(inspection, weights(training), picture(COUNT - 1), (COUNT - 1) % 10)
    inspection.show_neighbour(1)
    assert inspection.index == 0


def test_that_from_the_tutorial_a_neighbour_leads_back_to_the_same_test_picture(
    qtbot: QtBot, training: TrainingState, states: States
) -> None:
    inspection = inspect(qtbot, states)
    inspection.show_test(12)
    inspection.show_tutorial()
    inspection.show_neighbour(1)
    assert inspection.index == 12
    assert_explains(inspection, weights(training), picture(12), 2)


def test_that_the_next_mistake_is_the_next_picture_with_a_wrong_answer(
    qtbot: QtBot, training: TrainingState, states: States
) -> None:
    inspection = inspect(qtbot, states)
    layers = weights(training)
    wrong = [i for i in range(COUNT) if predicted(layers, picture(i)) != i % 10]
    assert len(wrong) > 2
    inspection.show_test(wrong[1])
    assert inspection.show_mistake()
    assert inspection.index == wrong[2]
    inspection.show_test(wrong[-1])
    assert inspection.show_mistake()
    assert inspection.index == wrong[0]


def test_that_a_perfect_network_has_no_mistake_and_the_sample_stays(
    qtbot: QtBot, training: TrainingState, states: States
) -> None:
    inspection = inspect(qtbot, states, epochs=60, batch_size=20, learning_rate=0.3)
    finish(qtbot, training)
    assert [predicted(weights(training), picture(i)) for i in range(COUNT)] == [i % 10 for i in range(COUNT)]
    inspection.show_test(5)
    assert not inspection.show_mistake()
    assert inspection.index == 5


@pytest.mark.parametrize("of_tutorial", [True, False])
def test_that_a_mistake_is_the_shown_networks_not_the_trained_copys(
    qtbot: QtBot, training: TrainingState, states: States, of_tutorial: bool
) -> None:
    inspection = inspect(qtbot, states)
    layers = weights(training)
    if of_tutorial:
        inspection.show_tutorial()
    for _ in range(20):
        inspection.train()
    assert inspection.show_mistake()
    assert predicted(layers, picture(inspection.index)) != inspection.index % 10
    assert_explains(inspection, layers, picture(inspection.index), inspection.index % 10)


def test_that_test_pictures_that_cannot_be_read_are_told_of(
    qtbot: QtBot, training: TrainingState, states: States, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(qtbot, training)

    def fails() -> None:
        raise DataError("t10k-images is truncated")

    monkeypatch.setitem(DATASETS, "mnist", replace(DATASETS["mnist"], load_test=fails))
    with qtbot.waitSignal(states.inspection.refused) as told:
        states.inspection.watch(True)
    assert told.args == ["t10k-images is truncated"]
    assert states.inspection.explanation is None


# -- the drawing --


def test_that_a_drawing_is_explained_with_the_answer_taken_for_the_truth_or_as_the_digit_meant(
    qtbot: QtBot, training: TrainingState, states: States
) -> None:
    inspection = inspect(qtbot, states)
    states.drawing.show(STROKES)
    x = states.drawing.picture.reshape(-1, 1).astype(float)
    inspection.show_drawing()
    assert_explains(inspection, weights(training), x, predicted(weights(training), x))
    inspection.show_drawing(3)
    assert_explains(inspection, weights(training), x, 3)


def test_that_a_cleared_drawing_has_no_explanation_and_the_next_one_its_own_truth(
    qtbot: QtBot, training: TrainingState, states: States
) -> None:
    inspection = inspect(qtbot, states)
    states.drawing.show(STROKES)
    inspection.show_drawing(3)
    inspection.train()
    states.drawing.clear()
    assert (inspection.sample, inspection.explanation, inspection.trained) == (None, None, None)
    for call in (inspection.train, inspection.keep, lambda: inspection.open_step("a2")):
        call()
    assert not inspection.move_step(1)
    states.drawing.show(STROKES)
    assert inspection.sample is not None
    assert inspection.sample.label == predicted(weights(training), inspection.sample.x)


# -- steps and numbers --


def test_that_one_can_go_through_all_steps_and_back(qtbot: QtBot, states: States) -> None:
    inspection = inspect(qtbot, states)
    inspection.open_step("x")
    seen = ["x"]
    while inspection.move_step(1):
        assert inspection.step is not None
        seen.append(inspection.step.key)
    forward = ["x", "z1", "a1", "z2", "a2", "loss"]
    assert seen == [*forward, "dz2", "dW2", "dz1", "dW1", "update", "check"]
    while inspection.move_step(-1):
        pass
    assert inspection.step is not None
    assert inspection.step.key == "x"


def test_that_following_parts_leaves_a_trail_and_leads_back(qtbot: QtBot, states: States) -> None:
    inspection = inspect(qtbot, states)
    path = [Number("a2", 5), Number("e^z2", 5), Number("z2", 5), Number("a1", 3), Number("z1", 3)]
    path.append(Number("W1", 3, 400))
    inspection.open_step("a2")
    inspection.choose(path[0])
    for number in path[1:]:
        inspection.follow(number)
    assert inspection.trail == tuple(path)
    for place, key in ((4, "z1"), (2, "z2"), (0, "a2")):
        inspection.go_back(place)
        assert inspection.number == path[place]
        assert inspection.step is not None
        assert inspection.step.key == key
    inspection.go_back(9)
    assert inspection.trail == (path[0],)


@pytest.mark.parametrize(("key", "of_answer"), [("z2", True), ("a2", True), ("dz2", False)])
def test_that_a_step_opens_at_the_answer_and_behind_it_at_the_true_class(
    qtbot: QtBot, states: States, key: str, of_answer: bool
) -> None:
    inspection = inspect(qtbot, states)
    inspection.show_mistake()
    inspection.open_step(key)
    assert inspection.explanation is not None
    answer, label = inspection.explanation.before.answer, inspection.explanation.label
    assert answer != label
    assert inspection.number == Number(key, answer if of_answer else label)


def test_that_another_sample_opens_at_its_own_number_unless_one_was_picked(
    qtbot: QtBot, training: TrainingState, states: States
) -> None:
    inspection = inspect(qtbot, states)
    for index in range(12):
        inspection.show_test(index)
        assert inspection.number == Number("z2", predicted(weights(training), picture(index)))
    inspection.choose(Number("z2", 3))
    for index in range(12):
        inspection.show_test(index)
        assert inspection.number == Number("z2", 3)


def test_that_the_place_is_kept_where_another_network_still_has_it(
    qtbot: QtBot, training: TrainingState, states: States
) -> None:
    inspection = inspect(qtbot, states, hidden=(30, 20))
    inspection.open_step("z2")
    inspection.choose(Number("z2", 4))
    training.new_network(replace(training.config, hidden=(30, 20), seed=9))
    ready(qtbot, training)
    assert inspection.trail == (Number("z2", 4),)
    inspection.follow(Number("a1", 25))
    training.new_network(replace(training.config, hidden=(10,)))
    ready(qtbot, training)
    assert inspection.trail == (Number("z2", 4),)
    assert inspection.step is not None
    assert inspection.step.key == "z2"


@pytest.mark.parametrize("key", ["dz5", "dW4", "a4"])
def test_that_a_deep_number_gives_way_when_the_new_network_is_flatter(
    qtbot: QtBot, training: TrainingState, states: States, key: str
) -> None:
    inspection = inspect(qtbot, states, hidden=(16, 12, 8, 6))
    inspection.open_step(key)
    begin(qtbot, training, hidden=(10,))
    assert inspection.step is not None
    assert inspection.explanation is not None
    assert inspection.step.key == "z2"
    assert inspection.number is not None
    assert inspection.number.name == "z2"
    assert_explains(inspection, weights(training), picture(0), 0)


@pytest.mark.parametrize(("asked", "shown"), [(1, 2), (2, 2), (9, 9), (17, 17), (40, 17)])
def test_that_digits_stay_within_their_range(qtbot: QtBot, states: States, asked: int, shown: int) -> None:
    inspection = inspect(qtbot, states)
    inspection.show_digits(asked)
    assert inspection.digits == shown


# -- which weights --


def catch_up(qtbot: QtBot, states: States) -> None:
    """Wait until the weights that are shown are those that are explained."""

    def explained() -> bool:
        explanation, shown = states.inspection.explanation, states.training.shown
        assert explanation is not None
        assert shown is not None
        return np.array_equal(explanation.network.parameters.vector, shown.parameters.vector)

    qtbot.waitUntil(explained)


def test_that_it_follows_the_shown_moment(qtbot: QtBot, training: TrainingState, states: States) -> None:
    inspection = inspect(qtbot, states, epochs=8)
    finish(qtbot, training)
    late = weights(training)
    catch_up(qtbot, states)
    assert_explains(inspection, late, picture(0), 0)
    training.show_epoch(2)
    assert_explains(inspection, weights(training), picture(0), 0)
    assert np.abs(weights(training)[0][0] - late[0][0]).max() > 0
    training.show_live()
    assert_explains(inspection, late, picture(0), 0)


def test_that_it_follows_while_training_goes_on(
    qtbot: QtBot, training: TrainingState, states: States
) -> None:
    inspection = inspect(qtbot, states, epochs=1_000_000)
    first = inspection.explanation
    train_to(qtbot, training, 3)
    qtbot.waitUntil(lambda: inspection.explanation is not first)
    training.show_epoch(1)
    assert_explains(inspection, weights(training), picture(0), 0)
    before = inspection.explanation
    train_to(qtbot, training, 6)
    assert inspection.explanation is before
    training.show_live()
    training.pause()
    qtbot.waitUntil(lambda: training.newest is training.shown)
    catch_up(qtbot, states)
    assert_explains(inspection, weights(training), picture(0), 0)


def test_that_another_learning_rate_is_explained_at_once_but_not_in_the_tutorial(
    qtbot: QtBot, training: TrainingState, states: States
) -> None:
    inspection = inspect(qtbot, states, learning_rate=0.1)
    training.change({"learning_rate": 0.25})
    assert learning_rate(inspection) == 0.25
    inspection.show_tutorial()
    assert learning_rate(inspection) == 0.1
    training.change({"learning_rate": 0.5})
    assert learning_rate(inspection) == 0.1
    inspection.show_test(0)
    assert learning_rate(inspection) == 0.5


def test_that_weights_that_are_not_finite_are_not_explained(
    qtbot: QtBot, training: TrainingState, states: States
) -> None:
    inspection = inspect(qtbot, states)
    assert training.shown is not None
    vector = training.shown.parameters.vector.copy()
    vector[5] = np.nan
    training.shown = replace(training.shown, parameters=Parameters(training.shown.parameters.sizes, vector))
    training.shown_changed.emit()
    assert inspection.explanation is None
    assert inspection.sample is not None


# -- training on the sample --


def test_that_training_takes_exactly_the_explained_step_on_a_copy(
    qtbot: QtBot, training: TrainingState, states: States
) -> None:
    inspection = inspect(qtbot, states, learning_rate=0.2)
    inspection.show_test(4)
    explained, layers = inspection.explanation, weights(training)
    assert explained is not None
    inspection.train()
    assert inspection.trained is not None
    for i, ((weight, bias), layer) in enumerate(zip(layers, inspection.trained.layers, strict=True), 1):
        np.testing.assert_allclose(layer.weight, weight - 0.2 * explained.arrays[f"dW{i}"], atol=1e-14)
        np.testing.assert_allclose(layer.bias, bias - 0.2 * explained.arrays[f"db{i}"], atol=1e-14)
    assert inspection.progress == (explained.before, explained.after)
    assert inspection.progress[1].probability > inspection.progress[0].probability
    np.testing.assert_array_equal(weights(training)[0][0], layers[0][0])


def test_that_training_again_goes_on_and_remembers_where_it_began(qtbot: QtBot, states: States) -> None:
    inspection = inspect(qtbot, states)
    first = inspection.explanation
    assert first is not None
    for _ in range(3):
        inspection.train()
    assert inspection.progress is not None
    assert inspection.explanation is not None
    assert inspection.progress[0] == first.before
    assert inspection.progress[1] == pytest.approx(inspection.explanation.before, rel=1e-9)


def test_that_put_back_shows_the_networks_own_weights_again(
    qtbot: QtBot, training: TrainingState, states: States
) -> None:
    inspection = inspect(qtbot, states)
    inspection.train()
    inspection.put_back()
    assert inspection.trained is inspection.progress is inspection.untrained is None
    assert_explains(inspection, weights(training), picture(0), 0)


def test_that_keep_lets_the_run_go_on_with_the_trained_weights(
    qtbot: QtBot, training: TrainingState, states: States
) -> None:
    inspection = inspect(qtbot, states)
    inspection.train()
    assert inspection.trained is not None
    kept = inspection.trained.parameters.vector.copy()
    inspection.keep()
    assert inspection.trained is None
    qtbot.waitUntil(lambda: training.newest is not None and training.newest.metrics.step == 1)
    assert training.shown is not None
    np.testing.assert_allclose(training.shown.parameters.vector, kept, rtol=1e-6, atol=1e-7)
    assert_explains(inspection, weights(training), picture(0), 0)


def test_that_keep_goes_on_from_the_past_moment_that_was_trained(
    qtbot: QtBot, training: TrainingState, states: States
) -> None:
    inspection = inspect(qtbot, states, epochs=4)
    finish(qtbot, training)
    training.show_epoch(1)
    inspection.train()
    assert inspection.trained is not None
    kept, last = inspection.trained.parameters.vector.copy(), training.newest
    inspection.keep()
    qtbot.waitUntil(lambda: training.newest is not last and training.live)
    assert training.shown is not None
    np.testing.assert_allclose(training.shown.parameters.vector, kept, rtol=1e-6, atol=1e-7)


def test_that_the_tutorials_network_can_be_trained_but_never_becomes_the_runs(
    qtbot: QtBot, training: TrainingState, states: States
) -> None:
    inspection = inspect(qtbot, states)
    inspection.show_tutorial()
    inspection.train()
    assert inspection.explanation is not None
    assert f"{inspection.explanation.before.probability:.3f}" == "0.531"
    layers = weights(training)
    inspection.keep()
    np.testing.assert_array_equal(weights(training)[0][0], layers[0][0])


def test_that_training_on_a_sample_pauses_the_run_and_no_later_moment_replaces_the_copy(
    qtbot: QtBot, training: TrainingState, states: States
) -> None:
    inspection = inspect(qtbot, states, epochs=1_000_000)
    train_to(qtbot, training, 1)
    inspection.train()
    copy, explained = inspection.trained, inspection.explanation
    assert copy is not None
    train_to(qtbot, training, 8)
    assert inspection.trained is copy
    assert inspection.explanation is explained


@pytest.mark.parametrize("source", [DRAWING, TUTORIAL, "test"])
def test_that_another_sample_or_run_forgets_the_trained_copy(
    qtbot: QtBot, training: TrainingState, states: States, source: str
) -> None:
    inspection = inspect(qtbot, states)
    states.drawing.show(STROKES)
    inspection.show_test(2)
    inspection.train()
    {
        DRAWING: inspection.show_drawing,
        TUTORIAL: inspection.show_tutorial,
        "test": lambda: inspection.show_test(3),
    }[source]()
    assert inspection.trained is None
    inspection.train()
    copy = inspection.trained
    begin(qtbot, training, hidden=(7,))
    assert inspection.trained is (copy if source == TUTORIAL else None)
    assert inspection.source == source
