"""The folds as a person sees them: a row each, a mean, and a button that stops at once."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from micronn_core.experiments.cross_validation import FoldProgress, FoldResult
from micronn_core.experiments.jobs import Failed, Job
from micronn_gui.panels.runs.folds import FoldsPanel
from micronn_gui.session import experiments
from micronn_gui.session.states import States
from micronn_gui.session.training import TrainingState
from micronn_gui.widgets.charts.fold_bars import FoldBars
from tests.gui.running import begin, choose, part
from tests.gui.scripted import Scripted, metrics


@pytest.fixture
def panel(qtbot: QtBot, training: TrainingState, states: States) -> FoldsPanel:
    begin(qtbot, training, split="19999/9999", epochs=4)
    made = FoldsPanel(training, states.experiments.cross_validation)
    qtbot.addWidget(made)
    made.resize(400, 280)
    made.show()
    return made


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> Scripted:
    made = Scripted()

    def background(jobs: Sequence[Job]) -> Scripted:
        assert len(jobs) == 1
        return made

    monkeypatch.setattr(experiments, "Background", background)
    return made


def press(qtbot: QtBot, panel: FoldsPanel, text: str) -> None:
    qtbot.mouseClick(part(panel, QPushButton, text), Qt.MouseButton.LeftButton)


def rows(panel: FoldsPanel) -> str:
    return panel.findChildren(FoldBars)[0].accessibleDescription()


def texts(panel: FoldsPanel) -> str:
    return "\n".join(label.text() for label in panel.findChildren(QLabel))


def shown(qtbot: QtBot, condition: Callable[[], bool]) -> None:
    qtbot.waitUntil(condition)


def test_that_it_says_at_rest_what_it_will_do_and_how_long_it_takes(panel: FoldsPanel) -> None:
    assert "784-10-10, this takes about" in texts(panel)
    assert rows(panel) == "1 –, 2 –, 3 –, 4 –, 5 –"


def test_that_real_folds_come_one_by_one_and_agree_with_the_mean(qtbot: QtBot, panel: FoldsPanel) -> None:
    work = panel._work
    choose(qtbot, part(panel, QComboBox, "Number of folds"), "2 folds")
    press(qtbot, panel, "Start")
    assert part(panel, QPushButton, "Stop")
    assert not part(panel, QComboBox, "Number of folds").isEnabled()
    shown(qtbot, lambda: len(work.results) == 2 and not work.running)
    accuracies = [100 * result.metrics.validation_accuracy for result in work.results]
    assert rows(panel) == f"1 {accuracies[0]:.2f} %, 2 {accuracies[1]:.2f} %"
    mean, deviation = np.mean(accuracies), np.std(accuracies, ddof=1)
    assert f"{mean:.2f} % ± {deviation:.2f} %" in texts(panel)
    assert part(panel, QPushButton, "Start")
    assert multiprocessing.active_children() == []


def test_that_stop_ends_the_process_at_once_and_keeps_what_is_complete(
    qtbot: QtBot, panel: FoldsPanel, scripted: Scripted
) -> None:
    press(qtbot, panel, "Start")
    scripted.send(0, FoldResult(0, metrics(4, accuracy=0.75), 1.0))
    scripted.send(0, FoldProgress(1, metrics(2)))
    shown(qtbot, lambda: rows(panel) == "1 75.00 %, 2 epoch 2, 3 –, 4 –, 5 –")
    press(qtbot, panel, "Stop")
    assert scripted.closed
    assert rows(panel).startswith("1 75.00 %, ")
    assert "75.00 % after one fold" in texts(panel)


def test_that_it_says_how_long_it_still_takes_and_that_training_goes_on(
    qtbot: QtBot, panel: FoldsPanel, scripted: Scripted
) -> None:
    press(qtbot, panel, "Start")
    assert "Live training goes on meanwhile, more slowly." in texts(panel)
    scripted.send(0, FoldProgress(2, metrics(2)))
    shown(qtbot, lambda: "s left" in texts(panel))


def test_that_results_of_earlier_settings_are_said_to_be_so(
    qtbot: QtBot, panel: FoldsPanel, scripted: Scripted
) -> None:
    press(qtbot, panel, "Start")
    scripted.send(0, FoldResult(0, metrics(4), 1.0))
    scripted.end(0)
    shown(qtbot, lambda: not panel._work.running)
    assert "earlier settings" not in texts(panel)
    panel._training.change({"learning_rate": 0.5})
    assert "These folds are of earlier settings." in texts(panel)


def test_that_a_failure_is_told_with_its_reason(qtbot: QtBot, panel: FoldsPanel, scripted: Scripted) -> None:
    work = panel._work
    press(qtbot, panel, "Start")
    scripted.send(0, Failed("Fold 1 of 5: the learning rate is too large."))
    scripted.ended = True
    with qtbot.waitSignal(work.refused) as told:
        pass
    assert told.args == ["Fold 1 of 5: the learning rate is too large."]
    shown(qtbot, lambda: not work.running)


def test_that_batches_larger_than_the_folds_leave_room_for_are_refused_before_anything_runs(
    qtbot: QtBot, panel: FoldsPanel, scripted: Scripted
) -> None:
    panel._training.change({"batch_size": 320})
    choose(qtbot, part(panel, QComboBox, "Number of folds"), "2 folds")
    with qtbot.waitSignal(panel._work.refused) as told:
        press(qtbot, panel, "Start")
    assert "at most 200" in told.args[0]
    assert part(panel, QPushButton, "Start")


def test_that_closing_ends_the_process(
    qtbot: QtBot, states: States, panel: FoldsPanel, scripted: Scripted
) -> None:
    press(qtbot, panel, "Start")
    states.close()
    assert scripted.closed


@pytest.mark.parametrize("size", [(400, 280), (700, 500)])
def test_that_nothing_is_cut_off(
    qtbot: QtBot, panel: FoldsPanel, scripted: Scripted, size: tuple[int, int]
) -> None:
    choose(qtbot, part(panel, QComboBox, "Number of folds"), "10 folds")
    press(qtbot, panel, "Start")
    for fold in range(10):
        scripted.send(0, FoldResult(fold, metrics(4, accuracy=1.0), 1.0))
    shown(qtbot, lambda: "10 100.00 %" in rows(panel))
    panel.resize(*size)
    qtbot.waitUntil(lambda: panel.size().toTuple() == size)
    assert panel.minimumSizeHint().height() <= size[1]
    bars = panel.findChildren(FoldBars)[0]
    assert bars.height() >= 110
    labels = panel.findChildren(QLabel)
    # The layout follows the last text in a later round of the event loop.
    qtbot.waitUntil(lambda: all(x.height() >= x.sizeHint().height() or x.wordWrap() for x in labels))
    for label in labels:
        assert panel.rect().contains(label.geometry())
