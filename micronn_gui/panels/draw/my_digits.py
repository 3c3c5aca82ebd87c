"""My digits: label a drawing and keep it, and see how many of those kept the network reads."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QSignalBlocker, QStandardPaths, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from micronn_core.common.texts import percent, tr, trn
from micronn_core.data.features import DIGITS_SPEC
from micronn_core.drawing.my_digits import SUFFIX, KeptDigit
from micronn_gui.panels.panel import Refreshing, while_seen
from micronn_gui.session.my_digits import MyDigitsState
from micronn_gui.session.training import TrainingState
from micronn_gui.theme import px
from micronn_gui.widgets.controls.buttons import button, label
from micronn_gui.widgets.controls.cover import Cover
from micronn_gui.widgets.controls.elided_text import ElidedText
from micronn_gui.widgets.controls.menu import Menu
from micronn_gui.widgets.controls.saving import ask_where_to_save
from micronn_gui.widgets.images.digit_grid import DigitGrid


class MyDigitsPage(Refreshing, QWidget):
    """The kept digits, the newest first."""

    done = Signal(str)
    """Nothing was to be imported; the text says why."""

    def __init__(self, training: TrainingState, my_digits: MyDigitsState) -> None:
        super().__init__()
        self.setAccessibleName(tr("My digits"))
        self._training, self._kept = training, my_digits
        self._shown: tuple[KeptDigit, ...] = ()
        self._score = ElidedText(2, 13)
        self._about = ElidedText(1)
        self._relabel = button(tr("Relabel"), tr("Give the selected digit another label (0 to 9)"))
        self._relabel.setMenu(self._label_menu())
        self._delete = button(tr("Delete"), tr("Delete the selected digit (Delete)"))
        self._delete.clicked.connect(self._delete_selected)
        self.grid = DigitGrid(self.accessibleName())
        self.grid.setToolTip(tr("Select a digit; 0 to 9 relabels it, Delete deletes it."))
        self.grid.selected_changed.connect(self._follow_selection)
        self.grid.relabelled.connect(self._relabel_selected)
        self.grid.deleted.connect(self._delete_selected)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._invitation())
        self._stack.addWidget(self.grid)
        self._train = QCheckBox(tr("Train with them too"))
        self._train.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._train.setToolTip(
            tr("Adds them to the training samples of the next new network; its file names them.")
        )
        self._train.toggled.connect(self._kept.train_with_them)
        self._note = ElidedText(2)
        self._import = button(tr("Import …"), tr("Add the digits of an exported file"))
        self._import.clicked.connect(self._ask_import)
        self._export = button(tr("Export …"), tr("Save all digits as one file, to share them"))
        self._export.clicked.connect(self._ask_export)
        self._place()
        my_digits.changed.connect(self.touch)
        my_digits.answered.connect(self._follow_answers)
        self._cover = Cover(self, 0, 0)
        training.run_started.connect(self._follow_training)

    # -- building --

    def _place(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(8))
        column.addWidget(self._score)
        column.addWidget(self._stack, 1)
        column.addWidget(self._about)
        column.addLayout(_row(self._relabel, self._delete))
        column.addWidget(self._train)
        column.addWidget(self._note)
        column.addLayout(_row(self._import, self._export))

    def _label_menu(self) -> QMenu:
        menu = Menu(self)
        for digit in range(len(DIGITS_SPEC.class_names)):
            menu.addAction(f"&{digit}", partial(self._relabel_selected, digit))
        return menu

    def _invitation(self) -> QWidget:
        text = tr(
            "Draw a digit and press its key, 0 to 9: it is kept here, and the pad is free for the next.\n"
            "Then you see how many of your digits the network reads.\n"
            "A class can pool its digits: everyone exports one file, and one imports them all."
        )
        words = label(text, "soft")
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        words.setWordWrap(True)
        return words

    # -- following --

    def watch(self, seen: bool) -> None:
        """Have the network read the digits while somebody looks."""
        self._kept.watch(seen)

    def refresh(self) -> None:
        """Show the digits as they are now; the selection stays with its digit."""
        chosen = self._selected
        place = self.grid.selected
        digits = self._kept.digits[::-1]
        if digits != self._shown:
            self._shown = digits
            pictures = np.stack([digit.picture for digit in digits]) if digits else np.zeros((0, 28, 28))
            self.grid.show_digits(pictures.astype(np.uint8, copy=False), [digit.label for digit in digits])
            names = [digit.name for digit in digits]
            self.grid.select(names.index(chosen.name) if chosen and chosen.name in names else place)
        self._stack.setCurrentIndex(1 if digits else 0)
        self._export.setEnabled(bool(digits))
        self._follow_answers()
        self._follow_training()

    @while_seen
    def _follow_answers(self) -> None:
        count, answers = len(self._shown), self._kept.answers
        self.grid.show_answers(None if answers is None else answers[::-1].tolist())
        if not count:
            text = tr("No digits yet")
        elif answers is None:
            text = trn("{count:,} digit kept", "{count:,} digits kept", count)
        else:
            right = self._kept.right
            text = tr(
                "The network reads {right:,} of {count:,} ({share})",
                right=right,
                count=count,
                share=percent(right / count),
            )
        self._score.set_text(text)
        self._follow_selection()

    def _follow_selection(self) -> None:
        digit, answers = self._selected, self._kept.answers
        for control in (self._relabel, self._delete):
            control.setEnabled(digit is not None)
        if digit is None:
            text = tr("Select one to relabel or delete it.") if self._shown else ""
        elif answers is None:
            text = tr("Selected: {label}", label=digit.label)
        else:
            answer = answers[::-1][self.grid.selected]
            text = tr("Selected: {label}, read as {answer}", label=digit.label, answer=answer)
        self._about.set_text(text)
        self.grid.canvas.setAccessibleDescription(text)

    @while_seen
    def _follow_training(self) -> None:
        self._cover.say(
            ""
            if self._kept.suit
            else tr(
                "My digits are pictures of 28 x 28 pixels: this network reads other samples, so it can "
                "neither be tested on them nor learn from them."
            )
        )
        learned, here = self._training.config.my_digits, self._kept.fingerprint
        with QSignalBlocker(self._train):
            self._train.setChecked(self._kept.included)
        if learned and learned == here:
            text = tr("This network learns from them.")
        elif self._kept.included and here:
            text = trn(
                "The next new network learns from this one too.",
                "The next new network learns from these {count:,} too.",
                len(self._shown),
            )
        elif learned:
            count = int(learned.partition("-")[0])
            text = trn(
                "This network knows {count:,} earlier one.",
                "This network knows {count:,} earlier ones.",
                count,
            )
        else:
            text = ""
        self._note.set_text(text)

    @property
    def _selected(self) -> KeptDigit | None:
        i = self.grid.selected
        return self._shown[i] if 0 <= i < len(self._shown) else None

    # -- intents --

    def keep(self, digit: int) -> None:
        """Keep the drawing under a label, and select it."""
        if self._kept.keep(digit):
            self.grid.select(0)

    def _relabel_selected(self, digit: int) -> None:
        if self._selected is not None:
            self._kept.relabel(self._selected.name, digit)

    def _delete_selected(self) -> None:
        if self._selected is not None:
            self._kept.delete(self._selected.name)

    def _ask_export(self) -> None:
        title, start = tr("Export my digits"), _documents() / "my-digits.zip"
        ask_where_to_save(self.window(), title, start, {SUFFIX: tr("Digits")}, self._kept.export)

    def _ask_import(self) -> None:
        title = tr("Import digits")
        path, _ = QFileDialog.getOpenFileName(self, title, str(_documents()), f"{tr('Digits')} (*{SUFFIX})")
        count = self._kept.import_(Path(path)) if path else None
        if count == 0:
            self.done.emit(tr("Nothing was added: all of these digits are here already"))


def _row(*widgets: QWidget) -> QHBoxLayout:
    """Return widgets side by side, each as wide as the others."""
    row = QHBoxLayout()
    row.setSpacing(px(8))
    for widget in widgets:
        row.addWidget(widget, 1)
    return row


def _documents() -> Path:
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
