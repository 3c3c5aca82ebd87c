"""Trying a change: one value, several, other seeds, folds; what is said before, while and after."""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from micronn_core.data.dataset import Dataset
from micronn_core.data.splits import SPLITS, SplitRule
from micronn_core.experiments.cross_validation import FoldProgress, FoldResult
from micronn_core.experiments.jobs import Failed, Job
from micronn_core.runs.record import RunRecord
from micronn_core.settings.config import TrainingConfig
from micronn_core.settings.table import SETTINGS
from micronn_gui.panels.runs.experiment_progress import ExperimentProgress
from micronn_gui.panels.runs.try_change import TryChange
from micronn_gui.panels.runs.values_field import OFFERED
from micronn_gui.session import experiments
from micronn_gui.session.states import States
from micronn_gui.session.training import TrainingState
from micronn_gui.widgets.charts.fold_bars import FoldBars
from tests.core.runs.run_records import record as kept_record
from tests.gui.running import begin, choose, part
from tests.gui.scripted import Scripted, metrics, record

LEFT = Qt.MouseButton.LeftButton
TWO = [("learning_rate", "0.05, 0.2"), ("hidden", "10, 128-32")]


@pytest.fixture
def page(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(900, 700)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


@pytest.fixture
def trying(qtbot: QtBot, training: TrainingState, states: States, page: QWidget) -> TryChange:
    """About the settings of today, open."""
    begin(qtbot, training, split="19999/9999", epochs=4)
    made = TryChange(page, training, states.runs, states.experiments)
    made.open_for(None, page)
    return made


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch, states: States) -> list[RunRecord]:
    made: list[RunRecord] = []
    monkeypatch.setattr(states.runs, "add", made.append)
    return made


class Sweeps(Scripted):
    """A scripted background that knows what it was asked to run."""

    configs: Sequence[TrainingConfig] = ()
    more: Dataset | None = None

    def __call__(self, configs: Sequence[TrainingConfig], more: Dataset | None) -> Sweeps:
        self.configs, self.more = configs, more
        return self


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> Sweeps:
    made = Sweeps()
    monkeypatch.setattr(experiments, "run_sweep", made)
    return made


@pytest.fixture
def folds(monkeypatch: pytest.MonkeyPatch) -> Scripted:
    made = Scripted()

    def background(jobs: Sequence[Job]) -> Scripted:
        assert len(jobs) == 1
        return made

    monkeypatch.setattr(experiments, "Background", background)
    return made


def press(qtbot: QtBot, trying: TryChange, text: str) -> None:
    qtbot.mouseClick(part(trying, QPushButton, text), LEFT)


def fill_in(qtbot: QtBot, trying: TryChange, rows: Sequence[tuple[str, str]]) -> None:
    for i, (name, values) in enumerate(rows, start=1):
        box = part(trying, QComboBox, f"Setting {i}")
        if not box.isVisible():
            press(qtbot, trying, "+ something else as well")
        choose(qtbot, box, box.itemText(box.findData(name)))
        if SETTINGS[name].kind.choices():
            for action in trying._fields[i - 1]._menu.actions():
                if action.data() in values.split(", "):
                    action.trigger()
        else:
            line = part(trying, QLineEdit, f"Values of setting {i}")
            line.selectAll()
            qtbot.keyClicks(line, values)


def note(trying: TryChange) -> str:
    return next(found.text() for found in trying.findChildren(QLabel) if found.objectName() == "plan")


def start(trying: TryChange) -> QPushButton:
    return trying._start


# -- what is said before --


def test_that_it_asks_for_a_value_and_says_what_it_is_now(trying: TryChange) -> None:
    assert part(trying, QComboBox, "Setting 1").currentText() == "Learning rate"
    assert "Learning rate is 0.1 now." in note(trying)
    assert not start(trying).isEnabled()
    assert part(trying, QLineEdit, "Values of setting 1").hasFocus()


def test_that_it_is_about_the_run_that_is_selected(
    qtbot: QtBot, states: States, page: QWidget, trying: TryChange
) -> None:
    trying.open_for(kept_record(number=7, config=TrainingConfig(hidden=(5,), learning_rate=0.3)), page)
    assert any("Like Run 7" in found.text() for found in trying.findChildren(QLabel))
    assert "Learning rate is 0.3 now." in note(trying)


