"""One complete learning step, explained number by number.

    explanation = explain(network, x, label=5, learning_rate=0.1)
    explanation.derive(Number("z2", 5)).terms

Everything is computed by the network's own code, in float64, so that what is shown recomputes.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from micronn_core.common.texts import tr
from micronn_core.data.features import DataSpec
from micronn_core.explain.arithmetic import write_derivation
from micronn_core.explain.arrays import compute
from micronn_core.explain.derivation_rules import Applied, Exponential, Rule, Share
from micronn_core.explain.derivations import NEW, Derivation, Floats, Number, Operands
from micronn_core.explain.steps import Step, build_steps
from micronn_core.nn.activations import Array
from micronn_core.nn.network import Network, Parameters


class Outcome(NamedTuple):
    """How well a network does on the sample: its loss, the true class's probability, its answer."""

    loss: float
    probability: float
    answer: int


@dataclass(frozen=True, eq=False)
class Explanation:
    """One learning step on one sample.

    Attributes:
        network: the network before the step, in float64; nobody can write to it.
        learning_rate: alpha.
        label: the true class.
        steps: the steps in their order.
        arrays: every array by its name, (rows, columns) in float64, read-only: "x", "y", "W1",
            "b1", "z1", "a1", ..., "L", "dz2", "dW2", "db2", ... Besides, "e^z2": e^(z − max z)
            of the output, and "ReLU′(z1)": the slopes. Those of the network after the step end
            with " new".
        rules: how the numbers of each array are made.
        spec: what inputs and classes are called; None where they have numbers only.
    """

    network: Network
    learning_rate: float
    label: int
    steps: tuple[Step, ...]
    arrays: Mapping[str, Floats]
    rules: Mapping[str, Rule]
    spec: DataSpec | None = None

    def step(self, key: str) -> Step:
        """Return the step with this key.

        Raises:
            KeyError: there is none.
        """
        for step in self.steps:
            if step.key == key:
                return step
        raise KeyError(f"there is no step {key!r}: the steps are {', '.join(s.key for s in self.steps)}")

    def step_of(self, name: str) -> Step:
        """Return the step that computes an array, or the first that uses it if it is given.

        Raises:
            KeyError: there is no such array.
        """
        self._array(name)
        makers = [step for step in self.steps if name in step.outputs]
        return (makers or [step for step in self.steps if name in step.inputs])[0]

    def value(self, number: Number) -> float:
        """Return the value of a number.

        Raises:
            KeyError: there is no such array.
            IndexError: the array has no such row or column.
        """
        array = self._array(number.name)
        if not (0 <= number.row < array.shape[0] and 0 <= number.column < array.shape[1]):
            rows, columns = array.shape
            raise IndexError(
                f"{number.name} has {rows} rows and {columns} columns: "
                f"there is no row {number.row}, column {number.column}"
            )
        return float(array[number.row, number.column])

    def label_of(self, number: Number) -> str:
        """Return the name of a number as people write it, such as "z2[5]" or "W2[5, 3]"."""
        return number.label(self._array(number.name).shape)

    def key_of(self, number: Number) -> str:
        """Return the name of a number, the same in all languages."""
        return number.key(self._array(number.name).shape)

    def derive(self, number: Number) -> Derivation:
        """Return what a number is made of.

        Raises:
            KeyError: there is no such array.
            IndexError: the array has no such row or column.
        """
        value, rule = self.value(number), self.rules[number.name]
        function = rule.name if isinstance(rule, Applied | Exponential) else ""
        terms = tuple(rule.terms(self._operands, number.row, number.column))
        return Derivation(number, value, rule.kind, terms, function)

    def written_out(self, number: Number, digits: int, limit: int = 12) -> str:
        """Write the arithmetic of a number with the actual values.

        For example "(0.2 × 0.5) + (−0.3 × 0.8) + (0.1 × 0.2) + 0.1 = −0.02". Where the rounded
        values that are shown do not give the rounded result, the text ends with the exact one.

        Args:
            number: which one.
            digits: significant digits of every value, 1 to 17; 17 is exact.
            limit: most terms; the largest are shown, and the rest summed up.
        """
        rule, derivation = self.rules[number.name], self.derive(number)
        call = rule.call if isinstance(rule, Applied | Exponential) else None
        if isinstance(rule, Share):  # the shares of e^z are those of e^(z - max z), and shorter to write
            logits = self.rules[rule.exponentials].terms
            arguments = tuple(logits(self._operands, row, 0)[0] for row in range(len(derivation.terms)))
            derivation = Derivation(number, derivation.value, "share", arguments)
        return write_derivation(derivation, self.label_of(number), call, digits, limit)

    @property
    def before(self) -> Outcome:
        """How well the network does before the step."""
        return self._outcome("")

    @property
    def after(self) -> Outcome:
        """How well it does after the step."""
        return self._outcome(NEW)

    def input_name(self, row: int) -> str:
        """Return what people call an input."""
        return self.spec.features.label(row) if self.spec else f"x[{row}]"

    def class_name(self, row: int) -> str:
        """Return what people call a class."""
        return self.spec.class_names[row] if self.spec else tr("class {i}", i=row)

    def new_network(self) -> Network:
        """Return the network after exactly this step, in float64."""
        parameters = Parameters(self.network.sizes, dtype=np.float64)
        for i, layer in enumerate(parameters.layers, 1):
            layer.weight[...], layer.bias[...] = self.arrays[f"W{i}{NEW}"], self.arrays[f"b{i}{NEW}"]
        return Network(parameters, self.network.activation)

    def _outcome(self, which: str) -> Outcome:
        probabilities = self.arrays[f"a{len(self.network.layers)}{which}"]
        loss = float(self.arrays[f"L{which}"][0, 0])
        return Outcome(loss, float(probabilities[self.label, 0]), int(probabilities.argmax()))

    def _array(self, name: str) -> Floats:
        try:
            return self.arrays[name]
        except KeyError:
            raise KeyError(f"there is no array {name!r}: the arrays are {', '.join(self.arrays)}") from None

    @cached_property
    def _operands(self) -> Operands:
        return Operands(self.arrays, self._part)

    def _part(self, name: str, row: int) -> str:
        """What a row of a vector is called in a list of parts."""
        if name == "x":
            return self.input_name(row)
        layer = name.removesuffix(NEW).lstrip("e^daz")  # "e^z2" -> "2"
        if layer != str(len(self.network.layers)):
            return f"h{row}"
        return tr("class {name}", name=self.spec.class_names[row] if self.spec else row)


