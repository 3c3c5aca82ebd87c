"""What a run remembers: its metrics at every step, and its weights at enough of them.

Metrics are a few numbers a step; of long runs the older ones are merged. Weights are large, so they
are thinned to a stated budget: as a run grows, moments are dropped so that the rest stay evenly spaced.
"""

from __future__ import annotations

import bisect
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from micronn_core.common.texts import number
from micronn_core.nn.network import Parameters

SNAPSHOT_BUDGET = 128 * 2**20
"""Bytes that a run's kept weights and gradients may take: 2,100 moments of 784-10-10 in float32."""


AT_ONCE = 512
"""Rows in which a measurement is looked for at once."""
MOST_ROWS = 1 << 15
"""Most rows of a history: more than any curve has points, few enough to be gone through for each drawing."""


class Metrics(NamedTuple):
    """How the network stood at one step.

    Attributes:
        step: weight updates so far; 0 is the untrained network.
        epoch: passes over the training samples so far, with fractions.
        loss: mean cross-entropy on the batch that the next step will use.
        accuracy: share of correct answers on it, 0 to 1.
        samples: how many samples that batch has.
        validation_loss: the same on all validation samples; NaN where it was not measured.
        validation_accuracy: likewise.
    """

    step: int
    epoch: float
    loss: float
    accuracy: float
    samples: int
    validation_loss: float
    validation_accuracy: float


_ENDS = tuple(
    (f"{name} {end}", Metrics._fields.index(name)) for name in ("loss", "accuracy") for end in ("low", "high")
)
_COLUMNS = (*Metrics._fields, *(name for name, _ in _ENDS))


@dataclass(frozen=True, eq=False)
class Snapshot:
    """One moment of a run: read-only copies, safe in any thread.

    Attributes:
        run_id: the run that it belongs to.
        metrics: how the network stood.
        parameters: its weights and biases.
        gradient: the gradient at these weights on the batch that the next step will use.
        learning_rate: of the next step: the base rate times the schedule's factor.
    """

    run_id: int
    metrics: Metrics
    parameters: Parameters
    gradient: Parameters
    learning_rate: float

    @property
    def nbytes(self) -> int:
        """Memory of the weights and gradients, in bytes."""
        return self.parameters.vector.nbytes + self.gradient.vector.nbytes


def epoch_text(epoch: float) -> str:
    """Write an epoch: whole ones as such, others with two decimals."""
    return number(epoch, ",.0f" if float(epoch).is_integer() else ",.2f")


