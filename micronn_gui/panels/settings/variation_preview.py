"""What variation does to the training pictures: ten digits, varied anew twice a second."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QFocusEvent,
    QHideEvent,
    QImage,
    QPainter,
    QPaintEvent,
    QPen,
    QShowEvent,
)
from PySide6.QtWidgets import QVBoxLayout, QWidget

from micronn_core.common.errors import DataError, MicroNNError
from micronn_core.common.texts import tr
from micronn_core.data.augmentation import Augmentation
from micronn_core.data.distortion import augment
from micronn_core.settings.config import TrainingConfig
from micronn_gui.session.samples import held_out
from micronn_gui.theme import px, themes
from micronn_gui.widgets.controls.buttons import label
from micronn_gui.widgets.guard import Guarded
from micronn_gui.widgets.images.picture import ink_image

COLUMNS, ROWS = 5, 2
CELL = 36
"""Side of a picture with its frame, in pixels."""

GAP = 4
"""Pixels between two cells; five cells are 196 wide, which fits beside a scroll bar."""

INTERVAL = 500
"""Milliseconds between two variations."""

_LOOK = 20
"""Milliseconds between two looks whether the pictures have been read."""

Rows = NDArray[np.float32]
Classes = NDArray[np.intp]

DEFAULTS = TrainingConfig()


class VariationPreview(Guarded, QWidget):
    """Shows ten test pictures, one of each digit, as a network would see them in training.

    They are varied anew twice a second while they can be seen and something varies. The originals
    are shown while the mouse is over them, and when they are reached by Tab.
    """

    def __init__(self) -> None:
        super().__init__()
        self._augmentation = Augmentation()
        self._rng = np.random.default_rng()
        # A tenth of a second's work the first time: too long for the thread of the window.
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="micronn-preview")
        self._reading: Future[tuple[Rows, Classes | None]] | None = None
        self._originals: Rows | None = None
        self._classes: Classes | None = None
        self._trouble, self._dataset = "", ""
        self._digits = _Digits(tr("Ten digits, varied"))
        self._digits.setToolTip(
            tr("Ten test pictures, varied anew twice a second; point at them to see the originals")
        )
        self._digits.pointed.connect(self._refresh)
        self._caption = label("", "soft")
        self._caption.setWordWrap(True)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._refresh)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, px(0), px(0), px(0))
        layout.setSpacing(px(GAP))
        layout.addWidget(self._digits)
        layout.addWidget(self._caption)

    @property
    def live(self) -> bool:
        """Whether the pictures are varied anew from time to time."""
        return self._timer.isActive()

    def show_augmentation(self, augmentation: Augmentation, config: TrainingConfig = DEFAULTS) -> None:
        """Show what an augmentation does to pictures of a config's data set."""
        self._augmentation = augmentation
        if self._reading is None or config.dataset != self._dataset:
            self._dataset = config.dataset
            self._originals, self._trouble = None, ""
            self._reader.shutdown()  # see the thread of other pictures out
            self._reader = ThreadPoolExecutor(1, "micronn-preview")
            self._reading = self._reader.submit(_one_of_each, config)
            self._reader.shutdown(wait=False)  # its thread ends with this
        self._refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Begin to vary."""
        super().showEvent(event)
        self._refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest."""
        super().hideEvent(event)
        self._timer.stop()

    def _refresh(self) -> None:
        """Show the pictures as they would be now, and see to it that this is done again, or not."""
        if self._reading is None or not self.isVisible():
            return
        if self._originals is None and not self._trouble:
            self._take()
        varies = self._augmentation.varies and not self._digits.is_pointed_at
        if self._originals is not None:
            shown = self._originals
            if varies:
                shown = augment(shown, self._rng, self._augmentation, 1.0, self._classes)
            self._digits.show_pictures(shown)
        self._caption.setText(self._trouble or self._words(varies))
        waiting = self._originals is None and not self._trouble
        if waiting or (varies and self._originals is not None):
            self._timer.start(_LOOK if waiting else INTERVAL)
        else:
            self._timer.stop()

    def _take(self) -> None:
        """Take the pictures over if they have been read."""
        if self._reading is not None and self._reading.done():
            self._reader.shutdown()  # see the thread out
            try:
                self._originals, self._classes = self._reading.result()
            except MicroNNError as error:
                self._trouble = tr("There is no preview. {reason}", reason=error)

    def _words(self, varies: bool) -> str:
        if varies:
            return tr("Ten pictures as the network sees them")
        if self._augmentation.varies:
            return tr("The same ten pictures as they are")
        return tr("Ten pictures as they are: nothing is varied")


def _one_of_each(config: TrainingConfig) -> tuple[Rows, Classes | None]:
    """Return the first test picture of each of the first ten classes, (m, height, width), 0 to 1.

    With them comes which digit each of them is, (m,), if they are digits.

    Raises:
        DataError: they cannot be read, or are no pictures.
    """
    data = held_out(config)
    if data.features.image_shape is None:
        raise DataError(tr("Only pictures can be varied, and {name} has none.", name=data.name))
    classes, first = np.unique(data.labels, return_index=True)
    rows = data.spec.inputs(data.values[first[: ROWS * COLUMNS]], np.float32).T
    digits = classes[: ROWS * COLUMNS].astype(np.intp) if data.spec.has_digits else None
    return rows.reshape(-1, *data.features.image_shape), digits


class _Digits(Guarded, QWidget):
    """The pictures in their cells.

    Attributes:
        is_pointed_at: whether the mouse or the keyboard is on them.
    """

    pointed = Signal()
    """The mouse or the keyboard has come or gone."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFixedSize(QSize(COLUMNS * px(CELL + GAP) - px(GAP), ROWS * px(CELL + GAP) - px(GAP)))
        self.is_pointed_at = False
        self._pictures: Rows = np.zeros((0, 1, 1), np.float32)
        self._ink = QImage()
        themes.changed.connect(self._dip)

    def show_pictures(self, pictures: Rows) -> None:
        """Show pictures, (m, height, width), 0 (paper) to 1 (ink)."""
        self._pictures = pictures
        self._dip()

    def _dip(self) -> None:
        """Make one image of all pictures, one below the other, in the theme's ink."""
        if len(self._pictures):
            self._ink = ink_image(self._pictures.reshape(-1, self._pictures.shape[2]))
            self.update()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Notice the mouse."""
        self._point(True)

    def leaveEvent(self, event: QEvent) -> None:
        """Notice that the mouse has left."""
        self._point(False)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Notice whoever comes by Tab."""
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self._point(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Notice that the keyboard has gone elsewhere."""
        super().focusOutEvent(event)
        self._point(self.underMouse())

    def _point(self, is_pointed_at: bool) -> None:
        if is_pointed_at != self.is_pointed_at:
            self.is_pointed_at = is_pointed_at
            self.pointed.emit()
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint each cell: its paper, its ink, its frame."""
        theme = themes.current
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.setPen(QPen(theme.color("accent" if self.is_pointed_at else "border"), 1))
            painter.setBrush(theme.color("field" if theme.name == "dark" else "card"))
            for i in range(ROWS * COLUMNS):
                row, column = divmod(i, COLUMNS)
                cell = QRectF(column * px(CELL + GAP), row * px(CELL + GAP), px(CELL), px(CELL)).adjusted(
                    0.5, 0.5, -0.5, -0.5
                )
                painter.drawRoundedRect(cell, px(6), px(6))
                if i < len(self._pictures):
                    height, width = self._pictures.shape[1:]
                    picture = QRect(0, i * height, width, height)
                    painter.drawImage(cell.adjusted(2, 2, -2, -2), self._ink, QRectF(picture))
