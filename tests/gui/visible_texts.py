"""All that the window says: what its widgets hold, and what they paint."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QBuffer, QModelIndex, QPoint, QRect, Qt
from PySide6.QtGui import QAction, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QGroupBox,
    QLabel,
    QLineEdit,
    QMainWindow,
    QMenu,
    QMessageBox,
    QTableView,
    QTabWidget,
    QTextEdit,
    QWidget,
)

from micronn_core.common.formulas import words_of
from micronn_gui.widgets.controls.formula import Formula

WORDS = re.compile(r"<text[^>]*>([^<]*)</text>")
CODE = "code"
"""What labels are called that show lines of a program."""
SHOWN_ROLES = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.AccessibleTextRole,
    Qt.ItemDataRole.AccessibleDescriptionRole,
)


def held_texts(*roots: QWidget) -> Iterator[tuple[str, str]]:
    """Yield where a text is held and the text, of everything in these widgets, hidden or not."""
    for root in roots:
        for widget in (root, *root.findChildren(QWidget)):
            where = f"{type(widget).__name__} {_place(widget)}"
            for kind, text in _texts_of(widget):
                if text.strip():
                    yield f"{where} {kind}", text
        for action in root.findChildren(QAction):
            for kind, text in (("text", action.text()), ("tip", action.toolTip())):
                if text.strip() and action.associatedObjects() and not _is_qts_own(action):
                    yield f"QAction {kind}", text


def _texts_of(widget: QWidget) -> Iterator[tuple[str, str]]:
    yield "title", widget.windowTitle()
    yield "tip", widget.toolTip()
    yield "what's this", widget.whatsThis()
    if isinstance(widget, Formula):  # its name is its formula
        yield from (("word", text) for text in words_of(widget.accessibleName()))
    else:
        yield "name", widget.accessibleName()
        yield "description", widget.accessibleDescription()
    match widget:
        case QLabel() if widget.objectName() != CODE:
            yield "text", widget.text()
        case QAbstractButton() if not _is_of_a_dialog(widget):
            yield "text", widget.text()
        case QLineEdit():
            yield "placeholder", widget.placeholderText()
        case QGroupBox():
            yield "title", widget.title()
        case QMenu():
            yield "title", widget.title()
        case QComboBox():
            yield from (("choice", text) for text in _items(widget.model()))
        case QTabWidget():
            yield from (("tab", widget.tabText(i)) for i in range(widget.count()))
        case QTextEdit():
            yield "text", widget.toPlainText()
            yield "placeholder", widget.placeholderText()
        case QAbstractItemView() if widget.model() is not None:
            yield from (("cell", text) for text in _items(widget.model()))
            if isinstance(widget, QTableView):
                yield from (("heading", text) for text in _headings(widget.model()))


def _items(model: QAbstractItemModel) -> Iterator[str]:
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount(QModelIndex())
    for row in range(model.rowCount(QModelIndex())):
        for column in range(columns):
            for role in SHOWN_ROLES:
                if isinstance(text := model.index(row, column).data(role), str):
                    yield text


def _headings(model: QAbstractItemModel) -> Iterator[str]:
    for column in range(model.columnCount(QModelIndex())):
        for role in SHOWN_ROLES:
            if isinstance(text := model.headerData(column, Qt.Orientation.Horizontal, role), str):
                yield text


def painted_words(widget: QWidget) -> list[str]:
    """Return the pieces of text that a widget and all in it paint, as an SVG drawing holds them."""
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    drawing = QSvgGenerator()
    drawing.setOutputDevice(buffer)
    drawing.setSize(widget.size())
    drawing.setViewBox(QRect(QPoint(), widget.size()))
    with QPainter(drawing) as painter:
        widget.render(painter, QPoint())
    return [html.unescape(words) for words in WORDS.findall(buffer.data().toStdString())]


def top_level_widgets() -> list[QWidget]:
    """Return the windows and dialogs there are; their menus are parts of them."""
    return [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, QMainWindow | QDialog)]


def _place(widget: QWidget) -> str:
    """Name a widget by the nearest class of our own around it."""
    around = widget
    while around is not None and not type(around).__module__.startswith("micronn_gui"):
        around = around.parentWidget()
    return f"in {type(around).__name__}" if around is not None else ""


def _is_of_a_dialog(button: QAbstractButton) -> bool:
    """Whether Qt itself has written on a button: OK, Cancel."""
    box = button.parentWidget()
    standard = isinstance(box, QDialogButtonBox) and (
        box.standardButton(button) is not QDialogButtonBox.StandardButton.NoButton
    )
    dialog = box.parentWidget() if box is not None else None
    return standard or (
        isinstance(dialog, QMessageBox)
        and dialog.standardButton(button) is not QMessageBox.StandardButton.NoButton
    )


def _is_qts_own(action: QAction) -> bool:
    """Whether an action belongs to the insides of a line of text."""
    return isinstance(action.parent(), QLineEdit)
