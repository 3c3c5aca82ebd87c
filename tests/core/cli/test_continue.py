"""A run that was stopped and continued on the command line is the run that was never stopped."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from micronn_core.cli import main as cli
from micronn_core.cli import train as train_command
from micronn_core.cli.terminal import Interrupts
from micronn_core.data.catalog import DATASETS, DatasetSource
from micronn_core.data.mnist import load_mnist_test, load_mnist_train
from micronn_core.data.splits import SPLITS, SplitRule
from micronn_core.drawing.my_digits import MyDigits
from micronn_core.runs.opening import network_of
from micronn_core.runs.saved_network import load_network, save_network
from micronn_core.runs.store import RunStore
from tests.core.runs.run_records import record, with_checkpoint
from tests.core.samples import of_digits
from tests.fixtures import FORMAT_1

QUICK = ("--dataset", "tiny", "--split", "tiny", "--hidden", "6", "--batch-size", "32")
LETTERS = Path("letters.csv")


@pytest.fixture(autouse=True)
def _in_an_empty_folder_with_tiny_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    train, test = load_mnist_train(), load_mnist_test()
    samples = of_digits("Tiny", train.values[:500], train.labels[:500])
    others = of_digits("Tiny, test", test.values[:200], test.labels[:200])
    source = DatasetSource("tiny", "Tiny", lambda: samples, lambda: others, samples.spec)
    monkeypatch.setitem(DATASETS, "tiny", source)
    monkeypatch.setitem(SPLITS, "tiny", SplitRule("tiny", "Tiny", 400, 100, "this test"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def stop_after(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Let Ctrl-C be pressed while a piece of work of that number is done."""

    def stop(pieces: int) -> None:
        class Soon(Interrupts):
            looked = 0

            @property
            def received(self) -> int:
                self.looked += 1
                return 2 if self.looked >= pieces else 0

            @received.setter
            def received(self, code: int) -> None:
                pass

        monkeypatch.setattr(train_command, "Interrupts", Soon if pieces else Interrupts)

    return stop


def rows(text: str) -> list[dict[str, Any]]:
    """The JSON lines of the epochs, without how long they took."""
    lines = [json.loads(line) for line in text.splitlines()]
    return [
        {name: value for name, value in line.items() if name != "seconds"}
        for line in lines
        if line["event"] == "epoch"
    ]


def train(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, list[dict[str, Any]], str]:
    code = cli.main(["train", *words, "--json"])
    captured = capsys.readouterr()
    return code, rows(captured.out), captured.err


def weights(path: str) -> np.ndarray[Any, Any]:
    return load_network(path).network.parameters.vector


def write_letters(path: Path = LETTERS, scale: float = 1.0) -> None:
    chance = np.random.default_rng(5)
    lines = [
        ",".join((*(f"{scale * value:.4f}" for value in chance.normal(i % 3, 1, 4)), "abc"[i % 3]))
        for i in range(120)
    ]
    path.write_text("a,b,c,d,letter\n" + "\n".join(lines) + "\n", "utf-8")


def export_digits() -> None:
    digits, train = MyDigits(Path("kept")), load_mnist_train()
    for i in range(700, 720):
        digits.keep(train.values[i].reshape(28, 28), int(train.labels[i]))
    digits.export("mine.zip")


WAYS: dict[str, tuple[str, ...]] = {
    "momentum": (*QUICK, "--optimizer", "momentum", "--lr", "0.02"),
    "adam with cosine": (*QUICK, "--optimizer", "adam", "--lr", "0.01", "--schedule", "cosine"),
    "dropout": (*QUICK, "--dropout", "0.3", "--l2", "0.001"),
    "variation": (*QUICK, "--vary", "gentle"),
    "full batch": (
        "--dataset",
        "tiny",
        "--split",
        "tiny",
        "--optimizer",
        "nesterov",
        "--lr",
        "0.05",
        "--epochs",
        "60",
    ),
    "patience": (*QUICK, "--lr", "2", "--patience", "2", "--epochs", "30"),
    "my digits": (*QUICK, "--my-digits", "mine.zip", "--optimizer", "rmsprop", "--lr", "0.001"),
    "data": ("--data", str(LETTERS), "--hidden", "5", "--batch-size", "16", "--optimizer", "adam"),
}


