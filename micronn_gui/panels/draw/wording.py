"""What the panels of Draw say alike: how sure an answer is, and what of other data than digits."""

from __future__ import annotations

from micronn_core.common.texts import tr
from micronn_core.data.features import DataSpec

SHORT = 3
"""Most letters of an answer's name for which there is room among other words."""


def nothing_to_draw(spec: DataSpec) -> str:
    """Return why nothing can be drawn for a network of such data; "" if it can."""
    if spec.features.image_shape is not None:
        return ""
    return tr(
        "There is nothing to draw: this network takes the columns of a table, not pictures. "
        "Inspect shows its answers to samples of the data."
    )


def draw_something(spec: DataSpec) -> str:
    """Return what a person is asked to do."""
    if spec.features.image_shape is None:
        return tr("Draw")
    return tr("Draw a digit") if spec.has_digits else tr("Draw a picture")


def whole_percent(probability: float) -> int:
    """Return a probability in whole percent, which are not 100 before it is 1."""
    return min(round(100 * probability), 100 if probability >= 1 else 99)
