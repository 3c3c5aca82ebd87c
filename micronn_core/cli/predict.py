"""What `micronn predict` does."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from micronn_core.cli import MODEL
from micronn_core.cli.terminal import rounded_percent, say, with_ending_said, write_json, write_table
from micronn_core.common.errors import ConfigError, DataError
from micronn_core.common.files import with_ending, write_atomically
from micronn_core.common.texts import tr, trn
from micronn_core.data.features import DataSpec, Pixels
from micronn_core.data.readers import read_rows
from micronn_core.drawing.images import read_image
from micronn_core.drawing.preparation import Field, Preparation, prepare
from micronn_core.drawing.strokes import read_drawings
from micronn_core.runs.pretrained import load_ready, open_network
from micronn_core.runs.saved_network import SavedNetwork

STROKES = ".json"
"""How the name of a file of pen strokes ends."""
ANSWERS = ".csv"
"""How the name of a file of answers ends."""

TABLES = (".csv", ".csv.gz", ".txt")
"""How the names of tables end; a network of columns takes every file but pen strokes for one."""

FALLBACK = "strong"
"""The ready network that answers those who have not trained one yet."""

MOST_IN_A_ROW = 10
"""Most classes that have a column each; of more, the likeliest are shown."""

LIKELIEST = 3


class _Asked(NamedTuple):
    """What a network is asked about: where it is from, what to call it in a table, and its stored values."""

    about: dict[str, object]
    name: str
    values: NDArray[Any]


def run(options: argparse.Namespace) -> int:
    """Do what the words of the command line ask for; returns the exit code."""
    model = MODEL if options.model is None and os.path.lexists(MODEL) else options.model
    output = options.output
    if output is not None:
        output = with_ending_said(output, with_ending(output, ANSWERS))
    return predict(options.inputs, model, options.keep_slant, options.json, output, options.transpose)


def predict(
    inputs: Sequence[str],
    model: str | None,
    keep_slant: bool,
    json: bool,
    output: str | None = None,
    transpose: bool = False,
) -> int:
    """Say which class each picture, drawing or row of a table is, and how sure the network is of each.

    Args:
        inputs: paths of pictures, of JSON files of pen strokes, and of tables.
        model: a saved network, or the name of one of `READY`; None for `FALLBACK`.
        keep_slant: do not undo the slant of drawings.
        json: write one JSON object for each answer instead of a table.
        output: where to save the answers, as Kaggle takes them, instead of writing them; or None.
        transpose: turn the pictures of tables over the diagonal.

    Returns:
        The exit code, 0.

    Raises:
        MicroNNError: the network cannot be used, or a file cannot be read; the others are answered
            all the same.
    """
    if keep_slant and not any(map(_holds_strokes, inputs)):
        raise ConfigError(
            "keep_slant", tr("--keep-slant is for pen strokes (.json), and here are only pictures.")
        )
    name, saved = _network(model)
    spec, answers, faults = saved.spec, [], []
    key = "digit" if spec.has_digits else "class"
    for path in inputs:
        try:
            for asked in _read(path, name, spec, keep_slant, transpose):
                probabilities = _answer(saved, asked.values)
                if json:
                    by_class = dict(zip(spec.class_names, probabilities.tolist(), strict=True))
                    answer = spec.class_names[int(probabilities.argmax())]
                    write_json({**asked.about, key: answer, "probabilities": by_class})
                answers.append((asked.name, probabilities))
        except DataError as error:
            faults.append(str(error))
    if answers and output is not None:
        _save(Path(output), answers, spec)
    elif answers and not json:
        _report(answers, spec)
    for fault in faults[:-1]:
        say(tr("error: {message}", message=fault))
    if faults:
        raise DataError(faults[-1])
    return 0


def _network(model: str | None) -> tuple[str, SavedNetwork]:
    """Open the network that is to answer; a file of one's own comes before a ready network of its name."""
    if model is None:
        say(tr("no network has been trained here yet, so the ready network {name!r} answers.", name=FALLBACK))
        return FALLBACK, load_ready(FALLBACK)
    return model, open_network(model)


def _holds_strokes(path: str) -> bool:
    return Path(path).suffix.lower() == STROKES


