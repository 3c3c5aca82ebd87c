"""Changes of the recipe, each of which can be taken back."""

from __future__ import annotations

import time
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import QObject

from micronn_core.common.texts import tr
from micronn_core.settings.config import TrainingConfig
from micronn_core.settings.table import SETTINGS
from micronn_gui.session.live_changes import TOGETHER_S, shown_value
from micronn_gui.session.training import TrainingState
from micronn_gui.session.undo import SETTINGS as ON_SETTINGS
from micronn_gui.session.undo import Act

MOST = 100
"""So many are remembered."""


class _Change(NamedTuple):
    before: TrainingConfig
    names: frozenset[str]
    act: Act


class RecipeUndo(QObject):
    """Remembers what the recipe showed before each change, as long as the network is the same one.

    Args:
        training: whose recipe it is.
    """

    def __init__(self, training: TrainingState) -> None:
        super().__init__(training)
        self._training = training
        self._shown = training.wanted
        self._changes: list[_Change] = []
        self._at_s = 0.0
        self._loses = self._taking_back = False
        self._loses_first = True  # the recipe of the last session is no change
        training.about_to_begin.connect(self._note_loss)
        training.run_started.connect(self._follow_run)
        training.wanted_changed.connect(self._follow)

    @property
    def last_act(self) -> Act | None:
        """What it would undo next."""
        return self._changes[-1].act if self._changes else None

    def _note_loss(self) -> None:
        self._loses = self._loses_first or self._training.trained
        self._loses_first = False

    def _follow_run(self) -> None:
        """Forget what was changed for a network that has given way: its recipe comes back with it."""
        if self._loses:
            self._changes.clear()
            self._shown = self._training.wanted
        else:
            self._follow()

    def _follow(self) -> None:
        before, after = self._shown, self._training.wanted
        self._shown = after
        names = frozenset(before.changes_to(after))
        if not names or self._taking_back:
            return
        now, last = time.monotonic(), self._changes[-1] if self._changes else None
        if last is not None and last.names == names and now - self._at_s < TOGETHER_S:
            self._changes.pop()  # a slider is being moved
            before = last.before
        self._at_s = now
        act = Act(ON_SETTINGS, _words(before, after, names), partial(self._take_back, before))
        self._changes = [*self._changes[1 - MOST :], _Change(before, names, act)]

    def _take_back(self, before: TrainingConfig) -> None:
        self._changes.pop()
        self._taking_back = True
        try:
            self._training.want(before)
        finally:
            self._taking_back = False


def _words(before: TrainingConfig, after: TrainingConfig, names: frozenset[str]) -> str:
    """Say what was changed from what to what, or in how many places."""
    if len(names) > 1:
        return tr("{count} settings of the recipe", count=len(names))
    (name,) = names
    return tr(
        "{setting} {before} → {after}",
        setting=tr(SETTINGS[name].label),
        before=shown_value(name, getattr(before, name)),
        after=shown_value(name, getattr(after, name)),
    )
