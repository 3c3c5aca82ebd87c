"""The texts of the menu: the keyboard, and what MicroNN is made of."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from itertools import groupby
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from micronn_core.common.texts import tr


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


def show_keys(window: QWidget, lines: Iterable[KeyLine]) -> None:
    """Show all keys in a window of their own."""
    _show_text(window, tr("Keyboard"), keys_text(lines))


def show_about(window: QWidget) -> None:
    """Show what MicroNN is in a window of its own."""
    _show_text(window, tr("About MicroNN"), about_text())


def keys_text(lines: Iterable[KeyLine]) -> str:
    """Return the page of keys as rich text: the sections in two columns of about the same length."""
    sections = [
        (section, [_row(line) for line in group])
        for section, group in groupby(lines, lambda line: line.section)
    ]
    total = sum(len(rows) + 1 for _, rows in sections)
    columns: tuple[list[str], list[str]] = ([], [])
    for section, rows in sections:
        column = columns[0] if len(columns[0]) + len(rows) / 2 <= total / 2 else columns[1]
        column += [f"<tr><td colspan=2><b>{escape(section)}</b></td></tr>", *rows]
    cells = (f"<td><table cellspacing=4>{''.join(column)}</table></td>" for column in columns)
    return f"<table><tr>{''.join(cells)}</tr></table>"


def _row(line: KeyLine) -> str:
    note = f"<br><small>{escape(line.note)}</small>" if line.note else ""
    return f"<tr><td>{escape(line.keys)}&nbsp;</td><td>{escape(line.title)}{note}</td></tr>"


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


def _show_text(window: QWidget, title: str, text: str) -> None:
    box = QMessageBox(window)
    box.setWindowTitle(title)
    box.setTextFormat(Qt.TextFormat.RichText)
    box.setText(text)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()
