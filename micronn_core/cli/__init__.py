"""The command line: a file for each command."""

MODEL = "micronn-model.npz"
"""Where a trained network is saved, and looked for, unless another place is named."""
