"""Several runs at once: what was deleted with them, and how it went with each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from micronn_core.common.errors import MicroNNError
from micronn_core.common.trash import NotInTrashError
from micronn_core.runs.record import RunRecord

NAMED = 3
"""Most runs that are named one by one."""


class Deletion(NamedTuple):
    """Runs that are deleted.

    Attributes:
        names: what they are called, by their ids.
        chosen: the ids of those that were chosen.
        unsaved: those that did not lie on the disk.
    """

    names: dict[str, str]
    chosen: frozenset[str]
    unsaved: dict[str, RunRecord]

    def of(self, ids: Iterable[str]) -> Deletion:
        """Return the same with some of the runs alone."""
        return self._replace(names={id_: self.names[id_] for id_ in ids})


class Outcome(NamedTuple):
    """How it went with several runs.

    Attributes:
        done: those with which it went well.
        again: those with which it may go well another time.
        lost: those that are gone for good.
        faults: what went wrong, in words.
    """

    done: list[str]
    again: list[str]
    lost: list[str]
    faults: list[str]


def each(ids: Iterable[str], do: Callable[[str], object]) -> Outcome:
    """Do something with each of several runs, whatever happens with the others.

    Args:
        ids: theirs.
        do: does it, and returns whether the run is still to be had.
    """
    outcome = Outcome([], [], [], [])
    for id_ in ids:
        try:
            (outcome.done if do(id_) else outcome.lost).append(id_)
        except MicroNNError as error:
            (outcome.lost if isinstance(error, NotInTrashError) else outcome.again).append(id_)
            outcome.faults.append(str(error))
    return outcome


def some(names: Iterable[str]) -> str:
    """Return the first few of many names."""
    first = list(names)
    return ", ".join(first[:NAMED]) + (" …" if len(first) > NAMED else "")
