"""The pad with its tools and the answer, used with the mouse."""

from __future__ import annotations

import re

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QPushButton, QSlider, QToolButton
from pytestqt.qtbot import QtBot

from micronn_gui.panels.draw.pad import DrawPanel
from micronn_gui.session.states import States
from micronn_gui.session.training import TrainingState
from micronn_gui.widgets.charts.share_bars import ShareBars
from tests.gui.running import LONG, begin, finish, part
from tests.pen import draw, lift, move, press

LEFT = Qt.MouseButton.LeftButton
SEVEN = [[(60, 60), (180, 60), (100, 220)]]
DOT = [[(20, 20)]]


@pytest.fixture
def panel(qtbot: QtBot, training: TrainingState, states: States) -> DrawPanel:
    made = DrawPanel(training, states.drawing, states.answer, states.opened_picture)
    qtbot.addWidget(made)
    made.resize(360, 700)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def tool(panel: DrawPanel, name: str) -> QToolButton:
    return part(panel, QToolButton, name)


def use(qtbot: QtBot, panel: DrawPanel, name: str) -> None:
    kind = QPushButton if name == "Clear" else QToolButton
    found = [b for b in panel.findChildren(kind) if name in (b.accessibleName(), b.text(), b.toolTip())]
    assert len(found) == 1
    qtbot.mouseClick(found[0], LEFT)


def words(panel: DrawPanel) -> str:
    return "\n".join(label.text() for label in panel.answer.findChildren(QLabel) if label.isVisible())


def probabilities(panel: DrawPanel) -> str:
    return part(panel.answer, ShareBars, "Probability of each answer").accessibleDescription()


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
        clears = next(b for b in panel.findChildren(QPushButton) if b.text() == clear)
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
        assert not part(panel, QLabel, "Answer").isVisible()
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
        assert part(panel, QLabel, "Answer").text() == str(states.answer.digit)
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
        assert part(panel, QLabel, "Answer").text() == str(p.argmax())
        (sure,) = re.findall(r"(\d+) % sure", words(panel))
        assert float(sure) == pytest.approx(100 * p.max(), abs=0.51)
        shown = [float(share) for share in re.findall(r"\d (0\.\d+|1\.000)", probabilities(panel))]
        np.testing.assert_allclose(shown, p, atol=6e-4)


def test_that_the_entropy_is_there_for_who_wants_it(
    qtbot: QtBot, training: TrainingState, panel: DrawPanel
) -> None:
    begin(qtbot, training, initializer="zeros")
    draw(panel.canvas, SEVEN)
    texts = [label.text() for label in panel.answer.findChildren(QLabel)]
    assert "sure does not mean right · entropy 3.32 bits" in texts


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
            assert " at epoch " not in words(panel)
        else:
            assert f"was {previous[0]} at epoch {previous[1]:g}" in words(panel)
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
    assert part(panel, QLabel, "Answer").text() == str(states.answer.digit)


def test_that_drawing_before_the_data_are_there_is_answered_later(
    qtbot: QtBot, training: TrainingState, panel: DrawPanel
) -> None:
    draw(panel.canvas, SEVEN)
    assert probabilities(panel) == ""
    assert "%" not in words(panel)
    begin(qtbot, training)
    assert "% sure" in words(panel)


# -- where ink would change the answer --


def test_that_the_pad_shows_where_ink_would_change_the_answer(
    qtbot: QtBot, training: TrainingState, states: States, panel: DrawPanel
) -> None:
    begin(qtbot, training, epochs=20)
    finish(qtbot, training)
    draw(panel.canvas, SEVEN)
    plain = panel.canvas.grab().toImage()
    overlay = "Show where ink would make the answer more (blue) or less (orange) probable"
    use(qtbot, panel, overlay)
    shown = panel.canvas.grab().toImage()
    assert shown != plain
    bars = part(panel.answer, ShareBars, "Probability of each answer")
    other = (states.answer.digit or 0) + 1
    place = QPoint(60, round((other % 10 + 0.5) * min(bars.height() / 10, 30)))
    qtbot.mouseClick(bars, LEFT, pos=place)
    assert states.answer.subject == other % 10
    assert panel.canvas.grab().toImage() != shown
    use(qtbot, panel, overlay)
    assert panel.canvas.grab().toImage() == plain
    use(qtbot, panel, overlay)
    states.drawing.clear()
    states.drawing.undo()
    assert panel.canvas.grab().toImage() != plain


# -- brush, specks and pictures --


def test_that_the_brush_changes_new_strokes_alone(states: States, panel: DrawPanel) -> None:
    draw(panel.canvas, SEVEN)
    old = panel.canvas.grab().toImage()
    slider = part(panel, QSlider, "Width of the brush")
    slider.setValue(120)
    assert panel.canvas.grab().toImage() == old
    draw(panel.canvas, [[(60, 180), (180, 180)]])
    assert [line.width for line in states.drawing.lines] == [0.06, 0.12]
    assert "MNIST's pen" in slider.toolTip()


def test_that_a_speck_is_said_to_be_left_out_until_that_is_switched_off(
    states: States, panel: DrawPanel
) -> None:
    draw(panel.canvas, [[(60, 60), (120, 60), (90, 120)], [(250, 200)]])
    assert panel.canvas.accessibleDescription() == "2 strokes, 1 of them left out as a speck"
    states.drawing.prepare_by(drop_specks=False)
    assert panel.canvas.accessibleDescription() == "2 strokes"


def test_that_the_eraser_works_on_a_picture_under_the_strokes(
    qtbot: QtBot, states: States, panel: DrawPanel
) -> None:
    states.drawing.lay_under(np.ones((28, 28), np.float32))
    before = panel.canvas.grab().toImage()
    use(qtbot, panel, "Erase instead of drawing")
    draw(panel.canvas, [[(60, 100), (220, 100)]])
    assert panel.canvas.grab().toImage() != before
    assert states.drawing.picture.min() == 0
    use(qtbot, panel, "Undo (Ctrl+Z)")
    assert panel.canvas.grab().toImage() == before
