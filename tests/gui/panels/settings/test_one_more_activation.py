"""Whoever adds an activation adds a row: the recipe offers it, explains it and draws it."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from micronn_core.settings.config import TrainingConfig
from micronn_gui.panels.settings.setting_plots import PLOTS
from micronn_gui.session.training import TrainingState
from tests.core.nn.one_more import SOFTSIGN, add_softsign, softsign
from tests.gui.recipe_panel import open_panel
from tests.gui.running import choose, part


@pytest.fixture(autouse=True)
def _added(monkeypatch: pytest.MonkeyPatch) -> None:
    add_softsign(monkeypatch)


def test_that_the_recipe_offers_it(qtbot: QtBot, training: TrainingState) -> None:
    panel = open_panel(qtbot, training)
    wanted = QSignalSpy(panel.new_network_wanted)
    choose(qtbot, part(panel, QComboBox, "Activation"), SOFTSIGN.label)
    qtbot.mouseClick(panel.new_button, Qt.MouseButton.LeftButton)
    assert wanted.at(0)[0].activation == "softsign"


def test_that_it_is_drawn_with_its_slope() -> None:
    value, slope = PLOTS["activation"](TrainingConfig(activation="softsign")).curves
    np.testing.assert_array_equal(value.y, softsign(value.x))
    assert slope.y.max() == 1
