"""The window speaks the language that was asked for, else chosen, else the system's; Qt with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from PySide6.QtCore import QLocale, QSettings, QTranslator
from PySide6.QtWidgets import QApplication, QDialogButtonBox
from pytestqt.qtbot import QtBot

from micronn_core.common import language as choice
from micronn_core.common.texts import ENGLISH, language, use_language
from micronn_gui import language as spoken
from micronn_gui.language import LanguageMenu
from micronn_gui.main_window import MainWindow
from micronn_gui.preferences import Preferences
from tests.locales import forget_language


@pytest.fixture(autouse=True)
def _german(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let there be a German translation, and speak English again afterwards."""
    path = tmp_path / "de" / "LC_MESSAGES" / "micronn.mo"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_mo(file, Catalog(locale="de"))
    monkeypatch.setattr(choice, "default_folder", lambda: tmp_path)
    before = QLocale()
    yield
    use_language(ENGLISH, None)
    forget_language(monkeypatch)
    QLocale.setDefault(before)
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
        translator.deleteLater()


def test_that_what_was_asked_for_comes_before_what_was_chosen(
    qapp: QApplication, settings: QSettings
) -> None:
    settings.setValue("language", "de")
    spoken.use_language(qapp, "en", settings)
    assert language() == "en"


def test_that_what_was_chosen_comes_before_the_systems(qapp: QApplication, settings: QSettings) -> None:
    settings.setValue("language", "de")
    spoken.use_language(qapp, None, settings)
    assert language() == "de"


@pytest.mark.parametrize("kept", ["", "fr"])
def test_that_otherwise_it_is_the_systems(
    kept: str, qapp: QApplication, settings: QSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.setValue("language", kept)
    monkeypatch.setenv("LANGUAGE", "de_DE")
    spoken.use_language(qapp, None, settings)
    assert language() == "de"


def test_that_qts_own_dialogs_and_numbers_follow(
    qapp: QApplication, settings: QSettings, qtbot: QtBot
) -> None:
    spoken.use_language(qapp, "de", settings)
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    qtbot.addWidget(box)
    assert box.buttons()[0].text() == "Abbrechen"
    assert QLocale().toString(1.5) == "1,5"


def test_that_the_menu_keeps_the_choice_for_the_next_start_and_says_so(
    qtbot: QtBot, settings: QSettings
) -> None:
    menu = LanguageMenu(Preferences(settings))
    qtbot.addWidget(menu)
    system, english, german = menu.actions()
    assert [action.text() for action in menu.actions()] == ["As the system", "English", "Deutsch"]
    assert system.isChecked()
    with qtbot.waitSignal(menu.chosen) as said:
        german.trigger()
    assert said.args == ["MicroNN will speak this language when you open it the next time."]
    assert settings.value("language") == "de"
    assert language() == ENGLISH
    again = LanguageMenu(Preferences(settings))
    qtbot.addWidget(again)
    assert [action.isChecked() for action in again.actions()] == [False, False, True]
    assert not english.isChecked()


def test_that_the_window_offers_the_languages(window: MainWindow) -> None:
    (menu,) = window.findChildren(LanguageMenu)
    menu.actions()[1].trigger()
    assert window.toasts.text == "MicroNN will speak this language when you open it the next time."
