"""A picture of the window, as a file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QStandardPaths
from PySide6.QtWidgets import QWidget

from micronn_core.common.errors import MicroNNError
from micronn_core.common.files import write_atomically
from micronn_core.common.texts import tr
from micronn_gui.session.saved_files import SavedFiles
from micronn_gui.widgets.controls.saving import ask_where_to_save
from micronn_gui.widgets.controls.toasts import Toasts

SUFFIX = ".png"


def save_picture(window: QWidget, files: SavedFiles, toasts: Toasts) -> None:
    """Take a picture of a window as it is now, ask where to save it, and save it."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    window.grab().save(buffer, "PNG")
    content = bytes(buffer.data().data())
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)

    def write(path: Path) -> Path:
        write_atomically(path, content)
        return path

    def save(path: Path) -> None:
        try:
            saved = files.save(path, write)
        except MicroNNError as error:
            toasts.show_message(str(error))
        else:
            files.tell(saved, tr("Saved as {path}", path=saved.path))

    title = tr("Save a picture of the window")
    ask_where_to_save(window, title, Path(folder) / f"micronn{SUFFIX}", {SUFFIX: tr("Pictures")}, save)
