"""Whether samples suit a network, whatever data set it was trained on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from micronn_core.common.errors import DataError
from micronn_core.common.texts import tr
from micronn_core.data.dataset import Dataset
from micronn_core.data.features import Columns, DataSpec, Pixels


def fitted(dataset: Dataset, spec: DataSpec, model: str) -> Dataset:
    """Return samples as a network sees them: its own columns, scaling and classes, each found by its name.

    Args:
        dataset: the samples.
        spec: what the network's inputs and answers mean.
        model: what to call the network.

    Raises:
        DataError: the samples are of another kind, lack a column, or are of a class that the
            network does not know.
    """
    check_kind(dataset.spec, spec, model, dataset.name)
    values = dataset.values
    if isinstance(spec.features, Columns) and isinstance(dataset.features, Columns):
        there = dataset.features.names
        for name in spec.features.names:
            if name not in there:
                raise DataError(
                    tr(
                        "{model} takes a column {column!r}, but {name} has none; its columns are {columns}.",
                        model=model,
                        column=name,
                        name=dataset.name,
                        columns=", ".join(there),
                    )
                )
        values = values[:, [there.index(name) for name in spec.features.names]]
    for label in np.unique(dataset.labels):
        if dataset.class_names[label] not in spec.class_names:
            raise DataError(
                tr(
                    "{name} has samples of the class {label!r}, which {model} does not know; "
                    "its classes are {classes}.",
                    name=dataset.name,
                    label=dataset.class_names[label],
                    model=model,
                    classes=", ".join(spec.class_names),
                )
            )
    places = {name: i for i, name in enumerate(spec.class_names)}
    labels = np.array([places.get(name, 0) for name in dataset.class_names], np.uint8)[dataset.labels]
    return replace(
        dataset, values=values, labels=labels, features=spec.features, class_names=spec.class_names
    )


def check_kind(found: DataSpec, wanted: DataSpec, model: str, name: str) -> None:
    """Raise a DataError if samples are pictures of another size than a network takes, or no pictures."""
    theirs, its = found.features, wanted.features
    if isinstance(its, Pixels) and isinstance(theirs, Pixels) and theirs != its:
        raise DataError(
            tr(
                "{model} takes pictures of {height} x {width} pixels, but those of {name} have "
                "{its_height} x {its_width}. Choose a network that was trained on such pictures.",
                model=model,
                height=its.height,
                width=its.width,
                name=name,
                its_height=theirs.height,
                its_width=theirs.width,
            )
        )
    if isinstance(its, Pixels) and isinstance(theirs, Columns):
        raise DataError(
            tr(
                "{model} takes pictures of {height} x {width} pixels, but {name} holds columns of numbers. "
                "Choose a network that was trained on such columns.",
                model=model,
                height=its.height,
                width=its.width,
                name=name,
            )
        )
    if isinstance(its, Columns) and isinstance(theirs, Pixels):
        raise DataError(
            tr(
                "{model} takes the columns {columns}, but {name} holds pictures. "
                "Choose a network that was trained on pictures.",
                model=model,
                columns=", ".join(its.names),
                name=name,
            )
        )
