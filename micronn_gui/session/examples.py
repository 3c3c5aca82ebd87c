"""A few pictures to try the network on: samples that it never learns from, read beside the window."""

from __future__ import annotations

import random
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from micronn_core.common.errors import MicroNNError
from micronn_core.data.dataset import Dataset
from micronn_core.settings.config import TrainingConfig
from micronn_gui.session.samples import held_out
from micronn_gui.session.training import TrainingState

COUNT = 5
"""So many are offered at a time, each of another class."""
LOOK_INTERVAL = 50
"""Milliseconds between two looks whether the samples have been read."""

Picture = NDArray[np.float32]


class Examples(QObject):
    """Follows the data set of the run; reads nothing before somebody asks.

    Attributes:
        pictures: those that are offered, (height, width), 0 to 1; none while they are being read.
    """

    changed = Signal()

    def __init__(self, training: TrainingState) -> None:
        super().__init__(training)
        self._training = training
        self._random = random.Random(1)
        self._closed = False
        self._thread: ThreadPoolExecutor | None = None
        self._future: Future[Dataset] | None = None
        self._config: TrainingConfig | None = None
        self._data: Dataset | None = None
        self.pictures: tuple[Picture, ...] = ()
        self._looks = QTimer(self, interval=LOOK_INTERVAL)
        self._looks.timeout.connect(self._look)
        training.run_started.connect(self._let_go)

    def ask(self) -> None:
        """Have pictures for the present run, if its samples are pictures; `changed` tells of them."""
        if self._closed or self._config is not None:
            return
        config = self._config = self._training.config
        if self._training.image_shape is None:
            return
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, "micronn-examples")
        self._future = self._thread.submit(held_out, config)
        self._looks.start()

    def others(self) -> None:
        """Offer other ones."""
        if self._data is not None:
            self._offer(self._drawn_from(self._data))

    def close(self) -> None:
        """Read no more."""
        self._closed = True
        self._looks.stop()
        if self._thread is not None:
            self._thread.shutdown(cancel_futures=True)

    def _let_go(self) -> None:
        """Forget pictures of another data set: they need not fit onto the pad any more."""
        if self._config is not None and _key(self._training.config) != _key(self._config):
            self._looks.stop()
            self._config = self._future = self._data = None
            self.pictures = ()
            self.changed.emit()

    def _look(self) -> None:
        if self._future is None or not self._future.done():
            return
        self._looks.stop()
        try:
            self._data = self._future.result()
        except MicroNNError:  # one can draw all the same
            return
        self.others()

    def _offer(self, pictures: tuple[Picture, ...]) -> None:
        if pictures or self.pictures:
            self.pictures = pictures
            self.changed.emit()

    def _drawn_from(self, data: Dataset) -> tuple[Picture, ...]:
        """Return pictures of so many classes, in the order of the classes."""
        shape = data.spec.features.image_shape
        if shape is None or shape != self._training.image_shape:  # a file of that name is another by now
            return ()
        classes = np.unique(data.labels).tolist()
        chosen = sorted(self._random.sample(classes, min(COUNT, len(classes))))
        places = [self._random.choice(np.flatnonzero(data.labels == label).tolist()) for label in chosen]
        return tuple(data.spec.inputs(data.values[i]).reshape(shape) for i in places)


def _key(config: TrainingConfig) -> tuple[str, str, int]:
    """Return what decides which samples a run never learns from."""
    return config.dataset, config.split, config.seed
