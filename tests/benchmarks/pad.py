"""The pad under real mouse events: how well it reads, and how soon it answers.

It runs alone too: python -m tests.benchmarks.pad.
"""

from __future__ import annotations

import dataclasses
import itertools
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from tests.paths import STROKES
from tests.screen import OFFSCREEN

os.environ.setdefault("QT_QPA_PLATFORM", OFFSCREEN)  # before Qt is imported

from PySide6.QtCore import QEvent, QObject, QSettings, Qt, QTimer
from rich.console import Console

from micronn_core.data.dataset import Samples
from micronn_core.data.mnist import load_mnist_test
from micronn_core.drawing.preparation import Points
from micronn_core.drawing.strokes import Drawing as Drawn
from micronn_core.drawing.strokes import read_drawings
from micronn_core.nn.network import Network
from micronn_core.runs.pretrained import READY, load_ready
from micronn_core.settings.recipes import RECIPES
from micronn_core.settings.table import MAX_EPOCHS
from micronn_gui.app import SWITCH_INTERVAL, make_application
from micronn_gui.main_window import MainWindow
from micronn_gui.session.drawing import Drawing
from micronn_gui.session.states import States, make_states
from micronn_gui.widgets.images.canvas import DigitCanvas, PadStroke
from micronn_gui.worker.training_worker import TrainingWorker
from micronn_gui.worker.update import Status
from tests.benchmarks.measuring import Report
from tests.event_loop import live, live_until
from tests.pen import draw, lift, move, press

PAD, MARGIN = 272, 6
HEIGHTS = (60, 120, 220)
SLANTS = {"upright": 0.0, "15° left": -15.0, "15° right": 15.0}
BRUSHES = {"thin": 0.015, "thick": 0.12}
PLACES = ("centred", "in corners")
CORNERS = np.array([[0, 0], [1, 0], [0, 1], [1, 1]])

SECONDS = 5.0
MOUSE_INTERVAL = 8
"""Milliseconds between two reports of a mouse of 125 Hz."""
BUDGETS = {"at rest": 10, "training": 25}


# -- accuracy --


def accuracy() -> Report:
    """Return the share of the 400 drawings that both networks read, for every way to write them."""
    make_application()
    drawings = read_drawings(STROKES)
    labels = np.array([drawing.label for drawing in drawings])
    networks = {name: load_ready(name).network for name in READY}
    test = Samples.of(load_mnist_test())
    pictures = Samples(test.x[:, [drawing.index for drawing in drawings]], labels)
    originals = [_accuracy(network, pictures) for network in networks.values()]
    rows = [("the 400 test pictures", *itertools.chain.from_iterable((o, "", "") for o in originals))]
    canvas, drawing = pad()
    for height, place, brush in itertools.product(HEIGHTS, PLACES, BRUSHES):
        canvas.use(BRUSHES[brush])
        written = [
            Samples(replay(canvas, drawing, drawings, height, place, slant), labels)
            for slant in SLANTS.values()
        ]
        found = [_accuracy(network, samples) for network in networks.values() for samples in written]
        rows.append((f"{height} px, {place}, {brush}", *found))
    columns = [f"{name}, {slant}" for name in networks for slant in SLANTS]
    return Report(
        "The pad: digits read, drawn with the mouse",
        ("how they are drawn", *columns),
        tuple(rows),
        (
            f"400 digits on a pad of {PAD} px; aim: upright within 1 point of the test pictures, "
            "slanted within 3.",
        ),
    )


def pad() -> tuple[DigitCanvas, Drawing]:
    """Return the pad and the drawing behind it, wired as in the window."""
    canvas, drawing = DigitCanvas("pad", ""), Drawing()
    canvas.pen_down.connect(drawing.pen_down)
    canvas.pen_moved.connect(drawing.pen_move)
    canvas.pen_up.connect(drawing.pen_up)
    canvas.cleared.connect(drawing.clear)
    drawing.changed.connect(lambda: canvas.show_strokes([PadStroke(*trace) for trace in drawing.traces()]))
    canvas.setFixedSize(PAD, PAD)
    canvas.show()
    return canvas, drawing


def replay(
    canvas: DigitCanvas, drawing: Drawing, drawings: list[Drawn], height: float, place: str, slant: float
) -> np.ndarray:
    """Draw all digits, and return what the network sees of them, (784, n)."""
    seen = []
    for i, drawn in enumerate(drawings):
        corner = CORNERS[i % 4] if place == "in corners" else np.full(2, 0.5)
        drawing.clear()
        draw(canvas, [stroke.tolist() for stroke in written(drawn.strokes, height, corner, slant)])
        seen.append(drawing.picture.ravel())
    return np.stack(seen).T


def written(
    strokes: tuple[Points, ...], height: float, corner: np.ndarray, slant: float = 0.0
) -> list[Points]:
    """Return strokes in pixels of the pad: so high, leant to the right, from corner (0, 0) to (1, 1)."""
    lean = np.tan(np.radians(slant))
    leant = [stroke - stroke[:, 1:] * (lean, 0) for stroke in strokes]
    every = np.concatenate(leant)
    least, extent = every.min(axis=0), np.ptp(every, axis=0)
    room = PAD - 2 * MARGIN
    scale = min(height / max(extent[1], 1e-9), room / max(extent[0], 1e-9))  # none leaves the pad
    start = MARGIN + corner * (room - extent * scale)
    return [(stroke - least) * scale + start for stroke in leant]


