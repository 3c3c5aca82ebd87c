"""A learning step in plain words: its names, and sentences that are true of the sample."""

from __future__ import annotations

import numpy as np
import pytest

from micronn_core.data.features import Columns, DataSpec, Pixels
from micronn_core.explain.derivations import Number
from micronn_core.explain.explanation import Explanation, explain
from micronn_core.explain.words import (
    in_shapes,
    kind_and_layer,
    name_in_words,
    parts_in_words,
    sentence,
    stage_words,
)
from micronn_core.explain.worked_example import TUTORIAL_LABEL, TUTORIAL_RATE, TUTORIAL_X, tutorial_network
from micronn_core.nn.activations import ACTIVATIONS
from micronn_core.nn.network import Network, Parameters

DIGITS = DataSpec(Pixels(4, 4), tuple("0123456789"))
FLOWERS = DataSpec(
    Columns(("length", "width"), (0.0, 0.0), (1.0, 1.0), ("cm", "")), ("setosa", "virginica", "versicolor")
)


def explained(
    spec: DataSpec, *hidden: int, activation: str = "relu", label: int = 1, seed: int = 3, rate: float = 0.01
) -> Explanation:
    rng = np.random.default_rng(seed)
    sizes = (spec.features.count, *hidden, len(spec.class_names))
    parameters = Parameters(sizes, dtype=np.float64)
    parameters.vector[...] = rng.normal(0, 0.5, parameters.vector.size)
    network = Network(parameters, ACTIVATIONS[activation])
    return explain(network, rng.random((sizes[0], 1)), label, rate, spec)


def tutorial() -> Explanation:
    return explain(tutorial_network(), TUTORIAL_X, TUTORIAL_LABEL, TUTORIAL_RATE)


EVERY = [
    explained(DIGITS, 10),
    explained(DIGITS, 6, 5, activation="tanh"),
    explained(DIGITS, 1, activation="leaky_relu"),
    explained(DIGITS),
    explained(FLOWERS, 4),
    tutorial(),
]


def said(explanation: Explanation, key: str) -> str:
    return sentence(explanation, explanation.step(key))


@pytest.mark.parametrize("explanation", EVERY, ids=range(len(EVERY)))
def test_that_every_step_has_a_few_words_a_title_and_a_sentence(explanation: Explanation) -> None:
    for step in explanation.steps:
        words = stage_words(explanation, step)
        assert len(words.short.split()) <= 4
        for text in (words.title, said(explanation, step.key)):
            assert text
            assert "{" not in text


@pytest.mark.parametrize("explanation", EVERY, ids=range(len(EVERY)))
def test_that_every_number_has_a_name_and_its_parts_are_told(explanation: Explanation) -> None:
    for name in explanation.arrays:
        number = Number(name)
        assert "{" not in name_in_words(explanation, number)
        assert "{" not in parts_in_words(explanation, explanation.derive(number))


def test_that_stages_are_told_as_the_data_are() -> None:
    digits, flowers = explained(DIGITS, 10), explained(FLOWERS, 4)

    def stages(explanation: Explanation) -> list[str]:
        return [stage_words(explanation, step).short for step in explanation.steps]

    assert stages(digits) == [
        "the picture",
        "compare with the patterns",
        "keep what is positive",
        "votes for the digits",
        "shares of the votes",
        "how wrong",
        "too much, too little",
        "which votes to change",
        "which neurons to blame",
        "which pixels to change",
        "take the step",
        "better?",
    ]
    assert stages(flowers)[:2] == ["the sample", "weigh and add"]
    assert stages(flowers)[3] == "votes for the classes"
    assert stages(flowers)[9] == "which weights to change"


@pytest.mark.parametrize(
    ("activation", "short"),
    [
        ("relu", "keep what is positive"),
        ("tanh", "squeeze each sum"),
        ("leaky_relu", "damp what is negative"),
    ],
)
def test_that_an_activation_is_told_by_what_it_does(activation: str, short: str) -> None:
    explanation = explained(DIGITS, 10, activation=activation)
    assert stage_words(explanation, explanation.step("a1")).short == short


@pytest.mark.parametrize("seed", range(6))
def test_that_the_neurons_that_speak_for_the_answer_are_those_that_add_most(seed: int) -> None:
    explanation = explained(DIGITS, 10, seed=seed)
    answer = int(explanation.arrays["z2"].argmax())
    votes = explanation.arrays["W2"][answer] * explanation.arrays["a1"][:, 0]
    first, second = np.argsort(-votes)[:2]
    text = said(explanation, "z2")
    assert text.startswith(f"h{first} and h{second} fire strongly and speak for {answer}")
    assert ("which is right" in text) == (answer == explanation.label)
    assert ("nothing speaks as loudly for 1" in text) == (answer != explanation.label)


def test_that_shares_and_errors_are_those_of_the_sample() -> None:
    explanation = explained(DIGITS, 10)
    shares, answer = explanation.arrays["a2"][:, 0], explanation.before.answer
    assert answer != explanation.label
    assert said(explanation, "a2").startswith(f"{answer} gets {100 * shares[answer]:.1f} %.")
    assert said(explanation, "dz2").startswith(
        f"1 should have got 100 %: it has {100 * (1 - shares[1]):.1f} % too little."
    )


@pytest.mark.parametrize(("rate", "words"), [(0.01, "has helped"), (1e4, "too large")])
def test_that_the_check_says_whether_the_step_was_good(rate: float, words: str) -> None:
    explanation = explained(DIGITS, 10, rate=rate)
    better = explanation.after.loss < explanation.before.loss
    assert (words in said(explanation, "check")) == (better == (rate < 1))


def test_that_what_should_change_most_is_named_with_its_direction() -> None:
    explanation = tutorial()
    gradient = explanation.arrays["dW2"]
    row, column = np.unravel_index(np.abs(gradient).argmax(), gradient.shape)
    way = "shrink" if gradient[row, column] > 0 else "grow"
    assert said(explanation, "dW2") == f"What should {way} most is the vote of h{column} for class {row}."


@pytest.mark.parametrize(
    ("number", "name"),
    [
        (Number("x", 5), "pixel (1, 1)"),
        (Number("W1", 3, 5), "the weight of pixel (1, 1) in h3"),
        (Number("W2", 6, 9), "the vote of h9 for 6"),
        (Number("z1", 3), "the sum of h3"),
        (Number("z2", 6), "the sum of the votes for 6"),
        (Number("a2", 6), "the share of 6"),
        (Number("dz1", 3), "the blame of h3"),
        (Number("ReLU′(z1)", 3), "the slope of h3"),
        (Number("W2 new", 6, 9), "the vote of h9 for 6, after the step"),
        (Number("L"), "the loss"),
        (Number("y", 6), "the right share of 6"),
    ],
)
def test_that_numbers_have_plain_names(number: Number, name: str) -> None:
    assert name_in_words(explained(DIGITS, 10), number) == name


def test_that_maths_says_the_shapes() -> None:
    explanation = explained(DIGITS, 10)
    assert in_shapes(explanation, explanation.step("z2")) == "W2 (10×10) · a1 (10×1) + b2 (10×1) = z2 (10×1)"
    assert in_shapes(explanation, explanation.step("dW1")) == "dz1 (10×1) · xᵀ (1×16) = dW1 (10×16)"


@pytest.mark.parametrize(
    ("name", "parts"), [("dz2", ("dz", 2)), ("loss", ("loss", 0)), ("W12", ("W", 12)), ("L", ("L", 0))]
)
def test_that_names_are_split(name: str, parts: tuple[str, int]) -> None:
    assert kind_and_layer(name) == parts
