"""Open the application as a user does, train for a while, and print when what happened, as JSON.

Run as a program. The moments are read off the monotonic clock, which it shares with the program
that starts it: so the start of Python itself is counted.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

TRAIN = 8_000
"""Milliseconds to train before the memory is looked at."""


def main(settings: str) -> None:
    """Open the window with settings of its own, and close it."""
    from micronn_gui.preflight import check_display

    assert check_display() is None

    from PySide6.QtCore import QEvent, QObject, QSettings, Qt, QTimer
    from PySide6.QtTest import QTest

    from micronn_gui.app import SWITCH_INTERVAL, make_application, make_window
    from micronn_gui.worker.training_worker import TrainingWorker

    moments: dict[str, float] = {}

    class FirstFrame(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() is QEvent.Type.Paint and "frame" not in moments:
                # The frame is on the screen when this round of the event loop is over.
                moments["frame"] = 0
                QTimer.singleShot(0, lambda: moments.update(frame=time.monotonic()))
            return False

    def entitled(title: str) -> None:
        if title.endswith("paused") and "ready" not in moments:
            moments["ready"] = time.monotonic()
            QTest.keyClick(window, Qt.Key.Key_Space)
            QTimer.singleShot(TRAIN, window.close)

    sys.setswitchinterval(SWITCH_INTERVAL)
    application = make_application()
    worker = TrainingWorker()
    try:
        window = make_window(worker, QSettings(settings, QSettings.Format.IniFormat))
        watcher = FirstFrame()
        window.installEventFilter(watcher)
        window.windowTitleChanged.connect(entitled)
        window.show()
        application.exec()
    finally:
        worker.close()
    moments["bytes"] = most_memory()
    sys.stdout.write(json.dumps(moments))


def most_memory() -> int:
    """Return the most memory that this process has used, in bytes."""
    status = Path("/proc/self/status")
    if status.exists():  # Linux counts the parent's memory as ours in what `resource` tells
        line = next(line for line in status.read_text("ascii").splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    main(sys.argv[1])
