"""The rules of batches of varied pictures that are made ahead."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from micronn_core.common.errors import ConfigError
from micronn_core.data.augmentation import AUGMENTATIONS, Augmentation
from micronn_core.data.dataset import Samples
from micronn_core.data.distortion import Workbench
from micronn_core.training.compute.augmented_batches import MOST_AHEAD, PIECE, VariedBatch, VariedBatches
from micronn_core.training.compute.batches import run_to_end
from tests.core.samples import digits
from tests.core.shapes import flowers, letters

COUNT = 3 * PIECE + 100
STRONG = AUGMENTATIONS["strong"].augmentation
CHUNK = 64


def order(epoch: int) -> NDArray[np.intp]:
    return np.random.default_rng([7, epoch]).permutation(COUNT)


def made(
    augmentation: Augmentation = STRONG, samples: Samples | None = None, seed: int = 1, white: float = 1.0
) -> VariedBatches:
    return VariedBatches(samples or digits(COUNT, "float32"), augmentation, seed, order, CHUNK, white)


@pytest.fixture
def batches() -> Iterator[VariedBatches]:
    with closing(made()) as source:
        yield source


def pictures(batch: VariedBatch) -> NDArray[np.floating]:
    return np.concatenate([batch.chunk(i).rows for i in range(len(batch))])


def labels(batch: VariedBatch) -> NDArray[np.intp]:
    return np.concatenate([batch.chunk(i).labels for i in range(len(batch))])


def whole_epoch(source: VariedBatches, epoch: int, size: int) -> NDArray[np.floating]:
    starts = range(0, COUNT, size)
    return np.concatenate(
        [pictures(run_to_end(source.batch(epoch, start, min(start + size, COUNT)))) for start in starts]
    )


def test_that_an_epoch_is_its_samples_varied_in_their_order(batches: VariedBatches) -> None:
    samples = digits(COUNT, "float32")
    batch = run_to_end(batches.batch(0, 100, 1_300))
    assert batch.count == 1_200
    np.testing.assert_array_equal(labels(batch), samples.labels[order(0)[100:1_300]])
    originals = samples.rows[order(0)[100:1_300]]
    likeness = [np.corrcoef(a, b)[0, 1] for a, b in zip(pictures(batch), originals, strict=True)]
    others = [np.corrcoef(a, b)[0, 1] for a, b in zip(pictures(batch), originals[::-1], strict=True)]
    assert np.mean(likeness) > np.mean(others) + 0.2
    assert max(likeness) < 0.99999


@pytest.mark.parametrize("size", [1_000, 128, 100, COUNT])
def test_that_the_batch_size_does_not_change_the_pictures(batches: VariedBatches, size: int) -> None:
    with closing(made()) as other:
        np.testing.assert_array_equal(whole_epoch(batches, 1, size), whole_epoch(other, 1, 512))


def test_that_a_change_of_batch_size_under_way_changes_no_picture(batches: VariedBatches) -> None:
    expected = whole_epoch(batches, 0, 128)
    with closing(made()) as other:
        ranges = [(0, 1), (1, 2), (2, 130), (130, 1_000), (1_000, 1_003), (1_003, COUNT)]
        found = [pictures(run_to_end(other.batch(0, *each))) for each in ranges]
    np.testing.assert_array_equal(np.concatenate(found), expected)


def test_that_a_step_that_is_repeated_or_gone_back_to_sees_the_same_pictures(batches: VariedBatches) -> None:
    first = pictures(run_to_end(batches.batch(0, 0, 128)))
    np.testing.assert_array_equal(pictures(run_to_end(batches.batch(0, 0, 128))), first)
    run_to_end(batches.batch(3, 0, 128))  # the pieces of epoch 0 are forgotten
    np.testing.assert_array_equal(pictures(run_to_end(batches.batch(0, 0, 128))), first)


def test_that_every_epoch_and_every_seed_varies_anew() -> None:
    with closing(made()) as one, closing(made(seed=2)) as other:
        first, second = (whole_epoch(one, epoch, 512)[np.argsort(order(epoch))] for epoch in (0, 1))
        assert (np.abs(first - second).max(axis=1) > 0.1).all()
        assert np.abs(whole_epoch(other, 0, 512)[np.argsort(order(0))] - first).max() > 0.5


def test_that_waiting_for_the_thread_is_cut_into_short_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    gate = threading.Event()
    really = Workbench.vary

    def slow(*arguments: object) -> object:
        gate.wait(10)
        return really(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Workbench, "vary", slow)
    with closing(made()) as source:
        pieces = source.batch(0, 0, 128)
        assert [next(pieces) for _ in range(3)] == [None] * 3
        gate.set()
        assert run_to_end(pieces).count == 128


def test_that_pictures_are_made_ahead_on_one_other_thread_and_in_bounded_number(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made_by: list[threading.Thread] = []
    really = Workbench.vary

    def noted(*arguments: object) -> object:
        made_by.append(threading.current_thread())
        return really(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Workbench, "vary", noted)
    source = made()
    run_to_end(source.batch(0, 0, 128))
    source._thread.submit(int).result()  # all that was asked for is done
    assert len(made_by) == 1 + 4
    run_to_end(source.batch(0, 128, 256))
    source._thread.submit(int).result()
    assert len(made_by) == 1 + 4
    run_to_end(source.batch(0, 0, COUNT))
    source._thread.submit(int).result()
    assert len(source._pieces) <= 4 + MOST_AHEAD
    assert set(made_by) != {threading.main_thread()}
    assert len(set(made_by)) == 1
    source.close()
    assert not made_by[0].is_alive()


def test_that_closing_does_not_wait_for_pieces_that_were_only_asked_for() -> None:
    source = made()
    pieces = source.batch(0, 0, COUNT)
    next(pieces, None)
    pieces.close()
    thread = next(thread for thread in threading.enumerate() if thread.name.startswith("micronn-vary"))
    source.close()
    assert not thread.is_alive()


def test_that_an_error_on_the_thread_reaches_whoever_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object) -> None:
        raise MemoryError("no room")

    monkeypatch.setattr(Workbench, "vary", failing)
    with closing(made()) as source, pytest.raises(MemoryError, match="no room"):
        run_to_end(source.batch(0, 0, 128))


def test_that_chunks_are_no_larger_than_asked_and_are_not_copied(batches: VariedBatches) -> None:
    batch = run_to_end(batches.batch(0, 500, 600))  # reaches into two pieces
    assert [len(batch.chunk(i).labels) for i in range(len(batch))] == [12, 64, 24]
    assert all(batch.chunk(i).columns is None for i in range(len(batch)))
    assert batch.chunk(1).rows.base is batch.chunk(2).rows.base
    assert np.shares_memory(batch.chunk(1).rows, run_to_end(batches.batch(0, 512, 513)).chunk(0).rows)


def test_that_pictures_have_the_number_format_and_the_white_of_the_samples() -> None:
    samples = replace(digits(COUNT, "float64"), x=digits(COUNT, "float64").x * 255)
    with closing(made(Augmentation(shift=1.0, noise=0.2), samples, white=255.0)) as source:
        rows = pictures(run_to_end(source.batch(0, 0, 300)))
    assert rows.dtype == np.float64
    assert (rows.min(), rows.max()) == (0, 255)


def test_that_hands_change_a_share_of_the_pictures_and_no_chance_of_the_others() -> None:
    few, none = Augmentation(shift=1.0, hands=0.25), Augmentation(shift=1.0)
    with closing(made(few)) as some, closing(made(none)) as without:
        changed = (whole_epoch(some, 0, 512) != whole_epoch(without, 0, 512)).any(axis=1)
    assert changed.mean() == pytest.approx(0.25, abs=0.05)


def test_that_pictures_by_other_hands_do_not_depend_on_what_was_asked_for_before() -> None:
    with closing(made(Augmentation(hands=0.5))) as one, closing(made(Augmentation(hands=0.5))) as other:
        whole_epoch(one, 0, 128)
        np.testing.assert_array_equal(whole_epoch(one, 2, 1_000), whole_epoch(other, 2, 512))


def test_that_samples_that_are_no_pictures_are_refused() -> None:
    with pytest.raises(ConfigError, match="Only pictures can be varied") as caught:
        made(samples=Samples.of(flowers()))
    assert caught.value.field == "augmentation"


def test_that_pictures_of_another_size_are_varied() -> None:
    with closing(made(samples=Samples.of(letters(COUNT)))) as source:
        rows = pictures(run_to_end(source.batch(0, 0, 100)))
    assert rows.shape == (100, 64)
