"""The state of the training, on the GUI thread: the run, its history, and which moment of it is shown.

Panels show what stands here and state intents (`training.play()`); nothing else holds truth of a run.
The state knows none of its watchers. It pulls from the worker on a timer, so the worker can never
flood the event loop.

The *newest* moment and the *shown* moment are two things: live means that they are one.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from micronn_core.common.errors import ConfigError, DataError, StorageError
from micronn_core.common.texts import tr
from micronn_core.data.catalog import source_of
from micronn_core.data.dataset import Dataset
from micronn_core.data.features import DataSpec
from micronn_core.data.fitting import check_kind
from micronn_core.nn.activations import ACTIVATIONS
from micronn_core.nn.network import Network, Parameters
from micronn_core.runs.record import RunRecord
from micronn_core.runs.saved_network import SavedNetwork, save_network
from micronn_core.settings.config import TrainingConfig
from micronn_core.training.checkpoints import Checkpoint
from micronn_core.training.early_stopping import Best
from micronn_core.training.history import History, Metrics, Snapshot
from micronn_core.training.trainer import StepSize
from micronn_gui.session.live_changes import LiveChanges
from micronn_gui.session.rate import RateMeter
from micronn_gui.session.throttle import Throttle
from micronn_gui.worker.commands import (
    Begin,
    Change,
    Pause,
    Play,
    ReplaceWeights,
    SetSpeed,
    Step,
    TakeCheckpoint,
)
from micronn_gui.worker.training_worker import TrainingWorker
from micronn_gui.worker.update import Status, Update

REFRESH_INTERVAL = 16
"""Milliseconds between two looks at the worker's outbox."""
SHOW_INTERVAL = 64
"""Least milliseconds between two drawings of a newer moment while it trains, for each costs steps."""


UNSEEN = ("epochs",)
"""Settings whose change shows in no curve: they only say how far it goes."""
MORE_EPOCHS = 100
"""By how many epochs a run that is at its end goes on, unless somebody says otherwise."""


@dataclass
class NextRun:
    """A run that is about to begin.

    Attributes:
        config: its settings.
        fresh: whether it begins with the first weights of its config, not with others.
        more: samples to train on besides those of the config's split.
        run: the run that goes on, with what it takes to do so exactly; None for a new one. It keeps
            its samples.
        name: what was opened to go on from; "" for a network of no name.
    """

    config: TrainingConfig
    fresh: bool
    more: Dataset | None = None
    run: RunRecord | None = None
    name: str = ""


