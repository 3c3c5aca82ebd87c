"""Other people's libraries, trained as ours is; each is left out where it is not installed."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from importlib.metadata import version
from importlib.util import find_spec

from micronn_core.datasets import Samples
from tests.benchmarks.measuring import Contender

LEARNING_RATE = 0.1
LEARNING_RATES = {"gradient descent": LEARNING_RATE, "momentum": 0.01, "adam": 0.001}


def missing() -> list[str]:
    """Return a note for each library that is not there."""
    names = {"torch": "PyTorch", "sklearn": "scikit-learn"}
    return [
        f"{name} is not installed (pip install '.[bench]')."
        for module, name in names.items()
        if not find_spec(module)
    ]


def torch_contender(
    samples: Samples, hidden: int, batch_size: int | None, optimizer_name: str = "gradient descent"
) -> list[Contender]:
    """Return PyTorch's training loop as its own tutorial has it, on its own threads, in float32."""
    if not find_spec("torch"):
        return []
    import torch
    from torch import nn

    x, y = torch.from_numpy(samples.rows.copy()), torch.from_numpy(samples.labels.copy())
    model = nn.Sequential(nn.Linear(784, hidden), nn.ReLU(), nn.Linear(hidden, 10))
    loss_function = nn.CrossEntropyLoss()
    optim, rate = torch.optim, LEARNING_RATES[optimizer_name]
    makers: dict[str, Callable[[], torch.optim.Optimizer]] = {
        "gradient descent": lambda: optim.SGD(model.parameters(), lr=rate),
        "momentum": lambda: optim.SGD(model.parameters(), lr=rate, momentum=0.9),
        "adam": lambda: optim.Adam(model.parameters(), lr=rate),
    }
    optimizer = makers[optimizer_name]()

    def step(x: torch.Tensor, y: torch.Tensor) -> None:
        optimizer.zero_grad()
        loss_function(model(x), y).backward()
        optimizer.step()

    def run(epochs: int) -> None:
        for _ in range(epochs):
            if batch_size is None:
                step(x, y)
            else:
                for chosen in torch.randperm(len(x)).split(batch_size):
                    step(x[chosen], y[chosen])

    threads, epochs = torch.get_num_threads(), 3 if batch_size is None else 1
    name = f"PyTorch {version('torch')}, {optimizer_name}, {threads} threads"
    return [Contender(name, run, epochs)]


def sklearn_contender(samples: Samples, hidden: int, batch_size: int) -> list[Contender]:
    """Return scikit-learn's network with plain gradient descent."""
    if not find_spec("sklearn"):
        return []
    from sklearn.neural_network import MLPClassifier

    model = MLPClassifier(
        (hidden,), solver="sgd", momentum=0, alpha=0, batch_size=batch_size, learning_rate_init=LEARNING_RATE
    )
    rows, labels = samples.rows.copy(), samples.labels.copy()

    def run(epochs: int) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it counts each epoch as a run that did not converge
            for _ in range(epochs):
                model.partial_fit(rows, labels, classes=range(10))

    return [Contender(f"scikit-learn {version('scikit-learn')}, MLPClassifier", run, 1)]
