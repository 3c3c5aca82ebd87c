"""The header: what is open, how to find anything, and the menus."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QToolButton

from micronn_core.common.texts import number, tr, trn
from micronn_core.data.catalog import label_of
from micronn_core.data.features import DataSpec
from micronn_core.nn.activations import ACTIVATIONS
from micronn_core.nn.network import Parameters
from micronn_gui.panels.window.open_menus import DataMenu, RunMenu
from micronn_gui.session.runs import Runs
from micronn_gui.session.training import TrainingState
from micronn_gui.theme import px
from micronn_gui.widgets.controls.buttons import IconButton, label
from micronn_gui.widgets.controls.pill import Pill
from micronn_gui.widgets.guard import Guarded

HEIGHT, LEAST_WIDTH = 52, 500
"""In pixels, at the usual text size."""
MOST_IN_WORDS = 2
"""Most hidden layers that there is room to describe one by one."""


class HeaderMenus(NamedTuple):
    """The menus on the right, filled from the table of actions."""

    share: QMenu
    help: QMenu
    more: QMenu


class HeaderPanel(Guarded, QFrame):
    """Says which run and which data set are open, and lets others be opened.

    Args:
        training: whose network is described.
        runs: those that can be opened.
        run_menu: opens another run.
        data_menu: opens another data set.
        menus: those on the right.
        present: begins to show the window to a class.
    """

    search_wanted = Signal()
    """Somebody wants to find something by its name."""

    def __init__(
        self,
        training: TrainingState,
        runs: Runs,
        run_menu: RunMenu,
        data_menu: DataMenu,
        menus: HeaderMenus,
        present: Callable[[], object],
    ) -> None:
        super().__init__()
        self.setObjectName("header")
        self.setAccessibleName(tr("Header"))
        self.setFixedHeight(px(HEIGHT))
        self._training, self._runs = training, runs
        row = QHBoxLayout(self)
        row.setContentsMargins(px(16), 0, px(12), 0)
        row.setSpacing(px(8))
        logo = label("M", "logo")
        logo.setFixedSize(px(24), px(24))
        logo.setAlignment(Qt.AlignmentFlag.AlignCenter)
        row.addWidget(logo)
        self._brand = label("MicroNN", "brand")
        row.addWidget(self._brand)
        row.addSpacing(px(8))
        self.run = Pill("network", tr("Open another run or a ready network"), run_menu)
        self.data = Pill("database", tr("Learn from other data"), data_menu)
        row.addWidget(self.run)
        row.addWidget(self.data)
        row.addStretch(1)
        self._search = Pill("search", tr("Find any action, setting, run or data set by its name (Ctrl+K)"))
        self._search.clicked.connect(self.search_wanted)
        row.addWidget(self._search)
        self._present = _text_button(
            "presentation", tr("Present"), tr("Show it to a class, in large type (F11)")
        )
        self._present.clicked.connect(present)
        self._share = _text_button("share-2", tr("Share"), tr("Save and export"), menus.share)
        row.addWidget(self._present)
        row.addWidget(self._share)
        row.addWidget(_menu_button("circle-question-mark", tr("Help"), menus.help))
        row.addWidget(_menu_button("ellipsis", tr("Menu"), menus.more))
        training.config_changed.connect(self._describe)
        training.status_changed.connect(self._describe)
        training.run_started.connect(self._describe)
        runs.changed.connect(self._describe)
        self._describe()

    def _describe(self) -> None:
        """Name the run and the data, and write the architecture in words."""
        training, config = self._training, self._training.config
        sizes = training.spec.sizes(config.hidden)
        shape = " → ".join(map(number, sizes)) if len(sizes) <= 2 + MOST_IN_WORDS else _short(sizes)
        self.run.show_text(
            self._runs.present_title, shape, _in_words(training.spec, sizes, config.activation)
        )
        self.data.show_text(label_of(config.dataset), "", label_of(config.dataset))
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """Return the room for the icons and the beginnings of the names."""
        return QSize(px(LEAST_WIDTH), px(HEIGHT))

    def _fit(self) -> None:
        """Let words give way to icons where there is little width."""
        wide, medium, small = (self.width() >= px(least) for least in (1180, 1080, 800))
        word = tr("Find anything") if wide else tr("Find")
        self._search.show_text(word, tr("Ctrl K") if small else "", shown=small)
        self._brand.setVisible(small)
        for part in (self._present, self._share):
            style = Qt.ToolButtonStyle
            part.setToolButtonStyle(style.ToolButtonTextBesideIcon if medium else style.ToolButtonIconOnly)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Find words for the new width."""
        super().resizeEvent(event)
        self._fit()


def _text_button(icon_name: str, text: str, tip: str, menu: QMenu | None = None) -> IconButton:
    made = IconButton(icon_name, tip, "soft", 18, "header")
    made.setText(f"\N{EN SPACE}{text}")  # Qt leaves no gap after the icon
    made.setAccessibleName(text)
    if menu is not None:
        made.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        made.setMenu(menu)
    return made


def _menu_button(icon_name: str, tip: str, menu: QMenu) -> IconButton:
    opener = IconButton(icon_name, tip, "soft", 18)
    opener.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    opener.setMenu(menu)
    return opener


def _short(sizes: tuple[int, ...]) -> str:
    """Write the shape of a deep network with its layers counted."""
    hidden = len(sizes) - 2
    return trn(
        "{inputs:,} → {count} layer → {classes:,}",
        "{inputs:,} → {count} layers → {classes:,}",
        hidden,
        inputs=sizes[0],
        classes=sizes[-1],
    )


def _in_words(spec: DataSpec, sizes: tuple[int, ...], activation_name: str) -> str:
    """Write the architecture and the number of parameters in words."""
    activation = tr(ACTIVATIONS[activation_name].label)
    named = " → ".join(f"{number(width)} {activation}" for width in sizes[1:-1])
    count = Parameters.count(sizes)
    return tr(
        "{inputs} → {named} → {classes}   {parameters}",
        inputs=_inputs(spec),
        named=named,
        classes=_classes(spec),
        parameters=trn("{count:,} parameter", "{count:,} parameters", count),
    )


def _inputs(spec: DataSpec) -> str:
    count = spec.features.count
    if spec.features.image_shape is None:
        return trn("{count:,} column", "{count:,} columns", count)
    return trn("{count:,} pixel", "{count:,} pixels", count)


def _classes(spec: DataSpec) -> str:
    count = len(spec.class_names)
    if spec.has_digits:
        return trn("{count:,} digit", "{count:,} digits", count)
    return trn("{count:,} class", "{count:,} classes", count)
