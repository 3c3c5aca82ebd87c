"""How well the ready networks read 400 drawn digits, against the test pictures that these repeat.

It runs alone too: python -m tests.benchmarks.drawing_accuracy.
"""

from __future__ import annotations

from rich.console import Console

from micronn_core.data.dataset import Samples
from micronn_core.data.mnist import load_mnist_test
from micronn_core.drawing.preparation import Preparation
from micronn_core.drawing.strokes import read_drawings
from micronn_core.evaluation.measure import measure as measure_network
from micronn_core.nn.network import Network
from micronn_core.runs.pretrained import READY, SLANT, drawn_samples, load_ready
from tests.benchmarks.measuring import Report
from tests.paths import STROKES


def measure() -> Report:
    """Return the accuracy of both networks: on the test set, its 400 pictures, and their drawings."""
    drawings = read_drawings(STROKES)
    test = Samples.of(load_mnist_test())
    chosen = [drawing.index for drawing in drawings]
    conditions = {
        "all 10,000 test pictures": test,
        "the 400 test pictures": Samples(test.x[:, chosen], test.labels[chosen]),
        "drawn upright": drawn_samples(drawings),
    }
    kept = Preparation(straighten=False)
    for way, slant in (("left", -SLANT), ("right", SLANT)):
        conditions[f"drawn, slanted {SLANT:.0f}° to the {way}"] = drawn_samples(drawings, slant)
        conditions[f"the same, not straightened ({way})"] = drawn_samples(drawings, slant, kept)
    networks = {ready.label: load_ready(ready.name).network for ready in READY.values()}
    rows = [
        (name, *(_accuracy(network, samples) for network in networks.values()))
        for name, samples in conditions.items()
    ]
    return Report(
        "Drawn digits: accuracy",
        ("samples", *networks),
        tuple(rows),
        ("Aim: drawn upright within 1 point of the 400 pictures, slanted within 3 points.",),
    )


def _accuracy(network: Network, samples: Samples) -> str:
    return f"{100 * measure_network(network, samples).figures()['accuracy']:.2f} %"


if __name__ == "__main__":
    Console().print(measure().as_rich())
