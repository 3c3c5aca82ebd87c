"""Tables as others spread them, on the command line: read as they are meant, with one remark."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from micronn_core.cli import main as cli
from micronn_core.data.dataset import Dataset
from micronn_core.data.mnist import load_mnist_test
from micronn_core.runs.pretrained import load_ready
from tests.core.shapes import write_npz


@pytest.fixture(scope="module")
def digits() -> Dataset:
    return load_mnist_test()


def run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    code = cli.main(list(map(str, words)))
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_that_each_line_of_kaggles_test_table_is_answered_in_kaggles_form(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, digits: Dataset
) -> None:
    table, output = tmp_path / "test.csv", tmp_path / "answers.csv"
    names = ",".join(f"pixel{i}" for i in range(784))
    np.savetxt(table, digits.values[:60], "%d", ",", header=names, comments="")
    code, out, err = run(capsys, "predict", table, "--model", "strong", "--output", output)
    assert (code, out) == (0, "")
    assert "60 answers are saved in" in err
    heading, *rows = csv.reader(output.read_text().splitlines())
    assert heading == ["ImageId", "Label"]
    assert [row[0] for row in rows] == [str(i) for i in range(1, 61)]
    network = load_ready("strong").network
    answers = network.predict(digits.values[:60].T / np.float32(255))
    assert [int(row[1]) for row in rows] == answers.tolist()


@pytest.mark.parametrize("turned", [False, True])
def test_that_pictures_on_their_side_are_said_to_be_and_can_be_turned(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, digits: Dataset, turned: bool
) -> None:
    some = digits.taken(np.arange(200))
    path = write_npz(tmp_path / "a.npz", some.transposed())
    words = ["evaluate", "strong", "--data", path, "--json", *(["--transpose"] if turned else [])]
    code, out, err = run(capsys, *words)
    assert code == 0
    right = load_ready("strong").network.predict(some.values.T / np.float32(255)) == some.labels
    assert (json.loads(out)["accuracy"] == right.mean().item()) is turned
    assert ("lie on their side" in err) is not turned
    assert ("--transpose turns these pictures" in err) is not turned


@pytest.mark.parametrize("words", [["train"], ["evaluate", "strong"]])
def test_that_turning_wants_a_file_of_pictures(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    code, _, err = run(capsys, *words, "--transpose")
    assert code == 2
    assert "--transpose is for the pictures of --data" in err


def test_that_a_ready_network_is_measured_by_its_name(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, digits: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = write_npz(tmp_path / "a.npz", digits.taken(np.arange(100)))
    assert run(capsys, "evaluate", "tutorial", "--data", path)[0] == 0


def test_that_remarks_are_one_line_before_training(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, digits: Dataset
) -> None:
    rows = np.column_stack([(digits.values[:40] > 127).astype(int), digits.labels[:40] % 8])
    np.savetxt(tmp_path / "a.csv", rows, "%d", ",")
    code, _, err = run(capsys, "train", "--data", tmp_path / "a.csv", "--epochs", 1, "--no-save", "--quiet")
    assert code == 0
    (line,) = [line for line in err.splitlines() if "remark" in line]
    assert line.startswith("micronn: remark: a.csv: The labels stand in the last column")
    assert "No pixel is above 1" in line
    assert "no samples of the classes 8, 9" in line
