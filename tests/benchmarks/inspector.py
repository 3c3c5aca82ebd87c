"""How soon the inspector shows another sample or another step.

Asked for: at most 50 ms for 784-10-10 and 150 ms for 784-512-512-10.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before Qt is imported

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from micronn_core.settings.config import TrainingConfig
from micronn_gui.app import make_application
from micronn_gui.main_window import MainWindow
from micronn_gui.session.states import States, make_states
from micronn_gui.worker.training_worker import TrainingWorker
from micronn_gui.worker.update import Status
from tests.benchmarks.measuring import Report
from tests.benchmarks.window import COLUMNS, row
from tests.event_loop import live_until

SIZES = {(10,): "50", (512, 512): "150"}
"""Hidden layers, and the most milliseconds for them."""
ROUNDS = 5


def measure() -> Report:
    """Measure every step, and the change of the sample."""
    make_application()
    worker = TrainingWorker()
    try:
        with tempfile.TemporaryDirectory() as kept:
            states = make_states(worker)
            window = MainWindow(states, QSettings(f"{kept}/micronn.ini", QSettings.Format.IniFormat))
            window.show()
            window.pages.setCurrentWidget(window.workspace("inspect"))
            rows = [line for hidden in SIZES for line in _of_network(states, window, hidden)]
            window.close()
    finally:
        worker.close()
    return Report("The inspector: milliseconds to another sample or step", COLUMNS, tuple(rows))


def _of_network(states: States, window: MainWindow, hidden: tuple[int, ...]) -> list[tuple[str, ...]]:
    states.training.new_network(TrainingConfig(hidden=hidden, batch_size=128))
    live_until(lambda: states.training.status is Status.PAUSED, "a new network")
    inspection, name = states.inspection, "-".join(map(str, (784, *hidden, 10)))
    if inspection.explanation is None:
        raise RuntimeError("there is nothing to inspect")
    keys = [step.key for step in inspection.explanation.steps]

    def taken(change: Callable[[], object]) -> float:
        start = time.perf_counter()
        change()
        QApplication.processEvents()
        window.grab()
        return (time.perf_counter() - start) * 1e3

    samples = [taken(lambda: inspection.show_neighbour(1)) for _ in range(ROUNDS * len(keys))]
    steps = [taken(lambda key=key: inspection.open_step(key)) for _ in range(ROUNDS) for key in keys]
    return [
        row(f"{name}: another sample", samples, ".1f", SIZES[hidden]),
        row(f"{name}: another step", steps, ".1f", SIZES[hidden]),
    ]
