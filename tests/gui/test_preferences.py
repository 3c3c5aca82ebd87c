"""The window opens as it was left, also if an earlier version has left it."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QSettings

from micronn_core.settings.config import TrainingConfig
from micronn_gui.main_window import MainWindow
from micronn_gui.preferences import FORMAT, Preferences
from micronn_gui.session.states import States
from tests.fixtures import FORMAT_1, FORMATS, expected


@pytest.fixture
def old(tmp_path: Path) -> QSettings:
    """The preferences that the window of the first version has kept."""
    path = shutil.copy(FORMAT_1 / "window.ini", tmp_path / "old.ini")
    return QSettings(str(path), QSettings.Format.IniFormat)


def again(settings: QSettings) -> Preferences:
    """Return what another start finds."""
    settings.sync()
    return Preferences(QSettings(settings.fileName(), QSettings.Format.IniFormat))


def test_that_the_window_opens_as_an_earlier_version_has_left_it(
    states: States, old: QSettings, request: pytest.FixtureRequest
) -> None:
    wanted = expected("window")
    window = MainWindow(states, old)
    request.addfinalizer(window.deleteLater)
    assert states.my_digits.included
    assert window.preferences.theme == wanted["theme"]
    assert not window.preferences.geometry.isEmpty()  # Qt heeds it on a screen like the one of then
    assert not window.preferences.splitter("centre").isEmpty()
    assert window.workspace("train").centre.count() == 2  # which are arranged in another way now


def test_that_the_second_format_opens_with_everything_in_it(tmp_path: Path) -> None:
    path = shutil.copy(FORMATS[2] / "window.ini", tmp_path / "second.ini")
    kept, wanted = Preferences(QSettings(str(path), QSettings.Format.IniFormat)), expected("window", 2)
    assert (kept.theme, kept.language) == (wanted["theme"], wanted["language"])
    assert kept.with_my_digits
    assert kept.geometry == QByteArray(bytes(range(40)))


def test_that_nothing_that_is_kept_gives_the_defaults(settings: QSettings) -> None:
    preferences = Preferences(settings)
    assert preferences.config == TrainingConfig()
    assert (preferences.theme, preferences.language, preferences.with_my_digits) == ("", "", False)
    assert preferences.geometry == preferences.splitter("curves") == QByteArray()
    assert settings.allKeys() == []


def test_that_what_is_kept_comes_back_at_the_next_start(settings: QSettings) -> None:
    preferences = Preferences(settings)
    config = TrainingConfig(hidden=(20, 5), schedule="cosine")
    preferences.geometry, preferences.theme, preferences.language = QByteArray(b"\0\1"), "dark", "de"
    preferences.with_my_digits, preferences.config = True, config
    found = again(settings)
    assert (found.geometry, found.theme, found.language) == (QByteArray(b"\0\1"), "dark", "de")
    assert (found.with_my_digits, found.config) == (True, config)
    found.with_my_digits = False
    assert not again(settings).with_my_digits
    assert int(str(settings.value("format"))) == FORMAT.version


def test_that_the_preferences_of_a_newer_version_are_left_alone(
    old: QSettings, caplog: pytest.LogCaptureFixture
) -> None:
    old.setValue("format", FORMAT.version + 1)
    preferences = again(old)
    assert "was saved by a newer MicroNN" in caplog.text
    assert preferences.theme == ""
    preferences.theme = "light"
    assert again(old)._settings.value("theme") == "dark"


@pytest.mark.parametrize("version", ["", "garbage", "-1", "0", "1.5", "²", [1, 2]])
def test_that_a_version_that_is_none_gives_the_defaults(
    old: QSettings, version: object, caplog: pytest.LogCaptureFixture
) -> None:
    old.setValue("format", version)
    with caplog.at_level(logging.CRITICAL):
        preferences = again(old)
    assert preferences.theme == ""
    preferences.theme = "light"
    assert again(old).theme == "light"


@pytest.mark.parametrize("value", [None, [], ["dark", "light"], QByteArray(b"\0")])
def test_that_what_is_of_another_kind_gives_the_default(settings: QSettings, value: object) -> None:
    for key in ("theme", "language", "config", "train with my digits"):
        settings.setValue(key, value)
    settings.setValue("geometry", "5")
    preferences = again(settings)
    assert (preferences.language, preferences.with_my_digits) == ("", False)
    assert (preferences.geometry, preferences.config) == (QByteArray(), TrainingConfig())


def test_that_the_drawing_comes_back(settings: QSettings) -> None:
    strokes = (((0.1, 0.25), (0.5, 0.75)), ((0.3, 0.3, 0.5),))
    Preferences(settings).drawing = strokes
    assert again(settings).drawing == strokes


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[",
        "[[]]",
        "[[[1]]]",
        "[[[0.5, 1e30]]]",
        "[[[NaN, 0]]]",
        '[["ab"]]',
        "7",
        "[" * 100_000,
        '{"a": 1}',
    ],
    ids=lambda text: text[:12],
)
def test_that_a_drawing_that_cannot_be_is_none(settings: QSettings, text: str) -> None:
    settings.setValue("drawing", text)
    assert Preferences(settings).drawing == ()


def test_that_a_drawing_beyond_all_bounds_is_not_kept(settings: QSettings) -> None:
    Preferences(settings).drawing = (((0.1234, 0.5678),) * 100_000,)
    assert again(settings).drawing == ()
