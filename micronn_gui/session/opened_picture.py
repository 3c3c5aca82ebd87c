"""A picture for the pad: read beside the window, so that a photograph of any size holds nothing up."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Event

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QImage

from micronn_core.common.errors import MicroNNError
from micronn_core.common.stopping import until_set
from micronn_core.common.texts import tr
from micronn_core.drawing.images import picture_in, read_image
from micronn_core.drawing.preparation import Field
from micronn_gui.session.drawing import Drawing
from micronn_gui.session.training import TrainingState

LOOK_INTERVAL = 15
"""Milliseconds between two looks whether a picture has been read."""

WORD_AFTER = 150
"""Milliseconds of reading after which it is said."""

LARGEST_SIDE = 1024
"""Side in pixels to which a larger copied picture is made smaller before anything else is done with it."""

Read = Callable[[Field], NDArray[np.uint8]]


class OpenedPicture(QObject):
    """Reads a picture and lays it on the pad.

    Args:
        training: its data set says how ink is scaled.
        drawing: the pad.
    """

    reading = Signal(str)
    """It takes a moment; the text says what is being done."""
    refused = Signal(str)
    """A picture cannot be used; the text says why."""
    accepted = Signal()
    """A picture lies on the pad."""

    def __init__(self, training: TrainingState, drawing: Drawing) -> None:
        super().__init__(training)
        self._training, self._drawing = training, drawing
        self._thread: ThreadPoolExecutor | None = None
        self._future: Future[NDArray[np.uint8]] | None = None
        self._read: Read | None = None
        self._field = drawing.field
        self._given_up = Event()
        self._looks = QTimer(self, interval=LOOK_INTERVAL)
        self._looks.timeout.connect(self._look)
        self._word = QTimer(self, interval=WORD_AFTER, singleShot=True)
        self._word.timeout.connect(lambda: self.reading.emit(tr("Reading the picture …")))

    @property
    def is_reading(self) -> bool:
        """Whether a picture is being read."""
        return self._future is not None

    def open(self, path: Path) -> None:
        """Read a file; `accepted` or `refused` tells when that is done.

        A picture that is being read already is given up: its end is not told. This holds for `take` too.
        """
        self._begin(lambda field: read_image(path, field))

    def take(self, picture: QImage | bytes) -> None:
        """Read a picture, or the content of a picture's file."""
        if isinstance(picture, QImage):
            image = QImage(picture)  # shares its pixels, and is nobody else's
            self._begin(lambda field: picture_in(_as_png(image), field))
        else:
            self._begin(lambda field: picture_in(picture, field))

    def close(self) -> None:
        """Let go of what is being read, and end the thread."""
        self._give_up()
        if self._thread is not None:
            self._thread.shutdown(cancel_futures=True)

    def _begin(self, read: Read) -> None:
        self._give_up()
        self._read = read
        self._submit(read, self._drawing.field)
        self._looks.start()
        self._word.start()

    def _submit(self, read: Read, field: Field) -> None:
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, "micronn-picture")
        self._field = field
        self._future = self._thread.submit(_until_given_up, read, self._field, self._given_up)

    def _give_up(self) -> None:
        self._looks.stop()
        self._word.stop()
        self._future = self._read = None
        self._given_up.set()
        self._given_up = Event()

    def _look(self) -> None:
        future, read = self._future, self._read
        if future is None or read is None or not future.done():
            return
        shape = self._training.spec.features.image_shape
        if shape is not None and Field(*shape) != self._field:  # another network has come meanwhile
            self._submit(read, Field(*shape))
            return
        self._give_up()
        if shape is None:  # and it reads no pictures
            return
        try:
            picture = future.result()
        except MicroNNError as error:
            self.refused.emit(str(error))
            return
        self._drawing.lay_under(self._training.spec.inputs(picture).reshape(picture.shape))
        self.accepted.emit()


def _until_given_up(read: Read, field: Field, given_up: Event) -> NDArray[np.uint8]:
    with until_set(given_up):
        return read(field)


def _as_png(image: QImage) -> bytes:
    """Return a picture as the content of a file; nothing is written to any disk."""
    if max(image.width(), image.height()) > LARGEST_SIDE:
        keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        image = image.scaled(LARGEST_SIDE, LARGEST_SIDE, keep, smooth)
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(content.data())
