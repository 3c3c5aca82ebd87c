"""Files of samples are read beside the window, which does not wait for one when it closes."""

from __future__ import annotations

import time
from pathlib import Path

from pytestqt.qtbot import QtBot

from micronn_core.data.catalog import opened_files
from micronn_gui.session.states import States
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


def test_that_another_file_does_not_wait_for_one_that_is_given_up(
    qtbot: QtBot, states: States, tmp_path: Path
) -> None:
    states.opened.open(large(tmp_path / "large.csv"))
    small = write_csv(tmp_path / "flowers.csv", flowers())
    with qtbot.waitSignal(states.opened.ready, timeout=5_000):
        states.opened.open(small)
    assert [source.name for source in opened_files()] == [str(small)]
