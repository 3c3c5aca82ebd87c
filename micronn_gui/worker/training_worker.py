"""The training thread: the only code that runs beside the window.

In go frozen commands; out comes an `Update` of frozen values, when asked for. The worker holds no
reference to a widget and sends no signal, so it can never flood the event loop. Between short
pieces of work it passes a gate, where pause, step, close and changed settings take effect.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import assert_never

from micronn_core.common.errors import ConfigError, MicroNNError, TrainingDiverged
from micronn_core.common.texts import tr
from micronn_core.nn.activations import ACTIVATIONS
from micronn_core.nn.network import Network, Parameters
from micronn_core.settings.config import TrainingConfig
from micronn_core.training.checkpoints import Checkpoint
from micronn_core.training.compute.blas import single_blas_thread
from micronn_core.training.early_stopping import Best
from micronn_core.training.history import SNAPSHOT_BUDGET, Metrics, keep_stride
from micronn_core.training.trainer import StepSize, Trainer, came_of, new_network
from micronn_gui.worker.commands import (
    Begin,
    Change,
    Close,
    Command,
    Pause,
    Play,
    ReplaceWeights,
    SetSpeed,
    Step,
    TakeCheckpoint,
)
from micronn_gui.worker.right_of_way import RIGHT_OF_WAY
from micronn_gui.worker.split_cache import SplitCache
from micronn_gui.worker.update import Outbox, Status, Update

SNAPSHOT_INTERVAL = 1 / 30
"""Least seconds between two snapshots for the display."""
PATIENCE = 5.0
"""Most seconds to wait for a piece of work to end: they are as short as can be, but machines are slow."""
LOOK = 0.1
"""Seconds after which it is looked again whether there still is a run."""
SHORT = 3e-4
"""Seconds; a piece of work that is shorter is mostly Python's, beside a longer one the window can draw."""
PIECES = 100
"""So many of the last pieces are what a piece takes on average."""

log = logging.getLogger(__name__)


@dataclass
class _Pending:
    """What has been asked for and is not yet done; guarded by the worker's condition."""

    begin: Begin | None = None
    change: TrainingConfig | None = None
    playing: bool = False
    steps: list[Step | ReplaceWeights] = field(default_factory=list)
    steps_per_second: float | None = None
    checkpoint: bool = False
    closing: bool = False


