"""Print where the parts of the window lie, by their accessible names: {name: [left, top, width, height]}.

Run as a program, without a screen, it makes the same window as the application: so the tests
click at what a person would find, wherever the layout puts it.
"""

from __future__ import annotations

import json
import sys

from PySide6.QtCore import QPoint, QSettings
from PySide6.QtWidgets import QWidget

from micronn_gui.app import make_application, make_window
from micronn_gui.worker.training_worker import TrainingWorker
from tests.end_to_end.screen import SIZE


def main(settings: str) -> None:
    """Show the window once, and look."""
    application = make_application()
    worker = TrainingWorker()
    try:
        window = make_window(worker, QSettings(settings, QSettings.Format.IniFormat))
        window.resize(*SIZE)
        window.show()
        window.windowTitleChanged.connect(lambda title: "paused" in title and application.exit())
        application.exec()  # until there is a network
        application.processEvents()
        parts = [part for part in window.findChildren(QWidget) if part.isVisible() and part.accessibleName()]
        places: dict[str, tuple[int, int, int, int]] = {}
        for part in parts:
            corner = part.mapTo(window, QPoint(0, 0))
            # A slider under a number has the number's name: the first is meant.
            places.setdefault(part.accessibleName(), (corner.x(), corner.y(), part.width(), part.height()))
        sys.stdout.write(json.dumps(places))
        window.close()
    finally:
        worker.close()


if __name__ == "__main__":
    main(sys.argv[1])
