"""The fields of the recipe: each shows one setting and says when a person has changed it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QSlider, QWidget

from micronn_core.common.errors import ConfigError
from micronn_core.common.texts import tr
from micronn_core.settings.config import FULL_BATCH, MAX_LEARNING_RATE, TrainingConfig, check_learning_rate
from micronn_gui.widgets.controls.buttons import guard_wheel, restyle
from micronn_gui.widgets.controls.entry import Entry

BATCH_SIZES = (FULL_BATCH, 1, 8, 32, 64, 128, 256, 512, 1024, 4096)


class SettingField(QObject):
    """A setting's control.

    Attributes:
        setting: its name in the config.
        label: its name as people read it.
        control: the widget.
        beside: a second, small widget that goes behind it, or None.
        below: a second widget that goes under it, or None.
    """

    edited = Signal(object)
    """A person has set this value."""
    refused = Signal(str)
    """A person has entered something that cannot be used; the text says why."""

    def __init__(self, setting: str, label: str, tip: str, control: QWidget) -> None:
        super().__init__(control)
        self.setting = setting
        self.label = label
        self.control = control
        self.beside: QWidget | None = None
        self.below: QWidget | None = None
        guard_wheel(control)
        control.setToolTip(tip)
        control.setAccessibleName(label)

    @property
    def is_single(self) -> bool:
        """Whether there is nothing to choose."""
        return False

    def show_value(self, value: Any) -> None:  # noqa: ANN401 - what the setting takes
        """Show a value that can be used."""
        raise NotImplementedError

    def value_in(self, config: TrainingConfig) -> Any:  # noqa: ANN401 - what the setting takes
        """Return the setting's value in a config."""
        return getattr(config, self.setting)

    def show_config(self, config: TrainingConfig) -> None:
        """Show the setting's value in a config."""
        self.mark(wrong=False)
        self.show_value(self.value_in(config))

    def put_into(self, config: TrainingConfig, value: object) -> TrainingConfig:
        """Return a config that has this value.

        Raises:
            ConfigError: it cannot be used there.
        """
        return config.with_value(self.setting, value)

    def mark(self, wrong: bool) -> None:
        """Mark the control as holding something that cannot be used."""
        if bool(self.control.property("wrong")) != wrong:
            self.control.setProperty("wrong", wrong)
            restyle(self.control)


class ChoiceField(SettingField):
    """One of a few named values.

    Args:
        setting: its name in the config.
        label: the field's name.
        tip: what it does.
        choices: the name and the text of each value.
        tips: what each value does, by its name: shown beside it, and while it is chosen.
    """

    def __init__(
        self,
        setting: str,
        label: str,
        tip: str,
        choices: Sequence[tuple[str, str]],
        tips: Mapping[str, str] | None = None,
    ) -> None:
        self._tip, self._tips = tip, tips or {}
        self._box = QComboBox()
        self._box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        super().__init__(setting, label, tip, self._box)
        for name, text in choices:
            self._box.addItem(text, name)
            if name in self._tips:
                self._box.setItemData(self._box.count() - 1, self._tips[name], Qt.ItemDataRole.ToolTipRole)
        self._box.activated.connect(lambda i: self.edited.emit(self._box.itemData(i)))

    @property
    def is_single(self) -> bool:
        """Whether there is nothing to choose."""
        return self._box.count() < 2

    def show_value(self, value: str) -> None:
        """Show the choice of this name."""
        self._box.setCurrentIndex(self._box.findData(value))
        self._box.setToolTip("\n".join(filter(None, (self._tip, self._tips.get(value)))))


class NumberField(SettingField):
    """A value that is written.

    Args:
        setting: its name in the config.
        label: the field's name.
        tip: what it does.
        read: turns the text into the value, or raises a ConfigError.
        write: turns the value into text.
    """

    def __init__(
        self,
        setting: str,
        label: str,
        tip: str,
        read: Callable[[str], object],
        write: Callable[[Any], str],
    ) -> None:
        self._entry = Entry()
        super().__init__(setting, label, tip, self._entry)
        self._read, self._write = read, write
        self._entry.entered.connect(self._enter)

    def show_value(self, value: Any) -> None:  # noqa: ANN401 - what `write` takes
        """Show the value as text."""
        self._entry.show_text(self._write(value))

    def _enter(self, text: str) -> None:
        try:
            value = self._read(text)
        except ConfigError as error:
            self.refused.emit(str(error))
        else:
            self.edited.emit(value)


class RateField(NumberField):
    """The learning rate: a number to write, and a logarithmic slider from 0.0001 to 10 under it."""

    _LOW, _HIGH, _STEPS = -4.0, 1.0, 100

    def __init__(self, setting: str, label: str, tip: str) -> None:
        super().__init__(setting, label, tip, _read_rate, lambda rate: f"{rate:.4g}")
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setRange(0, self._STEPS)
        self._slider.setPageStep(10)
        guard_wheel(self._slider)
        self._slider.setToolTip(tip)
        self._slider.setAccessibleName(tr("{setting}, slider", setting=label))
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

    def __init__(self, setting: str, label: str, tip: str) -> None:
        self._box = QComboBox()
        self._box.setEditable(True)
        self._box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._entry = Entry()
        self._box.setLineEdit(self._entry)
        self._box.setCompleter(None)  # type: ignore[arg-type] # it would write over what a person types
        super().__init__(setting, label, tip, self._box)
        self._full = tr("Full")
        for size in BATCH_SIZES:
            self._box.addItem(self._text(size), size)
        self._box.activated.connect(lambda i: self.edited.emit(self._box.itemData(i)))
        self._entry.entered.connect(self._enter)

    def _text(self, size: int) -> str:
        return self._full if size == FULL_BATCH else f"{size:,}".replace(",", " ")

    def show_value(self, value: int) -> None:
        """Show a size."""
        self._entry.show_text(self._text(value))

    def _enter(self, text: str) -> None:
        value = whole_number(text)
        if text.strip().lower() in ("full", self._full.lower()):
            self.edited.emit(FULL_BATCH)
        elif value is not None:
            self.edited.emit(value)
        else:
            self.refused.emit(
                tr(
                    "The batch is a number of samples, or Full for all of them; {text} is neither.",
                    text=repr(text.strip()),
                )
            )


_WHOLE = re.compile(r"\d+|\d{1,3}(?:[ ,_’]\d{3})+")


def whole_number(text: str) -> int | None:
    """Read a whole number, also one with signs between the thousands; None if it is none.

    A comma before fewer or more than three digits is a decimal comma: "2,5" is no whole number.
    """
    text = text.strip()
    return int(re.sub(r"\D", "", text)) if _WHOLE.fullmatch(text) else None


Field = ChoiceField | NumberField | BatchField


def _read_rate(text: str) -> float:
    """Read a learning rate; a decimal comma is taken as well."""
    try:
        rate = float(text.replace(",", "."))
    except ValueError:
        raise ConfigError(
            "learning_rate",
            f"The learning rate is a number above 0 and at most {MAX_LEARNING_RATE:,.0f}, such as 0.1; "
            f"{text.strip()!r} is not.",
        ) from None
    check_learning_rate(rate)
    return rate
