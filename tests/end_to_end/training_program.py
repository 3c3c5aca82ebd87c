"""The program as it is, with somebody who presses play as soon as there is a network.

    python -m tests.end_to_end.training_program [SETTING=VALUE ...]

It says on standard output how far it is, a line of JSON for each epoch that it shows.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QSettings

from micronn_core.settings.config import TrainingConfig
from micronn_gui import app
from micronn_gui.main_window import MainWindow
from micronn_gui.session import runs
from micronn_gui.worker.training_worker import TrainingWorker
from micronn_gui.worker.update import Status


def play(worker: TrainingWorker, settings: QSettings, file: Path | None = None) -> MainWindow:
    """Return the window of the program, in which training begins by itself."""
    window = make_window(worker, settings, file)
    training = window._states.training
    told = -1

    def begin() -> None:
        training.status_changed.disconnect(begin)
        training.play()

    def tell() -> None:
        nonlocal told
        if training.newest is not None and training.status is Status.RUNNING:
            epoch = int(training.newest.metrics.epoch)
            if epoch > told:
                told = epoch
                os.write(1, json.dumps({"epoch": epoch}).encode() + b"\n")

    training.status_changed.connect(begin)
    training.history_grew.connect(tell)
    return window


make_window = app.make_window
app.make_window = play

if __name__ == "__main__":
    values = dict(word.split("=", 1) for word in sys.argv[1:])
    runs.AUTOSAVE = int(values.pop("autosave", runs.AUTOSAVE))
    config = replace(TrainingConfig(), epochs=1_000_000)
    config = config.with_values({name: json.loads(value) for name, value in values.items()})
    app.make_application()
    QSettings().setValue("config", config.to_json())
    sys.exit(app.run())
