"""A stage: it says its symbol and what happens, and shows how far one has come."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics
from pytestqt.qtbot import QtBot

from micronn_gui.theme import DARK, LIGHT, Theme, text_font, text_size, themes
from micronn_gui.widgets.controls.step_button import StepButton


@pytest.fixture
def stage(qtbot: QtBot) -> StepButton:
    made = StepButton("dz1")
    made.say("which neurons to blame", "Which neurons are to blame?")
    qtbot.addWidget(made)
    made.resize(made.sizeHint())
    made.show()
    return made


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_that_the_dot_is_filled_when_the_step_is_done_or_present(stage: StepButton, theme: Theme) -> None:
    themes.use(theme)

    def dot() -> str:
        return stage.grab().toImage().pixelColor(stage.width() // 2, 13).name()

    assert dot() != theme.color("accent").name()
    stage.mark_done(True)
    assert dot() == theme.color("accent").name()
    stage.mark_done(False)
    stage.setChecked(True)
    assert dot() == theme.color("accent").name()
    assert (
        stage.grab().toImage().pixelColor(stage.width() // 2, 4).name() == theme.color("accent_soft").name()
    )


def test_that_it_is_told_in_words_and_pressed_by_mouse_and_space(qtbot: QtBot, stage: StepButton) -> None:
    assert (stage.accessibleName(), stage.accessibleDescription()) == ("dz1", "which neurons to blame")
    assert stage.toolTip() == "Which neurons are to blame?"
    with qtbot.waitSignal(stage.clicked):
        qtbot.mouseClick(stage, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(stage.clicked):
        qtbot.keyClick(stage, Qt.Key.Key_Space)


@pytest.mark.parametrize("percent", [80, 100, 150, 200])
def test_that_it_is_wide_enough_for_its_words_in_three_lines(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, percent: int
) -> None:
    monkeypatch.setattr(text_size, "percent", percent)
    for words in ("the picture", "compare with the patterns", "too much, too little", "W2ᵀ dz2 ⊙ ReLU′(z1)"):
        made = StepButton("dz1")
        qtbot.addWidget(made)
        made.say(words, words)
        metrics = QFontMetrics(text_font(12, QFont.Weight.Medium))
        room = QRect(0, 0, made.sizeHint().width() - 2, 1000)
        needed = metrics.boundingRect(room, int(Qt.TextFlag.TextWordWrap), words)
        assert needed.height() <= 3.5 * metrics.lineSpacing()
        assert needed.width() <= room.width()
