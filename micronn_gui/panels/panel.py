"""What panels share: they follow states while they are seen, and catch up when they are shown again."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from micronn_gui.session.throttle import Throttle
from micronn_gui.theme import text_size
from micronn_gui.widgets.controls.buttons import Card
from micronn_gui.widgets.guard import Guarded

if TYPE_CHECKING:
    _Widget = QWidget
else:
    _Widget = object  # it is mixed into widgets of any kind


class Refreshing(Guarded, _Widget):
    """A widget whose content follows states; to be named before the kind of widget that it is.

    Signals of the states are connected to `touch`, which refreshes at once while the widget is seen.
    A hidden one does nothing, and is refreshed when it is shown.
    """

    _throttle: Throttle | None = None

    def refresh(self) -> bool | None:
        """Show everything as it is now. False says that there was nothing to show."""
        raise NotImplementedError

    def refresh_seldom(self, interval_ms: int, share: float) -> None:
        """Let `refresh` pause after it: see `Throttle`."""
        self._throttle = Throttle(self._refresh, interval_ms, share, self)

    def watch(self, seen: bool) -> None:
        """Hear that the widget is seen from now on, or no longer."""

    def touch(self) -> None:
        """Hear that what is shown is no longer so."""
        if not self.isVisible():
            return
        if self._throttle is None:
            self._refresh()
        else:
            self._throttle.ask()

    def _refresh(self) -> bool | None:
        with text_size.of(self):
            return self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while hidden."""
        super().showEvent(event)
        self.watch(True)
        self.touch()

    def hideEvent(self, event: QHideEvent) -> None:
        """Do nothing from now on."""
        super().hideEvent(event)
        if self._throttle is not None:
            self._throttle.stop()
        self.watch(False)


class Panel(Refreshing, Card):
    """A card that follows states."""


P = TypeVar("P", bound=Refreshing)


def while_seen(part: Callable[[P], None]) -> Callable[[P], None]:
    """Let a method that refreshes a part do nothing while the widget is hidden."""

    @wraps(part)
    def refresh_part(panel: P) -> None:
        if panel.isVisible():
            with text_size.of(panel):
                part(panel)

    return refresh_part
