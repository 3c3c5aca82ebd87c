"""A message fits on a line and on a screen, whatever a file or a path brings into it."""

from __future__ import annotations

import pytest

from micronn_core.common.errors import LONGEST_MESSAGE, ConfigError, DataError


def test_that_a_message_stays_as_it_is() -> None:
    text = "/a folder/ä.csv, line 1: 3 columns instead of 4. Correct it."
    assert str(DataError(text)) == text


@pytest.mark.parametrize("length", [LONGEST_MESSAGE + 1, 1_000_000])
def test_that_a_long_message_keeps_its_beginning_and_its_end(length: int) -> None:
    text = str(ConfigError("data", f"It begins {'x' * length} and ends."))
    assert len(text) <= LONGEST_MESSAGE
    assert text.startswith("It begins xxx")
    assert " … " in text
    assert text.endswith("xxx and ends.")


def test_that_a_message_is_one_line_that_a_terminal_can_write() -> None:
    text = str(DataError("a\nb\x1b[1mc\u2028d\udcffe\u00a0f"))
    assert text == "a b [1mc d\ufffde\u00a0f"
    text.encode()
