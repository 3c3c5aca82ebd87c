"""The one command: which words open the window."""

from __future__ import annotations

from pathlib import Path

import pytest

from micronn_gui.__main__ import file_to_open


def test_that_a_word_that_is_a_file_opens_the_window_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("mine.npz", "train", "seven"):
        (tmp_path / name).touch()
    for words, file in (
        (["mine.npz"], "mine.npz"),
        (["seven"], "seven"),
        (["./train"], "train"),
        (["gone/away.csv"], "gone/away.csv"),  # the window says that it is gone
        ([], None),
        (["train"], None),
        (["evaluat"], None),
        (["--version"], None),
        (["predict", "seven"], None),
    ):
        assert file_to_open(words) == (None if file is None else Path(file))
