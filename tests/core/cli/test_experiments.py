"""`micronn cross-validate` and `micronn sweep` as their users meet them."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from micronn_core.cli import main as cli
from micronn_core.cli import sweep as sweep_command
from micronn_core.common.errors import MicroNNError
from micronn_core.data.dataset import Dataset
from micronn_core.experiments.jobs import Ended, Failed, Message
from micronn_core.experiments.sweep import train_run
from micronn_core.settings.config import TrainingConfig
from tests.core.tiny import use_tiny

COMMAND = [sys.executable, "-m", "micronn_core.cli.main"]
QUICK = ["--epochs", "2", "--batch-size", "32"]


class InThisProcess:
    """Runs a sweep where the tiny data are known, and lets the runs in `killed` die."""

    killed: tuple[int, ...] = ()

    def __init__(
        self, configs: Sequence[TrainingConfig], processes: int | None = None, more: Dataset | None = None
    ) -> None:
        self._messages = [message for job in enumerate(configs) for message in self._run(*job)]
        self.finished = False

    def _run(self, job: int, config: TrainingConfig) -> list[Message]:
        if job in self.killed:
            return [Message(job, Failed("Its process ended before its time."))]
        messages: list[Message] = []
        try:
            messages.extend(Message(job, content) for content in train_run(config))
        except MicroNNError as error:
            return [*messages, Message(job, Failed(str(error)))]
        return [*messages, Message(job, Ended())]

    def take(self, timeout: float = 0.0) -> list[Message]:
        self.finished = True
        return self._messages

    def close(self) -> None:
        pass


@pytest.fixture(autouse=True)
def _tiny_and_here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    use_tiny(monkeypatch)
    monkeypatch.setattr(sweep_command, "run_sweep", InThisProcess)
    monkeypatch.setattr(InThisProcess, "killed", ())
    monkeypatch.chdir(tmp_path)


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = cli.main(words)
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def json_lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


# -- cross-validate --


def test_that_the_folds_the_mean_and_the_deviation_are_reported(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "cross-validate", *QUICK, "--folds", "3")
    assert (code, err) == (0, "")
    assert "3 of 3 folds" in out
    assert "±" in out
    assert "(n - 1)" in out


def test_that_json_lines_tell_every_fold_and_the_figures_agree(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "cross-validate", *QUICK, "--folds", "4", "--json", "--threads", "1")
    config, *folds, result = json_lines(out)
    assert (code, err) == (0, "")
    assert (config["event"], config["folds"], config["epochs"]) == ("config", 4, 2)
    assert [(fold["event"], fold["fold"]) for fold in folds] == [("fold", i) for i in (1, 2, 3, 4)]
    accuracies = [fold["accuracy"] for fold in folds]
    assert result["event"] == "result"
    assert result["accuracy"] == pytest.approx(np.mean(accuracies))
    assert result["accuracy_deviation"] == pytest.approx(np.std(accuracies, ddof=1))


def test_that_quiet_folds_write_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "cross-validate", *QUICK, "--folds", "2", "--quiet") == (0, "", "")


@pytest.mark.parametrize("folds", ["1", "11", "some", "2.5"])
def test_that_a_wrong_number_of_folds_is_one_line_and_exit_code_2(
    capsys: pytest.CaptureFixture[str], folds: str
) -> None:
    code, out, err = run(capsys, "cross-validate", *QUICK, "--folds", folds)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "from 2 to 10" in err


def test_that_a_fold_that_diverges_is_one_line_and_exit_code_1(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "cross-validate", *QUICK, "--lr", "1000", "--l2", "1")
    assert (code, err.count("\n")) == (1, 1)
    assert err.startswith("micronn: error: Fold 1 of 5: ")


# -- sweep --


def test_that_the_runs_are_reported_by_their_accuracy(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(
        capsys, "sweep", *QUICK, "--set", "lr=0.001,0.3", "--set", "hidden=3,128-32", "--json"
    )
    begun, *runs, result = json_lines(out)
    assert (code, err) == (0, "")
    assert (begun["runs"], begun["settings"]) == (4, ["learning_rate", "hidden"])
    settings = [(found["learning_rate"], found["hidden"]) for found in runs]
    assert settings == [(0.001, [3]), (0.001, [128, 32]), (0.3, [3]), (0.3, [128, 32])]
    accuracies = [runs[i - 1]["validation_accuracy"] for i in result["ranking"]]
    assert accuracies == sorted(accuracies, reverse=True)
    assert len(accuracies) == result["complete"] == 4


def test_that_the_table_has_the_settings_that_vary_and_the_best_first(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, err = run(capsys, "sweep", *QUICK, "--set", "lr=0.0001,0.3", "--seed", "7")
    rows = [line.split() for line in out.splitlines() if "finished" in line]
    assert (code, err) == (0, "")
    assert "2 of 2 runs" in out
    assert [row[0] for row in rows] == ["0.3", "0.0001"]
    assert float(rows[0][1]) > float(rows[1][1])


def test_that_all_settings_and_figures_are_saved_as_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--set", "hidden=3,128-32", "--quiet", "--output", "runs.csv"]
    assert run(capsys, "sweep", *QUICK, *words) == (0, "", "")
    with open("runs.csv", encoding="utf-8-sig") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["hidden"] for row in rows} == {"3", "128-32"}
    accuracies = [float(row["final validation_accuracy"]) for row in rows]
    assert accuracies == sorted(accuracies, reverse=True)
    assert os.listdir() == ["runs.csv"]


@pytest.mark.parametrize(
    ("name", "written"), [("runs", "runs.csv"), ("runs.txt", "runs.txt.csv"), ("runs.xlsx", "runs.xlsx")]
)
def test_that_an_ending_that_a_table_lacks_is_appended_and_said(
    capsys: pytest.CaptureFixture[str], name: str, written: str
) -> None:
    words = ["--set", "lr=0.1,0.3", "--quiet", "--output", name]
    said = "" if name == written else f"micronn: {name} lacks its ending, so the file is {written}.\n"
    assert run(capsys, "sweep", *QUICK, *words) == (0, "", said)
    assert os.listdir() == [written]


def test_that_a_run_whose_process_dies_is_told_and_the_others_are_reported(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(InThisProcess, "killed", (0,))
    code, out, err = run(capsys, "sweep", *QUICK, "--set", "lr=0.1,0.3")
    assert code == 0
    assert err == "micronn: rate 0.1: Its process ended before its time.\n"
    assert "1 of 2 runs" in out


def test_that_a_run_that_diverges_comes_last_and_is_said_to_have_failed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, err = run(capsys, "sweep", *QUICK, "--l2", "1", "--set", "lr=1000,0.001")
    assert code == 0
    assert err.startswith("micronn: rate 1000: At step")
    rows = [line.split() for line in out.splitlines() if line.endswith(("finished ", "failed "))]
    assert [(row[0], row[-1]) for row in rows] == [("0.001", "finished"), ("1000", "failed")]


def test_that_a_sweep_of_which_no_run_ends_well_has_exit_code_1(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(InThisProcess, "killed", (0, 1))
    code, out, err = run(capsys, "sweep", *QUICK, "--set", "lr=0.1,0.3")
    assert (code, out, err.count("\n")) == (1, "", 2)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--set", "lr"], "--set wants"),
        (["--set", "speed=1,2"], "no setting"),
        (["--set", "lr=0.1"], "at least two values"),
        (["--set", "lr=0.1,0.2", "--set", "learning-rate=1,2"], "twice"),
        (["--set", "seed=" + ",".join(map(str, range(65)))], "65 runs"),
        (["--set", "batch_size=100,241"], "batch 241: The batch size must be"),
        (["--set", "lr=0.1,0.2", "--jobs", "0"], "--jobs must be"),
        (["--set", "lr=0.1,0.2", "--jobs", "1000000"], "--jobs must be"),
        ([], "--set"),
    ],
)
def test_that_a_wrong_sweep_is_one_line_and_exit_code_2(
    capsys: pytest.CaptureFixture[str], words: list[str], reason: str
) -> None:
    code, out, err = run(capsys, "sweep", *QUICK, *words)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert reason in err


@pytest.mark.parametrize("place", [".", "nowhere/runs.csv"])
def test_that_a_table_that_cannot_be_written_is_refused_before_anything_runs(
    capsys: pytest.CaptureFixture[str], place: str
) -> None:
    words = ["sweep", "--epochs", "1000000", "--set", "lr=0.1,0.2", "--output", place]
    code, out, err = run(capsys, *words)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert place in err


# -- Ctrl-C, with the real data and in processes of their own --


def _until(stream: Any, event: str) -> None:  # noqa: ANN401 - a pipe
    for line in stream:
        if json.loads(line)["event"] == event:
            return
    raise AssertionError(f"it ended before it told of a {event}")


def test_that_ctrl_c_ends_a_sweep_its_processes_and_reports_what_is_complete() -> None:
    words = ["sweep", "--split", "19999/9999", "--set", "epochs=1,1000000", "--json", "--jobs", "2"]
    with subprocess.Popen(
        [*COMMAND, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdout is not None
        _until(process.stdout, "run")
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: the children hear it too
        # The processes inherit the pipes, so this returns when the last of them has ended.
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err == "micronn: stopped after 1 of 2 runs.\n"
    assert json_lines(out)[-1] == {"event": "result", "complete": 1, "ranking": [1]}


def test_that_ctrl_c_ends_the_folds_and_reports_those_that_are_complete() -> None:
    words = ["cross-validate", "--split", "19999/9999", "--epochs", "4", "--folds", "10", "--json"]
    with subprocess.Popen(
        [*COMMAND, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        _until(process.stdout, "fold")
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    result = json_lines(out)[-1]
    assert (result["event"], result["accuracy_deviation"]) == ("result", None)
    assert err == "micronn: stopped after 1 of 10 folds.\n"
