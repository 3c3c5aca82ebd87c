"""Helpers that run the training on a small data set, and find the parts of a panel as a person would."""

from __future__ import annotations

import functools
from typing import Any, TypeVar

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from micronn_core.common.texts import tr
from micronn_core.data.catalog import DATASETS, DatasetSource
from micronn_core.data.dataset import Dataset
from micronn_core.data.features import DIGITS_SPEC
from micronn_core.data.splits import SPLITS, SplitRule
from micronn_core.settings.config import TrainingConfig
from micronn_gui.session.training import TrainingState
from micronn_gui.worker.update import Status
from tests.core.samples import of_digits

TRAIN, VALIDATION = 320, 80
LONG = 1_000_000
"""So many epochs that a run does not end within a test."""

W = TypeVar("W", bound=QWidget)


@functools.cache
def small_dataset() -> Dataset:
    """Ten patterns of 28 x 28 pixels under noise, easy to tell apart."""
    rng = np.random.default_rng(5)
    patterns = rng.random((10, 784)) > 0.7
    labels = np.arange(TRAIN + VALIDATION) % 10
    noise = rng.random((len(labels), 784)) > 0.9
    return of_digits("Small", (patterns[labels] ^ noise).astype(np.uint8) * 255, labels.astype(np.uint8))


def use_small_data(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a few easy digits in the place of MNIST, so that a step takes a millisecond."""
    dataset = small_dataset()
    monkeypatch.setitem(
        DATASETS, "mnist", DatasetSource("mnist", "Small", lambda: dataset, lambda: dataset, DIGITS_SPEC)
    )
    for name, rule in list(SPLITS.items()):
        if not rule.is_shares:
            small = SplitRule(name, rule.label, TRAIN, VALIDATION, rule.source)
            monkeypatch.setitem(SPLITS, name, small)


def ready(qtbot: QtBot, training: TrainingState) -> None:
    """Wait until there is an untrained network."""
    qtbot.waitUntil(lambda: training.status is Status.PAUSED and training.newest is not None)


def begin(qtbot: QtBot, training: TrainingState, **settings: Any) -> None:  # noqa: ANN401 - whatever they take
    """Begin a run and wait until its network is there."""
    training.new_network(TrainingConfig(**settings))
    ready(qtbot, training)


def train_to(qtbot: QtBot, training: TrainingState, epoch: float) -> None:
    """Play until an epoch has been passed; training goes on."""
    training.play()
    qtbot.waitUntil(lambda: training.newest is not None and training.newest.metrics.epoch >= epoch)


def finish(qtbot: QtBot, training: TrainingState) -> None:
    """Play to the end."""
    training.play()
    qtbot.waitUntil(lambda: training.status is Status.FINISHED)


def part(parent: QWidget, kind: type[W], name: str) -> W:
    """Return the one widget of a kind with this accessible name."""
    found = [widget for widget in parent.findChildren(kind) if widget.accessibleName() == tr(name)]
    assert len(found) == 1, f"{len(found)} widgets are called {name}"
    return found[0]


def enter(qtbot: QtBot, line: QLineEdit, text: str) -> None:
    """Replace the text of a line by typing, and press Enter."""
    qtbot.mouseDClick(line, Qt.MouseButton.LeftButton)
    line.selectAll()
    qtbot.keyClick(line, Qt.Key.Key_Backspace)
    qtbot.keyClicks(line, text)
    qtbot.keyClick(line, Qt.Key.Key_Return)


def choose(qtbot: QtBot, box: QComboBox, text: str) -> None:
    """Open a list by its arrow and choose an entry."""
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(box.width() - 10, box.height() // 2))
    view = box.view()
    qtbot.waitUntil(view.isVisible)
    view.setCurrentIndex(box.model().index(box.findText(tr(text)), 0))
    qtbot.keyClick(view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not view.isVisible())
