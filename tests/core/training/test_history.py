"""The rules of what a run remembers."""

from __future__ import annotations

import math

import numpy as np
import pytest

from micronn_core.nn.network import Parameters
from micronn_core.training.history import MOST_ROWS, SNAPSHOT_BUDGET, History, Metrics, Snapshot, keep_stride

SIZES = 3, 2, 2
NBYTES = 2 * 4 * Parameters.count(SIZES)


def metrics(step: int, epoch: float | None = None, validation: float = math.nan) -> Metrics:
    return Metrics(
        step, step / 10 if epoch is None else epoch, 1 / (step + 1), 0.5, 128, validation, validation
    )


def snapshot(step: int) -> Snapshot:
    parameters = Parameters(SIZES).frozen_copy()
    return Snapshot(1, metrics(step), parameters, parameters, 0.1)


def test_that_every_step_is_remembered_and_read_back_as_it_was() -> None:
    history = History()
    written = [metrics(step, validation=step / 1000) for step in range(1000)]
    for row in written:
        history.append(row)
    assert len(history) == 1000
    assert [history.metrics(i) for i in range(1000)] == written
    assert history.metrics(-1) == written[-1]
    assert isinstance(history.metrics(3).step, int)
    assert isinstance(history.metrics(3).samples, int)
    np.testing.assert_array_equal(history.column("loss"), [row.loss for row in written])


def test_that_a_column_can_not_be_written_to_and_stays_while_the_history_grows() -> None:
    history = History()
    history.append(metrics(0))
    column = history.column("loss")
    with pytest.raises(ValueError, match="read-only"):
        column[0] = 7
    for step in range(1, 1000):
        history.append(metrics(step))
    assert column.tolist() == [1.0]
    assert len(history.column("step")) == 1000


@pytest.mark.parametrize("i", [2, -3])
def test_that_an_entry_that_is_not_there_is_an_index_error(i: int) -> None:
    history = History()
    history.append(metrics(0))
    history.append(metrics(1))
    with pytest.raises(IndexError):
        history.metrics(i)


