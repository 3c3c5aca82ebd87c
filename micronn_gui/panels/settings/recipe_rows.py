"""The rows of the recipe: every setting behind its name, in sections, some of which fold away."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from micronn_core.common.texts import tr
from micronn_core.settings.config import TrainingConfig
from micronn_core.settings.setting import Section
from micronn_core.settings.table import SECTIONS
from micronn_gui.panels.settings.fields import SettingField
from micronn_gui.theme import px
from micronn_gui.widgets.controls.buttons import label, room_for_choices
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

    def __init__(self, fields: Mapping[str, SettingField]) -> None:
        super().__init__()
        self._fields = fields
        boxes = (field.control for field in fields.values() if isinstance(field.control, QComboBox))
        self._control_width = room_for_choices(px(CONTROL_WIDTH), *boxes)
        self._rows = {name: self._row(field) for name, field in fields.items()}
        self._titles: list[QLabel] = []
        self._inside = QWidget()
        column = QVBoxLayout(self._inside)
        column.setContentsMargins(0, px(0), px(0), px(0))
        self._column = QVBoxLayout()
        column.addLayout(self._column)
        column.addStretch(1)
        self._lay_out()
        self.setWidget(self._inside)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def _lay_out(self) -> None:
        self._folding: dict[Section, FoldingSection] = {}
        for section in SECTIONS:
            rows = self._add_title(section)
            for name in self._names_in(section):
                # A choice of one is no choice.
                self._rows[name].setVisible(not self._fields[name].is_single)
                rows.addWidget(self._rows[name])

    def _names_in(self, section: Section) -> list[str]:
        return [name for name, field in self._fields.items() if field.row.section is section]

    def _add_title(self, section: Section) -> QVBoxLayout:
        """Add the title of a section; returns where its rows go."""
        if section.tip:
            folding = FoldingSection(tr(section.title), tr(section.tip))
            folding.title.toggled.connect(partial(self._unfolded, folding))
            self._folding[section] = folding
            self._column.addWidget(folding)
            return folding.rows
        title = label(tr(section.title), "section")
        title.setContentsMargins(0, px(8), px(0), px(0))
        self._titles.append(title)
        self._column.addWidget(title)
        return self._column

    def _row(self, field: SettingField) -> QWidget:
        """Return a field with its name before it."""
        row = QWidget()
        grid = QGridLayout(row)
        grid.setContentsMargins(0, px(0), px(0), px(0))
        grid.setHorizontalSpacing(px(4))
        grid.setVerticalSpacing(2)
        name = NameLabel(field.label, tr("What is this? (Shift+F1)"))
        name.setBuddy(field.control)
        name.asked.connect(partial(self.asked.emit, field.row.name))
        box = QHBoxLayout()
        box.setSpacing(px(2))
        box.addWidget(field.control)
        field.control.setFixedWidth(self._control_width - (px(BESIDE_WIDTH) if field.beside else 0))
        if field.beside is not None:
            field.beside.setFixedWidth(px(BESIDE_WIDTH))
            box.addWidget(field.beside)
        names = QHBoxLayout()
        names.setSpacing(px(2))
        names.addWidget(name)
        if field.row.live:
            dot = label("•", "live")
            dot.setToolTip(tr("Applies from the next step on"))
            names.addWidget(dot)
        names.addStretch(1)
        grid.addLayout(names, 0, 0)
        grid.addLayout(box, 0, 1)
        if field.below is not None:
            grid.addWidget(field.below, 1, 0, 1, 2)
        return row

    # -- what the panel asks --

    def folding(self, section: Section) -> FoldingSection:
        """Return a section that folds away."""
        return self._folding[section]

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
        section = self._fields[setting].row.section
        if section in self._folding:
            self._folding[section].open(True)
        self._scroll_to(self._rows[setting])

    def show_in_use(self, config: TrainingConfig) -> None:
        """Show the settings there is a choice in, and behind a folded title how many are not as usual."""
        for name, field in self._fields.items():
            if self._rows[name].isHidden() != field.is_single:  # the choices have grown
                self._rows[name].setVisible(not field.is_single)
        usual = TrainingConfig()
        for section, folding in self._folding.items():
            rows = (self._fields[name].row for name in self._names_in(section))
            # The strength of a variation is but the name of its amounts.
            count = sum(
                row.value_in(config) != row.value_in(usual) for row in rows if row.name != "augmentation"
            )
            title = tr(section.title)
            folding.title.setText(tr("{title} · {count} set", title=title, count=count) if count else title)

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
