"""Files of samples are read beside the window, which does not wait for one when it closes."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from micronn_core.data.catalog import opened_files
from micronn_gui.session.opened_data import OpenedData
from micronn_gui.session.states import States
from micronn_gui.session.training import TrainingState
from tests.core.shapes import flowers, write_csv

LARGE = 6_000_000
"""Rows that take many seconds to read."""


def large(path: Path) -> Path:
    path.write_text("label,a,b\n" + "red,1,2\nblue,3,4\n" * (LARGE // 2))
    return path


def test_that_closing_does_not_wait_for_a_large_file(states: States, tmp_path: Path) -> None:
    states.opened.open(large(tmp_path / "large.csv"))
    before = time.monotonic()
    states.opened.close()
    assert time.monotonic() - before < 2
    assert opened_files() == ()


def test_that_a_file_that_cannot_be_remembered_can_be_used_and_it_is_said_once(
    qtbot: QtBot, states: States, tmp_path: Path
) -> None:
    (tmp_path / "opened-data.json").mkdir()
    told = QSignalSpy(states.opened.refused)
    for name in ("one.csv", "two.csv"):
        path = write_csv(tmp_path / name, flowers())
        with qtbot.waitSignal(states.opened.ready):
            states.opened.open(path)
    assert [source.label for source in opened_files()] == ["one.csv", "two.csv"]
    assert told.count() == 1
    assert told.at(0)[0].startswith("The file is open, but will have to be opened again the next time: ")


@pytest.mark.parametrize(
    ("content", "said", "stays"), [('{"format": 99}', "newer MicroNN", True), ('{"form', "is damaged", False)]
)
def test_that_a_list_of_a_newer_version_stays_as_it_is(
    qtbot: QtBot, training: TrainingState, tmp_path: Path, content: str, said: str, stays: bool
) -> None:
    kept = tmp_path / "list.json"
    kept.write_text(content)
    opened = OpenedData(training, kept)
    assert said in opened.trouble
    with qtbot.waitSignal(opened.ready):
        opened.open(write_csv(tmp_path / "flowers.csv", flowers()))
    opened.close()
    assert (kept.read_text() == content) is stays


def test_that_another_file_does_not_wait_for_one_that_is_given_up(
    qtbot: QtBot, states: States, tmp_path: Path
) -> None:
    states.opened.open(large(tmp_path / "large.csv"))
    small = write_csv(tmp_path / "flowers.csv", flowers())
    with qtbot.waitSignal(states.opened.ready, timeout=5_000):
        states.opened.open(small)
    assert [source.name for source in opened_files()] == [str(small)]
