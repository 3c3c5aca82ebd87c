"""The errors that a user is meant to read.

Every message says what is wrong, where, and what to do about it. The command line prints it
on one line and the window shows it beside the control it concerns; neither shows a traceback.
"""

from __future__ import annotations

import unicodedata

LONGEST_MESSAGE = 800
"""Most characters of a message. What a file or a path brings into it may be of any length."""

_UNSEEN = {"Cc": " ", "Zl": " ", "Zp": " ", "Cs": "\N{REPLACEMENT CHARACTER}"}
"""What stands for a character that would break a line or that no terminal can write, by its category."""


class MicroNNError(Exception):
    """Base of all errors whose message is written for the user: on one line that a screen can hold.

    Args:
        message: what is wrong, where, and what to do; its middle is left out if it is too long.
    """

    def __init__(self, message: str) -> None:
        if len(message) > LONGEST_MESSAGE:
            half = LONGEST_MESSAGE // 2 - 2
            message = f"{message[:half]} … {message[-half:]}"
        if not message.isprintable():
            message = "".join(_UNSEEN.get(unicodedata.category(sign), sign) for sign in message)
        super().__init__(message)


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


class NewerFormatError(StorageError):
    """A file holds what this version does not know: to write it anew would lose that."""


class NoRoomError(StorageError):
    """A file could not be saved because the disk, or one's share of it, is full."""


class TrainingDiverged(MicroNNError):
    """The weights left the range of the number format, so the loss is no longer a number."""
