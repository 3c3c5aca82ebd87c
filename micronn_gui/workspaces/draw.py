"""Draw: the pad, the way from the pad to the network, the answer over time, and why."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from micronn_gui.panels.draw import DrawPanel
from micronn_gui.panels.mind import MindPanel
from micronn_gui.panels.pipeline import PipelinePanel
from micronn_gui.panels.why import WhyPanel
from micronn_gui.session import Session
from micronn_gui.theme import GRID


class DrawWorkspace(QWidget):
    """Draw and classify."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.draw = DrawPanel(session)
        self.draw.setMinimumWidth(37 * GRID)
        self.draw.setMaximumWidth(56 * GRID)
        self.pipeline = PipelinePanel(session)
        self.mind = MindPanel(session)
        self.why = WhyPanel(session)
        middle = QVBoxLayout()
        middle.setSpacing(2 * GRID)
        upper = QHBoxLayout()
        upper.setSpacing(2 * GRID)
        upper.addWidget(self.pipeline, 1)
        upper.addWidget(self.mind, 1)
        middle.addLayout(upper, 2)
        middle.addWidget(self.why, 3)
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        row.setSpacing(2 * GRID)
        row.addWidget(self.draw, 1)
        row.addLayout(middle, 2)
