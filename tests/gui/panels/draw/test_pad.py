"""The pad with its tools and the answer, used with the mouse."""

from __future__ import annotations

import re

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QSlider, QToolButton
from pytestqt.qtbot import QtBot

from micronn_gui.panels.draw.answer import AnswerPanel
from micronn_gui.panels.draw.large_pad import LargePad
from micronn_gui.panels.draw.pad import DrawPanel, Pad
from micronn_gui.session.states import States
from micronn_gui.session.training import TrainingState
from micronn_gui.widgets.charts.big_answer import BigAnswer
from micronn_gui.widgets.charts.share_bars import ShareBars
from tests.gui.running import LONG, begin, finish, part
from tests.pen import draw, lift, move, press

LEFT = Qt.MouseButton.LeftButton
SEVEN = [[(60, 60), (180, 60), (100, 220)]]
DOT = [[(20, 20)]]


@pytest.fixture
def panel(qtbot: QtBot, training: TrainingState, states: States) -> DrawPanel:
    made = DrawPanel(training, states.drawing, states.answer)
    qtbot.addWidget(made)
    made.resize(360, 700)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


@pytest.fixture
def large(qtbot: QtBot, training: TrainingState, states: States) -> LargePad:
    made = LargePad(
        training,
        states.drawing,
        states.answer,
        states.opened_picture,
        states.my_digits,
        states.examples,
    )
    qtbot.addWidget(made)
    made.resize(420, 700)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def tool(panel: Pad, name: str) -> QToolButton:
    return part(panel, QToolButton, name)


def use(qtbot: QtBot, panel: Pad, name: str) -> None:
    kind = QPushButton if name == "Clear" else QToolButton
    found = [b for b in panel.findChildren(kind) if name in (b.accessibleName(), b.toolTip())]
    assert len(found) == 1
    qtbot.mouseClick(found[0], LEFT)


def answer(panel: DrawPanel) -> str:
    return part(panel, BigAnswer, "Answer").answer


def words(panel: DrawPanel) -> str:
    return part(panel, BigAnswer, "Answer").accessibleDescription()


def bars(panel: DrawPanel | AnswerPanel) -> ShareBars:
    return part(panel, ShareBars, "Probability of each answer")


def probabilities(panel: DrawPanel) -> str:
    return bars(panel).accessibleDescription()


def test_that_the_mouse_draws(states: States, panel: DrawPanel) -> None:
    draw(panel.canvas, SEVEN)
    (stroke,) = states.drawing.strokes
    side = min(panel.canvas.width(), panel.canvas.height()) - 2
    left, top = (panel.canvas.width() - side) / 2, (panel.canvas.height() - side) / 2
    np.testing.assert_allclose(stroke, (np.array(SEVEN[0]) - (left, top)) / side, atol=1e-9)
    assert "1" in panel.canvas.accessibleDescription()


def test_that_undo_redo_and_clear_are_buttons_that_know_when_they_can(
    qtbot: QtBot, states: States, panel: DrawPanel
) -> None:
    undo, redo, clear = "Undo (Ctrl+Z)", "Redo (Ctrl+Shift+Z)", "Clear"

    def can() -> tuple[bool, bool, bool]:
        clears = part(panel, QPushButton, clear)
        return tool(panel, undo).isEnabled(), tool(panel, redo).isEnabled(), clears.isEnabled()

    assert can() == (False, False, False)
    draw(panel.canvas, SEVEN + DOT)
    drawn = states.drawing.strokes
    assert can() == (True, False, True)
    use(qtbot, panel, undo)
    assert states.drawing.strokes == drawn[:1]
    assert can() == (True, True, True)
    use(qtbot, panel, redo)
    assert states.drawing.strokes == drawn
    use(qtbot, panel, clear)
    assert states.drawing.is_empty
    assert can() == (True, False, False)
    use(qtbot, panel, undo)
    assert states.drawing.strokes == drawn


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Delete])
def test_that_a_key_clears_the_pad_that_was_drawn_on(
    qtbot: QtBot, states: States, panel: DrawPanel, key: Qt.Key
) -> None:
    draw(panel.canvas, SEVEN)
    panel.canvas.setFocus()
    qtbot.keyClick(panel.canvas, key)
    assert states.drawing.is_empty


