"""Files of pen strokes are read as far as it makes sense, and quickly."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from micronn_core.common.errors import DataError
from micronn_core.drawing.preparation import prepare
from micronn_core.drawing.strokes import (
    MOST_DRAWINGS,
    MOST_POINTS_DRAWN,
    MOST_STROKES,
    read_drawings,
)

TOO_MUCH: dict[str, tuple[Any, str]] = {
    "drawings": (
        [{"strokes": [[[0, 0]]]}] * (MOST_DRAWINGS + 1),
        "5,001 drawings, and 5,000 are the most",
    ),
    "strokes": ([[[0, 0]]] * (MOST_STROKES + 1), "1,001 strokes of a drawing, and 1,000 are the most"),
    "points": ([[[0, 0]] * (MOST_POINTS_DRAWN + 1)], "20,001 points of a drawing, and 20,000 are the most"),
    "points in all": (
        [{"strokes": [[[0, 0]] * MOST_POINTS_DRAWN]}] * 26,
        "520,000 points, and 500,000 are the most",
    ),
    "a label beyond all": ({"strokes": [], "label": 10**30}, "the label 1000.* is not a whole number"),
    "an index beyond all": ({"strokes": [], "index": 10**30}, "the index 1000.* is not a whole number"),
}


@pytest.mark.parametrize(("found", "message"), TOO_MUCH.values(), ids=TOO_MUCH)
def test_that_too_much_is_refused_in_words(tmp_path: Path, found: object, message: str) -> None:
    path = tmp_path / "drawings.json"
    path.write_text(json.dumps(found))
    with pytest.raises(DataError, match=message):
        read_drawings(path)


@pytest.mark.timeout(10)
def test_that_the_largest_drawing_is_prepared_quickly(tmp_path: Path) -> None:
    path = tmp_path / "drawings.json"
    stroke = [[i % 2 * 1e9, i % 3 * 5e8] for i in range(MOST_POINTS_DRAWN // MOST_STROKES)]
    path.write_text(json.dumps([stroke] * MOST_STROKES))
    (drawing,) = read_drawings(path)
    assert prepare(drawing.strokes).max() == 1


@pytest.mark.timeout(10)
def test_that_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    with pytest.raises(DataError, match="is a device, a pipe or a socket"):
        read_drawings(tmp_path / "pipe.json")
