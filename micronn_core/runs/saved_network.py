"""Networks on disk: saved whole or not at all, and opened with suspicion.

A saved network is one .npz file, which any NumPy can open without MicroNN: the arrays W1, b1,
W2, b2 ... as in the formulas, and "micronn", a JSON text with everything else. Nothing in it is
ever executed (no pickle), and nothing that it promises is believed before it is checked.
"""

from __future__ import annotations

import errno
import io
import json
import math
import os
import secrets
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

import numpy as np

from micronn_core.common.errors import ConfigError, DataError, StorageError
from micronn_core.data.features import DataSpec, Pixels
from micronn_core.nn.activations import ACTIVATIONS
from micronn_core.nn.network import Network, Parameters
from micronn_core.settings.config import DTYPES, MAX_LAYERS, TrainingConfig

SUFFIX = ".npz"
FORMAT_VERSION = 2
"""2 holds a `DataSpec`, "spec"; 1 has none."""
MAX_NUMBERS = 250_000_000
"""Most weights and biases of a saved network: what the widest config needs, twice over."""

Archive = np.lib.npyio.NpzFile

_ZIP_MAGIC = b"PK\x03\x04"
_MAX_JSON_BYTES = 1 << 20
_ARRAY_HEADER_BYTES = 1 << 10
_FOREIGN = "is not a network saved by MicroNN. Choose a file that micronn train has written."
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    EOFError,
    RuntimeError,  # an encrypted or oddly packed member; includes NotImplementedError
)
"""What reading a damaged archive may raise."""
_CAUSES = {
    errno.ENOENT: "its folder does not exist. Make the folder first, or choose another one.",
    errno.ENOTDIR: "a part of its path is not a folder. Choose another place.",
    errno.ENOSPC: "the disk is full. Free some space, or choose another disk.",
    errno.EDQUOT: "your share of the disk is used up. Free some space, or choose another disk.",
    errno.EROFS: "the disk is read-only. Choose another disk.",
    errno.EACCES: "there is no permission to write there. Choose a folder of your own.",
    errno.EPERM: "there is no permission to write there. Choose a folder of your own.",
    errno.ENAMETOOLONG: "the name is too long. Choose a shorter one.",
}


@dataclass(frozen=True, eq=False)
class SavedNetwork:
    """What a file holds.

    Attributes:
        network: the network, ready to be used or trained on.
        config: the settings that it was trained with.
        metrics: figures of the moment it was saved, by name; empty if none were saved.
        spec: what its inputs and its answers mean.
    """

    network: Network
    config: TrainingConfig
    metrics: dict[str, Any]
    spec: DataSpec


def with_suffix(path: Path | str) -> Path:
    """Return the path with ".npz" put behind any other name, so that no other file is replaced."""
    path = Path(path)
    return path if path.suffix.lower() == SUFFIX else path.with_name(path.name + SUFFIX)


def as_json(values: Mapping[str, Any]) -> str:
    """Return one line of JSON; a number that was not measured (NaN) becomes null."""

    def plain(value: Any) -> Any:  # noqa: ANN401 - whatever JSON can hold
        if isinstance(value, Mapping):
            return {key: plain(inner) for key, inner in value.items()}
        return None if isinstance(value, float) and not math.isfinite(value) else value

    return json.dumps(plain(values), allow_nan=False)


def check_output(path: Path | str) -> None:
    """Make sure that a network can be saved under this path, so that no training is in vain.

    Raises:
        StorageError: it cannot; says why and what to do.
    """
    with _beside(path) as (_, trial):
        trial.touch()


def spec_of_sizes(sizes: Sequence[int]) -> DataSpec:
    """Return what the inputs and answers of a network are taken for where nothing says what they mean.

    They are pixels, of a square picture if they can be, and digits or numbers from 0.
    """
    side = math.isqrt(sizes[0])
    pixels = Pixels(side, side) if side * side == sizes[0] else Pixels(1, sizes[0])
    return DataSpec(pixels, tuple(map(str, range(sizes[-1]))))


