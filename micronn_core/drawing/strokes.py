"""Files of pen strokes, in JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from micronn_core.common.errors import DataError
from micronn_core.common.files import read_bytes, reading
from micronn_core.common.formats import MAX_WHOLE
from micronn_core.common.texts import mark, tr
from micronn_core.data.dataset import check_labels
from micronn_core.data.features import DIGITS_SPEC
from micronn_core.drawing.preparation import Points

FURTHEST = 1e9
"""Most that a coordinate may be: far beyond any pad, and safe to reckon with."""

MOST_BYTES = 24 << 20
"""Most bytes of a file of drawings."""

MOST_DRAWINGS = 5_000
"""Most drawings of a file: each takes about two milliseconds."""

MOST_STROKES, MOST_POINTS_DRAWN = 1_000, 20_000
"""Most strokes and points of a drawing: more than anybody writes for one sign."""

MOST_POINTS = 500_000
"""Most points of a file."""

_FOREIGN = mark("{path} is not a file of drawings ({error}). Choose another one.")


@dataclass(frozen=True, eq=False)
class Drawing:
    """A digit drawn with a pen.

    Attributes:
        strokes: (points, 2) each, x to the right and y down, in any unit.
        label: which digit it is, if that is known.
        index: which MNIST test picture it repeats, if it does.
    """

    strokes: tuple[Points, ...]
    label: int | None = None
    index: int | None = None


def read_drawings(path: Path | str, labelled: bool = False) -> list[Drawing]:
    """Read one drawing or several.

    Args:
        path: a JSON file that holds a list of strokes, or `{"strokes": [...]}` with a "label" and an
            "index" or without, or a list of such objects; a stroke is a list of [x, y], y down.
        labelled: whether every drawing must have a label.

    Raises:
        DataError: the file cannot be read or holds something else.
    """
    with reading(path, DataError, _FOREIGN):
        found = json.loads(read_bytes(path, MOST_BYTES).decode("utf-8-sig"))
        several = isinstance(found, list) and any(isinstance(one, dict) for one in found)
        parts = found if several else [found]
        _check_count(tr("drawings"), len(parts), MOST_DRAWINGS)
        drawings = [_drawing(one, labelled) for one in parts]
        _check_count(tr("points"), sum(map(_points, drawings)), MOST_POINTS)
    labels = [drawing.label for drawing in drawings if drawing.label is not None]
    check_labels(str(path), np.array(labels, int), len(DIGITS_SPEC.class_names))
    return drawings


def _points(drawing: Drawing) -> int:
    return sum(map(len, drawing.strokes))


def _check_count(what: str, count: int, most: int) -> None:
    if count > most:
        raise ValueError(tr("{count:,} {what}, and {most:,} are the most", count=count, what=what, most=most))


def _drawing(found: Any, labelled: bool) -> Drawing:  # noqa: ANN401 - whatever JSON can hold
    """Read one drawing; a ValueError says why it is none."""
    about = found if isinstance(found, dict) else {"strokes": found}
    if "strokes" not in about:
        raise ValueError(tr("{name} is missing", name="'strokes'"))
    strokes, label, index = about["strokes"], about.get("label"), about.get("index")
    if not isinstance(strokes, list):
        raise ValueError(tr("the strokes are not a list"))
    if labelled and label is None:
        raise ValueError(tr("a drawing has no label"))
    for name, number in (("label", label), ("index", index)):
        if number is not None and (type(number) is not int or abs(number) > MAX_WHOLE):
            raise ValueError(tr("the {name} {number!r} is not a whole number", name=name, number=number))
    _check_count(tr("strokes of a drawing"), len(strokes), MOST_STROKES)
    drawing = Drawing(tuple(map(_stroke, strokes)), label, index)
    _check_count(tr("points of a drawing"), _points(drawing), MOST_POINTS_DRAWN)
    return drawing


def _stroke(points: object) -> Points:
    array = np.asarray(points)
    if array.shape == (0,):
        return np.empty((0, 2))
    if array.ndim != 2 or array.shape[1] != 2 or array.dtype.kind not in "iuf":
        raise ValueError(tr("a stroke is not a list of points [x, y]"))
    if not (np.abs(array) <= FURTHEST).all():
        raise ValueError(tr("a point is not a pair of numbers of at most {most:,.0f}", most=FURTHEST))
    return array.astype(np.float64)
