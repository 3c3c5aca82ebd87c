"""How well the ready networks read hands that they never saw: children's, printed, European, hurried.

It runs alone too: python -m tests.benchmarks.hands [network before, an .npz file].
"""

from __future__ import annotations

import sys

from rich.console import Console

from micronn_core.data.dataset import Samples
from micronn_core.data.mnist import load_mnist_test
from micronn_core.drawing.strokes import read_drawings
from micronn_core.evaluation.measure import measure as measure_network
from micronn_core.nn.network import Network
from micronn_core.runs.pretrained import READY, drawn_samples, load_ready
from micronn_core.runs.saved_network import load_network
from tests.benchmarks.measuring import Report
from tests.hands import CONDITIONS
from tests.paths import STROKES

SEEDS = (0, 1, 2)
"""Each hand writes all drawings so often."""


def measure(before: str = "") -> Report:
    """Return the accuracy of the ready networks, and of one from a file beside them."""
    drawings = read_drawings(STROKES)
    networks = {ready.label: load_ready(ready.name).network for ready in READY.values()}
    if before:
        networks["before"] = load_network(before).network
    rows = [("all 10,000 test pictures", "99.4 %", *_shares(networks, Samples.of(load_mnist_test())))]
    for condition in CONDITIONS:
        written = [one for seed in SEEDS for one in condition.written(drawings, seed)]
        rows.append(
            (condition.name, f"{100 * condition.aim:.1f} %", *_shares(networks, drawn_samples(written)))
        )
    notes = ("All networks see the drawings as they are prepared now.",)
    return Report("Other hands: accuracy", ("hand", "aim", *networks), tuple(rows), notes)


def _shares(networks: dict[str, Network], samples: Samples) -> list[str]:
    figures = (measure_network(network, samples).figures() for network in networks.values())
    return [f"{100 * found['accuracy']:.2f} %" for found in figures]


if __name__ == "__main__":
    Console().print(measure(*sys.argv[1:2]).as_rich())