def test_that_what_is_remembered_is_moved_only_as_often_as_it_doubles_or_a_quarter_is_merged() -> None:
    history, row = History(), metrics(1)
    places: list[object] = []
    for _ in range(100_000):
        history.append(row)
        place = history.column("loss").base
        if not places or place is not places[-1]:
            places.append(place)
    assert len(history) == 100_000
    assert len(places) <= 1 + math.log2(MOST_ROWS / 256) + 100_000 / (MOST_ROWS // 4)


def batch(step: int, loss: float, samples: int = 128, validation: float = math.nan) -> Metrics:
    return Metrics(step, step / 10, loss, loss / 100, samples, validation, -validation)


def test_that_a_long_history_takes_the_room_of_its_rows_and_keeps_the_newest_steps_as_they_were() -> None:
    history = History(most_rows=64)
    written = [batch(step, float(step % 7)) for step in range(10_000)]
    for row in written:
        history.append(row)
    assert len(history) == 10_000
    assert len(history.column("loss")) <= 64
    assert [history.metrics(-i).loss for i in range(1, 32)] == [row.loss for row in written[:-32:-1]]


def test_that_merged_rows_keep_the_mean_by_samples_and_every_extreme() -> None:
    history = History(most_rows=8)
    rng = np.random.default_rng(3)
    written = [batch(i, float(loss), 1 + i % 5) for i, loss in enumerate(rng.random(1_000))]
    for row in written:
        history.append(row)
    assert history.metrics(0).loss == written[0].loss
    samples, loss = history.column("samples"), history.column("loss")
    total = sum(row.loss * row.samples for row in written)
    assert (samples * loss).sum() == pytest.approx(total, rel=1e-12)
    assert samples.sum() == sum(row.samples for row in written)
    assert history.column("loss low").min() == min(row.loss for row in written)
    assert history.column("accuracy high").max() == max(row.accuracy for row in written)
    assert (np.diff(history.column("epoch")) > 0).all()
    assert history.column("step")[-1] == 999


def test_that_the_best_validation_is_never_merged_away() -> None:
    history = History(most_rows=8)
    for step in range(1_000):
        history.append(batch(step, 1.0, validation=abs(step - 321) + 0.5 if step % 3 == 0 else math.nan))
    losses = history.column("validation_loss")
    assert np.nanmin(losses) == 0.5
    best = int(np.nanargmin(losses))
    assert history.metrics(best).validation_accuracy == -0.5


def test_that_the_place_of_a_step_is_where_its_row_and_later_ones_begin() -> None:
    history = History(most_rows=8)
    for step in range(100):
        history.append(batch(step, 1.0))
    steps = history.column("step")
    for step in range(100):
        place = history.place(step)
        assert steps[place] >= step
        assert place == 0 or steps[place - 1] < step
    assert history.place(100) == len(steps)


def test_that_the_spacing_is_the_smallest_power_of_two_that_fits_the_budget() -> None:
    assert [keep_stride(step, 1, budget=4) for step in (0, 3, 4, 7, 8, 15, 16)] == [1, 1, 2, 2, 4, 4, 8]
    assert keep_stride(500, 2 * 4 * 7_960, SNAPSHOT_BUDGET) == 1


@pytest.mark.parametrize("room", [1, 2, 3, 10, 50])
def test_that_the_budget_is_never_exceeded(room: int) -> None:
    history = History(budget=room * NBYTES)
    for step in range(10_000):
        history.keep(snapshot(step))
        assert len(history.snapshots) <= room
    assert len(history.snapshots) > room // 2


def test_that_the_budget_holds_for_moments_that_come_at_any_steps() -> None:
    history, rng = History(budget=20 * NBYTES), np.random.default_rng(0)
    for step in np.cumsum(rng.integers(0, 9, 10_000)):
        history.keep(snapshot(int(step)))
        assert sum(kept.nbytes for kept in history.snapshots) <= 20 * NBYTES


def test_that_kept_moments_are_evenly_spaced_and_begin_with_the_untrained_network() -> None:
    history = History(budget=20 * NBYTES)
    for step in range(10_000):
        history.keep(snapshot(step))
        steps = [kept.metrics.step for kept in history.snapshots]
        assert steps[0] == 0
        assert len(set(np.diff(steps))) <= 1
    first = history.first()
    assert first is not None
    assert first.metrics.step == 0


def test_that_the_untrained_network_is_kept_even_where_the_budget_has_no_room() -> None:
    history = History(budget=1)
    for step in range(20):
        history.keep(snapshot(step))
    assert [kept.metrics.step for kept in history.snapshots] == [0]


def test_that_a_moment_that_comes_again_takes_the_place_of_the_first() -> None:
    history = History()
    history.keep(snapshot(0))
    history.keep(snapshot(1))
    again = snapshot(1)
    history.keep(again)
    assert [kept.metrics.step for kept in history.snapshots] == [0, 1]
    assert history.snapshots[-1] is again


def test_that_who_asks_for_the_spacing_keeps_what_the_history_keeps() -> None:
    history, budget = History(budget=10 * NBYTES), 10 * NBYTES
    for step in range(300):
        due = step % keep_stride(step, NBYTES, budget) == 0
        history.keep(snapshot(step))
        assert (history.snapshots[-1].metrics.step == step) == due


@pytest.mark.parametrize(
    ("epoch", "step"), [(-5, 0), (0, 0), (0.04, 0), (0.06, 1), (0.1, 1), (3.14, 31), (9.9, 99), (1e9, 99)]
)
def test_that_the_nearest_kept_moment_is_found(epoch: float, step: int) -> None:
    history = History()
    for i in range(100):
        history.keep(snapshot(i))
    nearest = history.nearest(epoch)
    assert nearest is not None
    assert nearest.metrics.step == step


def test_that_a_new_history_is_empty() -> None:
    history = History()
    assert len(history) == 0
    assert history.snapshots == ()
    assert history.first() is None
    assert history.nearest(1) is None
    assert history.column("loss").size == 0
    assert all(math.isnan(value) for value in history.latest_validation(1))


@pytest.mark.parametrize(
    ("epoch", "expected"), [(0, 0.1), (0.9, 0.1), (1, 0.6), (1.9, 0.6), (2, 0.8), (99, 0.8)]
)
def test_that_the_latest_validation_is_the_last_one_measured_up_to_that_epoch(
    epoch: float, expected: float
) -> None:
    history = History()
    for step, validation in enumerate([0.1, math.nan, 0.6, math.nan, 0.8, math.nan]):
        history.append(metrics(step, epoch=step / 2, validation=validation))
    assert history.latest_validation(epoch) == (expected, expected)


def test_that_before_the_first_measurement_there_is_no_validation() -> None:
    history = History()
    history.append(metrics(5, epoch=1, validation=0.5))
    assert all(math.isnan(value) for value in history.latest_validation(0.5))


def test_that_a_snapshot_knows_its_memory() -> None:
    assert snapshot(0).nbytes == NBYTES