def save_network(
    path: Path | str,
    network: Network,
    config: TrainingConfig,
    metrics: Mapping[str, Any] | None = None,
    spec: DataSpec | None = None,
) -> Path:
    """Save a network. The file is written beside its place and then renamed: all or nothing.

    Args:
        path: where to; ".npz" is put behind any other name. A network that is already there is
            replaced.
        network: its weights and biases must be finite numbers.
        config: the settings that it was trained with.
        metrics: figures to keep beside it, by name; anything that JSON can hold.
        spec: what its inputs and answers mean; by default that of `spec_of_sizes`.

    Returns:
        The path of the file.

    Raises:
        StorageError: the file cannot be written; what was there before is untouched.
    """
    vector = network.parameters.vector
    if not np.isfinite(vector).all():
        raise StorageError(f"{path} was not saved: some weights are not numbers (NaN or infinite).")
    about = {
        "format": FORMAT_VERSION,
        "sizes": network.sizes,
        "dtype": vector.dtype.name,
        "activation": network.activation.name,
        "config": asdict(config),
        "metrics": dict(metrics or {}),
        "spec": (spec or spec_of_sizes(network.sizes)).to_values(),
    }
    content = io.BytesIO()
    arrays = _named_arrays(network.parameters)
    np.savez(content, allow_pickle=False, micronn=np.array(as_json(about)), **arrays)
    with _beside(path) as (target, written):
        with written.open("xb") as stream:
            stream.write(content.getbuffer())
            stream.flush()
            os.fsync(stream.fileno())
        written.replace(target)
    return target


def load_network(path: Path | str) -> SavedNetwork:
    """Open a saved network.

    Args:
        path: the file; ".npz" may be left out.

    Raises:
        StorageError: the file is missing, damaged, no network of MicroNN's, or too large.
    """
    path = Path(path)
    try:
        path = path if path.exists() else with_suffix(path)
        with path.open("rb") as stream:
            return _read(stream)
    except StorageError as error:
        raise StorageError(f"{path} {error}") from None
    except DataError as error:
        raise StorageError(f"{path}: {error}") from None
    except DAMAGE as error:
        remedy = "Copy the file again, or train and save the network anew."
        raise StorageError(f"{path} is damaged: {error}. {remedy}") from error
    except FileNotFoundError:
        raise StorageError(
            f"{path}: there is no such file. Check its name, or train a network first."
        ) from None
    except IsADirectoryError:
        raise StorageError(f"{path} is a folder. Choose a saved network in it.") from None
    except PermissionError:
        raise StorageError(f"{path}: no permission to read it. Change its permissions.") from None
    except MemoryError:
        raise StorageError(f"{path} does not fit into memory. Close other programs first.") from None
    except OSError as error:
        raise StorageError(f"{path} cannot be read: {error.strerror or error}. Copy it again.") from error


@contextmanager
def _beside(path: Path | str) -> Iterator[tuple[Path, Path]]:
    """Yield where a file is to lie and a fresh name in the same folder; leave nothing under that name.

    Raises:
        StorageError: instead of any error of the file system, here or in the body.
    """
    try:
        target = _target(Path(path))
        temporary = target.with_name(f".micronn-{secrets.token_hex(8)}.part")
        try:
            yield target, temporary
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        cause = _CAUSES.get(error.errno or 0, f"{error.strerror or error}. Choose another place.")
        raise StorageError(f"{path} cannot be saved: {cause}") from error


def _target(path: Path) -> Path:
    """Return where the file will really lie, following links; refuse what must not be replaced."""
    if path.is_dir():
        raise StorageError(f"{path} is a folder. Name a file in it, such as {path / 'model.npz'}.")
    target = Path(os.path.realpath(with_suffix(path)))
    if target.exists() and not target.is_file():
        raise StorageError(f"{target} is a folder, a device or a pipe. Choose another name.")
    if target.exists() and not os.access(target, os.W_OK):
        raise StorageError(f"{target} is write-protected. Choose another name, or change its permissions.")
    return target


