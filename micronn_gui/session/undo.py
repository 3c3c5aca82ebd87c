"""What can be undone: the acts in the order in which they were done, each with its words and its way back."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Protocol

from PySide6.QtCore import QObject, Signal

PAD, DIGITS, RUNS, FILES = "pad", "digits", "runs", "files"
NETWORK, SETTINGS = "network", "settings"
"""On what acts are done; a workspace undoes those on what it shows."""

_numbers = itertools.count()


@dataclass(frozen=True, eq=False)
class Act:
    """Something that was done and can be undone.

    Attributes:
        on: on what it was done.
        what: what it was, in words that go on after "Undo:".
        take_back: undoes it, or says why not.
        said: what is said about it, with an offer to undo it; "" if it is seen anyway.
        number: how many acts there were before it, of whatever kind.
    """

    on: str
    what: str
    take_back: Callable[[], object]
    said: str = ""
    number: int = field(default_factory=lambda: next(_numbers))


class Source(Protocol):
    """Something that keeps its acts itself."""

    @property
    def last_act(self) -> Act | None:
        """What it would undo next."""


class Undo(QObject):
    """One sequence of all acts.

    Args:
        sources: keep their acts themselves: they stand among those that are added here.
    """

    added = Signal(Act)
    """Something has been done that can be undone."""
    removed = Signal(Act)
    """It is being undone, so that it cannot be once more."""

    def __init__(self, *sources: Source, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sources = sources
        self._acts: list[Act] = []

    def add(self, act: Act) -> None:
        """Remember an act that has just been done, or could not be undone for now."""
        self._acts.append(act)
        self.added.emit(act)

    def last(self, on: Collection[str]) -> Act | None:
        """Return the last act on some of the things, or None."""
        acts = [*self._acts, *(source.last_act for source in self._sources)]
        return max((act for act in acts if act and act.on in on), key=lambda act: act.number, default=None)

    def undo(self, on: Collection[str]) -> None:
        """Undo the last act on some of the things, if there is one."""
        act = self.last(on)
        if act in self._acts:
            self.take_back(act)
        elif act is not None:
            act.take_back()

    def take_back(self, act: Act) -> None:
        """Undo an act that was added, unless it has been undone."""
        if act in self._acts:
            self._acts.remove(act)
            self.removed.emit(act)
            act.take_back()
