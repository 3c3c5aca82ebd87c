"""MicroNN and load_data as the MicroNN tutorial has them, on top of the fast core.

The training script printed there runs unchanged after

    from micronn_core import MicroNN
    from micronn_core import load_data

and prints the same lines. From the same `np.random.seed` the weights start at the same numbers
and follow the same path, to float64 rounding; an epoch takes a fraction of the time.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import DTypeLike, NDArray

from micronn_core.common.texts import tr
from micronn_core.data.dataset import Dataset, Samples, one_hot
from micronn_core.data.readers import read_dataset
from micronn_core.nn.activations import RELU, Array, relu
from micronn_core.nn.loss import Labels, softmax
from micronn_core.nn.network import Network, Parameters, Trace
from micronn_core.training.compute.batches import PackedBatch, run_to_end
from micronn_core.training.compute.blas import single_blas_thread
from micronn_core.training.compute.passes import Passes

Gradients = tuple[Array, Array, Array, Array]


class MicroNN:
    """A two-layer network: ReLU, then softmax, trained on all samples at once (the MicroNN tutorial).

    Unlike `Network`, and like the tutorial's class, `forward` keeps z1, a1, z2 and a2 for the
    backward pass.

    Args:
        input_size: number of inputs, 784 for 28x28 pixels.
        hidden_size: neurons of the hidden layer.
        output_size: number of classes.
        dtype: float64 as in the tutorial, or float32 for twice the speed.

    Attributes:
        w1, b1, w2, b2: (hidden, input), (hidden, 1), (output, hidden), (output, 1), drawn from
            NumPy's global generator, evenly from -0.5 to 0.5.
        z1, a1, z2, a2: what the last `forward` computed; None before.
    """

    def __init__(
        self,
        input_size: int = 784,
        hidden_size: int = 10,
        output_size: int = 10,
        dtype: DTypeLike = np.float64,
    ) -> None:
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.output_size = output_size
        sizes = (input_size, hidden_size, output_size)
        self.network = Network(Parameters(sizes, dtype=dtype))
        for layer in self.network.layers:
            for numbers in layer:
                numbers[...] = np.random.rand(*numbers.shape) - 0.5
        self.z1: Array | None = None
        self.a1: Array | None = None
        self.z2: Array | None = None
        self.a2: Array | None = None

    def _get(self, layer: int, part: int) -> Array:
        return self.network.layers[layer][part]

    def _set(self, layer: int, part: int, value: Array) -> None:
        place = self.network.layers[layer][part]
        if np.shape(value) != place.shape:
            name = f"{'wb'[part]}{layer + 1}"
            text = tr(
                "{name} must have shape {shape}, not {found}",
                name=name,
                shape=place.shape,
                found=np.shape(value),
            )
            raise ValueError(text)
        place[...] = value

    w1 = property(lambda self: self._get(0, 0), lambda self, value: self._set(0, 0, value))
    b1 = property(lambda self: self._get(0, 1), lambda self, value: self._set(0, 1, value))
    w2 = property(lambda self: self._get(1, 0), lambda self, value: self._set(1, 0, value))
    b2 = property(lambda self: self._get(1, 1), lambda self, value: self._set(1, 1, value))

    def forward(self, x: Array) -> Array:
        """Return the probabilities, (output, m), of samples x (input, m); keep z1, a1, z2, a2."""
        trace = self.network.forward(x)
        (self.z1, self.z2), (self.a1, self.a2) = trace.z, trace.a
        return self.a2

    def relu(self, z: Array) -> Array:
        """Return max(0, z)."""
        return relu(z)

    def softmax(self, z: Array) -> Array:
        """Return the probabilities of logits z, (classes, m)."""
        return softmax(z)

    def one_hot(self, y: Labels) -> Array:
        """Return labels (m,) as columns, (output, m), with a 1 in the label's row."""
        return one_hot(y, self.output_size, self.network.parameters.vector.dtype)

    def backward(self, x: Array, y: Labels) -> Gradients:
        """Return (dw1, db1, dw2, db2) for samples x (input, m) and labels y (m,).

        Raises:
            RuntimeError: `forward` has not been called.
        """
        if self.z1 is None or self.a1 is None or self.z2 is None or self.a2 is None:
            raise RuntimeError(tr("call forward(x) before backward(x, y)"))
        trace = Trace(x, (self.z1, self.z2), (self.a1, self.a2))
        return _as_tuple(self.network.backward(trace, y))

    def relu_derivative(self, z: Array) -> Array:
        """Return 1.0 where z > 0, else 0.0."""
        return RELU.derivative(z, z)

    def update(self, grads: Gradients, lr: float) -> None:
        """Subtract `lr` times the gradients."""
        parameters = [part for layer in self.network.layers for part in layer]
        for parameter, gradient in zip(parameters, grads, strict=True):
            parameter -= lr * gradient

    def train(self, x: Array, y: Labels, lr: float = 0.1, epochs: int = 1000, print_every: int = 20) -> None:
        """Train on all samples at once and print the accuracy every `print_every` epochs.

        Args:
            x: (input, m).
            y: labels, (m,).
            lr: learning rate.
            epochs: number of steps.
            print_every: epochs between two lines.
        """
        dtype = self.network.parameters.vector.dtype
        samples = Samples(np.asarray(x, dtype), np.asarray(y, np.intp))
        gradient = Parameters(self.network.sizes, dtype=dtype)
        with Passes(self.network.sizes, self.network.activation) as passes, single_blas_thread():
            batch = PackedBatch(passes.chunk_size)
            run_to_end(batch.fill(samples))
            for epoch in range(epochs):
                run_to_end(passes.measure(self.network.parameters, batch, gradient))
                if epoch == epochs - 1:
                    self.forward(samples.x)  # what the tutorial's class keeps of its last step
                self.update(_as_tuple(gradient), lr)
                if epoch % print_every == 0:
                    accuracy = self.accuracy(self.predict(samples.x), samples.labels)
                    print(f"Epoch {epoch:4d} | Accuracy: {accuracy:.4f}")  # noqa: T201 - the tutorial's line

    def predict(self, x: Array) -> NDArray[np.intp]:
        """Return the most probable class of each column of x, (m,)."""
        answers: NDArray[np.intp] = self.forward(x).argmax(axis=0)
        return answers

    def accuracy(self, preds: Labels, y: Labels) -> float:
        """Return the share of predictions (m,) that equal the labels (m,), 0 to 1."""
        return float(np.sum(preds == y) / np.size(y))


