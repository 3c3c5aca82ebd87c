"""The look: colour roles, fonts, spacing, and the one diverging colour map.

Widgets ask for roles, never for colours, so that light and dark are one switch.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QByteArray, QObject, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QWidget

from micronn_core.common.resources import resource

TEXT_SIZES = (80, 90, 100, 110, 125, 150, 175, 200)
"""The sizes of the text that can be chosen, in percent."""
USUAL_SIZE = 100


class TextSize:
    """How large everything is drawn, on top of the system's own scale: the text, and the layout with it."""

    def __init__(self) -> None:
        self.percent = USUAL_SIZE
        self.desktop = 1.0
        """How much larger than usual the desktop's own text is."""
        self.own: dict[QWidget, int] = {}
        """The sizes, in percent, of windows that have one of their own."""
        self._now: int | None = None

    @property
    def factor(self) -> float:
        """By what every length is multiplied."""
        return self.percent / 100 * self.desktop if self._now is None else self._now / 100

    @contextmanager
    def at(self, percent: int | None) -> Iterator[None]:
        """Build or paint in a size of its own meanwhile; None for the usual one."""
        before, self._now = self._now, percent
        try:
            yield
        finally:
            self._now = before

    def of(self, widget: object) -> AbstractContextManager[None]:
        """Paint and lay out a widget in the size of its window meanwhile."""
        if not self.own or not isinstance(widget, QWidget):
            return nullcontext()
        return self.at(self.own.get(widget.window()))

    def next(self, direction: int) -> int:
        """Return the next larger (+1) or smaller (-1) size, or the present one at the end."""
        beyond = [size for size in TEXT_SIZES if (size - self.percent) * direction > 0]
        return min(beyond, key=lambda size: abs(size - self.percent), default=self.percent)


USUAL_POINTS = {"win32": 9.0, "darwin": 13.0}
"""How large the text of desktops is where nobody has changed it; elsewhere they differ:"""
LARGEST_USUAL_POINTS = 11.0


def desktop_scale(points: float, platform: str) -> float:
    """Return how much larger than usual a desktop's text is, 1 to 2.

    Args:
        points: the size of its font, in points; not above 0 where it is not known.
        platform: `sys.platform`.
    """
    return min(max(points / USUAL_POINTS.get(platform, LARGEST_USUAL_POINTS), 1.0), 2.0)


text_size = TextSize()
"""The size in force. Widgets are built with it: who changes it builds the window anew."""


def px(length: float) -> int:
    """Return a length that is meant in pixels at the usual text size, in pixels now.

    Spacing is in multiples of 8. What is not 0 stays at least 1.
    """
    scaled = round(length * text_size.factor)
    return scaled if scaled or not length else int(math.copysign(1, length))


RADIUS = 12
"""Corner radius of a card, in pixels."""


@dataclass(frozen=True)
class Theme:
    """The colour of every role, as #RRGGBB."""

    name: str
    background: str
    card: str
    border: str
    text: str
    soft: str
    faint: str
    accent: str
    accent_soft: str
    accent_text: str
    positive: str
    zero: str
    negative: str
    good: str
    field: str
    run_violet: str
    run_teal: str
    run_magenta: str
    run_olive: str
    run_brown: str
    run_slate: str

    def color(self, role: str) -> QColor:
        """Return the colour of a role."""
        return QColor(getattr(self, role))


LIGHT = Theme(
    "light",
    background="#F4F6FA",
    card="#FFFFFF",
    border="#E1E6EF",
    text="#151B28",
    soft="#5B6679",
    faint="#6B7688",
    accent="#4353FF",
    accent_soft="#E6E8FF",
    accent_text="#FFFFFF",
    positive="#1668DC",
    zero="#F7F8FA",
    negative="#E8730C",
    good="#118A52",
    field="#EDF0F6",
    run_violet="#7C3AED",
    run_teal="#0B7A70",
    run_magenta="#B81FC9",
    run_olive="#667500",
    run_brown="#96561A",
    run_slate="#475569",
)
DARK = Theme(
    "dark",
    background="#0E1118",
    card="#171B25",
    border="#262C3A",
    text="#EDF0F7",
    soft="#A3AEC2",
    faint="#8390A6",
    accent="#7C8CFF",
    accent_soft="#242B52",
    accent_text="#0E1118",
    positive="#4DA3FF",
    zero="#171B25",
    negative="#FF9A3C",
    good="#4CCB8B",
    field="#10141D",
    run_violet="#A78BFA",
    run_teal="#2DD4BF",
    run_magenta="#E879F9",
    run_olive="#B5C334",
    run_brown="#D9A066",
    run_slate="#A8B4C8",
)
RUN_HUES = tuple(field.name for field in fields(Theme) if field.name.startswith("run_"))
"""The roles of the colours of runs, which have them in turn."""

