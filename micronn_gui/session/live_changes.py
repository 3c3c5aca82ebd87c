"""The changes of settings under way: when there was one, and what it changed from what to what."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from micronn_core.common.texts import tr
from micronn_core.settings.table import SETTINGS, SHOWN
from micronn_core.training.history import epoch_text

TOGETHER_S = 1.0
"""Changes of one setting within so many seconds are one: a slider is being moved."""

Values = Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class LiveChange:
    """One change.

    Attributes:
        epoch: when it took effect.
        before: the settings that it changed, as they were.
        after: the same as they are since.
    """

    epoch: float
    before: Values
    after: Values

    @property
    def text(self) -> str:
        """What changed and when, in words."""
        whats = ", ".join(
            tr(
                "{setting} {before} → {after}",
                setting=tr(SETTINGS[name].label),
                before=shown_value(name, self.before[name]),
                after=shown_value(name, value),
            )
            for name, value in self.after.items()
        )
        return tr("{changes} at epoch {epoch}", changes=whats, epoch=epoch_text(round(self.epoch, 2)))


class LiveChanges:
    """All of one run."""

    def __init__(self) -> None:
        self._changes: list[LiveChange] = []
        self._last_s = -TOGETHER_S

    @property
    def all(self) -> tuple[LiveChange, ...]:
        """All of them, in their order."""
        return tuple(self._changes)

    @property
    def latest(self) -> LiveChange | None:
        """The latest; None if there was none."""
        return self._changes[-1] if self._changes else None

    def add(self, epoch: float, before: Values, after: Values) -> None:
        """Remember one; what follows at once, or in the same moment of the run, belongs to it."""
        now, latest = time.monotonic(), self.latest
        if latest is not None and self._belong_together(latest, epoch, after, now - self._last_s):
            self._changes.pop()
            epoch = latest.epoch
            before, after = {**before, **latest.before}, {**latest.after, **after}
        self._last_s = now
        changed = [name for name in after if after[name] != before[name]]
        if changed:
            olds, news = ({name: values[name] for name in changed} for values in (before, after))
            self._changes.append(LiveChange(epoch, olds, news))

    def _belong_together(self, latest: LiveChange, epoch: float, after: Values, seconds: float) -> bool:
        return epoch == latest.epoch or (after.keys() == latest.after.keys() and seconds < TOGETHER_S)


def shown_value(name: str, value: object) -> str:
    """Write the value of a setting as the recipe shows it."""
    return SETTINGS[name].kind.show(value) if name in SHOWN else str(value)
