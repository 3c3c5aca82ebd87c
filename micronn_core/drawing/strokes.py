"""Files of pen strokes, in JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from micronn_core.common.errors import DataError
from micronn_core.common.texts import tr
from micronn_core.data.dataset import check_labels
from micronn_core.data.features import DIGITS_SPEC
from micronn_core.drawing.preparation import Points

FURTHEST = 1e9
"""Most that a coordinate may be: far beyond any pad, and safe to reckon with."""


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
    try:
        found = json.loads(Path(path).read_text("utf-8-sig"))
        several = isinstance(found, list) and any(isinstance(one, dict) for one in found)
        drawings = [_drawing(one, labelled) for one in found] if several else [_drawing(found, labelled)]
    except OSError as error:
        reason = error.strerror or error
        text = tr("{path} cannot be read: {reason}. Choose another file.", path=path, reason=reason)
        raise DataError(text) from error
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        what = tr("{name} is missing", name=error) if isinstance(error, KeyError) else error
        text = tr("{path} is not a file of drawings ({reason}). Choose another one.", path=path, reason=what)
        raise DataError(text) from error
    labels = [drawing.label for drawing in drawings if drawing.label is not None]
    check_labels(str(path), np.array(labels, int), len(DIGITS_SPEC.class_names))
    return drawings


def _drawing(found: Any, labelled: bool) -> Drawing:  # noqa: ANN401 - whatever JSON can hold
    """Read one drawing; a ValueError, TypeError or KeyError says why it is none."""
    about = found if isinstance(found, dict) else {"strokes": found}
    strokes, label, index = about["strokes"], about.get("label"), about.get("index")
    if not isinstance(strokes, list):
        raise ValueError(tr("the strokes are not a list"))
    if labelled and label is None:
        raise ValueError(tr("a drawing has no label"))
    for name, number in (("label", label), ("index", index)):
        if number is not None and type(number) is not int:
            text = tr("the {name} {number!r} is not a whole number", name=name, number=number)
            raise ValueError(text)
    return Drawing(tuple(map(_stroke, strokes)), label, index)


def _stroke(points: object) -> Points:
    array = np.asarray(points)
    if array.shape == (0,):
        return np.empty((0, 2))
    if array.ndim != 2 or array.shape[1] != 2 or array.dtype.kind not in "iuf":
        raise ValueError(tr("a stroke is not a list of points [x, y]"))
    if not (np.abs(array) <= FURTHEST).all():
        text = tr("a point is not a pair of numbers of at most {most:,.0f}", most=FURTHEST)
        raise ValueError(text)
    return array.astype(np.float64)
