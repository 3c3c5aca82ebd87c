"""Pictures for the pad: opened, pasted, dropped, or taken from the test set."""

from __future__ import annotations

import random
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from micronn_core.common.errors import MicroNNError
from micronn_core.common.texts import tr
from micronn_gui.panels.draw.wording import nothing_to_draw
from micronn_gui.session.drawing import Drawing
from micronn_gui.session.opened_picture import OpenedPicture
from micronn_gui.session.samples import held_out
from micronn_gui.session.training import TrainingState
from micronn_gui.widgets.controls.menu import Menu
from micronn_gui.widgets.handed_over import handed_over


class Pictures(QObject):
    """Finds pictures to lay on the pad.

    Args:
        training: whose network reads pictures or does not.
        drawing: the pad.
        opened: reads pictures, and says how that goes.
        parent: the parent of the dialogs.
    """

    refused = Signal(str)
    """There is no picture, or no use for one; the text says why."""

    def __init__(
        self, training: TrainingState, drawing: Drawing, opened: OpenedPicture, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._training, self._drawing, self._opened = training, drawing, opened
        self._window = parent

    def menu(self) -> QMenu:
        """Return the menu of what can be laid on the pad."""
        menu = Menu(self._window)
        menu.addAction(tr("Open a picture …"), self.open)
        menu.addAction(tr("Paste a picture"), self.paste)
        menu.addAction(tr("A picture of the test set"), self.take_sample)
        return menu

    def open(self) -> None:
        """Ask for a picture file and lay it on the pad."""
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
        kinds = tr("Pictures (*.png *.jpg *.jpeg *.bmp *.gif *.tif *.tiff *.webp);;All files (*)")
        path, _ = QFileDialog.getOpenFileName(self._window, tr("Open a picture"), folder, kinds)
        if path:
            self.read(Path(path))

    def paste(self) -> None:
        """Lay the clipboard's picture on the pad."""
        try:
            thing = handed_over(QGuiApplication.clipboard().mimeData())
        except MicroNNError as error:
            self.refused.emit(str(error))
            return
        if isinstance(thing, Path):
            self.read(thing)
        else:
            self.lay(thing)

    def lay(self, picture: QImage | bytes) -> None:
        """Lay a picture, or the content of a picture's file, on the pad."""
        if not self._refuses():
            self._opened.take(picture)

    def read(self, path: Path) -> None:
        """Lay a picture file on the pad."""
        if not self._refuses():
            self._opened.open(path)

    def take_sample(self) -> None:
        """Lay a random picture of the test set on the pad."""
        if self._refuses():
            return
        try:
            data = held_out(self._training.config)
        except MicroNNError as error:
            self.refused.emit(str(error))
            return
        image = data.values[random.randrange(len(data))]
        self._drawing.lay_under(data.spec.inputs(image).reshape(self._drawing.picture.shape))

    def _refuses(self) -> bool:
        """Say so if the network reads no pictures."""
        reason = nothing_to_draw(self._training.spec)
        if reason:
            self.refused.emit(reason)
        return bool(reason)
