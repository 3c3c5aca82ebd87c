"""Training, as a generator of small bounded pieces of work.

    for update in trainer.run():
        if update is not None:
            ...

Whoever drives it can pause between any two pieces, change the settings that may change under way,
or simply stop asking. Nothing here knows of threads of its own, windows or files.

The order within a step is such that all figures of a moment belong together: the weights, the
loss and the gradient *at* those weights on the next batch, the validation figures. A step
applies that gradient to a copy and measures there; the new moment takes the old one's place
when it is complete. So a step that is given up half-way, or that overflows, never was.
"""

from __future__ import annotations

import math
from collections.abc import Generator
from contextlib import closing
from enum import Enum
from typing import NamedTuple

import numpy as np

from micronn_core.common.errors import DataError
from micronn_core.common.texts import tr
from micronn_core.data.augmentation import Augmentation
from micronn_core.data.splits import Split
from micronn_core.nn.activations import ACTIVATIONS
from micronn_core.nn.dropout import Dropout
from micronn_core.nn.initializers import INITIALIZERS
from micronn_core.nn.network import Network, Parameters
from micronn_core.nn.optimizers import OPTIMIZERS
from micronn_core.nn.regularization import Penalties
from micronn_core.nn.schedules import SCHEDULES
from micronn_core.settings.config import TrainingConfig
from micronn_core.settings.table import WHOLE_BATCH
from micronn_core.training.checkpoints import Checkpoint, Copies
from micronn_core.training.compute.passes import Measure, Passes, default_threads
from micronn_core.training.early_stopping import Best, EarlyStopping, check_finite
from micronn_core.training.feed import Feed
from micronn_core.training.history import Metrics, Snapshot
from micronn_core.training.memory import check_memory

VALIDATIONS_PER_EPOCH = 4
"""How often the validation samples are measured where an epoch has many steps."""
NO_CHANCE = 6.0
"""Weights correlate by chance with a standard error of 1 / sqrt(n); beyond so many of them it is none."""


class StepSize(Enum):
    """How much one step covers."""

    SAMPLE = "sample"
    BATCH = "batch"
    EPOCH = "epoch"


class _Place(NamedTuple):
    """How far a run has come: updates, complete epochs, samples of the present epoch."""

    step: int
    epoch: int
    position: int


class _Batch(NamedTuple):
    """What a gradient is measured on: a range of an epoch's order, and what is done to its samples."""

    epoch: int
    start: int
    stop: int
    dropout: float
    augmentation: Augmentation


def new_network(config: TrainingConfig, n_in: int, classes: int) -> Network:
    """Return the untrained network of a config."""
    return Network.create(
        (n_in, *config.hidden, classes),
        ACTIVATIONS[config.activation],
        INITIALIZERS[config.initializer],
        config.seed,
        np.dtype(config.dtype),
    )


def came_of(now: Parameters, first: Parameters) -> bool:
    """Whether trained weights were once these first ones: they are still more alike than by chance."""
    if now.sizes != first.sizes or not first.vector.any():
        return False
    with np.errstate(all="ignore"):  # what has overflowed is like nothing
        alike = float(np.corrcoef(now.vector, first.vector)[0, 1])
    return alike > NO_CHANCE / math.sqrt(first.vector.size)


