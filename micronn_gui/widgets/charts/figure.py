"""The figures that curves show, loss and accuracy, and how their values are written."""

from __future__ import annotations

import math
from dataclasses import dataclass

from micronn_core.common.texts import number, percent


@dataclass(frozen=True)
class Figure:
    """Which figure of the history a panel shows, and how its numbers are written."""

    name: str
    is_share: bool

    def text(self, value: float) -> str:
        """Write a value at fixed width; a dash where there is none."""
        if not math.isfinite(value):
            return "–"
        if self.is_share:
            decimals = 1 if value < 0.9995 else 0  # 100 % is no wider than the rest
            return percent(value, decimals).rjust(len(self.widest))
        decimals = 3 if value < 10 else 2 if value < 100 else 1
        return number(value, f".{decimals}f" if value < 1000 else ".0e")

    @property
    def widest(self) -> str:
        """The widest text of a value."""
        return percent(0.1, 1) if self.is_share else number(0, ".3f")

    def tick(self, value: float) -> str:
        """Write a value beside the axis."""
        if self.is_share:
            return percent(value)
        for unit, sign in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
            if value >= unit:
                return number(value / unit, ".3g") + sign
        return number(value, ".3g")


LOSS = Figure("loss", False)
ACCURACY = Figure("accuracy", True)
