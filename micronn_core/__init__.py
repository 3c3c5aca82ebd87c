"""MicroNN's core: a neural network from scratch in NumPy, its training and its explanation.

Read it in this order: activations, initializers, network, optimizers, micronn, trainer.
"""

from micronn_core.micronn import MicroNN, load_data
from micronn_core.nn.network import Network, Parameters, Trace, cross_entropy

__all__ = ["MicroNN", "Network", "Parameters", "Trace", "cross_entropy", "load_data"]