def test_that_it_says_how_many_runs_there_will_be(qtbot: QtBot, trying: TryChange) -> None:
    fill_in(qtbot, trying, TWO[:1])
    assert note(trying).startswith("2 runs in the background")
    fill_in(qtbot, trying, TWO)
    assert note(trying).startswith("4 runs in the background")
    assert "about" in note(trying)


@pytest.mark.parametrize("name", [name for name in OFFERED if SETTINGS[name].examples])
def test_that_the_examples_of_a_setting_can_be_tried(
    qtbot: QtBot, trying: TryChange, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setitem(SPLITS, "19999/9999", SplitRule("19999/9999", "", 19_999, 9_999, ""))
    trying._training.change({"batch_size": 32})
    fill_in(qtbot, trying, [(name, SETTINGS[name].examples)])
    assert "runs in the background" in note(trying)
    assert start(trying).isEnabled()


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([("learning_rate", "0.1, -1")], "rate −1: The learning rate must be"),
        ([("learning_rate", "fast")], "not 'fast'"),
        ([("hidden", "10, 0")], "from 1 to 4,096"),
        ([("dropout", "0, 1")], "nothing could be learned"),
        ([("batch_size", "32, 321")], "batch 321"),
        ([("learning_rate", "1, 2"), ("learning_rate", "3, 4")], "there twice"),
        ([("seed", ",".join(map(str, range(65))))], "65 runs"),
        ([("augmentation", "gentle, strong")], "choose a batch size"),
    ],
)
def test_that_what_cannot_run_is_refused_there_with_its_reason(
    qtbot: QtBot, trying: TryChange, rows: list[tuple[str, str]], reason: str
) -> None:
    fill_in(qtbot, trying, rows)
    assert reason in note(trying)
    assert not start(trying).isEnabled()
    fill_in(qtbot, trying, [("seed", "1, 2"), ("epochs", "4, 5")][: len(rows)])
    assert start(trying).isEnabled()


@pytest.mark.parametrize("name", ["learning_rate", "activation"])
def test_that_the_usual_values_can_be_filled_in(qtbot: QtBot, trying: TryChange, name: str) -> None:
    trying._fields[0].show_setting(name)
    press(qtbot, trying, "the usual values")
    assert trying._fields[0].text == SETTINGS[name].examples
    assert note(trying).startswith("3 runs in the background")


def test_that_blanks_are_no_value(qtbot: QtBot, trying: TryChange) -> None:
    fill_in(qtbot, trying, [("learning_rate", "  ")])
    assert "Learning rate is 0.1 now." in note(trying)
    assert not start(trying).isEnabled()


def test_that_nothing_different_is_said_to_be_so(qtbot: QtBot, trying: TryChange) -> None:
    fill_in(qtbot, trying, [("learning_rate", "0.1")])
    assert "number by number" in note(trying)
    assert not start(trying).isEnabled()


# -- one run --


def test_that_one_value_begins_one_run_before_everybodys_eyes(
    qtbot: QtBot, page: QWidget, trying: TryChange
) -> None:
    run = kept_record(number=7)
    trying.open_for(run, page)
    fill_in(qtbot, trying, [("learning_rate", "0.3")])
    assert "learning rate 0.3 in place of 0.1" in note(trying)
    with qtbot.waitSignal(trying.run_wanted) as wanted:
        press(qtbot, trying, "Start")
    assert wanted.args == [TrainingConfig(hidden=(5,), seed=1, learning_rate=0.3), run.id]
    assert not trying.isVisible()


def test_that_enter_in_the_line_starts_and_escape_starts_nothing(qtbot: QtBot, trying: TryChange) -> None:
    line = part(trying, QLineEdit, "Values of setting 1")
    qtbot.keyClicks(line, "0.3")
    qtbot.keyClick(line, Qt.Key.Key_Escape)
    assert not trying.isVisible()
    trying.open_for(None, trying.window())
    with qtbot.waitSignal(trying.run_wanted):
        qtbot.keyClick(line, Qt.Key.Key_Return)


