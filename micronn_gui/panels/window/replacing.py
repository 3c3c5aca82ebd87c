"""Another network in the place of the present one: done at once, and undone at a click."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from micronn_core.common.texts import tr
from micronn_gui.session.runs import Runs
from micronn_gui.session.training import TrainingState
from micronn_gui.session.undo import NETWORK, Act, Undo


class Replacing:
    """Lets the present network give way: its run is kept, and it is offered to go back to it.

    Args:
        training: whose network it is.
        runs: keep its run.
        undo: remembers the way back.
    """

    def __init__(self, training: TrainingState, runs: Runs, undo: Undo) -> None:
        self._training, self._runs, self._undo = training, runs, undo

    def do(self, then: Callable[[], object]) -> None:
        """Do what puts another network in the place of the present one."""
        before = self._runs.present() if self._training.trained else None
        then()
        if before is None or self._runs.present_id == before.id:
            return  # nothing is lost, or it was refused
        run = self._runs.title(before)
        act = Act(
            NETWORK,
            tr("another network in the place of {run}", run=run),
            partial(self._runs.back_to, before.id),
            tr("{run} is kept among the runs.", run=run),
        )
        self._undo.add(act)
