"""Which number of a step to look at first."""

from __future__ import annotations

import numpy as np

from micronn_core.explain.derivations import NEW, Number
from micronn_core.explain.explanation import Explanation
from micronn_core.explain.steps import Step


def first_number(explanation: Explanation, step: Step) -> Number:
    """Return the number of the answer or, behind it, of the true class; else the most telling one.

    That is the largest or, of weights, the one that changes most.
    """
    arrays, name = explanation.arrays, step.outputs[0]
    last = len(explanation.network.layers)
    if name in (f"z{last}", f"a{last}"):
        return Number(name, explanation.before.answer)
    if name in (f"dz{last}", f"a{last}{NEW}"):
        return Number(name, explanation.label)
    telling = arrays.get(f"d{name.removesuffix(NEW)}", arrays[name])
    row, column = np.unravel_index(np.abs(telling).argmax(), telling.shape)
    return Number(name, int(row), int(column))
