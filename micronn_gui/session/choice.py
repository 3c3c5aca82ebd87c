"""Which runs are laid over each other: at most so many, in the order in which they were chosen."""

from __future__ import annotations

from collections.abc import Iterable

MOST_CHOSEN = 8
"""Most runs whose curves can be told apart."""


class Choice:
    """The ids of the chosen runs; if there are too many, the one that was chosen first gives way."""

    def __init__(self) -> None:
        self._ids: list[str] = []

    def __contains__(self, id_: str) -> bool:
        return id_ in self._ids

    @property
    def is_full(self) -> bool:
        """Whether another one would be too many."""
        return len(self._ids) >= MOST_CHOSEN

    def add(self, id_: str) -> None:
        """Choose a run."""
        if id_ not in self._ids:
            self._ids = [*self._ids, id_][-MOST_CHOSEN:]

    def drop(self, id_: str) -> bool:
        """Choose a run no longer; returns whether it was chosen."""
        was_chosen = id_ in self._ids
        if was_chosen:
            self._ids.remove(id_)
        return was_chosen

    def take_back(self, ids: Iterable[str]) -> None:
        """Choose runs again, as far as there is room for them."""
        for id_ in ids:
            if not self.is_full:
                self.add(id_)
