"""A list of layers with a width each, to be changed, moved, added to and shortened."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from micronn_core.common.texts import tr, trn
from micronn_gui.theme import px
from micronn_gui.widgets.controls.buttons import IconButton, button, label, restyle, steady
from micronn_gui.widgets.controls.entry import Entry

NEW_WIDTH = 32
"""Neurons of a layer that is added; fewer where the layer before it has fewer."""


class LayerEditor(QWidget):
    """Shows one row for each layer and says when a person wants other layers.

    It changes nothing by itself: whoever hears the wish shows the layers that come of it, or says
    what is wrong with them.
    """

    edited = Signal(list, int)
    """The wanted width of each layer, as it was written, and the row that was changed."""
    resized = Signal()
    """It needs another height."""

    def __init__(self, most: int) -> None:
        """Take the largest number of layers."""
        super().__init__()
        self._most = most
        self._widths: list[str] = []
        self._rows: list[_Row] = []
        self._add = button(tr("+ layer"), "", "link")
        self._add.clicked.connect(self._append)
        self._problem = label("", "note")
        self._problem.setProperty("state", "wrong")
        self._summary = label("", "reading")
        for words in (self._problem, self._summary):
            words.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, px(0), px(0), px(0))
        column.setSpacing(px(4))
        self._column = QVBoxLayout()
        self._column.setSpacing(px(4))
        column.addLayout(self._column)
        foot = QHBoxLayout()
        foot.addWidget(self._add)
        foot.addStretch(1)
        column.addLayout(foot)
        column.addWidget(self._problem)
        column.addWidget(self._summary)
        self._problem.hide()

    def show_layers(self, widths: Sequence[int], summary: str) -> None:
        """Show layers that can be used, and what they make together."""
        count, self._widths = len(widths), [str(width) for width in widths]
        while len(self._rows) < count:
            self._make_row(len(self._rows))
        for i, row in enumerate(self._rows):
            row.setVisible(i < count)
            row.show_width(self._widths[i] if i < count else "")
            row.up.setEnabled(i > 0)
            row.down.setEnabled(i < count - 1)
        self._add.setEnabled(count < self._most)
        more = tr("Add a layer behind the last")
        full = trn(
            "There is at most {count} hidden layer", "There are at most {count} hidden layers", self._most
        )
        self._add.setToolTip(more if count < self._most else full)
        self._summary.setText(summary)
        self._problem.hide()
        self.resized.emit()

    def show_problem(self, text: str, i: int) -> None:
        """Say what is wrong with the layers that were wanted, and mark the row that was changed."""
        self._problem.setText(text)
        self._problem.show()
        for j, row in enumerate(self._rows):
            row.mark(wrong=i == j)
        self.resized.emit()

    def take_keyboard(self) -> None:
        """Let the first width be written."""
        self._rows[0].entry.setFocus()
        self._rows[0].entry.selectAll()

    def _make_row(self, i: int) -> None:
        row = _Row(i)
        row.entry.entered.connect(partial(self._rewrite, i))
        row.up.clicked.connect(partial(self._swap, i, i - 1))
        row.down.clicked.connect(partial(self._swap, i, i + 1))
        row.remove.clicked.connect(partial(self._remove, i))
        self._column.addWidget(row)
        self._rows.append(row)

    def _rewrite(self, i: int, text: str) -> None:
        self.edited.emit([*self._widths[:i], text.strip(), *self._widths[i + 1 :]], i)

    def _swap(self, i: int, j: int) -> None:
        wanted = list(self._widths)
        wanted[i], wanted[j] = wanted[j], wanted[i]
        self.edited.emit(wanted, j)

    def _remove(self, i: int) -> None:
        self.edited.emit(self._widths[:i] + self._widths[i + 1 :], i)

    def _append(self) -> None:
        width = min(NEW_WIDTH, int(self._widths[-1]))
        self.edited.emit([*self._widths, str(width)], len(self._widths))


class _Row(QWidget):
    """Layer i: its name, its width, and what moves it up, down and away."""

    def __init__(self, i: int) -> None:
        super().__init__()
        name = f"h{i + 1}"
        self.entry = Entry(stays=True)
        self.entry.setAccessibleName(tr("Neurons of {layer}", layer=name))
        self.entry.setToolTip(tr("The number of neurons in this layer"))
        self.up = IconButton("arrow-up", tr("Move {layer} up", layer=name), "soft", 15)
        self.down = IconButton("arrow-down", tr("Move {layer} down", layer=name), "soft", 15)
        self.remove = IconButton("x", tr("Remove {layer}", layer=name), "soft", 15)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, px(0), px(0), px(0))
        line.setSpacing(px(2))
        line.addWidget(steady(label(name, "reading"), "h9 "))
        line.addWidget(self.entry, 1)
        for part in (self.up, self.down, self.remove):
            line.addWidget(part)

    def show_width(self, width: str) -> None:
        """Show a width that can be used."""
        self.mark(wrong=False)
        self.entry.show_text(width)

    def mark(self, wrong: bool) -> None:
        """Mark the width as one that cannot be used."""
        if bool(self.entry.property("wrong")) != wrong:
            self.entry.setProperty("wrong", wrong)
            restyle(self.entry)
