"""Pictures for the pad: opened, pasted, dropped, or taken from the test set."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QStandardPaths, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from micronn_core.common.errors import MicroNNError
from micronn_core.common.texts import tr
from micronn_core.drawing.images import picture_in, read_image
from micronn_core.drawing.preparation import Field
from micronn_gui.panels.draw.wording import nothing_to_draw
from micronn_gui.session.drawing import Drawing
from micronn_gui.session.samples import held_out
from micronn_gui.session.training import TrainingState
from micronn_gui.widgets.handed_over import handed_over


class Pictures(QObject):
    """Lays pictures on the pad."""

    refused = Signal(str)
    """A picture cannot be used; the text says why."""
    accepted = Signal()
    """A picture lies on the pad."""

    def __init__(self, training: TrainingState, drawing: Drawing, parent: QWidget) -> None:
        super().__init__(parent)
        self._training, self._drawing = training, drawing
        self._window = parent

    def menu(self) -> QMenu:
        """Return the menu of what can be laid on the pad."""
        menu = QMenu(self._window)
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
        if isinstance(thing, QImage):
            self.lay(thing)
        else:
            self.read(thing)

    def lay(self, image: QImage) -> None:
        """Lay a picture on the pad."""
        content = _as_png(image)
        self._lay(lambda field: picture_in(content, field))

    def read(self, path: Path) -> None:
        """Lay a picture file on the pad."""
        self._lay(lambda field: read_image(path, field))

    def _lay(self, read: Callable[[Field], NDArray[np.uint8]]) -> None:
        if self._refuses():
            return
        try:
            picture = read(self._drawing.field)
        except MicroNNError as error:
            self.refused.emit(str(error))
        else:
            self._drawing.lay_under(self._training.spec.inputs(picture).reshape(picture.shape))
            self.accepted.emit()

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


def _as_png(image: QImage) -> bytes:
    """Return a picture as the content of a file; nothing is written to any disk."""
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(content.data())
