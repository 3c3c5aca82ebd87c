"""The file of a run that is kept: one .npz, which any NumPy can open without MicroNN.

It holds "curves", "final" and "best" (the weights as one vector each, in the order W1, b1, W2, b2
...; "best" only where it is another moment), and "micronn", a JSON text with the rest. Nothing in
it is ever executed, and nothing that it promises is believed before it is checked.
"""

from __future__ import annotations

import io
import json
import math
import zipfile
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from micronn_core.common.errors import MicroNNError, StorageError
from micronn_core.nn.network import Parameters
from micronn_core.runs.record import ENDINGS, POINTS, Curves, Moment, RunRecord
from micronn_core.runs.saved_network import DAMAGE, MAX_NUMBERS, as_json
from micronn_core.settings.config import DTYPES, TrainingConfig
from micronn_core.training.history import Metrics

FORMAT_VERSION = 1

_MAX_JSON_BYTES = 1 << 20
_MAX_CURVE_BYTES = 8 * len(Metrics._fields) * (2 * POINTS + 1)
_ARRAY_HEADER_BYTES = 1 << 10
_PLAIN = {
    "seconds": float,
    "ending": str,
    "name": str,
    "number": int,
    "began": str,
    "fresh": bool,
    "changed": list,
    "starred": bool,
}
"""What stands in the JSON text as it is in the record, and its kind there."""


def run_bytes(record: RunRecord) -> bytes:
    """Return a run, with its weights, as a file; the same moment is not written twice.

    Raises:
        StorageError: some weights are not finite numbers.
    """
    final, best = record.final, record.best
    assert final.parameters is not None, "a run is kept with its weights"
    vector = final.parameters.vector
    arrays = {"curves": record.curves, "final": vector}
    if best is not None and best.metrics.step != final.metrics.step:
        assert best.parameters is not None, "a run is kept with its best weights"
        arrays["best"] = best.parameters.vector
    if not all(np.isfinite(arrays[name]).all() for name in arrays if name != "curves"):
        raise StorageError("The run was not kept: some weights are not numbers (NaN or infinite).")
    about = {
        "format": FORMAT_VERSION,
        "sizes": final.parameters.sizes,
        "dtype": vector.dtype.name,
        "config": asdict(record.config),
        "final": final.metrics._asdict(),
        "best": best.metrics._asdict() if best else None,
        **{name: getattr(record, name) for name in _PLAIN},
    }
    content = io.BytesIO()
    np.savez(content, allow_pickle=False, micronn=np.array(as_json(about)), **arrays)
    return content.getvalue()


def read_run(path: Path, weights: bool) -> RunRecord:
    """Read a file; the run has the file's stem as its id.

    Args:
        path: the file.
        weights: whether they are to be read as well.

    Raises:
        StorageError: it cannot be used.
    """
    rest = "It is left as it is, and the other runs are not affected."
    try:
        with zipfile.ZipFile(path) as archive:
            return _record(archive, path.stem, weights)
    except FileNotFoundError:
        raise StorageError(f"{path}: this run is gone. It may have been deleted elsewhere.") from None
    except MicroNNError as error:
        raise StorageError(f"{path} cannot be used: {error} {rest}") from None
    except (*DAMAGE, MemoryError) as error:
        raise StorageError(f"{path} is damaged, or no run of MicroNN's ({error}). {rest}") from error
    except OSError as error:
        raise StorageError(f"{path} cannot be read: {error.strerror or error}. {rest}") from error


def _record(archive: zipfile.ZipFile, id_: str, weights: bool) -> RunRecord:
    """Read a file; faults are a MicroNNError without the path, or any of `DAMAGE`."""
    about = json.loads(str(_array(archive, "micronn", _MAX_JSON_BYTES)))
    if about["format"] != FORMAT_VERSION:
        raise StorageError(f"it has format {about['format']!r}, and this MicroNN reads {FORMAT_VERSION}.")
    config = TrainingConfig.from_values(about["config"])
    plain = {name: _checked(name, about[name], kind) for name, kind in _PLAIN.items()}
    if datetime.fromisoformat(plain["began"]).utcoffset() is None or plain["ending"] not in ENDINGS:
        raise ValueError("its beginning or its ending is unknown")
    plain["changed"] = tuple(map(str, plain["changed"]))
    final = Moment(_metrics(about["final"]), _parameters(archive, "final", about) if weights else None)
    best = None
    if about["best"] is not None:
        peak, parameters = _metrics(about["best"]), final.parameters
        if weights and peak.step != final.metrics.step:
            parameters = _parameters(archive, "best", about)
        best = Moment(peak, parameters)
    return RunRecord(config, _curves(archive), final, best, id=id_, **plain)


def _checked(name: str, value: Any, kind: type) -> Any:  # noqa: ANN401
    good = isinstance(value, kind | int if kind is float else kind)
    if not good or (kind is not bool and isinstance(value, bool)) or (kind is float and not value < math.inf):
        raise ValueError(f"its {name} is {str(value)[:40]!r}")
    return value


def _metrics(values: dict[str, Any]) -> Metrics:
    """Return figures; null stands for what was not measured."""
    numbers = {name: math.nan if value is None else value for name, value in values.items()}
    if any(isinstance(value, bool) or not isinstance(value, int | float) for value in numbers.values()):
        raise ValueError("some of its figures are not numbers")
    return Metrics(**numbers)  # type: ignore[arg-type] # they have been checked


def _curves(archive: zipfile.ZipFile) -> Curves:
    curves = _array(archive, "curves", _MAX_CURVE_BYTES)
    if curves.ndim != 2 or curves.shape[1] != len(Metrics._fields) or curves.dtype != np.float64:
        raise ValueError("its curves have the wrong shape")
    epochs = curves[:, Metrics._fields.index("epoch")]
    if not len(curves) or not np.isfinite(epochs).all() or (np.diff(epochs) < 0).any():
        raise ValueError("its curves do not run forward")
    curves.flags.writeable = False
    return curves


def _parameters(archive: zipfile.ZipFile, name: str, about: dict[str, Any]) -> Parameters:
    """Read weights, after their length has been found to be what the sizes ask for."""
    sizes, dtype = tuple(about["sizes"]), DTYPES[DTYPES.index(about["dtype"])]
    if len(sizes) < 2 or not all(type(size) is int and size > 0 for size in sizes):
        raise ValueError("its sizes are not those of a network")
    count = Parameters.count(sizes)
    if count > MAX_NUMBERS:
        raise StorageError(f"it holds {count:,} weights and biases; {MAX_NUMBERS:,} are the most.")
    vector = _array(archive, name, count * np.dtype(dtype).itemsize)
    if vector.shape != (count,) or vector.dtype != dtype or not np.isfinite(vector).all():
        raise ValueError(f"its weights {name!r} are not those of a network {'-'.join(map(str, sizes))}")
    vector.flags.writeable = False
    return Parameters(sizes, vector)


def _array(archive: zipfile.ZipFile, name: str, most: int) -> NDArray[Any]:
    """Read a member, unless it would unpack to more than it may hold."""
    member = archive.getinfo(f"{name}.npy")
    if member.file_size > most + _ARRAY_HEADER_BYTES:
        raise ValueError(f"{name} would unpack to {member.file_size:,} bytes, but {most:,} are the most")
    content = io.BytesIO(archive.read(member))
    array: NDArray[Any] = np.lib.format.read_array(content, allow_pickle=False)
    return array
