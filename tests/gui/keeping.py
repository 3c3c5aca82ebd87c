"""Helpers around the kept runs."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from micronn_core.runs.record import RunRecord
from micronn_core.runs.store import RunStore
from micronn_gui.session.runs import Runs
from micronn_gui.session.states import States
from tests.core.runs.run_records import record
from tests.gui.running import begin, finish


def settle(qtbot: QtBot, runs: Runs) -> None:
    """Wait until all that was asked of the disk has been done and told."""
    answers: list[None] = []
    runs._disk.do(lambda _: None, answers.append)
    qtbot.waitUntil(lambda: bool(answers))


def on_disk(states: States) -> tuple[RunRecord, ...]:
    """Return what somebody finds who opens the folder now."""
    return RunStore(states.runs.folder).list()


def stock(folder: Path, count: int) -> list[RunRecord]:
    """Lay runs into a folder: the first is the oldest, and they differ in their seed."""
    store = RunStore(folder)
    days = range(1, count + 1)
    made = [record(seed=i, lowest=10, number=i, began=f"2026-03-{i:02}T10:00:00+00:00") for i in days]
    for run in made:
        store.save(run)
    return made


def run_through(qtbot: QtBot, states: States, **settings: object) -> None:
    """Make a network, train it to its end, and have the run kept."""
    begin(qtbot, states.training, **{"epochs": 3, **settings})
    finish(qtbot, states.training)
    settle(qtbot, states.runs)