SYSTEM = "system"
"""The choice of following the system's theme."""

THEMES = {theme.name: theme for theme in (LIGHT, DARK)}


class ThemeSource(QObject):
    """The theme in force, and the signal that it has changed."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.current = LIGHT
        self._dressed = False
        self._follows = False

    def follow_system(self) -> None:
        """Use dark where the system does, else light, from now on until another theme is chosen."""
        self._follows = True
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(self._follow, Qt.ConnectionType.UniqueConnection)
        self._follow(hints.colorScheme())

    def use(self, theme: Theme) -> None:
        """Dress the whole application in a theme, whatever the system does."""
        self._follows = False
        self._wear(theme)

    def measure_anew(self) -> None:
        """Dress the application in the same theme, for the text has another size."""
        self._dressed = False
        _application_font()
        self._wear(self.current)

    @Slot(Qt.ColorScheme)
    def _follow(self, scheme: Qt.ColorScheme) -> None:
        if self._follows:
            self._wear(DARK if scheme is Qt.ColorScheme.Dark else LIGHT)

    def _wear(self, theme: Theme) -> None:
        """Put a theme on; one that is worn already is not put on again."""
        if self._dressed and theme is self.current:
            return  # to polish every widget once more takes a tenth of a second
        self.current = theme
        application = QApplication.instance()
        if isinstance(application, QApplication):
            self._dressed = True
            # Put over an old sheet, Qt polishes a widget once for each that it lies in: eight times here.
            # With none before, as at the start, it polishes each once.
            application.setStyleSheet("")
            application.setPalette(palette(theme))
            application.setStyleSheet(style_sheet(theme))
        self.changed.emit()


def _application_font() -> None:
    application = QApplication.instance()
    if isinstance(application, QApplication):
        application.setFont(text_font())


themes = ThemeSource()
"""The application's one source of colours."""


def load_fonts() -> None:
    """Register Inter and JetBrains Mono with Qt.

    Raises:
        DataError: the installation lacks its fonts.
    """
    for path in sorted(resource("fonts").glob("*.ttf")):
        QFontDatabase.addApplicationFont(str(path))


