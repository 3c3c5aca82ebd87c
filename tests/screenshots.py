"""Draw the pictures of the README: python -m tests.screenshots FOLDER [--all FOLDER].

With --all every scene is drawn as well, in both themes and both sizes, to look for what is
clipped, cramped or unclear. No screen is needed. The runs are seeded; only the moment at which
a training network is caught, and its speed, differ from machine to machine.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from tests.screen import OFFSCREEN

os.environ.setdefault("QT_QPA_PLATFORM", OFFSCREEN)  # before Qt is imported

import numpy as np
from PySide6.QtCore import QPoint, QRect, QSettings, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from micronn_core.drawing.strokes import read_drawings
from micronn_core.settings.config import TrainingConfig
from micronn_core.settings.recipes import RECIPES
from micronn_gui.app import SWITCH_INTERVAL, make_application
from micronn_gui.main_window import MainWindow
from micronn_gui.session.states import States, make_states
from micronn_gui.widgets.controls.buttons import Segments
from micronn_gui.worker.training_worker import TrainingWorker
from micronn_gui.worker.update import Status
from micronn_gui.workspaces.present import PresentWindow
from tests.event_loop import live, live_until
from tests.pen import draw

LARGE, SMALL = (1440, 900), (1280, 720)
SCREEN = QSize(1440, 810)
THEMES = ("light", "dark")
STROKES = Path(__file__).with_name("strokes.json")
SETTLE = 120
"""Milliseconds in which a change reaches the screen."""


@dataclass
class Stage:
    """The window, and where its pictures go.

    Attributes:
        readme: folder of the README's pictures.
        every: folder of all scenes, or None where they are not asked for.
    """

    states: States
    window: MainWindow
    readme: Path
    every: Path | None

    @property
    def epoch(self) -> float:
        """How far the run has come."""
        return self.states.training.newest.metrics.epoch if self.states.training.newest else 0.0

    def begin(self, config: TrainingConfig) -> None:
        """Begin a run and wait for its network."""
        self.states.training.new_network(config)
        live_until(lambda: self.states.training.status is Status.PAUSED, "a new network")

    def train_to(self, epoch: float) -> None:
        """Play until an epoch has been reached; training goes on."""
        self.states.training.play()
        live_until(lambda: self.epoch >= epoch, f"epoch {epoch}")

    def show_weights(self, view: str) -> None:
        """Choose what the images of the neurons show, by its key."""
        (views,) = self.window.workspace("train").weights.findChildren(Segments)
        views.choose(view)
        views.chosen.emit(view)

    def write(self, name: str, text: str) -> None:
        """Write a text into the line of this accessible name."""
        line = next(part for part in self.window.findChildren(QLineEdit) if part.accessibleName() == name)
        line.selectAll()
        QTest.keyClicks(line, text)
        QTest.keyClick(line, Qt.Key.Key_Return)

    def write_digit(self, label: int) -> None:
        """Write a digit on the pad with the mouse, three quarters of its height."""
        written = next(drawing for drawing in read_drawings(STROKES) if drawing.label == label)
        canvas = self.window.workspace("draw").draw.canvas
        QTest.keyClick(canvas, Qt.Key.Key_Delete)
        side = min(canvas.width(), canvas.height())
        corner = np.array([canvas.width() - side, canvas.height() - side]) / 2
        points = np.concatenate([np.asarray(stroke) for stroke in written.strokes])
        shift = 0.5 - (points.min(axis=0) + points.max(axis=0)) / 2
        draw(canvas, [corner + (0.5 + (np.asarray(s) + shift - 0.5) * 0.75) * side for s in written.strokes])

    def open(self, workspace: int) -> None:
        """Open a workspace by its keys."""
        QTest.keyClick(self.window, Qt.Key(Qt.Key.Key_1 + workspace), Qt.KeyboardModifier.ControlModifier)
        live(SETTLE)

    def inspect(self, step: str) -> None:
        """Open a step of the explanation of the next mistake."""
        self.states.inspection.show_mistake()
        self.states.inspection.open_step(step)
        live(SETTLE)

    def draw(self, scene: str) -> None:
        """Draw a scene in both themes and both sizes."""
        if self.every is None:
            return
        for size in (LARGE, SMALL):
            self.window.resize(*size)
            for theme in THEMES:
                self.window.use_theme(theme)
                live(SETTLE)
                self._save(self.every / f"{scene}-{theme}-{size[0]}.png")

    def draw_for_readme(self, workspace: str) -> None:
        """Draw a workspace in both themes, both at the same moment."""
        self.window.resize(*LARGE)
        live(SETTLE)
        for theme in THEMES:
            self.window.use_theme(theme)
            self._save(self.readme / f"{workspace}-{theme}.png")

    def _save(self, path: Path) -> None:
        self.window.toasts.clear()
        smallest_file = 0
        if not self.window.grab().save(str(path), "PNG", smallest_file):
            raise OSError(f"{path} cannot be written")


def play(stage: Stage) -> None:
    """Go through all scenes."""
    tutorial = RECIPES["tutorial"].config
    stage.draw("loading")
    stage.begin(tutorial)
    stage.draw("rest")
    stage.show_weights("learned")
    stage.write_digit(3)
    stage.train_to(400)
    stage.draw_for_readme("train")
    stage.open(1)
    stage.draw_for_readme("draw")
    stage.draw("draw")
    stage.open(2)
    stage.inspect("z2")
    stage.draw_for_readme("inspect")
    stage.draw("inspect")
    present(stage)
    stage.open(0)
    compare_runs(stage)
    if stage.every is not None:
        scenes_of_a_run(stage)
        scenes_of_settings(stage)
        scenes_of_other_networks(stage)


def present(stage: Stage) -> None:
    """The screen before a class, in dark."""
    stage.window.use_theme("dark")
    training = stage.states.training
    screen = PresentWindow(stage.states, training.toggle, training.show_live, QRect(QPoint(0, 0), SCREEN))
    screen.show()
    live(4 * SETTLE)
    screen.grab().save(str(stage.readme / "present-dark.png"), "PNG", 0)
    screen.close()
    screen.deleteLater()


def compare_runs(stage: Stage) -> None:
    """Four runs of a small network over each other, the last one still training."""
    states, plain = stage.states, RECIPES["mini-batches"].config
    small = replace(plain, hidden=(32,), epochs=20)
    for rate in (0.02, 0.1, 0.5):
        stage.begin(replace(small, learning_rate=rate))
        states.training.play()
        live_until(lambda: states.training.status is Status.FINISHED, "the end of the run")
    stage.begin(replace(small, optimizer="adam", learning_rate=0.002))
    stage.train_to(5)
    stage.open(3)
    for record in states.runs.records():
        states.runs.choose(record.id, record.config.hidden == small.hidden)
    live(1000)
    stage.draw_for_readme("runs")
    stage.draw("runs")
    stage.open(0)


def scenes_of_a_run(stage: Stage) -> None:
    """What the tutorial's run shows while it trains, and at its end."""
    training, weights = stage.states.training, stage.window.workspace("train").weights
    stage.begin(RECIPES["tutorial"].config)
    stage.train_to(211)
    stage.draw("training")
    training.show_epoch(40)
    stage.draw("past")
    training.show_live()
    weights.grid.activated.emit(3)
    stage.draw("neuron")
    weights.neuron.closed.emit()
    stage.show_weights("gradient")
    stage.draw("gradient")
    stage.show_weights("learned")
    live_until(lambda: training.status is Status.FINISHED, "the end of the run")
    stage.draw("finished")


