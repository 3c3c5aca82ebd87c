"""The rows of the recipe: every setting behind its name, in sections, some of which fold away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial, reduce

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from micronn_core.common.texts import tr
from micronn_core.settings.config import TrainingConfig
from micronn_core.settings.setting import Section, Setting
from micronn_core.settings.table import SECTIONS
from micronn_gui.panels.settings.fields import SettingField
from micronn_gui.theme import px
from micronn_gui.widgets.controls.buttons import IconButton, label, room_for_choices
from micronn_gui.widgets.controls.folding import FoldingSection
from micronn_gui.widgets.controls.name_label import NameLabel

LINE_WIDTH, BOX_WIDTH = 92, 118
"""Least and greatest width of a setting's control, in pixels."""
BESIDE_WIDTH = 28
"""Width of the small control before it."""


class RecipeRows(QScrollArea):
    """Lays the fields out; they scroll where there is no room for all of them."""

    asked = Signal(str)
    """Somebody wants to know what this setting means."""

    def __init__(self, fields: Mapping[str, SettingField]) -> None:
        super().__init__()
        self._fields = fields
        self._rows = {name: self._row(field) for name, field in fields.items()}
        self._inside = QWidget()
        column = QVBoxLayout(self._inside)
        column.setContentsMargins(0, px(0), px(0), px(0))
        self._column = QVBoxLayout()
        self._column.setSpacing(px(4))
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
        title.setContentsMargins(0, px(6), 0, 0)
        self._column.addWidget(title)
        return self._column

    def _row(self, field: SettingField) -> QWidget:
        """Return a field with its name, and what asks about it, before it."""
        row = QWidget()
        grid = QGridLayout(row)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(px(4))
        grid.setVerticalSpacing(px(2))
        name = NameLabel(field.label, tr("What is this? (Shift+F1)"))
        name.setBuddy(field.control)
        info = IconButton("info", tr("What {setting} means", setting=field.label), "soft", 14, "info")
        box = QHBoxLayout()
        box.setSpacing(px(2))
        if field.beside is not None:  # before it, so that all controls end at one edge
            field.beside.setFixedWidth(px(BESIDE_WIDTH))
            box.addWidget(field.beside)
        box.addWidget(field.control)
        field.control.setFixedWidth(_width_of(field))
        names = QHBoxLayout()
        names.setSpacing(px(2))
        names.addWidget(name)
        names.addWidget(info)
        names.addStretch(1)
        for asking in (name.asked, info.clicked):
            asking.connect(partial(self._ask, field.row.name))
        grid.addLayout(names, 0, 0)
        grid.addLayout(box, 0, 1)
        if field.below is not None:
            grid.addWidget(field.below, 1, 0, 1, 2)
        return row

    def _ask(self, setting: str, _: bool = False) -> None:
        self.asked.emit(setting)

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

    def reveal(self, setting: str) -> None:
        """Unfold the section of a setting and scroll to it."""
        section = self._fields[setting].row.section
        if section in self._folding:
            self._folding[section].open(True)
        self._scroll_to(self._rows[setting])

    def show_in_use(self, config: TrainingConfig) -> None:
        """Show the settings there is a choice in, and behind each folded title what is set there."""
        for name, field in self._fields.items():
            if self._rows[name].isHidden() != field.is_single:  # the choices have grown
                self._rows[name].setVisible(not field.is_single)
        for section, folding in self._folding.items():
            rows = [self._fields[name].row for name in self._names_in(section)]
            folding.summarise(summary_of(rows, config))

    def _unfolded(self, section: FoldingSection, opened: bool) -> None:
        if opened:
            self._scroll_to(section)

    def _scroll_to(self, part: QWidget) -> None:
        """Scroll so that what has been unfolded or marked can be seen, from its top."""
        # At once: the area would learn of new rows, and of a longer note below it, only later.
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        self._inside.adjustSize()
        self.ensureWidgetVisible(part, 0, 0)
        self.horizontalScrollBar().setValue(0)
        if part.height() > self.viewport().height():
            self.verticalScrollBar().setValue(part.mapTo(self._inside, QPoint(0, 0)).y())


def _width_of(field: SettingField) -> int:
    """Return the width of a control: what its choices need, within limits that are right for English."""
    if not isinstance(field.control, QComboBox):
        return px(LINE_WIDTH)
    field.control.ensurePolished()
    wanted = min(max(field.control.sizeHint().width(), px(LINE_WIDTH)), px(BOX_WIDTH))
    return room_for_choices(wanted, field.control)


def summary_of(rows: Sequence[Setting], config: TrainingConfig) -> str:
    """Return in a line what is set: what always says it, and what is not as usual."""
    usual, said = TrainingConfig(), []
    for row in rows:
        value = row.value_in(config)
        shown = row.kind.show(value)
        is_part = "." in row.name  # of what another row says
        if row.summary or (value != row.value_in(usual) and row.kind.choices()):
            said.append(shown)
        elif value != row.value_in(usual) and not is_part:
            said.append(tr("{setting} {value}", setting=tr(row.short), value=shown))
    if not said:
        return tr("off")
    return reduce(lambda before, after: tr("{before} · {after}", before=before, after=after), said)
