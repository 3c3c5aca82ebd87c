"""The steps of one learning step: their titles, formulas and the code that computes them."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from micronn_core.common.texts import mark, tr, trn
from micronn_core.explain.derivations import NEW
from micronn_core.nn.activations import Activation
from micronn_core.nn.loss import cross_entropy, softmax
from micronn_core.nn.network import Network
from micronn_core.nn.optimizers import GradientDescent

Phase = Literal["forward", "backward", "update"]


class Code(NamedTuple):
    """Lines cut out of the program's own source.

    Attributes:
        text: the lines, without their common indentation.
        place: the file, such as "micronn_core/network.py".
        line: number of the first line in that file.
    """

    text: str
    place: str
    line: int


@lru_cache(maxsize=64)
def code(function: Callable[..., Any], first: str, last: str = "") -> Code:
    """Cut lines out of a function's source.

    Args:
        function: where they are.
        first: how the first line begins.
        last: how the last line begins; the same line if not given.

    Raises:
        LookupError: no line begins so: the source has changed and the step must follow it.
    """
    lines, top = inspect.getsourcelines(function)

    def find(start: str, after: int = 0) -> int:
        for number, line in enumerate(lines[after:], after):
            if line.strip().startswith(start):
                return number
        raise LookupError(f"no line of {function.__qualname__} begins with {start!r}")

    begin = find(first)
    end = find(last, begin) if last else begin
    text = textwrap.dedent("".join(lines[begin : end + 1])).rstrip()
    return Code(text, f"{function.__module__.replace('.', '/')}.py", top + begin)


@dataclass(frozen=True, eq=False)
class Step:
    """One step of the computation.

    Attributes:
        key: "x", "z1", "a1", ..., "loss", "dz2", "dW2", ..., "update", "check".
        phase: "forward", "backward" or "update".
        title: what happens, in words.
        summary: what happens, in a few signs, for the list of steps.
        names: what it computes, for the list of steps.
        latex: the formula.
        source: the lines of MicroNN that compute it.
        expressions: the formula as rows of tokens. A token that names an array is that matrix;
            one that names an array and ends with "ᵀ" is its transpose; any other is a sign.
        outputs: names of the arrays it computes, the most telling first.
        inputs: names of the arrays it reads.
    """

    key: str
    phase: Phase
    title: str
    summary: str
    names: str
    latex: str
    source: Code
    expressions: tuple[tuple[str, ...], ...]
    outputs: tuple[str, ...]
    inputs: tuple[str, ...]

    @property
    def code(self) -> str:
        """The lines of MicroNN that compute it."""
        return self.source.text

    @property
    def place(self) -> str:
        """The file where the lines are."""
        return self.source.place


def slope_name(activation: Activation, layer: int) -> str:
    """Return the name of the array g′(z) of a hidden layer, such as "ReLU′(z1)"."""
    return f"{activation.label}′(z{layer})"


def build_steps(network: Network, label: int) -> tuple[Step, ...]:
    """Return the steps of one learning step in their order.

    Args:
        network: its depth and activation decide which steps there are.
        label: the true class.
    """
    steps = [*_forward(network, label), *_backward(network), *_update(network, label)]
    return tuple(steps)


class _Titles(NamedTuple):
    """What a step is called in the output layer, in the only hidden layer, and in one of several."""

    output: str
    hidden: str
    one_of_several: str

    def of(self, layer: int, depth: int) -> str:
        """Return the title for one of `depth` layers, counted from 1."""
        if layer == depth:
            return tr(self.output)
        return tr(self.hidden) if depth == 2 else tr(self.one_of_several, n=layer)


SUM = _Titles(
    mark("Output layer, weighted sum"),
    mark("Hidden layer, weighted sum"),
    mark("Hidden layer {n}, weighted sum"),
)
ACTIVATION = _Titles(
    mark("Output layer, probabilities"),
    mark("Hidden layer, activation"),
    mark("Hidden layer {n}, activation"),
)
ERROR = _Titles(mark("Output layer, error"), mark("Hidden layer, error"), mark("Hidden layer {n}, error"))
GRADIENTS = _Titles(
    mark("Output layer, gradients"), mark("Hidden layer, gradients"), mark("Hidden layer {n}, gradients")
)


def _before(layer: int) -> tuple[str, str]:
    """The name and the LaTeX of a layer's input."""
    return (f"a{layer - 1}", f"a_{{{layer - 1}}}") if layer > 1 else ("x", "x")


