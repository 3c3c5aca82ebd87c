"""Says that the pad has been cleared, and offers to put back what lay on it until somebody draws again."""

from __future__ import annotations

from PySide6.QtCore import QObject

from micronn_core.common.texts import tr
from micronn_gui.session.drawing import Drawing
from micronn_gui.session.undo import Act
from micronn_gui.widgets.controls.toasts import Offer, Toast, Toasts


class ClearedPad(QObject):
    """Follows the drawing.

    Args:
        drawing: what is cleared.
        toasts: says so, and ends this with itself.
    """

    def __init__(self, drawing: Drawing, toasts: Toasts) -> None:
        super().__init__(toasts)
        self._toasts = toasts
        self._toast: Toast | None = None
        drawing.cleared.connect(self._offer)
        drawing.changed.connect(self._withdraw)

    def _offer(self, act: Act) -> None:
        offer = Offer(tr("Undo"), tr("Undo: {what}", what=act.what), act.take_back)
        self._toast = self._toasts.show_message(act.said, good=True, offer=offer)

    def _withdraw(self) -> None:
        if self._toast is not None:
            self._toasts.withdraw(self._toast)
            self._toast = None
