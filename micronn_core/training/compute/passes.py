"""Fast passes over many samples: loss, correct answers and gradient in one sweep.

`Network.forward` and `Network.backward` say what is computed; `Passes` computes the same, up
to rounding, several times faster:

- in chunks, forward and backward together, so that a chunk of x is still in the cache when
  the backward pass needs it again;
- on two threads that take the next chunk as they come free, with the matrix library held to
  one thread each; a batch of a single chunk is too short for that, and runs on as many of the
  library's own threads as it is let (`blas`);
- in bounded pieces, yielding between them, so that training can pause in the middle.

The chunks depend on the network and the batch alone and their sums are added in order, so the
result is the same bit for bit however many of our threads there are. The library's own threads
cut a product elsewhere: with so many of them the result is always the same, but with another
number it is rounded otherwise.
"""

from __future__ import annotations

import math
import os
from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from micronn_core.nn.activations import Activation, Array
from micronn_core.nn.dropout import Dropout
from micronn_core.nn.network import Layer, Parameters
from micronn_core.training.compute.batches import Batch, Chunk
from micronn_core.training.compute.blas import single_blas_thread
from micronn_core.training.compute.products import weight_gradient, weighted_sums

CHUNK = 1_200
"""Most samples in a chunk: ten blocks of 120, under 4 MB of pixels."""

CHUNK_OPERATIONS = 200e6
"""Most multiplications and additions in a chunk, so that wide networks get shorter chunks."""

PIECE_OPERATIONS = 800e6
"""Multiplications and additions between two yields: under 20 ms on two slow cores."""


class Measure(NamedTuple):
    """What a pass found: mean loss, share of correct answers (0 to 1), number of samples."""

    loss: float
    accuracy: float
    samples: int


class _Task(NamedTuple):
    """What a pass does to each chunk of its samples; `shift` is softmax's, if it is common to all."""

    parameters: Parameters
    activation: Activation
    samples: int
    gradient: Parameters | None
    dropout: Dropout | None
    shift: float | None


class _Part(NamedTuple):
    """One chunk's part of the sums."""

    loss: float
    correct: int
    gradient: Parameters | None


def default_threads() -> int:
    """Return how many threads share a pass: one per core, at most four."""
    return min(os.cpu_count() or 1, 4)


class Passes:
    """Runs passes over batches for networks of one shape.

    Use it in a `with` block: it owns a thread.

    Args:
        sizes: neurons per layer.
        activation: of the hidden layers.
        threads: how many threads share the work; by default one per core, at most four.
        shift_whole_batch: let softmax subtract the largest logit of the whole batch where there is a
            gradient to fill: the deep network's fault.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        activation: Activation,
        threads: int | None = None,
        shift_whole_batch: bool = False,
    ) -> None:
        self._activation = activation
        self._shift_whole_batch = shift_whole_batch
        self._threads = threads or default_threads()
        self._helpers = ThreadPoolExecutor(max(1, self._threads - 1), thread_name_prefix="micronn-pass")
        operations = 6 * Parameters.count(sizes)  # one product forward and two backward, 2 per weight
        self.chunk_size = int(min(CHUNK, max(64, CHUNK_OPERATIONS // operations)))
        self._piece = max(self._threads, int(PIECE_OPERATIONS // (operations * self.chunk_size)))

    def __enter__(self) -> Passes:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the helper threads."""
        self.close()

    def close(self) -> None:
        """End the helper threads; work under way is waited for."""
        self._helpers.shutdown()

    def measure(
        self,
        parameters: Parameters,
        batch: Batch,
        gradient: Parameters | None = None,
        dropout: Dropout | None = None,
    ) -> Generator[None, None, Measure]:
        """Measure a network on a batch, yielding between pieces of work.

        Args:
            parameters: the network's weights and biases; not changed.
            batch: the samples, in chunks of at most `chunk_size`.
            gradient: overwritten with the gradient of the mean loss; without it only the
                forward pass is run.
            dropout: silences hidden neurons, if given.
        """
        loss, correct = 0.0, 0
        shift = None
        if self._shift_whole_batch and gradient is not None:
            shift = yield from self._largest_logit(parameters, batch, dropout)
        task = _Task(parameters, self._activation, batch.count, gradient, dropout, shift)
        for first in range(0, len(batch), self._piece):
            piece = range(first, min(first + self._piece, len(batch)))
            for part in self._run_piece(task, batch, piece):
                loss += part.loss
                correct += part.correct
                if gradient is not None and part.gradient is not None and part.gradient is not gradient:
                    gradient.vector += part.gradient.vector
            yield
        return Measure(loss / batch.count, correct / batch.count, batch.count)

    def _run_piece(self, task: _Task, batch: Batch, piece: range) -> list[_Part]:
        """Run some chunks. The first of the batch writes into the gradient itself, to save memory traffic."""
        if len(batch) == 1:
            return [_run_chunk(task, batch.chunk(0), 0)]
        parts: dict[int, _Part] = {}
        upcoming = iter(piece)  # shared: the next thread that is free takes the next chunk

        def work() -> None:
            for i in upcoming:
                own = task.gradient
                if own is not None and i > 0:
                    own = Parameters(own.sizes, np.empty_like(own.vector))
                parts[i] = _run_chunk(task._replace(gradient=own), batch.chunk(i), i)

        with single_blas_thread():
            helpers = [self._helpers.submit(work) for _ in range(min(self._threads, len(piece)) - 1)]
            work()
            for helper in helpers:
                helper.result()
        return [parts[i] for i in piece]

    def _largest_logit(
        self, parameters: Parameters, batch: Batch, dropout: Dropout | None
    ) -> Generator[None, None, float]:
        """Return the largest logit of all samples of a batch."""
        largest = -math.inf
        for i in range(len(batch)):
            chunk = batch.chunk(i)
            layers = _layers_for(chunk, parameters)
            with np.errstate(over="ignore", invalid="ignore"):
                _, activations, _ = _hidden_forward(layers[:-1], self._activation, chunk.rows, dropout, i)
                logits = activations[-1] @ layers[-1].weight.T + layers[-1].bias.T
            largest = max(largest, float(logits.max()))
            yield
        return largest


