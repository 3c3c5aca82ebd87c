"""The language of the window: which one, Qt's own dialogs in it too, and the menu that chooses it."""

from __future__ import annotations

from PySide6.QtCore import QLibraryInfo, QLocale, QSettings, QTranslator, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QApplication, QWidget

from micronn_core.common.language import environment_languages, language_label, languages, speak
from micronn_core.common.texts import language, tr
from micronn_gui.preferences import Preferences
from micronn_gui.widgets.controls.menu import Menu

SYSTEM = ""
"""The choice of the language that the system speaks."""


def use_language(application: QApplication, asked: str | None, settings: QSettings) -> None:
    """Use a language for all that the window says, before anything of it is made.

    Args:
        application: takes Qt's own translations.
        asked: the language of the command line, if there is one.
        settings: hold the language chosen in the window.
    """
    chosen = Preferences(settings).language
    system = environment_languages() or QLocale.system().uiLanguages()
    speak(asked, system if chosen == SYSTEM else [chosen, *system])
    locale = QLocale(language())
    if locale.language() != QLocale.system().language():  # else the system knows the country, too
        QLocale.setDefault(locale)
    qt = QTranslator(application)
    if qt.load(locale, "qtbase", "_", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        application.installTranslator(qt)


class LanguageMenu(Menu):
    """The languages there are; the choice is kept and holds from the next start on.

    Args:
        preferences: keep it.
    """

    chosen = Signal(str)
    """A sentence that says when the choice takes effect."""

    refused = Signal(str)
    """The choice cannot be kept; the text says why."""

    def __init__(self, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(tr("Language"), parent)
        self._preferences = preferences
        self._group = QActionGroup(self)
        now = preferences.language
        names = [(SYSTEM, tr("As the system")), *((code, language_label(code)) for code in languages())]
        for code, label in names:
            action = self.addAction(label)
            action.setCheckable(True)
            action.setChecked(code == now)
            action.setData(code)
            self._group.addAction(action)
        self._group.triggered.connect(lambda action: self._choose(action.data()))

    def _choose(self, code: str) -> None:
        self._preferences.language = code
        if reason := self._preferences.write():
            self.refused.emit(reason)
            return
        self.chosen.emit(tr("MicroNN will speak this language when you open it the next time."))
