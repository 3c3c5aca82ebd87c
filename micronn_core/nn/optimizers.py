"""How a gradient becomes a change of the weights, from simple to hard.

An optimizer sees one vector of parameters and one of gradients and never the network. To add
one, write its class and a row in the table at the foot.

In the formulas W are the parameters, g is their gradient and alpha the learning rate.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from micronn_core.common.texts import mark
from micronn_core.nn.activations import Array


class Optimizer:
    """Changes parameters in place, one step at a time.

    One that remembers running averages of the gradients writes `_remember` and `_make_change`. Each
    step reads the averages of the one before and writes into other rows, so that taking a step
    back is free.

    Args:
        size: number of parameters.
        dtype: their number format.

    Attributes:
        name, label, description, latex, source: what a `Described` has.
        proportional: twice the gradient makes twice the step; else the learning rate alone decides.
        momentum: beta, the share of the step before that Momentum and Nesterov go on with, below 1;
            it may be changed between two steps.
        averages: how many numbers are remembered of each parameter.
        steps: how many steps have been taken.
    """

    name: ClassVar[str]
    label: ClassVar[str]
    description: ClassVar[str]
    latex: ClassVar[str]
    source: ClassVar[str]
    proportional: ClassVar[bool] = False
    averages: ClassVar[int] = 1
    momentum: float = 0.9

    def __init__(self, size: int, dtype: np.dtype[np.floating]) -> None:
        self.steps = 0
        self._old = np.zeros((self.averages, size), dtype)
        self._new = np.zeros_like(self._old)
        self._change = np.empty(size, dtype)

    def step(
        self, parameters: Array, gradient: Array, learning_rate: float, out: Array | None = None
    ) -> None:
        """Move parameters (n,) against their gradient (n,); neither is kept.

        Args:
            parameters: changed in place, unless `out` is given.
            gradient: not changed.
            learning_rate: alpha.
            out: where to put the new parameters, (n,); the old ones then stay as they are.
        """
        self.steps += 1
        self._old, self._new = self._new, self._old
        self._remember(gradient)
        self._make_change(gradient, learning_rate)
        np.subtract(parameters, self._change, out=parameters if out is None else out)

    def undo(self) -> None:
        """Forget the last step, and only that one, as if it had never been taken."""
        self.steps -= 1
        self._old, self._new = self._new, self._old

    def state(self, undone: bool = False) -> tuple[int, Array]:
        """Return how many steps have been taken, and the averages, (averages, n).

        Args:
            undone: as it was before the last step.
        """
        return (self.steps - 1, self._old) if undone else (self.steps, self._new)

    def restore(self, steps: int, averages: Array) -> None:
        """Go on from a state; the averages are copied.

        Raises:
            ValueError: they are not as many as this optimizer remembers.
        """
        if averages.shape != self._new.shape:
            raise ValueError(f"{self.name} remembers averages of {self._new.shape}, not {averages.shape}")
        self.steps = steps
        self._new[...] = averages

    def _remember(self, gradient: Array) -> None:
        """Write the new averages, from the old ones and the gradient."""

    def _make_change(self, gradient: Array, learning_rate: float) -> None:
        """Write into `_change` what is to be subtracted from the parameters."""

    def _average_squares(self, old: Array, new: Array, gradient: Array, decay: float) -> None:
        """Let new = decay old + (1 - decay) g²."""
        np.multiply(gradient, gradient, out=self._change)
        self._change *= 1 - decay
        np.multiply(old, decay, out=new)
        new += self._change


class GradientDescent(Optimizer):
    """W := W - alpha dW (the Kaggle notebook, parameter updates)."""

    name = "gradient descent"
    label = mark("Plain descent")
    description = mark(
        "Gradient descent: steps straight down the slope. Usual learning rates are 0.01 to 0.5."
    )
    latex = r"W \leftarrow W - \alpha\,g"
    source = mark("the tutorial's worked example, step 7; Cauchy 1847")
    proportional = True
    averages = 0

    def step(
        self, parameters: Array, gradient: Array, learning_rate: float, out: Array | None = None
    ) -> None:
        """Subtract `learning_rate` times the gradient."""
        self.steps += 1
        change = self._change if out is None else out  # as little memory as can be: it is what takes time
        np.multiply(gradient, gradient.dtype.type(learning_rate), out=change)
        np.subtract(parameters, change, out=parameters if out is None else out)


class Momentum(Optimizer):
    """v := beta v + g, W := W - alpha v, with a beta of 0.9 unless another is set (Polyak 1964).

    The learning rate stands outside the sum, as in PyTorch, so that a change of it takes effect
    at once.
    """

    name = "momentum"
    label = mark("Momentum")
    description = mark(
        "A ball that rolls downhill: v = β v + gradient, and the weights move by α v. With β = 0.9 up to ten "
        "times as fast as gradient descent at the same rate: take a smaller one (Polyak 1964)."
    )
    latex = r"v \leftarrow \beta v + g, \quad W \leftarrow W - \alpha\,v"
    source = mark("Polyak 1964")
    proportional = True

    def _remember(self, gradient: Array) -> None:
        np.multiply(self._old[0], self.momentum, out=self._new[0])
        self._new[0] += gradient

    def _make_change(self, gradient: Array, learning_rate: float) -> None:
        np.multiply(self._new[0], learning_rate, out=self._change)


class Nesterov(Momentum):
    """v := beta v + g, W := W - alpha (g + beta v), with a beta of 0.9 unless another is set.

    Nesterov 1983, for networks Sutskever et al. 2013; written with the gradient at W itself as
    in Bengio et al. 2013 and PyTorch.
    """

    name = "nesterov"
    label = mark("Nesterov")
    description = mark(
        "Momentum that looks ahead: v = β v + gradient, and the weights move by α (gradient + β v). "
        "It overshoots less (Nesterov 1983, Sutskever et al. 2013)."
    )
    latex = r"v \leftarrow \beta v + g, \quad W \leftarrow W - \alpha\,(g + \beta v)"
    source = mark("Nesterov 1983; Sutskever, Martens, Dahl and Hinton 2013")

    def _make_change(self, gradient: Array, learning_rate: float) -> None:
        np.multiply(self._new[0], self.momentum, out=self._change)
        self._change += gradient
        self._change *= learning_rate


class RMSProp(Optimizer):
    """s := rho s + (1 - rho) g², W := W - alpha g / (sqrt(s) + epsilon).

    With rho = 0.9 and epsilon = 1e-8 (Tieleman and Hinton 2012, lecture 6.5).
    """

    name = "rmsprop"
    label = mark("RMSProp")
    description = mark(
        "Divides each gradient by its usual size, the root of s = 0.9 s + 0.1 gradient², so that all "
        "weights move alike. The usual learning rate is 0.001 (Tieleman and Hinton 2012)."
    )
    latex = (
        r"s \leftarrow \rho s + (1 - \rho)\,g^2, \quad W \leftarrow W - \frac{\alpha\,g}{\sqrt{s} + \epsilon}"
    )
    source = mark("Tieleman and Hinton 2012, lecture 6.5; named by the Kaggle notebook")
    rho: ClassVar[float] = 0.9
    epsilon: ClassVar[float] = 1e-8

    def _remember(self, gradient: Array) -> None:
        self._average_squares(self._old[0], self._new[0], gradient, self.rho)

    def _make_change(self, gradient: Array, learning_rate: float) -> None:
        np.sqrt(self._new[0], out=self._change)
        self._change += self.epsilon
        np.divide(gradient, self._change, out=self._change)
        self._change *= learning_rate


class Adam(Optimizer):
    """Momentum over RMSProp, both corrected for starting at zero (Kingma and Ba 2015, algorithm 1).

    m := beta1 m + (1 - beta1) g, s := beta2 s + (1 - beta2) g²,
    W := W - alpha (m / (1 - beta1^t)) / (sqrt(s / (1 - beta2^t)) + epsilon) in step t,
    with beta1 = 0.9, beta2 = 0.999 and epsilon = 1e-8. The paper calls s v.
    """

    name = "adam"
    label = mark("Adam")
    description = mark(
        "Momentum and RMSProp in one: the average gradient m divided by the root of the average square s. "
        "The usual learning rate is 0.001 (Kingma and Ba 2015)."
    )
    latex = (
        r"m \leftarrow \beta_1 m + (1 - \beta_1)\,g, \quad s \leftarrow \beta_2 s + (1 - \beta_2)\,g^2, "
        r"\quad W \leftarrow W - \alpha \frac{m / (1 - \beta_1^t)}{\sqrt{s / (1 - \beta_2^t)} + \epsilon}"
    )
    source = mark("Kingma and Ba 2015, algorithm 1; named by the Kaggle notebook")
    averages = 2
    beta1: ClassVar[float] = 0.9
    beta2: ClassVar[float] = 0.999
    epsilon: ClassVar[float] = 1e-8

    def _remember(self, gradient: Array) -> None:
        np.multiply(gradient, 1 - self.beta1, out=self._change)
        np.multiply(self._old[0], self.beta1, out=self._new[0])
        self._new[0] += self._change
        self._average_squares(self._old[1], self._new[1], gradient, self.beta2)

    def _make_change(self, gradient: Array, learning_rate: float) -> None:
        # The two corrections are numbers: they are applied to the root and to the rate, not to vectors.
        root_correction = (1 - self.beta2**self.steps) ** 0.5
        np.sqrt(self._new[1], out=self._change)
        self._change += self.epsilon * root_correction
        np.divide(self._new[0], self._change, out=self._change)
        self._change *= learning_rate * root_correction / (1 - self.beta1**self.steps)


OPTIMIZERS: dict[str, type[Optimizer]] = {
    optimizer.name: optimizer for optimizer in (GradientDescent, Momentum, Nesterov, RMSProp, Adam)
}
