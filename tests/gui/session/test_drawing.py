"""The drawing as a part of the session: strokes as vectors, and nothing that cannot be undone."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication

from micronn_core.drawing.preparation import Preparation, map_to_field, prepare, render, stages
from micronn_gui.session.drawing import IN_PLACE, Drawing, Stroke

ONE: Stroke = ((0.2, 0.2), (0.3, 0.6), (0.25, 0.8))
TWO: Stroke = ((0.6, 0.2), (0.7, 0.9))
SPECK: Stroke = ((0.98, 0.02),)


@pytest.fixture
def drawing(qapp: QApplication) -> Drawing:
    return Drawing()


def draw(drawing: Drawing, *strokes: Stroke) -> None:
    for stroke in strokes:
        drawing.pen_down(*stroke[0])
        drawing.pen_move(stroke[1:])
        drawing.pen_up()


def test_that_at_first_nothing_is_drawn(drawing: Drawing) -> None:
    assert drawing.is_empty
    assert not drawing.can_undo
    assert not drawing.can_redo
    assert not drawing.picture.any()


def test_that_the_stroke_under_the_pen_is_seen_at_once(drawing: Drawing) -> None:
    spy = QSignalSpy(drawing.changed)
    drawing.pen_down(*ONE[0])
    np.testing.assert_array_equal(drawing.picture, prepare([ONE[:1]]))
    for i, point in enumerate(ONE[1:], start=2):
        drawing.pen_move([point])
        assert drawing.strokes == (ONE[:i],)
        np.testing.assert_array_equal(drawing.picture, prepare([ONE[:i]]))
    drawing.pen_up()
    assert drawing.strokes == (ONE,)
    assert spy.count() == 4


def test_that_without_a_pen_on_the_pad_moving_and_lifting_do_nothing(drawing: Drawing) -> None:
    spy = QSignalSpy(drawing.changed)
    drawing.pen_move([(0.5, 0.5)])
    drawing.pen_up()
    drawing.clear()
    drawing.undo()
    drawing.redo()
    assert spy.count() == 0
    assert not drawing.can_undo


def test_that_undo_and_redo_go_by_strokes(drawing: Drawing) -> None:
    draw(drawing, ONE, TWO)
    seen = [drawing.strokes]
    while drawing.can_undo:
        drawing.undo()
        seen.append(drawing.strokes)
    assert seen == [(ONE, TWO), (ONE,), ()]
    while drawing.can_redo:
        drawing.redo()
    assert drawing.strokes == (ONE, TWO)
    np.testing.assert_array_equal(drawing.picture, prepare([ONE, TWO]))


def test_that_a_clearing_can_be_undone(drawing: Drawing) -> None:
    draw(drawing, ONE, TWO)
    drawing.clear()
    assert drawing.is_empty
    drawing.undo()
    assert drawing.strokes == (ONE, TWO)


def test_that_a_new_stroke_ends_what_could_be_redone(drawing: Drawing) -> None:
    draw(drawing, ONE)
    drawing.undo()
    draw(drawing, TWO)
    assert not drawing.can_redo
    drawing.undo()
    assert drawing.is_empty


@pytest.mark.parametrize("end", [Drawing.clear, Drawing.undo])
def test_that_what_is_taken_from_under_the_pen_can_be_brought_back(
    drawing: Drawing, end: Callable[[Drawing], None]
) -> None:
    draw(drawing, ONE)
    drawing.pen_down(*TWO[0])
    drawing.pen_move(TWO[1:])
    end(drawing)
    assert drawing.strokes == ((ONE,) if end is Drawing.undo else ())
    (drawing.redo if end is Drawing.undo else drawing.undo)()
    assert drawing.strokes == (ONE, TWO)
    drawing.pen_move([(0.9, 0.9)])  # the pen is still on the pad, but its stroke has ended
    assert drawing.strokes == (ONE, TWO)


def test_that_a_stroke_whose_end_was_missed_is_kept(drawing: Drawing) -> None:
    drawing.pen_down(*ONE[0])
    drawing.pen_move(ONE[1:])
    draw(drawing, TWO)
    assert drawing.strokes == (ONE, TWO)


# -- the eraser --


def test_that_the_eraser_splits_a_stroke_and_leaves_the_others(drawing: Drawing) -> None:
    across: Stroke = tuple((x / 100, 0.5) for x in range(10, 91))
    draw(drawing, ONE, across)
    drawing.erase(0.6, 0.5, 0.04)
    kept, left, right = drawing.strokes
    assert kept == ONE
    assert left[0] == pytest.approx((0.1, 0.5))
    assert left[-1] == pytest.approx((0.56, 0.5), abs=0.011)
    assert right[0] == pytest.approx((0.64, 0.5), abs=0.011)
    assert right[-1] == pytest.approx((0.9, 0.5))


def test_that_the_eraser_cuts_a_line_between_two_points(drawing: Drawing) -> None:
    draw(drawing, ((0.1, 0.5), (0.9, 0.5)))
    drawing.erase(0.5, 0.5, 0.04)
    assert len(drawing.strokes) == 2
    every = np.concatenate(drawing.strokes)
    assert (np.abs(every[:, 0] - 0.5) > 0.04).all()
    np.testing.assert_allclose(every[:, 1], 0.5)


def test_that_what_lies_within_the_eraser_goes_and_what_lies_beyond_stays(drawing: Drawing) -> None:
    draw(drawing, ((0.5, 0.5),), ((0.49, 0.5), (0.51, 0.5)), ((0.55, 0.5),))
    drawing.erase(0.5, 0.5, 0.04)
    assert drawing.strokes == (((0.55, 0.5),),)


def test_that_erasing_beside_the_strokes_is_nothing_to_undo(drawing: Drawing) -> None:
    draw(drawing, ONE)
    spy = QSignalSpy(drawing.changed)
    drawing.erase(0.9, 0.1, 0.04)
    drawing.pen_up()
    assert spy.count() == 0
    assert drawing.strokes == (ONE,)
    drawing.undo()
    assert not drawing.can_undo


def test_that_one_sweep_of_the_eraser_is_undone_as_one(drawing: Drawing) -> None:
    draw(drawing, ((0.1, 0.5), (0.9, 0.5)))
    before = drawing.strokes
    for x in np.linspace(0.2, 0.4, 9):
        drawing.erase(float(x), 0.5, 0.04)
    drawing.pen_up()
    drawing.erase(0.7, 0.5, 0.04)
    drawing.pen_up()
    assert len(drawing.strokes) == 3
    drawing.undo()
    assert len(drawing.strokes) == 2
    drawing.undo()
    assert drawing.strokes == before


# -- the preparation --


@pytest.mark.parametrize("step", ["drop_specks", "smooth", "straighten", "crop", "fit", "centre"])
def test_that_switching_a_step_changes_what_the_network_sees(drawing: Drawing, step: str) -> None:
    draw(drawing, ONE, TWO, SPECK)
    before = drawing.picture
    spy = QSignalSpy(drawing.changed)
    on = getattr(Preparation(), step)
    drawing.prepare_by(**{step: not on})
    assert spy.count() == 1
    assert not np.array_equal(drawing.picture, before)
    np.testing.assert_array_equal(drawing.picture, prepare([ONE, TWO, SPECK], 1.0, drawing.preparation))
    for found, expected in zip(
        drawing.stages(), stages([ONE, TWO, SPECK], 1.0, drawing.preparation), strict=True
    ):
        assert found.step == expected.step
        np.testing.assert_array_equal(found.picture, expected.picture)
    np.testing.assert_array_equal(
        drawing.map_to_field(), map_to_field([ONE, TWO, SPECK], 1.0, drawing.preparation)
    )
    drawing.prepare_by(**{step: on})
    np.testing.assert_array_equal(drawing.picture, before)


# -- a picture on the pad --


def test_that_a_picture_is_seen_as_it_is_and_ink_is_added_in_its_place(drawing: Drawing) -> None:
    picture = np.random.default_rng(0).random((28, 28), np.float32)
    drawing.lay_under(picture)
    assert not drawing.is_empty
    np.testing.assert_array_equal(drawing.picture, picture)
    draw(drawing, ONE)
    np.testing.assert_array_equal(drawing.picture, np.maximum(picture, prepare([ONE], 1.0, IN_PLACE)))
    np.testing.assert_array_equal(drawing.stages()[-1].picture, drawing.picture)


def test_that_a_picture_and_the_strokes_it_replaced_can_be_undone(drawing: Drawing) -> None:
    picture = np.ones((28, 28), np.float32)
    draw(drawing, ONE)
    drawing.lay_under(picture)
    draw(drawing, TWO)
    drawing.clear()
    assert drawing.is_empty
    drawing.undo()
    assert (drawing.strokes, drawing.under is picture) == ((TWO,), True)
    drawing.undo()
    drawing.undo()
    assert (drawing.strokes, drawing.under) == ((ONE,), None)


def test_that_other_strokes_can_be_shown_and_that_be_undone(drawing: Drawing) -> None:
    draw(drawing, ONE)
    drawing.show([TWO])
    assert drawing.strokes == (TWO,)
    drawing.undo()
    assert drawing.strokes == (ONE,)


def test_that_the_pressure_of_a_pen_does_not_change_what_the_network_sees(drawing: Drawing) -> None:
    drawing.pen_down(0.2, 0.2, 0.1)
    drawing.pen_move([(0.5, 0.8, 0.9), (0.8, 0.2, 0.5)])
    drawing.pen_up()
    pressed = drawing.picture
    drawing.show([((0.2, 0.2), (0.5, 0.8), (0.8, 0.2))])
    np.testing.assert_array_equal(drawing.picture, pressed)


def test_that_the_eraser_cuts_a_stroke_of_a_pen_with_pressure(drawing: Drawing) -> None:
    drawing.show([((0.1, 0.5, 0.2), (0.9, 0.5, 1.0))])
    drawing.erase(0.5, 0.5, 0.1)
    left, right = drawing.strokes
    assert left[-1][:2] == pytest.approx((0.4, 0.5), abs=0.03)
    assert right[0] == pytest.approx((0.6, 0.5, 0.7), abs=0.03)


# -- the eraser on a picture --


def test_that_the_eraser_takes_the_ink_of_a_picture_and_one_sweep_is_undone_as_one(drawing: Drawing) -> None:
    picture = np.ones((28, 28), np.float32)
    drawing.lay_under(picture)
    draw(drawing, ((0.5, 0.1), (0.5, 0.9)))
    before = drawing.picture
    drawing.erase(0.2, 0.5, 0.04)
    drawing.erase(0.8, 0.5, 0.04)  # a fast hand: nothing is said of the way between
    drawing.pen_up()
    assert drawing.under is not None
    assert (drawing.under[13:15, 6:22] == 0).all()
    assert (drawing.under[[10, 17]] == 1).all()
    assert (drawing.under[:, [3, 24]] == 1).all()
    assert len(drawing.strokes) == 2
    assert (picture == 1).all()
    drawing.undo()
    assert drawing.under is picture
    np.testing.assert_array_equal(drawing.picture, before)
    drawing.redo()
    assert drawing.under is not None
    assert (drawing.under[13:15, 6:22] == 0).all()


def test_that_erasing_where_a_picture_has_no_ink_is_nothing_to_undo(drawing: Drawing) -> None:
    picture = np.zeros((28, 28), np.float32)
    picture[:10] = 1
    drawing.lay_under(picture)
    spy = QSignalSpy(drawing.changed)
    drawing.erase(0.5, 0.9, 0.04)
    drawing.pen_up()
    assert spy.count() == 0
    assert drawing.under is picture


def test_that_rubbing_at_one_place_takes_no_more_than_once(drawing: Drawing) -> None:
    drawing.lay_under(np.ones((28, 28), np.float32))
    drawing.erase(0.5, 0.5, 0.04)
    once = drawing.under
    for _ in range(5):
        drawing.erase(0.5, 0.5, 0.04)
    assert drawing.under is once


def test_that_a_picture_that_is_erased_wholly_leaves_an_empty_pad(drawing: Drawing) -> None:
    drawing.lay_under(np.pad(np.ones((2, 2), np.float32), 13))
    drawing.erase(0.5, 0.5, 0.2)
    drawing.pen_up()
    assert drawing.is_empty
    drawing.undo()
    assert not drawing.is_empty


def test_that_two_sweeps_are_not_joined(drawing: Drawing) -> None:
    draw(drawing, ((0.1, 0.5), (0.9, 0.5)))
    for x in (0.2, 0.8):
        drawing.erase(x, 0.5, 0.04)
        drawing.pen_up()
    assert len(drawing.strokes) == 3


# -- the brush --


def test_that_the_brush_is_for_new_strokes_and_for_the_eye_alone(drawing: Drawing) -> None:
    draw(drawing, ONE)
    seen = drawing.picture
    drawing.use(brush=0.12)
    np.testing.assert_array_equal(drawing.picture, seen)
    draw(drawing, TWO)
    drawing.use(brush=0.02)
    assert [line.width for line in drawing.lines] == [0.06, 0.12]
    drawing.pen_down(*SPECK[0])
    drawing.use(brush=0.1)
    assert [line.width for line in drawing.lines] == [0.06, 0.12, 0.02]
    drawing.pen_withdraw()
    np.testing.assert_array_equal(drawing.picture, prepare([ONE, TWO]))
    drawing.clear()
    drawing.undo()
    assert [trace.width for trace in drawing.traces()] == [0.06, 0.12]
    drawing.erase(0.65, 0.55, 0.04)
    assert [line.width for line in drawing.lines] == [0.06, 0.12, 0.12]


def test_that_strokes_that_are_shown_have_their_widths_or_that_of_the_brush(drawing: Drawing) -> None:
    drawing.use(brush=0.03)
    drawing.show([ONE, TWO], [0.09])
    assert [line.width for line in drawing.lines] == [0.09, 0.03]
    drawing.show([ONE], [0.09, 0.08, 0.07])
    assert [line.width for line in drawing.lines] == [0.09]


# -- what the pad shows --


def test_that_the_pad_shows_the_curves_that_the_network_sees(drawing: Drawing) -> None:
    draw(drawing, ONE, TWO, SPECK)
    shown = drawing.traces()
    assert [trace.is_speck for trace in shown] == [False, False, True]
    assert len(shown[0].points) > len(ONE)
    for smooth in (True, False):
        drawing.prepare_by(smooth=smooth)
        way = drawing.map_to_field()
        curves = [np.array(trace.points) for trace in drawing.traces() if not trace.is_speck]
        moved = [curve @ way[:, :2].T + way[:, 2] for curve in curves]
        np.testing.assert_array_equal(render(moved), drawing.picture)
    drawing.prepare_by(drop_specks=False)
    assert not any(trace.is_speck for trace in drawing.traces())


def test_that_a_stroke_is_no_speck_while_it_is_being_drawn(drawing: Drawing) -> None:
    draw(drawing, ONE)
    drawing.pen_down(*SPECK[0])
    assert not drawing.traces()[-1].is_speck
    drawing.pen_up()
    assert drawing.traces()[-1].is_speck


def test_that_no_dot_beside_a_picture_is_a_speck(drawing: Drawing) -> None:
    drawing.lay_under(np.pad(np.ones((4, 4), np.float32), 12))
    draw(drawing, ONE, SPECK)
    assert not any(trace.is_speck for trace in drawing.traces())


def test_that_a_withdrawn_stroke_was_never_there(drawing: Drawing) -> None:
    draw(drawing, ONE)
    drawing.pen_down(*TWO[0])
    drawing.pen_move(TWO[1:])
    drawing.pen_withdraw()
    assert drawing.strokes == (ONE,)
    drawing.pen_withdraw()
    drawing.undo()
    assert drawing.is_empty
    drawing.redo()
    assert drawing.strokes == (ONE,)
