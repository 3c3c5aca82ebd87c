"""Saving the network that is shown to a file of the user's choice."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from micronn_core.errors import StorageError
from micronn_gui.session import Session
from micronn_gui.widgets.banner import Banner


def ask_save(session: Session, parent: QWidget, banner: Banner) -> None:
    """Ask where to save the network that is shown, save it, and say how that went."""
    moment = session.shown
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    name = f"micronn-epoch-{moment.metrics.epoch:.0f}.npz" if moment else "micronn.npz"
    path, _ = QFileDialog.getSaveFileName(
        parent, parent.tr("Save the network"), str(Path(folder) / name), parent.tr("Networks (*.npz)")
    )
    if not path:
        return
    try:
        saved = session.save(Path(path))
    except StorageError as error:
        banner.show_message(str(error))
    else:
        banner.show_message(parent.tr("Saved as {path}").format(path=saved), good=True)
