"""What the panels of Draw say alike."""

from __future__ import annotations

import pytest

from micronn_gui.panels.draw.wording import whole_percent


@pytest.mark.parametrize(
    ("probability", "said"),
    [(0.0, 0), (0.004, 0), (0.786, 79), (0.994, 99), (0.995, 99), (0.99999, 99), (1.0, 100)],
)
def test_that_nearly_sure_is_never_100_percent(probability: float, said: int) -> None:
    assert whole_percent(probability) == said