class TrainingWorker:
    """Trains one run after another on a thread of its own.

    All methods may be called from any thread and return at once, but `close`, which waits for
    the piece of work under way (at most some tens of milliseconds).
    """

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._pending = _Pending()
        self._outbox = Outbox()
        self._splits = SplitCache()
        self._trainer: Trainer | None = None
        self._pieces: Generator[Metrics | None] | None = None
        self._pieces_of_play = False
        self._run_id = 0
        self._best: Best | None = None  # the last that was handed over
        self._kept: Metrics | None = None  # where the last checkpoint was taken
        self._last_snapshot = 0.0
        self._next_step = 0.0
        self._piece_s = 0.0  # how long a piece of work takes, on average
        self._thread = threading.Thread(target=self._work, name="micronn-training")
        self._thread.start()

    # -- from the window --

    def send(self, command: Command) -> None:
        """Have a command done, at the gate before the next piece of work."""
        with self._condition:
            pending = self._pending
            match command:
                case Begin():
                    self._pending = _Pending(begin=command, steps_per_second=pending.steps_per_second)
                    self._outbox = Outbox(command.run_id)
                case Play():
                    pending.playing = True
                    self._say(Status.RUNNING, Status.PAUSED, Status.FINISHED)
                case Pause():
                    pending.playing = False
                    self._say(Status.PAUSED, Status.RUNNING, Status.FINISHED)
                case Step() | ReplaceWeights():
                    pending.playing = False
                    pending.steps.append(command)
                    self._say(Status.PAUSED, Status.RUNNING)
                case Change():
                    pending.change = command.config
                case SetSpeed():
                    pending.steps_per_second, self._next_step = command.steps_per_second, 0.0
                case TakeCheckpoint():
                    pending.checkpoint = True
                case Close():
                    pending.closing = True
                case _:
                    assert_never(command)
            self._condition.notify()

    def _say(self, status: Status, *instead_of: Status) -> None:
        """Tell of a status at once, lest the window hear the old one between a command and its effect."""
        if self._outbox.status in instead_of:
            self._outbox.status = status

    def take(self) -> Update:
        """Return what has happened since the last call."""
        with self._condition:
            box = self._outbox
            self._outbox = Outbox(box.run_id, box.status)
        return box.sealed()

    def hold(self) -> None:
        """Pause, and wait until a checkpoint lies ready to be taken: as long as a piece of work takes."""
        with self._condition:
            self.send(Pause())
            self._pending.checkpoint = True
            self._condition.notify()
            self._wait_for_checkpoint()

    def keep(self) -> None:
        """Wait until a checkpoint lies ready to be taken, and let training go on."""
        with self._condition:
            self.send(TakeCheckpoint())
            self._wait_for_checkpoint()

    def _wait_for_checkpoint(self) -> None:
        """Wait until what was asked for has been done, if there is anything to go on from; with the lock."""
        end = time.monotonic() + PATIENCE
        while self._pending.checkpoint and self._trainer is not None and time.monotonic() < end:
            self._condition.wait(LOOK)

    def close(self) -> None:
        """Stop training and end the thread."""
        self.send(Close())
        self._thread.join()

    # -- the thread --

    def _work(self) -> None:
        with single_blas_thread():
            while True:
                try:
                    if not self._pass_gate():
                        break
                    self._advance()
                except TrainingDiverged as error:
                    self._report(str(error), Status.PAUSED)  # the step did not happen: one can go on
                except MicroNNError as error:
                    self._fail(str(error))
                except Exception as error:
                    log.exception("training failed")
                    self._fail(
                        tr(
                            "Training stopped by an unexpected error: {kind}: {error}. What was learned up "
                            "to here is kept; make a new network to go on.",
                            kind=type(error).__name__,
                            error=error,
                        )
                    )
        self._drop_trainer()

    def _pass_gate(self) -> bool:
        """Wait until there is work; begin a run or change settings if asked. False means stop."""
        while True:
            if self._piece_s < SHORT:
                RIGHT_OF_WAY.stand_aside()
            self._keep_moment()
            with self._condition:
                if self._pending.closing:
                    return False
                if self._pending.begin is not None or self._has_work():
                    begin, self._pending.begin = self._pending.begin, None
                    change, self._pending.change = self._pending.change, None
                    break
                if not self._checkpoint_is_due():
                    self._publish_idle()
                    playing = self._pending.playing and self._trainer is not None
                    self._condition.wait(max(0.0, self._next_step - time.monotonic()) if playing else None)
        if begin is not None:
            self._begin(begin)
        if change is not None:
            self._change(change)
        return True

    def _checkpoint_is_due(self) -> bool:
        """Whether what it takes to go on is to be handed over: it was asked for, or the run stands still."""
        trainer, pending = self._trainer, self._pending
        idle = not pending.playing and trainer is not None and trainer.metrics is not self._kept
        return pending.checkpoint or (idle and not self._has_work())

    def _keep_moment(self) -> None:
        """Hand over what it takes to go on, if that is due; it is copied while nobody waits for the lock."""
        with self._condition:
            if not self._checkpoint_is_due():
                return
        checkpoint, seconds = self._copied()
        with self._condition:
            self._pending.checkpoint = False
            self._hand_over(checkpoint, seconds)
            self._condition.notify_all()

    def _copied(self) -> tuple[Checkpoint | None, float]:
        """Return what it takes to go on, or None while that is being measured; and how long it took."""
        if self._trainer is None:
            return None, 0.0
        self._kept, began = self._trainer.metrics, time.perf_counter()
        checkpoint = self._trainer.checkpoint() if self._trainer.metrics.samples else None
        return checkpoint, time.perf_counter() - began

    def _hand_over(self, checkpoint: Checkpoint | None, seconds: float) -> None:
        """Put what it takes to go on into the outbox; the condition is held."""
        if checkpoint is not None and self._outbox.run_id == self._run_id:
            self._outbox.checkpoint, self._outbox.checkpoint_s = checkpoint, seconds

    def _has_work(self) -> bool:
        pending = self._pending
        if self._trainer is None:
            return False
        if pending.change is not None or pending.steps:
            return True
        if self._pieces is not None and (pending.playing or not self._pieces_of_play):
            return True  # a single step, once begun, and the first measurement go through to their end
        due = pending.steps_per_second is None or time.monotonic() >= self._next_step
        return pending.playing and due

    def _begin(self, begin: Begin) -> None:
        self._drop_trainer()
        config, parameters = begin.config, begin.parameters
        self._run_id = begin.run_id
        self._splits.load(config.dataset)
        with self._condition:
            if self._pending.closing or self._pending.begin is not None:
                return  # nobody waits for this run any more
        chosen = self._splits.of(config, begin.more)
        activation = ACTIVATIONS[config.activation]
        network = None if parameters is None else Network(parameters.writable_copy(), activation)
        checkpoint = begin.checkpoint
        if checkpoint is not None and not checkpoint.fits(chosen):
            with self._condition:
                if self._outbox.run_id == begin.run_id:
                    self._outbox.unfit = True
            return
        self._kept = None
        trained = checkpoint.parameters if checkpoint is not None else parameters
        if trained is not None:
            self._hand_over_start(config, trained, begin.fresh)
        self._trainer = Trainer(config, chosen, network=network, run_id=begin.run_id, checkpoint=checkpoint)
        self._pieces, self._pieces_of_play = self._trainer.start(), False

    def _hand_over_start(self, config: TrainingConfig, trained: Parameters, fresh: bool) -> None:
        """Hand over the weights that learning began with, to compare those of now with, if they are known."""
        start = new_network(config, trained.sizes[0], trained.sizes[-1]).parameters.frozen_copy()
        if not fresh and not came_of(trained, start):
            return
        with self._condition:
            if self._outbox.run_id == self._run_id:
                self._outbox.start = start

    def _change(self, config: TrainingConfig) -> None:
        if self._trainer is not None:
            try:
                self._trainer.change(config)
                self._kept = None
            except ConfigError as error:  # it goes on as before
                self._report(str(error), Status.PAUSED)

    def _drop_trainer(self) -> None:
        self._pieces = None
        if self._trainer is not None:
            self._trainer.close()
            self._trainer = None

    def _advance(self) -> None:
        """Do one piece of work."""
        if self._trainer is None:
            return
        if self._pieces is None:
            self._pieces = self._next_pieces(self._trainer)
            if self._pieces is None:
                return
        began = time.perf_counter()
        try:
            metrics = next(self._pieces)
        except StopIteration:
            self._pieces = None
            return
        self._piece_s += (time.perf_counter() - began - self._piece_s) / PIECES
        if metrics is not None:
            self._deliver(metrics)
            if self._pieces_of_play:
                self._end_of_step(metrics)

    def _end_of_step(self, metrics: Metrics) -> None:
        """Let go of a step of play, and of the command to take one that came in the middle of it."""
        self._pieces = None
        with self._condition:
            # A pause leaves a step half done; "one step" then means to finish it.
            match next(iter(self._pending.steps), None):
                case Step(StepSize.BATCH):
                    self._pending.steps.pop(0)
                case Step(StepSize.EPOCH) if metrics.epoch.is_integer():
                    self._pending.steps.pop(0)

    def _next_pieces(self, trainer: Trainer) -> Generator[Metrics | None] | None:
        with self._condition:
            pending = self._pending
            self._pieces_of_play = not pending.steps
            if pending.steps:
                step = pending.steps.pop(0)
                if isinstance(step, ReplaceWeights):
                    return trainer.adopt(step.parameters)
                return trainer.step(step.size)
            if trainer.finished:
                pending.playing = False
            if not pending.playing:
                return None
            if pending.steps_per_second is not None:
                self._next_step = time.monotonic() + 1 / pending.steps_per_second
        return trainer.step()

    def _deliver(self, metrics: Metrics) -> None:
        assert self._trainer is not None
        vector = self._trainer.network.parameters.vector
        keep = metrics.step % keep_stride(metrics.step, 2 * vector.nbytes, SNAPSHOT_BUDGET) == 0
        due = time.monotonic() - self._last_snapshot >= SNAPSHOT_INTERVAL
        snapshot = self._trainer.snapshot() if keep or due else None
        at_the_end = self._copied() if self._trainer.finished else (None, 0.0)
        with self._condition:
            box = self._outbox
            if box.run_id != self._run_id:  # a new run has been asked for meanwhile
                return
            self._hand_over(*at_the_end)
            box.status = self._status()
            box.metrics.append(metrics)
            if self._trainer.stopped_early and self._pieces_of_play:
                box.notice = self._trainer.stopping_reason
            if keep and snapshot is not None:
                box.kept.append(snapshot)
            if due:
                box.newest = snapshot
                self._hand_over_best()
        if due:
            self._last_snapshot = time.monotonic()

    def _publish_idle(self) -> None:
        """Hand over the present moment before waiting; the condition is held."""
        if self._trainer is None or self._outbox.run_id != self._run_id or not self._trainer.metrics.samples:
            return
        self._outbox.status = self._status()
        self._outbox.newest = self._trainer.snapshot()
        self._hand_over_best()

    def _hand_over_best(self) -> None:
        """Hand over the best moment if it is another than before; the condition is held."""
        best = self._trainer.best if self._trainer is not None else None
        if best is not None and best is not self._best:
            self._best = best
            self._outbox.best = best._replace(parameters=best.parameters.frozen_copy())

    def _status(self) -> Status:
        if self._trainer is None:
            return self._outbox.status
        if self._trainer.finished:
            return Status.FINISHED
        return Status.RUNNING if self._pending.playing else Status.PAUSED

    def _fail(self, message: str) -> None:
        """Report what went wrong, and let go of a trainer that can no longer be trusted."""
        self._report(message, Status.FAILED)
        self._drop_trainer()

    def _report(self, message: str, status: Status) -> None:
        with self._condition:
            self._pieces = None
            self._pending.playing = False
            self._pending.steps.clear()
            box = self._outbox
            if box.run_id == self._run_id:
                box.status, box.failure = status, message
                if self._trainer is not None and self._trainer.metrics.samples:
                    box.newest = self._trainer.snapshot()
