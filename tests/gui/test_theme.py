"""The theme: every role is a colour, every number has one, and one switch reaches everything."""

from __future__ import annotations

import re
import shutil
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QFontInfo, QImage, QPalette, QPixmapCache
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QWidget
from pytestqt.qtbot import QtBot

from micronn_core.common.resources import resource
from micronn_gui import theme as theme_module
from micronn_gui.theme import (
    DARK,
    LIGHT,
    Theme,
    diverging_colors,
    icon,
    number_font,
    quantise,
    style_sheet,
    text_font,
    themes,
)

BOTH = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)


def luminance(color: QColor) -> float:
    """Return the relative luminance as WCAG 2 defines it."""
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in color.getRgbF()[:3]]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: QColor, other: QColor) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@BOTH
def test_that_every_role_is_a_colour(theme: Theme) -> None:
    for field in fields(theme):
        if field.name != "name":
            assert theme.color(field.name).name().upper() == getattr(theme, field.name)


@BOTH
@pytest.mark.parametrize(
    ("front", "back", "least"), [("text", "card", 7), ("soft", "card", 4.5), ("text", "field", 7)]
)
def test_that_text_can_be_read(theme: Theme, front: str, back: str, least: float) -> None:
    assert contrast(theme.color(front), theme.color(back)) >= least


@BOTH
def test_that_the_style_sheet_names_no_role_that_there_is_not(theme: Theme) -> None:
    assert "@" not in re.sub(r"/\*.*?\*/", "", style_sheet(theme), flags=re.DOTALL)


@BOTH
def test_that_every_icon_of_the_style_sheet_exists(theme: Theme) -> None:
    paths = re.findall(r'url\("(.*?)"\)', style_sheet(theme))
    assert paths
    assert [path for path in paths if not Path(path).exists()] == []


@pytest.mark.parametrize(
    "folder",
    ["it's", "a(b", "c)d", 'say "x"', "R&D", "Müller", "été", "two words", "back\\slash", "{$^;}", "数字"],
)
def test_that_the_icons_are_painted_wherever_the_program_lies(
    folder: str, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def painted() -> QImage:
        box = QComboBox()
        qtbot.addWidget(box)
        box.setStyleSheet(style_sheet(LIGHT))
        return box.grab().toImage()

    here, bare = painted(), resource("icons")
    shutil.copytree(resource("style"), tmp_path / folder / "style")
    monkeypatch.setattr(theme_module, "resource", lambda *parts: Path(tmp_path, folder, *parts))
    assert painted() != here  # there is no arrow yet
    shutil.copytree(bare, tmp_path / folder / "icons")
    QPixmapCache.clear()
    assert painted() == here


@BOTH
def test_that_the_ends_and_the_middle_of_the_colours_are_the_roles(theme: Theme) -> None:
    colors = diverging_colors(theme)
    assert len(colors) == 256
    assert colors[0] == 0
    for index, role in ((1, "negative"), (128, "zero"), (255, "positive")):
        assert QColor.fromRgba(colors[index]) == theme.color(role)


def test_that_zero_is_the_middle_and_the_limits_are_the_ends() -> None:
    values = np.array([[-3.0, -1.0, -0.001, 0.0, 0.001, 1.0, 3.0]])
    assert quantise(values, 1.0).tolist() == [[1, 1, 128, 128, 128, 255, 255]]


def test_that_opposite_values_lie_opposite_each_other() -> None:
    values = np.linspace(0, 1, 128)
    np.testing.assert_array_equal(quantise(values, 1.0) - 128.0, 128.0 - quantise(-values, 1.0))


def test_that_a_limit_of_zero_makes_everything_zero() -> None:
    assert (quantise(np.array([-1.0, 0.0, 5.0]), 0.0) == 128).all()
    limits = np.array([0.0, 2.0])[:, None]
    np.testing.assert_array_equal(quantise(np.array([[1.0], [2.0]]), limits), [[128], [255]])


def test_that_quantising_leaves_the_values_alone() -> None:
    values = np.array([0.25, -0.5], np.float32)
    quantise(values, 1.0)
    assert values.tolist() == [0.25, -0.5]


def test_that_the_fonts_are_the_ones_we_bring_along(qapp: QApplication) -> None:
    assert QFontInfo(text_font()).family() == "Inter"
    assert QFontInfo(number_font()).family() == "JetBrains Mono"


def test_that_every_theme_dresses_the_application_and_says_so(qapp: QApplication) -> None:
    assert themes.current is LIGHT
    for theme in (DARK, LIGHT):
        spy = QSignalSpy(themes.changed)
        themes.use(theme)
        assert spy.count() == 1
        assert qapp.palette().color(QPalette.ColorRole.Window) == theme.color("background")


@BOTH
def test_that_a_theme_that_is_worn_is_not_put_on_again(qapp: QApplication, theme: Theme) -> None:
    themes.use(theme)
    spy = QSignalSpy(themes.changed)
    themes.use(theme)
    assert spy.count() == 0
    assert qapp.palette().color(QPalette.ColorRole.Window) == theme.color("background")


def test_that_a_widget_is_dressed_once_however_deep_it_lies(qapp: QApplication, qtbot: QtBot) -> None:
    outermost = widget = QWidget()
    qtbot.addWidget(outermost)
    for _ in range(10):
        widget = QLabel("deeper", widget)
    outermost.show()
    dressed = []

    class Watcher(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() is QEvent.Type.StyleChange:
                dressed.append(watched)
            return False

    watcher = Watcher()
    widget.installEventFilter(watcher)
    themes.use(DARK)
    assert 1 <= len(dressed) <= 2  # undressed and dressed
    assert widget.palette().color(QPalette.ColorRole.WindowText) == DARK.color("text")


def test_that_the_system_is_followed_while_the_program_runs_unless_a_theme_is_chosen(
    qapp: QApplication,
) -> None:
    changed, dark, light = qapp.styleHints().colorSchemeChanged, Qt.ColorScheme.Dark, Qt.ColorScheme.Light
    themes.follow_system()
    for scheme, theme in ((dark, DARK), (light, LIGHT), (dark, DARK), (Qt.ColorScheme.Unknown, LIGHT)):
        changed.emit(scheme)
        assert themes.current is theme
        assert qapp.palette().color(QPalette.ColorRole.Window) == theme.color("background")
    for theme in (LIGHT, DARK):
        themes.use(theme)
        for scheme in (light, dark):
            changed.emit(scheme)
            assert themes.current is theme


@BOTH
def test_that_an_icon_has_the_colour_of_its_role(theme: Theme) -> None:
    image = icon("play", theme, "accent", 24, fill=True).pixmap(48, 48).toImage()
    assert image.pixelColor(image.width() // 2 - 4, image.height() // 2) == theme.color("accent")
    assert image.pixelColor(0, 0).alpha() == 0


@pytest.mark.parametrize("limit", [1e-40, 1e-310])
def test_that_the_smallest_values_get_their_colours(limit: float) -> None:
    values = np.array([-limit, -limit / 4, 0.0, limit])
    assert quantise(values, limit).tolist() == [1, 96, 128, 255]
    assert quantise(np.array([1.0, -1.0]), limit).tolist() == [255, 1]