def _named_arrays(parameters: Parameters) -> dict[str, Any]:
    """Return the weights and biases under the names of the formulas: W1, b1, W2, b2 ..."""
    return {
        f"{letter}{number}": array
        for number, layer in enumerate(parameters.layers, start=1)
        for letter, array in zip("Wb", layer, strict=True)
    }


def _read(stream: BinaryIO) -> SavedNetwork:
    """Read a file; faults are a StorageError without the path, or any of `DAMAGE`."""
    if stream.read(len(_ZIP_MAGIC)) != _ZIP_MAGIC:
        raise StorageError(_FOREIGN)
    stream.seek(0)
    with cast("Archive", np.load(stream, allow_pickle=False)) as archive:
        about = _read_about(archive)
        activation = ACTIVATIONS.get(str(about.get("activation")))
        if activation is None:
            raise StorageError("uses an activation that this MicroNN does not know. Update MicroNN.")
        try:
            config = TrainingConfig.from_values(about["config"])
        except ConfigError as error:
            raise StorageError(f"has settings that this MicroNN cannot use. {error}") from None
        parameters = _read_parameters(archive, about)
    spec = DataSpec.from_values(about["spec"]) if "spec" in about else spec_of_sizes(parameters.sizes)
    if (spec.features.count, len(spec.class_names)) != (parameters.sizes[0], parameters.sizes[-1]):
        raise StorageError(
            f"has {parameters.sizes[0]:,} inputs and {parameters.sizes[-1]:,} answers, but describes "
            f"{spec.features.count:,} and {len(spec.class_names):,}. Copy the file again."
        )
    return SavedNetwork(Network(parameters, activation), config, dict(about["metrics"]), spec)


def _read_about(archive: Archive) -> dict[str, Any]:
    """Return the JSON text's values, of a format that is known here."""
    if "micronn" not in archive:
        raise StorageError(_FOREIGN)
    _check_length(archive, "micronn", _MAX_JSON_BYTES)
    about = json.loads(str(archive["micronn"]))
    if not isinstance(about, dict):
        raise StorageError(_FOREIGN)
    if about.get("format") not in range(1, FORMAT_VERSION + 1):
        raise StorageError(
            f"has format {about.get('format')!r}; this MicroNN reads up to {FORMAT_VERSION}. Update MicroNN."
        )
    return about


def _read_parameters(archive: Archive, about: dict[str, Any]) -> Parameters:
    """Read the arrays, each only after its length has been found to be what the sizes ask for."""
    parameters = Parameters(_checked_sizes(about), dtype=DTYPES[DTYPES.index(about["dtype"])])
    for name, place in _named_arrays(parameters).items():
        _check_length(archive, name, place.nbytes)
        array = archive[name]
        if array.shape != place.shape or array.dtype != place.dtype:
            raise ValueError(
                f"{name} should be {place.shape} of {place.dtype}, but is {array.shape} of {array.dtype}"
            )
        place[...] = array
    if not np.isfinite(parameters.vector).all():
        raise ValueError("some weights are not numbers (NaN or infinite)")
    return parameters


def _checked_sizes(about: dict[str, Any]) -> tuple[int, ...]:
    sizes = tuple(about["sizes"])
    whole = all(type(size) is int and size > 0 for size in sizes)
    if not whole or not 3 <= len(sizes) <= MAX_LAYERS + 2:
        raise ValueError("its sizes are not those of a network")
    if Parameters.count(sizes) > MAX_NUMBERS:
        raise StorageError(
            f"holds {Parameters.count(sizes):,} weights and biases; {MAX_NUMBERS:,} are the most."
        )
    return sizes


def _check_length(archive: Archive, name: str, most: int) -> None:
    """Refuse a member that is missing or would unpack to more than it may hold."""
    if name not in archive:
        raise ValueError(f"{name} is missing")
    length = cast(zipfile.ZipFile, archive.zip).getinfo(name + ".npy").file_size
    if length > most + _ARRAY_HEADER_BYTES:
        raise ValueError(f"{name} would unpack to {length:,} bytes, but {most:,} are right")
