"""Same again but …: a run like another one, with one setting or a few changed."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from micronn_core.common.errors import ConfigError
from micronn_core.common.texts import tr
from micronn_core.runs.record import RunRecord, differences
from micronn_core.settings.config import TrainingConfig
from micronn_core.settings.table import SETTINGS
from micronn_gui.panels.runs.run_columns import setting_text
from micronn_gui.panels.settings.recipe_fields import make_fields
from micronn_gui.theme import px
from micronn_gui.widgets.controls.buttons import button, guard_wheel, label, restyle
from micronn_gui.widgets.guard import Guarded

WIDTH = 376
FIRST = "learning_rate"
"""The setting that is offered first."""


class VariantDialog(Guarded, QDialog):
    """Asks what is to be different.

    Args:
        record: the run to begin with.
        title: what it is called.
        parent: the window.
    """

    wanted = Signal(TrainingConfig)
    """Somebody wants a run of this config."""

    def __init__(self, record: RunRecord, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Same again but …"))
        self.setAccessibleName(self.windowTitle())
        self.setFixedWidth(px(WIDTH))
        self._before = self._draft = record.config
        self._inexact = bool(record.changed) or not record.fresh
        self._problem = ""
        self._fields = {name: field for name, field in make_fields().items() if not field.is_single}
        self._choice = QComboBox()
        self._choice.setAccessibleName(tr("Setting"))
        self._choice.setToolTip(tr("What is to be different"))
        self._choice.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        guard_wheel(self._choice)
        self._stack = QStackedWidget()
        for name, field in self._fields.items():
            self._choice.addItem(field.label, name)
            self._stack.addWidget(_with_its_parts(field.control, field.beside, field.below))
            field.edited.connect(partial(self._edit, name))
            field.refused.connect(self._refuse)
        self._choice.currentIndexChanged.connect(self._stack.setCurrentIndex)
        self._note = label("", "note")
        self._note.setWordWrap(True)
        self._start = button(tr("Start"), tr("Begin this run and train"), "primary")
        self._start.clicked.connect(self._want)
        cancel = button(tr("Cancel"), tr("Begin nothing (Esc)"), "outline")
        cancel.clicked.connect(self.reject)
        for control in (cancel, self._start):
            control.setAutoDefault(False)  # Enter in a line has the line read, and no more
        self._place(title, cancel)
        self._choice.setCurrentIndex(max(0, self._choice.findData(FIRST)))
        self._show()

    def _place(self, title: str, cancel: QWidget) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(px(24), px(16), px(24), px(16))
        column.setSpacing(px(12))
        words = tr(
            "{run} again, from the same seed and in the same batches, but with another setting:", run=title
        )
        heading = label(words, "")
        heading.setWordWrap(True)
        row = QHBoxLayout()
        row.setSpacing(px(16))
        row.addWidget(self._choice, 1)
        row.addWidget(self._stack, 1)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self._start)
        column.addWidget(heading)
        column.addLayout(row)
        column.addWidget(self._note)
        column.addLayout(buttons)

    def _edit(self, name: str, value: object) -> None:
        try:
            self._draft = self._draft.with_value(name, value)
        except ConfigError as error:
            self._fields[name].mark(wrong=True)
            self._refuse(str(error))
        else:
            self._problem = ""
            self._show()

    def _refuse(self, problem: str) -> None:
        self._problem = problem
        self._say()

    def _show(self) -> None:
        for field in self._fields.values():
            field.show_config(self._draft)
        self._say()

    def _say(self) -> None:
        """Name what is different, or what is wrong."""
        changes = []
        for name in differences([self._before, self._draft]):
            old, new = (setting_text(name, config) for config in (self._before, self._draft))
            label = tr(SETTINGS[name].label)
            changes.append(tr("{setting}: {old} becomes {new}.", setting=label, old=old, new=new))
        nothing = tr("Nothing is different yet: this would repeat the run number by number.")
        if self._inexact:
            nothing = tr(
                "Nothing is different yet. The run did not go by its settings alone: some were changed while "
                "it trained, or it began with other weights."
            )
        self._note.setText(self._problem or "\n".join(changes) or nothing)
        self._note.setProperty("state", "wrong" if self._problem else "pending" if changes else "live")
        restyle(self._note)
        self.adjustSize()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Start at Enter, once no line is being written in."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.focusWidget() is None or self.hasFocus():
                self._start.click()
        else:
            super().keyPressEvent(event)

    def _want(self) -> None:
        if self._problem:  # the press on the button had the line read
            return
        self.wanted.emit(self._draft)
        self.accept()


def _with_its_parts(control: QWidget, beside: QWidget | None, below: QWidget | None) -> QWidget:
    """Return a setting's control with what belongs to it."""
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, px(0), px(0), px(0))
    column.setSpacing(px(4))
    row = QHBoxLayout()
    for part in filter(None, (control, beside)):
        row.addWidget(part)
    column.addLayout(row)
    if below is not None:
        column.addWidget(below)
    column.addStretch(1)
    return page
