"""The errors that a user is meant to read.

Every message says what is wrong, where, and what to do about it. The command line prints it
on one line and the window shows it beside the control it concerns; neither shows a traceback.
"""

from __future__ import annotations


class MicroNNError(Exception):
    """Base of all errors whose message is written for the user."""


class ConfigError(MicroNNError):
    """A setting cannot be used.

    Args:
        field: name of the setting in `TrainingConfig`, so that its control can be marked.
        message: what is wrong with it and what would be accepted.
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class DataError(MicroNNError):
    """A file of samples is missing, damaged, or not what it should be."""


class StorageError(MicroNNError):
    """A file could not be saved or opened."""


class TrainingDiverged(MicroNNError):
    """The weights left the range of the number format, so the loss is no longer a number."""
