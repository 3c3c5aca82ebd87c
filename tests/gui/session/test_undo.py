"""One sequence of what can be undone: what was done last is undone first, each on its own page."""

from __future__ import annotations

import pytest
from PySide6.QtTest import QSignalSpy

from micronn_core.common.errors import StorageError
from micronn_core.drawing import my_digits as store
from micronn_gui.session.drawing import Drawing
from micronn_gui.session.states import States
from micronn_gui.session.undo import DIGITS, PAD, RUNS, Act, Undo

LINE = ((0.2, 0.2), (0.8, 0.8))
OTHER = ((0.2, 0.8), (0.8, 0.2))


def stroke(drawing: Drawing, points: tuple[tuple[float, float], ...] = LINE) -> None:
    drawing.pen_down(*points[0])
    drawing.pen_move(points[1:])
    drawing.pen_up()


def keep(states: States, *labels: int) -> None:
    for label in labels:
        states.drawing.show([LINE, ((0.1 * label, 0.1), (0.5, 0.9))])
        assert states.my_digits.keep(label)


def labels(states: States) -> list[int]:
    return [digit.label for digit in states.my_digits.digits]


def undo(states: States, *on: str) -> str:
    """Undo the last act, and return what that was."""
    act = states.undo.last(on)
    states.undo.undo(on)
    return "" if act is None else act.what


def test_that_without_acts_there_is_nothing_to_undo(states: States) -> None:
    assert states.undo.last((PAD, DIGITS, RUNS)) is None
    states.undo.undo((PAD, DIGITS, RUNS))


def test_that_an_act_is_undone_once_however_often_it_is_asked_for() -> None:
    drawing, undone = Drawing(), []
    acts = Undo(drawing)
    act = Act(RUNS, "delete", lambda: undone.append("x"))
    acts.add(act)
    acts.take_back(act)
    acts.take_back(act)
    acts.undo((RUNS,))
    assert undone == ["x"]


def test_that_strokes_and_digits_are_undone_in_the_order_in_which_they_were_done(states: States) -> None:
    keep(states, 1, 2)
    one, two = states.my_digits.digits
    stroke(states.drawing)
    states.my_digits.relabel(one.name, 7)
    states.my_digits.delete(two.name)
    stroke(states.drawing, OTHER)
    states.my_digits.delete(one.name)
    assert undo(states, PAD, DIGITS) == "delete the 7"
    assert labels(states) == [7]
    assert undo(states, PAD, DIGITS) == "stroke"
    assert states.drawing.strokes == (LINE,)
    assert undo(states, PAD, DIGITS) == "delete the 2"
    assert labels(states) == [7, 2]
    assert undo(states, PAD, DIGITS) == "label the 1 as 7"
    assert labels(states) == [1, 2]
    assert undo(states, PAD, DIGITS) == "stroke"
    assert undo(states, PAD, DIGITS) == "clear the pad"  # the 2 was kept
    assert not states.drawing.is_empty


def test_that_what_was_done_again_on_the_pad_is_undone_first(states: States) -> None:
    keep(states, 1)
    (one,) = states.my_digits.digits
    stroke(states.drawing)
    states.drawing.undo()
    states.my_digits.delete(one.name)
    states.drawing.redo()
    assert [undo(states, PAD, DIGITS) for _ in range(2)] == ["stroke", "delete the 1"]


def test_that_each_page_undoes_its_own(states: States) -> None:
    stroke(states.drawing)
    keep(states, 1)
    states.my_digits.delete(states.my_digits.digits[0].name)
    assert states.undo.last((RUNS,)) is None
    assert undo(states, PAD) == "clear the pad"
    assert labels(states) == []
    assert undo(states, DIGITS) == "delete the 1"
    assert labels(states) == [1]


def test_that_the_stroke_under_the_pen_is_undone(states: States) -> None:
    states.drawing.pen_down(0.2, 0.2)
    assert undo(states, PAD) == "stroke"
    assert states.drawing.is_empty


def test_that_an_import_is_undone_but_for_what_was_deleted_since(states: States, tmp_path: object) -> None:
    keep(states, 1, 2, 3)
    path = states.my_digits.export(states.my_digits._store.folder.parent / "mine.zip")
    assert path is not None
    for digit in states.my_digits.digits[1:]:
        states.my_digits.delete(digit.name)
    assert states.my_digits.import_(path) == 2
    states.my_digits.delete(states.my_digits.digits[2].name)
    states.undo._acts.pop()  # as if another window had deleted it
    assert undo(states, DIGITS) == "import 2 digits"
    assert labels(states) == [1]


def test_that_the_same_label_again_is_no_act(states: States) -> None:
    keep(states, 1)
    states.my_digits.relabel(states.my_digits.digits[0].name, 1)
    assert states.undo.last((DIGITS,)) is None


def test_that_what_cannot_be_undone_for_now_can_be_later(
    states: States, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(states, 1)
    name, refused = states.my_digits.digits[0].name, QSignalSpy(states.my_digits.refused)
    states.my_digits.relabel(name, 2)

    def write(*_: object) -> None:
        raise StorageError("full")

    with monkeypatch.context() as patch:
        patch.setattr(store, "write_atomically", write)
        undo(states, DIGITS)
    assert (labels(states), refused.at(0)[0]) == ([2], "full")
    undo(states, DIGITS)
    assert labels(states) == [1]


def test_that_what_can_be_undone_never_more_is_said_and_does_not_stand_in_the_way(states: States) -> None:
    keep(states, 1, 2)
    one, two = states.my_digits.digits
    states.my_digits.delete(one.name)
    states.my_digits.delete(two.name)
    (states.my_digits._store.trash._own / f"{two.name}.png").unlink()
    refused = QSignalSpy(states.my_digits.refused)
    undo(states, DIGITS)
    assert "no longer in the trash" in refused.at(0)[0]
    undo(states, DIGITS)
    assert labels(states) == [1]


def test_that_a_label_of_a_digit_that_another_window_deleted_is_said_to_be_gone(states: States) -> None:
    keep(states, 1)
    (one,) = states.my_digits.digits
    states.my_digits.relabel(one.name, 2)
    other = store.MyDigits(states.my_digits._store.folder)
    other.delete(one.name)
    refused = QSignalSpy(states.my_digits.refused)
    undo(states, DIGITS)
    assert "may have been deleted already" in refused.at(0)[0]
    assert states.undo.last((DIGITS,)) is None
    other.close()