def scenes_of_settings(stage: Stage) -> None:
    """What the window says to changed, refused and fatal settings."""
    tutorial = RECIPES["tutorial"].config
    stage.begin(tutorial)
    stage.train_to(20)
    stage.write("Neurons", "64, 32")
    stage.draw("draft")
    stage.write("Learning rate", "fast")
    stage.draw("refused")
    stage.begin(TrainingConfig(hidden=(64, 32), activation="leaky_relu", batch_size=128, learning_rate=1000))
    stage.states.training.play()
    live_until(lambda: stage.states.training.status is not Status.RUNNING, "the overflow of the weights")
    stage.draw("failed")


def scenes_of_other_networks(stage: Stage) -> None:
    """Small batches, which need a band in the curves, and networks of other shapes."""
    stage.begin(RECIPES["mini-batches"].config)
    stage.train_to(4)
    stage.draw("batches")
    stage.begin(TrainingConfig(hidden=(512,), batch_size=128, epochs=2))
    stage.train_to(0.5)
    stage.draw("wide")
    stage.begin(TrainingConfig(hidden=(32, 16), batch_size=128, epochs=5))
    stage.train_to(1)
    stage.draw("deep")


def main(words: list[str]) -> None:
    """Draw what is asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.screenshots", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the README's pictures go")
    parser.add_argument("--all", type=Path, help="where all scenes go", metavar="FOLDER", dest="every")
    asked = parser.parse_args(words)
    for folder in filter(None, (asked.folder, asked.every)):
        folder.mkdir(parents=True, exist_ok=True)
    make_application()
    sys.setswitchinterval(SWITCH_INTERVAL)
    worker = TrainingWorker()
    try:
        with tempfile.TemporaryDirectory() as kept:
            settings = QSettings(f"{kept}/micronn.ini", QSettings.Format.IniFormat)
            states = make_states(worker)
            states.runs.folder = Path(kept) / "runs"
            window = MainWindow(states, settings)
            window.show()
            play(Stage(states, window, asked.folder, asked.every))
            window.close()
    finally:
        worker.close()


if __name__ == "__main__":
    main(sys.argv[1:])
