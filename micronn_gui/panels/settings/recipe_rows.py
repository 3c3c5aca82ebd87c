"""The rows of the recipe: every setting behind its name, in sections, some of which fold away."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from micronn_core.common.texts import tr
from micronn_core.data.augmentation import AMOUNTS
from micronn_core.settings.config import TrainingConfig
from micronn_gui.panels.settings.fields import Field
from micronn_gui.theme import GRID
from micronn_gui.widgets.controls.buttons import label
from micronn_gui.widgets.controls.folding import FoldingSection
from micronn_gui.widgets.controls.name_label import NameLabel

CONTROL_WIDTH = 130
"""Width of a setting's control, in pixels."""
BESIDE_WIDTH = CONTROL_WIDTH // 4
"""Width of the small control behind it, of which its own gives way."""


class RecipeRows(QScrollArea):
    """Lays the fields out; they scroll where there is no room for all of them."""

    asked = Signal(str)
    """Somebody wants to know what this setting means."""

    def __init__(self, fields: Mapping[str, Field]) -> None:
        super().__init__()
        self._fields = fields
        self._rows = {name: self._row(field) for name, field in fields.items()}
        self._titles: list[QLabel] = []
        self._inside = QWidget()
        column = QVBoxLayout(self._inside)
        column.setContentsMargins(0, 0, 0, 0)
        self._column = QVBoxLayout()
        column.addLayout(self._column)
        column.addStretch(1)
        self._lay_out()
        self.setWidget(self._inside)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def _lay_out(self) -> None:
        for title, names in (
            (tr("DATA"), ("dataset", "split")),
            (tr("NETWORK"), ("hidden", "activation", "initializer", "seed")),
            (tr("TRAINING"), ("optimizer", "learning_rate", "batch_size", "epochs")),
        ):
            section = label(title, "section")
            section.setContentsMargins(0, GRID, 0, 0)
            self._titles.append(section)
            self._column.addWidget(section)
            for name in names:
                # A choice of one is no choice.
                self._rows[name].setVisible(not self._fields[name].is_single)
                self._column.addWidget(self._rows[name])
        self._folding: dict[FoldingSection, tuple[str, ...]] = {}
        self._fold(
            tr("Regularisation, schedule …"),
            tr("What changes the rate, ends the run, holds the weights back, or chooses the numbers"),
            ("schedule", "patience", "dropout", "l2", "l1", "clip", "dtype", "pixels", "softmax"),
        )
        self.varied = self._fold(
            tr("Varied pictures"),
            tr("Show each training picture a little differently in every epoch"),
            ("augmentation", *(f"augmentation.{name}" for name in AMOUNTS)),
        )

    def _fold(self, title: str, tip: str, names: tuple[str, ...]) -> FoldingSection:
        section = FoldingSection(title, tip)
        for name in names:
            section.rows.addWidget(self._rows[name])
        section.title.toggled.connect(partial(self._unfolded, section))
        self._folding[section] = names
        self._column.addWidget(section)
        return section

    def _row(self, field: Field) -> QWidget:
        """Return a field with its name before it."""
        row = QWidget()
        grid = QGridLayout(row)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GRID // 2)
        grid.setVerticalSpacing(2)
        name = NameLabel(field.label, tr("What is this? (Shift+F1)"))
        name.setBuddy(field.control)
        name.asked.connect(partial(self.asked.emit, field.setting))
        box = QHBoxLayout()
        box.setSpacing(2)
        box.addWidget(field.control)
        field.control.setFixedWidth(CONTROL_WIDTH - (BESIDE_WIDTH if field.beside else 0))
        if field.beside is not None:
            field.beside.setFixedWidth(BESIDE_WIDTH)
            box.addWidget(field.beside)
        grid.addWidget(name, 0, 0)
        grid.addLayout(box, 0, 1)
        if field.below is not None:
            grid.addWidget(field.below, 1, 0, 1, 2)
        return row

    # -- what the panel asks --

    def row_of(self, setting: str) -> QWidget:
        """Return the row of a setting."""
        return self._rows[setting]

    def setting_in_use(self) -> str:
        """Return the setting whose row has the keyboard; "" where none has."""
        focus = QApplication.focusWidget()
        return next((name for name, row in self._rows.items() if focus and row.isAncestorOf(focus)), "")

    def make_roomy(self, roomy: bool) -> None:
        """Let the section titles give way where there is little height."""
        self._column.setSpacing(7 if roomy else 3)
        for title in self._titles:
            title.setVisible(roomy)

    def reveal(self, setting: str) -> None:
        """Unfold the section of a setting and scroll to it."""
        for section, names in self._folding.items():
            if setting in names:
                section.open(True)
        self._scroll_to(self._rows[setting])

    def show_in_use(self, config: TrainingConfig) -> None:
        """Say behind a folded section's title how many of its settings are not as usual."""
        usual = TrainingConfig()
        for section, names in self._folding.items():
            # The strength of a variation is but the name of its amounts.
            count = sum(self._differs(name, config, usual) for name in names if name != "augmentation")
            title = section.title.accessibleName()
            section.title.setText(tr("{title} · {count} set", title=title, count=count) if count else title)

    def _differs(self, name: str, config: TrainingConfig, usual: TrainingConfig) -> bool:
        field = self._fields[name]
        return bool(field.value_in(config) != field.value_in(usual))

    def _unfolded(self, section: FoldingSection, opened: bool) -> None:
        if opened:
            self._scroll_to(section)

    def _scroll_to(self, part: QWidget) -> None:
        """Scroll so that what has been unfolded or marked can be seen, from its top."""
        # At once: the area would learn of new rows, and of a longer note below it, only later.
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        self._inside.adjustSize()
        self.ensureWidgetVisible(part, 0, 0)
        if part.height() > self.viewport().height():
            self.verticalScrollBar().setValue(part.mapTo(self._inside, QPoint(0, 0)).y())
