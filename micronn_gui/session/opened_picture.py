"""A picture for the pad: read beside the window, so that a photograph of any size holds nothing up."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Event

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QImage

from micronn_core.common.errors import MicroNNError
from micronn_core.common.stopping import until_set
from micronn_core.common.texts import tr
from micronn_core.drawing.images import open_photograph, photograph_in
from micronn_core.drawing.photographs.steps import Photograph, stages_of_photograph
from micronn_core.drawing.preparation import Field, Stage
from micronn_gui.session.drawing import Drawing, Way
from micronn_gui.session.training import TrainingState

LOOK_INTERVAL = 15
"""Milliseconds between two looks whether a picture has been read."""

WORD_AFTER = 150
"""Milliseconds of reading after which it is said."""

LARGEST_SIDE = 1024
"""Side in pixels to which a larger copied picture is made smaller before anything else is done with it."""

LARGEST_SHOWN = 256
"""Side in pixels of the largest picture of a step that is kept to be shown."""

Read = Callable[[], Photograph]


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
        self._future: Future[Way] | None = None
        self._read: Read | None = None
        self._without: frozenset[str] = frozenset()
        self._field = drawing.field
        self._given_up = Event()
        self._looks = QTimer(self, interval=LOOK_INTERVAL)
        self._looks.timeout.connect(self._look)
        self._word = QTimer(self, interval=WORD_AFTER, singleShot=True)
        self._word.timeout.connect(self._say_so)  # a lambda would hold this state, and itself, for ever

    @property
    def is_reading(self) -> bool:
        """Whether a picture is being read."""
        return self._future is not None

    def open(self, path: Path) -> None:
        """Read a file; `accepted` or `refused` tells when that is done.

        A picture that is being read already is given up: its end is not told. This holds for `take` too.
        """
        self._begin(lambda: open_photograph(path))

    def take(self, picture: QImage | bytes) -> None:
        """Read a picture, or the content of a picture's file."""
        if isinstance(picture, QImage):
            image = QImage(picture)  # shares its pixels, and is nobody else's
            self._begin(lambda: photograph_in(_as_png(image)))
        else:
            self._begin(lambda: photograph_in(picture))

    def switch(self, step: str, on: bool) -> None:
        """Do a step on the way of the photograph on the pad, or leave it out."""
        if (way := self._drawing.way) is not None:
            without = way.without - {step} if on else way.without | {step}
            self._begin(lambda: way.photograph, without)

    def close(self) -> None:
        """Let go of what is being read, and end the thread."""
        self._give_up()
        if self._thread is not None:
            self._thread.shutdown(cancel_futures=True)

    def _begin(self, read: Read, without: frozenset[str] = frozenset()) -> None:
        self._give_up()
        self._read, self._without = read, without
        self._submit(read, self._drawing.field)
        self._looks.start()
        self._word.start()

    def _submit(self, read: Read, field: Field) -> None:
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, "micronn-picture")
        self._field = field
        self._future = self._thread.submit(_until_given_up, read, self._field, self._without, self._given_up)

    def _give_up(self) -> None:
        self._looks.stop()
        self._word.stop()
        self._future = self._read = None
        self._given_up.set()
        self._given_up = Event()

    def _say_so(self) -> None:
        self.reading.emit(tr("Reading the picture …"))

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
            way = future.result()
        except MicroNNError as error:
            self.refused.emit(str(error))
            self._drawing.changed.emit()  # a step that cannot be switched stays as it was
            return
        picture, before = way.stages[-1].picture, self._drawing.way
        if before is not None and before.photograph is way.photograph:
            self._drawing.go_another_way(picture, way)
        else:
            self._drawing.lay_under(picture, way)
        self.accepted.emit()


def _until_given_up(read: Read, field: Field, without: frozenset[str], given_up: Event) -> Way:
    with until_set(given_up):
        photograph = read()
        stages = stages_of_photograph(photograph, field, without)
        return Way(
            photograph, tuple(Stage(stage.step, _for_the_eye(stage.picture)) for stage in stages), without
        )


def _for_the_eye(picture: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return a picture that is no larger than it is ever shown, since every act of the pad keeps its own."""
    if max(picture.shape) <= LARGEST_SHOWN:
        return picture
    image = Image.fromarray(picture)
    image.thumbnail((LARGEST_SHOWN, LARGEST_SHOWN), Image.Resampling.BOX)
    return np.asarray(image)


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
