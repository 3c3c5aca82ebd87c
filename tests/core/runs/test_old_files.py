"""Networks and runs that earlier versions saved open, with everything in them."""

from __future__ import annotations

import json
import math
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from micronn_core.data.catalog import DATASETS
from micronn_core.data.dataset import Samples
from micronn_core.data.features import DataSpec, Pixels
from micronn_core.nn.network import Parameters
from micronn_core.runs.record import Moment
from micronn_core.runs.saved_network import load_network, save_network
from micronn_core.runs.store import RunStore
from micronn_core.settings.config import TrainingConfig
from tests.fixtures import FORMAT_1, digest, expected, holds

MNIST = DataSpec(Pixels(28, 28), tuple("0123456789"))
RUNS = expected("runs")
PLAIN = ("seconds", "ending", "name", "number", "id", "began", "fresh", "changed", "starred")


@pytest.mark.parametrize("name", expected("networks"))
def test_that_an_old_network_opens_with_everything_in_it(name: str, tmp_path: Path) -> None:
    wanted = expected("networks")[name]
    saved = load_network(FORMAT_1 / "networks" / name)
    for _ in range(2):  # as it was saved, and saved again by this program
        vector = saved.network.parameters.vector
        found = {
            "weights": digest(vector),
            "sizes": saved.network.sizes,
            "dtype": vector.dtype.name,
            "activation": saved.network.activation.name,
            "config": asdict(saved.config),
            "metrics": saved.metrics,
            "answers": wanted["answers"],
        }
        assert holds(found, wanted)
        assert saved.spec == MNIST
        saved = load_network(save_network(tmp_path / name, saved.network, saved.config, saved.metrics))


@pytest.mark.parametrize("name", expected("networks"))
def test_that_an_old_network_answers_as_it_did(name: str) -> None:
    saved = load_network(FORMAT_1 / "networks" / name)
    test = DATASETS["mnist"].load_test()
    x = Samples.of(test, np.arange(20), saved.config.dtype, saved.config.white).x
    assert saved.network.predict(x).tolist() == expected("networks")[name]["answers"]


@pytest.fixture
def runs(tmp_path: Path) -> RunStore:
    """A folder of runs as an earlier version has left it."""
    return RunStore(Path(shutil.copytree(FORMAT_1 / "runs", tmp_path / "runs")))


def moment_as_saved(moment: Moment | None) -> dict[str, Any] | None:
    if moment is None:
        return None
    assert isinstance(moment.parameters, Parameters)
    figures = moment.metrics._asdict()
    return {
        "metrics": {name: None if math.isnan(value) else value for name, value in figures.items()},
        "weights": digest(moment.parameters.vector),
        "sizes": moment.parameters.sizes,
        "dtype": moment.parameters.vector.dtype.name,
    }


def test_that_all_old_runs_are_listed(runs: RunStore) -> None:
    assert {run.id for run in runs.list()} == RUNS.keys()
    assert runs.problems == ()


@pytest.mark.parametrize("id_", RUNS)
def test_that_an_old_run_opens_with_everything_in_it(runs: RunStore, id_: str) -> None:
    for _ in range(2):  # as it was kept, and kept again by this program
        run = runs.read(id_)
        found = {
            "config": asdict(run.config),
            "curves": digest(run.curves),
            "steps": len(run.curves),
            "final": moment_as_saved(run.final),
            "best": moment_as_saved(run.best),
            **{name: getattr(run, name) for name in PLAIN},
        }
        assert holds(found, RUNS[id_])
        runs.save(run)


def test_that_the_recipe_of_an_old_window_opens_with_every_setting() -> None:
    lines = (FORMAT_1 / "window.ini").read_text("utf-8").splitlines()
    (text,) = (json.loads(line.removeprefix("config=")) for line in lines if line.startswith("config="))
    assert holds(asdict(TrainingConfig.from_json(text)), expected("window")["config"])
