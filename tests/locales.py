"""The language of the C library, which a test that speaks another one must not leave behind."""

from __future__ import annotations

import itertools
import locale

import pytest

_places = itertools.count()
"""To bind a domain where it is already changes nothing."""


def forget_language(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the environment its language back, and let the C library look at it again.

    It keeps the words it has once translated, those for the errors of files among them, until a
    domain of texts is bound.
    """
    monkeypatch.undo()
    if hasattr(locale, "bindtextdomain"):
        locale.bindtextdomain("nothing", f"/{next(_places)}")