def test_that_a_choice_is_ticked_and_what_it_is_now_is_marked(qtbot: QtBot, trying: TryChange) -> None:
    fill_in(qtbot, trying, [("activation", "tanh")])
    ticks = part(trying, QPushButton, "Choices of setting 1")
    assert ticks.text() == "Tanh"
    assert "ReLU (now)" in [action.text() for action in ticks.menu().actions()]
    assert "activation Tanh in place of ReLU" in note(trying)


# -- several runs --


def test_that_real_runs_end_among_the_kept_ones_and_no_process_is_left(
    qtbot: QtBot, states: States, trying: TryChange, kept: list[RunRecord]
) -> None:
    fill_in(qtbot, trying, [("learning_rate", "0.001, 0.3")])
    press(qtbot, trying, "Start")
    assert not trying.isVisible()
    qtbot.waitUntil(lambda: states.experiments.running is None)
    assert {run.config for run in kept} == {
        replace(trying._training.config, learning_rate=rate) for rate in (0.001, 0.3)
    }
    assert all(run.final.parameters is not None and run.ending == "finished" for run in kept)
    assert len({run.experiment for run in kept}) == 1
    assert multiprocessing.active_children() == []


def test_that_other_seeds_are_runs_of_their_own(
    qtbot: QtBot, page: QWidget, trying: TryChange, scripted: Sweeps
) -> None:
    trying.open_for(kept_record(number=7, config=TrainingConfig(hidden=(5,), seed=40)), page, luck=True)
    choose(qtbot, part(trying, QComboBox, "How often"), "4 times")
    assert "4 runs" in note(trying)
    press(qtbot, trying, "Start")
    assert [config.seed for config in scripted.configs] == [41, 42, 43, 44]
    assert {config.hidden for config in scripted.configs} == {(5,)}


def test_that_nothing_else_can_be_started_while_it_runs_and_stop_stops(
    qtbot: QtBot, states: States, page: QWidget, trying: TryChange, scripted: Sweeps, kept: list[RunRecord]
) -> None:
    fill_in(qtbot, trying, TWO)
    press(qtbot, trying, "Start")
    scripted.send(0, record(scripted.configs[0], 0.5))
    qtbot.waitUntil(lambda: bool(kept))
    trying.open_for(None, page)
    assert note(trying).startswith("1 of 4 done, about ")
    assert not part(trying, QComboBox, "Setting 1").isEnabled()
    press(qtbot, trying, "Stop")
    assert scripted.closed
    assert part(trying, QComboBox, "Setting 1").isEnabled()
    assert len(kept) == 1


def test_that_the_progress_stands_in_the_place_of_the_button(
    qtbot: QtBot, states: States, trying: TryChange, scripted: Sweeps, kept: list[RunRecord]
) -> None:
    progress = ExperimentProgress(states.experiments)
    qtbot.addWidget(progress)
    progress.show()
    fill_in(qtbot, trying, TWO)
    press(qtbot, trying, "Start")
    scripted.send(0, metrics(2))
    qtbot.waitUntil(lambda: progress._bar.value() == 125)  # half of one run of four, of 1000
    assert part(progress, QPushButton, "Experiment under way").text().endswith(" left · 0/4")
    qtbot.mouseClick(part(progress, QToolButton, "Stop at once; what is complete stays"), LEFT)
    assert scripted.closed


def test_that_the_runs_learn_from_the_kept_digits_if_that_is_wanted(
    qtbot: QtBot, states: States, trying: TryChange, scripted: Sweeps
) -> None:
    states.drawing.pen_down(0.3, 0.2)
    states.drawing.pen_move([(0.3, 0.8)])
    states.drawing.pen_up()
    assert states.my_digits.keep(1)
    states.my_digits.train_with_them(True)
    fill_in(qtbot, trying, TWO[:1])
    press(qtbot, trying, "Start")
    assert scripted.more is not None
    assert {config.my_digits for config in scripted.configs} == {scripted.more.fingerprint()}


# -- folds --


def open_folds(qtbot: QtBot, trying: TryChange, count: int) -> None:
    press(qtbot, trying, "Is it luck?")
    press(qtbot, trying, "Other judges")
    choose(qtbot, part(trying, QComboBox, "How often"), f"{count} times")


