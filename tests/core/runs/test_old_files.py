"""Networks and runs that earlier versions saved open, with everything in them."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from micronn_core.data.catalog import DATASETS
from micronn_core.data.dataset import Samples
from micronn_core.data.features import DIGITS_SPEC
from micronn_core.runs.saved_network import load_network, save_network
from micronn_core.runs.store import RunStore
from micronn_core.settings.config import TrainingConfig
from tests.fixtures import (
    FORMAT_1,
    FORMATS,
    expected,
    holds,
    names_of,
    network_as_found,
    run_as_found,
)


@pytest.mark.parametrize(("number", "name"), names_of("networks"))
def test_that_an_old_network_opens_with_everything_in_it(number: int, name: str, tmp_path: Path) -> None:
    wanted = {**expected("networks", number)[name]}
    wanted.pop("answers", None)
    saved = load_network(FORMATS[number] / "networks" / name)
    for _ in range(2):  # as it was saved, and saved again by this program
        assert holds(network_as_found(saved), wanted)
        saved = load_network(
            save_network(tmp_path / name, saved.network, saved.config, saved.spec, saved.metrics, saved.run)
        )


@pytest.mark.parametrize("name", expected("networks"))
def test_that_a_network_of_the_first_format_answers_as_it_did(name: str) -> None:
    saved = load_network(FORMAT_1 / "networks" / name)
    assert saved.spec == DIGITS_SPEC
    test = DATASETS["mnist"].load_test
    assert test is not None
    x = Samples.of(test(), np.arange(20), saved.config.dtype, saved.config.white).x
    assert saved.network.predict(x).tolist() == expected("networks")[name]["answers"]


def store_of(number: int, folder: Path) -> RunStore:
    """Return a folder of runs as an earlier version has left it."""
    return RunStore(Path(shutil.copytree(FORMATS[number] / "runs", folder / "runs")))


@pytest.mark.parametrize("number", FORMATS)
def test_that_all_old_runs_are_listed(number: int, tmp_path: Path) -> None:
    store = store_of(number, tmp_path)
    assert {run.id for run in store.list()} == expected("runs", number).keys()
    assert store.problems == ()


@pytest.mark.parametrize(("number", "id_"), names_of("runs"))
def test_that_an_old_run_opens_with_everything_in_it(number: int, id_: str, tmp_path: Path) -> None:
    store = store_of(number, tmp_path)
    for _ in range(2):  # as it was kept, and kept again by this program
        run = store.read(id_)
        assert holds(run_as_found(run), expected("runs", number)[id_])
        assert number > 1 or run.spec == DIGITS_SPEC
        store.save(run)


@pytest.mark.parametrize("number", FORMATS)
def test_that_the_recipe_of_an_old_window_opens_with_every_setting(number: int) -> None:
    lines = (FORMATS[number] / "window.ini").read_text("utf-8").splitlines()
    (text,) = (json.loads(line.removeprefix("config=")) for line in lines if line.startswith("config="))
    assert holds(asdict(TrainingConfig.from_json(text)), expected("window", number)["config"])
