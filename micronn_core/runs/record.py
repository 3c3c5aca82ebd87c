"""A run as it is kept: what was set, how it went, and the weights that it led to."""

from __future__ import annotations

import dataclasses
import math
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from micronn_core.common.texts import mark, tr
from micronn_core.data.dataset import Dataset
from micronn_core.data.features import DataSpec
from micronn_core.nn.network import Parameters
from micronn_core.settings.config import TrainingConfig
from micronn_core.training.checkpoints import Checkpoint
from micronn_core.training.history import History, Metrics

POINTS = 2_000
"""Most steps, and most validated steps, of which a run keeps the figures."""
INTERRUPTED = mark("interrupted")
ENDINGS = (
    mark("finished"),
    mark("stopped early"),
    mark("stopped"),
    mark("failed"),
    INTERRUPTED,
    "",
)
"""How a run ended; "" while it goes on. Interrupted is one whose program was ended from outside."""
_YEARS = range(1970, 9000)
"""When a run can have begun: near the ends of the calendar no time zone can be told."""
_MOST_SECONDS = 1e10

Curves = NDArray[np.float64]


class Moment(NamedTuple):
    """How the network stood, and its weights: None while these are left on the disk."""

    metrics: Metrics
    parameters: Parameters | None


def now() -> str:
    """Return the time, ISO 8601 in UTC."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def new_id() -> str:
    """Return the id of a run that begins now."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"


@dataclass(frozen=True, eq=False)
class RunRecord:
    """One run. A field that is added here, with a default, is written to its file and read without more.

    Attributes:
        config: its settings, as they were at its end.
        spec: what the network's inputs and answers mean.
        curves: the figures of its steps, (steps, 7): the columns are those of `Metrics`; see `thinned`.
        final: its last moment; the validation figures are the last that were measured.
        best: its moment of the lowest validation loss whose weights were kept, or None.
        seconds: how long it trained.
        ending: one of `ENDINGS`.
        name: what somebody has called it; "" for its number.
        number: counts the runs of a store from 1; 0 before it has one.
        id: stem of its file.
        began: when, ISO 8601 in UTC.
        fresh: whether it began with the first weights of its config, not with others.
        changed: the settings that were changed while it trained, so that the config alone does not
            give these numbers again.
        starred: whether it is kept however many there are.
        origin: the id of the run that it is a variation of, or goes on from; "" where that is not known.
        experiment: what the runs of one experiment have in common; "" for one that was trained alone.
        checkpoint: what it takes to go on exactly from its last moment; None where that is left on
            the disk or was never kept. Its best moment is the run's.
        more: samples that it learns from besides those of its config's split.

    Raises:
        ValueError: its ending, how long it took, or when it began, is none.
    """

    config: TrainingConfig
    spec: DataSpec
    curves: Curves
    final: Moment
    best: Moment | None
    seconds: float
    ending: str
    name: str = ""
    number: int = 0
    id: str = field(default_factory=new_id)
    began: str = field(default_factory=now)
    fresh: bool = True
    changed: tuple[str, ...] = ()
    starred: bool = False
    origin: str = ""
    experiment: str = ""
    checkpoint: Checkpoint | None = None
    more: Dataset | None = None

    def __post_init__(self) -> None:
        if self.ending not in ENDINGS:
            raise ValueError(tr("its ending is {ending!r}", ending=self.ending))
        if not 0 <= self.seconds <= _MOST_SECONDS:
            raise ValueError(tr("it took {seconds} seconds", seconds=str(self.seconds)))
        began = datetime.fromisoformat(self.began)
        if began.utcoffset() is None:
            raise ValueError(tr("when it began is {began}, without a time zone", began=self.began))
        if began.year not in _YEARS:
            raise ValueError(tr("it began in the year {year}", year=str(began.year)))

    def column(self, name: str) -> Curves:
        """Return one figure of the kept steps, (steps,): "epoch", "loss", ..."""
        return self.curves[:, Metrics._fields.index(name)]

    @cached_property
    def highest_accuracy(self) -> float:
        """The highest validation accuracy of the curves; NaN where it was never measured."""
        return float(np.fmax.reduce(self.column("validation_accuracy")))

    @property
    def seconds_per_epoch(self) -> float:
        """How long an epoch took; NaN where nothing was measured."""
        epochs = self.final.metrics.epoch
        return self.seconds / epochs if epochs and self.seconds else math.nan

    def without_weights(self) -> RunRecord:
        """Return what a list needs of it."""
        best = self.best and Moment(self.best.metrics, None)
        final = Moment(self.final.metrics, None)
        return dataclasses.replace(self, final=final, best=best, checkpoint=None, more=None)


def changed_settings(
    before: TrainingConfig, after: TrainingConfig, known: Sequence[str] = ()
) -> tuple[str, ...]:
    """Return what has been changed in a run under way, with what was known to be, in the order of names.

    More epochs at a constant rate are more of the same.
    """
    names = {*before.changes_to(after), *known}
    if after.schedule == "constant":
        names.discard("epochs")
    return tuple(sorted(names))


def thinned(history: History, last: int | None = None) -> Curves:
    """Return the figures of a run's steps, (steps, 7), read-only.

    Of at most `POINTS` steps all are there, and of at most `POINTS` validated steps; of more, as
    many, evenly spaced. The first, the last and the best are always among them.

    Args:
        history: the run's.
        last: the step up to which; all if None.
    """
    rows = slice(None if last is None else history.place(last + 1))
    steps, losses = history.column("step")[rows], history.column("validation_loss")[rows]
    validated = np.flatnonzero(np.isfinite(losses))
    best = validated[np.argmin(losses[validated]) :][:1] if validated.size else validated
    chosen = np.unique(
        np.concatenate([_evenly(np.arange(len(steps)), steps), _evenly(validated, steps), best])
    )
    curves = np.stack([history.column(name)[chosen] for name in Metrics._fields], axis=1)
    curves.flags.writeable = False
    return curves


def _evenly(rows: NDArray[np.intp], steps: NDArray[np.float64]) -> NDArray[np.intp]:
    """Choose rows whose steps are evenly spaced: older rows may hold many steps each."""
    if len(rows) <= POINTS:
        return rows
    wanted = np.linspace(steps[rows[0]], steps[rows[-1]], POINTS)
    return rows[np.searchsorted(steps[rows], wanted)]


def differences(configs: Sequence[TrainingConfig]) -> tuple[str, ...]:
    """Return the names of the settings in which configs differ, in the order of the config."""
    names = (setting.name for setting in dataclasses.fields(TrainingConfig))
    return tuple(name for name in names if len({getattr(config, name) for config in configs}) > 1)