def _forward(network: Network, label: int) -> Iterator[Step]:
    depth, g = len(network.layers), network.activation
    yield Step(
        "x", "forward", tr("Input"), trn("{count} input", "{count} inputs", network.sizes[0]), "x", "x",
        code(Network.forward, "a, zs, activations ="), (("x",),), ("x",), (),
    )  # fmt: skip
    for i in range(1, depth + 1):
        a, a_latex = _before(i)
        z = f"z{i}"
        yield Step(
            z, "forward", SUM.of(i, depth), f"W{i} {a} + b{i}", z,
            rf"z_{{{i}}} = W_{{{i}}}\, {a_latex} + b_{{{i}}}",
            code(Network.forward, "z ="),
            ((f"W{i}", "·", a, "+", f"b{i}", "=", z),), (z,), (f"W{i}", a, f"b{i}"),
        )  # fmt: skip
        if i < depth:
            yield Step(
                f"a{i}", "forward", ACTIVATION.of(i, depth), f"{g.label}({z})", f"a{i}",
                rf"a_{{{i}}} = \text{{{g.label}}}(z_{{{i}}}), \quad \text{{{g.label}}}(z) = {g.latex}",
                code(g.function, "return"),
                ((g.label, "(", z, ")", "=", f"a{i}"),), (f"a{i}",), (z,),
            )  # fmt: skip
    z, a, e = f"z{depth}", f"a{depth}", f"e^z{depth}"
    yield Step(
        a, "forward", ACTIVATION.of(depth, depth), f"softmax({z})", a,
        rf"a_{{{depth}}} = \text{{softmax}}(z_{{{depth}}}) = "
        rf"\frac{{e^{{z_{{{depth}}}}}}}{{\sum_j e^{{z_{{{depth},j}}}}}}",
        code(softmax, "with np.errstate", "exponentials /="),
        (("softmax", "(", z, ")", "=", a),), (a, e), (z,),
    )  # fmt: skip
    yield Step(
        "loss", "forward", tr("Loss"), f"−log {a}[{label}]", "L",
        rf"L = -\sum_k y_k \log a_{{{depth},k}} = -\log a_{{{depth},{label}}}",
        code(cross_entropy, "losses ="),
        (("−", "yᵀ", "·", "log", a, "=", "L"),), ("L",), ("y", a),
    )  # fmt: skip


def _backward(network: Network) -> Iterator[Step]:
    depth, g = len(network.layers), network.activation
    for i in range(depth, 0, -1):
        a, a_latex = _before(i)
        dz, dw, db = f"dz{i}", f"dW{i}", f"db{i}"
        if i == depth:
            yield Step(
                dz, "backward", ERROR.of(i, depth), f"a{i} − y", dz, rf"dz_{{{i}}} = a_{{{i}}} - y",
                code(Network.backward, "dz = trace.probabilities", "dz[labels"),
                ((f"a{i}", "−", "y", "=", dz),), (dz,), (f"a{i}", "y"),
            )  # fmt: skip
        else:
            w, after, slope = f"W{i + 1}", f"dz{i + 1}", slope_name(g, i)
            yield Step(
                dz, "backward", ERROR.of(i, depth), f"{w}ᵀ {after} ⊙ {slope}", dz,
                rf"dz_{{{i}}} = (W_{{{i + 1}}}^T\, dz_{{{i + 1}}}) \odot \text{{{g.label}}}'(z_{{{i}}})",
                code(Network.backward, "dz = self.layers[i].weight.T"),
                (("(", f"{w}ᵀ", "·", after, ")", "⊙", slope, "=", dz),),
                (dz, slope), (w, after, f"z{i}"),
            )  # fmt: skip
        yield Step(
            dw, "backward", GRADIENTS.of(i, depth), f"{dz} {a}ᵀ", dw,
            rf"dW_{{{i}}} = dz_{{{i}}}\, {a_latex}^T \qquad db_{{{i}}} = dz_{{{i}}}",
            code(Network.backward, "gradient.layers[i].weight", "gradient.layers[i].bias"),
            ((dz, "·", f"{a}ᵀ", "=", dw), (dz, "=", db)), (dw, db), (dz, a),
        )  # fmt: skip


def _update(network: Network, label: int) -> Iterator[Step]:
    depth = len(network.layers)
    names = [f"{kind}{i}" for i in range(1, depth + 1) for kind in "Wb"]
    yield Step(
        "update", "update", tr("Gradient descent"), "W − α dW", "W, b",
        r"W \leftarrow W - \alpha\, dW \qquad b \leftarrow b - \alpha\, db",
        code(GradientDescent.step, "np.multiply", "np.subtract"),
        tuple((name, "−", "α", "·", f"d{name}", "=", name + NEW) for name in names),
        tuple(name + NEW for name in names), (*names, *(f"d{name}" for name in names)),
    )  # fmt: skip
    rows: list[tuple[str, ...]] = []
    for i in range(1, depth + 1):
        a = f"a{i - 1}{NEW}" if i > 1 else "x"
        rows.append((f"W{i}{NEW}", "·", a, "+", f"b{i}{NEW}", "=", f"z{i}{NEW}"))
        rows.append(
            ("softmax" if i == depth else network.activation.label, "(", f"z{i}{NEW}", ")", "=", f"a{i}{NEW}")
        )
    rows.append(("−", "yᵀ", "·", "log", f"a{depth}{NEW}", "=", f"L{NEW}"))
    between = [f"{kind}{i}{NEW}" for i in range(1, depth + 1) for kind in "za"]
    outputs = (f"a{depth}{NEW}", f"L{NEW}", *between[:-1], f"e^z{depth}{NEW}")
    yield Step(
        "check", "update", tr("Check: is the network better?"), tr("L before → after"), "✓",
        rf"L_{{\text{{new}}}} = -\log a_{{{depth},{label}}}^{{\text{{new}}}}",
        code(Network.forward, "z =", "a ="), tuple(rows), outputs,
        ("x", *(name + NEW for name in names), "y"),
    )  # fmt: skip
