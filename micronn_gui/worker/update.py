"""What the training thread hands to the window: frozen values, nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import Enum

from micronn_core.nn.network import Parameters
from micronn_core.training.checkpoints import Checkpoint
from micronn_core.training.early_stopping import Best
from micronn_core.training.history import Metrics, Snapshot


class Status(Enum):
    """What the run is doing."""

    LOADING = "loading"
    PAUSED = "paused"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"


@dataclass(frozen=True)
class Update:
    """What has happened since the last update.

    Attributes:
        run_id: the run it belongs to.
        status: what the run is doing now.
        metrics: those of every step taken since, in order.
        kept: moments for the history.
        newest: the newest moment, if there is a newer one.
        best: the moment of the lowest validation loss, if there is a better one.
        checkpoint: what it takes to go on exactly, if it was asked for or the run stands still.
        checkpoint_s: how long it took to copy that, in seconds.
        start: the first weights of a network that was trained before, if they are known.
        unfit: whether the run cannot go on exactly, for its samples are no longer the same.
        failure: what went wrong, in words for the user; "" if nothing did.
        notice: what the user should know besides; "" for nothing.
    """

    run_id: int
    status: Status
    metrics: tuple[Metrics, ...] = ()
    kept: tuple[Snapshot, ...] = ()
    newest: Snapshot | None = None
    best: Best | None = None
    checkpoint: Checkpoint | None = None
    checkpoint_s: float = 0.0
    start: Parameters | None = None
    unfit: bool = False
    failure: str = ""
    notice: str = ""


@dataclass
class Outbox:
    """The update in the making; guarded by the worker's condition."""

    run_id: int = 0
    status: Status = Status.LOADING
    metrics: list[Metrics] = field(default_factory=list)
    kept: list[Snapshot] = field(default_factory=list)
    newest: Snapshot | None = None
    best: Best | None = None
    checkpoint: Checkpoint | None = None
    checkpoint_s: float = 0.0
    start: Parameters | None = None
    unfit: bool = False
    failure: str = ""
    notice: str = ""

    def sealed(self) -> Update:
        """Return the update."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return Update(**{**values, "metrics": tuple(self.metrics), "kept": tuple(self.kept)})
