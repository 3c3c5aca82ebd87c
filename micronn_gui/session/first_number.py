"""Which number of a step to look at first."""

from __future__ import annotations

import numpy as np

from micronn_core.explain.derivations import Number
from micronn_core.explain.explanation import Explanation
from micronn_core.explain.steps import Step


def first_number(explanation: Explanation, step: Step) -> Number:
    """Return the number of the true class, else the largest, or of weights the one that changes most."""
    arrays, name = explanation.arrays, step.outputs[0]
    last = len(explanation.network.layers)
    if name.removesuffix(" new") in (f"z{last}", f"a{last}", f"dz{last}"):
        return Number(name, explanation.label)
    telling = arrays.get(f"d{name.removesuffix(' new')}", arrays[name])
    row, column = np.unravel_index(np.abs(telling).argmax(), telling.shape)
    return Number(name, int(row), int(column))
