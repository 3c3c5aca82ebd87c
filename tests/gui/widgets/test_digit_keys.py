"""Keys that mean digits: plain, shifted, on the keypad, and on keyboards where a digit needs Shift."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent

from micronn_gui.widgets.digit_keys import digit_of, plain_digit

Key, Held = Qt.Key, Qt.KeyboardModifier
NONE = Held.NoModifier


def pressed(key: int, text: str, held: Qt.KeyboardModifier = NONE, place: int = 0) -> QKeyEvent:
    return QKeyEvent(QEvent.Type.KeyPress, key, held, place, 0, 0, text)


@pytest.mark.parametrize("held", [NONE, Held.KeypadModifier, Held.ShiftModifier], ids=lambda held: held.name)
@pytest.mark.parametrize("digit", range(10))
def test_that_a_digit_is_a_digit_plain_shifted_and_on_the_keypad(
    digit: int, held: Qt.KeyboardModifier
) -> None:
    assert plain_digit(pressed(Key.Key_0 + digit, str(digit), held)) == digit


@pytest.mark.parametrize(
    "letters", ["&é\"'(-è_çà", "&é\"'(§è!çà", " ěščřžýáí"], ids=["French", "Belgian", "Czech"]
)
def test_that_what_the_row_writes_without_shift_is_the_digit_of_its_key(letters: str) -> None:
    for place, letter in enumerate(letters, 1):
        if letter != " ":
            event = pressed(ord(letter.upper()), letter)
            assert plain_digit(event) == place % 10
            held = pressed(ord(letter.upper()), "", Held.ControlModifier)
            assert (plain_digit(held), digit_of(held)) == (None, place % 10)


@pytest.mark.parametrize(("platform", "first"), [("xcb", 10), ("wayland", 10), ("windows", 2)])
def test_that_the_place_of_a_key_decides_where_it_is_known(
    platform: str, first: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QGuiApplication, "platformName", lambda: platform)
    for place in range(10):  # é is 2 in French and 0 in Czech
        assert digit_of(pressed(Key.Key_Eacute, "é", place=first + place)) == (place + 1) % 10
    assert digit_of(pressed(Key.Key_Apostrophe, "'", place=first + 30)) is None  # an English '


@pytest.mark.parametrize("text", ["", "a", "!", "+", "=", "\x1b", "10"])
def test_that_other_keys_are_no_digits(text: str) -> None:
    assert digit_of(pressed(ord(text) if len(text) == 1 else Key.Key_F1, text, Held.ShiftModifier)) is None
