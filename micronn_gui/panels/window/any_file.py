"""Whatever is dropped, pasted or named at the start: opened as what it is."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication, QImage

from micronn_core.common.errors import MicroNNError
from micronn_core.common.texts import tr
from micronn_core.runs.file_kinds import FileKind, kind_of
from micronn_gui.panels.window.data_files import DataFiles
from micronn_gui.panels.window.network_files import NetworkFiles
from micronn_gui.session.my_digits import MyDigitsState
from micronn_gui.widgets.controls.toasts import Toasts
from micronn_gui.widgets.handed_over import handed_over


class TakesPictures(Protocol):
    """Does something with pictures."""

    def read(self, path: Path) -> None:
        """Take the picture in a file, or say why not."""

    def lay(self, picture: QImage | bytes) -> None:
        """Take a picture, or the content of a picture's file, or say why not."""


class AnyFile:
    """Opens a file without being told what it is.

    Args:
        networks: opens networks.
        samples: opens files of samples.
        pictures: lays pictures on the pad.
        my_digits: takes in kept digits.
        toasts: says what cannot be opened.
    """

    def __init__(
        self,
        networks: NetworkFiles,
        samples: DataFiles,
        pictures: TakesPictures,
        my_digits: MyDigitsState,
        toasts: Toasts,
    ) -> None:
        self._pictures, self._my_digits, self._toasts = pictures, my_digits, toasts
        self._open = {
            FileKind.NETWORK: networks.read,
            FileKind.SAMPLES: samples.read,
            FileKind.PICTURE: pictures.read,
            FileKind.DIGITS: self._import,
        }

    def paste(self) -> None:
        """Open what is on the clipboard."""
        self.take(QGuiApplication.clipboard().mimeData())

    def take(self, data: QMimeData | None) -> None:
        """Open what was dropped or pasted, or say why not."""
        try:
            thing = handed_over(data)
        except MicroNNError as error:
            self._toasts.show_message(str(error))
            return
        if isinstance(thing, Path):
            self.read(thing)
        else:
            self._pictures.lay(thing)

    def read(self, path: Path) -> None:
        """Open a file as what is in it, or say why not."""
        try:
            kind = kind_of(path)
        except MicroNNError as error:
            self._toasts.show_message(str(error))
        else:
            self._open[kind](path)

    def _import(self, path: Path) -> None:
        if self._my_digits.import_(path) == 0:
            text = tr("Nothing was added: all of these digits are here already")
            self._toasts.show_message(text, good=True)