class Trainer:
    """Trains one network on one split.

    Args:
        config: the settings; see `change` for those that can change under way.
        split: what to learn from and what to judge by.
        classes: number of classes; those of the samples if not given.
        network: the network to train, in place; a new one by the config's seed if not given.
        threads: threads that share a pass; by default one per core, at most four.
        run_id: a number for the snapshots of this run.
        checkpoint: a moment of a run of this config to go on from.

    Attributes:
        config: the settings of the next step.
        network: the network.

    Raises:
        ConfigError: the batches are too large for the samples, or the network for the memory.
        DataError: the checkpoint is of a run with other samples.
    """

    def __init__(
        self,
        config: TrainingConfig,
        split: Split,
        classes: int | None = None,
        network: Network | None = None,
        threads: int | None = None,
        run_id: int = 0,
        checkpoint: Checkpoint | None = None,
    ) -> None:
        config.check_fits(len(split.train))
        threads = threads or default_threads()
        if network is not None:
            check_memory(network.sizes, config, threads)
        else:
            if classes is None:
                assert split.train.spec is not None, "made-up samples do not say how many classes there are"
                classes = len(split.train.spec.class_names)
            check_memory((len(split.train.x), *config.hidden, classes), config, threads)
            network = new_network(config, len(split.train.x), classes)
        self.network = network
        self.config = config
        self._stopping = EarlyStopping(config.patience)
        self._split, self._run_id = split, run_id
        sizes, vector = self.network.sizes, self.network.parameters.vector
        self._optimizer = OPTIMIZERS[config.optimizer](vector.size, vector.dtype)
        self._optimizer.momentum = config.momentum
        self._step_is_open = False  # the optimizer has taken a step that is not measured yet
        self._schedule = SCHEDULES[config.schedule]
        self._penalties = self._make_penalties(config)
        self._gradient, self._new_gradient = (Parameters(sizes, dtype=vector.dtype) for _ in range(2))
        self._new_parameters = Parameters(sizes, dtype=vector.dtype)
        whole_batch = config.softmax == WHOLE_BATCH
        self._passes = Passes(sizes, self.network.activation, threads, whole_batch)
        self._place = _Place(0, 0, 0)
        self._measured: _Batch | None = None
        self._feed = Feed(split, config, self._passes.chunk_size)
        self.metrics = Metrics(0, 0.0, math.nan, math.nan, 0, math.nan, math.nan)
        self._copies = Copies()
        self._continued = checkpoint
        if checkpoint is not None:
            self._restore(checkpoint)

    def checkpoint(self) -> Checkpoint:
        """Return what it takes to go on exactly from the last complete step, at any time after `start`."""
        if self._continued is not None:
            return self._continued
        best = self.best
        steps, averages = self._optimizer.state(undone=self._step_is_open)
        return Checkpoint(
            self.metrics,
            self._place.epoch,
            self._place.position,
            self._copies.of_parameters(self.network.parameters),
            self._copies.of(averages),
            steps,
            None if best is None else Best(best.metrics, self._copies.of_parameters(best.parameters)),
            self._stopping.waiting_since,
            self._stopping.stopped,
            self._split.digest,
        )

    def _restore(self, checkpoint: Checkpoint) -> None:
        if not checkpoint.fits(self._split):
            raise DataError(
                tr(
                    "The run to go on with has not learned from these samples. Open the same data, with "
                    "the same digits of your own."
                )
            )
        np.copyto(self.network.parameters.vector, checkpoint.parameters.vector)
        self._optimizer.restore(checkpoint.optimizer_steps, checkpoint.averages)
        self._place = _Place(checkpoint.metrics.step, checkpoint.epoch, checkpoint.position)
        self._stopping.restore(checkpoint.best, checkpoint.waiting_since, checkpoint.stopped)

    def change(self, config: TrainingConfig) -> None:
        """Go on by other settings from the next step on, whether or not one is under way.

        Another number of epochs lets a run go on that was stopped early.

        Raises:
            ConfigError: one of them needs a new network, or does not fit the samples.
        """
        self.config.check_change(config)
        config.check_fits(len(self._split.train))
        self._feed.check(config.augmentation)
        if config.epochs != self.config.epochs:
            self._stopping.wait_anew(self._place.epoch)
        self._penalties = self._make_penalties(config)
        self._optimizer.momentum = config.momentum
        self.config = config

    def _make_penalties(self, config: TrainingConfig) -> Penalties:
        dtype = self.network.parameters.vector.dtype
        return Penalties(self.network.sizes, dtype, config.l2, config.l1, config.clip)

    @property
    def finished(self) -> bool:
        """Whether the set number of epochs is complete, or the run was stopped early."""
        return self._place.epoch >= self.config.epochs or self._stopping.stopped

    @property
    def stopped_early(self) -> bool:
        """Whether patience came to its end before the last epoch: the network then has its best weights."""
        return self._stopping.stopped

    @property
    def stopping_reason(self) -> str:
        """Why the run was stopped early, in words; "" if it was not."""
        return self._stopping.reason if self._stopping.stopped else ""

    @property
    def best(self) -> Best | None:
        """The moment of the lowest validation loss so far; what it holds changes as training goes on."""
        return self._stopping.best

    @property
    def step_rate(self) -> float:
        """The learning rate of the next step: the base rate times the schedule's factor."""
        count = len(self._split.train)
        progress = (self._place.epoch + self._place.position / count) / self.config.epochs
        return self.config.learning_rate * self._schedule.factor(min(progress, 1.0))

    def run(self, size: StepSize = StepSize.BATCH) -> Generator[Metrics | None]:
        """Train until the set number of epochs is complete.

        Yields:
            None after a piece of work, and the metrics after each step. The first metrics
            are those of the untrained network.

        Raises:
            TrainingDiverged: the loss or a weight would no longer be a finite number. The
                network stays at the step before.
        """
        with closing(self.start()) as pieces:
            yield from pieces
        while not self.finished:
            yield from self.step(size)

    def start(self) -> Generator[Metrics | None]:
        """Measure the untrained network, or the one to go on with, once."""
        if self._measured is None:
            batch, continued = self._next_batch(self._place, StepSize.BATCH), self._continued
            yield from self._measure(self.network.parameters, self._place, batch, validate=continued is None)
            if continued is not None:  # measured when it was kept: once more would be a validation too many
                self.metrics, self._continued = continued.metrics, None
            yield self.metrics

    def step(self, size: StepSize = StepSize.BATCH) -> Generator[Metrics | None]:
        """Take one step of the given size, in pieces; nothing happens once finished.

        A sample is a step on the next sample alone; a batch is a step on the next batch; an
        epoch is as many batches as are left of it.
        """
        if self.finished:
            return
        yield from self.start()
        epoch = self._place.epoch
        while True:
            if self._stopping.is_due(self.metrics.epoch):
                yield from self._stop_early()
                return
            batch = self._next_batch(self._place, size)
            if batch != self._measured:
                yield from self._measure(self.network.parameters, self._place, batch, validate=False)
            yield from self._apply(batch, size)
            yield self.metrics
            if size is not StepSize.EPOCH or self._place.epoch > epoch:
                return

    def adopt(self, parameters: Parameters) -> Generator[Metrics | None]:
        """Put other weights in the place of the network's, as a step of its own, and measure them.

        Raises:
            TrainingDiverged: their loss is not a finite number; the network stays as it was.
        """
        yield from self._adopt(parameters)
        yield self.metrics

    def _adopt(self, parameters: Parameters) -> Generator[Metrics | None]:
        yield from self.start()
        np.copyto(self._new_parameters.vector, parameters.vector, casting="same_kind")
        place = self._place._replace(step=self._place.step + 1)
        batch = self._next_batch(place, StepSize.BATCH)
        yield from self._measure(self._new_parameters, place, batch, validate=True)

    def _stop_early(self) -> Generator[Metrics | None]:
        """Go back to the best weights, as a step of its own, and take no more."""
        assert self.best is not None
        yield from self._adopt(self.best.parameters)
        self._stopping.stop(self.metrics.epoch)  # now: whoever gets the metrics may ask for no more
        yield self.metrics

    def snapshot(self) -> Snapshot:
        """Return the present moment as read-only copies."""
        return Snapshot(
            self._run_id,
            self.metrics,
            self.network.parameters.frozen_copy(),
            self._gradient.frozen_copy(),
            self.step_rate,
        )

    def close(self) -> None:
        """End the helper threads."""
        self._passes.close()
        self._feed.close()

    def __enter__(self) -> Trainer:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the helper threads."""
        self.close()

    def _next_batch(self, place: _Place, size: StepSize) -> _Batch:
        """Return what to learn from next."""
        count, config = len(self._split.train), self.config
        length = 1 if size is StepSize.SAMPLE else config.batch_size or count
        stop = min(place.position + length, count)
        return _Batch(place.epoch, place.position, stop, config.dropout, config.augmentation)

    def _apply(self, batch: _Batch, size: StepSize) -> Generator[None]:
        """Apply the gradient measured on a batch, go on to the next one, and measure there."""
        epoch, start, stop, *_ = batch
        present, parameters = self.network.parameters, self._new_parameters
        if self._step_is_open:  # it was given up, or overflowed: it never was
            self._optimizer.undo()
        with np.errstate(over="ignore", invalid="ignore"):
            gradient = self._penalties.apply(present, self._gradient)
            self._optimizer.step(present.vector, gradient.vector, self.step_rate, out=parameters.vector)
        self._step_is_open = True
        count = len(self._split.train)
        place = _Place(self._place.step + 1, *((epoch + 1, 0) if stop == count else (epoch, stop)))
        quarter = count / VALIDATIONS_PER_EPOCH
        early = place.step & (place.step - 1) == 0  # steps 1, 2, 4, 8 ...: most is learned at the start
        validate = size is StepSize.SAMPLE or early or stop == count or start // quarter != stop // quarter
        yield from self._measure(parameters, place, self._next_batch(place, size), validate)
        self._step_is_open = False

    def _measure(
        self, parameters: Parameters, place: _Place, batch: _Batch, validate: bool
    ) -> Generator[None]:
        """Measure loss and gradient on a batch, and the validation figures if asked for.

        Only when all is known do the weights, the gradient, the place and the metrics change.
        """
        chosen = yield from self._feed.batch(batch.epoch, batch.start, batch.stop, batch.augmentation)
        dropout = Dropout(batch.dropout, (self.config.seed, 4, place.step)) if batch.dropout else None
        train = yield from self._passes.measure(parameters, chosen, self._new_gradient, dropout)
        check_finite(
            place.step, self.config.learning_rate, train.loss, parameters.vector, self._new_gradient.vector
        )
        validation = Measure(math.nan, math.nan, 0)
        if validate:
            everything = yield from self._feed.everything("validation")
            validation = yield from self._passes.measure(parameters, everything)
        if parameters is self._new_parameters:
            self.network.parameters, self._new_parameters = parameters, self.network.parameters
        self._gradient, self._new_gradient = self._new_gradient, self._gradient
        self._place, self._measured = place, batch
        epoch = place.epoch + place.position / len(self._split.train)
        self.metrics = Metrics(place.step, epoch, *train, validation.loss, validation.accuracy)
        self._stopping.note(self.metrics, self.network.parameters)
