"""An answer, large: its name and its words fit, whatever the name and the room."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter
from pytestqt.qtbot import QtBot

from micronn_gui.widgets.charts.big_answer import BigAnswer
from tests.gui.visible_texts import painted_words

SURE, MORE = "78 % sure", "sure does not mean right"


@pytest.fixture
def shown(qtbot: QtBot) -> BigAnswer:
    made = BigAnswer("Answer", 100, lines=2)
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.mark.parametrize("size", [(420, 120), (260, 120), (110, 180)])
@pytest.mark.parametrize("name", ["3", "T-shirt/top", "a name that is longer than any room"])
def test_that_name_and_words_are_painted_and_do_not_overlap(
    shown: BigAnswer, name: str, size: tuple[int, int]
) -> None:
    shown.resize(*size)
    shown.say(name, SURE, MORE)
    words = painted_words(shown)
    assert words[0].startswith(name[:3]) or words[0] == name
    assert SURE in words
    assert " ".join(words[2:]) == MORE
    assert words[2:] in ([MORE], ["sure does not", "mean right"])  # no word stands alone
    assert shown.accessibleDescription() == f"{name}: {SURE}, {MORE}"


def test_that_without_an_answer_it_says_what_to_do(shown: BigAnswer) -> None:
    shown.resize(300, 120)
    shown.say("", "Draw a digit", "and it will answer")
    assert painted_words(shown) == ["Draw a digit", "and it will answer"]
    assert shown.answer == ""
    assert shown.accessibleDescription() == "Draw a digit, and it will answer"


def test_that_a_long_name_is_smaller_and_a_short_one_is_large(shown: BigAnswer) -> None:
    shown.resize(300, 140)
    heights = {}
    for name in ("8", "88888888"):
        shown.say(name, "", "")
        image = shown.grab().toImage()
        paper = image.pixelColor(299, 0)
        rows = [y for y in range(image.height()) if any(image.pixelColor(x, y) != paper for x in range(300))]
        heights[name] = rows[-1] - rows[0]
    assert heights["8"] > 60
    assert 10 < heights["88888888"] < 0.8 * heights["8"]


def test_that_the_room_does_not_depend_on_what_is_said(shown: BigAnswer) -> None:
    before = shown.sizeHint(), shown.minimumSizeHint()
    shown.say("a long name of an answer", "100 % sure", MORE * 3)
    assert (shown.sizeHint(), shown.minimumSizeHint()) == before


def text_places(shown: BigAnswer, monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[float, float, int]]:
    """Return where each text is painted, and in letters of which size."""
    places: dict[str, tuple[float, float, int]] = {}

    def drawing(painter: QPainter, at: QPointF, text: str) -> None:
        places[text] = at.x(), at.y(), painter.font().pixelSize()

    with monkeypatch.context() as patch:
        patch.setattr(QPainter, "drawText", drawing)
        shown.grab()
    return places


@pytest.mark.parametrize("size", [(110, 180), (170, 160), (220, 220), (420, 460)])
def test_that_another_digit_moves_nothing(
    shown: BigAnswer, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    shown.resize(*size)
    found = set()
    for digit in "0123456789":
        shown.say(digit, SURE, MORE)
        places = text_places(shown, monkeypatch)
        found.add((places[digit][2], places[SURE]))
    assert len(found) == 1


@pytest.mark.parametrize(("size", "beside"), [((116, 160), False), ((170, 160), True), ((400, 160), True)])
def test_that_the_words_stand_beside_a_digit_where_there_is_room_and_well_below_it_elsewhere(
    shown: BigAnswer, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], beside: bool
) -> None:
    shown.resize(*size)
    shown.say("7", SURE, MORE)
    places = text_places(shown, monkeypatch)
    digit, sure = places["7"], places[SURE]
    assert (sure[0] > digit[0] + 16) is beside
    if not beside:
        assert sure[1] - digit[1] >= 16 + 12  # a gap, and the height of a capital letter
        assert sure[0] == 0


def test_that_a_digit_grows_with_its_room(shown: BigAnswer, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = []
    for size in ((170, 160), (260, 220), (400, 440)):
        shown.resize(*size)
        shown.say("7", SURE, MORE)
        sizes.append(text_places(shown, monkeypatch)["7"][2])
    assert sizes == sorted(sizes)
    assert sizes[-1] >= 2 * sizes[0]
