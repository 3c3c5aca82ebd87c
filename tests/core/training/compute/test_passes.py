"""The rules of batches and of the fast passes: the plain formulas' numbers, in bounded pieces."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Sequence

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from micronn_core.data.dataset import Samples
from micronn_core.nn.activations import ACTIVATIONS, RELU, Activation
from micronn_core.nn.dropout import Dropout
from micronn_core.nn.loss import cross_entropy, softmax_of_batch
from micronn_core.nn.network import Network, Parameters
from micronn_core.training.compute.batches import Batch, Chunk, PackedBatch, SampleBatch, run_to_end
from micronn_core.training.compute.blas import blas_threads
from micronn_core.training.compute.passes import CHUNK, CHUNK_OPERATIONS, PIECE_OPERATIONS, Measure, Passes
from tests.content import assert_same_bytes
from tests.core.samples import digits, made_up

HIDDEN = {"none": (), "1": (1,), "10": (10,), "32": (32,), "128": (128,), "three layers": (20, 15, 10)}
both_dtypes = pytest.mark.parametrize("dtype", ["float32", "float64"])


def network_784(hidden: tuple[int, ...], dtype: str = "float32", activation: Activation = RELU) -> Network:
    return Network.create((784, *hidden, 10), activation, seed=1, dtype=dtype)


def clear_digits(network: Network, count: int) -> Samples:
    """Digits on which rounding decides neither ReLU's slope, which jumps at z = 0, nor the answer."""
    samples = digits(count + count // 10 + 20, network.parameters.vector.dtype.name)
    trace = network.forward(samples.x)
    second, first = np.sort(trace.logits, axis=0)[-2:]
    clear = first - second > 1e-3
    for z in trace.z[:-1]:
        clear &= np.abs(z).min(axis=0) > 1e-4
    chosen = np.flatnonzero(clear)[:count]
    assert len(chosen) == count
    return Samples(samples.x[:, chosen], samples.labels[chosen])


def batch_of(kind: str, samples: Samples, chunk_size: int) -> tuple[Batch, Samples]:
    """Return a batch and the samples that it stands for."""
    if kind == "packed":
        packed = PackedBatch(chunk_size)
        run_to_end(packed.fill(samples))
        return packed, samples
    if kind == "all":
        return SampleBatch(samples, None, chunk_size), samples
    chosen = np.random.default_rng(0).permutation(len(samples))[: len(samples) * 2 // 3]
    return SampleBatch(samples, chosen, chunk_size), Samples(samples.x[:, chosen], samples.labels[chosen])


def plain(
    network: Network, samples: Samples, masks: Sequence[np.ndarray] = (), by_batch: bool = False
) -> tuple[Measure, Parameters]:
    """Return what the plain formulas find; `by_batch` takes one softmax for the whole batch."""
    trace = network.forward(samples.x, masks)
    if by_batch:
        trace = dataclasses.replace(trace, a=(*trace.a[:-1], softmax_of_batch(trace.logits)))
    right = int(np.sum(trace.logits.argmax(axis=0) == samples.labels))
    loss = cross_entropy(trace.logits, samples.labels)
    return Measure(loss, right / len(samples), len(samples)), network.backward(trace, samples.labels)


def fast(
    network: Network,
    batch: Batch,
    threads: int | None = None,
    dropout: Dropout | None = None,
    by_batch: bool = False,
) -> tuple[Measure, Parameters]:
    gradient = Parameters(network.sizes, dtype=network.parameters.vector.dtype)
    with Passes(network.sizes, network.activation, threads, by_batch) as passes:
        measure = run_to_end(passes.measure(network.parameters, batch, gradient, dropout))
    return measure, gradient


def assert_the_plain_formulas_hold(network: Network, batch: Batch, samples: Samples) -> None:
    assert_the_same(network, fast(network, batch), plain(network, samples))


def assert_the_same(
    network: Network, found: tuple[Measure, Parameters], wanted: tuple[Measure, Parameters]
) -> None:
    """Loss, accuracy and gradient are the same, but for rounding."""
    (measure, gradient), (expected, expected_gradient) = found, wanted
    eps = float(np.finfo(network.parameters.vector.dtype).eps)
    assert measure.loss == pytest.approx(expected.loss, rel=40 * eps)
    assert measure.accuracy == expected.accuracy
    assert measure.samples == expected.samples
    largest = np.abs(expected_gradient.vector).max()
    np.testing.assert_allclose(gradient.vector, expected_gradient.vector, rtol=0, atol=100 * eps * largest)


@both_dtypes
@pytest.mark.parametrize("kind", ["packed", "all", "chosen"])
@pytest.mark.parametrize("hidden", HIDDEN.values(), ids=HIDDEN)
def test_that_a_pass_equals_the_plain_formulas(hidden: tuple[int, ...], kind: str, dtype: str) -> None:
    network = network_784(hidden, dtype)
    batch, samples = batch_of(kind, clear_digits(network, 1000), chunk_size=307)
    assert_the_plain_formulas_hold(network, batch, samples)


@pytest.mark.parametrize("activation", ACTIVATIONS.values(), ids=ACTIVATIONS)
def test_that_a_pass_equals_the_plain_formulas_for_every_activation(activation: Activation) -> None:
    samples = made_up(300, 784)
    batch, _ = batch_of("packed", samples, 130)
    assert_the_plain_formulas_hold(network_784((12, 11), "float64", activation), batch, samples)


@both_dtypes
@pytest.mark.parametrize("hidden", [(12,), (12, 11)], ids=str)
@pytest.mark.parametrize("activation", ACTIVATIONS.values(), ids=ACTIVATIONS)
def test_that_a_pass_with_dropout_equals_the_plain_formulas(
    activation: Activation, hidden: tuple[int, ...], dtype: str
) -> None:
    network, dropout = network_784(hidden, dtype, activation), Dropout(0.4, (5, 4, 0))
    samples = clear_digits(network, 200)
    masks = [dropout.mask(0, i, (200, width), dtype).T for i, width in enumerate(hidden)]
    found = fast(network, SampleBatch(samples, None, 200), dropout=dropout)
    assert_the_same(network, found, plain(network, samples, masks))


@both_dtypes
def test_that_a_pass_with_one_softmax_for_the_whole_batch_equals_the_plain_formulas(dtype: str) -> None:
    network = network_784((10,), dtype)
    samples = clear_digits(network, 1000)
    found = fast(network, SampleBatch(samples, None, 307), by_batch=True)
    assert_the_same(network, found, plain(network, samples, by_batch=True))


def test_that_samples_far_below_the_largest_logit_are_lost_as_in_the_plain_formulas() -> None:
    network = Network(Parameters((1, 2), np.array([1.0, 2.0, 0.0, 0.0])))
    samples = Samples(np.array([[1.0, 1e6]]), np.array([0, 1]))
    _, gradient = fast(network, SampleBatch(samples, None, 1), by_batch=True)
    _, expected = plain(network, samples, by_batch=True)
    np.testing.assert_array_equal(gradient.vector, expected.vector)
    assert np.isnan(gradient.vector).any()


@both_dtypes
@pytest.mark.parametrize("count", [1, 2, 119, 120, 121, CHUNK, CHUNK + 1])
def test_that_batches_of_any_size_are_complete(count: int, dtype: str) -> None:
    network = network_784((10,), dtype)
    samples = clear_digits(network, count)
    for kind in ("packed", "all"):
        assert_the_plain_formulas_hold(network, batch_of(kind, samples, CHUNK)[0], samples)


@pytest.mark.parametrize("hidden", [(), (10,), (128, 32)], ids=str)
@pytest.mark.parametrize("kind", ["packed", "chosen"])
def test_that_any_number_of_threads_gives_the_same_bits(hidden: tuple[int, ...], kind: str) -> None:
    network = network_784(hidden)
    batch, _ = batch_of(kind, digits(3000, "float32"), chunk_size=200)
    (measure, gradient), *others = (fast(network, batch, threads) for threads in (1, 2, 3))
    for other, other_gradient in others:
        assert other == measure
        assert_same_bytes(other_gradient.vector.tobytes(), gradient.vector.tobytes())


@pytest.mark.parametrize("count", [1, 2])
def test_that_the_same_number_of_the_librarys_threads_gives_the_same_bits(count: int) -> None:
    network = network_784((128,))
    batch = SampleBatch(digits(128, "float32"), None, CHUNK)
    with blas_threads(count):
        (measure, gradient), (again, gradient_again) = fast(network, batch), fast(network, batch)
    assert again == measure
    assert_same_bytes(gradient_again.vector.tobytes(), gradient.vector.tobytes())


@pytest.mark.parametrize(("chunk_size", "expected"), [(200, {2}), (50, {1})], ids=["one chunk", "several"])
def test_that_only_a_batch_of_one_chunk_may_use_the_librarys_threads(
    chunk_size: int, expected: set[int]
) -> None:
    used: set[int] = set()

    def relu_that_looks(z: np.ndarray) -> np.ndarray:
        used.update(library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas")
        return RELU.function(z)

    network = network_784((10,), activation=dataclasses.replace(RELU, function=relu_that_looks))
    with blas_threads(2):
        fast(network, SampleBatch(digits(200, "float32"), None, chunk_size), threads=2)
    assert used == expected


def test_that_without_a_gradient_the_measure_is_the_same() -> None:
    network = network_784((10,))
    batch, _ = batch_of("packed", digits(3000, "float32"), CHUNK)
    with Passes(network.sizes, RELU) as passes:
        assert run_to_end(passes.measure(network.parameters, batch)) == fast(network, batch)[0]


def test_that_a_draw_goes_to_the_first_class_as_argmax_has_it() -> None:
    network, samples = Network(Parameters((784, 10, 10))), digits(500, "float32")
    measure, _ = fast(network, batch_of("packed", samples, CHUNK)[0])
    assert measure.accuracy == np.mean(samples.labels == 0)
    assert measure.loss == pytest.approx(np.log(10))


def test_that_draws_among_single_samples_are_told_from_clear_answers() -> None:
    network = Network(Parameters((2, 3), np.array([1, 0, 1, 0, 0, 1, 0, 0, 0], np.float64)))
    samples = Samples(np.array([[1.0, 1, 0, 0], [0, 0, 1, 1]]), np.array([0, 1, 2, 0]))
    measure, _ = fast(network, SampleBatch(samples, None, CHUNK))
    assert measure.accuracy == 0.5  # classes 0 and 1 draw on the first two samples; the third is clear


def test_that_a_pass_changes_neither_weights_nor_samples() -> None:
    network, samples = network_784((10,)), digits(200, "float32")
    weights, rows = network.parameters.vector.copy(), samples.rows.copy()
    network.parameters.vector.flags.writeable = False
    fast(network, SampleBatch(samples, None, 100))
    np.testing.assert_array_equal(network.parameters.vector, weights)
    np.testing.assert_array_equal(samples.rows, rows)


def test_that_the_gradient_is_overwritten_and_not_added_to() -> None:
    network = network_784((10,))
    batch = SampleBatch(digits(200, "float32"), None, 100)
    once = fast(network, batch)[1].vector
    gradient = Parameters(network.sizes, np.full_like(once, 1e6))
    with Passes(network.sizes, RELU) as passes:
        run_to_end(passes.measure(network.parameters, batch, gradient))
    np.testing.assert_array_equal(gradient.vector, once)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_that_a_gradient_stays_finite_when_the_network_is_infinitely_sure_and_wrong(dtype: str) -> None:
    network = network_784((10,), dtype)
    network.parameters.vector *= 1e15
    measure, gradient = fast(network, SampleBatch(digits(300, dtype), None, 100))
    assert np.isfinite(measure.loss)
    assert np.isfinite(gradient.vector).all()


def test_that_overflow_is_left_to_the_caller_without_a_warning_from_any_thread() -> None:
    network = network_784((10,))
    network.parameters.vector *= 1e38
    measure, _ = fast(network, SampleBatch(digits(2000, "float32"), None, 100), threads=3)
    assert not np.isfinite(measure.loss)


@pytest.mark.parametrize("threads", [1, 2, 4])
@pytest.mark.parametrize("hidden", [(10,), (128,), (512,), (256, 256, 256)], ids=str)
def test_that_a_piece_of_work_is_bounded(hidden: tuple[int, ...], threads: int) -> None:
    sizes = (784, *hidden, 10)
    operations = 6 * Parameters.count(sizes)
    samples = made_up(3000, 784, dtype=np.float32)
    asked: list[int] = []

    class Counted(SampleBatch):
        def chunk(self, i: int) -> Chunk:
            asked.append(i)
            return super().chunk(i)

    with Passes(sizes, RELU, threads) as passes:
        assert passes.chunk_size <= max(64, CHUNK_OPERATIONS / operations)
        batch, parameters = Counted(samples, None, passes.chunk_size), Parameters(sizes)
        pieces, most = passes.measure(parameters, batch), 0
        for _ in pieces:
            most = max(most, len(asked) * passes.chunk_size * operations)
            asked.clear()
    assert 0 < most <= PIECE_OPERATIONS


def test_that_a_large_batch_on_a_wide_network_is_done_in_several_pieces() -> None:
    network = network_784((128,))
    with Passes(network.sizes, RELU) as passes:
        batch = SampleBatch(digits(3000, "float32"), None, passes.chunk_size)
        assert sum(1 for _ in passes.measure(network.parameters, batch)) > 1


def pass_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith("micronn-pass")]


def test_that_the_helper_threads_end_with_the_block() -> None:
    network = network_784((10,))
    with Passes(network.sizes, RELU, threads=3) as passes:
        run_to_end(passes.measure(network.parameters, SampleBatch(digits(400, "float32"), None, 50)))
        assert pass_threads()
    assert not pass_threads()


class _FailsInHelper(SampleBatch):
    """A batch that breaks in a helper thread; the calling thread waits until it has."""

    def __init__(self, samples: Samples) -> None:
        super().__init__(samples, None, 10)
        self._caller, self._broken = threading.current_thread(), threading.Event()

    def chunk(self, i: int) -> Chunk:
        if threading.current_thread() is not self._caller:
            self._broken.set()
            raise OSError("the disk is gone")
        assert self._broken.wait(10)
        return super().chunk(i)


def test_that_a_failure_in_a_helper_thread_reaches_the_caller() -> None:
    network = network_784((10,))
    with (
        Passes(network.sizes, RELU, threads=2) as passes,
        pytest.raises(OSError, match="the disk is gone"),
    ):
        run_to_end(passes.measure(network.parameters, _FailsInHelper(digits(100, "float32"))))


def test_that_samples_are_read_in_the_chosen_order() -> None:
    samples, chosen = made_up(50, 6), np.array([31, 4, 4, 15, 9])
    batch = SampleBatch(samples, chosen, 2)
    chunks = [batch.chunk(i) for i in range(len(batch))]
    assert [len(chunk.labels) for chunk in chunks] == [2, 2, 1]
    np.testing.assert_array_equal(np.concatenate([chunk.rows for chunk in chunks]), samples.rows[chosen])
    np.testing.assert_array_equal(np.concatenate([chunk.labels for chunk in chunks]), samples.labels[chosen])


def test_that_all_samples_are_read_without_a_copy() -> None:
    samples = made_up(50, 6)
    assert np.shares_memory(SampleBatch(samples, None, 20).chunk(1).rows, samples.rows)


def test_that_packing_keeps_every_ink_of_every_sample_and_leaves_blank_pixels_out() -> None:
    samples = digits(700, "float32")
    batch, _ = batch_of("packed", samples, 100)
    found = []
    for i in range(len(batch)):
        chunk = batch.chunk(i)
        assert chunk.columns is not None
        assert chunk.rows.any(axis=0).all()
        rows = np.zeros((len(chunk.rows), 784), np.float32)
        rows[:, chunk.columns] = chunk.rows
        found += [(int(label), row.tobytes()) for label, row in zip(chunk.labels, rows, strict=True)]
    original = zip(samples.labels.tolist(), samples.rows, strict=True)
    assert sorted(found) == sorted((label, row.tobytes()) for label, row in original)
    packed_numbers = sum(batch.chunk(i).rows.size for i in range(len(batch)))
    assert packed_numbers < 0.75 * samples.rows.size


def test_that_packing_yields_after_every_chunk() -> None:
    packed = PackedBatch(100)
    assert sum(1 for _ in packed.fill(digits(250, "float32"))) == len(packed) == 3
    assert packed.count == 250
