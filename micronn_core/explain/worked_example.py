"""The 3-2-2 network that the MicroNN tutorial works through by hand."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from micronn_core.common.texts import mark
from micronn_core.nn.network import Network, Parameters

TUTORIAL_X = np.array([[0.5], [0.8], [0.2]])
TUTORIAL_X.flags.writeable = False
TUTORIAL_LABEL = 1
TUTORIAL_RATE = 0.1

WEIGHTS = (
    ([[0.2, -0.3, 0.1], [0.4, 0.1, -0.2]], [0.1, -0.1]),
    ([[0.3, -0.2], [-0.1, 0.4]], [0.05, -0.05]),
)
"""Weight and bias of each layer as the tutorial prints them."""

SLIPS: Mapping[str, str] = MappingProxyType(
    {
        "a2": mark(
            "The tutorial adds the rounded exponentials, 1.0222 + 1.0060 = 2.0282; their exact sum is "
            "2.02826…, which rounds to 2.0283. The probabilities are right to every printed digit."
        ),
        "e^z2": mark(
            "The tutorial takes e^z as it is; MicroNN subtracts the largest z first, so that nothing "
            "overflows. Every exponential becomes smaller by the same factor, so the shares stay the same."
        ),
        "loss": mark(
            "For class 0 the tutorial gives −log(0.504) as 0.686; it is 0.68518…, which rounds to 0.685. "
            "The loss of class 1, 0.701, is right."
        ),
        "z1[1] new": mark(
            "The tutorial gives 0.1979; its own rounded terms add up to 0.1983, and the exact value is "
            "0.19836…."
        ),
        "a1[1] new": mark("The tutorial carries 0.1979 on from z1[1] new; the exact value is 0.19836…."),
        "z2[0] new": mark("The tutorial gives −0.0414, from 0.1979; the exact value is −0.04147…."),
        "z2[1] new": mark("The tutorial gives 0.0810, from 0.1979; the exact value is 0.08114…."),
        "check": mark(
            "The tutorial's slip in z1[1] new also gives e^0.0810 = 1.0844 and the sum 2.0438; exact are "
            "1.08452… and 2.04390…. The probabilities 0.469 and 0.531 are right all the same."
        ),
    }
)
"""Where the tutorial rounds or slips: by the label of a number, or by the name or key of a step."""


def tutorial_network() -> Network:
    """Return a new network with the weights that the tutorial starts from, in float64."""
    parameters = Parameters((3, 2, 2), dtype=np.float64)
    for layer, (weight, bias) in zip(parameters.layers, WEIGHTS, strict=True):
        layer.weight[...] = weight
        layer.bias[:, 0] = bias
    return Network(parameters)
