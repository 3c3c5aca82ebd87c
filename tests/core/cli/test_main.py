"""The command line as its users meet it: results, files, exit codes and one line for every mistake."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from micronn_core.cli import main as cli
from micronn_core.cli import train as train_command
from micronn_core.cli.predict import FALLBACK
from micronn_core.common.errors import StorageError
from micronn_core.data.augmentation import AUGMENTATIONS, Augmentation
from micronn_core.data.catalog import DATASETS, DatasetSource
from micronn_core.data.dataset import Dataset
from micronn_core.data.features import DIGITS_SPEC
from micronn_core.data.mnist import load_mnist_test, load_mnist_train
from micronn_core.data.splits import SPLITS, SplitRule, split
from micronn_core.drawing.my_digits import MyDigits
from micronn_core.drawing.strokes import read_drawings
from micronn_core.nn.network import Network
from micronn_core.runs.pretrained import READY, drawn_samples, load_ready
from micronn_core.runs.saved_network import load_network, save_network
from micronn_core.runs.shapes import spec_of_sizes
from micronn_core.settings.config import TrainingConfig
from micronn_core.settings.recipes import RECIPES
from micronn_core.training.compute.blas import single_blas_thread
from micronn_core.training.trainer import Trainer, new_network
from tests.content import assert_same_bytes
from tests.core.samples import of_digits
from tests.paths import STROKES

QUICK = ["--dataset", "tiny", "--split", "tiny", "--epochs", "3"]
DRAWINGS = json.loads(STROKES.read_text("utf-8"))[:3]
COMMAND = [sys.executable, "-m", "micronn_core.cli.main"]


def some(dataset: Dataset, count: int, name: str) -> Dataset:
    return of_digits(name, dataset.values[:count], dataset.labels[:count])


@pytest.fixture(scope="module")
def tiny() -> tuple[Dataset, Dataset]:
    return some(load_mnist_train(), 500, "Tiny, training"), some(load_mnist_test(), 200, "Tiny, test")


@pytest.fixture(autouse=True)
def in_an_empty_folder_with_a_tiny_dataset(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tiny: tuple[Dataset, Dataset]
) -> None:
    source = DatasetSource("tiny", "Tiny", lambda: tiny[0], lambda: tiny[1], DIGITS_SPEC)
    monkeypatch.setitem(DATASETS, "tiny", source)
    monkeypatch.setitem(SPLITS, "tiny", SplitRule("tiny", "Tiny", 400, 100, "this test"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def model(tmp_path: Path) -> str:
    config = TrainingConfig(epochs=1)
    return str(save_network(tmp_path / "model.npz", new_network(config, 784, 10), config, DIGITS_SPEC))


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = cli.main(words)
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def json_lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def write_table(path: Path, count: int) -> str:
    dataset = load_mnist_test()
    np.savetxt(
        path, np.column_stack([dataset.labels[:count], dataset.values[:count]]), fmt="%d", delimiter=","
    )
    return str(path)


def test_that_training_reports_and_saves(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "train", *QUICK)
    assert (code, err) == (0, "")
    assert "784-10-10 at epoch 3" in out
    for part in ("train", "validation", "test"):
        assert part in out
    saved = load_network(cli.MODEL)
    assert str(Path(cli.MODEL).resolve()) in out
    assert saved.config == TrainingConfig(dataset="tiny", split="tiny", epochs=3)
    assert saved.metrics["step"] == 3
    assert saved.metrics["ending"] == "finished"


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_that_a_seed_gives_the_same_weights_here_and_in_a_trainer_bit_for_bit(
    capsys: pytest.CaptureFixture[str], dtype: str
) -> None:
    options = ["--hidden", "12-8", "--batch-size", "32", "--seed", "7", "--dtype", dtype, "--lr", "0.2"]
    assert run(capsys, "train", *QUICK, *options, "--quiet") == (0, "", "")
    assert run(capsys, "train", *QUICK, *options, "--quiet", "--output", "again", "--threads", "1")[0] == 0
    config = TrainingConfig(
        "tiny", "tiny", (12, 8), learning_rate=0.2, batch_size=32, epochs=3, seed=7, dtype=dtype
    )
    samples = split(DATASETS["tiny"].load_train(), 400, 100, 7, dtype)
    with Trainer(config, samples) as trainer, single_blas_thread():
        assert sum(metrics is not None for metrics in trainer.run()) == 1 + 3 * 13
    expected = trainer.network.parameters.vector
    for path in (cli.MODEL, "again.npz"):
        found = load_network(path).network.parameters.vector
        assert found.dtype == dtype
        np.testing.assert_array_equal(found, expected)


def test_that_json_lines_tell_the_config_every_epoch_and_the_result(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, err = run(capsys, "train", *QUICK, "--batch-size", "100", "--json", "--output", "m.npz")
    assert (code, err) == (0, "")
    config, *epochs, result = json_lines(out)
    assert config["event"] == "config"
    assert TrainingConfig.from_values(
        {name: config[name] for name in (field.name for field in fields(TrainingConfig))}
    ) == TrainingConfig("tiny", "tiny", batch_size=100, epochs=3)
    assert [line["epoch"] for line in epochs] == [0, 1, 2, 3]
    assert [line["step"] for line in epochs] == [0, 4, 8, 12]
    for line in epochs:
        assert line["event"] == "epoch"
        assert line["loss"] > 0
        assert line["validation_loss"] > 0
        assert 0 <= line["accuracy"] <= 1
        assert 0 <= line["validation_accuracy"] <= 1
        assert line["seconds"] >= 0
    assert (result["event"], result["ending"], result["step"]) == ("result", "finished", 12)
    assert {part: result[part]["count"] for part in ("train", "validation", "test")} == {
        "train": 400,
        "validation": 100,
        "test": 200,
    }
    assert result["validation"]["accuracy"] == pytest.approx(epochs[-1]["validation_accuracy"])
    assert result["validation"]["loss"] == pytest.approx(epochs[-1]["validation_loss"], rel=1e-5)
    assert Path(result["saved"]) == Path("m.npz").resolve()


def test_that_nothing_is_saved_or_said_if_so_wished(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(capsys, "train", *QUICK, "--no-save", "--quiet") == (0, "", "")
    assert not list(tmp_path.iterdir())


OTHERWISE = {"my_digits", "augmentation"}
"""The settings that are named by their file and by their amounts."""


def test_that_every_setting_is_an_option_and_overrides_the_recipe(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[TrainingConfig] = []
    monkeypatch.setattr(train_command, "train", lambda start, *_: seen.append(start.config) or 0)
    options = {
        "dataset": "MNIST", "split": "41000/1000", "hidden": "20, 15", "activation": "Leaky-ReLU",
        "initializer": "He", "optimizer": "gradient-descent", "learning-rate": "0.3", "batch-size": "full",
        "epochs": "9", "seed": "5", "dtype": "float64", "schedule": "Warm-Up", "l2": "1e-4", "l1": "1e-5",
        "clip": "1.5", "momentum": "0.5", "dropout": "0.2", "patience": "4", "pixels": "0-TO-255",
        "softmax": "Whole-Batch",
    }  # fmt: skip
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    assert cli.main(["train", "--recipe", "Mini-Batches", *words]) == 0
    assert cli.main(["train", "--recipe", "mini-batches", "--epochs", "2"]) == 0
    assert cli.main(["train"]) == 0
    assert seen == [
        TrainingConfig(
            "mnist",
            "41000/1000",
            (20, 15),
            "leaky_relu",
            "he",
            "gradient descent",
            learning_rate=0.3,
            batch_size=0,
            epochs=9,
            seed=5,
            dtype="float64",
            schedule="warm-up",
            momentum=0.5,
            l2=1e-4,
            l1=1e-5,
            clip=1.5,
            dropout=0.2,
            patience=4,
            pixels="0 to 255",
            softmax="whole batch",
        ),
        replace(RECIPES["mini-batches"].config, epochs=2),
        TrainingConfig(),
    ]
    settings = {field.name for field in fields(TrainingConfig)} - {
        "my_digits",
        "augmentation",
    }  # named after its file, and by its amounts
    assert {name.replace("-", "_") for name in options} == settings


def test_that_pictures_are_varied_by_a_strength_and_by_single_amounts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[Augmentation] = []
    monkeypatch.setattr(train_command, "train", lambda start, *_: seen.append(start.config.augmentation) or 0)
    for words in (["--vary", "Gentle"], ["--vary", "gentle", "--shift", "2"], ["--noise", "0.1"]):
        assert cli.main(["train", "--recipe", "mini-batches", *words]) == 0
    gentle = AUGMENTATIONS["gentle"].augmentation
    assert seen == [gentle, replace(gentle, shift=2.0), Augmentation(noise=0.1)]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--vary", "wild"], "--vary must be one of off, gentle, strong, not 'wild'"),
        (["--shift", "99"], "(shift) must be a number from 0 (off) to 8 pixels, not 99."),
        (["--shift", "much"], "not 'much'"),
        (["--shift", "1"], "Varied pictures are made ahead, batch by batch"),
        (["--dropout", "1"], "A dropout of 1 silences every neuron"),
        (["--patience", "500"], "A patience of 500 epochs never ends a run of 500"),
    ],
)
def test_that_settings_that_cannot_work_are_refused_with_a_reason(
    capsys: pytest.CaptureFixture[str], words: list[str], reason: str
) -> None:
    code, out, err = run(capsys, "train", *words)
    assert (code, out) == (2, "")
    assert reason in err


def test_that_ones_own_digits_are_learned_from(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    table = write_table(tmp_path / "digits.csv", 50)
    code, out, _ = run(capsys, "train", "--data", table, "--epochs", "2", "--batch-size", "8", "--json")
    config, *_, result = json_lines(out)
    assert code == 0
    assert config["data"] == table
    assert (result["train"]["count"], result["validation"]["count"]) == (40, 10)
    assert result["test"]["count"] == 10_000
    assert load_network(cli.MODEL).metrics["data"] == table


def test_that_exported_digits_are_learned_from_and_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    kept = MyDigits(tmp_path / "kept")
    rng = np.random.default_rng(0)
    for label in (3, 1):
        kept.keep(rng.random((28, 28)), label)
    archive = str(kept.export(tmp_path / "class.zip"))
    code, out, _ = run(capsys, "train", *QUICK, "--my-digits", archive, "--json")
    config, *_, result = json_lines(out)
    assert code == 0
    dataset = kept.dataset()
    assert dataset is not None
    assert config["my_digits"] == dataset.fingerprint()
    assert (result["train"]["count"], result["validation"]["count"]) == (402, 100)
    assert load_network(cli.MODEL).config.my_digits == dataset.fingerprint()
    code, _, err = run(capsys, "train", *QUICK, "--my-digits", str(tmp_path / "none.zip"))
    assert code == 1
    assert "there is no such file" in err


def test_that_evaluate_counts_every_digit(
    capsys: pytest.CaptureFixture[str], model: str, tmp_path: Path
) -> None:
    network = load_network(model).network
    dataset = load_mnist_test()
    right = network.predict(dataset.values.T / np.float32(255)) == dataset.labels
    code, out, _ = run(capsys, "evaluate", model, "--json")
    (found,) = json_lines(out)
    assert code == 0
    assert found["accuracy"] == pytest.approx(right.mean())
    for digit, figures in found["classes"].items():
        of_digit = dataset.labels == int(digit)
        assert figures == {"count": of_digit.sum(), "accuracy": pytest.approx(right[of_digit].mean())}
    code, out, _ = run(capsys, "evaluate", model, "--data", write_table(tmp_path / "two.csv", 2))
    assert code == 0
    assert "two.csv" in out
    assert "–" in out  # the accuracy of digits that do not occur


def test_that_predict_answers_as_the_network_does(capsys: pytest.CaptureFixture[str], model: str) -> None:
    image = load_mnist_test().values[0]
    Image.fromarray(image.reshape(28, 28)).save("seven.png")
    network = load_network(model).network
    expected = network.forward(image.reshape(-1, 1) / np.float32(255)).probabilities[:, 0]
    code, out, _ = run(capsys, "predict", "seven.png", "seven.png", "--model", model, "--json")
    first, second = json_lines(out)
    assert code == 0
    assert first == second
    assert first["image"] == "seven.png"
    assert first["digit"] == str(expected.argmax())
    np.testing.assert_allclose(list(first["probabilities"].values()), expected, rtol=1e-6)
    assert "seven.png" in run(capsys, "predict", "seven.png", "--model", model)[1]


def test_that_a_network_that_learned_from_unscaled_pixels_is_given_such(
    capsys: pytest.CaptureFixture[str], model: str
) -> None:
    network = load_network(model).network
    same = network.parameters.writable_copy()
    same.layers[0].weight[...] /= 255
    unscaled = TrainingConfig(pixels="0 to 255")
    other = str(save_network("unscaled.npz", Network(same, network.activation), unscaled, DIGITS_SPEC))
    Image.fromarray(load_mnist_test().values[0].reshape(28, 28)).save("seven.png")
    answers, accuracies = [], []
    for path in (model, other):
        (answer,) = json_lines(run(capsys, "predict", "seven.png", "--model", path, "--json")[1])
        answers.append(list(answer["probabilities"].values()))
        (found,) = json_lines(run(capsys, "evaluate", path, "--json")[1])
        accuracies.append(found["accuracy"])
    np.testing.assert_allclose(answers[0], answers[1], rtol=1e-4)
    assert accuracies[0] == pytest.approx(accuracies[1], abs=2e-4)


def test_that_one_bad_picture_does_not_cost_the_others(
    capsys: pytest.CaptureFixture[str], model: str
) -> None:
    Image.fromarray(load_mnist_test().values[0].reshape(28, 28)).save("seven.png")
    code, out, err = run(capsys, "predict", "none.png", "seven.png", "--model", model, "--json")
    assert code == 1
    assert [line["image"] for line in json_lines(out)] == ["seven.png"]
    assert err.startswith("micronn: error: none.png: there is no such file")


def test_that_each_of_many_bad_pictures_gets_a_line(capsys: pytest.CaptureFixture[str], model: str) -> None:
    names = [f"none-{i}.png" for i in range(50)]
    code, _, err = run(capsys, "predict", *names, "--model", model)
    assert code == 1
    lines = err.splitlines()
    assert [line.split(": ")[2] for line in lines] == names
    assert all(line.startswith("micronn: error: ") for line in lines)


def write_strokes(name: str, found: object) -> str:
    Path(name).write_text(json.dumps(found), "utf-8")
    return name


def test_that_predict_reads_drawings_as_the_drawing_pad_does(capsys: pytest.CaptureFixture[str]) -> None:
    path = write_strokes("three.json", DRAWINGS)
    samples = drawn_samples(read_drawings(path))
    expected = load_ready("tutorial").network.forward(samples.x).probabilities
    code, out, err = run(capsys, "predict", path, "--model", "tutorial", "--json")
    found = json_lines(out)
    assert (code, err) == (0, "")
    assert [(line["image"], line["drawing"], line["label"]) for line in found] == [
        (path, number, drawing["label"]) for number, drawing in enumerate(DRAWINGS, start=1)
    ]
    for line, probabilities in zip(found, expected.T, strict=True):
        assert line["digit"] == str(probabilities.argmax())
        np.testing.assert_allclose(list(line["probabilities"].values()), probabilities, rtol=1e-4)
    assert "three.json 3" in run(capsys, "predict", path, "--model", "tutorial")[1]


@pytest.mark.parametrize("form", ["list of strokes", "object", "list of objects"])
def test_that_strokes_are_read_in_every_form_and_need_no_label(
    capsys: pytest.CaptureFixture[str], form: str
) -> None:
    strokes = DRAWINGS[0]["strokes"]
    forms = {"list of strokes": strokes, "object": {"strokes": strokes}}
    path = write_strokes("one.json", forms.get(form, [{"strokes": strokes}]))
    code, out, _ = run(capsys, "predict", path, "--model", "strong", "--json")
    (found,) = json_lines(out)
    assert code == 0
    assert (found["drawing"], found["label"], found["digit"]) == (1, None, str(DRAWINGS[0]["label"]))


def test_that_a_slant_is_undone_unless_it_is_to_be_kept(capsys: pytest.CaptureFixture[str]) -> None:
    upright = [[[0.5, 0.0], [0.5, 1.0]], [[0.2, 1.0], [0.8, 1.0]]]
    slanted = [[[x - 0.4 * y, y] for x, y in stroke] for stroke in upright]
    path = write_strokes("both.json", [{"strokes": upright}, {"strokes": slanted}])
    words = ["predict", path, "--model", "tutorial", "--json"]
    straight = [line["probabilities"] for line in json_lines(run(capsys, *words)[1])]
    plain = [line["probabilities"] for line in json_lines(run(capsys, *words, "--keep-slant")[1])]

    def difference(pair: list[dict[str, float]]) -> float:
        return max(abs(pair[0][digit] - pair[1][digit]) for digit in pair[0])

    assert difference(plain) > 0.01
    assert difference(straight) < 1e-6


def test_that_a_ready_network_answers_who_has_trained_none_and_says_so(
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = write_strokes("three.json", DRAWINGS)
    code, out, err = run(capsys, "predict", path, "--json")
    assert code == 0
    assert err == "micronn: no network has been trained here yet, so the ready network 'strong' answers.\n"
    assert out == run(capsys, "predict", path, "--json", "--model", FALLBACK)[1]


def test_that_ones_own_network_comes_before_the_ready_ones(
    capsys: pytest.CaptureFixture[str], model: str
) -> None:
    path = write_strokes("three.json", DRAWINGS)
    own = run(capsys, "predict", path, "--json", "--model", model)
    ready = run(capsys, "predict", path, "--json", "--model", "strong")
    for place in (cli.MODEL, "strong.npz"):
        Path(place).write_bytes(Path(model).read_bytes())
    assert run(capsys, "predict", path, "--json") == own
    assert run(capsys, "predict", path, "--json", "--model", "strong") == own
    assert own != ready


def test_that_a_damaged_network_of_ones_own_is_named_and_not_passed_over(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path(cli.MODEL).write_bytes(b"PK\x03\x04!")
    code, out, err = run(capsys, "predict", write_strokes("three.json", DRAWINGS))
    assert (code, out) == (1, "")
    assert f"{cli.MODEL} is damaged" in err


def test_that_an_empty_drawing_gets_no_digit_and_does_not_cost_the_others(
    capsys: pytest.CaptureFixture[str], model: str
) -> None:
    path = write_strokes("some.json", [{"strokes": []}, DRAWINGS[0], {"strokes": [[]]}])
    code, out, err = run(capsys, "predict", path, "--model", model, "--json")
    assert code == 1
    assert [line["drawing"] for line in json_lines(out)] == [2]
    assert err == "micronn: error: some.json: drawings 1, 3 are empty. Draw digits first.\n"
    assert (
        "the drawing is empty" in run(capsys, "predict", write_strokes("none.json", []), "--model", model)[2]
    )


BAD_STROKES = {
    "nothing": "",
    "cut off": '[{"strokes": [[[0, 0], [1,',
    "a number": "3",
    "a word": '"seven"',
    "nothing known": "null",
    "no strokes": "{}",
    "strokes in words": '{"strokes": "seven"}',
    "points in words": '{"strokes": [["ab", "cd"]]}',
    "numbers in words": '{"strokes": [[["1", "2"]]]}',
    "points that are no pairs": '{"strokes": [[[1, 2], [3]]]}',
    "three coordinates": '{"strokes": [[[1, 2, 3]]]}',
    "one level too few": '{"strokes": [[1, 2], [3, 4]]}',
    "not a number": '{"strokes": [[[NaN, 1]]]}',
    "infinite": '{"strokes": [[[1e999, 1]]]}',
    "far away": '{"strokes": [[[1e300, 1]]]}',
    "huge whole number": '{"strokes": [[[' + "9" * 400 + ", 1]]]}",
    "no point": '{"strokes": [[null]]}',
    "label in words": '{"strokes": [[[0, 0]]], "label": "3"}',
    "label true": '{"strokes": [[[0, 0]]], "label": true}',
    "a number among drawings": '[{"strokes": [[[0, 0]]]}, 3]',
    "nested too deeply": "[" * 100_000,
}


@pytest.mark.parametrize("text", BAD_STROKES.values(), ids=BAD_STROKES)
def test_that_a_file_of_no_strokes_gets_one_line(
    capsys: pytest.CaptureFixture[str], model: str, text: str
) -> None:
    Path("bad.json").write_text(text, "utf-8")
    code, out, err = run(capsys, "predict", "bad.json", "--model", model)
    assert (code, out) == (1, "")
    assert err.startswith("micronn: error: bad.json is not a file of drawings (")
    assert err.count("\n") == 1


def test_that_the_label_of_a_drawing_is_a_digit(capsys: pytest.CaptureFixture[str], model: str) -> None:
    path = write_strokes("ten.json", [{"strokes": [[[0, 0]]], "label": 10}])
    code, _, err = run(capsys, "predict", path, "--model", model)
    assert code == 1
    assert "sample 1 has the label 10; labels run from 0 to 9" in err


MISUSES: dict[str, tuple[str, str]] = {
    "no command": ("", "COMMAND"),
    "unknown command": ("learn", "invalid choice: 'learn'"),
    "unknown option": ("train --layers 3", "unrecognized arguments"),
    "learning rate 0": ("train --lr 0", "learning rate must be a number above 0"),
    "negative learning rate": ("train --learning-rate -1", "learning rate must be"),
    "huge learning rate": ("train --lr 1e9", "learning rate must be"),
    "infinite learning rate": ("train --lr inf", "learning rate must be"),
    "learning rate NaN": ("train --lr nan", "learning rate must be"),
    "learning rate in words": ("train --lr fast", "not 'fast'"),
    "hidden 0": ("train --hidden 0", "width of a hidden layer must be a whole number from 1"),
    "hidden 10^9": ("train --hidden 1000000000", "width of a hidden layer"),
    "negative hidden": ("train --hidden -5", "not -5"),
    "hidden in words": ("train --hidden many", "'many' is not"),
    "nine hidden layers": ("train --hidden 1,1,1,1,1,1,1,1,1", "At most 8 hidden layers"),
    "epochs 0": ("train --epochs 0", "number of epochs must be a whole number from 1"),
    "epochs with a fraction": ("train --epochs 1.5", "not '1.5'"),
    "batch larger than the data": ("train --batch-size 48001", "batch size must be a whole number"),
    "negative batch": ("train --batch-size -1", "batch size must be"),
    "negative seed": ("train --seed -1", "seed must be a whole number from 0"),
    "huge seed": ("train --seed 99999999999", "seed must be"),
    "unknown recipe": ("train --recipe cake", "recipe must be one of tutorial"),
    "unknown dataset": ("train --dataset cats", "dataset must be one of mnist"),
    "unknown split": ("train --split half", "such as 48000/12000, or shares"),
    "unknown activation": ("train --activation swish", "activation must be one of relu"),
    "unknown initializer": ("train --initializer ones", "initializer must be one of"),
    "unknown optimizer": ("train --optimizer magic", "optimizer must be one of"),
    "unknown number format": ("train --dtype int8", "number format must be one of float32"),
    "no threads": ("train --threads 0", "--threads must be a whole number from 1 to 64"),
    "threads in words": ("train --threads two", "not 'two'"),
    "data and a dataset": ("train --data d.csv --dataset mnist", "leave out --dataset"),
    "no picture": ("predict", "arguments are required: FILE"),
    "picture with slant": ("predict x.png --keep-slant", "--keep-slant is for pen strokes"),
}  # fmt: skip


@pytest.mark.parametrize(("words", "message"), MISUSES.values(), ids=MISUSES)
def test_that_every_misuse_gets_one_line_and_exit_code_2(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, words: str, message: str
) -> None:
    code, out, err = run(capsys, *words.split())
    assert (code, out) == (2, "")
    assert err.startswith("micronn: error: ")
    assert message in err
    assert err.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_that_a_batch_larger_than_ones_own_data_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    table = write_table(tmp_path / "digits.csv", 50)
    code, _, err = run(capsys, "train", "--data", table, "--batch-size", "41")
    assert code == 2
    assert "must be a whole number from 0 to 40" in err


def text_cell(path: Path) -> None:
    write_table(path, 3)
    lines = path.read_text().splitlines()
    path.write_text("\n".join([lines[0], lines[1].replace("0", "zero", 1), lines[2]]))


FAULTS: dict[str, tuple[Callable[[Path], object], str, str]] = {
    "missing data": (lambda path: None, "train --data FILE", "there is no such file"),
    "empty data": (Path.touch, "train --data FILE", "empty"),
    "text cell": (text_cell, "train --data FILE", "line 2"),
    "one sample": (lambda path: write_table(path, 1), "train --data FILE", "at least one sample to train"),
    "no folder for the output": (lambda path: None, "train --output none/m", "folder does not exist"),
    "output is a folder": (Path.mkdir, "train --output FILE", "is a folder"),
    "missing model": (lambda path: None, "evaluate FILE", "there is no such file"),
    "corrupt model": (lambda path: path.write_bytes(b"PK\x03\x04!"), "evaluate FILE", "is damaged"),
    "foreign model": (lambda path: path.write_text("x"), "predict x.png --model FILE", "not a network saved"),
    "no model of that name": (lambda path: None, "predict x.png --model weak", "there is no such file"),
    "missing test data": (lambda path: None, "evaluate model --data FILE", "there is no such file"),
    "missing image": (lambda path: None, "predict FILE --model model", "there is no such file"),
    "image of text": (lambda path: path.write_text("x"), "predict FILE --model model", "is not a picture"),
}


@pytest.mark.parametrize(("prepare", "words", "message"), FAULTS.values(), ids=FAULTS)
def test_that_every_fault_of_a_file_gets_one_line_and_exit_code_1(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    model: str,
    prepare: Callable[[Path], object],
    words: str,
    message: str,
) -> None:
    prepare(tmp_path / "some file")
    before = {path.name for path in tmp_path.iterdir()}
    code, out, err = run(capsys, *(word.replace("FILE", "some file") for word in words.split()))
    assert (code, out) == (1, "")
    assert err.startswith("micronn: error: ")
    assert message in err
    assert err.count("\n") == 1
    assert {path.name for path in tmp_path.iterdir()} == before


def test_that_a_network_for_other_pictures_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    save_network("other.npz", Network.create((64, 10, 10)), TrainingConfig(), spec_of_sizes((64, 10)))
    code, _, err = run(capsys, "evaluate", "other.npz")
    assert code == 1
    assert "takes pictures of 8 x 8 pixels, but those of MNIST, test have 28 x 28" in err


def test_that_a_place_that_cannot_be_written_to_is_found_out_before_training(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(train_command, "Trainer", lambda *_, **__: pytest.fail("it has trained"))
    assert run(capsys, "train", *QUICK, "--output", "none/model")[0] == 1


def test_that_a_disk_that_fills_up_while_training_is_named_after_the_figures(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, model: str
) -> None:
    def fail(*_: object) -> None:
        raise StorageError("model.npz cannot be saved: the disk is full.")

    monkeypatch.setattr(train_command, "save_network", fail)
    old = Path(model).read_bytes()
    code, out, err = run(capsys, "train", *QUICK, "--output", model)
    assert code == 1
    assert "validation" in out
    assert "Nothing is saved." in out
    assert err == "micronn: error: model.npz cannot be saved: the disk is full.\n"
    assert_same_bytes(Path(model).read_bytes(), old)


DIVERGING = ["--lr", "1000", "--hidden", "32,32,32", "--activation", "leaky_relu", "--batch-size", "50"]


def test_that_the_last_good_weights_of_a_diverged_run_are_saved(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "train", *QUICK, *DIVERGING, "--json")
    assert code == 1
    assert "learning rate of 1000 is too large" in err
    assert "The last good network is saved in" in err
    assert err.count("\n") == 1
    assert json_lines(out)[-1]["ending"] == "diverged"
    saved = load_network(cli.MODEL)
    assert saved.metrics["step"] == json_lines(out)[-1]["step"] > 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_that_a_signal_ends_training_cleanly_and_saves(tmp_path: Path, number: signal.Signals) -> None:
    words = ["train", "--epochs", "100000", "--json", "--output", "model.npz"]
    with subprocess.Popen(
        [*COMMAND, *words], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        for line in process.stdout:
            if json.loads(line).get("epoch", 0) == 2:
                break
        process.send_signal(number)
        result = json.loads(process.stdout.readlines()[-1])
        message = process.stderr.read()
    assert process.returncode == 128 + number
    assert result["ending"] == "stopped"
    assert result["saved"] == str((tmp_path / "model.npz").resolve())
    saved = load_network(tmp_path / "model.npz")
    assert saved.metrics["step"] == result["step"] >= 2
    assert message == (
        f"micronn: stopped at epoch {result['step']:,} of 100,000. "
        f"The network is saved in {result['saved']}.\n"
    )


def test_that_training_goes_on_without_its_terminal_if_so_wished(tmp_path: Path) -> None:
    command = ["nohup", *COMMAND, "train", "--epochs", "100000", "--json", "--output", "model.npz"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=tmp_path, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if json.loads(line).get("epoch", 0) == 1:
                process.send_signal(signal.SIGHUP)
            if json.loads(line).get("epoch", 0) == 3:
                break
        process.send_signal(signal.SIGTERM)
        result = json.loads(process.stdout.readlines()[-1])
    assert process.returncode == 128 + signal.SIGTERM
    assert result["epoch"] >= 3


def test_that_a_second_ctrl_c_does_not_break_the_saving(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def impatient(*words: Any) -> Path:  # noqa: ANN401 - whatever saving takes
        os.kill(os.getpid(), signal.SIGINT)
        saved = save_network(*words)
        os.kill(os.getpid(), signal.SIGINT)
        return saved

    monkeypatch.setattr(train_command, "save_network", impatient)
    before = signal.getsignal(signal.SIGINT)
    code, out, _ = run(capsys, "train", *QUICK)
    assert code == 0  # it had finished before the first of them
    assert "The network is saved" in out
    assert load_network(cli.MODEL).metrics["step"] == 3
    assert signal.getsignal(signal.SIGINT) is before


def test_that_an_untrained_network_never_takes_the_place_of_a_trained_one(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, model: str
) -> None:
    class Eager(train_command.Interrupts):
        def __enter__(self) -> train_command.Interrupts:
            super().__enter__()
            os.kill(os.getpid(), signal.SIGINT)
            return self

    monkeypatch.setattr(train_command, "Interrupts", Eager)
    old = Path(model).read_bytes()
    code, _, err = run(capsys, "train", *QUICK, "--output", model)
    assert code == 130
    assert err == "micronn: stopped at epoch 0 of 3. Nothing is saved.\n"
    assert_same_bytes(Path(model).read_bytes(), old)


def test_that_ctrl_c_while_reading_data_ends_quietly(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted() -> Dataset:
        raise KeyboardInterrupt

    source = DatasetSource("tiny", "Tiny", interrupted, interrupted, DIGITS_SPEC)
    monkeypatch.setitem(DATASETS, "tiny", source)
    assert run(capsys, "train", *QUICK) == (130, "", "micronn: stopped.\n")


def test_that_used_up_memory_is_explained(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def exhausted(*_: object) -> int:
        raise MemoryError

    monkeypatch.setattr(train_command, "train", exhausted)
    code, _, err = run(capsys, "train")
    assert code == 1
    assert "the memory is used up" in err


def test_that_a_reader_who_leaves_ends_training_quietly_and_loses_nothing(tmp_path: Path) -> None:
    words = ["train", "--epochs", "100000", "--json", "--output", "model.npz"]
    with subprocess.Popen(
        [*COMMAND, *words], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        for line in process.stdout:
            if json.loads(line).get("epoch", 0) == 1:
                break
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 1
    metrics = load_network(tmp_path / "model.npz").metrics
    assert metrics["step"] >= 1
    assert metrics["ending"] == "stopped"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no disk that is always full")
@pytest.mark.parametrize("words", [["train", "--epochs", "2"], ["train", "--epochs", "2", "--json"]])
def test_that_output_that_cannot_be_written_is_explained(tmp_path: Path, words: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        run = subprocess.run([*COMMAND, *words], cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, text=True)
    assert run.returncode == 1
    assert run.stderr == "micronn: error: the output cannot be written: No space left on device.\n"


def test_that_help_needs_neither_qt_nor_pandas_nor_rich() -> None:
    code = "import sys; from micronn_core.cli.main import main\n"
    code += "try: main(['train', '--help'])\nfinally: print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in run.stdout.splitlines()[-1].split()}
    assert not loaded & {"PySide6", "pyqtgraph", "micronn_gui", "pandas", "rich", "PIL"}


def test_that_help_shows_the_tables(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        cli.main(["train", "--help"])
    text = " ".join(capsys.readouterr().out.split())
    for words in (*RECIPES, "leaky_relu", "gradient descent", "48000/12000", "About 85 %"):
        assert words in text
    with pytest.raises(SystemExit, match="0"):
        cli.main(["predict", "--help"])
    text = " ".join(capsys.readouterr().out.split())
    assert f"{' or '.join(READY)} for one of the ready networks" in text
    assert f"if there is none: {FALLBACK}" in text
    with pytest.raises(SystemExit, match="0"):
        cli.main(["--help"])
    assert "micronn train --recipe mini-batches" in capsys.readouterr().out


def test_that_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        cli.main(["--version"])
    assert capsys.readouterr().out.startswith("micronn ")


def test_that_an_old_terminal_can_show_everything(tmp_path: Path) -> None:
    words = ["train", "--epochs", "1", "--output", "Büro.npz"]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    run = subprocess.run([*COMMAND, *words], cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert (run.returncode, run.stderr) == (0, "")
    assert "B\\xfcro.npz" in run.stdout


def test_that_a_run_that_stops_early_says_so_and_saves_its_best_weights(
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = ["train", *QUICK[:4], "--epochs", "400", "--lr", "2", "--patience", "5"]
    code, _, err = run(capsys, *words, "--quiet")
    assert code == 0
    assert "stopped early at epoch" in err
    saved = load_network(cli.MODEL)
    assert saved.metrics["ending"] == "stopped early"
    assert saved.metrics["epoch"] < 400
    code, out, _ = run(capsys, *words, "--json")
    lines = json_lines(out)
    losses = [line["validation_loss"] for line in lines if line["event"] == "epoch"]
    assert lines[-1]["ending"] == "stopped early"
    assert lines[-1]["validation"]["loss"] == pytest.approx(min(losses), rel=1e-5)


@pytest.mark.parametrize("name", ["mine", "mine.txt", "lr 0.1"])
def test_that_an_ending_that_lacks_is_appended_and_said(
    capsys: pytest.CaptureFixture[str], name: str
) -> None:
    code, _, err = run(capsys, "train", *QUICK, "--quiet", "--output", name)
    assert (code, err) == (0, f"micronn: {name} lacks its ending, so the file is {name}.npz.\n")
    assert Path(f"{name}.npz").is_file()
    assert not Path(name).exists()
