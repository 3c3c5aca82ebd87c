"""The rules of an explanation: its numbers recompute, its code is the source, bad input is named."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest

from micronn_core.data.features import Columns, DataSpec, Pixels
from micronn_core.explain.derivations import Derivation, Number
from micronn_core.explain.explanation import Explanation, explain
from micronn_core.nn.activations import ACTIVATIONS, Activation
from micronn_core.nn.network import Network
from tests.paths import CHECKOUT


def explained(
    sizes: tuple[int, ...] = (6, 5, 4, 3), activation: Activation = ACTIVATIONS["relu"], seed: int = 0
) -> Explanation:
    network = Network.create(sizes, activation, seed=seed, dtype=np.float64)
    x = np.random.default_rng(seed).random((sizes[0], 1))
    return explain(network, x, seed % sizes[-1], 0.1)


def numbers(explanation: Explanation) -> Iterator[Number]:
    for name, array in explanation.arrays.items():
        for row, column in np.ndindex(array.shape):
            yield Number(name, row, column)


def recomputed(explanation: Explanation, derivation: Derivation) -> float:
    total = math.fsum(term.value for term in derivation.terms)
    match derivation.kind:
        case "given":
            return explanation.value(derivation.number)
        case "sum":
            return total
        case "share":
            return derivation.terms[derivation.number.row].value / total
    if derivation.function == "−log":
        return -math.log(total)
    if derivation.function == "e^":
        return math.exp(total)
    activation, z = explanation.network.activation, np.array([total])
    if derivation.function.endswith("′"):
        return float(activation.derivative(z, activation.function(z))[0])
    assert derivation.function == activation.label
    return float(activation.function(z)[0])


def assert_made_of_its_parts(explanation: Explanation, number: Number) -> None:
    derivation = explanation.derive(number)
    assert derivation.value == explanation.value(number)
    assert recomputed(explanation, derivation) == pytest.approx(derivation.value, rel=1e-12, abs=1e-12)
    for term in derivation.terms:
        assert term.value == math.prod(factor.value for factor in term.factors)
        assert term.label
        for factor in term.factors:
            if factor.number is not None:
                assert factor.value == explanation.value(factor.number)
                assert factor.text == explanation.label_of(factor.number)


@pytest.mark.parametrize("activation", ACTIVATIONS.values(), ids=ACTIVATIONS)
def test_that_every_number_of_a_deep_network_is_made_of_its_parts(activation: Activation) -> None:
    explanation = explained(activation=activation)
    for number in numbers(explanation):
        assert_made_of_its_parts(explanation, number)


def test_that_numbers_of_the_tutorials_size_are_made_of_their_parts() -> None:
    explanation = explained((784, 10, 10))
    rng = np.random.default_rng(1)
    for name, array in explanation.arrays.items():
        for place in rng.integers(array.size, size=20):
            assert_made_of_its_parts(
                explanation, Number(name, *map(int, np.unravel_index(place, array.shape)))
            )


def test_that_only_what_the_network_is_given_has_nothing_behind_it() -> None:
    explanation = explained()
    given = {number.name for number in numbers(explanation) if not explanation.derive(number).terms}
    assert given == {"x", "y", "W1", "b1", "W2", "b2", "W3", "b3"}


def test_that_every_number_leads_back_to_what_is_given() -> None:
    explanation = explained((3, 2, 2))
    for start in numbers(explanation):
        open_numbers, seen = [start], set()
        while open_numbers:
            number = open_numbers.pop()
            factors = [f for term in explanation.derive(number).terms for f in term.factors]
            behind = {factor.number for factor in factors if factor.number} - seen
            seen |= behind
            open_numbers += behind
        assert start not in seen


@pytest.mark.parametrize("sizes", [(6, 3), (6, 4, 3), (6, 5, 4, 3), (6, 5, 4, 4, 4, 3)])
def test_that_the_steps_are_those_of_the_tutorial_at_every_depth(sizes: tuple[int, ...]) -> None:
    depth = len(sizes) - 1
    forward = [f"{kind}{i}" for i in range(1, depth + 1) for kind in "za"]
    backward = [f"{kind}{i}" for i in range(depth, 0, -1) for kind in ("dz", "dW")]
    explanation = explained(sizes)
    assert [step.key for step in explanation.steps] == [
        "x", *forward, "loss", *backward, "update", "check",
    ]  # fmt: skip
    phases = [step.phase for step in explanation.steps]
    assert phases == sorted(phases, key=["forward", "backward", "update"].index)


def test_that_each_steps_code_is_in_the_named_file_at_the_named_line() -> None:
    for activation in ACTIVATIONS.values():
        for step in explained(activation=activation).steps:
            lines = (CHECKOUT / step.place).read_text(encoding="utf-8").splitlines()
            shown = step.code.splitlines()
            there = lines[step.source.line - 1 : step.source.line - 1 + len(shown)]
            indent = len(there[0]) - len(there[0].lstrip())
            assert [line[indent:] for line in there] == shown


def test_that_each_steps_code_is_the_line_that_computes_it() -> None:
    computes = {
        "x": "a, zs, activations = x",
        "z": "z = layer.weight @ a + layer.bias",
        "a1": "np.maximum(z",
        "a2": "np.maximum(z",
        "a3": "np.exp(z - z.max(axis=0",
        "loss": "np.log(np.exp(shifted).sum(axis=0)) - shifted[labels",
        "dz3": "dz[labels, np.arange(m)] -= 1",
        "dz": "self.layers[i].weight.T @ dz * self.activation.derivative",
        "dW": "dz @ a_before.T / m\ngradient.layers[i].bias[...] = dz.sum(axis=1",
        "update": "np.subtract(parameters, change",
        "check": "z = layer.weight @ a + layer.bias\na = softmax(z)",
    }
    for step in explained().steps:
        assert computes.get(step.key, computes.get(step.key.rstrip("123"))) in step.code


def test_that_every_array_belongs_to_a_step_and_every_step_names_arrays_that_exist() -> None:
    explanation = explained()
    for name in explanation.arrays:
        step = explanation.step_of(name)
        assert name in (*step.outputs, *step.inputs)
    for step in explanation.steps:
        assert {*step.outputs, *step.inputs} <= set(explanation.arrays)
        tokens = {token.removesuffix("ᵀ") for row in step.expressions for token in row}
        assert step.outputs[0] in tokens
    assert explanation.step_of("W1").key == "z1"
    assert explanation.step_of("y").key == "loss"
    assert explanation.step_of("db2").key == "dW2"


def test_that_the_arrays_are_those_of_the_networks_own_passes() -> None:
    explanation = explained((6, 5, 3))
    network, labels = explanation.network, np.array([explanation.label])
    trace = network.forward(explanation.arrays["x"])
    gradient = network.backward(trace, labels)
    for i in (1, 2):
        np.testing.assert_array_equal(explanation.arrays[f"z{i}"], trace.z[i - 1])
        np.testing.assert_array_equal(explanation.arrays[f"dW{i}"], gradient.layers[i - 1].weight)
        np.testing.assert_array_equal(explanation.arrays[f"dz{i}"], gradient.layers[i - 1].bias)
    moved = network.parameters.vector - 0.1 * gradient.vector
    np.testing.assert_array_equal(explanation.new_network().parameters.vector, moved)


def test_that_an_explanation_can_not_be_written_to_and_leaves_the_network_alone() -> None:
    network = Network.create((6, 5, 3))
    weights = network.parameters.vector.copy()
    explanation = explain(network, np.ones(6, np.float32), 1, 0.5)
    explanation.new_network().parameters.vector[:] = 0
    for array in (*explanation.arrays.values(), explanation.network.layers[0].weight):
        assert array.dtype == np.float64
        with pytest.raises(ValueError, match="read-only"):
            array[0, 0] = 1
    np.testing.assert_array_equal(network.parameters.vector, weights)


def test_that_before_and_after_are_what_the_two_networks_say() -> None:
    explanation = explained((6, 5, 3))
    x, label = explanation.arrays["x"], explanation.label
    for outcome, network in (
        (explanation.before, explanation.network),
        (explanation.after, explanation.new_network()),
    ):
        assert outcome.probability == network.forward(x).probabilities[label, 0]
        assert outcome.loss == pytest.approx(-math.log(outcome.probability), rel=1e-12)
        assert outcome.answer == network.predict(x)[0]
    assert explanation.after.loss < explanation.before.loss


def test_that_parts_are_called_pixels_hidden_neurons_and_classes() -> None:
    spec = DataSpec(Pixels(28, 28), tuple("ABCDEFGHIJ"))
    network = Network.create((784, 10, 10))
    explanation = explain(network, np.ones(784), 1, 0.1, spec)
    assert explanation.derive(Number("z1", 5)).terms[14 * 28 + 9].label == "pixel (14, 9)"
    assert [t.label for t in explanation.derive(Number("z2", 5)).terms][-2:] == ["h9", "bias"]
    assert explanation.derive(Number("a2", 5)).terms[7].label == "class H"
    assert explanation.derive(Number("dz1", 5)).terms[7].label == "class H"


def test_that_columns_of_a_table_are_called_by_their_names() -> None:
    columns = Columns(("petal", "sepal"), (0.0, 0.0), (1.0, 1.0), ("cm", ""))
    network = Network.create((2, 3, 2))
    explanation = explain(network, np.ones(2), 1, 0.1, DataSpec(columns, ("setosa", "virginica")))
    labels = [term.label for term in explanation.derive(Number("z1", 1)).terms]
    assert labels == ["petal (cm)", "sepal", "bias"]
    assert explanation.derive(Number("a2", 0)).terms[1].label == "class virginica"


def test_that_without_a_description_inputs_and_classes_have_numbers() -> None:
    assert explained((6, 5, 3)).derive(Number("a2", 0)).terms[1].label == "class 1"
    assert explained().derive(Number("z1", 1)).terms[2].label == "x[2]"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"x": np.zeros(5)}, r"x must have shape \(6, 1\), one sample, not \(5,\)"),
        ({"x": np.zeros((6, 2))}, r"not \(6, 2\)"),
        ({"x": np.full(6, np.nan)}, "x must hold finite numbers only"),
        ({"label": 3}, "the true class must be a whole number from 0 to 2, not 3"),
        ({"label": -1}, "from 0 to 2, not -1"),
        ({"label": 1.0}, "must be a whole number"),
        ({"learning_rate": 0.0}, "the learning rate must be a number above 0"),
        ({"learning_rate": math.inf}, "the learning rate must be a number above 0"),
    ],
)
def test_that_bad_input_is_named(changes: dict[str, object], message: str) -> None:
    arguments: dict[str, object] = {"x": np.zeros(6), "label": 1, "learning_rate": 0.1} | changes
    with pytest.raises(ValueError, match=message):
        explain(Network.create((6, 5, 3)), **arguments)


def test_that_weights_that_are_no_numbers_are_refused() -> None:
    network = Network.create((6, 5, 3))
    network.parameters.vector[3] = np.inf
    with pytest.raises(ValueError, match="weights are not all finite"):
        explain(network, np.zeros(6), 1, 0.1)


def test_that_what_does_not_exist_is_named_with_what_does() -> None:
    explanation = explained()
    with pytest.raises(KeyError, match="no array 'z9': the arrays are x, y, W1"):
        explanation.derive(Number("z9"))
    with pytest.raises(IndexError, match="z1 has 5 rows and 1 columns: there is no row 5, column 0"):
        explanation.value(Number("z1", 5))
    with pytest.raises(KeyError, match="no step 'z9': the steps are x, z1"):
        explanation.step("z9")


def test_that_a_hopelessly_wrong_network_is_explained_without_infinities() -> None:
    network = Network.create((2, 2, 2), dtype=np.float64)
    network.parameters.vector[:] = [1, 0, 0, 1, 0, 0, 2000, 0, 0, 0, 0, 0]
    explanation = explain(network, np.ones(2), 1, 0.1)
    assert explanation.before == (2000, 0, 0)
    assert explanation.written_out(Number("L"), 4) == (
        "−log(0) = 2000 (computed from z: the probability is too small for the number format)"
    )