def keep_stride(step: int, snapshot_bytes: int, budget: int = SNAPSHOT_BUDGET) -> int:
    """Return the spacing of kept moments: the smallest power of two that fits the budget.

    It depends on the step alone, so the thread that trains and the history that keeps agree
    without talking to each other.
    """
    stride = 1
    while (step // stride + 1) * snapshot_bytes > budget and stride <= step:
        stride *= 2
    return stride


def _merged(pairs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Make one row of each pair, (columns, rows, 2): the mean of its training figures by samples.

    Step, epoch and validation are those of the later one, or of the one with the lower validation
    loss where there is any, so that the best moment is never lost.
    """
    column = {name: i for i, name in enumerate(_COLUMNS)}
    first, second = pairs[column["validation_loss"]].T
    first_is_better = (first <= second) | (np.isfinite(first) & np.isnan(second))
    rows = np.where(first_is_better, pairs[:, :, 0], pairs[:, :, 1])
    samples = pairs[column["samples"]]
    for name in ("loss", "accuracy"):
        i, low, high = column[name], column[f"{name} low"], column[f"{name} high"]
        rows[i] = (pairs[i] * samples).sum(axis=1) / samples.sum(axis=1)
        rows[low], rows[high] = pairs[low].min(axis=1), pairs[high].max(axis=1)
    rows[column["samples"]] = samples.sum(axis=1)
    return rows


class History:
    """The metrics of every step and the kept weights of one run. It belongs to one thread.

    Of at most `most_rows` steps each has a row of its own. Beyond that the older half of the rows is
    merged, two into one, as often as needed: so what is asked of a history costs as much after ten
    million steps as after some thousands, and the newest steps are always there as they were.

    Args:
        budget: most bytes of weights and gradients.
        most_rows: most rows of figures.
    """

    def __init__(self, budget: int = SNAPSHOT_BUDGET, most_rows: int = MOST_ROWS) -> None:
        self._budget, self._most_rows = budget, most_rows
        self._table = np.empty((len(_COLUMNS), min(256, most_rows)))  # a column lies in one piece
        self._size = self._steps = 0
        self._snapshots: list[Snapshot] = []
        self._stride = 1

    def __len__(self) -> int:
        """Return the number of steps, the untrained network included."""
        return self._steps

    def append(self, metrics: Metrics) -> None:
        """Remember how the network stood after one more step."""
        if self._size == self._most_rows:
            self._merge_older_half()
        if self._size == self._table.shape[1]:
            self._make_room(self._table, min(2 * self._size, self._most_rows))
        self._table[:, self._size] = (*metrics, *(metrics[place] for _, place in _ENDS))
        self._size += 1
        self._steps += 1

    def restore(self, rows: NDArray[np.float64]) -> None:
        """Go on from the figures of a run that was kept, (rows, 7): the columns are those of `Metrics`."""
        for row in rows:
            self.append(Metrics(*row))
        self._steps = 1 + int(rows[-1, 0])

    def _merge_older_half(self) -> None:
        """Make one row of two, from the second on: the first is the untrained network."""
        end = 1 + self._size // 2 // 2 * 2
        pairs = self._table[:, 1:end].reshape(len(_COLUMNS), -1, 2)
        parts = self._table[:, :1], _merged(pairs), self._table[:, end : self._size]
        merged = np.concatenate(parts, axis=1)
        self._size = merged.shape[1]
        self._make_room(merged, self._most_rows)

    def _make_room(self, table: NDArray[np.float64], rows: int) -> None:
        """Take a copy of a table with room for so many rows; others may hold views of the one before."""
        more = np.empty((len(_COLUMNS), rows - table.shape[1]))
        self._table = np.concatenate([table, more], axis=1)

    def column(self, name: str) -> NDArray[np.float64]:
        """Return one figure of all rows, (rows,), read-only: "epoch", "loss", ...

        Where rows were merged it is the mean, weighted by the samples; "loss low", "loss high",
        "accuracy low" and "accuracy high" are the least and the greatest value of the row's steps.
        """
        view = self._table[_COLUMNS.index(name), : self._size]
        view.flags.writeable = False
        return view

    def place(self, step: int) -> int:
        """Return the first row of a step or later ones; the number of rows if there is none."""
        return int(np.searchsorted(self.column("step"), step))

    def metrics(self, i: int) -> Metrics:
        """Return the metrics of row i; negative i count from the end."""
        row = self._table[:, : self._size][:, i]
        values: list[Any] = [float(value) for value in row[: len(Metrics._fields)]]
        values[0], values[4] = int(row[0]), int(row[4])
        return Metrics(*values)

    def latest_validation(self, epoch: float) -> tuple[float, float]:
        """Return the validation loss and accuracy last measured up to an epoch; NaN if never."""
        losses = self.column("validation_loss")
        stop = int(np.searchsorted(self.column("epoch"), epoch, side="right"))
        while stop:  # backwards, for it was measured not long ago
            start = max(0, stop - AT_ONCE)
            measured = np.flatnonzero(np.isfinite(losses[start:stop]))
            if measured.size:
                last = self.metrics(start + int(measured[-1]))
                return last.validation_loss, last.validation_accuracy
            stop = start
        return float("nan"), float("nan")

    def keep(self, snapshot: Snapshot) -> None:
        """Keep a moment's weights if the budget has room for it, thinning older ones."""
        step = snapshot.metrics.step
        stride = keep_stride(step, snapshot.nbytes, self._budget)
        if step % stride:
            return
        if stride != self._stride:
            self._stride = stride
            self._snapshots = [kept for kept in self._snapshots if kept.metrics.step % stride == 0]
        if self._snapshots and self._snapshots[-1].metrics.step == step:
            self._snapshots.pop()
        self._snapshots.append(snapshot)

    @property
    def snapshots(self) -> tuple[Snapshot, ...]:
        """The kept moments, oldest first."""
        return tuple(self._snapshots)

    def first(self) -> Snapshot | None:
        """Return the untrained network, or None while nothing has been kept."""
        return self._snapshots[0] if self._snapshots else None

    def nearest(self, epoch: float) -> Snapshot | None:
        """Return the kept moment nearest to an epoch."""
        if not self._snapshots:
            return None
        epochs = [kept.metrics.epoch for kept in self._snapshots]
        i = bisect.bisect_left(epochs, epoch)
        around = self._snapshots[max(0, i - 1) : i + 1]
        return min(around, key=lambda kept: abs(kept.metrics.epoch - epoch))