def text_font(size: float = 13, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return the font for words, `size` in pixels at the usual text size."""
    return _font("Inter", px(size), weight)


def number_font(size: float = 12, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return the font for numbers, of fixed width so that live figures do not dance."""
    return _font("JetBrains Mono", px(size), weight)


@functools.cache
def _font(family: str, size: int, weight: QFont.Weight) -> QFont:
    font = QFont(family)
    font.setPixelSize(size)
    font.setWeight(weight)
    if family == "JetBrains Mono":
        font.setFeature(QFont.Tag("calt"), 0)  # no ligatures: "->" stays two characters
    else:
        font.setFeature(QFont.Tag("tnum"), 1)
    return font


@functools.cache
def diverging_colors(theme: Theme) -> tuple[int, ...]:
    """Return 256 colours as 0xAARRGGBB: negative at 1, zero at 128, positive at 255.

    Index 0 is transparent. `quantise` makes the indices.
    """
    anchors = np.array([_rgb(theme.negative), _rgb(theme.zero), _rgb(theme.positive)], float)
    position = (np.arange(256) - 1) / 254 * 2
    colors = [np.interp(position, [0, 1, 2], anchors[:, channel]) for channel in range(3)]
    red, green, blue = (np.round(channel).astype(np.uint32) for channel in colors)
    packed = (np.uint32(0xFF000000) | red << 16 | green << 8 | blue).tolist()
    return (0, *packed[1:])


def quantise(values: NDArray[np.floating], limit: float | NDArray[np.floating]) -> NDArray[np.uint8]:
    """Turn values from -limit to +limit into indices of `diverging_colors`; 0 becomes 128."""
    largest = np.asarray(limit, values.dtype)
    scaled = np.zeros(np.broadcast_shapes(values.shape, largest.shape), values.dtype)
    with np.errstate(over="ignore"):  # a value far beyond the limit gets the full colour too
        np.divide(values, largest, out=scaled, where=largest > 0)
        scaled *= 127
    np.clip(scaled, -127, 127, out=scaled)
    scaled += 128.5
    indices: NDArray[np.uint8] = scaled.astype(np.uint8)
    return indices


def _rgb(color: str) -> tuple[int, int, int]:
    return tuple(int(color[i : i + 2], 16) for i in (1, 3, 5))  # type: ignore[return-value]


def icon(name: str, theme: Theme, role: str = "text", size: int = 18, fill: bool = False) -> QIcon:
    """Return an icon in the colour of a role; `fill` paints its inside as well."""
    screen = QGuiApplication.primaryScreen()
    side = round(size * max(2.0, screen.devicePixelRatio() if screen else 1.0))
    made = QIcon(_icon(name, theme, role, side, fill))
    if role == "accent_text":  # which cannot be seen on the ground of what is disabled
        made.addPixmap(_icon(name, theme, "faint", side, fill), QIcon.Mode.Disabled)
    return made


LOGO_SIDES = (16, 24, 32, 48, 64, 128, 256)
"""The sizes in which systems show the icon of an application."""


def logo() -> QIcon:
    """Return the application's own icon; its colours are the same in every theme."""
    svg = resource("icons", "micronn.svg").read_text(encoding="utf-8")
    made = QIcon()
    for side in LOGO_SIDES:
        made.addPixmap(_drawn(svg, side))
    return made


@functools.cache
def _icon(name: str, theme: Theme, role: str, side: int, fill: bool) -> QPixmap:
    svg = resource("icons", f"{name}.svg").read_text(encoding="utf-8")
    color = getattr(theme, role)
    svg = svg.replace("currentColor", color)
    if fill:
        svg = svg.replace('fill="none"', f'fill="{color}"')
    return _drawn(svg, side)


def _drawn(svg: str, side: int) -> QPixmap:
    renderer = QSvgRenderer(QByteArray(svg.encode()))
    pixmap = QPixmap(side, side)
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as painter:
        renderer.render(painter, QRectF(pixmap.rect()))
    return pixmap


def palette(theme: Theme) -> QPalette:
    """Return Qt's palette for the theme: what no style sheet reaches (menus, tool tips, native parts)."""
    roles = QPalette.ColorRole
    colors = {
        roles.Window: theme.background,
        roles.WindowText: theme.text,
        roles.Base: theme.card,
        roles.AlternateBase: theme.field,
        roles.Text: theme.text,
        roles.Button: theme.field,
        roles.ButtonText: theme.text,
        roles.ToolTipBase: theme.card,
        roles.ToolTipText: theme.text,
        roles.Highlight: theme.accent,
        roles.HighlightedText: theme.accent_text,
        roles.PlaceholderText: theme.faint,
        roles.Link: theme.accent,
    }
    result = QPalette()
    for role, color in colors.items():
        result.setColor(role, QColor(color))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.faint))
    return result


def style_sheet(theme: Theme) -> str:
    """Return the application's style sheet in the theme's colours."""
    sheet = resource("style", "style.qss").read_text(encoding="utf-8")
    # Longest role names first: @accent_soft must not be read as @accent.
    names: Sequence[str] = sorted((field.name for field in fields(theme)), key=len, reverse=True)
    for name in names:
        sheet = sheet.replace(f"@{name}", getattr(theme, name))
    sheet = re.sub(r"\b(\d+)px\b", lambda match: f"{px(int(match[1]))}px", sheet)
    # Last, and whole: a folder may be called like a role.
    return re.sub(r"@icon\(([\w-]+)\)", lambda match: icon_url(match[1]), sheet)


def icon_url(name: str) -> str:
    r"""Return an icon's file as a style sheet names it; any letter may be in its path, also " and \."""
    escaped = resource("icons", f"{name}.svg").as_posix().replace("\\", r"\\").replace('"', r"\"")
    return f'url("{escaped}")'


def contrast(one: QColor, other: QColor) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: QColor) -> float:
    parts = (color.redF(), color.greenF(), color.blueF())
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