@pytest.mark.parametrize("way", WAYS)
def test_that_stopped_and_continued_equals_never_stopped(
    way: str, capsys: pytest.CaptureFixture[str], stop_after: Callable[[int], None]
) -> None:
    write_letters()
    export_digits()
    words = WAYS[way] if "--epochs" in WAYS[way] else (*WAYS[way], "--epochs", "6")
    code, whole, _ = train(capsys, *words, "--output", "whole")
    assert code == 0
    for pieces in (9, 50):
        stop_after(pieces)
        code, before, err = train(capsys, *words, "--output", "part")
        assert (code, "stopped at epoch" in err) == (130, True)
        stop_after(0)
        code, after, err = train(capsys, "--continue", "part.npz")
        assert (code, err) == (0, "")
        assert before + after == whole
        np.testing.assert_array_equal(weights("part.npz"), weights("whole.npz"))
    found, wanted = load_network("part.npz").run, load_network("whole.npz").run
    assert found is not None
    assert wanted is not None
    np.testing.assert_array_equal(found.curves, wanted.curves)
    assert (found.ending, found.changed, found.fresh) == (wanted.ending, (), True)


def test_that_a_run_goes_on_for_more_epochs(capsys: pytest.CaptureFixture[str]) -> None:
    words = (*QUICK, "--optimizer", "adam", "--lr", "0.01")
    _, whole, _ = train(capsys, *words, "--epochs", "5", "--output", "whole")
    _, before, _ = train(capsys, *words, "--epochs", "2", "--output", "part")
    code, after, err = train(capsys, "--continue", "part", "--epochs", "5", "--output", "more.npz")
    assert (code, err) == (0, "")
    assert before + after == whole
    np.testing.assert_array_equal(weights("more.npz"), weights("whole.npz"))
    assert load_network("part.npz").config.epochs == 2  # it was not named as the output
    code, after, err = train(capsys, "--continue", "part")
    assert (code, after) == (0, [])
    assert err == "micronn: part came to its end at epoch 2: set --epochs higher.\n"


def test_that_settings_can_change_that_may_change_under_way(capsys: pytest.CaptureFixture[str]) -> None:
    train(capsys, *QUICK, "--epochs", "2")
    code, _, err = train(capsys, "--continue", cli.MODEL, "--epochs", "3", "--lr", "0.01")
    assert (code, err) == (0, "")
    saved = load_network(cli.MODEL)
    assert saved.run is not None
    assert (saved.config.learning_rate, saved.run.changed) == (0.01, ("learning_rate",))
    code, _, err = train(capsys, "--continue", cli.MODEL, "--optimizer", "adam")
    assert code == cli.MISUSED
    assert err.endswith("cannot change while a network trains: make a new network.\n")
    code, _, err = train(capsys, "--continue", cli.MODEL, "--recipe", "tutorial")
    assert code == cli.MISUSED
    assert "leave out --recipe" in err


def test_that_weights_alone_go_on_and_this_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    train(capsys, *QUICK, "--epochs", "2", "--optimizer", "momentum")
    saved = load_network(cli.MODEL)
    save_network("alone", saved.network, saved.config, saved.spec)
    code, after, err = train(capsys, "--continue", "alone.npz", "--output", "on.npz", "--optimizer", "adam")
    assert code == 0
    assert err == (
        "micronn: alone.npz holds no more than weights: these go on, but epochs, momentum and schedule "
        "begin anew.\n"
    )
    assert [row["epoch"] for row in after] == [0, 1, 2]
    run = load_network("on.npz").run
    assert run is not None
    assert not run.fresh
    code, _, err = train(capsys, "--continue", "alone.npz", "--hidden", "7")
    assert code == cli.MISUSED
    assert "cannot change in a network to go on with" in err


