"""The application: fonts, theme, the first window, and the last net for errors."""

from __future__ import annotations

import logging
import os
import sys
import threading
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, QSettings, QTimer
from PySide6.QtWidgets import QApplication

from micronn_core.common.folders import home_folder
from micronn_core.common.texts import tr
from micronn_gui.garbage import GarbageCollector
from micronn_gui.language import use_language
from micronn_gui.leaving import WaysOut
from micronn_gui.main_window import MainWindow
from micronn_gui.preferences import Preferences
from micronn_gui.session.states import make_states
from micronn_gui.theme import desktop_scale, load_fonts, logo, text_font, text_size, themes
from micronn_gui.worker.training_worker import TrainingWorker

SWITCH_INTERVAL = 0.0005
"""Seconds after which Python lets another thread run: a tenth of the usual, for smooth frames."""

log = logging.getLogger(__name__)


def run(language: str | None = None, file: Path | None = None) -> int:
    """Open the window, and return the exit code when it has been closed.

    Args:
        language: the one that was asked for; by default the one chosen in the window, else the
            system's.
        file: what to open in it.
    """
    sys.setswitchinterval(SWITCH_INTERVAL)
    os.environ.setdefault("HOME", str(home_folder()))  # Qt looks nowhere else
    application = make_application()
    settings = QSettings()
    use_language(application, language, settings)
    garbage = GarbageCollector(application)
    worker, ways_out = TrainingWorker(), None
    try:
        front = Front(make_window(worker, settings, file))
        ways_out = WaysOut(application, front.end, front.keep)
        front.window.show()
        return application.exec()
    finally:
        if ways_out is not None:
            ways_out.stop()
        worker.close()  # whatever happened: its thread would keep the process alive
        garbage.stop()


class Front(QObject):
    """The window that is open: another takes its place when the text has another size.

    Args:
        window: the first one.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__()
        self.window = window
        window.renewed.connect(self._follow)

    def _follow(self, window: MainWindow) -> None:
        self.window = window
        window.renewed.connect(self._follow)
        _catch_errors(window)

    def end(self) -> None:
        """Close it without asking anything."""
        self.window.end()

    def keep(self) -> None:
        """Keep what there is to keep, and go on."""
        self.window.keep()


def make_application() -> QApplication:
    """Return the application, dressed."""
    existing = QApplication.instance()
    application = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    application.setApplicationName("MicroNN")
    application.setOrganizationName("MicroNN")
    application.setDesktopFileName("micronn")  # by which a desktop knows whose window it is
    application.setStyle("Fusion")
    load_fonts()
    if not isinstance(existing, QApplication):  # its font is still the desktop's
        text_size.desktop = desktop_scale(application.font().pointSizeF(), sys.platform)
    application.setWindowIcon(logo())
    application.setFont(text_font())
    themes.follow_system()
    return application


def make_window(worker: TrainingWorker, settings: QSettings, file: Path | None = None) -> MainWindow:
    """Return the main window, which begins with the last recipe, and a file, once it is on the screen."""
    text_size.percent = Preferences(settings).text_size
    themes.measure_anew()
    states = make_states(worker)
    window = MainWindow(states, settings)
    _catch_errors(window)
    config = states.opened.usable(window.preferences.config)

    def begin() -> None:
        states.training.new_network(config)
        if troubles := [text for text in (window.preferences.trouble(), states.opened.trouble) if text]:
            window.toasts.show_message("\n".join(troubles))
        states.runs.look_for_interrupted()
        if file is not None:
            window.files.read(file)
        elif window.preferences.run:
            states.runs.open_again(window.preferences.run)
        if file is None and not window.preferences.welcomed:
            window.first_steps.show_welcome()

    QTimer.singleShot(0, window, begin)
    return window


def _catch_errors(window: MainWindow) -> None:
    """Show what nobody has caught in the window, and go on."""

    def report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        log.error("not caught", exc_info=(kind, error, trace))
        text = tr("Something went wrong: {what}. You can go on; if it comes back, restart MicroNN.")
        window.toasts.show_message(text.format(what=f"{kind.__name__}: {error}"))

    sys.excepthook = report
    threading.excepthook = lambda args: log.error(
        "not caught in %s",
        args.thread,
        exc_info=(args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback),
    )
