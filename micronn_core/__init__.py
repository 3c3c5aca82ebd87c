"""MicroNN's core: a neural network from scratch in NumPy, its training and its explanation.

Read `micronn_core.nn` first, then `micronn` and `training`.
"""

from micronn_core.micronn import MicroNN, load_data
from micronn_core.nn.loss import cross_entropy
from micronn_core.nn.network import Network, Parameters, Trace

__all__ = ["MicroNN", "Network", "Parameters", "Trace", "cross_entropy", "load_data"]
