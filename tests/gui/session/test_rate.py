"""How fast something goes: known early, and never unknown in between."""

from __future__ import annotations

import math

import pytest

from micronn_gui.session import rate
from micronn_gui.session.rate import RateMeter


def test_that_a_rate_is_known_after_two_updates_and_from_then_on(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(rate.time, "monotonic", lambda: now)
    meter, found = RateMeter(), []
    for steps in range(0, 100, 10):
        meter.count(steps)
        found.append(meter.value)
        now += 0.1
    assert math.isnan(found[0])
    assert found[1:] == pytest.approx([100.0] * 9)
    meter.reset()
    assert math.isnan(meter.value)
