"""The formula: typeset in the theme's colour, crisp, and readable even where LaTeX is wrong."""

from __future__ import annotations

import logging
import subprocess
import sys

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage, QPixmap
from pytestqt.qtbot import QtBot

from micronn_gui.theme import DARK, LIGHT, Theme, themes
from micronn_gui.widgets.controls.formula import Formula, svg_of

FORMULAS = (
    r"z_2 = W_2\, a_1 + b_2",
    r"dz_1 = (W_2^T\, dz_2) \odot g'(z_1)",
    r"L = -\log a_2[y]",
    r"W \leftarrow W - \alpha\, dW",
    r"\frac{e^{z_i}}{\sum_j e^{z_j}}",
)


@pytest.fixture
def formula(qtbot: QtBot) -> Formula:
    made = Formula()
    qtbot.addWidget(made)
    made.show_latex(FORMULAS[0])
    made.resize(made.sizeHint())
    made.show()
    return made


def ink(image: QImage, theme: Theme) -> list[tuple[int, int]]:
    """Return the pixels that are about as dark, or in a dark theme as light, as text."""
    lightness = theme.color("text").lightness()
    places = ((x, y) for x in range(image.width()) for y in range(image.height()))
    return [place for place in places if abs(image.pixelColor(*place).lightness() - lightness) < 130]


@pytest.mark.parametrize("latex", FORMULAS)
def test_that_a_formula_is_typeset_at_the_size_of_its_hint(formula: Formula, latex: str) -> None:
    formula.show_latex(latex)
    formula.resize(formula.sizeHint())
    places = ink(formula.grab().toImage(), LIGHT)
    width, height = formula.sizeHint().toTuple()
    assert len(places) > 50
    assert max(x for x, _ in places) - min(x for x, _ in places) == pytest.approx(width, abs=8)
    assert max(y for _, y in places) - min(y for _, y in places) == pytest.approx(height, abs=8)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_that_a_formula_follows_the_theme(formula: Formula, theme: Theme) -> None:
    themes.use(theme)
    image = formula.grab().toImage()
    assert any(image.pixelColor(*place) == theme.color("text") for place in ink(image, theme))
    assert 50 < len(ink(image, theme)) < image.width() * image.height() / 3


def test_that_twice_the_letters_make_twice_the_size(formula: Formula) -> None:
    small = formula.sizeHint()
    formula.show_latex(FORMULAS[0], 44)
    assert formula.sizeHint().width() == pytest.approx(2 * small.width(), abs=4)
    assert formula.sizeHint().height() == pytest.approx(2 * small.height(), abs=4)


def test_that_a_formula_without_room_gets_smaller_instead_of_losing_its_end(formula: Formula) -> None:
    whole = formula.sizeHint()
    formula.resize(whole.width() * 3 // 4, whole.height())
    places = ink(formula.grab().toImage(), LIGHT)
    assert max(x for x, _ in places) == pytest.approx(formula.width(), abs=6)
    assert formula.minimumSizeHint().width() == whole.width() // 2


def test_that_a_formula_uses_every_pixel_of_a_dense_screen(formula: Formula) -> None:
    dense = QPixmap(formula.size() * 2)
    dense.setDevicePixelRatio(2)
    dense.fill(LIGHT.color("background"))
    formula.render(dense, QPoint(), renderFlags=Formula.RenderFlag.DrawChildren)
    doubled = formula.grab().toImage().scaled(dense.size())
    fine = dense.toImage()
    blocks = [(x, y) for x in range(0, fine.width() - 1, 2) for y in range(0, fine.height() - 1, 2)]

    def uneven(image: QImage) -> int:
        return sum(image.pixel(x, y) != image.pixel(x + 1, y) for x, y in blocks)

    assert uneven(doubled) == 0
    assert uneven(fine) > 100


@pytest.mark.parametrize("latex", [r"\frac{", r"a_", r"\begin{matrix}"])
def test_that_what_cannot_be_typeset_is_shown_as_it_is_written(
    formula: Formula, latex: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        svg_of.cache_clear()
        formula.show_latex(latex)
    assert repr(latex) in caplog.text
    assert formula.accessibleName() == latex
    formula.resize(formula.sizeHint())
    assert len(ink(formula.grab().toImage(), LIGHT)) > 5


def test_that_the_formula_is_told_to_those_who_cannot_see_it(formula: Formula) -> None:
    assert formula.accessibleName() == FORMULAS[0]


def test_that_an_empty_formula_takes_no_room(formula: Formula) -> None:
    formula.show_latex("")
    assert formula.sizeHint().isEmpty()
    assert ink(formula.grab().toImage(), LIGHT) == []


def test_that_a_leading_minus_is_a_sign(formula: Formula) -> None:
    assert svg_of(r"L = -\log a", 22, "#000000") == svg_of(r"L = {-}\log a", 22, "#000000")
    assert svg_of(r"L -\log a", 22, "#000000") != svg_of(r"L {-}\log a", 22, "#000000")


def test_that_a_formula_is_typeset_once() -> None:
    assert svg_of("a + b", 22, "#123456") is svg_of("a + b", 22, "#123456")


def test_that_the_window_opens_without_the_typesetter() -> None:
    code = "import sys, micronn_gui.widgets.controls.formula; sys.exit('ziamath' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
