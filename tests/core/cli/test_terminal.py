"""Tables stay readable, whatever stands in them."""

from __future__ import annotations

import sys

import pytest

from micronn_core.cli.terminal import write_table

HEADINGS = ("picture", "digit", *"0123456789")
FIGURES = ("7", *["100%"] * 10)
LONG = "/a folder/" + "of a very long name/" * 30 + "seven.png"


@pytest.mark.parametrize("first", [LONG, "ä数" * 300 + "seven.png"])
def test_that_a_long_path_breaks_no_line_of_a_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, first: str
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    write_table("title", HEADINGS, [(first, *FIGURES), ("short.png", *FIGURES)])
    lines = [line.strip() for line in capsys.readouterr().out.splitlines() if "png" in line]
    assert len(lines) == 2
    assert lines[0].startswith("…")
    assert lines[0].split()[-12].endswith("seven.png")
    for line in lines:
        assert line.split()[-11:] == list(FIGURES)


def test_that_whoever_reads_a_table_from_a_pipe_gets_all_of_a_long_path(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    write_table("title", HEADINGS, [(LONG, *FIGURES)])
    (line,) = (line.strip() for line in capsys.readouterr().out.splitlines() if "png" in line)
    assert line.startswith(LONG)
    assert line.split()[-11:] == list(FIGURES)
