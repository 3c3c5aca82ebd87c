"""Digits that earlier versions kept or exported open, with everything in them."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest

from micronn_core.common.errors import MicroNNError, StorageError
from micronn_core.drawing.my_digits import MyDigits
from tests.content import assert_same_bytes
from tests.fixtures import FORMATS, digits_as_found, expected


def folder_of(number: int, folder: Path) -> Path:
    """Return a folder as an earlier version has left it; somebody has added a line that cannot be read."""
    return Path(shutil.copytree(FORMATS[number] / "my-digits", folder / "my-digits"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of the first format."""
    return folder_of(1, tmp_path)


@pytest.mark.parametrize("number", FORMATS)
def test_that_an_old_folder_of_digits_opens_with_everything_in_it(number: int, tmp_path: Path) -> None:
    kept = MyDigits(folder_of(number, tmp_path))
    assert digits_as_found(kept.digits) == expected("digits", number)
    assert len(kept.problems) == 1


def test_that_old_digits_have_the_name_by_which_old_networks_know_them(folder: Path) -> None:
    dataset = MyDigits(folder).dataset()
    assert dataset is not None
    assert dataset.fingerprint() == expected("digits_fingerprint")


@pytest.mark.parametrize("number", FORMATS)
def test_that_an_old_folder_of_digits_can_be_added_to(number: int, tmp_path: Path) -> None:
    folder = folder_of(number, tmp_path)
    kept = MyDigits(folder)
    picture = kept.digits[0].picture
    kept.keep(picture, 9)
    again = MyDigits(folder)
    assert digits_as_found(again.digits)[:-1] == expected("digits", number)
    assert again.digits[-1].label == 9
    assert len(again.problems) == 1  # what could not be read is still there, as it was
    assert "broken,x,2025-01-01T10:00:00+00:00" in (folder / "index.csv").read_text("utf-8")


@pytest.mark.parametrize("number", FORMATS)
def test_that_an_old_export_opens_with_everything_in_it(number: int, tmp_path: Path) -> None:
    kept = MyDigits(tmp_path)
    assert len(kept.import_(FORMATS[number] / "my-digits.zip")) == len(expected("digits", number))
    assert digits_as_found(kept.digits) == expected("digits", number)


def test_that_the_index_says_its_version_and_an_old_one_does_once_it_is_changed(
    folder: Path, tmp_path: Path
) -> None:
    heading = "name,label,kept_at,format=2"
    MyDigits(folder).relabel(expected("digits")[0]["name"], 3)
    assert (folder / "index.csv").read_text("utf-8").splitlines()[0] == heading
    archive = MyDigits(folder).export(tmp_path / "export")
    with zipfile.ZipFile(archive) as exported:
        assert exported.read("index.csv").decode().splitlines()[0] == heading


def test_that_a_spreadsheet_may_have_filled_the_heading_with_empty_cells(folder: Path) -> None:
    index = folder / "index.csv"
    index.write_text(index.read_text("utf-8").replace("kept_at\n", "kept_at,format=2,,\n"), "utf-8")
    assert digits_as_found(MyDigits(folder).digits) == expected("digits")


def test_that_digits_of_a_newer_version_are_left_alone_and_named(folder: Path) -> None:
    index = folder / "index.csv"
    index.write_text(index.read_text("utf-8").replace("kept_at\n", "kept_at,format=3\n"), "utf-8")
    before = index.read_bytes()
    kept = MyDigits(folder)
    assert kept.digits == ()
    sentence = f"{index} was saved by a newer MicroNN (format 3); this one reads up to 2. Update MicroNN."
    assert kept.problems == (sentence,)
    with pytest.raises(StorageError, match="newer MicroNN"):
        kept.keep(np.eye(28), 1)
    assert_same_bytes(index.read_bytes(), before)


def test_that_an_export_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "newer.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("index.csv", "name,label,kept_at,format=3\n")
    with pytest.raises(MicroNNError, match=r"newer\.zip was saved by a newer MicroNN \(format 3\)"):
        MyDigits(tmp_path / "folder").import_(path)
