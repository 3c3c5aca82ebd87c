"""Columns stand side by side where there is room, and below each other where there is not."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from micronn_gui.widgets.controls.columns import Columns


@pytest.fixture
def parts() -> list[QWidget]:
    made = [QWidget() for _ in range(3)]
    for part, width in zip(made, (300, 200, 150), strict=True):
        part.setMinimumSize(width, 100)
    return made


@pytest.mark.parametrize(
    ("width", "rows"),
    [
        (900, [0, 0, 0]),
        (670, [0, 0, 0]),
        (669, [0, 0, 1]),
        (510, [0, 0, 1]),
        (509, [0, 1, 1]),
        (300, [0, 1, 2]),
    ],
)
def test_that_those_without_room_stand_below_and_none_is_cut(
    qtbot: QtBot, parts: list[QWidget], width: int, rows: list[int]
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    columns = Columns([(part, 1) for part in parts], 10)
    columns.setParent(window)
    window.resize(1000, 1000)
    window.show()
    columns.resize(width, 600)

    def placed() -> list[int]:
        tops = sorted({part.y() for part in parts})
        return [tops.index(part.y()) for part in parts]

    qtbot.waitUntil(lambda: placed() == rows)
    count = rows[-1] + 1
    assert columns.rows == count
    assert columns.minimumSizeHint().width() == 300
    assert columns.minimumSizeHint().height() == 110 * count - 10
    for part in parts:
        assert part.width() >= part.minimumWidth()
        assert part.geometry().right() < width
