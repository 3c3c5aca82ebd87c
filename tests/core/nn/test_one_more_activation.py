"""Whoever adds an activation adds a row: config, command line, training, explanation and health have it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from micronn_core.cli import main as cli
from micronn_core.common.errors import ConfigError
from micronn_core.diagnostics.health import examine
from micronn_core.explain.derivations import Number
from micronn_core.explain.explanation import explain
from micronn_core.explain.gradient_check import check_all
from micronn_core.nn.activations import ACTIVATIONS
from micronn_core.nn.network import Network
from micronn_core.runs.saved_network import load_network
from micronn_core.settings.config import TrainingConfig
from tests.core.diagnostics.health_runs import trained
from tests.core.nn.one_more import SOFTSIGN, add_softsign
from tests.core.tiny import use_tiny


@pytest.fixture(autouse=True)
def _added(monkeypatch: pytest.MonkeyPatch) -> None:
    add_softsign(monkeypatch)


def test_that_a_config_takes_it_and_names_it_where_it_refuses_another() -> None:
    assert TrainingConfig(activation="softsign").activation == "softsign"
    with pytest.raises(ConfigError, match="softsign"):
        TrainingConfig(activation="step")


def test_that_the_command_line_trains_with_it_and_saves_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    use_tiny(monkeypatch)
    monkeypatch.chdir(tmp_path)
    words = ["--activation", "softsign", "--epochs", "2", "--output", "it.npz", "--json"]
    assert cli.main(["train", *words]) == 0
    first = json.loads(capsys.readouterr().out.splitlines()[0])
    assert first["activation"] == "softsign"
    assert load_network(Path("it.npz")).network.activation.name == "softsign"


def test_that_its_slope_is_taken_for_learning() -> None:
    run = trained(activation="softsign", learning_rate=0.5)
    assert run.history.column("loss")[-1] < 0.5 * run.history.column("loss")[0]


def test_that_a_learning_step_with_it_is_explained_with_its_own_code_and_formula() -> None:
    network = Network.create((6, 5, 3), ACTIVATIONS["softsign"], seed=1, dtype=np.float64)
    explanation = explain(network, np.linspace(-1, 1, 6), 1, 0.1)
    step = explanation.step("a1")
    assert step.code == "return z / (1 + np.abs(z))"
    assert SOFTSIGN.latex in step.latex
    assert explanation.derive(Number("a1", 2)).function == "Softsign"
    assert "Softsign′(z1)" in explanation.arrays


def test_that_its_gradient_is_checked_without_kinks() -> None:
    network = Network.create((6, 5, 3), ACTIVATIONS["softsign"], seed=1, dtype=np.float64)
    *_, last = check_all(explain(network, np.linspace(-1, 1, 6), 1, 0.1))
    assert last.checked == last.total
    assert last.kinks == 0
    assert last.largest_error < 1e-6


def test_that_its_health_is_told_by_what_the_row_says() -> None:
    run = trained(activation="softsign", initializer="uniform", pixels="0 to 255", epochs=2)
    assert np.isnan(run.layers[0].dead)
    assert run.layers[0].saturated > 0.5
    healthy = trained(activation="softsign", initializer="xavier", learning_rate=0.5)
    assert [finding.kind for finding in examine(healthy)] == []
