"""Five thousand random events in the window: nothing goes wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.soak.events import play

SEEDS, EVENTS = range(10), 500


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_that_nothing_goes_wrong_whatever_is_done_in_the_window(tmp_path: Path, seed: int) -> None:
    played = play(tmp_path, seed, EVENTS)
    assert not played.faults, "\n".join(played.faults)
    assert played.events == EVENTS
