"""The answer is a plain forward pass of the shown moment, whatever else goes on."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from micronn_core.nn.activations import ACTIVATIONS
from micronn_core.nn.network import Network
from micronn_core.settings.config import TrainingConfig
from micronn_core.training.history import Snapshot
from micronn_gui.session.answer import MOMENTS
from micronn_gui.session.drawing import Drawing, Stroke
from micronn_gui.session.states import States
from micronn_gui.session.training import TrainingState
from micronn_gui.worker.update import Status
from tests.gui.running import LONG, begin, finish, ready, train_to

ANGLE: Stroke = ((0.2, 0.1), (0.6, 0.15), (0.4, 0.9))
RING: Stroke = tuple((0.5 + 0.3 * np.cos(t), 0.5 + 0.4 * np.sin(t)) for t in np.linspace(0, 6.28, 40))


def draw(drawing: Drawing, *strokes: Stroke) -> None:
    for stroke in strokes:
        drawing.pen_down(*stroke[0])
        drawing.pen_move(stroke[1:])
        drawing.pen_up()


def recomputed(states: States, moment: Snapshot | None) -> np.ndarray:
    """Return the probabilities of the drawing at a moment, by hand."""
    assert moment is not None
    a = states.drawing.picture.reshape(784, 1).astype(moment.parameters.vector.dtype)
    *hidden, (weight, bias) = moment.parameters.layers
    for w, b in hidden:
        a = ACTIVATIONS[states.training.config.activation].function(w @ a + b)
    z = weight @ a + bias
    e = np.exp(z - z.max())
    return (e / e.sum())[:, 0]


def assert_answers(states: States) -> None:
    expected = recomputed(states, states.training.shown)
    found = states.answer.probabilities
    assert found is not None
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)
    assert states.answer.digit == expected.argmax()


def past_known(qtbot: QtBot, states: States) -> None:
    """Wait until the answers of the past have been worked out once more."""
    with qtbot.waitSignal(states.answer.past_changed):
        pass


def test_that_an_empty_pad_has_no_answer(qtbot: QtBot, training: TrainingState, states: States) -> None:
    begin(qtbot, training)
    answer = states.answer
    assert (answer.trace, answer.digit, answer.probabilities, answer.subject) == (None,) * 4
    assert answer.previous() is None
    assert answer.ink_gradient() is None
    assert answer.entropy == 0
    draw(states.drawing, ANGLE)
    assert answer.digit is not None
    states.drawing.clear()
    assert (answer.trace, answer.digit, answer.probabilities) == (None,) * 3


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"hidden": (12, 8), "activation": "tanh"},
        {"hidden": (10,), "dtype": "float64"},
        {"initializer": "zeros"},
    ],
    ids=["tutorial", "deep", "float64", "zeros"],
)
def test_that_the_answer_is_the_forward_pass_of_the_shown_moment(
    qtbot: QtBot, training: TrainingState, states: States, settings: dict[str, object]
) -> None:
    begin(qtbot, training, epochs=5, **settings)
    draw(states.drawing, ANGLE)
    assert_answers(states)
    finish(qtbot, training)
    assert_answers(states)


def test_that_a_network_of_unscaled_pixels_sees_unscaled_ink(
    qtbot: QtBot, training: TrainingState, states: States
) -> None:
    begin(qtbot, training, pixels="0 to 255")
    draw(states.drawing, ANGLE)
    trace = states.answer.trace
    assert trace is not None
    np.testing.assert_array_equal(trace.x[:, 0], states.drawing.picture.ravel() * np.float32(255))


def test_that_the_answer_follows_every_point(qtbot: QtBot, training: TrainingState, states: States) -> None:
    begin(qtbot, training)
    spy = QSignalSpy(states.answer.changed)
    states.drawing.pen_down(*RING[0])
    for i, point in enumerate(RING[1:], start=2):
        states.drawing.pen_move([point])
        assert spy.count() == i
        assert_answers(states)


def test_that_the_answer_follows_the_timeline(qtbot: QtBot, training: TrainingState, states: States) -> None:
    begin(qtbot, training, epochs=30)
    finish(qtbot, training)
    draw(states.drawing, ANGLE)
    answers = []
    for epoch in (0, 3, 11, 30):
        training.show_epoch(epoch)
        assert training.shown is not None
        assert training.shown.metrics.epoch == epoch
        assert_answers(states)
        answers.append(states.answer.probabilities)
    assert not np.allclose(answers[0], answers[-1])


def test_that_the_answer_follows_the_training(qtbot: QtBot, training: TrainingState, states: States) -> None:
    begin(qtbot, training, epochs=LONG)
    draw(states.drawing, ANGLE)
    first = states.answer.probabilities
    training.play()
    answers: list[np.ndarray | None] = []

    def check() -> None:
        assert_answers(states)
        answers.append(states.answer.probabilities)

    states.answer.changed.connect(check)
    qtbot.waitUntil(lambda: len(answers) >= 20)
    states.answer.changed.disconnect(check)
    assert not np.allclose(states.answer.probabilities, first)


def test_that_drawing_while_it_trains_leaves_the_weights_bit_identical(
    qtbot: QtBot, training: TrainingState, states: States
) -> None:
    weights = []
    for drawn in (False, True):
        states.drawing.clear()
        begin(qtbot, training, epochs=120, batch_size=16, hidden=(30, 20))
        training.play()
        strokes = 0
        while training.status is not Status.FINISHED:
            if drawn:
                draw(states.drawing, RING, ANGLE)
                assert states.answer.digit is not None
                strokes += 1
            with qtbot.waitSignal(training.shown_changed, raising=False, timeout=200):
                pass
        assert training.newest is not None
        assert training.newest.metrics.epoch == 120
        assert strokes > 3 or not drawn
        weights.append(training.newest.parameters.vector.copy())
    np.testing.assert_array_equal(*weights)


def test_that_nothing_of_a_shown_moment_is_changed_by_an_answer(
    qtbot: QtBot, training: TrainingState, states: States
) -> None:
    begin(qtbot, training)
    assert training.shown is not None
    before = training.shown.parameters.vector.copy()
    draw(states.drawing, RING)
    states.answer.ink_gradient()
    np.testing.assert_array_equal(training.shown.parameters.vector, before)


def test_that_the_ink_gradient_says_what_ink_would_change(
    qtbot: QtBot, training: TrainingState, states: States
) -> None:
    begin(qtbot, training, epochs=20, dtype="float64")
    finish(qtbot, training)
    draw(states.drawing, ANGLE)
    answer = states.answer
    answer.choose(3)
    gradient = answer.ink_gradient()
    assert gradient is not None
    assert training.shown is not None
    assert training.start_parameters is not None
    network = Network(training.shown.parameters, ACTIVATIONS[training.config.activation])
    x = states.drawing.picture.reshape(784, 1).astype(np.float64)
    weight, bias = training.shown.parameters.layers[0]
    learned, before = weight - training.start_parameters.layers[0].weight, bias.copy()
    for pixel in (28 * 14 + 14, 28 * 5 + 20, int(np.abs(gradient).argmax())):
        step = np.zeros((784, 1))
        step[pixel] = 1e-5
        found = []
        for sign in (1, -1):  # what the ink adds to each sum, by what was learned
            copy = training.shown.parameters.writable_copy()
            copy.layers[0].bias[:] = before + sign * learned @ step
            found.append(Network(copy, network.activation).forward(x).probabilities[3, 0])
        above, below = found
        assert gradient.ravel()[pixel] == pytest.approx((above - below) / 2e-5, rel=1e-3, abs=1e-9)


def test_that_a_chosen_class_is_asked_about_until_it_is_chosen_again(
    qtbot: QtBot, training: TrainingState, states: States
) -> None:
    begin(qtbot, training)
    draw(states.drawing, ANGLE)
    assert states.answer.subject == states.answer.digit
    states.answer.choose(7)
    assert states.answer.subject == 7
    states.answer.choose(7)
    assert states.answer.subject == states.answer.digit


@pytest.mark.parametrize(("initializer", "bits"), [("zeros", np.log2(10)), ("uniform", None)])
def test_that_the_entropy_is_that_of_the_probabilities(
    qtbot: QtBot, training: TrainingState, states: States, initializer: str, bits: float | None
) -> None:
    begin(qtbot, training, initializer=initializer)
    draw(states.drawing, ANGLE)
    p = states.answer.probabilities
    assert p is not None
    expected = bits if bits is not None else -(p * np.log2(p)).sum()
    assert states.answer.entropy == pytest.approx(expected, rel=1e-4)


# -- the past --


def test_that_the_past_is_the_answer_at_each_kept_moment(
    qtbot: QtBot, training: TrainingState, states: States
) -> None:
    begin(qtbot, training, epochs=40)
    finish(qtbot, training)
    draw(states.drawing, ANGLE)
    past_known(qtbot, states)
    kept, past = training.history.snapshots, states.answer.past
    assert past.epochs.tolist() == [moment.metrics.epoch for moment in kept]
    for i, moment in enumerate(kept):
        np.testing.assert_allclose(past.probabilities[:, i], recomputed(states, moment), rtol=1e-4, atol=1e-6)


def test_that_a_long_past_is_thinned_from_its_first_to_its_last_moment(
    qtbot: QtBot, training: TrainingState, states: States
) -> None:
    begin(qtbot, training, epochs=300)
    finish(qtbot, training)
    draw(states.drawing, ANGLE)
    past_known(qtbot, states)
    epochs = states.answer.past.epochs
    assert len(epochs) == MOMENTS
    assert (epochs[0], epochs[-1]) == (0, 300)
    assert np.diff(epochs).max() <= 3


def last_other(states: States, epoch: float) -> tuple[int, float] | None:
    """Return what was answered before, and when last, from the history's snapshots."""
    found = None
    for moment in states.training.history.snapshots:
        digit = int(recomputed(states, moment).argmax())
        if moment.metrics.epoch <= epoch and digit != states.answer.digit:
            found = digit, moment.metrics.epoch
    return found