def test_that_the_eraser_splits_a_stroke_and_is_undone_in_one_go(
    qtbot: QtBot, states: States, panel: DrawPanel
) -> None:
    draw(panel.canvas, [[(40, 100), (220, 100)]])
    before = states.drawing.strokes
    use(qtbot, panel, "Erase instead of drawing")
    draw(panel.canvas, [[(120, 100), (125, 100), (130, 100), (140, 100)]])
    assert len(states.drawing.strokes) == 2
    use(qtbot, panel, "Undo (Ctrl+Z)")
    assert states.drawing.strokes == before
    use(qtbot, panel, "Erase instead of drawing")
    draw(panel.canvas, DOT)
    assert len(states.drawing.strokes) == 2


# -- the answer --


def test_that_an_empty_pad_asks_for_a_digit_and_names_no_probability(
    qtbot: QtBot, training: TrainingState, states: States, panel: DrawPanel
) -> None:
    begin(qtbot, training)
    for _ in range(2):
        assert "Draw a digit" in words(panel)
        assert "%" not in words(panel)
        assert probabilities(panel) == ""
        assert answer(panel) == ""
        draw(panel.canvas, SEVEN)
        assert "% sure" in words(panel)
        states.drawing.clear()


def test_that_the_answer_is_there_while_the_line_is_being_drawn(
    qtbot: QtBot, training: TrainingState, states: States, panel: DrawPanel
) -> None:
    begin(qtbot, training)
    press(panel.canvas, *SEVEN[0][0])
    told = []
    for point in SEVEN[0][1:]:
        move(panel.canvas, *point)
        told.append(probabilities(panel))
        assert answer(panel) == str(states.answer.digit)
    lift(panel.canvas, *SEVEN[0][-1])
    assert len(set(told)) == 2


def test_that_digit_share_and_bars_are_the_forward_pass(
    qtbot: QtBot, training: TrainingState, states: States, panel: DrawPanel
) -> None:
    begin(qtbot, training, epochs=20)
    finish(qtbot, training)
    draw(panel.canvas, SEVEN)
    for epoch in (0, 7, 20):
        training.show_epoch(epoch)
        assert training.shown is not None
        (w1, b1), (w2, b2) = training.shown.parameters.layers
        z = w2 @ np.maximum(w1 @ states.drawing.picture.reshape(-1, 1) + b1, 0) + b2
        p = (np.exp(z - z.max()) / np.exp(z - z.max()).sum())[:, 0]
        assert answer(panel) == str(p.argmax())
        (sure,) = re.findall(r"(\d+) % sure", words(panel))
        assert float(sure) == pytest.approx(min(100 * p.max(), 99.0), abs=0.51)
        shown = re.findall(r"(\d) (0\.\d+|1\.000)", probabilities(panel))
        best = np.argsort(-p, kind="stable")[:3]
        assert [int(digit) for digit, _ in shown] == best.tolist()
        np.testing.assert_allclose([float(share) for _, share in shown], p[best], atol=6e-4)


def test_that_what_it_was_before_is_said(
    qtbot: QtBot, training: TrainingState, states: States, panel: DrawPanel
) -> None:
    begin(qtbot, training, epochs=60, learning_rate=0.5)
    finish(qtbot, training)
    draw(panel.canvas, SEVEN)
    with qtbot.waitSignal(states.answer.past_changed):
        pass
    said = 0
    for epoch in range(61):
        training.show_epoch(epoch)
        previous = states.answer.previous()
        if previous is None:
            assert "until epoch" not in words(panel)
        else:
            assert f"it said {previous[0]} until epoch {previous[1]:g}" in words(panel)
            said += 1
    assert said > 0


def test_that_the_words_follow_the_training(
    qtbot: QtBot, training: TrainingState, states: States, panel: DrawPanel
) -> None:
    begin(qtbot, training, epochs=LONG)
    draw(panel.canvas, SEVEN)
    first = probabilities(panel)
    training.play()
    qtbot.waitUntil(lambda: probabilities(panel) != first)
    assert answer(panel) == str(states.answer.digit)


def test_that_drawing_before_the_data_are_there_is_answered_later(
    qtbot: QtBot, training: TrainingState, panel: DrawPanel
) -> None:
    draw(panel.canvas, SEVEN)
    assert probabilities(panel) == ""
    assert "%" not in words(panel)
    begin(qtbot, training)
    assert "% sure" in words(panel)


@pytest.mark.parametrize("width", [260, 300])
def test_that_the_pad_fills_the_cards_width_as_soon_as_it_is_shown(
    qtbot: QtBot, training: TrainingState, states: States, width: int
) -> None:
    fresh = DrawPanel(training, states.drawing, states.answer)
    qtbot.addWidget(fresh)
    fresh.resize(width, 720)
    fresh.show()
    fresh.grab()
    assert fresh.canvas.width() == fresh.canvas.height() == fresh.room()


