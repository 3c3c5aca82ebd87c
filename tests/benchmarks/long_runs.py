"""Whether the window stays as quick as at the start, however long a run becomes.

Asked for: 99 of 100 gaps between two rounds of the event loop at most 33 ms, after none, 10⁵, 10⁶ and
8·10⁶ steps. The histories are recorded step by step, as a run records them; then the network is
trained on from there.
"""

from __future__ import annotations

import copy
import tempfile
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from micronn_core.runs.opening import network_of
from micronn_core.runs.record import Moment, RunRecord, thinned
from micronn_core.settings.config import TrainingConfig
from micronn_core.settings.table import MAX_EPOCHS
from micronn_core.training.checkpoints import Checkpoint
from micronn_core.training.history import History, Metrics
from micronn_core.training.trainer import StepSize
from micronn_gui.app import make_application
from micronn_gui.main_window import MainWindow
from micronn_gui.session.states import make_states
from micronn_gui.session.training import TrainingState
from micronn_gui.worker.training_worker import TrainingWorker
from micronn_gui.worker.update import Status
from tests.benchmarks.measuring import Report
from tests.benchmarks.window import Ticks, begin, in_window
from tests.event_loop import live, live_until

LENGTHS = (0, 100_000, 1_000_000, 8_000_000)
PAGES = {"train": "Train", "runs": "Runs"}
ROUNDS, SECONDS = 3, 4.0
SAMPLES = 48_000
CONFIG = TrainingConfig(hidden=(16,), batch_size=16, epochs=MAX_EPOCHS, initializer="he")
STEPS_OF_EPOCH = SAMPLES // 16
COLUMNS = ("steps", "page", "p50, ms", "p99, ms", "p99 of the best round", "most", "of one core, %", "budget")


def measure() -> Report:
    """Measure everything; it takes about four minutes."""
    histories = recorded()
    ticks = {(length, page): [Ticks() for _ in range(ROUNDS)] for length in LENGTHS for page in PAGES}
    rest = [Ticks() for _ in range(ROUNDS)]
    make_application()
    worker = TrainingWorker()
    try:
        with tempfile.TemporaryDirectory() as kept:
            states = make_states(worker)
            states.runs.folder = Path(kept) / "runs"
            window = MainWindow(states, QSettings(f"{kept}/micronn.ini", QSettings.Format.IniFormat))
            window.show()
            for i in range(ROUNDS):
                begin(states.training, CONFIG)
                with rest[i].counted():
                    live(round(SECONDS * 1e3))
                for length, history in histories.items():
                    go_on_from(states.training, history)
                    for page in PAGES:
                        window.open_workspace(page)
                        in_window(states.training, ticks[length, page][i], SECONDS)
            window.close()
    finally:
        worker.close()
    rows = [table_row(f"{length:,}", PAGES[page], taken) for (length, page), taken in ticks.items()]
    rows.append(table_row("at rest", "Train", rest, ""))
    notes = (
        f"The platform is {QApplication.platformName()}. A tick is due every 16 ms.",
        f"784-16-10, batches of 16; {ROUNDS} alternating rounds of {SECONDS:.0f} s. What other programs do "
        "shows in the row at rest.",
    )
    return Report("The window in long runs", COLUMNS, tuple(rows), notes)


def recorded() -> dict[int, History]:
    """Record runs of all lengths, one after the other, with losses made up by chance."""
    chance, history, histories = np.random.default_rng(0), History(), {}
    losses = (0.3 + 0.1 * chance.standard_normal(max(LENGTHS) + 1)).tolist()
    nothing = (float("nan"),) * 2
    for step, loss in enumerate(losses):
        judged = (0.3, 0.9) if step % STEPS_OF_EPOCH == 0 else nothing
        history.append(Metrics(step, step / STEPS_OF_EPOCH, loss, 0.9, 16, *judged))
        if step in LENGTHS:
            histories[step] = copy.deepcopy(history)
    return histories


def go_on_from(training: TrainingState, history: History) -> None:
    """Have a network that has learned for so long, and its history."""
    begin(training, CONFIG)
    if len(history) == 1:
        return
    training.step(StepSize.BATCH)
    live_until(lambda: training.trained and training.checkpoint is not None, "a step")
    kept = training.take_checkpoint()
    assert kept is not None
    checkpoint = moved(kept, history.metrics(-1))
    run = RunRecord(
        training.config,
        training.spec,
        thinned(history),
        Moment(checkpoint.metrics, checkpoint.parameters),
        None,
        1.0,
        "stopped",
        checkpoint=checkpoint,
    )
    training.open_network(network_of(run))
    live_until(lambda: training.status is Status.PAUSED, "the network")
    training.history = copy.deepcopy(history)  # all that was recorded, not only what is kept of a run
    assert len(training.history) == checkpoint.metrics.step + 1


def moved(checkpoint: Checkpoint, last: Metrics) -> Checkpoint:
    """Return a moment as if it had come so late."""
    epoch, position = divmod(last.step * 16, SAMPLES)
    metrics = last._replace(epoch=epoch + position / SAMPLES)
    assert Fraction(last.step, STEPS_OF_EPOCH) == epoch + Fraction(position, SAMPLES)
    return replace(
        checkpoint,
        metrics=metrics,
        epoch=epoch,
        position=position,
        optimizer_steps=last.step,
        waiting_since=float(epoch),
        best=None,
    )


def table_row(length: str, page: str, rounds: list[Ticks], budget: str = "p99 33") -> tuple[str, ...]:
    """Return the row of a length."""
    all_gaps = np.concatenate([ticks.gaps for ticks in rounds])
    p50, p99, most = np.percentile(all_gaps, (50, 99, 100))
    best = min(float(np.percentile(ticks.gaps, 99)) for ticks in rounds)
    busy = 100 * sum(ticks.busy for ticks in rounds) / sum(ticks.seconds for ticks in rounds)
    return (length, page, *(f"{value:.1f}" for value in (p50, p99, best, most, busy)), budget)
