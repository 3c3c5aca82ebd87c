"""The rule of MicroNN and load_data: what the tutorial's own class and script do, to the digit."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from micronn_core import MicroNN, load_data
from micronn_core.common.errors import DataError
from micronn_core.data.dataset import Samples
from tests.core.samples import digits, made_up, mnist
from tests.core.tutorial_reference import TutorialMicroNN, tutorial_load_data
from tests.paths import CHECKOUT

PARAMETERS = ("w1", "b1", "w2", "b2")
CACHE = ("z1", "a1", "z2", "a2")
HEADERS = {
    "mnist_train.csv": [f"{row}x{column}" for row in range(1, 29) for column in range(1, 29)],
    "train.csv": [f"pixel{i}" for i in range(784)],
}
SCRIPT = """\
import numpy as np
from micronn_core import MicroNN
from micronn_core import load_data
np.random.seed(5)

# =============================================================================
# LOAD DATA
# =============================================================================
x_train, y_train, x_val, y_val = load_data("mnist_train.csv")
print(f"Training samples: {y_train.size}")
print(f"Validation samples: {y_val.size}")

# =============================================================================
# CREATE AND TRAIN MODEL
# =============================================================================
model = MicroNN(input_size=784, hidden_size=10, output_size=10)
model.train(x_train, y_train, lr=0.1, epochs=500, print_every=50)

# =============================================================================
# EVALUATE ON VALIDATION SET
# =============================================================================
val_preds = model.predict(x_val)
val_acc = model.accuracy(val_preds, y_val)
print(f"\\nValidation Accuracy: {val_acc:.4f}")

# =============================================================================
# TEST SINGLE PREDICTION
# =============================================================================
sample_idx = 42
pred = model.predict(x_val[:, sample_idx, None])[0]
actual = y_val[sample_idx]
print(f"Predicted: {pred} | Actual: {actual}")
"""


def pair(*sizes: int, seed: int = 3) -> tuple[MicroNN, TutorialMicroNN]:
    """Return ours and the tutorial's, made after the same call of np.random.seed."""
    np.random.seed(seed)
    ours = MicroNN(*sizes)
    np.random.seed(seed)
    return ours, TutorialMicroNN(*sizes)


def assert_equal(ours: MicroNN, theirs: TutorialMicroNN, names: tuple[str, ...], within: float) -> None:
    for name in names:
        np.testing.assert_allclose(
            getattr(ours, name), getattr(theirs, name), rtol=0, atol=within, err_msg=name
        )


def write_kaggle(path: Path, count: int, header: str = "mnist_train.csv") -> None:
    table = np.column_stack([mnist().labels[:count], mnist().values[:count]])
    names = ",".join(["label", *HEADERS[header]])
    np.savetxt(path, table, fmt="%d", delimiter=",", header=names, comments="")


def test_that_the_same_numpy_seed_gives_the_tutorials_starting_weights() -> None:
    assert_equal(*pair(), PARAMETERS, within=0)
    assert_equal(*pair(6, 5, 4), PARAMETERS, within=0)


def test_that_the_default_network_is_784_10_10_with_nothing_cached() -> None:
    model = MicroNN()
    assert (model.input_size, model.hidden_size, model.output_size) == (784, 10, 10)
    assert [getattr(model, name).shape for name in PARAMETERS] == [(10, 784), (10, 1), (10, 10), (10, 1)]
    assert all(getattr(model, name) is None for name in CACHE)


def test_that_a_hundred_epochs_on_real_digits_follow_the_tutorials_class(
    capsys: pytest.CaptureFixture[str],
) -> None:
    samples = digits(4000)
    ours, theirs = pair()
    ours.train(samples.x, samples.labels, lr=0.1, epochs=100, print_every=20)
    printed = capsys.readouterr().out
    theirs.train(samples.x, samples.labels, lr=0.1, epochs=100, print_every=20)
    assert printed == capsys.readouterr().out
    assert len(printed.splitlines()) == 5
    assert_equal(ours, theirs, PARAMETERS, within=1e-9)
    assert_equal(ours, theirs, CACHE, within=1e-9)


def test_that_all_48_000_samples_follow_the_tutorials_class() -> None:
    samples = Samples.of(mnist(), np.arange(48_000), np.float64)
    ours, theirs = pair()
    ours.train(samples.x, samples.labels, lr=0.1, epochs=5, print_every=10)
    theirs.train(samples.x, samples.labels, lr=0.1, epochs=5, print_every=10)
    assert_equal(ours, theirs, PARAMETERS, within=1e-9)


@pytest.mark.parametrize("epochs", [1, 4, 5])
def test_that_training_leaves_the_tutorials_cache_whether_or_not_the_last_epoch_printed(epochs: int) -> None:
    samples = made_up(50, 6, classes=4)
    ours, theirs = pair(6, 5, 4)
    ours.train(samples.x, samples.labels, lr=0.5, epochs=epochs, print_every=2)
    theirs.train(samples.x, samples.labels, lr=0.5, epochs=epochs, print_every=2)
    assert_equal(ours, theirs, CACHE, within=1e-12)


