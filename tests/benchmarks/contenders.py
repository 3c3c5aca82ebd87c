"""Other people's libraries, trained as ours is; each is left out where it is not installed."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from importlib.metadata import version
from importlib.util import find_spec

import numpy as np

from micronn_core.data.dataset import Samples
from micronn_core.nn.network import Parameters
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
    samples: Samples,
    hidden: int,
    batch_size: int | None,
    optimizer_name: str = "gradient descent",
    rate: float | None = None,
    start: Parameters | None = None,
    seed: int = 0,
) -> list[Contender]:
    """Return PyTorch's training loop as its own tutorial has it, on its own threads, in float32.

    Args:
        samples: what it learns from.
        hidden: neurons of the hidden layer.
        batch_size: None for all samples at once.
        optimizer_name: "gradient descent", "momentum" or "adam".
        rate: the learning rate; a usual one if not given.
        start: the weights to start from; its own if not given.
        seed: decides the order of the samples.
    """
    if not find_spec("torch"):
        return []
    import torch
    from torch import nn

    torch.manual_seed(seed)
    x, y = torch.from_numpy(samples.rows.copy()), torch.from_numpy(samples.labels.copy())
    model = nn.Sequential(nn.Linear(784, hidden), nn.ReLU(), nn.Linear(hidden, 10))
    if start is not None:
        nn.utils.vector_to_parameters(torch.from_numpy(start.vector.copy()), model.parameters())
    loss_function = nn.CrossEntropyLoss()
    optim, rate = torch.optim, rate or LEARNING_RATES[optimizer_name]
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

    def weights() -> Parameters:
        vector = nn.utils.parameters_to_vector(model.parameters()).detach().numpy()
        return Parameters((784, hidden, 10), vector)

    threads, epochs = torch.get_num_threads(), 3 if batch_size is None else 1
    name = f"PyTorch {version('torch')}, {optimizer_name}, {threads} threads"
    return [Contender(name, run, epochs, weights)]


def sklearn_contender(
    samples: Samples,
    hidden: int,
    batch_size: int,
    momentum: float = 0,
    rate: float = LEARNING_RATE,
    start: Parameters | None = None,
    seed: int = 0,
) -> list[Contender]:
    """Return scikit-learn's network with plain gradient descent, or with momentum, in float32.

    Args:
        samples: what it learns from.
        hidden: neurons of the hidden layer.
        batch_size: samples in a batch.
        momentum: beta; 0 for plain descent.
        rate: the learning rate.
        start: the weights to start from; its own if not given.
        seed: decides the order of the samples.
    """
    if not find_spec("sklearn"):
        return []
    from sklearn.neural_network import MLPClassifier

    model = MLPClassifier(
        (hidden,),
        solver="sgd",
        momentum=momentum,
        nesterovs_momentum=not momentum,  # its default where nothing is asked for
        alpha=0,
        batch_size=batch_size,
        learning_rate_init=rate,
        random_state=np.random.RandomState(seed),  # a number would repeat the order in each epoch
    )
    rows, labels = samples.rows.copy(), samples.labels.copy()

    def learn(rows: np.ndarray, labels: np.ndarray) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it counts each epoch as a run that did not converge
            model.partial_fit(rows, labels, classes=range(10))

    def run(epochs: int) -> None:
        for _ in range(epochs):
            learn(rows, labels)

    def weights() -> Parameters:
        arrays = zip(model.coefs_, model.intercepts_, strict=True)
        vector = np.concatenate([part.ravel() for weight, bias in arrays for part in (weight.T, bias)])
        return Parameters((784, hidden, 10), vector)

    if start is not None:
        learn(rows[:1], labels[:1])  # makes its arrays
        for layer, weight, bias in zip(start.layers, model.coefs_, model.intercepts_, strict=True):
            weight[...], bias[...] = layer.weight.T, layer.bias[:, 0]
        for velocity in model._optimizer.velocities:
            velocity[...] = 0
    return [Contender(f"scikit-learn {version('scikit-learn')}, MLPClassifier", run, 1, weights)]