def _as_tuple(parameters: Parameters) -> Gradients:
    (w1, b1), (w2, b2) = parameters.layers
    return w1, b1, w2, b2


def load_data(path: str | Path, train_split: float = 0.8) -> tuple[Array, Labels, Array, Labels]:
    """Read a CSV of MNIST, shuffle it by NumPy's global generator, and split it (the MicroNN tutorial).

    Both Kaggle forms are read: `mnist_train.csv` and the digit recognizer's `train.csv`.

    Args:
        path: the CSV; the first column is the label.
        train_split: share of the samples to train on, between 0 and 1.

    Returns:
        x_train (784, m), y_train (m,), x_val (784, n), y_val (n,); pixels in float64, 0 to 1.

    Raises:
        DataError: the file cannot be used; it says where and why.
        ValueError: `train_split` is not between 0 and 1.
    """
    if not 0 < train_split < 1:
        raise ValueError(tr("train_split must lie between 0 and 1, not {found}", found=train_split))
    dataset = read_dataset(Path(path))
    order = _shuffled_rows(len(dataset))
    stop = int(train_split * len(dataset))
    train, validation = (_tutorial_arrays(dataset, part) for part in (order[:stop], order[stop:]))
    return (*train, *validation)


def _shuffled_rows(count: int) -> NDArray[np.intp]:
    """Shuffle as the tutorial does: row by row of a two-dimensional array."""
    rows = np.arange(count).reshape(-1, 1)
    np.random.shuffle(rows)
    return rows.ravel()


def _tutorial_arrays(dataset: Dataset, rows: NDArray[np.intp]) -> tuple[Array, Labels]:
    samples = Samples.of(dataset, rows, np.float64)
    return samples.x, samples.labels
