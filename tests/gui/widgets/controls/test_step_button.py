"""A step's row: it says its name and what happens, and shows how far one has come."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from micronn_gui.theme import DARK, LIGHT, Theme, themes
from micronn_gui.widgets.controls.step_button import StepButton


@pytest.fixture
def row(qtbot: QtBot) -> StepButton:
    made = StepButton("dz1", "W2ᵀ dz2 ⊙ ReLU′(z1)")
    qtbot.addWidget(made)
    made.resize(220, 29)
    made.show()
    return made


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_that_the_dot_is_filled_when_the_step_is_done_or_present(row: StepButton, theme: Theme) -> None:
    themes.use(theme)

    def dot() -> str:
        return row.grab().toImage().pixelColor(14, 14).name()

    assert dot() == theme.color("border").name()
    row.mark_done(True)
    assert dot() == theme.color("accent").name()
    row.mark_done(False)
    row.setChecked(True)
    assert dot() == theme.color("accent").name()
    assert row.grab().toImage().pixelColor(150, 2).name() == theme.color("accent_soft").name()


def test_that_it_is_told_in_words_and_pressed_by_mouse_and_space(qtbot: QtBot, row: StepButton) -> None:
    assert (row.accessibleName(), row.accessibleDescription()) == ("dz1", "W2ᵀ dz2 ⊙ ReLU′(z1)")
    with qtbot.waitSignal(row.clicked):
        qtbot.mouseClick(row, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(row.clicked):
        qtbot.keyClick(row, Qt.Key.Key_Space)
