"""The MicroNN tutorial's class as a yardstick: its mathematics, its order of operations, its prints.

Straight float64 NumPy, every product in one piece. Tests compare results with it; benchmarks
compare times. Nothing here uses `micronn_core`.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

Gradients = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


class TutorialMicroNN:
    """The two-layer network of the MicroNN tutorial; columns are samples."""

    def __init__(self, input_size: int = 784, hidden_size: int = 10, output_size: int = 10) -> None:
        self.output_size = output_size
        self.w1 = np.random.rand(hidden_size, input_size) - 0.5
        self.b1 = np.random.rand(hidden_size, 1) - 0.5
        self.w2 = np.random.rand(output_size, hidden_size) - 0.5
        self.b2 = np.random.rand(output_size, 1) - 0.5

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.z1 = self.w1.dot(x) + self.b1
        self.a1 = np.maximum(self.z1, 0)
        self.z2 = self.w2.dot(self.a1) + self.b2
        powers = np.exp(self.z2 - np.max(self.z2, axis=0, keepdims=True))
        self.a2 = powers / np.sum(powers, axis=0, keepdims=True)
        return self.a2

    def backward(self, x: np.ndarray, y: np.ndarray) -> Gradients:
        share = 1 / y.size
        target = np.zeros((self.output_size, y.size))
        target[y, np.arange(y.size)] = 1
        dz2 = self.a2 - target
        dw2 = share * dz2.dot(self.a1.T)
        db2 = share * np.sum(dz2, axis=1, keepdims=True)
        dz1 = self.w2.T.dot(dz2) * (self.z1 > 0).astype(float)
        dw1 = share * dz1.dot(x.T)
        db1 = share * np.sum(dz1, axis=1, keepdims=True)
        return dw1, db1, dw2, db2

    def update(self, grads: Gradients, lr: float) -> None:
        for parameter, gradient in zip((self.w1, self.b1, self.w2, self.b2), grads, strict=True):
            parameter -= lr * gradient

    def train(self, x: np.ndarray, y: np.ndarray, lr: float, epochs: int, print_every: int) -> None:
        for epoch in range(epochs):
            self.forward(x)
            self.update(self.backward(x, y), lr)
            if epoch % print_every == 0:
                print(f"Epoch {epoch:4d} | Accuracy: {self.accuracy(self.predict(x), y):.4f}")  # noqa: T201

    def predict(self, x: np.ndarray) -> np.ndarray:
        return np.argmax(self.forward(x), axis=0)

    def accuracy(self, predictions: np.ndarray, y: np.ndarray) -> float:
        return np.sum(predictions == y) / y.size


def tutorial_load_data(
    path: Path, train_split: float = 0.8
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Read, shuffle and split a CSV as the MicroNN tutorial does."""
    table = np.array(pd.read_csv(path))
    np.random.shuffle(table)
    cut = int(train_split * len(table))
    train, validation = table[:cut, :], table[cut:, :]
    return train[:, 1:].T / 255.0, train[:, 0], validation[:, 1:].T / 255.0, validation[:, 0]
