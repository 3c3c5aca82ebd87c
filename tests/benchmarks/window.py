"""How smooth the window is while it trains, and what it costs the training.

Asked for: 99 of 100 gaps between two rounds of the event loop at most 33 ms, training at most
10 % slower than without a window, first frame after 1.0 s, data ready after 1.5 s, 600 MB.
"""

from __future__ import annotations

import dataclasses
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from tests.screen import OFFSCREEN

os.environ.setdefault("QT_QPA_PLATFORM", OFFSCREEN)  # before Qt is imported

from PySide6.QtCore import QEvent, QObject, QSettings, Qt, QTimer
from PySide6.QtWidgets import QApplication

from micronn_core.data.mnist import load_mnist_train
from micronn_core.data.splits import SPLITS, Split, split
from micronn_core.settings.config import TrainingConfig
from micronn_core.settings.recipes import RECIPES
from micronn_core.settings.table import MAX_EPOCHS
from micronn_core.training.compute.blas import single_blas_thread
from micronn_core.training.trainer import Trainer
from micronn_gui.app import SWITCH_INTERVAL, make_application
from micronn_gui.main_window import MainWindow
from micronn_gui.session.states import make_states
from micronn_gui.session.training import REFRESH_INTERVAL, TrainingState
from micronn_gui.worker.training_worker import TrainingWorker
from micronn_gui.worker.update import Status
from tests.benchmarks.measuring import Report
from tests.event_loop import live, live_until

ROUNDS, SECONDS = 4, 5.0
"""Rounds with and without a window, and how long each part of a round takes."""
OPENINGS = 3
FRAMES = 60
COLUMNS = ("what", "least", "median", "most", "budget")


@dataclass
class Ticks(QObject):
    """A timer as the window's own, and when it went off.

    Attributes:
        gaps: milliseconds between one tick and the next, due every `REFRESH_INTERVAL`.
        drawn: how often the window was painted.
        seconds: how long was counted.
        busy: how much of it the window's thread has worked.
    """

    gaps: list[float] = field(default_factory=list)
    drawn: int = 0
    seconds: float = 0.0
    busy: float = 0.0

    def __post_init__(self) -> None:
        super().__init__()
        self._last = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(REFRESH_INTERVAL)
        self._timer.timeout.connect(self._tick)

    def _tick(self) -> None:
        now = time.perf_counter()
        self.gaps.append((now - self._last) * 1e3)
        self._last = now

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Count what happens meanwhile."""
        start = self._last = time.perf_counter()
        worked = time.thread_time()
        self._timer.start()
        yield
        self._timer.stop()
        self.seconds += time.perf_counter() - start
        self.busy += time.thread_time() - worked

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Count the paintings of the window this is installed on."""
        self.drawn += event.type() is QEvent.Type.UpdateRequest
        return False


def measure() -> Report:
    """Measure everything; it takes about two minutes."""
    rows = [*opening()]
    application = make_application()
    worker = TrainingWorker()
    try:
        with tempfile.TemporaryDirectory() as kept:
            states = make_states(worker)
            window = MainWindow(states, QSettings(f"{kept}/micronn.ini", QSettings.Format.IniFormat))
            window.show()
            for name in ("tutorial", "mini-batches"):
                rows += while_training(states.training, window, name)
            rows += [frame_cost(application, states.training, neurons) for neurons in (10, 512)]
            window.close()
    finally:
        worker.close()
    notes = (
        f"The platform is {QApplication.platformName()}. A tick is due every {REFRESH_INTERVAL} ms.",
        f"{ROUNDS} alternating rounds of {SECONDS:.0f} s with the window and without; "
        "the slow-down is taken within each round.",
    )
    return Report("The window", COLUMNS, tuple(rows), notes)


def row(what: str, values: list[float], form: str, budget: str = "") -> tuple[str, ...]:
    """Return a row of the table."""
    figures = (min(values), statistics.median(values), max(values))
    return (what, *(format(figure, form) for figure in figures), budget)


# -- opening --