class TrainingState(QObject):
    """The run, its history, and which moment of it is shown.

    Signals are in the past tense and carry nothing: whoever hears one reads the state.
    """

    about_to_begin = Signal(NextRun)
    """Another run is about to begin, and the present one is still here; who hears it at once may change
    the config of the next and what it learns from."""

    run_started = Signal()
    """A new network is being made; nothing of the old run is left."""
    status_changed = Signal()
    history_grew = Signal()
    shown_changed = Signal()
    """Another moment is shown, or the shown moment has new figures."""
    config_changed = Signal()
    wanted_changed = Signal()
    """The recipe shows something else."""
    checkpoint_taken = Signal()
    """There is another checkpoint: the run stands still, or somebody has asked for one."""
    failed = Signal(str)
    """Something went wrong; the text says what and what to do."""
    noticed = Signal(str)
    """Something happened that the user should know, such as that the run stopped early."""

    def __init__(self, worker: TrainingWorker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker, self._run_id = worker, 0
        self.config = self.wanted = TrainingConfig()
        self.more_epochs = MORE_EPOCHS
        self.changes = LiveChanges()
        self._spec: DataSpec | None = None
        self.status = Status.LOADING
        self.history = History()
        self.newest: Snapshot | None = None
        self.shown: Snapshot | None = None
        self.best: Best | None = None
        self.checkpoint: Checkpoint | None = None
        self.checkpoint_s = 0.0
        self._start: Parameters | None = None
        self._continued: RunRecord | None = None
        self._trained_before = False
        self.live = True
        self._grew = self._moved = False
        self._curves_next = True
        self._announcement = Throttle(self._announce, SHOW_INTERVAL, parent=self)
        self._growth = Throttle(self._announce_growth, SHOW_INTERVAL, parent=self)
        self._rate = RateMeter()
        self._timer = QTimer(self, timerType=Qt.TimerType.PreciseTimer, interval=REFRESH_INTERVAL)
        self._timer.timeout.connect(self._pull)

    # -- what panels ask --

    @property
    def spec(self) -> DataSpec:
        """What the network's inputs and answers mean."""
        return self._spec or source_of(self.config.dataset).spec

    @property
    def class_names(self) -> tuple[str, ...]:
        """The names of the classes."""
        return self.spec.class_names

    @property
    def image_shape(self) -> tuple[int, int] | None:
        """Rows and columns of a sample's picture; None where samples are none."""
        return self.spec.features.image_shape

    @property
    def playing(self) -> bool:
        """Whether it trains."""
        return self.status is Status.RUNNING

    @property
    def trained(self) -> bool:
        """Whether the network has taken a step, so that discarding it loses something."""
        return self.newest is not None and self.newest.metrics.step > 0

    @property
    def pending(self) -> bool:
        """Whether the recipe shows what only a new network can have."""
        return self.wanted.needs_new_network(self.config)

    @property
    def start_parameters(self) -> Parameters | None:
        """The untrained network's weights, once there is one and if they are known."""
        if self._trained_before:
            return self._start
        first = self.history.first()
        return first.parameters if first else None

    @property
    def steps_per_second(self) -> float:
        """How fast it trains, or NaN while it does not."""
        return self._rate.value if self.status is Status.RUNNING else math.nan

    def shown_metrics(self) -> Metrics | None:
        """Return the shown moment's figures, with the last validation figures up to it."""
        if self.shown is None:
            return None
        metrics = self.shown.metrics
        loss, accuracy = self.history.latest_validation(metrics.epoch)
        return metrics._replace(validation_loss=loss, validation_accuracy=accuracy)

    # -- intents --

    def open_network(self, saved: SavedNetwork, name: str = "") -> None:
        """Go on with a network that was saved; the run before is discarded.

        Where the run that led to it was saved with it, it goes on exactly; else its weights begin a new one.

        Args:
            saved: the network.
            name: what it is called, if it has a name of its own.

        Raises:
            StorageError: the network does not fit the data of its config.
        """
        _check_fits(saved)
        run = saved.run
        if run is not None and run.checkpoint is not None:
            self._begin(NextRun(saved.config, run.fresh, run.more, run, name), None, saved.spec)
        else:
            self._begin(NextRun(saved.config, False, name=name), saved.network.parameters, saved.spec)
            self.noticed.emit(
                tr(
                    "It knows what it has learned, but not how: if it trains on, it counts epochs from 0, "
                    "and momentum and schedule begin anew."
                )
            )

    def new_network(
        self, config: TrainingConfig, parameters: Parameters | None = None, spec: DataSpec | None = None
    ) -> None:
        """Begin a run with an untrained network, or with given weights; the old one is discarded.

        Args:
            config: its settings; a data file that they name must have been opened, unless `spec` is given.
            parameters: the first weights.
            spec: what inputs and answers mean, where the data set is not known yet.
        """
        if spec is None:
            try:
                source_of(config.dataset)
            except DataError as error:
                self.failed.emit(str(error))
                return
        self._begin(NextRun(config, fresh=parameters is None), parameters, spec)

    def _begin(self, run: NextRun, parameters: Parameters | None, spec: DataSpec | None) -> None:
        self.hold()
        self.about_to_begin.emit(run)
        self._run_id += 1
        self.config, self.wanted, self._spec = run.config, run.config, spec
        self.changes = LiveChanges()
        self.history, self.live, self.status = History(), True, Status.LOADING
        self.newest = self.shown = self.best = self.checkpoint = self._start = None
        self._continued, checkpoint = run.run, None
        self._trained_before = run.run is not None or parameters is not None
        if run.run is not None:
            checkpoint = run.run.checkpoint
            self.history.restore(run.run.curves)
            self.best = checkpoint.best if checkpoint is not None else None
        self._worker.send(Begin(self._run_id, self.config, parameters, run.more, checkpoint, run.fresh))
        self._timer.start()
        for signal in (
            self.run_started,
            self.config_changed,
            self.wanted_changed,
            self.status_changed,
            self.shown_changed,
        ):
            signal.emit()

    def new_run(self, config: TrainingConfig) -> None:
        """Begin a run with an untrained network and play it."""
        self.new_network(config)
        self.play()

    def hold(self) -> None:
        """Pause where the run stands, and take in what it takes to go on; nobody is told, for it ends."""
        self._worker.hold()
        update = self._worker.take()
        if update.run_id == self._run_id and not update.unfit:
            self._take_in(update)
            if update.failure:
                self.failed.emit(update.failure)

    def ask_for_checkpoint(self) -> None:
        """Have a checkpoint taken while it trains; `checkpoint_taken` tells when it is here."""
        self._worker.send(TakeCheckpoint())

    def play(self) -> None:
        """Train until the last epoch; while the data are still loading, as soon as they are there."""
        if self.status in (Status.LOADING, Status.PAUSED):
            self._worker.send(Play())
        if self.status is Status.PAUSED:
            self._set_status(Status.RUNNING)

    def pause(self) -> None:
        """Hold training between two pieces of work."""
        if self.status is Status.RUNNING:
            self._worker.send(Pause())
            self._set_status(Status.PAUSED)

    def toggle(self) -> None:
        """Pause, or train what the recipe shows: at the end of a run, some epochs more."""
        if self.status is Status.RUNNING:
            self.pause()
        elif self.pending and self.status in (Status.PAUSED, Status.FINISHED):
            self.play_wanted()
        elif self.status is Status.FINISHED:
            self.add_epochs(self.more_epochs)
        else:
            self.play()

    def play_wanted(self) -> None:
        """Let the network that the recipe shows take the place of the present one, and train."""
        self.new_run(self.wanted)

    def step(self, size: StepSize) -> None:
        """Take one step; a running network is paused by it."""
        if self.status in (Status.PAUSED, Status.RUNNING):
            self.show_live()
            self._worker.send(Step(size))
            self._set_status(Status.PAUSED)

    def add_epochs(self, count: int) -> None:
        """Let the run end `count` epochs later, and train on."""
        self.change({"epochs": self.config.epochs + count})
        self.play()

    def want(self, config: TrainingConfig) -> None:
        """Take over what the recipe shows.

        What may change under way is used at once, and all of it while nothing has been learned. What
        needs new first weights else waits for a new network, and all that comes with it in one.
        """
        before, self.wanted = self.wanted, config
        if self.pending and not self.trained and not self._trained_before:
            self.new_network(config)
            return
        at_once = not (self.pending and before.needs_new_network(config))
        names = (before if self.pending else self.config).changes_to(config) if at_once else ()
        live = {name: getattr(config, name) for name in names}
        with contextlib.suppress(ConfigError):  # it fits what is wanted alone, such as a larger split
            self.change(live)
        self.wanted = config
        self.wanted_changed.emit()

    def change(self, values: Mapping[str, object]) -> None:
        """Use other values of settings that may change under way, from the next step on.

        Raises:
            ConfigError: one of them cannot be used.
        """
        before, config = self.config, self.config.with_values(values)
        if config == before:
            return
        before.check_change(config)
        wanted = config if not self.pending else self.wanted
        with contextlib.suppress(ConfigError):  # what does not fit what is wanted stays out of it
            wanted = wanted.with_values(values)
        self.config, self.wanted = config, wanted
        self._note_change(before, config)
        self._worker.send(Change(self.config))
        self.config_changed.emit()
        self.wanted_changed.emit()
        if self.newest is not None and self.config.epochs != before.epochs:
            finished = self.newest.metrics.epoch >= self.config.epochs
            if self.status in (Status.FINISHED, Status.PAUSED):
                self._set_status(Status.FINISHED if finished else Status.PAUSED)

    def _note_change(self, before: TrainingConfig, after: TrainingConfig) -> None:
        """Remember a change that the curves may show."""
        if self.newest is None or not self.trained:
            return
        names = [name for name in before.changes_to(after) if name not in UNSEEN]
        olds, news = ({name: getattr(config, name) for name in names} for config in (before, after))
        self.changes.add(self.newest.metrics.epoch, olds, news)

    def set_speed(self, steps_per_second: float | None) -> None:
        """Take at most so many steps a second; None for as many as possible."""
        self._worker.send(SetSpeed(steps_per_second))

    def adopt(self, parameters: Parameters) -> None:
        """Let the network go on with other weights of its shape."""
        self.pause()
        self.show_live()
        self._worker.send(ReplaceWeights(parameters.frozen_copy()))

    def show_epoch(self, epoch: float) -> None:
        """Show the kept moment nearest to an epoch, in every panel, while training goes on."""
        moment = self.history.nearest(epoch)
        if moment is not None and (self.live or moment is not self.shown):
            self.live = False
            self.shown = moment
            self.shown_changed.emit()

    def show_neighbour(self, direction: int) -> None:
        """Show the kept moment before (-1) or after (+1) the shown one."""
        if self.shown is None:
            return
        epochs = (moment.metrics.epoch for moment in self.history.snapshots)
        others = [epoch for epoch in epochs if direction * (epoch - self.shown.metrics.epoch) > 0]
        if others:
            self.show_epoch(others[-1] if direction < 0 else others[0])
        elif direction > 0:
            self.show_live()

    def show_live(self) -> None:
        """Show the newest moment again, and follow it."""
        if not self.live:
            self.live = True
            self.shown = self.newest
            self.shown_changed.emit()

    def save(self, path: Path, run: RunRecord | None = None) -> Path:
        """Save the network as it is shown, and return the file's path.

        Args:
            path: the file.
            run: the present run at the moment that is to be saved instead, with what it takes to go on.

        Raises:
            StorageError: it cannot be saved; a file that was there is untouched.
        """
        moment, metrics = self.shown, self.shown_metrics()
        parameters = None if moment is None else moment.parameters
        if run is not None:
            metrics, parameters = run.final
        if parameters is None or metrics is None:
            text = tr("There is no network to save yet; wait until the data are loaded.")
            raise StorageError(text)
        network = Network(parameters, ACTIVATIONS[self.config.activation])
        return save_network(path, network, self.config, self.spec, metrics._asdict(), run)

    def take_checkpoint(self) -> Checkpoint | None:
        """Return the newest moment as it takes to go on exactly, while training goes on; None without any."""
        self._worker.keep()
        self._pull()
        return self.checkpoint

    def close(self) -> None:
        """Stop training; the state is of no use afterwards."""
        self._timer.stop()
        self._announcement.stop()
        self._growth.stop()
        self._worker.close()

    # -- from the worker --

    def _pull(self) -> None:
        """Look whether the worker has left something, and take it in."""
        update = self._worker.take()
        if update.run_id == self._run_id:
            self.receive(update)

    def receive(self, update: Update) -> None:
        """Take in what has happened, and tell of it."""
        if update.unfit and self._continued is not None:
            self._go_on_by_weights(self._continued)
            return
        self._take_in(update)
        self._grew |= bool(update.metrics)
        self._moved |= update.newest is not None and self.live
        if update.status is not Status.RUNNING:
            self._curves_next = True
            self._announcement.now()
            self._growth.now()
        elif self._grew or self._moved:
            self._announcement.ask()
        self._set_status(update.status)
        if update.failure:
            self.failed.emit(update.failure)
        if update.notice:
            self.noticed.emit(update.notice)
        if update.checkpoint is not None:
            self.checkpoint_taken.emit()

    def _take_in(self, update: Update) -> None:
        for metrics in update.metrics:
            if metrics.step >= len(self.history):  # the step to go on from is known
                self.history.append(metrics)
        if update.metrics:
            self._rate.count(len(self.history))
        for moment in update.kept:
            self.history.keep(moment)
        if update.newest is not None:
            self.newest = update.newest
            self.shown = update.newest if self.live else self.shown
        self.best = update.best or self.best
        self._start = update.start or self._start
        if update.checkpoint is not None:
            self.checkpoint, self.checkpoint_s = update.checkpoint, update.checkpoint_s

    def _go_on_by_weights(self, run: RunRecord) -> None:
        """Begin anew with the weights of a run that cannot go on exactly."""
        self.new_network(run.config, run.final.parameters, run.spec)
        text = tr(
            "The samples are not those that this run has learned from: its weights go on, but epochs, "
            "momentum and schedule begin anew."
        )
        self.noticed.emit(text)

    def _announce(self) -> bool:
        """Say what is new; of the curves, which cost the most, every other time, and a little later.

        All at once would keep whoever draws on the pad waiting twice as long.
        """
        grew, moved, self._moved = self._grew and self._curves_next, self._moved, False
        self._curves_next = not self._curves_next
        if moved:
            self.shown_changed.emit()
        if grew:
            self._growth.later(SHOW_INTERVAL // 2)
        elif self._grew:
            self._announcement.ask()
        return grew or moved

    def _announce_growth(self) -> bool:
        grew, self._grew = self._grew, False
        if grew:
            self.history_grew.emit()
        return grew

    def _set_status(self, status: Status) -> None:
        if status is not self.status:
            self.status = status
            self._rate.reset()
            self.status_changed.emit()


def _check_fits(saved: SavedNetwork) -> None:
    """Raise a StorageError if a network is for other samples than those of its data set."""
    try:
        wanted = source_of(saved.config.dataset).spec
    except DataError:
        return  # the file is read by the worker
    name = tr("this network")
    try:
        check_kind(wanted, saved.spec, name, saved.config.dataset)
    except DataError as error:
        raise StorageError(str(error)) from None
    if wanted.sizes(()) != saved.spec.sizes(()):
        raise StorageError(
            tr(
                "This network has {inputs:,} inputs and {classes:,} classes, but the data set {name} has "
                "{its_inputs:,} and {its_classes:,}.",
                inputs=saved.spec.features.count,
                classes=len(saved.spec.class_names),
                name=saved.config.dataset,
                its_inputs=wanted.features.count,
                its_classes=len(wanted.class_names),
            )
        )