def explain(
    network: Network, x: Array, label: int, learning_rate: float, spec: DataSpec | None = None
) -> Explanation:
    """Explain one learning step of a network on one sample.

    Args:
        network: it is left as it is.
        x: the input, (n_in, 1) or (n_in,).
        label: the true class.
        learning_rate: alpha, above 0.
        spec: what the inputs and the classes are called.

    Raises:
        ValueError: the input has another shape or holds what is not a number, there is no such
            class, the learning rate cannot be used, or the network's weights are not finite.
    """
    column = _checked_input(network, x)
    classes = network.sizes[-1]
    if isinstance(label, bool) or not isinstance(label, int | np.integer) or not 0 <= label < classes:
        raise ValueError(f"the true class must be a whole number from 0 to {classes - 1}, not {label!r}")
    if not (math.isfinite(learning_rate) and learning_rate > 0):
        raise ValueError(f"the learning rate must be a number above 0, not {learning_rate!r}")
    if not np.isfinite(network.parameters.vector).all():
        raise ValueError("the network's weights are not all finite numbers: it cannot be explained")
    vector = network.parameters.vector.astype(np.float64)
    before = Network(Parameters(network.sizes, vector), network.activation)
    arrays, rules = compute(before, column, int(label), float(learning_rate))
    for array in (vector, *arrays.values()):
        array.flags.writeable = False
    steps = build_steps(before, int(label))
    frozen, rule_map = MappingProxyType(arrays), MappingProxyType(rules)
    before = Network(Parameters(network.sizes, vector), network.activation)  # its views are read-only
    return Explanation(before, float(learning_rate), int(label), steps, frozen, rule_map, spec)


def _checked_input(network: Network, x: Array) -> Floats:
    n_in = network.sizes[0]
    x = np.asarray(x)
    if x.shape not in ((n_in,), (n_in, 1)):
        raise ValueError(f"x must have shape ({n_in}, 1), one sample, not {x.shape}")
    column: Floats = x.reshape(n_in, 1).astype(np.float64)
    if not np.isfinite(column).all():
        raise ValueError("x must hold finite numbers only")
    return column
