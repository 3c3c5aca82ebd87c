"""The sweep as a person sees it: what will run, how far it is, what is best, and a stop that stops."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QProgressBar, QPushButton
from pytestqt.qtbot import QtBot

from micronn_core.data.dataset import Dataset
from micronn_core.data.splits import SPLITS, SplitRule
from micronn_core.experiments.jobs import Failed
from micronn_core.runs.record import RunRecord
from micronn_core.settings.config import TrainingConfig
from micronn_gui.panels.runs.sweep import EXAMPLES, SweepPanel
from micronn_gui.session import experiments
from micronn_gui.session.states import States
from micronn_gui.session.training import TrainingState
from tests.gui.running import begin, choose, enter, part
from tests.gui.scripted import Scripted, metrics, record

SETTINGS = [("learning_rate", "0.05, 0.2"), ("hidden", "10, 128-32")]


@pytest.fixture
def panel(qtbot: QtBot, training: TrainingState, states: States) -> SweepPanel:
    begin(qtbot, training, split="19999/9999", epochs=4)
    made = SweepPanel(training, states.experiments.sweep)
    qtbot.addWidget(made)
    made.resize(400, 280)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
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


def press(qtbot: QtBot, panel: SweepPanel, text: str) -> None:
    qtbot.mouseClick(part(panel, QPushButton, text), Qt.MouseButton.LeftButton)


def fill_in(qtbot: QtBot, panel: SweepPanel, rows: Sequence[tuple[str, str]]) -> None:
    for i, (name, values) in enumerate(rows, start=1):
        box = part(panel, QComboBox, f"Setting {i}")
        choose(qtbot, box, box.itemText(box.findData(name)))
        enter(qtbot, part(panel, QLineEdit, f"Values of setting {i}"), values)


def texts(panel: SweepPanel) -> str:
    return "\n".join(label.text() for label in panel.findChildren(QLabel))


def shown(qtbot: QtBot, condition: Callable[[], bool]) -> None:
    qtbot.waitUntil(condition)


def test_that_it_says_how_many_runs_there_will_be(qtbot: QtBot, panel: SweepPanel) -> None:
    assert "3 runs, about" in texts(panel)
    fill_in(qtbot, panel, SETTINGS)
    assert "4 runs, about" in texts(panel)


@pytest.mark.parametrize("name", EXAMPLES)
def test_that_the_values_that_a_setting_begins_with_can_be_swept(
    panel: SweepPanel, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setitem(SPLITS, "19999/9999", SplitRule("19999/9999", "", 19_999, 9_999, ""))
    panel._training.change({"batch_size": 32})
    panel._choose(0, name)
    assert " runs, about" in texts(panel)
    assert part(panel, QPushButton, "Start").isEnabled()


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([("learning_rate", "0.1, -1")], "rate −1: The learning rate must be"),
        ([("hidden", "10, 0")], "from 1 to 4,096"),
        ([("dropout", "0, 1")], "nothing could be learned"),
        ([("batch_size", "32, 321")], "batch 321"),
        ([("learning_rate", "0.1")], "at least two values"),
        ([("learning_rate", "1, 2"), ("learning_rate", "3, 4")], "there twice"),
        ([("seed", ",".join(map(str, range(65))))], "65 runs"),
        ([("augmentation", "off, strong")], "choose a batch size"),
    ],
)
def test_that_what_cannot_run_is_refused_in_the_panel_with_its_reason(
    qtbot: QtBot, panel: SweepPanel, rows: list[tuple[str, str]], reason: str
) -> None:
    fill_in(qtbot, panel, rows)
    assert reason in texts(panel)
    assert not part(panel, QPushButton, "Start").isEnabled()
    fill_in(qtbot, panel, [("seed", "1, 2"), ("epochs", "4, 5")][: len(rows)])
    assert part(panel, QPushButton, "Start").isEnabled()


def test_that_a_real_sweep_ends_with_its_runs_kept_and_no_process_left(
    qtbot: QtBot, panel: SweepPanel, kept: list[RunRecord]
) -> None:
    fill_in(qtbot, panel, [("learning_rate", "0.001, 0.3")])
    press(qtbot, panel, "Start")
    work = panel._work
    assert part(panel, QProgressBar, "Progress of the sweep").isVisible()
    shown(qtbot, lambda: not work.running)
    assert {run.config for run in kept} == {
        replace(panel._training.config, learning_rate=rate) for rate in (0.001, 0.3)
    }
    assert all(run.final.parameters is not None and run.ending == "finished" for run in kept)
    assert multiprocessing.active_children() == []
    assert "The best of 2: rate 0.3" in texts(panel)


def test_that_progress_and_the_best_so_far_are_shown_while_it_runs(
    qtbot: QtBot, panel: SweepPanel, scripted: Sweeps, kept: list[RunRecord]
) -> None:
    fill_in(qtbot, panel, SETTINGS)
    press(qtbot, panel, "Start")
    bar = part(panel, QProgressBar, "Progress of the sweep")
    scripted.send(0, metrics(2))
    shown(qtbot, lambda: bar.value() == 125)  # half of one run of four, of 1000
    assert "0 of 4 runs" in texts(panel)
    scripted.send(0, record(scripted.configs[0], 0.5))
    scripted.send(1, record(scripted.configs[1], 0.75))
    shown(qtbot, lambda: bar.value() == 500)
    assert "2 of 4 runs" in texts(panel)
    assert "75.00 %" in texts(panel)
    assert "The best so far: rate 0.05, hidden 128-32" in texts(panel)
    assert [run.name for run in kept] == [
        "rate 0.05, hidden 10",
        "rate 0.05, hidden 128-32",
    ]


def test_that_stop_ends_all_processes_and_keeps_the_runs_that_are_complete(
    qtbot: QtBot, panel: SweepPanel, scripted: Sweeps, kept: list[RunRecord]
) -> None:
    press(qtbot, panel, "Start")
    scripted.send(0, record(scripted.configs[0], 0.5))
    shown(qtbot, lambda: bool(kept))
    press(qtbot, panel, "Stop")
    assert scripted.closed
    assert "The best of 1" in texts(panel)
    assert part(panel, QPushButton, "Start").isEnabled()


def test_that_a_run_that_fails_is_told_and_never_the_best_and_the_others_go_on(
    qtbot: QtBot, panel: SweepPanel, scripted: Sweeps, kept: list[RunRecord]
) -> None:
    work = panel._work
    press(qtbot, panel, "Start")
    scripted.send(0, record(scripted.configs[0], 0.9, ending="failed"))
    scripted.send(0, Failed("the learning rate is too large."))
    scripted.send(1, record(scripted.configs[1], 0.5))
    with qtbot.waitSignal(work.refused) as told:
        pass
    assert told.args == ["rate 0.05: the learning rate is too large."]
    assert work.running
    assert work.best is not None
    assert work.best.config == scripted.configs[1]
    assert len(kept) == 2


def test_that_the_runs_learn_from_the_kept_digits_if_that_is_wanted(
    qtbot: QtBot, states: States, panel: SweepPanel, scripted: Sweeps
) -> None:
    states.drawing.pen_down(0.3, 0.2)
    states.drawing.pen_move([(0.3, 0.8)])
    states.drawing.pen_up()
    assert states.my_digits.keep(1)
    states.my_digits.train_with_them(True)
    press(qtbot, panel, "Start")
    assert scripted.more is not None
    assert {config.my_digits for config in scripted.configs} == {scripted.more.fingerprint()}


def test_that_nothing_can_be_changed_while_it_runs(qtbot: QtBot, panel: SweepPanel, scripted: Sweeps) -> None:
    press(qtbot, panel, "Start")
    controls = [*panel.findChildren(QComboBox), *panel.findChildren(QLineEdit)]
    assert not any(control.isEnabled() for control in controls)


def test_that_closing_ends_all_processes(
    qtbot: QtBot, states: States, panel: SweepPanel, scripted: Sweeps
) -> None:
    press(qtbot, panel, "Start")
    states.close()
    assert scripted.closed


def test_that_nothing_is_cut_off_in_a_small_window(
    qtbot: QtBot, panel: SweepPanel, scripted: Sweeps, kept: list[RunRecord]
) -> None:
    fill_in(qtbot, panel, [*SETTINGS, ("seed", "1, 2")])
    press(qtbot, panel, "Start")
    scripted.send(0, record(scripted.configs[0], 1.0))
    shown(qtbot, lambda: "100.00 %" in texts(panel))
    assert panel.size().toTuple() == (400, 280)

    def fits(label: QLabel) -> bool:
        needed = label.heightForWidth(label.width()) if label.wordWrap() else label.sizeHint().height()
        return label.height() >= needed and panel.rect().contains(label.geometry())

    shown(qtbot, lambda: all(map(fits, panel.findChildren(QLabel))))
