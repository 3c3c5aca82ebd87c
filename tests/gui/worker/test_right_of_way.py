"""The training stands aside while the window draws, and never for long."""

from __future__ import annotations

import threading

import pytest

from micronn_gui.worker import right_of_way, training_worker
from micronn_gui.worker.commands import Play
from micronn_gui.worker.right_of_way import RightOfWay
from tests.gui.inbox import Inbox, begin
from tests.gui.running import LONG


class Watched(RightOfWay):
    """Tells whether somebody stands aside."""

    def __init__(self) -> None:
        super().__init__()
        self.somebody_waits = threading.Event()

    def stand_aside(self) -> None:
        if not self.is_free:
            self.somebody_waits.set()
        super().stand_aside()
        self.somebody_waits.clear()


@pytest.fixture
def way(monkeypatch: pytest.MonkeyPatch) -> Watched:
    """The worker's, where nobody loses patience."""
    made = Watched()
    monkeypatch.setattr(right_of_way, "LONGEST", 60.0)
    monkeypatch.setattr(training_worker, "RIGHT_OF_WAY", made)
    return made


def test_that_training_waits_between_two_pieces_of_work_while_the_window_draws(
    way: Watched, inbox: Inbox
) -> None:
    begin(inbox, hidden=(2,), batch_size=8, epochs=LONG)
    inbox.worker.send(Play())
    inbox.until(lambda: len(inbox.metrics) > 10)
    way.claim()
    inbox.until(way.somebody_waits.is_set)
    inbox.take()
    before = len(inbox.metrics)
    inbox.take()
    assert len(inbox.metrics) == before
    way.release()
    inbox.until(lambda: len(inbox.metrics) > before)


def test_that_a_training_of_long_pieces_goes_on_beside_the_window(
    way: Watched, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training_worker, "SHORT", 0.0)
    begin(inbox, hidden=(2,), batch_size=8, epochs=LONG)
    way.claim()
    inbox.worker.send(Play())
    inbox.until(lambda: len(inbox.metrics) > 100)
    assert not way.is_free


def test_that_a_claim_that_is_forgotten_holds_up_once_at_most() -> None:
    way = RightOfWay()
    way.claim()
    way.stand_aside()
    assert way.is_free
