"""Networks on disk: saved whole or not at all, and opened with suspicion.

A saved network is one .npz file, which any NumPy can open without MicroNN: the arrays W1, b1,
W2, b2 ... as in the formulas, and "micronn", a JSON text with everything else. Where the run that led
to it is known, its file's arrays and values are there too, so that it can go on. Nothing in it is
ever executed (no pickle), and nothing that it promises is believed before it is checked.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from micronn_core.common.archives import JSON, MOST_BYTES, Archive, open_archive, pack
from micronn_core.common.errors import ConfigError, DataError, StorageError
from micronn_core.common.files import check_writable, open_file, reading, sweep, with_ending, write_atomically
from micronn_core.common.formats import VERSION, Format, Record, mapping
from micronn_core.common.texts import mark, tr
from micronn_core.data.features import DataSpec
from micronn_core.nn.activations import ACTIVATIONS
from micronn_core.nn.network import Network, Parameters
from micronn_core.runs.record import RunRecord, new_id
from micronn_core.runs.run_file import run_content, run_of
from micronn_core.runs.shapes import (
    KINDS,
    check_fits,
    checked_dtype,
    checked_sizes,
    shape_values,
    with_spec,
)
from micronn_core.settings.config import TrainingConfig

SUFFIX = ".npz"
_OF_THE_NETWORK = ("sizes", "dtype", "config", "spec")
"""What is said once, for a network and for its run."""
_ZIP_MAGIC = b"PK\x03\x04"
_FOREIGN = mark("{path} is not a network saved by MicroNN. Choose a file that micronn train has written.")
_DAMAGED = mark("{path} is damaged: {error}. Copy the file again, or train and save the network anew.")


@dataclass(frozen=True, eq=False)
class SavedNetwork:
    """What a file holds. A field that is added here, with a default, is written and read without more.

    Attributes:
        network: the network, ready to be used or trained on.
        config: the settings that it was trained with.
        spec: what its inputs and its answers mean.
        metrics: figures of the moment it was saved, by name; empty if none were saved.
        run: the run whose last moment it is, if it was saved with it: then it can go on exactly.
    """

    network: Network
    config: TrainingConfig
    spec: DataSpec
    metrics: dict[str, Any] = field(default_factory=dict)
    run: RunRecord | None = None


FORMAT = Format(2, {1: with_spec})
_FIELDS = Record(SavedNetwork, KINDS)


# -- writing --


def with_suffix(path: Path | str) -> Path:
    """Return the path with ".npz" put behind any other name, so that no other file is replaced."""
    return with_ending(path, SUFFIX)


def check_output(path: Path | str, length: int = 0) -> None:
    """Make sure that a network can be saved under this path, so that no training is in vain.

    Args:
        path: where to.
        length: how many bytes there must be room for.

    Raises:
        StorageError: it cannot; says why and what to do.
    """
    target = _target(path)
    sweep(target.parent)
    check_writable(target, length)


def save_network(
    path: Path | str,
    network: Network,
    config: TrainingConfig,
    spec: DataSpec,
    metrics: Mapping[str, Any] | None = None,
    run: RunRecord | None = None,
) -> Path:
    """Save a network. The file is written beside its place and then renamed: all or nothing.

    Args:
        path: where to; ".npz" is put behind any other name. A network that is already there is
            replaced.
        network: its weights and biases must be finite numbers.
        config: the settings that it was trained with.
        spec: what its inputs and answers mean.
        metrics: figures to keep beside it, by name; anything that JSON can hold.
        run: the run that led to it, with its weights and what it takes to go on; it is by the same
            config, and its last weights are the network's.

    Returns:
        The path of the file.

    Raises:
        StorageError: the file cannot be written; what was there before is untouched.
    """
    if not np.isfinite(network.parameters.vector).all():
        raise StorageError(
            tr("{path} was not saved: some weights are not numbers (NaN or infinite).", path=path)
        )
    saved = SavedNetwork(network, config, spec, dict(metrics or {}))
    values = {
        VERSION: FORMAT.version,
        **shape_values(network.parameters),
        "activation": network.activation.name,
        **_FIELDS.values(saved),
    }
    arrays = _named_arrays(network.parameters)
    if run is not None:
        about, of_run = run_content(run)
        values["run"] = {name: value for name, value in about.items() if name not in _OF_THE_NETWORK}
        arrays |= {name: array for name, array in of_run.items() if name != "final"}
    return write_atomically(_target(path), pack(values, arrays))


def _target(path: Path | str) -> Path:
    if os.path.isdir(path):  # unlike that of Path, it takes a name of any length
        text = tr(
            "{path} is a folder. Name a file in it, such as {example}.",
            path=path,
            example=Path(path) / "model.npz",
        )
        raise StorageError(text)
    return with_suffix(path)


def _named_arrays(parameters: Parameters) -> dict[str, NDArray[Any]]:
    """Return the weights and biases under the names of the formulas: W1, b1, W2, b2 ..."""
    return {
        f"{letter}{number}": array
        for number, layer in enumerate(parameters.layers, start=1)
        for letter, array in zip("Wb", layer, strict=True)
    }


# -- reading --


def load_network(path: Path | str) -> SavedNetwork:
    """Open a saved network.

    Args:
        path: the file; ".npz" may be left out.

    Raises:
        StorageError: the file is missing, damaged, no network of MicroNN's, or too large.
    """
    path = Path(path)
    with reading(path):
        path = path if path.exists() else with_suffix(path)
        if not path.exists():
            text = tr("{path}: there is no such file. Check its name, or train a network first.", path=path)
            raise StorageError(text)
        with open_file(path, MOST_BYTES) as stream:
            if stream.read(len(_ZIP_MAGIC)) != _ZIP_MAGIC:
                raise StorageError(tr(_FOREIGN, path=path))
    with open_archive(path, _DAMAGED) as archive:
        if JSON not in archive:
            raise StorageError(tr(_FOREIGN, path=path))
        return _read(path, archive)


def _read(path: Path, archive: Archive) -> SavedNetwork:
    values = FORMAT.upgraded(path, archive.values())
    _FIELDS.check_known(path, values, "sizes", "dtype", "activation", "run")
    activation = ACTIVATIONS.get(str(values.get("activation")))
    if activation is None:
        raise StorageError(
            tr("{path} uses an activation that this MicroNN does not know. Update MicroNN.", path=path)
        )
    try:
        fields = _FIELDS.read(values)
    except ConfigError as error:
        text = tr("{path} has settings that this MicroNN cannot use. {reason}", path=path, reason=error)
        raise StorageError(text) from None
    except DataError as error:
        raise StorageError(tr("{path} cannot be used. {reason}", path=path, reason=error)) from None
    sizes = checked_sizes(values)
    check_fits(path, sizes, fields["spec"])
    parameters = _read_parameters(archive, sizes, checked_dtype(values))
    run = None
    if values.get("run") is not None:
        about = {**mapping(values["run"]), **{name: values[name] for name in _OF_THE_NETWORK}}
        kept = parameters.frozen_copy()  # whoever opens the network may train it
        run = replace(run_of(path, archive, about, weights=True, final=kept), id=new_id())
    return SavedNetwork(Network(parameters, activation), **fields, run=run)


def _read_parameters(archive: Archive, sizes: tuple[int, ...], dtype: str) -> Parameters:
    """Read the arrays, each only after its length has been found to be what the sizes ask for."""
    parameters = Parameters(sizes, dtype=dtype)
    for name, place in _named_arrays(parameters).items():
        array = archive.array(name, place.nbytes)
        if array.shape != place.shape or array.dtype != place.dtype:
            text = tr(
                "{name} should be {shape} of {dtype}, but is {found_shape} of {found_dtype}",
                name=name,
                shape=place.shape,
                dtype=place.dtype,
                found_shape=array.shape,
                found_dtype=array.dtype,
            )
            raise ValueError(text)
        place[...] = array
    if not np.isfinite(parameters.vector).all():
        raise ValueError(tr("some weights are not numbers (NaN or infinite)"))
    return parameters