def rows(trying: TryChange) -> str:
    return trying.findChildren(FoldBars)[0].accessibleDescription()


def texts(trying: TryChange) -> str:
    return "\n".join(found.text() for found in trying.findChildren(QLabel))


def test_that_real_folds_come_one_by_one_and_agree_with_the_mean(
    qtbot: QtBot, states: States, trying: TryChange
) -> None:
    work = states.experiments.cross_validation
    open_folds(qtbot, trying, 2)
    assert "about" in note(trying)
    press(qtbot, trying, "Start")
    assert trying.isVisible()
    qtbot.waitUntil(lambda: len(work.results) == 2 and not work.running)
    accuracies = [100 * result.metrics.validation_accuracy for result in work.results]
    assert rows(trying) == f"1 {accuracies[0]:.2f} %, 2 {accuracies[1]:.2f} %"
    mean, deviation = np.mean(accuracies), np.std(accuracies, ddof=1)
    assert f"{mean:.2f} % ± {deviation:.2f} %" in texts(trying)
    assert multiprocessing.active_children() == []


def test_that_stop_keeps_the_folds_that_are_complete(
    qtbot: QtBot, trying: TryChange, folds: Scripted
) -> None:
    open_folds(qtbot, trying, 5)
    press(qtbot, trying, "Start")
    folds.send(0, FoldResult(0, metrics(4, accuracy=0.75), 1.0))
    folds.send(0, FoldProgress(1, metrics(2)))
    qtbot.waitUntil(lambda: rows(trying) == "1 75.00 %, 2 epoch 2, 3 –, 4 –, 5 –")
    press(qtbot, trying, "Stop")
    assert folds.closed
    assert "75.00 % after one fold" in texts(trying)


def test_that_folds_of_other_settings_are_not_shown_as_if_they_were_these(
    qtbot: QtBot, page: QWidget, trying: TryChange, folds: Scripted
) -> None:
    open_folds(qtbot, trying, 3)
    press(qtbot, trying, "Start")
    folds.send(0, FoldResult(0, metrics(4, accuracy=0.75), 1.0))
    folds.end(0)
    qtbot.waitUntil(lambda: rows(trying) == "1 75.00 %, 2 –, 3 –" and folds.closed)
    trying.open_for(kept_record(number=7), page, luck=True)
    assert rows(trying) == "1 –, 2 –, 3 –"
    assert "75.00 %" not in texts(trying)


def test_that_a_failure_of_a_fold_is_told(
    qtbot: QtBot, states: States, trying: TryChange, folds: Scripted
) -> None:
    open_folds(qtbot, trying, 5)
    press(qtbot, trying, "Start")
    folds.send(0, Failed("Fold 1 of 5: the learning rate is too large."))
    folds.ended = True
    with qtbot.waitSignal(states.experiments.refused) as told:
        pass
    assert told.args == ["Fold 1 of 5: the learning rate is too large."]


def test_that_batches_larger_than_the_folds_leave_room_for_are_refused(
    qtbot: QtBot, states: States, trying: TryChange, folds: Scripted
) -> None:
    trying._training.change({"batch_size": 320})
    open_folds(qtbot, trying, 2)
    with qtbot.waitSignal(states.experiments.refused) as told:
        press(qtbot, trying, "Start")
    assert "at most 200" in told.args[0]
    assert states.experiments.running is None


# -- room --


@pytest.mark.parametrize("luck", [False, True])
def test_that_nothing_is_cut_off(qtbot: QtBot, page: QWidget, trying: TryChange, luck: bool) -> None:
    page.resize(880, 568)
    if luck:
        open_folds(qtbot, trying, 10)
    else:
        fill_in(qtbot, trying, [*TWO, ("seed", "1, 2")])
    trying.fit()
    assert page.rect().contains(trying.geometry())

    def fits(found: QLabel) -> bool:
        needed = found.heightForWidth(found.width()) if found.wordWrap() else found.sizeHint().height()
        return found.height() >= needed

    visible = [found for found in trying.findChildren(QLabel) if found.isVisible()]
    qtbot.waitUntil(lambda: all(map(fits, visible)))
