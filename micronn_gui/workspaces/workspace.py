"""What every workspace can ask of the window, and what the window asks of it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSplitter, QWidget

from micronn_gui.panels.draw.pad import DrawPanel
from micronn_gui.preferences import Preferences
from micronn_gui.session.inspection import Inspection
from micronn_gui.session.undo import NETWORK, PAD, SETTINGS
from micronn_gui.widgets.guard import Guarded


class Workspace(Guarded, QWidget):
    """A page of the window: panels in a layout.

    Attributes:
        undoes: the acts on what are undone here.
        splitters: those whose places are kept from one day to the next, by their names in the settings.
    """

    undoes: tuple[str, ...] = (PAD, NETWORK, SETTINGS)

    refused = Signal(str)
    """Something could not be done; the text says what and what to do."""
    done = Signal(str)
    """Something has been done that cannot be seen; the text says what."""
    workspace_wanted = Signal(str)
    """Somebody wants to go on in the workspace of this name."""
    replacement_wanted = Signal(object)
    """Somebody wants to do what puts another network in the place of the present one: a function."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("page")
        self.splitters: dict[str, QSplitter] = {}

    def recall(self, preferences: Preferences) -> None:
        """Take over what is remembered of the choices that are made here, and remember them from now on."""

    def take_step(self, direction: int) -> bool:
        """Go a step on (+1) or back (-1) in what is shown here.

        Returns:
            Whether this workspace has steps of its own; else a step is one of the training.
        """
        return False

    def show_setting(self, name: str) -> None:
        """Lead to a setting of the recipe, where there is one here."""

    def take_digit(self, digit: int) -> None:
        """Do what the key of a digit means here; in most workspaces, nothing."""

    def place_pad(self, pad: DrawPanel, inspection: Inspection) -> None:
        """Pass on what the pad asks for."""
        pad.inspect_wanted.connect(inspection.show_drawing)
        pad.inspect_wanted.connect(self._open_inspect)
        pad.why_wanted.connect(self._open_draw)

    def _open_inspect(self) -> None:
        self.workspace_wanted.emit("inspect")

    def _open_draw(self) -> None:
        self.workspace_wanted.emit("draw")
