"""The rules of the preview of varied pictures."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QEnterEvent, QImage
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from micronn_core.common.errors import DataError
from micronn_core.data.augmentation import AUGMENTATIONS, Augmentation
from micronn_core.data.distortion import augment
from micronn_gui.panels.settings import variation_preview
from micronn_gui.panels.settings.variation_preview import INTERVAL, VariationPreview
from micronn_gui.theme import DARK, themes
from tests.gui.running import part, small_dataset

AWAY = (300, 300)
"""A place on the screen where the mouse is not."""

STRONG = AUGMENTATIONS["strong"].augmentation


@pytest.fixture
def preview(qtbot: QtBot) -> VariationPreview:
    made = VariationPreview()
    qtbot.addWidget(made)
    made.move(*AWAY)
    made.show()
    return made


def grid(preview: VariationPreview) -> QWidget:
    return part(preview, QWidget, "Ten digits, varied")


def caption(preview: VariationPreview) -> str:
    return preview.findChild(QLabel).text()


def look(widget: QWidget) -> QImage:
    return widget.grab().toImage()


def show(qtbot: QtBot, preview: VariationPreview, augmentation: Augmentation) -> None:
    preview.show_augmentation(augmentation)
    qtbot.waitUntil(lambda: caption(preview) != "" and preview._originals is not None)


def point(widget: QWidget) -> None:
    middle = QPointF(widget.rect().center())
    QApplication.sendEvent(widget, QEnterEvent(middle, middle, middle))


def test_that_without_variation_the_pictures_are_at_rest_and_one_of_each_digit(
    qtbot: QtBot, preview: VariationPreview, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(variation_preview, "augment", lambda *_: pytest.fail("varied"))
    show(qtbot, preview, Augmentation())
    assert not preview.live
    assert caption(preview) == "Ten pictures as they are: nothing is varied"
    images = small_dataset().values
    np.testing.assert_array_equal(preview._originals, images[:10].reshape(-1, 28, 28) / np.float32(255))


def test_that_the_pictures_are_varied_anew_about_twice_a_second(
    qtbot: QtBot, preview: VariationPreview
) -> None:
    show(qtbot, preview, STRONG)
    qtbot.waitUntil(lambda: preview.live and preview._timer.interval() == INTERVAL)
    assert caption(preview) == "Ten pictures as the network sees them"
    first = look(grid(preview))
    qtbot.waitUntil(lambda: look(grid(preview)) != first)


def test_that_a_new_amount_is_seen_at_once(qtbot: QtBot, preview: VariationPreview) -> None:
    show(qtbot, preview, Augmentation())
    before = look(grid(preview))
    preview.show_augmentation(Augmentation(shift=8.0))
    assert preview.live
    assert look(grid(preview)) != before
    preview.show_augmentation(Augmentation())
    assert not preview.live
    assert look(grid(preview)) == before


def test_that_the_originals_are_shown_while_the_mouse_is_over_them(
    qtbot: QtBot, preview: VariationPreview
) -> None:
    shown: list[NDArray[np.float32]] = []
    show(qtbot, preview, STRONG)
    qtbot.waitUntil(lambda: preview.live)
    digits = preview._digits
    point(digits)
    shown.append(digits._pictures)
    assert not preview.live
    assert caption(preview) == "The same ten pictures as they are"
    QApplication.sendEvent(digits, QEvent(QEvent.Type.Leave))
    shown.append(digits._pictures)
    assert preview.live
    assert shown[0] is preview._originals
    assert not np.array_equal(*shown)


def test_that_the_originals_are_shown_to_whoever_comes_by_tab(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.move(*AWAY)
    layout, line, preview = QVBoxLayout(window), QLineEdit(), VariationPreview()
    layout.addWidget(line)
    layout.addWidget(preview)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    line.setFocus()
    show(qtbot, preview, STRONG)
    qtbot.waitUntil(lambda: preview.live)
    qtbot.keyClick(line, Qt.Key.Key_Tab)
    assert not preview.live
    qtbot.keyClick(grid(preview), Qt.Key.Key_Tab)
    assert preview.live


def test_that_it_rests_while_it_cannot_be_seen(qtbot: QtBot, preview: VariationPreview) -> None:
    show(qtbot, preview, STRONG)
    qtbot.waitUntil(lambda: preview.live)
    preview.hide()
    assert not preview.live
    preview.show_augmentation(Augmentation(shift=1.0))
    assert not preview.live
    preview.show()
    assert preview.live


def test_that_what_cannot_be_read_is_said(
    qtbot: QtBot, preview: VariationPreview, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreadable(*_: object) -> None:
        raise DataError("The test pictures are damaged. Install MicroNN anew.")

    monkeypatch.setattr(variation_preview, "held_out", unreadable)
    preview.show_augmentation(STRONG)
    qtbot.waitUntil(lambda: "damaged" in caption(preview))
    assert caption(preview) == "There is no preview. The test pictures are damaged. Install MicroNN anew."
    assert not preview.live


def test_that_it_fits_a_narrow_panel_in_both_themes(qtbot: QtBot, preview: VariationPreview) -> None:
    show(qtbot, preview, Augmentation())
    assert preview.minimumSizeHint().width() <= 236
    light = look(grid(preview))
    themes.use(DARK)
    assert look(grid(preview)) != light


def test_that_a_variation_varies_ten_pictures_and_reads_nothing_anew(
    qtbot: QtBot, preview: VariationPreview, monkeypatch: pytest.MonkeyPatch
) -> None:
    show(qtbot, preview, STRONG)
    varied: list[tuple[int, ...]] = []

    def augmented(rows: NDArray[np.float32], *words: Any) -> NDArray[np.float32]:  # noqa: ANN401
        varied.append(rows.shape)
        return augment(rows, *words)

    monkeypatch.setattr(variation_preview, "augment", augmented)
    monkeypatch.setattr(variation_preview, "held_out", lambda *_: pytest.fail("read anew"))
    for _ in range(3):
        preview.show_augmentation(STRONG)
    assert varied == [(10, 28, 28)] * 3