@pytest.mark.parametrize("all_shown", [False, True])
def test_that_in_the_smallest_window_too_the_pad_fills_the_card_and_all_answers_can_be_read(
    qtbot: QtBot, training: TrainingState, panel: DrawPanel, all_shown: bool
) -> None:
    begin(qtbot, training)
    panel.answer.show_all(all_shown)
    panel.resize(272, 552)
    panel.grab()
    assert panel.canvas.width() == panel.canvas.height() == panel.room()
    rows = bars(panel)._rows()
    assert len(rows.shown) == (10 if all_shown else 3)
    assert rows.height >= 15


def test_that_all_answers_are_shown_on_demand_and_the_pad_stays_in_its_place(
    qtbot: QtBot, training: TrainingState, states: States, panel: DrawPanel
) -> None:
    begin(qtbot, training)
    draw(panel.canvas, SEVEN)
    assert len(probabilities(panel).split(", ")) == 3
    for height in (580, 700, 900):
        panel.resize(280, height)
        place = panel.canvas.geometry()
        qtbot.mouseClick(part(panel, QPushButton, "all 10 ›"), LEFT)
        panel.grab()
        assert panel.canvas.geometry() == place
        shown = [line.split()[0] for line in probabilities(panel).split(", ")]
        assert shown == list("0123456789")
        qtbot.mouseClick(part(panel, QPushButton, "the three best ›"), LEFT)
        panel.grab()
        assert panel.canvas.geometry() == place


def test_that_the_entropy_is_there_for_who_wants_it(
    qtbot: QtBot, training: TrainingState, states: States
) -> None:
    large = AnswerPanel(training, states.drawing, states.answer)
    qtbot.addWidget(large)
    large.show()
    begin(qtbot, training, initializer="zeros")
    states.drawing.show([((0.2, 0.2), (0.8, 0.2), (0.4, 0.9))])
    said = part(large, BigAnswer, "Answer")
    assert "sure does not mean right" in said.accessibleDescription()
    assert "Entropy 3.32 bits" in said.toolTip()
    assert len(bars(large).accessibleDescription().split(", ")) == 10


# -- where ink would change the answer --


def test_that_the_pad_shows_where_ink_would_change_the_answer(
    qtbot: QtBot, training: TrainingState, states: States, large: LargePad
) -> None:
    begin(qtbot, training, epochs=20)
    finish(qtbot, training)
    draw(large.canvas, SEVEN)
    plain = large.canvas.grab().toImage()
    overlay = (
        "Show where ink would make the answer more (blue) or less (orange) probable, by what was learned"
    )
    use(qtbot, large, overlay)
    shown = large.canvas.grab().toImage()
    assert shown != plain
    other = ((states.answer.digit or 0) + 1) % 10
    states.answer.choose(other)
    assert large.canvas.grab().toImage() != shown
    use(qtbot, large, overlay)
    assert large.canvas.grab().toImage() == plain
    use(qtbot, large, overlay)
    states.drawing.clear()
    states.drawing.undo()
    assert large.canvas.grab().toImage() != plain


# -- brush, specks and pictures --


def test_that_the_brush_changes_new_strokes_alone(states: States, large: LargePad) -> None:
    draw(large.canvas, SEVEN)
    old = large.canvas.grab().toImage()
    slider = part(large, QSlider, "Width of the brush")
    slider.setValue(120)
    assert large.canvas.grab().toImage() == old
    draw(large.canvas, [[(60, 180), (180, 180)]])
    assert [line.width for line in states.drawing.lines] == [0.06, 0.12]
    assert "MNIST's pen" in slider.toolTip()


def test_that_a_speck_is_said_to_be_left_out_until_that_is_switched_off(
    states: States, large: LargePad
) -> None:
    draw(large.canvas, [[(60, 60), (120, 60), (90, 120)], [(250, 200)]])
    assert large.canvas.accessibleDescription() == "2 strokes, 1 of them left out as a speck"
    states.drawing.prepare_by(drop_specks=False)
    assert large.canvas.accessibleDescription() == "2 strokes"


def test_that_the_eraser_works_on_a_picture_under_the_strokes(
    qtbot: QtBot, states: States, large: LargePad
) -> None:
    states.drawing.lay_under(np.ones((28, 28), np.float32))
    before = large.canvas.grab().toImage()
    use(qtbot, large, "Erase instead of drawing")
    draw(large.canvas, [[(60, 100), (220, 100)]])
    assert large.canvas.grab().toImage() != before
    assert states.drawing.picture.min() == 0
    use(qtbot, large, "Undo (Ctrl+Z)")
    assert large.canvas.grab().toImage() == before
