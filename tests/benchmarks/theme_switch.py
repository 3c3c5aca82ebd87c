"""How long it takes from the choice of another theme to the painted window.

Asked for: under 0.3 s with all workspaces built. Compared with the sheet put over the old one, as Qt
offers it, in turns.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable

from tests.screen import OFFSCREEN

os.environ.setdefault("QT_QPA_PLATFORM", OFFSCREEN)  # before Qt is imported

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication, QWidget

from micronn_core.settings.config import TrainingConfig
from micronn_gui.app import make_application
from micronn_gui.main_window import MainWindow
from micronn_gui.session.states import make_states
from micronn_gui.theme import THEMES, Theme, palette, style_sheet, themes
from micronn_gui.worker.training_worker import TrainingWorker
from micronn_gui.workspaces.registry import WORKSPACES
from tests.benchmarks.measuring import Report
from tests.benchmarks.window import COLUMNS, begin, row
from tests.event_loop import live

SWITCHES = 10


def measure() -> Report:
    """Switch to and fro in each workspace."""
    application = make_application()
    worker = TrainingWorker()
    try:
        with tempfile.TemporaryDirectory() as kept:
            states = make_states(worker)
            window = MainWindow(states, QSettings(f"{kept}/micronn.ini", QSettings.Format.IniFormat))
            window.resize(1440, 900)
            window.show()
            begin(states.training, TrainingConfig())
            for entry in WORKSPACES:
                window.open_workspace(entry.name)
            rows = []
            for entry in WORKSPACES:
                window.open_workspace(entry.name)
                rows += _switching(application, window, entry.name)
            widgets = len(window.findChildren(QWidget))
            window.close()
    finally:
        worker.close()
    notes = (f"{SWITCHES} switches of each kind, in turns, in a window of {widgets} widgets, 1440 x 900.",)
    return Report("Another theme", COLUMNS, tuple(rows), notes)


def _switching(application: QApplication, window: MainWindow, name: str) -> list[tuple[str, ...]]:
    ours, over = [], []
    for _ in range(SWITCHES):
        ours.append(_painted(application, lambda: window.use_theme(_other().name)))
        over.append(_painted(application, lambda: _put_over(application)))
    ratios = [old / new for old, new in zip(over, ours, strict=True)]
    return [
        row(f"{name}: to the painted window, ms", ours, ".0f", "300"),
        row(f"{name}: put over the old sheet, times as long", ratios, ".1f"),
    ]


def _put_over(application: QApplication) -> None:
    """Put the other theme's sheet over the one that is worn, and tell everybody."""
    other = _other()
    application.setPalette(palette(other))
    application.setStyleSheet(style_sheet(other))
    themes.current = other
    themes.changed.emit()


def _other() -> Theme:
    return next(theme for theme in THEMES.values() if theme is not themes.current)


def _painted(application: QApplication, switch: Callable[[], object]) -> float:
    live(50)
    start = time.perf_counter()
    switch()
    application.processEvents()
    return (time.perf_counter() - start) * 1e3
