"""How long work will take: a rule of thumb, corrected by what was measured, said as people say it."""

from __future__ import annotations

import pytest

from micronn_core.experiments.sweep import estimated_seconds
from micronn_core.settings.config import TrainingConfig
from micronn_gui.session.estimates import duration, expected_seconds, remaining_seconds
from tests.core.runs.run_records import record

CONFIG = TrainingConfig(hidden=(5,), seed=1)


def test_that_runs_of_experiments_say_how_fast_the_machine_is() -> None:
    usual = estimated_seconds(CONFIG)
    assert expected_seconds(CONFIG) == usual
    slow = [record(seconds=3 * usual, experiment="x") for _ in range(3)]
    assert expected_seconds(CONFIG, slow) == pytest.approx(3 * usual)
    live = [record(seconds=9 * usual), record(seconds=9 * usual, experiment="x", ending="stopped")]
    assert expected_seconds(CONFIG, live) == usual  # they say nothing of processes, or are no whole runs


def test_that_one_odd_run_does_not_spoil_the_estimate() -> None:
    usual = estimated_seconds(CONFIG)
    runs = [record(seconds=times * usual, experiment="x") for times in (2, 2, 50)]
    assert expected_seconds(CONFIG, runs) == pytest.approx(2 * usual)


def test_that_what_is_left_is_corrected_as_the_work_comes_along() -> None:
    assert remaining_seconds(100.0, 10.0, 0.0) == 90.0
    assert remaining_seconds(100.0, 500.0, 0.0) == 0.0
    assert remaining_seconds(100.0, 30.0, 0.5) == 30.0  # twice as fast as was thought
    early = remaining_seconds(100.0, 10.0, 0.05)
    assert 0.95 * 100 < early < 0.95 * 200


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "1 s"), (45, "45 s"), (89, "89 s"), (95, "2 min"), (3600, "60 min"), (7200, "2 h")],
)
def test_that_a_length_of_time_is_told_as_people_say_it(seconds: float, words: str) -> None:
    assert duration(seconds) == words
