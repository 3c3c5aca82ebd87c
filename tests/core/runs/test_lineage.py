"""Which run a run came from, what differs, and which tries are short."""

from __future__ import annotations

from dataclasses import replace

import pytest

from micronn_core.runs.lineage import changed_since, is_short_try, origin_of
from micronn_core.settings.config import TrainingConfig
from tests.core.runs.run_records import record

SHORT = record(steps=2, ending="stopped", seconds=1.0, number=2)


@pytest.mark.parametrize(
    "more",
    [
        {"starred": True},
        {"name": "mine"},
        {"experiment": "x"},
        {"ending": "finished"},
        {"ending": "failed"},
        {"seconds": 11.0},
        {"config": TrainingConfig(hidden=(5,), epochs=20)},
    ],
    ids=str,
)
def test_that_only_what_nobody_will_look_for_is_a_short_try(more: dict[str, object]) -> None:
    assert is_short_try(SHORT)
    assert not is_short_try(replace(SHORT, **more))  # type: ignore[arg-type]


def test_that_the_origin_is_the_one_that_is_known() -> None:
    first, second = record(number=1), record(number=2)
    assert origin_of(record(number=3, origin=first.id), [first, second]) is first


def test_that_an_unknown_origin_is_the_nearest_earlier_run_of_the_same_data() -> None:
    first, sweep, later = record(number=1), record(number=3, experiment="x"), record(number=5)
    other = record(number=3, config=TrainingConfig(hidden=(5,), dataset="mnist", pixels="0 to 255"))
    run = record(number=4, origin="deleted")
    assert origin_of(run, [first, SHORT, sweep, later, run]) is first
    assert origin_of(run, [first, other]) is other
    assert origin_of(first, [first, later]) is None


def test_that_the_settings_that_differ_are_named_but_not_the_kept_digits() -> None:
    first = record(number=1)
    config = TrainingConfig(hidden=(5,), seed=4, learning_rate=0.5, my_digits="3-0f3a9c5d7e81b246")
    assert set(changed_since(record(config=config), first)) == {"seed", "learning_rate"}
