"""Texts with names that people choose, where Qt would take some of them for HTML."""

from __future__ import annotations

from PySide6.QtGui import Qt


def as_written(text: str) -> str:
    """Return a text for a tool tip or a dialog, which show it letter for letter: Qt would look for HTML."""
    return (
        Qt.convertFromPlainText(text, Qt.WhiteSpaceMode.WhiteSpaceNormal)
        if Qt.mightBeRichText(text)
        else text
    )
