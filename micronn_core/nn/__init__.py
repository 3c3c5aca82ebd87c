"""The network and how it learns, to be read in an evening.

In this order: activations, initializers, loss, network, dropout, optimizers, regularization,
schedules. What makes training fast is elsewhere, in `micronn_core.training.compute`, and is
tested against this.
"""
