"""The texts of the menu: the keyboard, and what MicroNN is made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QMessageBox,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from micronn_core.common.texts import tr
from micronn_gui.theme import logo, px
from micronn_gui.widgets.controls.buttons import label


class KeyLine(NamedTuple):
    """A line of the page of keys: what a key does.

    Attributes:
        section: the heading that it stands under.
        keys: the keys.
        title: what they do.
        note: where or how, or "".
    """

    section: str
    keys: str
    title: str
    note: str


class KeysDialog(QDialog):
    """The page of keys: the sections in two columns of about the same length."""

    def __init__(self, lines: Iterable[KeyLine], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Keyboard"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        page = QWidget()
        columns = QHBoxLayout(page)
        columns.setSpacing(px(32))
        for sections in _halves(lines):
            columns.addLayout(_column(sections))
        area = QScrollArea()  # for small screens
        area.setWidget(page)
        area.setWidgetResizable(True)
        area.setAccessibleName(self.windowTitle())
        area.setMinimumSize(page.sizeHint().boundedTo(parent.size() - QSize(px(64), px(96))))
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(area, 1)
        column.addWidget(close)


def show_keys(window: QWidget, lines: Iterable[KeyLine]) -> None:
    """Show all keys in a window of their own."""
    KeysDialog(lines, window).open()


def _halves(lines: Iterable[KeyLine]) -> tuple[list[list[KeyLine]], list[list[KeyLine]]]:
    """Return the sections in two columns, without changing their order."""
    sections = [list(group) for _, group in groupby(lines, lambda line: line.section)]
    total = sum(len(section) + 1 for section in sections)
    first, length = 0, 0
    while length + len(sections[first]) / 2 <= total / 2:
        length += len(sections[first]) + 1
        first += 1
    return sections[:first], sections[first:]


def _column(sections: Sequence[Sequence[KeyLine]]) -> QGridLayout:
    """Return a column of the page: keys, what they do, and a note."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(px(16))
    grid.setVerticalSpacing(px(4))
    for section in sections:
        grid.addWidget(label(section[0].section, "section"), grid.rowCount(), 0, 1, 3)
        for line in section:
            row = grid.rowCount()
            for place, part in enumerate(
                (label(line.keys, "strong"), label(line.title), label(line.note, "soft"))
            ):
                grid.addWidget(part, row, place)
    grid.setRowStretch(grid.rowCount(), 1)
    return grid


def show_about(window: QWidget) -> None:
    """Show what MicroNN is in a window of its own."""
    box = QMessageBox(window)
    box.setWindowTitle(tr("About MicroNN"))
    box.setTextFormat(Qt.TextFormat.RichText)
    box.setText(about_text())
    box.setIconPixmap(logo().pixmap(px(64), px(64)))
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()


def about_text() -> str:
    """Return what MicroNN is and whose work it stands on, as rich text."""
    from importlib.metadata import PackageNotFoundError, version  # slow to load, and seldom needed

    try:
        number = version("micronn")
    except PackageNotFoundError:
        number = tr("a checkout")
    return "<br>".join(
        (
            f"<b>MicroNN</b> {number}",
            tr("A small neural network learns handwritten digits before your eyes."),
            "",
            tr("MIT licence. Data: MNIST by Yann LeCun and Corinna Cortes, derived from NIST, CC BY-SA 3.0."),
            tr("Fonts: Inter and JetBrains Mono, OFL. Icons: Lucide, ISC. Qt for Python: LGPL."),
        )
    )
