"""A setting and the values that it is to have: one of them, or several."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QStackedWidget, QWidget

from micronn_core.common.texts import tr
from micronn_core.settings.config import TrainingConfig
from micronn_core.settings.setting import Setting
from micronn_core.settings.table import SETTINGS
from micronn_gui.theme import px
from micronn_gui.widgets.controls.buttons import button, guard_wheel
from micronn_gui.widgets.controls.menu import Menu

OFFERED = tuple(
    name
    for name, row in SETTINGS.items()
    if row.section is not None and (not row.kind.choices() or len(row.kind.choices()) > 1)
)
"""The settings that can differ, in the order of the recipe."""


class ValuesField(QWidget):
    """A box for the setting, and a line, or a list to tick, for its values."""

    changed = Signal()
    """There is another setting or there are other values."""

    def __init__(self, number: int, optional: bool) -> None:
        super().__init__()
        self._box = QComboBox()
        self._box.setAccessibleName(tr("Setting {n}", n=number))
        self._box.setToolTip(tr("What is to be different; all else stays as it was"))
        self._box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        guard_wheel(self._box)
        if optional:
            self._box.addItem(tr("nothing else"), "")
        for name in OFFERED:
            self._box.addItem(tr(SETTINGS[name].label), name)
        self._box.activated.connect(self._follow_setting)
        self.line = QLineEdit()
        self.line.setAccessibleName(tr("Values of setting {n}", n=number))
        self.line.textEdited.connect(self.changed)
        self._ticks = button("", tr("Tick one value, or several"))
        self._ticks.setAccessibleName(tr("Choices of setting {n}", n=number))
        self._menu = Menu(self)
        self._menu.triggered.connect(self._follow_tick)
        self._ticks.setMenu(self._menu)
        self._values = QStackedWidget()
        self._values.addWidget(self.line)
        self._values.addWidget(self._ticks)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(8))
        row.addWidget(self._box, 1)
        row.addWidget(self._values, 1)
        self._base: TrainingConfig | None = None
        self._fill()

    @property
    def name(self) -> str:
        """The name of the setting in the config; "" for none."""
        return str(self._box.currentData())

    @property
    def row(self) -> Setting | None:
        """The row of the setting."""
        return SETTINGS.get(self.name)

    @property
    def text(self) -> str:
        """Its values as they are written, with commas between them."""
        if self.row is not None and self.row.kind.choices():
            return ", ".join(action.data() for action in self._menu.actions() if action.isChecked())
        return self.line.text()

    def show_setting(self, name: str, text: str = "") -> None:
        """Offer another setting, with values."""
        self._box.setCurrentIndex(self._box.findData(name))
        self._fill()
        self.line.setText(text)

    def fill_in_examples(self) -> None:
        """Take the usual values of the setting."""
        examples = self.row.examples if self.row is not None else ""
        self.line.setText(examples)
        for action in self._menu.actions():
            action.setChecked(action.data() in examples.split(", "))
        self._follow_tick()

    def show_base(self, config: TrainingConfig) -> None:
        """Hear what the setting is now: of a list, it is not ticked."""
        if config != self._base:
            self._base = config
            self._fill()

    def _follow_setting(self) -> None:
        self._fill()
        self.line.clear()
        self.changed.emit()

    def _follow_tick(self) -> None:
        self._show_ticks()
        self.changed.emit()

    def _fill(self) -> None:
        row = self.row
        self._values.setEnabled(row is not None)
        self._menu.clear()
        choices = row.kind.choices() if row is not None else ()
        self._values.setCurrentWidget(self._ticks if choices else self.line)
        if row is None:
            return
        self.line.setToolTip(tr("One value, or several with commas between them; {help}", help=tr(row.help)))
        now = row.kind.write(getattr(self._base, row.name)) if self._base is not None else ""
        for name in choices:
            label = row.kind.show(row.kind.read(name))
            action = self._menu.addAction(tr("{value} (now)", value=label) if name == now else label)
            action.setData(name)
            action.setCheckable(True)
        self._show_ticks()

    def _show_ticks(self) -> None:
        chosen = [action.text() for action in self._menu.actions() if action.isChecked()]
        self._ticks.setText(", ".join(chosen) or tr("choose …"))
