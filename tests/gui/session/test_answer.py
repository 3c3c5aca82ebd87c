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
from micronn_gui.session.training import Session
from micronn_gui.worker.update import Status
from tests.gui.running import LONG, begin, finish, ready, train_to

ANGLE: Stroke = ((0.2, 0.1), (0.6, 0.15), (0.4, 0.9))
RING: Stroke = tuple((0.5 + 0.3 * np.cos(t), 0.5 + 0.4 * np.sin(t)) for t in np.linspace(0, 6.28, 40))


def draw(drawing: Drawing, *strokes: Stroke) -> None:
    for stroke in strokes:
        drawing.pen_down(*stroke[0])
        drawing.pen_move(stroke[1:])
        drawing.pen_up()


def recomputed(session: Session, moment: Snapshot | None) -> np.ndarray:
    """Return the probabilities of the drawing at a moment, by hand."""
    assert moment is not None
    a = session.drawing.picture.reshape(784, 1).astype(moment.parameters.vector.dtype)
    *hidden, (weight, bias) = moment.parameters.layers
    for w, b in hidden:
        a = ACTIVATIONS[session.config.activation].function(w @ a + b)
    z = weight @ a + bias
    e = np.exp(z - z.max())
    return (e / e.sum())[:, 0]


def assert_answers(session: Session) -> None:
    expected = recomputed(session, session.shown)
    found = session.answer.probabilities
    assert found is not None
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)
    assert session.answer.digit == expected.argmax()


def past_known(qtbot: QtBot, session: Session) -> None:
    """Wait until the answers of the past have been worked out once more."""
    with qtbot.waitSignal(session.answer.past_changed):
        pass


def test_that_an_empty_pad_has_no_answer(qtbot: QtBot, session: Session) -> None:
    begin(qtbot, session)
    answer = session.answer
    assert (answer.trace, answer.digit, answer.probabilities, answer.subject) == (None,) * 4
    assert answer.previous() is None
    assert answer.ink_gradient() is None
    assert answer.entropy == 0
    draw(session.drawing, ANGLE)
    assert answer.digit is not None
    session.drawing.clear()
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
    qtbot: QtBot, session: Session, settings: dict[str, object]
) -> None:
    begin(qtbot, session, epochs=5, **settings)
    draw(session.drawing, ANGLE)
    assert_answers(session)
    finish(qtbot, session)
    assert_answers(session)


def test_that_a_network_of_unscaled_pixels_sees_unscaled_ink(qtbot: QtBot, session: Session) -> None:
    begin(qtbot, session, pixels="0 to 255")
    draw(session.drawing, ANGLE)
    trace = session.answer.trace
    assert trace is not None
    np.testing.assert_array_equal(trace.x[:, 0], session.drawing.picture.ravel() * np.float32(255))


def test_that_the_answer_follows_every_point(qtbot: QtBot, session: Session) -> None:
    begin(qtbot, session)
    spy = QSignalSpy(session.answer.changed)
    session.drawing.pen_down(*RING[0])
    for i, point in enumerate(RING[1:], start=2):
        session.drawing.pen_move([point])
        assert spy.count() == i
        assert_answers(session)


def test_that_the_answer_follows_the_timeline(qtbot: QtBot, session: Session) -> None:
    begin(qtbot, session, epochs=30)
    finish(qtbot, session)
    draw(session.drawing, ANGLE)
    answers = []
    for epoch in (0, 3, 11, 30):
        session.show_epoch(epoch)
        assert session.shown is not None
        assert session.shown.metrics.epoch == epoch
        assert_answers(session)
        answers.append(session.answer.probabilities)
    assert not np.allclose(answers[0], answers[-1])


def test_that_the_answer_follows_the_training(qtbot: QtBot, session: Session) -> None:
    begin(qtbot, session, epochs=LONG)
    draw(session.drawing, ANGLE)
    first = session.answer.probabilities
    session.play()
    for _ in range(20):
        with qtbot.waitSignal(session.answer.changed):
            pass
        assert_answers(session)
    assert not np.allclose(session.answer.probabilities, first)


def test_that_drawing_while_it_trains_leaves_the_weights_bit_identical(
    qtbot: QtBot, session: Session
) -> None:
    weights = []
    for drawn in (False, True):
        session.drawing.clear()
        begin(qtbot, session, epochs=120, batch_size=16, hidden=(30, 20))
        session.play()
        strokes = 0
        while session.status is not Status.FINISHED:
            if drawn:
                draw(session.drawing, RING, ANGLE)
                assert session.answer.digit is not None
                strokes += 1
            with qtbot.waitSignal(session.shown_changed, raising=False, timeout=200):
                pass
        assert session.newest is not None
        assert session.newest.metrics.epoch == 120
        assert strokes > 3 or not drawn
        weights.append(session.newest.parameters.vector.copy())
    np.testing.assert_array_equal(*weights)


def test_that_nothing_of_a_shown_moment_is_changed_by_an_answer(qtbot: QtBot, session: Session) -> None:
    begin(qtbot, session)
    assert session.shown is not None
    before = session.shown.parameters.vector.copy()
    draw(session.drawing, RING)
    session.answer.ink_gradient()
    np.testing.assert_array_equal(session.shown.parameters.vector, before)


def test_that_the_ink_gradient_says_what_ink_would_change(qtbot: QtBot, session: Session) -> None:
    begin(qtbot, session, epochs=20, dtype="float64")
    finish(qtbot, session)
    draw(session.drawing, ANGLE)
    answer = session.answer
    answer.choose(3)
    gradient = answer.ink_gradient()
    assert gradient is not None
    assert session.shown is not None
    network = Network(session.shown.parameters, ACTIVATIONS[session.config.activation])
    x = session.drawing.picture.reshape(784, 1).astype(np.float64)
    for pixel in (28 * 14 + 14, 28 * 5 + 20, int(np.abs(gradient).argmax())):
        step = np.zeros((784, 1))
        step[pixel] = 1e-5
        above, below = (network.forward(x + s).probabilities[3, 0] for s in (step, -step))
        assert gradient.ravel()[pixel] == pytest.approx((above - below) / 2e-5, rel=1e-3, abs=1e-9)


