"""Runs are deleted at once, and brought back as they were."""

from __future__ import annotations

import pytest
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

import micronn_core.runs.store
from micronn_core.common.errors import StorageError
from micronn_core.common.trash import FOLDER
from micronn_core.runs.store import RunStore
from micronn_gui.session.runs import Runs
from micronn_gui.session.states import States
from micronn_gui.session.undo import RUNS
from tests.core.runs.run_records import record
from tests.gui.keeping import on_disk, run_through, settle, stock
from tests.gui.running import LONG, begin, train_to


@pytest.fixture
def runs(qtbot: QtBot, states: States) -> Runs:
    """Three kept runs."""
    stock(states.runs.folder, 3)
    states.runs.watch(True)
    settle(qtbot, states.runs)
    return states.runs


def ids(runs: Runs, *numbers: int) -> list[str]:
    return [run.id for run in runs.records() if run.number in numbers]


def numbers(runs: Runs) -> list[int]:
    return [run.number for run in runs.records()]


def undo(qtbot: QtBot, states: States) -> str:
    act = states.undo.last((RUNS,))
    states.undo.undo((RUNS,))
    settle(qtbot, states.runs)
    return "" if act is None else act.what


def test_that_three_runs_are_deleted_as_one_and_come_back_with_their_ticks(
    qtbot: QtBot, states: States, runs: Runs
) -> None:
    ticks = {run.id: runs.is_chosen(run.id) for run in runs.records()}
    runs.delete(ids(runs, 1, 2, 3))
    assert numbers(runs) == []  # at once
    settle(qtbot, runs)
    assert on_disk(states) == ()
    assert undo(qtbot, states) == "delete 3 runs (Run 3, Run 2, Run 1)"
    assert numbers(runs) == [3, 2, 1]
    assert {run.id: runs.is_chosen(run.id) for run in runs.records()} == ticks
    assert len(on_disk(states)) == 3


def test_that_a_folder_that_cannot_be_used_is_told_and_undone_later(
    qtbot: QtBot, states: States, runs: Runs
) -> None:
    runs.delete(ids(runs, 2))
    settle(qtbot, runs)
    away = runs.folder.rename(runs.folder.with_name("away"))
    runs.folder.touch()
    told = QSignalSpy(runs.refused)
    assert undo(qtbot, states) == "delete Run 2"
    assert told.count() >= 1
    runs.folder.unlink()
    away.rename(runs.folder)
    assert undo(qtbot, states) == "delete Run 2"
    assert numbers(runs) == [3, 2, 1]


def test_that_deletions_are_undone_the_last_one_first(qtbot: QtBot, states: States, runs: Runs) -> None:
    for number in (1, 3, 2):
        runs.delete(ids(runs, number))
    settle(qtbot, runs)
    undone = [(undo(qtbot, states), numbers(runs)) for _ in range(4)]
    assert undone == [
        ("delete Run 2", [2]),
        ("delete Run 3", [3, 2]),
        ("delete Run 1", [3, 2, 1]),
        ("", [3, 2, 1]),
    ]


def test_that_to_delete_twice_before_the_disk_answers_is_to_delete_once(
    qtbot: QtBot, states: States, runs: Runs
) -> None:
    two, refused = ids(runs, 2), QSignalSpy(runs.refused)
    runs.delete(two)
    runs.delete(two)
    settle(qtbot, runs)
    assert (numbers(runs), refused.count()) == ([3, 1], 0)
    assert [undo(qtbot, states), undo(qtbot, states)] == ["delete Run 2", ""]


def test_that_runs_are_deleted_and_brought_back_while_it_trains(
    qtbot: QtBot, states: States, runs: Runs
) -> None:
    begin(qtbot, states.training, epochs=LONG)
    train_to(qtbot, states.training, 2)
    states.training.play()
    runs.delete([*ids(runs, 2), runs.present_id])
    settle(qtbot, runs)
    assert runs.present_id in [run.id for run in runs.records()]
    assert 2 not in numbers(runs)
    undo(qtbot, states)
    assert 2 in numbers(runs)
    states.training.hold()


def test_that_a_run_that_got_no_place_on_the_disk_comes_back_too(
    qtbot: QtBot, states: States, runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(*_: object) -> None:
        raise StorageError("full")

    with monkeypatch.context() as patch:
        patch.setattr(micronn_core.runs.store, "write_atomically", write)
        run_through(qtbot, states)
        begin(qtbot, states.training)
        settle(qtbot, runs)
        (unsaved,) = runs._unsaved.values()
        runs.delete([unsaved.id])
        settle(qtbot, runs)
        assert unsaved.id not in [run.id for run in runs.records()]
        undo(qtbot, states)
        assert unsaved.id in [run.id for run in runs.records()]


def test_that_what_cannot_be_deleted_stays_with_its_tick_and_the_rest_goes(
    qtbot: QtBot, states: States, runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    (stuck,), refused = ids(runs, 2), QSignalSpy(runs.refused)
    ticked, delete = runs.is_chosen(stuck), RunStore.delete

    def refuse(store: RunStore, id_: str) -> bool:
        if id_ == stuck:
            raise StorageError("it is open elsewhere")
        return delete(store, id_)

    monkeypatch.setattr(RunStore, "delete", refuse)
    runs.delete(ids(runs, 1, 2))
    settle(qtbot, runs)
    assert (numbers(runs), runs.is_chosen(stuck)) == ([3, 2], ticked)
    assert refused.at(0)[0] == "it is open elsewhere"
    assert undo(qtbot, states) == "delete Run 1"


def test_that_a_run_that_another_window_has_deleted_is_said_to_be_gone_for_good(
    qtbot: QtBot, states: States, runs: Runs
) -> None:
    (two,), refused = ids(runs, 2), QSignalSpy(runs.refused)
    other = RunStore(runs.folder)
    other.delete(two)
    runs.delete([two])
    settle(qtbot, runs)
    assert refused.at(0)[0].startswith("Run 2 is deleted for good")
    assert states.undo.last((RUNS,)) is None
    other.close()


def test_that_a_run_whose_number_was_given_again_comes_back_under_another(
    qtbot: QtBot, states: States, runs: Runs
) -> None:
    runs.delete(ids(runs, 3))
    settle(qtbot, runs)
    RunStore(runs.folder).add(record())
    done = QSignalSpy(runs.done)
    undo(qtbot, states)
    assert sorted(numbers(runs)) == [1, 2, 3, 4]
    assert done.at(0)[0] == "Run 4 is back."


def test_that_a_folder_that_is_deleted_under_the_window_is_said(
    qtbot: QtBot, states: States, runs: Runs
) -> None:
    runs.delete(ids(runs, 1))
    settle(qtbot, runs)
    for path in sorted(runs.folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    runs.folder.rmdir()
    refused = QSignalSpy(runs.refused)
    undo(qtbot, states)
    assert "no longer in the trash" in refused.at(0)[0]
    assert states.undo.last((RUNS,)) is None


def test_that_when_the_window_closes_the_trash_is_emptied(qtbot: QtBot, states: States, runs: Runs) -> None:
    runs.delete(ids(runs, 1, 2))
    runs.close()
    assert not (runs.folder / FOLDER).exists()
    assert [run.number for run in on_disk(states)] == [3]


def test_that_the_present_run_alone_is_not_deleted_and_this_is_said(
    qtbot: QtBot, states: States, runs: Runs
) -> None:
    run_through(qtbot, states)
    refused = QSignalSpy(runs.refused)
    runs.delete([runs.present_id])
    assert "on the other pages" in refused.at(0)[0]
    assert runs.present_id in [run.id for run in runs.records()]