def opening() -> list[tuple[str, ...]]:
    """Start the application in processes of their own."""
    frame, ready, megabytes = [], [], []
    for _ in range(OPENINGS):
        with tempfile.TemporaryDirectory() as kept:
            start = time.monotonic()
            command = [sys.executable, "-m", "tests.benchmarks.opening", f"{kept}/micronn.ini"]
            run = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
        moments = json.loads(run.stdout)
        frame.append(moments["frame"] - start)
        ready.append(moments["ready"] - start)
        megabytes.append(moments["bytes"] / 1e6)
    return [
        row("first frame, s", frame, ".2f", "1.0"),
        row("data ready, s", ready, ".2f", "1.5"),
        row("most memory, training, MB", megabytes, ".0f", "600"),
    ]


# -- training --


def while_training(training: TrainingState, window: MainWindow, name: str) -> list[tuple[str, ...]]:
    """Train a recipe in the window and without it, in turns."""
    config = dataclasses.replace(RECIPES[name].config, epochs=MAX_EPOCHS)
    ticks = Ticks()
    window.installEventFilter(ticks)
    begin(training, config)
    speeds: dict[str, list[float]] = {"window": [], "alone": []}
    with alone(config) as train:
        for _ in range(ROUNDS):
            speeds["window"].append(in_window(training, ticks))
            speeds["alone"].append(train())
    window.removeEventFilter(ticks)
    slower = [100 * (1 - w / a) for w, a in zip(speeds["window"], speeds["alone"], strict=True)]
    p50, p99, p100 = np.percentile(ticks.gaps, (50, 99, 100))
    drawn, busy = ticks.drawn / ticks.seconds, 100 * ticks.busy / ticks.seconds
    return [
        (f"{name}: gap between ticks, p50, ms", "", f"{p50:.1f}", "", ""),
        (f"{name}: the same, p99 and largest", "", f"{p99:.1f}", f"{p100:.1f}", "p99 33"),
        (f"{name}: paintings a second", "", f"{drawn:.1f}", "", ""),
        (f"{name}: of one core for the window, %", "", f"{busy:.1f}", "", ""),
        row(f"{name}: steps a second in the window", speeds["window"], ".1f"),
        row(f"{name}: steps a second alone", speeds["alone"], ".1f"),
        row(f"{name}: slower in the window, %", slower, ".1f", "10"),
    ]


def begin(training: TrainingState, config: TrainingConfig) -> None:
    """Begin a run and wait for its network."""
    training.new_network(config)
    live_until(lambda: training.status is Status.PAUSED, "a new network")


def in_window(training: TrainingState, ticks: Ticks, seconds: float = SECONDS) -> float:
    """Train for some seconds with the event loop running; returns the steps a second."""
    sys.setswitchinterval(SWITCH_INTERVAL)
    training.play()
    live(500)  # until it runs evenly
    before, start = len(training.history), time.perf_counter()
    with ticks.counted():
        live(round(seconds * 1e3))
    speed = (len(training.history) - before) / (time.perf_counter() - start)
    training.pause()
    live(100)
    return speed


@contextmanager
def alone(config: TrainingConfig) -> Iterator[Callable[[], float]]:
    """Return how to train for some seconds, as the command line does; it returns the steps a second."""
    with Trainer(config, chosen(config)) as trainer:
        pieces = trainer.run()

        def train() -> float:
            sys.setswitchinterval(0.005)
            steps, start = 0, time.perf_counter()
            with single_blas_thread():
                while time.perf_counter() - start < SECONDS:
                    steps += next(pieces) is not None
            return steps / (time.perf_counter() - start)

        yield train
        pieces.close()


def chosen(config: TrainingConfig) -> Split:
    """Return the samples of a config."""
    rule = SPLITS[config.split]
    return split(load_mnist_train(), *rule.counts(0), config.seed, config.dtype)


# -- frames --


def frame_cost(application: QApplication, training: TrainingState, neurons: int) -> tuple[str, ...]:
    """Time what a new moment costs all panels, curves included, with training at rest."""
    begin(training, TrainingConfig(hidden=(neurons,), batch_size=128, epochs=100))
    training.play()
    live(3_000)
    training.pause()
    live(300)
    taken = []
    for _ in range(FRAMES):
        start = time.perf_counter()
        training.shown_changed.emit()
        training.history_grew.emit()
        application.processEvents()
        taken.append((time.perf_counter() - start) * 1e3)
    return row(f"one frame, {neurons} neurons, ms", taken, ".1f")