def test_that_a_chosen_class_is_asked_about_until_it_is_chosen_again(qtbot: QtBot, session: Session) -> None:
    begin(qtbot, session)
    draw(session.drawing, ANGLE)
    assert session.answer.subject == session.answer.digit
    session.answer.choose(7)
    assert session.answer.subject == 7
    session.answer.choose(7)
    assert session.answer.subject == session.answer.digit


@pytest.mark.parametrize(("initializer", "bits"), [("zeros", np.log2(10)), ("uniform", None)])
def test_that_the_entropy_is_that_of_the_probabilities(
    qtbot: QtBot, session: Session, initializer: str, bits: float | None
) -> None:
    begin(qtbot, session, initializer=initializer)
    draw(session.drawing, ANGLE)
    p = session.answer.probabilities
    assert p is not None
    expected = bits if bits is not None else -(p * np.log2(p)).sum()
    assert session.answer.entropy == pytest.approx(expected, rel=1e-4)


# -- the past --


def test_that_the_past_is_the_answer_at_each_kept_moment(qtbot: QtBot, session: Session) -> None:
    begin(qtbot, session, epochs=40)
    finish(qtbot, session)
    draw(session.drawing, ANGLE)
    past_known(qtbot, session)
    kept, past = session.history.snapshots, session.answer.past
    assert past.epochs.tolist() == [moment.metrics.epoch for moment in kept]
    for i, moment in enumerate(kept):
        np.testing.assert_allclose(
            past.probabilities[:, i], recomputed(session, moment), rtol=1e-4, atol=1e-6
        )


def test_that_a_long_past_is_thinned_from_its_first_to_its_last_moment(
    qtbot: QtBot, session: Session
) -> None:
    begin(qtbot, session, epochs=300)
    finish(qtbot, session)
    draw(session.drawing, ANGLE)
    past_known(qtbot, session)
    epochs = session.answer.past.epochs
    assert len(epochs) == MOMENTS
    assert (epochs[0], epochs[-1]) == (0, 300)
    assert np.diff(epochs).max() <= 3


def last_other(session: Session, epoch: float) -> tuple[int, float] | None:
    """Return what was answered before, and when last, from the history's snapshots."""
    found = None
    for moment in session.history.snapshots:
        digit = int(recomputed(session, moment).argmax())
        if moment.metrics.epoch <= epoch and digit != session.answer.digit:
            found = digit, moment.metrics.epoch
    return found


def test_that_what_it_was_before_equals_a_recomputation_at_every_epoch(
    qtbot: QtBot, session: Session
) -> None:
    begin(qtbot, session, epochs=60, learning_rate=0.5)
    finish(qtbot, session)
    draw(session.drawing, RING)
    past_known(qtbot, session)
    told = set()
    for epoch in range(61):
        session.show_epoch(epoch)
        assert session.answer.previous() == last_other(session, epoch)
        told.add(session.answer.previous())
    assert len(told) > 1, "the network never changed its mind"


def test_that_nothing_is_said_of_the_past_of_another_drawing(qtbot: QtBot, session: Session) -> None:
    begin(qtbot, session, epochs=60, learning_rate=0.5)
    finish(qtbot, session)
    draw(session.drawing, RING)
    past_known(qtbot, session)
    for epoch in range(61):
        session.show_epoch(epoch)
        if session.answer.previous() is not None:
            break
    assert session.answer.previous() is not None
    session.drawing.show([ANGLE])
    assert session.answer.previous() is None
    past_known(qtbot, session)
    assert session.answer.previous() == last_other(session, epoch)


def test_that_a_new_network_keeps_the_drawing_and_forgets_the_past(qtbot: QtBot, session: Session) -> None:
    begin(qtbot, session, epochs=20)
    finish(qtbot, session)
    draw(session.drawing, ANGLE)
    past_known(qtbot, session)
    strokes = session.drawing.strokes
    session.new_network(TrainingConfig(hidden=(6,)))
    assert session.answer.digit is None
    assert session.answer.past.epochs.size == 0
    assert session.answer.previous() is None
    ready(qtbot, session)
    assert session.drawing.strokes == strokes
    assert_answers(session)
    past_known(qtbot, session)
    assert session.answer.past.epochs.tolist() == [0]


def test_that_the_past_of_a_cleared_pad_is_empty(qtbot: QtBot, session: Session) -> None:
    begin(qtbot, session, epochs=5)
    finish(qtbot, session)
    draw(session.drawing, ANGLE)
    past_known(qtbot, session)
    session.drawing.clear()
    past_known(qtbot, session)
    assert session.answer.past.epochs.size == 0


def test_that_drawing_before_there_is_a_network_is_answered_when_there_is_one(
    qtbot: QtBot, session: Session
) -> None:
    draw(session.drawing, ANGLE)
    assert session.answer.digit is None
    begin(qtbot, session)
    assert_answers(session)


def test_that_the_past_grows_while_it_trains(qtbot: QtBot, session: Session) -> None:
    begin(qtbot, session, epochs=LONG)
    draw(session.drawing, ANGLE)
    train_to(qtbot, session, 5)
    ends = []
    for _ in range(3):
        past_known(qtbot, session)
        ends.append(session.answer.past.epochs[-1])
    assert ends[0] < ends[1] < ends[2]
