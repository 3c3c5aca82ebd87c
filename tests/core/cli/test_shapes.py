"""Data of other shapes than MNIST's on the command line: trained on, measured, predicted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from micronn_core.cli.main import main
from micronn_core.data.dataset import Samples
from micronn_core.evaluation.measure import measure
from micronn_core.runs.saved_network import load_network
from tests.core.shapes import SHAPES, flowers, letters, moons, write_csv, write_npz
from tests.paths import STROKES

EPOCHS = {"letters": "60", "flowers": "60", "moons": "300"}
HOW = ["--optimizer", "adam", "--lr", "0.02", "--hidden", "24", "--initializer", "he", "--quiet"]


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def train(name: str, *words: str) -> str:
    """Train on a table of a data set, and return the path of the network."""
    table = write_csv(Path(f"{name}.csv"), SHAPES[name]())
    model = f"{name}-net.npz"
    assert (
        main(["train", "--data", str(table), "--epochs", EPOCHS[name], *HOW, "--output", model, *words]) == 0
    )
    return model


@pytest.mark.parametrize("name", SHAPES)
def test_that_data_of_any_shape_are_learned_saved_and_measured(
    capsys: pytest.CaptureFixture[str], name: str
) -> None:
    dataset = SHAPES[name]()
    saved = load_network(train(name))
    assert saved.spec == dataset.spec
    assert saved.config.dataset == str(Path(f"{name}.csv").resolve())
    assert saved.config.split == "80%/20%"
    assert saved.network.sizes == dataset.spec.sizes((24,))
    figures = measure(saved.network, Samples.of(dataset)).figures()
    assert figures["accuracy"] > 0.9
    assert main(["evaluate", f"{name}-net.npz", "--json"]) == 0
    assert main(["evaluate", f"{name}-net.npz", "--data", f"{name}.csv", "--json"]) == 0
    held_out, everything = lines(capsys)
    assert held_out["count"] == len(dataset) // 5  # what its split validated on
    assert held_out["accuracy"] == saved.metrics["validation_accuracy"]
    assert everything["accuracy"] == figures["accuracy"]
    assert list(everything["classes"]) == list(dataset.class_names)


@pytest.mark.parametrize(
    ("split", "counts"), [("100/30", (100, 30)), ("70%/30%", (105, 45)), ("50%/10%", (75, 15))]
)
def test_that_ones_own_data_are_split_by_counts_or_by_shares(
    capsys: pytest.CaptureFixture[str], split: str, counts: tuple[int, int]
) -> None:
    table = str(write_npz(Path("flowers.npz"), flowers()))
    assert main(["train", "--data", table, "--split", split, "--epochs", "2", "--json"]) == 0
    *_, result = lines(capsys)
    assert (result["train"]["count"], result["validation"]["count"]) == counts
    assert "test" not in result


def test_that_a_split_that_the_data_are_too_few_for_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    table = str(write_csv(Path("flowers.csv"), flowers()))
    assert main(["train", "--data", table, "--split", "48000/12000", "--epochs", "1"]) == 1
    assert "flowers.csv has 150 samples, but the split needs 60,000" in capsys.readouterr().err


def test_that_varying_columns_is_refused_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    table = str(write_csv(Path("moons.csv"), moons()))
    assert main(["train", "--data", table, "--vary", "gentle", "--batch-size", "8"]) == 2
    assert "Only pictures can be varied" in capsys.readouterr().err


def test_that_rows_of_a_table_are_predicted_with_labels_and_without(
    capsys: pytest.CaptureFixture[str],
) -> None:
    model = train("flowers")
    rows, names = flowers().values[:3], flowers().class_names
    Path("row.csv").write_text(",".join(map(str, rows[2])) + "\n")
    header = "petal width,id,petal length,sepal width,sepal length\n"
    text = "".join(f"{d},7,{c},{b},{a}\n" for a, b, c, d in rows.tolist())
    Path("named.csv").write_text(header + text)
    assert main(["predict", "row.csv", "named.csv", "flowers.csv", "--model", model, "--json"]) == 0
    one, *found = lines(capsys)
    assert (one["table"], one["row"], one["label"]) == ("row.csv", 1, None)
    assert one["class"] == names[2]
    assert list(one["probabilities"]) == list(names)
    assert [answer["class"] for answer in found[:3]] == list(names)
    assert found[2]["probabilities"] == one["probabilities"]
    assert [answer["label"] for answer in found[3:6]] == list(names)
    assert main(["predict", "row.csv", "--model", model]) == 0
    out = capsys.readouterr().out
    assert "How sure the network is of each class" in out
    assert all(word in out for word in ("row", "class", *names))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("1,2,3\n", "row.csv, line 1: 3 columns, but the network takes 4 values"),
        ("sepal length,petal length\n1,2\n", "line 1: there is no column 'sepal width'"),
        (
            "1,2,3,big\n",
            "line 1: there is no column 'sepal length'. The network takes the columns sepal length",
        ),
        (
            "sepal length,sepal width,petal length,petal width\n1,2,,4\n",
            "line 2, column 3 (petal length): found an",
        ),
        ("", "row.csv is not a table of samples"),
    ],
)
def test_that_a_table_that_does_not_suit_the_network_is_explained(
    capsys: pytest.CaptureFixture[str], content: str, message: str
) -> None:
    model = train("flowers", "--epochs", "1")
    Path("row.csv").write_text(content)
    assert main(["predict", "row.csv", "--model", model]) == 1
    assert message in capsys.readouterr().err


def test_that_pictures_and_strokes_are_prepared_to_the_networks_own_size(
    capsys: pytest.CaptureFixture[str],
) -> None:
    model = train("letters")
    capsys.readouterr()
    pixels = letters().values[2].reshape(8, 8)
    Image.fromarray(pixels).save("c.png")
    Image.fromarray(np.kron(255 - pixels, np.ones((9, 9), np.uint8))).save("large.png")
    table = write_csv(Path("few.csv"), letters(26))
    words = ["c.png", "large.png", str(table), str(STROKES), "--model", model, "--json"]
    assert main(["predict", *words]) == 0
    own, large, *rows = lines(capsys)
    assert own["class"] == "C"
    assert set(large["probabilities"]) == set(letters().class_names)
    assert [row["class"] for row in rows[:26]] == list(letters().class_names)
    assert "drawing" in rows[26]
    assert main(["predict", "c.png", "--model", model]) == 0
    out = capsys.readouterr().out
    assert "likeliest" in out
    assert "C 9" in out or "C 100%" in out


def test_that_strokes_say_nothing_to_a_network_of_columns(capsys: pytest.CaptureFixture[str]) -> None:
    model = train("moons", "--epochs", "1")
    assert main(["predict", str(STROKES), "--model", model]) == 1
    assert "holds pen strokes, but moons-net.npz takes the columns x, y" in capsys.readouterr().err


def test_that_a_network_is_not_measured_on_data_of_another_kind(capsys: pytest.CaptureFixture[str]) -> None:
    model = train("flowers", "--epochs", "1")
    others = {
        str(write_csv(Path("a.csv"), letters())): "takes the columns sepal length, sepal width, petal length",
        str(write_csv(Path("b.csv"), moons())): "takes a column 'sepal length', but b.csv has none",
    }
    Path("c.csv").write_text(Path("flowers.csv").read_text().replace("setosa", "rose"))
    others["c.csv"] = "c.csv has samples of the class 'rose', which flowers-net.npz does not know"
    for path, message in others.items():
        assert main(["evaluate", model, "--data", path]) == 1
        assert message in capsys.readouterr().err
    letters_model = train("letters", "--epochs", "1")
    assert main(["evaluate", letters_model, "--data", "b.csv"]) == 1
    assert "takes pictures of 8 x 8 pixels, but b.csv holds columns of numbers" in capsys.readouterr().err


def test_that_columns_and_classes_are_found_by_their_names_and_scaled_as_training_was(
    capsys: pytest.CaptureFixture[str],
) -> None:
    model = train("flowers")
    saved = load_network(model)
    few = flowers().taken(np.flatnonzero(flowers().labels == 2)[:10])
    text = "".join(f"{d},{c},virginica,{b},{a}\n" for a, b, c, d in few.values.tolist())
    Path("few.csv").write_text("petal width,petal length,species,sepal width,sepal length\n" + text)
    assert main(["evaluate", model, "--data", "few.csv", "--json"]) == 0
    (found,) = lines(capsys)
    x = Samples.of(flowers()).x[:, np.flatnonzero(flowers().labels == 2)[:10]]
    assert found["accuracy"] == (saved.network.predict(x) == 2).mean()
    assert found["classes"]["virginica"]["count"] == 10


def test_that_ones_own_data_are_cross_validated_and_swept(capsys: pytest.CaptureFixture[str]) -> None:
    table = str(write_csv(Path("flowers.csv"), flowers()))
    words = ["--data", table, "--epochs", "5", "--lr", "0.5", "--json"]
    assert main(["cross-validate", *words, "--folds", "3"]) == 0
    config, *_, result = lines(capsys)
    assert config["dataset"] == str(Path(table).resolve())
    assert (result["complete"], result["accuracy"] > 0.5) == (3, True)
    assert main(["sweep", *words, "--set", "hidden=4,8", "--jobs", "2"]) == 0
    *_, result = lines(capsys)
    assert (result["event"], result["complete"]) == ("result", 2)
