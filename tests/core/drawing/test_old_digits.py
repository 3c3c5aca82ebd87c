"""Digits that earlier versions kept or exported open, with everything in them."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from micronn_core.drawing.my_digits import KeptDigit, MyDigits
from tests.fixtures import FORMAT_1, digest, expected


def as_listed(digits: Sequence[KeptDigit]) -> list[dict[str, object]]:
    return [
        {
            "name": digit.name,
            "label": digit.label,
            "kept_at": digit.kept_at,
            "picture": digest(digit.picture),
        }
        for digit in digits
    ]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as an earlier version has left it; somebody has added a line that cannot be read."""
    return Path(shutil.copytree(FORMAT_1 / "my-digits", tmp_path / "my-digits"))


def test_that_an_old_folder_of_digits_opens_with_everything_in_it(folder: Path) -> None:
    kept = MyDigits(folder)
    assert as_listed(kept.digits) == expected("digits")
    dataset = kept.dataset()
    assert dataset is not None
    assert dataset.fingerprint() == expected("digits_fingerprint")
    assert len(kept.problems) == 1


def test_that_an_old_folder_of_digits_can_be_added_to(folder: Path) -> None:
    kept = MyDigits(folder)
    picture = kept.digits[0].picture
    kept.keep(picture, 9)
    again = MyDigits(folder)
    assert as_listed(again.digits)[:-1] == expected("digits")
    assert again.digits[-1].label == 9
    assert len(again.problems) == 1  # what could not be read is still there, as it was
    assert "broken,x,2025-01-01T10:00:00+00:00" in (folder / "index.csv").read_text("utf-8")


def test_that_an_old_export_opens_with_everything_in_it(tmp_path: Path) -> None:
    kept = MyDigits(tmp_path)
    assert kept.import_(FORMAT_1 / "my-digits.zip") == 5
    assert as_listed(kept.digits) == expected("digits")
