"""Where the numbers of each array come from: one rule for each kind of array.

A rule knows how any one number of its array is made of others, and answers only when it is
asked: an explanation of 784-512-512-10 holds two million numbers, and a person looks at one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from micronn_core.common.texts import mark, tr
from micronn_core.explain.derivations import Factor, Kind, Operands, Term, product


class Rule(Protocol):
    """How the numbers of one array are made."""

    @property
    def kind(self) -> Kind:
        """What the terms are to the number."""

    def terms(self, operands: Operands, row: int, column: int) -> list[Term]:
        """Return the parts of the number at this row and column."""


@dataclass(frozen=True)
class Given:
    """Nothing is behind it: an input, the true class, a weight of the shown network."""

    kind: Kind = "given"

    def terms(self, operands: Operands, row: int, column: int) -> list[Term]:
        """Return no parts."""
        return []


@dataclass(frozen=True)
class WeightedSum:
    """z = W a + b."""

    weight: str
    input: str
    bias: str
    kind: Kind = "sum"

    def terms(self, operands: Operands, row: int, column: int) -> list[Term]:
        """Return one weight times one input each, then the bias."""
        pairs = zip(operands.row(self.weight, row), operands.vector(self.input), strict=True)
        parts = operands.parts(self.input)
        votes = [Term(w.value * a.value, (w, a), part) for (w, a), part in zip(pairs, parts, strict=True)]
        bias = operands.factor(self.bias, row)
        return [*votes, Term(bias.value, (bias,), tr("bias"))]


@dataclass(frozen=True)
class Applied:
    """f(argument), element by element or, with `row`, of one row only.

    Attributes:
        name: the function as it is written.
        call: the function.
        argument: the array it is applied to.
        row: the row, where it is the same for every number.
    """

    name: str
    call: Callable[[float], float]
    argument: str
    row: int | None = None
    kind: Kind = "function"

    def terms(self, operands: Operands, row: int, column: int) -> list[Term]:
        """Return the argument."""
        return [operands.single(self.argument, row if self.row is None else self.row)]


@dataclass(frozen=True)
class Exponential:
    """e^(z - max z): the largest is subtracted, so that nothing overflows."""

    logits: str
    name: str = "e^"
    call: Callable[[float], float] = np.exp
    kind: Kind = "function"

    def terms(self, operands: Operands, row: int, column: int) -> list[Term]:
        """Return the logit and the largest logit, subtracted."""
        largest = operands.factor(self.logits, int(operands.arrays[self.logits].argmax()))
        minus = Factor(-1.0, None, "−1")
        return [operands.single(self.logits, row), product((minus, largest), tr("the largest"))]


@dataclass(frozen=True)
class Share:
    """softmax: one exponential's part of the sum of all."""

    exponentials: str
    kind: Kind = "share"

    def terms(self, operands: Operands, row: int, column: int) -> list[Term]:
        """Return every class's exponential."""
        pairs = zip(operands.vector(self.exponentials), operands.parts(self.exponentials), strict=True)
        return [Term(factor.value, (factor,), part) for factor, part in pairs]


@dataclass(frozen=True)
class Difference:
    """before - rate · after; without a rate, before - after.

    It is both the error of the output, a - y, and the update, W - α dW.
    """

    before: str
    after: str
    rate: float | None = None
    labels: tuple[str, str] = (mark("before"), mark("change"))
    kind: Kind = "sum"

    def terms(self, operands: Operands, row: int, column: int) -> list[Term]:
        """Return what was there and what is taken away."""
        sign = Factor(-1.0, None, "−1") if self.rate is None else Factor(-self.rate, None, "−α")
        before = operands.factor(self.before, row, column)
        taken = product((sign, operands.factor(self.after, row, column)), tr(self.labels[1]))
        return [Term(before.value, (before,), tr(self.labels[0])), taken]


@dataclass(frozen=True)
class WeightGradient:
    """dW = dz aᵀ."""

    error: str
    input: str
    kind: Kind = "sum"

    def terms(self, operands: Operands, row: int, column: int) -> list[Term]:
        """Return the one product."""
        factors = (operands.factor(self.error, row), operands.factor(self.input, column))
        return [product(factors, " · ".join(factor.text for factor in factors))]


@dataclass(frozen=True)
class BiasGradient:
    """db = dz."""

    error: str
    kind: Kind = "sum"

    def terms(self, operands: Operands, row: int, column: int) -> list[Term]:
        """Return the one error."""
        return [operands.single(self.error, row)]


@dataclass(frozen=True)
class HiddenError:
    """dz = (Wᵀ dz of the next layer) ⊙ g′(z)."""

    weight: str
    error: str
    slope: str
    kind: Kind = "sum"

    def terms(self, operands: Operands, row: int, column: int) -> list[Term]:
        """Return what each neuron of the next layer sends back."""
        slope = operands.factor(self.slope, row)
        pairs = zip(operands.column(self.weight, row), operands.vector(self.error), strict=True)
        parts = operands.parts(self.error)
        return [
            Term(w.value * dz.value * slope.value, (w, dz, slope), part)
            for (w, dz), part in zip(pairs, parts, strict=True)
        ]
