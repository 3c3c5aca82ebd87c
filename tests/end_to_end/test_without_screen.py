"""The same program where there is no screen."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.end_to_end.conftest import PROGRAM, environment

pytestmark = pytest.mark.xdist_group("end to end")


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the program with these words in a folder and wait for its end."""
    return subprocess.run(
        [*PROGRAM, *words], env=environment(folder), cwd=folder, capture_output=True, text=True, timeout=120
    )


def test_that_without_a_screen_it_says_once_what_is_missing_and_ends(tmp_path: Path) -> None:
    ended = run(tmp_path)

    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.count("MicroNN cannot open its window: there is no screen") == 1
    assert "micronn train" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_that_training_needs_no_screen(tmp_path: Path) -> None:
    ended = run(tmp_path, "train", "--epochs", "2")

    assert (ended.returncode, ended.stderr) == (0, "")
    assert list(tmp_path.glob("*.npz"))
