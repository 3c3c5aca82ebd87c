"""Every worked number of the tutorial, read from the steps; and arithmetic as the tutorial writes it."""

from __future__ import annotations

import math

import numpy as np
import pytest

from micronn_core.explain.arithmetic import number_text
from micronn_core.explain.derivations import Number
from micronn_core.explain.explanation import Explanation, explain
from micronn_core.explain.worked_example import (
    SLIPS,
    TUTORIAL_LABEL,
    TUTORIAL_RATE,
    TUTORIAL_X,
    tutorial_network,
)

PRINTED = {
    "z1": (["-0.02"], ["0.14"]),
    "a1": (["0"], ["0.14"]),
    "z2": (["0.022"], ["0.006"]),
    "a2": (["0.504"], ["0.496"]),
    "y": (["0"], ["1"]),
    "L": (["0.701"],),
    "dz2": (["0.504"], ["-0.504"]),
    "dW2": (["0", "0.0706"], ["0", "-0.0706"]),
    "db2": (["0.504"], ["-0.504"]),
    "ReLU′(z1)": (["0"], ["1"]),
    "dz1": (["0"], ["-0.3024"]),
    "dW1": (["0", "0", "0"], ["-0.1512", "-0.2419", "-0.0605"]),
    "db1": (["0"], ["-0.3024"]),
    "W2 new": (["0.3", "-0.2071"], ["-0.1", "0.4071"]),
    "b2 new": (["-0.0004"], ["0.0004"]),
    "W1 new": (["0.2", "-0.3", "0.1"], ["0.4151", "0.1242", "-0.1940"]),
    "b1 new": (["0.1"], ["-0.0698"]),
    "z1 new": (["-0.02"], ["0.1979"]),
    "a1 new": (["0"], ["0.1979"]),
    "z2 new": (["-0.0414"], ["0.0810"]),
    "a2 new": (["0.469"], ["0.531"]),
}
"""What the document prints."""


@pytest.fixture
def tutorial() -> Explanation:
    return explain(tutorial_network(), TUTORIAL_X, TUTORIAL_LABEL, TUTORIAL_RATE)


@pytest.mark.parametrize("name", PRINTED)
def test_that_every_worked_number_is_that_of_the_document_to_every_printed_digit(
    tutorial: Explanation, name: str
) -> None:
    array = tutorial.arrays[name]
    assert array.shape == (len(PRINTED[name]), len(PRINTED[name][0]))
    assert name in tutorial.step_of(name).outputs or name == "y"
    for (row, column), value in np.ndenumerate(array):
        label, text = tutorial.label_of(Number(name, row, column)), PRINTED[name][row][column]
        decimals = len(text.partition(".")[2])
        agrees = round(value, decimals) == float(text)
        assert agrees == (label not in SLIPS), f"{label} is {value}, the document prints {text}"


def test_that_the_slips_are_those_of_the_document(tutorial: Explanation) -> None:
    e0, e1 = (math.exp(value) for value in tutorial.arrays["z2"][:, 0])
    assert [round(e0, 4), round(e1, 4), round(e0 + e1, 4)] == [1.0222, 1.0060, 2.0283]
    other = explain(tutorial_network(), TUTORIAL_X, 0, TUTORIAL_RATE)
    assert round(other.before.loss, 5) == 0.68518
    terms = 0.4151 * 0.5 + 0.1242 * 0.8 - 0.194 * 0.2 - 0.0698
    assert round(terms, 4) == 0.1983
    assert int(tutorial.value(Number("z1 new", 1)) * 1e5) == 19836
    n0, n1 = (math.exp(value) for value in tutorial.arrays["z2 new"][:, 0])
    assert [round(n0, 4), int(n1 * 1e5), int((n0 + n1) * 1e5)] == [0.9594, 108452, 204390]
    names = {*tutorial.arrays, *(step.key for step in tutorial.steps)}
    labels = {
        tutorial.label_of(Number(name, *place))
        for name, array in tutorial.arrays.items()
        for place in np.ndindex(array.shape)
    }
    assert set(SLIPS) <= names | labels


def test_that_the_parts_of_the_hidden_error_are_the_documents(tutorial: Explanation) -> None:
    for row, products in ((0, [0.1512, 0.0504]), (1, [-0.1008, -0.2016])):
        terms = tutorial.derive(Number("dz1", row)).terms
        assert [round(t.factors[0].value * t.factors[1].value, 4) for t in terms] == products


def test_that_one_step_raises_the_true_class_from_0_496_to_0_531(tutorial: Explanation) -> None:
    assert [round(o.probability, 3) for o in (tutorial.before, tutorial.after)] == [0.496, 0.531]


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Number("z1", 0), "(0.2 × 0.5) + (−0.3 × 0.8) + (0.1 × 0.2) + 0.1 = −0.02"),
        (Number("z1", 1), "(0.4 × 0.5) + (0.1 × 0.8) + (−0.2 × 0.2) + (−0.1) = 0.14"),
        (Number("a1", 0), "ReLU(−0.02) = 0"),
        (Number("a2", 0), "e^0.022 / (e^0.022 + e^0.006) = 0.504"),
        (Number("e^z2", 1), "e^(0.006 − 0.022) = 0.984"),
        (Number("L"), "−log(0.496) = 0.701"),
        (Number("dz2", 1), "0.496 − 1 = −0.504"),
        (Number("dW2", 1, 1), "−0.504 × 0.14 = −0.0706"),
        (Number("dz1", 1), "(−0.2 × 0.504 × 1) + (0.4 × −0.504 × 1) = −0.302"),
        (Number("W2 new", 1, 1), "0.4 − (0.1 × −0.0706) = 0.407"),
        (Number("b2 new", 0), "0.05 − (0.1 × 0.504) = −0.0004"),
        (Number("x", 2), "x[2] = 0.2"),
    ],
    ids=lambda value: value.name if isinstance(value, Number) else "",
)
def test_that_arithmetic_is_written_as_the_document_writes_it(
    tutorial: Explanation, number: Number, text: str
) -> None:
    assert tutorial.written_out(number, 3) == text


def test_that_rounded_terms_that_do_not_give_the_rounded_result_say_so(tutorial: Explanation) -> None:
    written = tutorial.written_out(Number("z2 new", 0), 4)
    exact = number_text(tutorial.value(Number("z2 new", 0)), 17)
    sum_shown = "(0.3 × 0) + (−0.2071 × 0.1984) + (−0.0004) = −0.04147"
    assert written == f"{sum_shown} (rounded terms; exact: {exact})"


def test_that_a_long_sum_shows_its_largest_terms_and_what_the_others_come_to() -> None:
    network = tutorial_network()
    written = explain(network, TUTORIAL_X, 1, 0.1).written_out(Number("z1", 0), 3, limit=2)
    assert written == "(−0.3 × 0.8) + (0.2 × 0.5) + … 2 smaller terms (together 0.12) = −0.02"


@pytest.mark.parametrize(("digits", "limit"), [(0, 9), (18, 9), (3, 0)])
def test_that_digits_and_limits_out_of_range_are_named(
    tutorial: Explanation, digits: int, limit: int
) -> None:
    with pytest.raises(ValueError, match="must be"):
        tutorial.written_out(Number("z1"), digits, limit)


def test_that_17_digits_mean_exactly_the_number() -> None:
    for value in (0.1, -1 / 3, 1e-300, 123456.789, 5.0):
        assert float(number_text(value, 17).replace("−", "-")) == value
    assert [number_text(v, 3) for v in (-0.0, 0.5, -1 / 3, 1e-7)] == ["0", "0.5", "−0.333", "1e−07"]
