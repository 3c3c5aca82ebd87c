"""The fields of the recipe: each shows one setting and says when a person has changed it."""

from __future__ import annotations

import math
from typing import Any

from PySide6.QtCore import QObject, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QSlider, QWidget

from micronn_core.common.errors import ConfigError
from micronn_core.common.texts import tr
from micronn_core.settings.config import TrainingConfig
from micronn_core.settings.kinds import FULL_BATCH
from micronn_core.settings.setting import Setting
from micronn_gui.widgets.controls.buttons import guard_wheel, restyle
from micronn_gui.widgets.controls.entry import Entry

BATCH_SIZES = (FULL_BATCH, 1, 8, 32, 64, 128, 256, 512, 1024, 4096)

SIGNS = {"pixels": "px", "degrees": "°"}
"""The short sign of each unit, for where there is little room."""


class SettingField(QObject):
    """A setting's control.

    Attributes:
        row: the setting.
        label: its name as people read it.
        control: the widget.
        beside: a second, small widget that goes before it, or None.
        below: a second widget that goes under it, or None.
    """

    edited = Signal(object)
    """A person has set this value; whether it can be used is for the config to say."""
    refused = Signal(str)
    """A person has entered something that is no value at all; the text says why."""

    def __init__(self, row: Setting, control: QWidget) -> None:
        super().__init__(control)
        self.row = row
        self.label = (
            tr("{setting}, {unit}", setting=tr(row.label), unit=SIGNS[row.unit])
            if row.unit
            else tr(row.label)
        )
        self.control = control
        self.beside: QWidget | None = None
        self.below: QWidget | None = None
        guard_wheel(control)
        control.setToolTip(self.tip)
        control.setAccessibleName(self.label)

    @property
    def tip(self) -> str:
        """What the setting does, how far it goes, and whether it can change under way; a line each."""
        limits = "" if self.row.kind.choices() else self.row.kind.limits()
        live = tr("Applies from the next step on") if self.row.live else ""
        return "\n".join(filter(None, (tr(self.row.help), limits, live)))

    @property
    def is_single(self) -> bool:
        """Whether there is nothing to choose."""
        return False

    def show_value(self, value: Any) -> None:  # noqa: ANN401 - what the setting takes
        """Show a value that can be used."""
        raise NotImplementedError

    def show_config(self, config: TrainingConfig) -> None:
        """Show the setting's value in a config."""
        self.mark(wrong=False)
        self.show_value(self.row.value_in(config))

    def mark(self, wrong: bool) -> None:
        """Mark the control as holding something that cannot be used."""
        if bool(self.control.property("wrong")) != wrong:
            self.control.setProperty("wrong", wrong)
            restyle(self.control)

    def _enter(self, text: str) -> None:
        """Take what a person has written."""
        try:
            value = self.row.kind.read(text)
        except ConfigError as error:
            self.refused.emit(str(error))
        else:
            self.edited.emit(value)


class ChoiceField(SettingField):
    """One of a few named values."""

    def __init__(self, row: Setting) -> None:
        self._box = QComboBox()
        self._box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        super().__init__(row, self._box)
        self._box.setPlaceholderText(tr("Your own"))
        self._names: tuple[str, ...] = ()
        self._fill()
        self._box.activated.connect(lambda i: self._enter(self._box.itemData(i)))

    @property
    def is_single(self) -> bool:
        """Whether there is nothing to choose."""
        return self._box.count() < 2

    def _fill(self) -> None:
        """Offer the choices there are: their number may grow."""
        if (names := self.row.kind.choices()) == self._names:
            return
        self._names = names
        self._box.clear()
        for name in names:
            value = self.row.kind.read(name)
            self._box.addItem(self.row.kind.show(value), name)
            if described := self.row.kind.describe(value):
                self._box.setItemData(self._box.count() - 1, described.words, Qt.ItemDataRole.ToolTipRole)

    def show_value(self, value: Any) -> None:  # noqa: ANN401
        """Show a choice; a value of one's own is none of them."""
        self._fill()
        self._box.setCurrentIndex(self._box.findData(self.row.kind.write(value)))
        words = self._box.currentData(Qt.ItemDataRole.ToolTipRole)
        self._box.setToolTip("\n".join(filter(None, (self.tip, words))))


class NumberField(SettingField):
    """A value that is written."""

    def __init__(self, row: Setting) -> None:
        self._entry = Entry()
        super().__init__(row, self._entry)
        self._entry.entered.connect(self._enter)

    def show_value(self, value: Any) -> None:  # noqa: ANN401
        """Show the value as text."""
        self._entry.show_text(self.row.kind.show(value))


class RateField(NumberField):
    """The learning rate: a number to write, and a logarithmic slider from 0.0001 to 10 under it."""

    _LOW, _HIGH, _STEPS = -4.0, 1.0, 100

    def __init__(self, row: Setting) -> None:
        super().__init__(row)
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setRange(0, self._STEPS)
        self._slider.setPageStep(10)
        guard_wheel(self._slider)
        self._slider.setToolTip(self.tip)
        self._slider.setAccessibleName(tr("{setting}, slider", setting=self.label))
        self._slider.valueChanged.connect(self._slide)
        self.below = self._slider

    def show_value(self, value: Any) -> None:  # noqa: ANN401
        """Show the rate as text and as the slider's place."""
        super().show_value(value)
        place = (math.log10(value) - self._LOW) / (self._HIGH - self._LOW) * self._STEPS
        with QSignalBlocker(self._slider):
            self._slider.setValue(round(place))

    def _slide(self, place: int) -> None:
        exponent = self._LOW + (self._HIGH - self._LOW) * place / self._STEPS
        self.edited.emit(float(f"{10**exponent:.2g}"))


class BatchField(SettingField):
    """Samples per step: a usual size, or one that is written."""

    def __init__(self, row: Setting) -> None:
        self._box = QComboBox()
        self._box.setEditable(True)
        self._box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._entry = Entry()
        self._box.setLineEdit(self._entry)
        self._box.setCompleter(None)  # type: ignore[arg-type] # it would write over what a person types
        super().__init__(row, self._box)
        for size in BATCH_SIZES:
            self._box.addItem(row.kind.show(size), size)
        self._box.activated.connect(lambda i: self.edited.emit(self._box.itemData(i)))
        self._entry.entered.connect(self._enter)

    def show_value(self, value: int) -> None:
        """Show a size."""
        self._entry.show_text(self.row.kind.show(value))
