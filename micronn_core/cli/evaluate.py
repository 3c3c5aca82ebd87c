"""What `micronn evaluate` does."""

from __future__ import annotations

import argparse
import math

from micronn_core.cli.terminal import architecture, figure_rows, say_remark, write_json, write_table
from micronn_core.common.errors import ConfigError
from micronn_core.common.texts import tr
from micronn_core.data.catalog import read_file, remark_about
from micronn_core.data.dataset import Samples
from micronn_core.data.fitting import fitted
from micronn_core.data.plausibility import ON_SIDE
from micronn_core.evaluation.measure import measure
from micronn_core.runs.pretrained import open_network
from micronn_core.training.feed import held_out


def run(options: argparse.Namespace) -> int:
    """Do what the words of the command line ask for; returns the exit code."""
    return evaluate(options.model, options.data, options.json, options.transpose)


def evaluate(model: str, data: str | None, json: bool, transpose: bool = False) -> int:
    """Measure a saved network on samples it has not learned from, or on a file, and report class by class.

    Args:
        model: a saved network, or the name of one of `READY`.
        data: a file of labelled samples; None for the test set of the network's own dataset, or
            for what its split validated on where there is none.
        json: write one JSON object instead of tables.
        transpose: turn the pictures of the file over the diagonal.

    Returns:
        The exit code, 0.

    Raises:
        MicroNNError: the network or the data cannot be used, or do not fit together.
    """
    saved = open_network(model)
    network, spec = saved.network, saved.spec
    if data is not None:
        found = read_file(data, transpose)
        say_remark(remark_about(found), tr(ON_SIDE) in found.remarks)
    elif transpose:
        raise ConfigError("transpose", tr("--transpose is for the pictures of --data: name their file."))
    dataset = fitted(held_out(saved.config) if data is None else found, spec, model)
    dtype, white = network.parameters.vector.dtype, saved.config.white
    measured = measure(network, Samples.of(dataset, None, dtype, white))
    classes = {
        name: {"count": int(count), "accuracy": float(correct / count) if count else math.nan}
        for name, count, correct in zip(spec.class_names, measured.counts, measured.correct, strict=True)
    }
    if json:
        write_json({"model": model, "data": dataset.name, **measured.figures(), "classes": classes})
        return 0
    rows = [*figure_rows(classes), *figure_rows({tr("all"): measured.figures()})]
    notes = tr(
        "Mean loss {loss:.4f}. The network is {sizes}, from {model}.",
        loss=measured.loss,
        sizes=architecture(network),
        model=model,
    )
    first = tr("digit") if spec.has_digits else tr("class")
    write_table(dataset.name, (first, tr("count"), tr("accuracy")), [row[:3] for row in rows], notes)
    return 0
