"""What Qt calls back never lets an exception through: it is reported, and the program goes on.

Qt cannot pass on what a Python override raises. Two that are raised below one call from Python end
the process on Python 3.11. So every class that overrides something of Qt's derives from `Guarded`
first, and whoever derives from that is guarded too. Here as well each widget is painted and laid out in
the text size of its window.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QSize, Qt

from micronn_gui.theme import text_size

FALLBACKS: Mapping[str, Callable[[], Any]] = {
    "event": lambda: False,
    "eventFilter": lambda: False,
    "viewportEvent": lambda: False,
    "sizeHint": QSize,
    "minimumSizeHint": QSize,
    "heightForWidth": lambda: -1,
    "rowCount": lambda: 0,
    "columnCount": lambda: 0,
    "data": lambda: None,
    "headerData": lambda: None,
    "flags": lambda: Qt.ItemFlag.NoItemFlags,
    "setData": lambda: False,
    "paint": lambda: None,
    "createEditor": lambda: None,
    "updateEditorGeometry": lambda: None,
    "setEditorData": lambda: None,
    "setModelData": lambda: None,
}
"""What an override returns after an exception; one of an event (`paintEvent`) returns nothing."""


class Guarded:
    """A base, before Qt's own, that guards all overrides of a class and of those derived from it."""

    def __init_subclass__(cls, **more: Any) -> None:  # noqa: ANN401 - whatever a base takes
        """Put a guard round each override of the class."""
        super().__init_subclass__(**more)
        for name, method in list(vars(cls).items()):
            if is_override(name) and callable(method):
                setattr(cls, name, _guard(method, FALLBACKS.get(name, lambda: None)))


def is_override(name: str) -> bool:
    """Return whether Qt calls a method of this name."""
    return name.endswith("Event") or name in FALLBACKS


def _guard(method: Callable[..., Any], fallback: Callable[[], Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def call(*words: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever Qt passes and wants back
        try:
            if not text_size.own:
                return method(*words, **named)
            with text_size.of(words[0]):
                return method(*words, **named)
        except Exception as error:
            sys.excepthook(type(error), error, error.__traceback__)
            return fallback()

    return call
