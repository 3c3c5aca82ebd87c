"""The first ten minutes: the welcome, and the tours that begin from it or from the menu."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from micronn_gui.panels.window.network_files import ReadyNetworkEntry
from micronn_gui.panels.window.tour import TourCard
from micronn_gui.panels.window.tours import Tour, Watched
from micronn_gui.panels.window.welcome import Welcome


class FirstSteps(QObject):
    """Shows the welcome and the tours, one at a time.

    Args:
        window: what is toured.
        pages: the workspaces, one of which is seen,
        over: and what they are seen in, which the welcome lies over.
        open_page: opens a workspace by its name, and returns its page.
        watched: tells what the user has done.
        ready: the networks that come along.
    """

    welcomed = Signal()
    """The welcome was seen and dismissed."""

    def __init__(
        self,
        window: QWidget,
        pages: QStackedWidget,
        over: QWidget,
        open_page: Callable[[str], QWidget],
        watched: Watched,
        ready: Iterable[ReadyNetworkEntry],
    ) -> None:
        super().__init__(window)
        self._window, self._open_page, self._watched, self._ready = window, open_page, watched, tuple(ready)
        self._over = over
        self.welcome: Welcome | None = None
        self.card: TourCard | None = None
        watched.training.status_changed.connect(self._give_way)
        pages.currentChanged.connect(self._dismiss)

    def show_welcome(self) -> None:
        """Show the welcome over the first page."""
        self.end_tour()
        self._open_page("train")
        if self.welcome is None:
            self.welcome = Welcome(self._over, self._ready)
            self.welcome.tour_wanted.connect(self.begin)
            self.welcome.dismissed.connect(self.welcomed)
        self.welcome.open()

    def _give_way(self) -> None:
        """Do not cover what is to be watched."""
        if self._watched.training.playing:
            self._dismiss()

    def _dismiss(self) -> None:
        """Hear that somebody has gone elsewhere."""
        if self.welcome is not None:
            self.welcome.dismiss()

    def begin(self, tour: Tour) -> None:
        """Begin a tour; one that is under way ends."""
        self.end_tour()
        self._dismiss()
        self.card = TourCard(tour, self._window, self._open_page, self._watched)
        self.card.ended.connect(self._let_go)
        self.card.begin()

    def end_tour(self) -> None:
        """End the tour that is under way, if there is one."""
        if self.card is not None:
            self.card.end()

    def _let_go(self) -> None:
        if self.card is not None:
            self.card.ring.deleteLater()
            self.card.deleteLater()
            self.card = None
