"""The file of a run that is kept: one .npz, which any NumPy can open without MicroNN.

It holds "curves", "final" and "best" (the weights as one vector each, in the order W1, b1, W2, b2
...; "best" only where it is another moment), what it takes to go on exactly ("averages", those of the
optimizer; "more" and "more_labels", the samples that it learned from besides its data), and
"micronn", a JSON text with the rest. Nothing in it is ever executed, and nothing that it promises is
believed before it is checked.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, get_type_hints

import numpy as np
from numpy.typing import NDArray

from micronn_core.common.archives import Archive, open_archive, pack
from micronn_core.common.errors import DataError, MicroNNError, StorageError
from micronn_core.common.files import reading
from micronn_core.common.formats import PLAIN, VERSION, Format, Kind, Record, Values, mapping
from micronn_core.common.texts import mark, tr
from micronn_core.data.dataset import Dataset
from micronn_core.data.features import DataSpec
from micronn_core.nn.network import Parameters
from micronn_core.nn.optimizers import OPTIMIZERS
from micronn_core.runs.record import POINTS, Curves, Moment, RunRecord
from micronn_core.runs.shapes import (
    KINDS,
    check_fits,
    checked_dtype,
    checked_sizes,
    shape_values,
    with_spec,
)
from micronn_core.settings.config import TrainingConfig
from micronn_core.training.checkpoints import Checkpoint
from micronn_core.training.early_stopping import Best
from micronn_core.training.history import Metrics

_COLUMNS_1 = ["step", "epoch", "loss", "accuracy", "samples", "validation_loss", "validation_accuracy"]
FORMAT = Format(2, {1: lambda values: {**with_spec(values), "columns": _COLUMNS_1}})

_WITHOUT = ("id",)
"""The id is the name of the file."""
_FIELDS = Record(RunRecord, KINDS, without=_WITHOUT)
_NAMES = ("sizes", "dtype", "columns", "final", "best", "checkpoint", "more")
"""What stands in the JSON text besides the record's fields."""
_KINDS_OF_FIGURES = get_type_hints(Metrics)
_DAMAGED = mark(
    "{path} is damaged, or no run of MicroNN's ({error}). It is left as it is, and the other runs are not "
    "affected."
)


_CHECKPOINT = Record(
    Checkpoint, {**PLAIN, Metrics: Kind(lambda metrics: metrics._asdict(), lambda value: _metrics(value))}
)


def _fields_of(kind: type[RunRecord]) -> Record:
    return _FIELDS if kind is RunRecord else Record(kind, KINDS, without=_WITHOUT)


Arrays = dict[str, NDArray[Any]]


def run_bytes(record: RunRecord) -> bytes:
    """Return a run, with its weights, as a file; the same moment is not written twice.

    Raises:
        StorageError: some weights are not finite numbers.
    """
    return pack(*run_content(record))


def run_content(record: RunRecord) -> tuple[Values, Arrays]:
    """Return what stands in the file of a run, with its weights: the JSON text's values, and the arrays.

    Raises:
        StorageError: some weights are not finite numbers.
    """
    final, best, checkpoint, more = record.final, record.best, record.checkpoint, record.more
    assert final.parameters is not None, "a run is kept with its weights"
    arrays: Arrays = {"final": final.parameters.vector}
    if best is not None and best.metrics.step != final.metrics.step:
        assert best.parameters is not None, "a run is kept with its best weights"
        arrays["best"] = best.parameters.vector
    if not all(np.isfinite(vector).all() for vector in arrays.values()):
        raise StorageError(tr("The run was not kept: some weights are not numbers (NaN or infinite)."))
    if checkpoint is not None:
        assert checkpoint.metrics.step == final.metrics.step, "a run goes on from its last moment"
        if checkpoint.averages.size:
            arrays["averages"] = checkpoint.averages
    if more is not None:
        arrays |= {"more": more.values, "more_labels": more.labels}
    values = {
        VERSION: FORMAT.version,
        **shape_values(final.parameters),
        "columns": list(Metrics._fields),
        "final": final.metrics._asdict(),
        "best": best.metrics._asdict() if best else None,
        "checkpoint": checkpoint and _CHECKPOINT.values(checkpoint),
        "more": None if more is None else {"name": more.name, "count": len(more)},
        **_fields_of(type(record)).values(record),
    }
    return values, {"curves": record.curves, **arrays}


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
        try:
            return run_of(path, archive, archive.values(), weights, kind)
        except StorageError:
            raise
        except MicroNNError as error:
            text = tr(
                "{path} cannot be used: {reason} It is left as it is, and the other runs are not affected.",
                path=path,
                reason=error,
            )
            raise StorageError(text) from None