def test_that_the_single_calls_compute_what_the_tutorials_do() -> None:
    samples = made_up(30, 6, classes=4)
    ours, theirs = pair(6, 5, 4)
    for _ in range(10):
        probabilities = ours.forward(samples.x)
        np.testing.assert_allclose(probabilities, theirs.forward(samples.x), rtol=0, atol=1e-13)
        assert probabilities is ours.a2
        gradients = ours.backward(samples.x, samples.labels)
        expected = theirs.backward(samples.x, samples.labels)
        for gradient, other in zip(gradients, expected, strict=True):
            assert gradient.shape == other.shape
            np.testing.assert_allclose(gradient, other, rtol=0, atol=1e-13)
        ours.update(gradients, 0.5)
        theirs.update(expected, 0.5)
    assert_equal(ours, theirs, (*PARAMETERS, *CACHE), within=1e-12)
    np.testing.assert_array_equal(ours.predict(samples.x), theirs.predict(samples.x))


def test_that_every_neuron_has_a_bias_gradient_of_its_own() -> None:
    samples = made_up(30, 6, classes=4)
    ours, _ = pair(6, 5, 4)
    ours.forward(samples.x)
    _, db1, _, db2 = ours.backward(samples.x, samples.labels)
    assert (db1.shape, db2.shape) == ((5, 1), (4, 1))
    assert len(np.unique(db2)) == 4


def test_that_the_small_helpers_are_the_tutorials() -> None:
    model = MicroNN(3, 2, 2)
    assert model.relu(np.array([3.5, -2.1, 0])).tolist() == [3.5, 0, 0]
    assert model.relu_derivative(np.array([3.5, -2.1, 0])).tolist() == [1, 0, 0]
    assert model.one_hot(np.array([1, 0, 1])).tolist() == [[0, 1, 0], [1, 0, 1]]
    np.testing.assert_allclose(model.softmax(np.array([[0.022], [0.006]])), [[0.504], [0.496]], atol=5e-4)
    assert model.accuracy(np.array([1, 2, 3, 4]), np.array([1, 2, 3, 0])) == 0.75


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_that_weights_can_be_assigned_and_changed_in_place(dtype: type) -> None:
    model = MicroNN(3, 2, 2, dtype=dtype)
    model.w1 = np.arange(6.0).reshape(2, 3)
    model.w1 += 1
    model.b2[0] = 7
    assert model.w1.tolist() == [[1, 2, 3], [4, 5, 6]]
    assert model.b2[0] == 7
    assert model.w1.dtype == dtype
    assert model.network.layers[1].bias[0] == 7


@pytest.mark.parametrize(("name", "shape"), [("w1", (3, 2)), ("b1", (2,)), ("w2", ()), ("b2", (3, 1))])
def test_that_a_weight_of_another_shape_is_refused_with_the_shape_that_fits(
    name: str, shape: tuple[int, ...]
) -> None:
    model = MicroNN(3, 2, 2)
    before = getattr(model, name).copy()
    with pytest.raises(ValueError, match=rf"{name} must have shape \(2, [123]\), not \("):
        setattr(model, name, np.zeros(shape))
    np.testing.assert_array_equal(getattr(model, name), before)


def test_that_backward_before_forward_says_what_to_call() -> None:
    with pytest.raises(RuntimeError, match=r"call forward\(x\) before backward\(x, y\)"):
        MicroNN(3, 2, 2).backward(np.zeros((3, 1)), np.array([0]))


def test_that_float32_follows_the_same_path_to_its_rounding() -> None:
    samples = digits(1000)
    np.random.seed(3)
    single = MicroNN(dtype=np.float32)
    double, _ = pair()
    for model in (single, double):
        model.train(samples.x, samples.labels, epochs=20, print_every=20)
    assert single.w1.dtype == np.float32
    np.testing.assert_allclose(single.w1, double.w1, rtol=0, atol=1e-4)


@pytest.mark.parametrize("header", HEADERS)
def test_that_load_data_gives_the_tutorials_samples_in_the_tutorials_order(
    header: str, tmp_path: Path
) -> None:
    path = tmp_path / header
    write_kaggle(path, 300, header)
    np.random.seed(9)
    ours = load_data(str(path), 0.7)
    next_draw = np.random.rand()
    np.random.seed(9)
    expected = tutorial_load_data(path, 0.7)
    assert np.random.rand() == next_draw
    for mine, theirs in zip(ours, expected, strict=True):
        assert mine.shape == theirs.shape
        assert mine.dtype == theirs.dtype
        np.testing.assert_array_equal(mine, theirs)


@pytest.mark.parametrize("share", [0, 1, -0.5, 80])
def test_that_a_share_that_leaves_one_side_empty_is_refused(share: float, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="train_split must lie between 0 and 1"):
        load_data(tmp_path / "mnist_train.csv", share)


def test_that_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"mnist_train\.csv"):
        load_data(tmp_path / "mnist_train.csv")


@pytest.mark.parametrize("header", HEADERS)
def test_that_the_tutorials_script_runs_unchanged_and_prints_the_same_lines(
    header: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mnist_train.csv"
    write_kaggle(path, 1500, header)
    (tmp_path / "train.py").write_text(SCRIPT)
    ran = subprocess.run(
        [sys.executable, "-W", "error", "train.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ran.stderr == ""
    assert ran.stdout == tutorials_output(path, capsys)


def tutorials_output(path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """Return what the same script prints with the tutorial's own class."""
    np.random.seed(5)
    x_train, y_train, x_val, y_val = tutorial_load_data(path)
    model = TutorialMicroNN()
    model.train(x_train, y_train, lr=0.1, epochs=500, print_every=50)
    predictions = model.predict(x_val)
    return (
        f"Training samples: {y_train.size}\nValidation samples: {y_val.size}\n"
        + capsys.readouterr().out
        + f"\nValidation Accuracy: {model.accuracy(predictions, y_val):.4f}\n"
        + f"Predicted: {predictions[42]} | Actual: {y_val[42]}\n"
    )