def test_that_what_it_was_before_equals_a_recomputation_at_every_epoch(
    qtbot: QtBot, training: TrainingState, states: States
) -> None:
    begin(qtbot, training, epochs=60, learning_rate=0.5)
    finish(qtbot, training)
    draw(states.drawing, RING)
    past_known(qtbot, states)
    told = set()
    for epoch in range(61):
        training.show_epoch(epoch)
        assert states.answer.previous() == last_other(states, epoch)
        told.add(states.answer.previous())
    assert len(told) > 1, "the network never changed its mind"


def test_that_nothing_is_said_of_the_past_of_another_drawing(
    qtbot: QtBot, training: TrainingState, states: States
) -> None:
    begin(qtbot, training, epochs=60, learning_rate=0.5)
    finish(qtbot, training)
    draw(states.drawing, RING)
    past_known(qtbot, states)
    for epoch in range(61):
        training.show_epoch(epoch)
        if states.answer.previous() is not None:
            break
    assert states.answer.previous() is not None
    states.drawing.show([ANGLE])
    assert states.answer.previous() is None
    past_known(qtbot, states)
    assert states.answer.previous() == last_other(states, epoch)


def test_that_a_new_network_keeps_the_drawing_and_forgets_the_past(
    qtbot: QtBot, training: TrainingState, states: States
) -> None:
    begin(qtbot, training, epochs=20)
    finish(qtbot, training)
    draw(states.drawing, ANGLE)
    past_known(qtbot, states)
    strokes = states.drawing.strokes
    training.new_network(TrainingConfig(hidden=(6,)))
    assert states.answer.digit is None
    assert states.answer.past.epochs.size == 0
    assert states.answer.previous() is None
    ready(qtbot, training)
    assert states.drawing.strokes == strokes
    assert_answers(states)
    past_known(qtbot, states)
    assert states.answer.past.epochs.tolist() == [0]


