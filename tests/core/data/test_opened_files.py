"""The list of opened files: what was opened can be chosen again, and a damaged list harms nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from micronn_core.common.errors import StorageError
from micronn_core.data import catalog
from micronn_core.data.catalog import opened_files, register, remember
from micronn_core.data.opened_files import MOST, keep_files, remember_files
from tests.core.shapes import flowers, letters, write_csv, write_npz


@pytest.fixture(autouse=True)
def _forget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalog, "_OPENED", {})


def test_that_opened_files_are_remembered_without_being_read(tmp_path: Path) -> None:
    register(write_csv(tmp_path / "flowers.csv", flowers()))
    register(write_npz(tmp_path / "letters.npz", letters()))
    before, path = opened_files(), tmp_path / "folder" / "opened.json"
    keep_files(path, before)
    catalog._OPENED.clear()
    (tmp_path / "flowers.csv").unlink()
    remember_files(path)
    after = opened_files()
    assert [(s.name, s.label, s.spec, s.count) for s in after] == [
        (s.name, s.label, s.spec, s.count) for s in before
    ]
    assert len(after[1].load_train()) == len(letters())


def test_that_without_a_list_there_is_nothing_to_remember(tmp_path: Path) -> None:
    remember_files(tmp_path / "none.json")
    assert opened_files() == ()


def test_that_the_files_that_were_opened_last_are_kept(tmp_path: Path) -> None:
    for i in range(MOST + 3):
        remember(f"/data/{i}.csv", f"{i}.csv", flowers().spec, 150)
    remember("/data/0.csv", "0.csv", flowers().spec, 150)
    keep_files(tmp_path / "opened.json", opened_files())
    kept = json.loads((tmp_path / "opened.json").read_text())["files"]
    assert [file["label"] for file in kept] == [*(f"{i}.csv" for i in range(4, MOST + 3)), "0.csv"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is damaged"),
        ("[]", "is damaged"),
        ('{"files": []}', "is damaged"),
        ('{"format": 1}', "is damaged"),
        ('{"format": 1, "files": [3]}', "is damaged"),
        ('{"format": 1, "files": [{"name": "/a.csv", "label": "a", "count": 3}]}', "is damaged"),
        ('{"format": 99, "files": []}', "saved by a newer MicroNN"),
    ],
)
def test_that_a_list_that_cannot_be_used_is_named(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "opened.json"
    path.write_text(content)
    with pytest.raises(StorageError, match=message) as caught:
        remember_files(path)
    assert str(path) in str(caught.value)