def test_that_a_network_of_the_first_version_goes_on_by_its_weights(
    capsys: pytest.CaptureFixture[str],
) -> None:
    old = min((FORMAT_1 / "networks").iterdir())
    words = (
        "--dataset",
        "tiny",
        "--split",
        "tiny",
        "--epochs",
        "1",
        "--batch-size",
        "9",
        "--patience",
        "0",
        "--no-save",
    )
    code, _, err = train(capsys, "--continue", str(old), *words)
    assert code == 0
    assert "holds no more than weights: these go on" in err


def test_that_a_file_that_has_moved_is_gone_on_with_and_one_that_has_changed_is_not(
    capsys: pytest.CaptureFixture[str],
) -> None:
    write_letters()
    train(capsys, "--data", str(LETTERS), "--hidden", "5", "--epochs", "2")
    shutil.move(LETTERS, "moved.csv")
    code, _, err = train(capsys, "--continue", cli.MODEL, "--epochs", "4")
    assert code == cli.FAILED
    assert "letters.csv" in err
    code, after, err = train(capsys, "--continue", cli.MODEL, "--epochs", "4", "--data", "moved.csv")
    assert (code, err, [row["epoch"] for row in after]) == (0, "", [3, 4])
    write_letters(Path("moved.csv"), scale=1.5)
    code, after, err = train(capsys, "--continue", cli.MODEL, "--epochs", "1")
    assert (code, [row["epoch"] for row in after]) == (0, [0, 1])
    assert "has learned from other samples than these: its weights go on" in err


def test_that_a_network_does_not_go_on_with_samples_of_another_kind(
    capsys: pytest.CaptureFixture[str],
) -> None:
    write_letters()
    train(capsys, *QUICK, "--epochs", "1")
    code, _, err = train(capsys, "--continue", cli.MODEL, "--data", str(LETTERS))
    assert code == cli.MISUSED
    assert "holds a network of 784 inputs and 10 answers; these samples have 4 values and 3 classes" in err


def test_that_a_run_that_the_window_keeps_goes_on_by_its_number_or_name(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    train(capsys, *QUICK, "--epochs", "2", "--optimizer", "momentum", "--output", "whole")
    train(capsys, *QUICK, "--epochs", "1", "--optimizer", "momentum")
    run = load_network(cli.MODEL).run
    assert run is not None
    store = RunStore(tmp_path / "data" / "MicroNN" / "MicroNN" / "runs")
    kept, _ = store.add(replace(run, config=replace(run.config, epochs=2), name="the one"))
    store.add(record())
    for name in ("1", "Run 1", "the one", kept.id, str(store.folder / f"{kept.id}.npz")):
        code, _, err = train(capsys, "--continue", name, "--output", "on.npz")
        assert (code, err) == (0, "")
        np.testing.assert_array_equal(weights("on.npz"), weights("whole.npz"))
    train(capsys, "--continue", "the one")
    np.testing.assert_array_equal(weights(cli.MODEL), weights("whole.npz"))
    assert store.read(kept.id).final.metrics.epoch == 1  # it stays as the window has kept it
    code, _, err = train(capsys, "--continue", "other")
    assert code == cli.FAILED
    assert "other: there is no such file, and no kept run of that number or name in" in err
    store.add(record(name="the one"))
    code, _, err = train(capsys, "--continue", "the one")
    assert code == cli.FAILED
    assert "There are 2 runs called 'the one'." in err


def test_that_a_run_of_the_first_version_opens_as_a_network() -> None:
    run = record()
    assert network_of(run).run is run
    kept = with_checkpoint(run)
    opened = network_of(kept)
    opened.network.parameters.vector[:] = 0  # training it leaves the run as it was
    assert kept.final.parameters is not None
    assert kept.final.parameters.vector.any()
