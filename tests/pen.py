"""A hand with a mouse: it draws on a widget with real mouse events."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

LEFT, PLAIN = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def press(widget: QWidget, x: float, y: float) -> None:
    QTest.mousePress(widget, LEFT, PLAIN, QPoint(round(x), round(y)))


def move(widget: QWidget, x: float, y: float) -> None:
    QTest.mouseMove(widget, QPoint(round(x), round(y)))


def lift(widget: QWidget, x: float, y: float) -> None:
    QTest.mouseRelease(widget, LEFT, PLAIN, QPoint(round(x), round(y)))


def draw(widget: QWidget, strokes: Iterable[Sequence[Sequence[float]]]) -> None:
    """Draw strokes, lists of (x, y) in pixels of the widget."""
    for stroke in strokes:
        press(widget, *stroke[0])
        for point in stroke[1:]:
            move(widget, *point)
        lift(widget, *stroke[-1])