def test_that_the_past_of_a_cleared_pad_is_empty(
    qtbot: QtBot, training: TrainingState, states: States
) -> None:
    begin(qtbot, training, epochs=5)
    finish(qtbot, training)
    draw(states.drawing, ANGLE)
    past_known(qtbot, states)
    states.drawing.clear()
    past_known(qtbot, states)
    assert states.answer.past.epochs.size == 0


def test_that_drawing_before_there_is_a_network_is_answered_when_there_is_one(
    qtbot: QtBot, training: TrainingState, states: States
) -> None:
    draw(states.drawing, ANGLE)
    assert states.answer.digit is None
    begin(qtbot, training)
    assert_answers(states)


def test_that_the_past_grows_while_it_trains(qtbot: QtBot, training: TrainingState, states: States) -> None:
    begin(qtbot, training, epochs=LONG)
    draw(states.drawing, ANGLE)
    train_to(qtbot, training, 5)
    ends = []
    for _ in range(3):
        past_known(qtbot, states)
        ends.append(states.answer.past.epochs[-1])
    assert ends[0] < ends[1] < ends[2]


def test_that_nothing_is_said_of_the_network_before_while_another_begins(
    qtbot: QtBot, training: TrainingState, states: States
) -> None:
    begin(qtbot, training)
    draw(states.drawing, ANGLE)
    assert states.answer.digit is not None
    said: list[int | None] = []
    for signal in (training.run_started, training.config_changed, training.status_changed):
        signal.connect(lambda: said.append(states.answer.digit))
    begin(qtbot, training, hidden=(3,))
    assert said[:3] == [None] * 3
    assert_answers(states)
