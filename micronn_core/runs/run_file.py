"""The file of a run that is kept: one .npz, which any NumPy can open without MicroNN.

It holds "curves", "final" and "best" (the weights as one vector each, in the order W1, b1, W2, b2
...; "best" only where it is another moment), and "micronn", a JSON text with the rest. Nothing in
it is ever executed, and nothing that it promises is believed before it is checked.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_type_hints

import numpy as np
from numpy.typing import NDArray

from micronn_core.common.archives import Archive, open_archive, pack
from micronn_core.common.errors import MicroNNError, StorageError
from micronn_core.common.files import reading
from micronn_core.common.formats import PLAIN, VERSION, Format, Record, Values, mapping
from micronn_core.common.texts import mark, tr
from micronn_core.nn.network import Parameters
from micronn_core.runs.record import POINTS, Curves, Moment, RunRecord
from micronn_core.runs.saved_network import (
    KINDS,
    check_fits,
    checked_dtype,
    checked_sizes,
    shape_values,
    with_spec,
)
from micronn_core.training.history import Metrics

_COLUMNS_1 = ["step", "epoch", "loss", "accuracy", "samples", "validation_loss", "validation_accuracy"]
FORMAT = Format(2, {1: lambda values: {**with_spec(values), "columns": _COLUMNS_1}})

_WITHOUT = ("id",)
"""The id is the name of the file."""
_FIELDS = Record(RunRecord, KINDS, without=_WITHOUT)
_KINDS_OF_FIGURES = get_type_hints(Metrics)
_DAMAGED = mark(
    "{path} is damaged, or no run of MicroNN's ({error}). It is left as it is, and the other runs are not "
    "affected."
)


def _fields_of(kind: type[RunRecord]) -> Record:
    return _FIELDS if kind is RunRecord else Record(kind, KINDS, without=_WITHOUT)


def run_bytes(record: RunRecord) -> bytes:
    """Return a run, with its weights, as a file; the same moment is not written twice.

    Raises:
        StorageError: some weights are not finite numbers.
    """
    final, best = record.final, record.best
    assert final.parameters is not None, "a run is kept with its weights"
    weights = {"final": final.parameters.vector}
    if best is not None and best.metrics.step != final.metrics.step:
        assert best.parameters is not None, "a run is kept with its best weights"
        weights["best"] = best.parameters.vector
    if not all(np.isfinite(vector).all() for vector in weights.values()):
        raise StorageError(tr("The run was not kept: some weights are not numbers (NaN or infinite)."))
    values = {
        VERSION: FORMAT.version,
        **shape_values(final.parameters),
        "columns": list(Metrics._fields),
        "final": final.metrics._asdict(),
        "best": best.metrics._asdict() if best else None,
        **_fields_of(type(record)).values(record),
    }
    return pack(values, {"curves": record.curves, **weights})


def read_run(path: Path, weights: bool, kind: type[RunRecord] = RunRecord) -> RunRecord:
    """Read a file; the run has the file's stem as its id.

    Args:
        path: the file.
        weights: whether they are to be read as well.
        kind: the class of the record.

    Raises:
        StorageError: it cannot be used.
    """
    with reading(path):
        if not path.exists():
            text = tr("{path}: this run is gone. It may have been deleted elsewhere.", path=path)
            raise StorageError(text)
    with open_archive(path, _DAMAGED) as archive:
        values = FORMAT.upgraded(path, archive.values())
        _fields_of(kind).check_known(path, values, "sizes", "dtype", "columns", "final", "best")
        try:
            return _record(path, archive, values, weights, kind)
        except StorageError:
            raise
        except MicroNNError as error:
            text = tr(
                "{path} cannot be used: {reason} It is left as it is, and the other runs are not affected.",
                path=path,
                reason=error,
            )
            raise StorageError(text) from None


def _record(path: Path, archive: Archive, values: Values, weights: bool, kind: type[RunRecord]) -> RunRecord:
    fields = _fields_of(kind).read(values)
    sizes, dtype = checked_sizes(values), checked_dtype(values)
    check_fits(path, sizes, fields["spec"])
    if "final" not in values:
        raise ValueError(tr("{name} is missing", name="final"))
    metrics = _metrics(values["final"])
    final = Moment(metrics, _weights(archive, "final", sizes, dtype) if weights else None)
    best = None
    if values.get("best") is not None:
        peak, parameters = _metrics(values["best"]), final.parameters
        if weights and peak.step != metrics.step:
            parameters = _weights(archive, "best", sizes, dtype)
        best = Moment(peak, parameters)
    curves = _curves(path, archive, values.get("columns"))
    return kind(curves=curves, final=final, best=best, id=path.stem, **fields)


def _metrics(value: Any) -> Metrics:  # noqa: ANN401 - whatever JSON can hold
    """Return figures; null, or nothing, stands for what was not measured."""
    values = mapping(value)
    if strange := values.keys() - set(Metrics._fields):
        raise ValueError(tr("its figure {name!r} is not known", name=min(strange)))
    figures: dict[str, Any] = {}
    for name, kind in _KINDS_OF_FIGURES.items():
        number = values.get(name)
        unmeasured = number is None and kind is float and name != "epoch"
        figures[name] = math.nan if unmeasured else PLAIN[kind].read(number)
    return Metrics(**figures)


def _curves(path: Path, archive: Archive, columns: Any) -> Curves:  # noqa: ANN401 - whatever JSON can hold
    """Return the figures of the steps; a column that the file lacks was not measured."""
    names = PLAIN[tuple[str, ...]].read(columns)
    if unknown := set(names) - set(Metrics._fields):
        text = tr(
            "{path} holds {name!r}, which this MicroNN does not know. Update MicroNN.",
            path=path,
            name=min(unknown),
        )
        raise StorageError(text)
    stored = archive.array("curves", 8 * len(Metrics._fields) * (2 * POINTS + 1))
    if (
        stored.ndim != 2
        or stored.shape[1] != len(set(names))
        or stored.dtype != np.float64
        or not len(stored)
    ):
        raise ValueError(tr("its curves have the wrong shape"))
    curves = stored if names == Metrics._fields else _in_order(stored, names)
    epochs, steps = (curves[:, Metrics._fields.index(name)] for name in ("epoch", "step"))
    if not (np.isfinite(epochs).all() and np.isfinite(steps).all()) or (np.diff(epochs) < 0).any():
        raise ValueError(tr("its curves do not run forward"))
    return curves


def _in_order(stored: Curves, names: Sequence[str]) -> Curves:
    """Return columns in the order of `Metrics`, read-only; NaN for those that are missing."""
    curves = np.full((len(stored), len(Metrics._fields)), np.nan)
    for column, name in zip(stored.T, names, strict=True):
        curves[:, Metrics._fields.index(name)] = column
    curves.flags.writeable = False
    return curves


def _weights(archive: Archive, name: str, sizes: tuple[int, ...], dtype: str) -> Parameters:
    """Read weights, after their length has been found to be what the sizes ask for."""
    count = Parameters.count(sizes)
    vector: NDArray[Any] = archive.array(name, count * np.dtype(dtype).itemsize)
    if vector.shape != (count,) or vector.dtype != dtype or not np.isfinite(vector).all():
        text = tr(
            "its weights {name} are not those of a network {sizes}",
            name=name,
            sizes="-".join(map(str, sizes)),
        )
        raise ValueError(text)
    return Parameters(sizes, vector)