def _accuracy(network: Network, samples: Samples) -> str:
    return f"{100 * (network.predict(samples.x) == samples.labels).mean():.2f} %"


# -- latency --


class Touch(NamedTuple):
    """One report of the mouse: where, and whether it begins or ends a stroke."""

    kind: str
    x: float
    y: float


class Hand(QObject):
    """Draws at the pace of a mouse, and takes the time from each report to the answer.

    A report that falls due while the event loop is busy waits for it, and that counts; those
    that are due meanwhile become one, as Qt makes them.

    Attributes:
        answered: milliseconds from a report until the answer's view was updated.
        painted: the same until the window was painted.
    """

    def __init__(self, window: MainWindow, states: States, canvas: DigitCanvas) -> None:
        super().__init__()
        self._window, self._drawing, self._canvas = window, states.drawing, canvas
        self._touches = touches(canvas.width())
        self._due = self._unpainted = 0.0
        self._told = 0.0
        self.answered: list[float] = []
        self.painted: list[float] = []
        states.answer.changed.connect(self._hear)  # last, so the views have followed
        window.installEventFilter(self)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(MOUSE_INTERVAL)
        self._timer.timeout.connect(self._tick)

    def draw(self, seconds: float) -> None:
        """Draw for so long, in the running event loop."""
        self._due = time.perf_counter() + MOUSE_INTERVAL / 1e3
        self._timer.start()
        live(round(seconds * 1e3))
        self._timer.stop()
        self._window.removeEventFilter(self)

    def _tick(self) -> None:
        due, touch = self._due, next(self._touches)
        self._told = 0.0
        match touch.kind:
            case "press":
                self._drawing.clear()
                press(self._canvas, touch.x, touch.y)
            case "move":
                move(self._canvas, touch.x, touch.y)
            case "lift":
                lift(self._canvas, touch.x, touch.y)
        if self._told and touch.kind == "move":
            self.answered.append((self._told - due) * 1e3)
            self._unpainted = self._unpainted or due
        while self._due <= time.perf_counter():
            self._due += MOUSE_INTERVAL / 1e3

    def _hear(self) -> None:
        self._told = time.perf_counter()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the time when the window has been painted."""
        if event.type() is QEvent.Type.UpdateRequest and self._unpainted:
            due, self._unpainted = self._unpainted, 0.0
            QTimer.singleShot(0, self, lambda: self.painted.append((time.perf_counter() - due) * 1e3))
        return False


def touches(side: float) -> Iterator[Touch]:
    """Yield the reports of a mouse that draws the digits one after another, for ever."""
    for drawn in itertools.cycle(read_drawings(STROKES)):
        longest = max(written(drawn.strokes, 220, np.full(2, 0.5)), key=len) * (side / PAD)
        points = longest.tolist()
        yield Touch("press", *points[0])
        yield from (Touch("move", *point) for point in points[1:])
        yield Touch("lift", *points[-1])


def latency() -> Report:
    """Return how long it takes from the pen to the answer, at rest and while training flat out."""
    sys.setswitchinterval(SWITCH_INTERVAL)
    make_application()
    worker = TrainingWorker()
    rows = []
    try:
        with tempfile.TemporaryDirectory() as kept:
            states = make_states(worker)
            window = MainWindow(states, QSettings(f"{kept}/micronn.ini", QSettings.Format.IniFormat))
            window.show()
            for name in READY:
                states.training.open_network(load_ready(name))
                live_until(lambda: states.training.status in (Status.PAUSED, Status.FINISHED), "a network")
                rows += both_pages(window, states, f"{name} network, at rest", BUDGETS["at rest"])
            configs = {f"{recipe} recipe": RECIPES[recipe].config for recipe in ("tutorial", "mini-batches")}
            configs["strong network"] = READY["strong"].config
            for name, config in configs.items():
                states.training.new_network(dataclasses.replace(config, epochs=MAX_EPOCHS))
                live_until(lambda: states.training.status is Status.PAUSED, "a new network")
                states.training.play()
                rows += both_pages(window, states, f"{name}, training", BUDGETS["training"])
            window.close()
    finally:
        worker.close()
    return Report(
        "The pad: from pen to answer, ms",
        ("situation", "answered p50", "p99", "most", "painted p50", "p99", "budget"),
        tuple(rows),
        (f"A mouse that reports every {MOUSE_INTERVAL} ms, {SECONDS:.0f} s a row; budget: p99 answered.",),
    )


def both_pages(window: MainWindow, states: States, name: str, budget: int) -> list[tuple[str, ...]]:
    """Draw in both workspaces, and return a row for each."""
    rows = []
    for page in (window.workspace("train"), window.workspace("draw")):
        window.pages.setCurrentWidget(page)
        live(500)  # until it runs evenly
        hand = Hand(window, states, page.draw.canvas)
        hand.draw(SECONDS)
        figures = (*np.percentile(hand.answered, (50, 99, 100)), *np.percentile(hand.painted, (50, 99)))
        where = type(page).__name__.removesuffix("Workspace")
        rows.append((f"{name}, {where}", *(f"{figure:.1f}" for figure in figures), f"{budget}"))
        hand.deleteLater()
    return rows


def main() -> None:
    """Print both tables."""
    for report in (accuracy(), latency()):
        Console().print(report.as_rich())


if __name__ == "__main__":
    main()
