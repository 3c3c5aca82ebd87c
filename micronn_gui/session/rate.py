"""How fast something goes, measured seldom enough to be read."""

from __future__ import annotations

import math
import time

INTERVAL = 0.5
"""Seconds over which the rate is measured,"""
FIRST = 0.05
"""and after which there is a first one, until there is a better one."""


class RateMeter:
    """Steps per second over the last half second."""

    def __init__(self) -> None:
        self.value = math.nan
        self._since = 0.0
        self._steps = 0

    def reset(self) -> None:
        """Forget what was measured: the run was paused or is another one."""
        self.value, self._since = math.nan, 0.0

    def count(self, steps: int) -> None:
        """Take note of how many steps there have been in all."""
        now = time.monotonic()
        if not self._since:
            self._since, self._steps = now, steps
            return
        passed = now - self._since
        if passed >= (FIRST if math.isnan(self.value) else INTERVAL) and steps > self._steps:
            self.value = (steps - self._steps) / passed
            if passed >= INTERVAL:
                self._since, self._steps = now, steps
