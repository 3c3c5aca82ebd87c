"""A formula written in LaTeX, typeset as a drawing that is crisp at any scale."""

from __future__ import annotations

import functools
import logging
import re
import warnings
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QWidget

from micronn_core.common.formulas import formula_in_words
from micronn_gui.theme import number_font, themes
from micronn_gui.widgets.guard import Guarded

if TYPE_CHECKING:
    from ziamath.zmath import Latex

FALLBACK_SCALE = 0.7
"""Size of the plain LaTeX text, which is wider than its formula, in shares of the formula's."""

SIGN = re.compile(r"(^|[=(\[,]|\\leftarrow)(\s*)-")
"""A minus that belongs to what follows it: typeset like one between two terms, it would stand apart."""

log = logging.getLogger(__name__)


class Formula(Guarded, QWidget):
    """Shows one formula in the theme's text colour, smaller where there is no room for its full size.

    Args:
        tallest: pixels above which no formula rises: it is made smaller instead.
    """

    def __init__(self, tallest: int = 1000) -> None:
        super().__init__()
        self._tallest = tallest
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._latex, self._size = "", 22.0
        self._renderer = QSvgRenderer(self)
        themes.changed.connect(self._typeset)

    def show_latex(self, text: str, size: float = 22) -> None:
        """Show a formula.

        Args:
            text: LaTeX without dollar signs; what cannot be typeset is shown as it is written.
            size: of its letters, in pixels.
        """
        text = formula_in_words(text)
        if (text, size) == (self._latex, self._size):
            return
        self._latex, self._size = text, size
        self.setAccessibleName(text)
        self._typeset()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Return the size at which the formula has the letters asked for."""
        size = self._natural_size()
        if size.height() > self._tallest:
            size *= self._tallest / size.height()
        return QSize(-int(-size.width() // 1), -int(-size.height() // 1))

    def minimumSizeHint(self) -> QSize:
        """Return half of it, below which indices could not be read."""
        return QSize(self.sizeHint().width() // 2, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint, at the left and in the middle of the height."""
        natural = self._natural_size()
        if natural.isEmpty():
            return
        scale = min(1.0, self.width() / natural.width(), self.height() / natural.height())
        size = natural * scale
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self._renderer.isValid():
                place = QRectF(0, (self.height() - size.height()) / 2, size.width(), size.height())
                self._renderer.render(painter, place)
            else:
                painter.setFont(number_font(self._size * FALLBACK_SCALE * scale))
                painter.setPen(themes.current.color("text"))
                painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, self._latex)

    def _natural_size(self) -> QSizeF:
        if not self._latex:
            return QSizeF()
        if self._renderer.isValid():
            return self._renderer.viewBoxF().size()
        metrics = QFontMetricsF(number_font(self._size * FALLBACK_SCALE))
        return QSizeF(metrics.horizontalAdvance(self._latex) + 1, metrics.height())

    def _typeset(self) -> None:
        if self._latex:
            self._renderer.load(QByteArray(svg_of(self._latex, self._size, themes.current.text)))
        self.update()


@functools.lru_cache(maxsize=512)
def svg_of(latex: str, size: float, color: str) -> bytes:
    """Return a formula as an SVG drawing; nothing for what cannot be typeset.

    Args:
        latex: the formula.
        size: of its letters, in pixels.
        color: of its letters, as #RRGGBB.
    """
    if not latex.strip():
        return b""
    try:
        return _typesetter()(SIGN.sub(r"\1\2{-}", latex), size=size, color=color).svg().encode()
    except Exception as error:  # whatever the parser stumbles over: the text itself can still be read
        log.warning("cannot typeset %r: %s", latex, error)
        return b""


@functools.cache
def _typesetter() -> type[Latex]:
    """Return ziamath's typesetter.

    Importing it takes a tenth of a second, which the first frame of the window does without.
    """
    with warnings.catch_warnings():  # of importlib.resources.path, which Python keeps after all
        warnings.simplefilter("ignore", DeprecationWarning)
        from ziamath.config import config
        from ziamath.zmath import Latex

    config.svg2 = False  # Qt draws no <symbol> and <use>
    return Latex
