"""The training thread: the only code that runs beside the window.

In go frozen configs and simple commands; out comes a `Delivery` of frozen values, when asked
for. The worker holds no reference to a widget and sends no signal, so it can never flood the
event loop. Between short pieces of work it passes a gate, where pause, step, stop and changed
settings take effect.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Generator

from micronn_core.common.errors import MicroNNError, TrainingDiverged
from micronn_core.data.catalog import open_source
from micronn_core.data.dataset import Dataset
from micronn_core.nn.activations import ACTIVATIONS
from micronn_core.nn.network import Network, Parameters
from micronn_core.settings.config import TrainingConfig
from micronn_core.training.compute.blas import single_blas_thread
from micronn_core.training.early_stopping import Best
from micronn_core.training.history import SNAPSHOT_BUDGET, Metrics, keep_stride
from micronn_core.training.trainer import StepSize, Trainer
from micronn_gui.worker.commands import Orders, Start
from micronn_gui.worker.split_cache import SplitCache
from micronn_gui.worker.update import Delivery, Outbox, Status

SNAPSHOT_INTERVAL = 1 / 30
"""Least seconds between two snapshots for the display."""

log = logging.getLogger(__name__)


class TrainingWorker:
    """Trains one run after another on a thread of its own.

    All methods may be called from any thread and return at once, but `close`, which waits for
    the piece of work under way (at most some tens of milliseconds).
    """

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._orders = Orders()
        self._outbox = Outbox()
        self._splits = SplitCache()
        self._trainer: Trainer | None = None
        self._pieces: Generator[Metrics | None] | None = None
        self._pieces_of_play = False
        self._run_id = 0
        self._best: Best | None = None  # the last that was handed over
        self._last_snapshot = 0.0
        self._next_step = 0.0
        self._thread = threading.Thread(target=self._work, name="micronn-training")
        self._thread.start()

    # -- commands, from the window --

    def begin(
        self,
        run_id: int,
        config: TrainingConfig,
        parameters: Parameters | None = None,
        more: Dataset | None = None,
    ) -> None:
        """Make a network, measure it and wait; what trained before is dropped.

        Args:
            run_id: comes back with everything that is delivered of this run.
            config: the settings.
            parameters: weights and biases to go on from; drawn anew by the config if None.
            more: samples to train on besides those of the config's split.
        """
        begin = Start(run_id, config, parameters, more)
        with self._condition:
            self._orders = Orders(begin=begin, steps_per_second=self._orders.steps_per_second)
            self._outbox = Outbox(run_id)
            self._condition.notify()

    def play(self) -> None:
        """Train until the last epoch."""
        self._set_playing(True)

    def pause(self) -> None:
        """Wait before the next piece of work."""
        self._set_playing(False)

    def step(self, step: StepSize | Parameters) -> None:
        """Take one step, or put these weights in the place of the network's, and wait."""
        with self._condition:
            self._orders.playing = False
            self._orders.steps.append(step)
            if self._outbox.status is Status.RUNNING:
                self._outbox.status = Status.PAUSED
            self._condition.notify()

    def set_speed(self, steps_per_second: float | None) -> None:
        """Take at most so many steps a second; None for as many as possible."""
        with self._condition:
            self._orders.steps_per_second, self._next_step = steps_per_second, 0.0
            self._condition.notify()

    def change(self, config: TrainingConfig) -> None:
        """Go on by other settings from the next step on."""
        with self._condition:
            self._orders.change = config
            self._condition.notify()

    def take(self) -> Delivery:
        """Return what has happened since the last call."""
        with self._condition:
            box = self._outbox
            self._outbox = Outbox(box.run_id, box.status)
        return box.sealed()

    def stop(self) -> None:
        """Stop training, and give up loading, for good."""
        with self._condition:
            self._orders.stop = True
            self._condition.notify()

    def close(self) -> None:
        """Stop training and end the thread."""
        self.stop()
        self._thread.join()

    def _set_playing(self, playing: bool) -> None:
        with self._condition:
            self._orders.playing = playing
            # Said at once, lest the window be told the old state between the order and its effect.
            if self._outbox.status in (Status.PAUSED, Status.RUNNING, Status.FINISHED):
                self._outbox.status = Status.RUNNING if playing else Status.PAUSED
            self._condition.notify()

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
                        f"Training stopped by an unexpected error: {type(error).__name__}: {error}. "
                        "What was learned up to here is kept; make a new network to go on."
                    )
        self._drop_trainer()

    def _pass_gate(self) -> bool:
        """Wait until there is work; begin a run or change settings if asked. False means stop."""
        with self._condition:
            while not self._orders.stop and self._orders.begin is None and not self._has_work():
                self._publish_idle()
                wait = self._next_step - time.monotonic() if self._orders.playing and self._trainer else None
                self._condition.wait(wait if wait is None else max(0.0, wait))
            if self._orders.stop:
                return False
            begin, self._orders.begin = self._orders.begin, None
            change, self._orders.change = self._orders.change, None
        if begin is not None:
            self._begin(begin)
        if self._trainer is not None and change is not None:
            self._trainer.change(change)
        return True

    def _has_work(self) -> bool:
        orders = self._orders
        if self._trainer is None:
            return False
        if orders.change is not None or orders.steps:
            return True
        if self._pieces is not None and (orders.playing or not self._pieces_of_play):
            return True  # a single step, once begun, and the first measurement go through to their end
        due = orders.steps_per_second is None or time.monotonic() >= self._next_step
        return orders.playing and due

    def _begin(self, start: Start) -> None:
        self._drop_trainer()
        run_id, config, parameters, more = start
        self._run_id = run_id
        self._splits.load(config.dataset)
        with self._condition:
            if self._orders.stop or self._orders.begin is not None:
                return  # nobody waits for this run any more
        chosen = self._splits.of(config, more)
        classes = len(open_source(config.dataset).spec.class_names)
        activation = ACTIVATIONS[config.activation]
        network = None if parameters is None else Network(parameters.writable_copy(), activation)
        self._trainer = Trainer(config, chosen, classes, network, run_id=run_id)
        self._pieces, self._pieces_of_play = self._trainer.start(), False

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
        try:
            metrics = next(self._pieces)
        except StopIteration:
            self._pieces = None
            return
        if metrics is not None:
            self._deliver(metrics)
            if self._pieces_of_play:
                self._end_of_step(metrics)

    def _end_of_step(self, metrics: Metrics) -> None:
        """Let go of a step of play, and of the order to take one that came in the middle of it."""
        self._pieces = None
        with self._condition:
            # A pause leaves a step half done; "one step" then means to finish it.
            size = next(iter(self._orders.steps), None)
            if size is StepSize.BATCH or (size is StepSize.EPOCH and metrics.epoch.is_integer()):
                self._orders.steps.pop(0)

    def _next_pieces(self, trainer: Trainer) -> Generator[Metrics | None] | None:
        with self._condition:
            orders = self._orders
            self._pieces_of_play = not orders.steps
            if orders.steps:
                step = orders.steps.pop(0)
                return trainer.adopt(step) if isinstance(step, Parameters) else trainer.step(step)
            if trainer.finished:
                orders.playing = False
            if not orders.playing:
                return None
            if orders.steps_per_second is not None:
                self._next_step = time.monotonic() + 1 / orders.steps_per_second
        return trainer.step()

    def _deliver(self, metrics: Metrics) -> None:
        assert self._trainer is not None
        vector = self._trainer.network.parameters.vector
        keep = metrics.step % keep_stride(metrics.step, 2 * vector.nbytes, SNAPSHOT_BUDGET) == 0
        due = time.monotonic() - self._last_snapshot >= SNAPSHOT_INTERVAL
        snapshot = self._trainer.snapshot() if keep or due else None
        with self._condition:
            box = self._outbox
            if box.run_id != self._run_id:  # a new run has been asked for meanwhile
                return
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
        return Status.RUNNING if self._orders.playing else Status.PAUSED

    def _fail(self, message: str) -> None:
        """Report what went wrong, and let go of a trainer that can no longer be trusted."""
        self._report(message, Status.FAILED)
        self._drop_trainer()

    def _report(self, message: str, status: Status) -> None:
        with self._condition:
            self._pieces = None
            self._orders.playing = False
            self._orders.steps.clear()
            box = self._outbox
            if box.run_id == self._run_id:
                box.status, box.failure = status, message
                if self._trainer is not None and self._trainer.metrics.samples:
                    box.newest = self._trainer.snapshot()