def _run_chunk(task: _Task, chunk: Chunk, i: int) -> _Part:
    """Run forward, and backward if there is a gradient to fill, on the i-th chunk of a batch.

    Overflow is for the caller to judge by the sums: NumPy would warn of it in one thread only.
    """
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        return _forward_and_backward(task, chunk, i)


def _forward_and_backward(task: _Task, chunk: Chunk, i_chunk: int) -> _Part:
    layers = _layers_for(chunk, task.parameters)
    hidden = _hidden_forward(layers[:-1], task.activation, chunk.rows, task.dropout, i_chunk)
    zs, activations, masks = hidden
    before = activations[-1]
    # From here the classes come first in memory: sums over ten classes then run along the samples.
    logits = layers[-1].weight @ before.T + layers[-1].bias
    loss, correct = _softmax_loss(logits, chunk.labels, task.shift)
    if task.gradient is None:
        return _Part(loss, correct, None)
    logits /= task.samples  # here, where it is small: the gradients are then parts of the mean
    dz = logits.T
    for i in reversed(range(len(layers))):
        out = task.gradient.layers[i]
        if i == 0 and chunk.columns is not None:
            out.weight[...] = 0
            out.weight[:, chunk.columns] = weight_gradient(dz, chunk.rows)
        else:
            weight_gradient(dz, activations[i], out.weight)
        out.bias[...] = dz.T @ np.ones((len(dz), 1), dz.dtype)
        if i:
            dz = dz @ layers[i].weight
            a = activations[i]
            if task.dropout is not None:
                dz *= masks[i - 1]
                a = a * a.dtype.type(task.dropout.kept)  # as the activation was, where it is kept
            dz *= task.activation.derivative(zs[i - 1], a)
    return _Part(loss, correct, task.gradient)


def _layers_for(chunk: Chunk, parameters: Parameters) -> tuple[Layer, ...]:
    """Return the layers, the first one without the weights of pixels that the chunk leaves out."""
    if chunk.columns is None:
        return parameters.layers
    first, *others = parameters.layers
    return (Layer(first.weight.take(chunk.columns, axis=1), first.bias), *others)


def _hidden_forward(
    layers: Sequence[Layer], activation: Activation, rows: Array, dropout: Dropout | None, i_chunk: int
) -> tuple[list[Array], list[Array], list[Array]]:
    """Return the hidden layers' weighted sums, the input with their activations, and what dropout did."""
    zs: list[Array] = []
    activations = [rows]
    masks: list[Array] = []
    for i, (weight, bias) in enumerate(layers):
        z = weighted_sums(activations[-1], weight)
        z += bias.T
        a = activation.function(z)
        if dropout is not None:
            masks.append(dropout.mask(i_chunk, i, a.shape, a.dtype))
            a *= masks[-1]
        zs.append(z)
        activations.append(a)
    return zs, activations, masks


def _softmax_loss(logits: Array, labels: NDArray[np.intp], shift: float | None) -> tuple[float, int]:
    """Return the summed cross-entropy and the correct answers of logits (classes, m).

    The logits are overwritten: their memory becomes dz = softmax(z) - one_hot(y).

    Args:
        logits: (classes, m).
        labels: (m,).
        shift: what to subtract from all logits; None for the largest of each sample.
    """
    m = labels.size
    true = labels * m + np.arange(m)  # where each sample's true class lies in the flat array
    flat = logits.reshape(-1)
    largest = logits.max(axis=0)
    logits -= largest
    true_logits = flat[true]
    if np.count_nonzero(logits == 0) == m:  # one largest logit each
        correct = np.count_nonzero(true_logits == 0)
    else:  # a draw: the first of the largest is the answer
        correct = np.count_nonzero(logits.argmax(axis=0) == labels)
    if shift is not None:
        logits += largest - logits.dtype.type(shift)
        true_logits = flat[true]
    np.exp(logits, out=logits)
    sums = logits.sum(axis=0)
    logits /= sums
    flat[true] -= 1
    np.maximum(true_logits, np.finfo(logits.dtype).min, out=true_logits)
    loss = np.log(sums).sum(dtype=np.float64) - true_logits.sum(dtype=np.float64)
    return float(loss), int(correct)
