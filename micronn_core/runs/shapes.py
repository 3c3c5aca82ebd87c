"""What files of networks and of runs say alike: the shape of the weights, what goes in, what comes out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from micronn_core.common.errors import StorageError
from micronn_core.common.formats import PLAIN, Kind, Values, mapping
from micronn_core.common.texts import tr
from micronn_core.data.features import DataSpec, Pixels
from micronn_core.nn.network import Parameters
from micronn_core.settings.config import TrainingConfig
from micronn_core.settings.table import DTYPES, MAX_LAYERS

MAX_NUMBERS = 250_000_000
"""Most weights and biases of a saved network: what the widest config needs, twice over."""

KINDS: Mapping[Any, Kind] = {
    **PLAIN,
    TrainingConfig: Kind(asdict, lambda values: TrainingConfig.from_values(mapping(values))),
    DataSpec: Kind(DataSpec.to_values, lambda values: DataSpec.from_values(mapping(values))),
    dict[str, Any]: Kind(dict, mapping),
}
"""How the fields of networks and runs stand in their files."""


def spec_of_sizes(sizes: Sequence[int]) -> DataSpec:
    """Return what the inputs and answers of a network are taken for where nothing says what they mean.

    They are pixels, of a square picture if they can be, and digits or numbers from 0.
    """
    side = math.isqrt(sizes[0])
    pixels = Pixels(side, side) if side * side == sizes[0] else Pixels(1, sizes[0])
    return DataSpec(pixels, tuple(map(str, range(sizes[-1]))))


def with_spec(values: Values) -> Values:
    """Say what the inputs and answers of a network of version 1 mean: it knew pictures and digits alone."""
    return {**values, "spec": spec_of_sizes(checked_sizes(values)).to_values()}


def shape_values(parameters: Parameters) -> Values:
    """Return what a file says of the shape of its weights."""
    return {"sizes": list(parameters.sizes), "dtype": parameters.vector.dtype.name}


def checked_sizes(values: Values) -> tuple[int, ...]:
    """Return the sizes that a file says its network has.

    Raises:
        ValueError: they are not those of a network, or of one that is too large.
    """
    sizes: Any = values.get("sizes")
    layers = len(sizes) if isinstance(sizes, list) else 0
    if not 3 <= layers <= MAX_LAYERS + 2 or not all(type(size) is int and size > 0 for size in sizes):
        raise ValueError(tr("its sizes are not those of a network"))
    if (count := Parameters.count(sizes)) > MAX_NUMBERS:
        raise ValueError(
            tr("it holds {count:,} weights and biases; {most:,} are the most", count=count, most=MAX_NUMBERS)
        )
    return tuple(sizes)


def checked_dtype(values: Values) -> str:
    """Return the number format that a file says its weights have; a ValueError if it is not known."""
    dtype = values.get("dtype")
    if dtype not in DTYPES:
        raise ValueError(tr("its number format is {dtype!r}", dtype=dtype))
    return str(dtype)


def check_fits(path: Path, sizes: Sequence[int], spec: DataSpec) -> None:
    """Raise a StorageError unless a network has the inputs and answers that its file describes."""
    inputs, answers = spec.features.count, len(spec.class_names)
    if (inputs, answers) != (sizes[0], sizes[-1]):
        text = tr(
            "{path} holds a network of {inputs:,} inputs and {answers:,} answers, but describes "
            "{described_inputs:,} inputs and {described_answers:,} answers. Copy the file again, or train "
            "and save the network anew.",
            path=path,
            inputs=sizes[0],
            answers=sizes[-1],
            described_inputs=inputs,
            described_answers=answers,
        )
        raise StorageError(text)
