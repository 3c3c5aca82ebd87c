"""A run that stops early: what the window is told, and how it goes on."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from micronn_gui.session.training import TrainingState
from micronn_gui.worker.update import Status
from tests.gui.running import begin

PATIENT = {"learning_rate": 3.0, "epochs": 5000, "patience": 5}
"""Long strides on few samples: the validation loss soon rises again."""


def stop_early(qtbot: QtBot, training: TrainingState) -> str:
    begin(qtbot, training, **PATIENT)
    with qtbot.waitSignal(training.noticed) as notice:
        training.play()
    qtbot.waitUntil(lambda: training.status is Status.FINISHED)
    (text,) = notice.args
    return str(text)


def test_that_the_window_is_told_why_and_has_the_best_weights(qtbot: QtBot, training: TrainingState) -> None:
    text = stop_early(qtbot, training)
    newest = training.newest
    assert newest is not None
    assert newest.metrics.epoch < 5000
    losses = training.history.column("validation_loss")
    assert newest.metrics.validation_loss == losses.min()
    assert f"Stopped early at epoch {newest.metrics.epoch:,.0f}" in text
    assert f"{losses.min():.4f}" in text


def test_that_more_epochs_can_be_trained_after_an_early_stop(qtbot: QtBot, training: TrainingState) -> None:
    stop_early(qtbot, training)
    assert training.newest is not None
    step = training.newest.metrics.step
    training.add_epochs(100)
    assert training.status is Status.RUNNING
    qtbot.waitUntil(lambda: training.newest is not None and training.newest.metrics.step > step + 3)