def _save(path: Path, answers: Sequence[tuple[str, NDArray[np.floating]]], spec: DataSpec) -> None:
    """Save answers as Kaggle's competition for MNIST takes them: numbered from 1 in their order."""
    lines = [f"{i},{spec.class_names[int(shares.argmax())]}\n" for i, (_, shares) in enumerate(answers, 1)]
    write_atomically(path, ("ImageId,Label\n" + "".join(lines)).encode())
    say(
        trn(
            "{count:,} answer is saved in {path}.",
            "{count:,} answers are saved in {path}.",
            len(answers),
            path=path,
        )
    )


def _read(path: str, model: str, spec: DataSpec, keep_slant: bool, transpose: bool) -> Iterator[_Asked]:
    """Yield what is asked about in a file; a DataError says what cannot be read."""
    features = spec.features
    if not isinstance(features, Pixels):
        if _holds_strokes(path):
            raise DataError(
                tr(
                    "{path} holds pen strokes, but {model} takes the columns {columns}. Give it a table.",
                    path=path,
                    model=model,
                    columns=", ".join(features.names),
                )
            )
        yield from _rows(path, spec, transpose)
    elif _holds_strokes(path):
        yield from _drawings(path, Field(features.height, features.width), keep_slant)
    elif path.lower().endswith(TABLES):
        yield from _rows(path, spec, transpose)
    else:
        yield _Asked({"image": path}, path, read_image(path, Field(features.height, features.width)))


def _rows(path: str, spec: DataSpec, transpose: bool) -> Iterator[_Asked]:
    rows = read_rows(path, spec)
    if rows.remarks:
        say(tr("remark: {text}", text=tr("{name}: {remarks}", name=path, remarks=" ".join(rows.remarks))))
    values = rows.values
    if transpose and spec.features.image_shape is not None:
        height, width = spec.features.image_shape
        values = values.reshape(-1, width, height).transpose(0, 2, 1).reshape(values.shape)
    for number, (row, label) in enumerate(zip(values, rows.labels, strict=True), start=1):
        about = {"table": path, "row": number, "label": label or None}
        yield _Asked(about, f"{path} {number}" if len(values) > 1 else path, row)


def _drawings(path: str, field: Field, keep_slant: bool) -> Iterator[_Asked]:
    drawings = read_drawings(path)
    empty = []
    for number, drawing in enumerate(drawings, start=1):
        if not any(map(len, drawing.strokes)):
            empty.append(str(number))
            continue
        about = {"image": path, "drawing": number, "label": drawing.label}
        preparation = Preparation(straighten=not keep_slant)
        picture = prepare(drawing.strokes, preparation=preparation, field=field)
        yield _Asked(about, f"{path} {number}" if len(drawings) > 1 else path, picture)
    if empty and len(drawings) == 1:
        raise DataError(tr("{path}: the drawing is empty. Draw a digit first.", path=path))
    if empty:
        raise DataError(
            trn(
                "{path}: drawing {numbers} is empty. Draw a digit first.",
                "{path}: drawings {numbers} are empty. Draw digits first.",
                len(empty),
                path=path,
                numbers=", ".join(empty),
            )
        )


def _answer(saved: SavedNetwork, values: NDArray[Any]) -> NDArray[np.floating]:
    """Return the probability of each class."""
    network = saved.network
    x = saved.spec.inputs(values, network.parameters.vector.dtype, saved.config.white)
    with np.errstate(over="ignore", invalid="ignore"):
        return network.forward(x).probabilities[:, 0]


def _report(answers: Sequence[tuple[str, NDArray[np.floating]]], spec: DataSpec) -> None:
    names = spec.class_names
    digits, pictures = spec.has_digits, spec.features.image_shape is not None
    title = (
        tr("How sure the network is of each digit") if digits else tr("How sure the network is of each class")
    )
    first = tr("picture") if pictures else tr("row")
    answer = tr("digit") if digits else tr("class")
    best = [(name, names[int(shares.argmax())], shares) for name, shares in answers]
    if len(names) <= MOST_IN_A_ROW:
        rows = [(name, found, *map(rounded_percent, shares)) for name, found, shares in best]
        write_table(title, (first, answer, *names), rows)
        return
    rows = []
    for name, found, shares in best:
        likeliest = np.argsort(-shares, kind="stable")[:LIKELIEST]
        rows.append((name, found, *(f"{names[i]} {rounded_percent(shares[i])}" for i in likeliest)))
    headings = (tr("likeliest"), tr("second"), tr("third"))
    write_table(title, (first, answer, *headings), rows)
