"""What `micronn predict` does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from micronn_core.cli.commands import check_fits
from micronn_core.cli.terminal import say, write_json, write_table
from micronn_core.common.errors import ConfigError, DataError
from micronn_core.data.features import DIGITS_SPEC
from micronn_core.drawing.images import read_image
from micronn_core.drawing.preparation import Preparation, prepare
from micronn_core.drawing.strokes import read_drawings
from micronn_core.runs.pretrained import READY, load_ready
from micronn_core.runs.saved_network import SavedNetwork, load_network, with_suffix

DIGITS = DIGITS_SPEC.class_names

STROKES = ".json"
"""How the name of a file of pen strokes ends; all others are taken for pictures."""

FALLBACK = "strong"
"""The ready network that answers those who have not trained one yet."""


class _Digit(NamedTuple):
    """A digit to read: its file and more about it, what to call it in a table, and its picture."""

    about: dict[str, object]
    name: str
    picture: NDArray[Any]


def predict(inputs: Sequence[str], model: str | None, keep_slant: bool, json: bool) -> int:
    """Say which digit each picture or drawing shows, and how sure the network is of each of the ten.

    Args:
        inputs: paths of pictures of one digit, and of JSON files of pen strokes.
        model: a saved network, or the name of one of `READY`; None for `FALLBACK`.
        keep_slant: do not undo the slant of drawings.
        json: write one JSON object for each digit instead of a table.

    Returns:
        The exit code, 0.

    Raises:
        MicroNNError: the network cannot be used, or a file cannot be read; the others are answered
            all the same.
    """
    if keep_slant and not any(map(_holds_strokes, inputs)):
        raise ConfigError(
            "keep_slant", "--keep-slant is for pen strokes (.json), and here are only pictures."
        )
    saved = _network(model)
    rows, faults = [], []
    for path in inputs:
        try:
            for digit in _digits(path, keep_slant):
                answer, probabilities = _answer(saved, digit.picture)
                if json:
                    by_digit = dict(zip(DIGITS, probabilities, strict=True))
                    write_json({**digit.about, "digit": answer, "probabilities": by_digit})
                rows.append((digit.name, answer, *(f"{100 * share:.0f}%" for share in probabilities)))
        except DataError as error:
            faults.append(str(error))
    if rows and not json:
        write_table("How sure the network is of each digit", ("picture", "digit", *DIGITS), rows)
    if faults:
        raise DataError(" ".join(faults))
    return 0


def _network(model: str | None) -> SavedNetwork:
    """Open the network that is to answer; a file of one's own comes before a ready network of its name."""
    if model is None:
        say(f"no network has been trained here yet, so the ready network {FALLBACK!r} answers.")
    name = FALLBACK if model is None else model
    own = model is not None and (name not in READY or Path(name).exists() or with_suffix(name).exists())
    saved = load_network(name) if own else load_ready(name)
    check_fits(saved.network, name, DIGITS_SPEC.features.count, len(DIGITS), "pictures of digits")
    return saved


def _holds_strokes(path: str) -> bool:
    return Path(path).suffix.lower() == STROKES


def _digits(path: str, keep_slant: bool) -> Iterator[_Digit]:
    """Yield what is to be read in a file; a DataError says what cannot be."""
    if not _holds_strokes(path):
        yield _Digit({"image": path}, path, read_image(path))
        return
    drawings = read_drawings(path)
    empty = []
    for number, drawing in enumerate(drawings, start=1):
        if not any(map(len, drawing.strokes)):
            empty.append(str(number))
            continue
        about = {"image": path, "drawing": number, "label": drawing.label}
        name = f"{path} {number}" if len(drawings) > 1 else path
        picture = prepare(drawing.strokes, preparation=Preparation(straighten=not keep_slant))
        yield _Digit(about, name, picture)
    if empty:
        which = f"drawing {', '.join(empty)} is" if len(drawings) > 1 else "the drawing is"
        raise DataError(f"{path}: {which} empty. Draw a digit first.")


def _answer(saved: SavedNetwork, picture: NDArray[Any]) -> tuple[str, list[float]]:
    """Return the digit that a network sees, and the probability of each of the ten."""
    network = saved.network
    pixels = DIGITS_SPEC.inputs(picture, network.parameters.vector.dtype, saved.config.white)
    with np.errstate(over="ignore", invalid="ignore"):
        probabilities: list[float] = network.forward(pixels).probabilities[:, 0].tolist()
    return DIGITS[int(np.argmax(probabilities))], probabilities