def run_of(
    path: Path,
    archive: Archive,
    values: Values,
    weights: bool,
    kind: type[RunRecord] = RunRecord,
    final: Parameters | None = None,
) -> RunRecord:
    """Return the run in an archive; it has the file's stem as its id.

    Args:
        path: the archive's file.
        archive: its arrays.
        values: what its JSON text says of the run.
        weights: whether the weights, and what else it takes to go on, are to be read as well.
        kind: the class of the record.
        final: the last weights, if they lie there under another name.

    Raises:
        ValueError: it cannot be used; says why.
        MicroNNError: likewise, and what to do.
    """
    values = FORMAT.upgraded(path, values)
    _fields_of(kind).check_known(path, values, *_NAMES)
    fields = _fields_of(kind).read(values)
    sizes, dtype = checked_sizes(values), checked_dtype(values)
    check_fits(path, sizes, fields["spec"])
    if "final" not in values:
        raise ValueError(tr("{name} is missing", name="final"))
    if weights and final is None:
        final = _weights(archive, "final", sizes, dtype)
    last = Moment(_metrics(values["final"]), final if weights else None)
    best = None
    if values.get("best") is not None:
        peak, parameters = _metrics(values["best"]), last.parameters
        if weights and peak.step != last.metrics.step:
            parameters = _weights(archive, "best", sizes, dtype)
        best = Moment(peak, parameters)
    curves = _curves(path, archive, values.get("columns"))
    run = kind(curves=curves, final=last, best=best, id=path.stem, **fields)
    if not weights:
        return run
    more = _more(archive, values.get("more"), run.spec)
    return replace(run, checkpoint=_checkpoint(archive, values.get("checkpoint"), run), more=more)


def _checkpoint(archive: Archive, value: Any, run: RunRecord) -> Checkpoint | None:  # noqa: ANN401
    """Read what it takes to go on from the last moment of a run, if it was kept."""
    if value is None:
        return None
    values, (last, parameters), best = mapping(value), run.final, run.best
    fields = _CHECKPOINT.read(values)
    if unknown := values.keys() - fields.keys():
        raise ValueError(tr("{name!r} of its checkpoint is not known", name=min(unknown)))
    assert parameters is not None
    config, hidden, dtype = run.config, parameters.sizes[1:-1], parameters.vector.dtype
    if (config.hidden, config.dtype) != (hidden, dtype.name):
        raise ValueError(tr("its settings are not those of its network"))
    averages = _averages(archive, run.config, parameters.vector)
    peak = best and Best(best.metrics, _there(best.parameters))
    checkpoint = Checkpoint(parameters=parameters, averages=averages, best=peak, **fields)
    counts = checkpoint.epoch, checkpoint.position, checkpoint.optimizer_steps
    if checkpoint.metrics.step != last.step or min(counts) < 0 or (checkpoint.stopped and peak is None):
        raise ValueError(tr("its checkpoint is not of its last moment"))
    return checkpoint


def _averages(archive: Archive, config: TrainingConfig, weights: NDArray[Any]) -> NDArray[Any]:
    """Read what the optimizer remembers of the gradients."""
    shape = OPTIMIZERS[config.optimizer].averages, len(weights)
    if not shape[0]:
        return np.empty(shape, weights.dtype)
    averages = archive.array("averages", shape[0] * weights.nbytes)
    if averages.shape != shape or averages.dtype != weights.dtype or np.isnan(averages).any():
        raise ValueError(tr("its averages are not those of its optimizer"))
    return averages


def _there(parameters: Parameters | None) -> Parameters:
    assert parameters is not None, "they are read with all weights"
    return parameters


def _more(archive: Archive, value: Any, spec: DataSpec) -> Dataset | None:  # noqa: ANN401
    """Read the samples that a run learned from besides its data."""
    if value is None:
        return None
    values = mapping(value)
    count, width = PLAIN[int].read(values.get("count")), spec.features.count
    dtype = spec.features.stored_dtype
    samples = archive.array("more", count * width * dtype.itemsize)
    labels = archive.array("more_labels", count)
    is_theirs = samples.shape == (count, width) and samples.dtype == dtype
    if not is_theirs or labels.shape != (count,) or labels.dtype != np.uint8:
        raise ValueError(tr("the samples that it learned from are not those of its network"))
    name = PLAIN[str].read(values.get("name"))
    try:
        return Dataset(name, samples, labels, spec.features, spec.class_names)
    except DataError as error:
        raise ValueError(str(error)) from None


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
