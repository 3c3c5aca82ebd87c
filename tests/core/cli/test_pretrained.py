"""The command that makes the networks that come with MicroNN."""

from __future__ import annotations

from pathlib import Path

import pytest

from micronn_core.cli.pretrained import main


def test_that_a_folder_that_is_not_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "missing")]) == 1
    assert "its folder does not exist" in capsys.readouterr().err


def test_that_drawings_that_are_not_there_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path), "--drawings", str(tmp_path / "none.json")]) == 1
    assert "none.json: there is no such file" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
