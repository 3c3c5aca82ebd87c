"""Whatever ends the program, run, settings and drawing are there at the next start."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSettings

from micronn_core.runs.record import RunRecord
from micronn_core.runs.saved_network import load_network
from micronn_core.runs.store import RunStore
from tests.end_to_end.conftest import PROGRAM, environment
from tests.end_to_end.screen import PATIENCE, Window, find_window, wait_until
from tests.paths import CHECKOUT

pytestmark = pytest.mark.xdist_group("end to end")

ADAM = ('optimizer="adam"', "batch_size=128", "learning_rate=0.001", "hidden=[16]", "dropout=0.1")
RUNS = Path("MicroNN", "MicroNN", "runs")


@contextmanager
def training(folder: Path, *settings: str) -> Iterator[subprocess.Popen[str]]:
    """The program without a screen, training; it is gone afterwards."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.end_to_end.training_program", *settings],
        env=environment(folder, QT_QPA_PLATFORM="offscreen"),
        stdout=subprocess.PIPE,
        text=True,
        cwd=CHECKOUT,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_for(process: subprocess.Popen[str], true: Callable[[dict[str, object]], bool]) -> None:
    """Read what a program says until it is what was waited for."""
    assert process.stdout is not None
    for line in process.stdout:
        if true(json.loads(line)):
            return
    raise AssertionError("the program has ended")


def kept(folder: Path) -> RunRecord:
    """The only run that is kept, whole."""
    store = RunStore(folder / RUNS)
    (run,) = store.list()
    assert store.problems == ()
    return store.read(run.id)


def goes_on_exactly(folder: Path, run: RunRecord, epochs: int) -> None:
    """Let the run go on, on the command line, to an epoch that another run reaches without a stop."""
    config, step = run.config, run.final.metrics.step
    words = ["--optimizer", config.optimizer, "--batch-size", str(config.batch_size or 0)]
    words += ["--hidden", "-".join(map(str, config.hidden)), "--lr", str(config.learning_rate)]
    words += ["--dropout", str(config.dropout), "--epochs", str(epochs), "--quiet"]
    for more in (
        ["--continue", run.id, "--epochs", str(epochs), "--quiet", "--output", "on.npz"],
        [*words, "--output", "whole.npz"],
    ):
        ended = subprocess.run(
            [*PROGRAM, "train", *more], env=environment(folder), cwd=folder, capture_output=True, text=True
        )
        assert (ended.returncode, ended.stderr) == (0, "")
    on, whole = load_network(folder / "on.npz"), load_network(folder / "whole.npz")
    assert on.metrics["step"] > step
    np.testing.assert_array_equal(on.network.parameters.vector, whole.network.parameters.vector)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_that_a_signal_ends_the_program_as_its_cross_does(tmp_path: Path, number: signal.Signals) -> None:
    with training(tmp_path, *ADAM) as program:
        wait_for(program, lambda line: line.get("epoch", 0) >= 1)
        program.send_signal(number)
        assert program.wait(PATIENCE) == 0
    run = kept(tmp_path)
    assert run.ending == "stopped"
    assert run.final.metrics.epoch > 1
    settings = QSettings(str(tmp_path / "MicroNN" / "MicroNN.conf"), QSettings.Format.IniFormat)
    assert settings.contains("geometry")
    assert json.loads(str(settings.value("config")))["hidden"] == [16]
    if number is signal.SIGTERM:
        goes_on_exactly(tmp_path, run, int(run.final.metrics.epoch) + 2)


def test_that_without_a_home_training_goes_on_and_what_is_lost_is_said_at_the_end(tmp_path: Path) -> None:
    homeless = environment(tmp_path, QT_QPA_PLATFORM="offscreen", HOME="/dev/null/none")
    del homeless["XDG_CONFIG_HOME"], homeless["XDG_DATA_HOME"]
    with (
        (tmp_path / "stderr").open("w+") as complaints,
        subprocess.Popen(
            [sys.executable, "-m", "tests.end_to_end.training_program", "autosave=100"],
            env=homeless,
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
            cwd=CHECKOUT,
        ) as program,
    ):
        try:
            wait_for(program, lambda line: line.get("epoch", 0) >= 3)
            program.send_signal(signal.SIGTERM)
            assert program.wait(PATIENCE) == 0
        finally:
            program.kill()
        complaints.seek(0)
        said = complaints.read()
    assert said.count("lost: This run: ") == 1
    assert said.count("lost: The settings and the drawing on the pad: ") == 1


def test_that_a_killed_program_has_kept_its_run_which_goes_on_exactly(tmp_path: Path) -> None:
    with training(tmp_path, *ADAM, "autosave=100") as program:
        wait_for(program, lambda line: line.get("epoch", 0) >= 1)
        wait_until(lambda: list((tmp_path / RUNS).glob("*.npz")), "the file of the run")
        os.kill(program.pid, signal.SIGKILL)
        program.wait(PATIENCE)
    run = kept(tmp_path)
    assert run.ending == "interrupted"
    assert run.checkpoint is not None
    goes_on_exactly(tmp_path, run, int(run.final.metrics.epoch) + 2)


def test_that_a_run_goes_on_in_a_real_window_after_the_program_was_ended(
    window: Window, train: Callable[[int], None], program: subprocess.Popen[str], tmp_path: Path
) -> None:
    window.draw("Drawing pad", [(0.3, 0.2), (0.7, 0.2), (0.4, 0.8)])
    train(5)
    program.send_signal(signal.SIGTERM)
    assert program.wait(PATIENCE) == 0
    stopped = kept(tmp_path)
    epoch = int(stopped.final.metrics.epoch)
    assert epoch >= 5

    with subprocess.Popen(
        [sys.executable, "-m", "tests.end_to_end.observed"],
        env=environment(tmp_path, DISPLAY=window.display),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
    ) as again:
        try:
            found: list[Window] = []

            def look() -> bool:
                seen = find_window(window.display, again)
                found[:] = [seen] if seen else []
                return bool(found) and found[0].title == f"MicroNN – epoch {epoch}, paused"

            wait_until(look, "the window with the run of the last time")
            second = found[0]
            assert second.part("Drawing pad").description.startswith("1 ")
            second.click("Play (Space)")
            wait_until(lambda: second.epoch >= epoch + 3, "three epochs more")
            again.send_signal(signal.SIGTERM)
            assert again.wait(PATIENCE) == 0
        finally:
            again.kill()
    grown = kept(tmp_path)
    assert grown.id == stopped.id
    epochs = int(grown.final.metrics.epoch)
    assert epochs >= epoch + 3
    ended = subprocess.run(
        [*PROGRAM, "train", "--epochs", str(epochs), "--quiet", "--output", "whole.npz"],
        env=environment(tmp_path),
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert grown.final.parameters is not None
    whole = load_network(tmp_path / "whole.npz").network.parameters
    np.testing.assert_array_equal(grown.final.parameters.vector, whole.vector)
