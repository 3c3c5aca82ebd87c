"""The rules of kept digits: nothing is lost, nothing foreign comes in, memory and disk agree."""

from __future__ import annotations

import errno
import io
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from micronn_core.common import trash
from micronn_core.common.errors import DataError, StorageError
from micronn_core.common.locks import NAME
from micronn_core.common.trash import NotInTrashError
from micronn_core.data.dataset import Samples
from micronn_core.drawing import digit_files, my_digits
from micronn_core.drawing.digit_files import INDEX, Picture, png_bytes
from micronn_core.drawing.my_digits import KeptDigit, MyDigits
from tests.content import assert_same_bytes
from tests.paths import CHECKOUT

HEADING = "name,label,kept_at"
TIME = "2025-03-09T10:30:00+00:00"


def picture(seed: int = 0) -> Picture:
    return np.random.default_rng(seed).integers(0, 256, (28, 28), np.uint8)


def files(folder: Path) -> dict[str, bytes]:
    found = folder.iterdir() if folder.exists() else ()
    return {path.name: path.read_bytes() for path in found if path.is_file() and path.name != NAME}


def agree(one: MyDigits, other: MyDigits) -> bool:
    same = all(np.array_equal(a.picture, b.picture) for a, b in zip(one.digits, other.digits, strict=False))
    return one.digits == other.digits and same


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "my digits"


@pytest.fixture
def three(folder: Path) -> MyDigits:
    digits = MyDigits(folder)
    for seed, label in enumerate((7, 0, 7)):
        digits.keep(picture(seed), label)
    return digits


def test_that_a_missing_folder_is_an_empty_set_and_is_not_made(folder: Path) -> None:
    digits = MyDigits(folder)
    assert (digits.digits, digits.problems, digits.dataset()) == ((), (), None)
    assert not folder.exists()


def test_that_kept_digits_are_found_again(folder: Path, three: MyDigits) -> None:
    again = MyDigits(folder)
    assert agree(again, three)
    assert again.problems == ()
    assert [digit.label for digit in again.digits] == [7, 0, 7]
    assert len({digit.name for digit in again.digits}) == 3
    for seed, digit in enumerate(again.digits):
        np.testing.assert_array_equal(digit.picture, picture(seed))
        assert digit.picture.dtype == np.uint8
        moment = datetime.fromisoformat(digit.kept_at)
        assert moment.utcoffset() == timedelta(0)
        assert abs(datetime.now(UTC) - moment) < timedelta(minutes=5)
    assert set(files(folder)) == {INDEX, *(f"{digit.name}.png" for digit in three.digits)}


def test_that_a_kept_picture_cannot_be_changed(folder: Path) -> None:
    mine = picture()
    digits = MyDigits(folder)
    digit = digits.keep(mine, 3)
    mine[:] = 0
    np.testing.assert_array_equal(digit.picture, picture())
    for kept in (digit, *MyDigits(folder).digits):
        assert not kept.picture.flags.writeable


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_that_floats_become_bytes_to_the_nearest(folder: Path, dtype: type) -> None:
    kept = MyDigits(folder).keep(picture().astype(dtype) / dtype(255), np.int64(4))
    np.testing.assert_array_equal(kept.picture, picture())
    assert type(kept.label) is int


BAD_PICTURES = {
    "wrong size": np.ones((20, 20)),
    "one row": np.ones(784),
    "three colours": np.ones((28, 28, 3)),
    "above 1": np.full((28, 28), 1.5),
    "below 0": np.full((28, 28), -0.1),
    "not numbers": np.full((28, 28), np.nan),
    "words": np.full((28, 28), "x"),
    "whole numbers of another kind": np.ones((28, 28), int),
    "blank": np.zeros((28, 28)),
    "blank bytes": np.zeros((28, 28), np.uint8),
    "nothing": [],
}


@pytest.mark.parametrize("bad", BAD_PICTURES.values(), ids=BAD_PICTURES)
def test_that_what_is_no_picture_is_not_kept(folder: Path, three: MyDigits, bad: np.ndarray) -> None:
    before, known = files(folder), three.digits
    with pytest.raises(DataError, match=r"digit"):
        three.keep(bad, 3)
    assert (files(folder), three.digits) == (before, known)


@pytest.mark.parametrize("label", [-1, 10, 3.0, "3", None, True])
def test_that_a_label_is_a_digit(folder: Path, three: MyDigits, label: int) -> None:
    before = files(folder)
    for change in (
        lambda: three.keep(picture(), label),
        lambda: three.relabel(three.digits[0].name, label),
    ):
        with pytest.raises(DataError, match=r"label of a digit is a whole number from 0 to 9, not"):
            change()
    assert files(folder) == before


def test_that_a_deleted_digit_is_gone_with_its_file(folder: Path, three: MyDigits) -> None:
    first, second, third = three.digits
    three.delete(second.name)
    assert three.digits == (first, third)
    assert agree(MyDigits(folder), three)
    assert not (folder / f"{second.name}.png").exists()
    with pytest.raises(DataError, match=r"no kept digit .* deleted already"):
        three.delete(second.name)


def test_that_a_relabelled_digit_keeps_all_else(folder: Path, three: MyDigits) -> None:
    first, second, third = three.digits
    changed = three.relabel(second.name, 9)
    assert changed == KeptDigit(second.name, 9, second.picture, second.kept_at)
    assert three.digits == (first, changed, third)
    assert agree(MyDigits(folder), three)
    with pytest.raises(DataError, match=r"no kept digit '\.\./x'"):
        three.relabel("../x", 1)


def test_that_two_windows_add_to_each_others_digits(folder: Path, three: MyDigits) -> None:
    other = MyDigits(folder)
    mine, theirs = three.keep(picture(8), 8), other.keep(picture(9), 9)
    assert [digit.label for digit in other.digits] == [7, 0, 7, 8, 9]
    other.delete(mine.name)
    three.relabel(theirs.name, 1)
    assert [digit.label for digit in three.digits] == [7, 0, 7, 1]
    with pytest.raises(DataError, match="no kept digit"):
        three.delete(mine.name)
    assert agree(MyDigits(folder), three)


def test_that_the_digits_make_a_data_set(three: MyDigits) -> None:
    dataset = three.dataset()
    assert dataset is not None
    assert (dataset.name, dataset.labels.tolist(), len(dataset)) == ("My digits", [7, 0, 7], 3)
    np.testing.assert_array_equal(dataset.values[1], picture(1).ravel())
    assert Samples.of(dataset).x.shape == (784, 3)


def test_that_an_export_comes_back_whole(tmp_path: Path, three: MyDigits) -> None:
    path = three.export(tmp_path / "class 7b")
    assert path == tmp_path / "class 7b.zip"
    other = MyDigits(tmp_path / "other")
    assert len(other.import_(path)) == 3
    assert agree(other, three)
    assert agree(MyDigits(tmp_path / "other"), three)
    assert_same_bytes(other.export(path).read_bytes(), path.read_bytes())
    assert sorted(child.name for child in tmp_path.iterdir()) == ["class 7b.zip", "data", "other"]


def test_that_what_is_here_already_is_not_added_again(tmp_path: Path, three: MyDigits) -> None:
    path = three.export(tmp_path / "all.zip")
    assert three.import_(path) == ()
    three.delete(three.digits[1].name)
    three.relabel(three.digits[0].name, 1)
    assert len(three.import_(path)) == 2  # the deleted one, and the same picture under its other label
    assert sorted(digit.label for digit in three.digits) == [0, 1, 7, 7]
    assert len({digit.name for digit in three.digits}) == 4
    assert agree(MyDigits(three.folder), three)


def test_that_a_class_can_pool_its_digits(tmp_path: Path) -> None:
    everyone = MyDigits(tmp_path / "everyone")
    for pupil in range(4):
        one = MyDigits(tmp_path / str(pupil))
        for seed in (10 * pupil, 10 * pupil + 1, 99):
            one.keep(picture(seed), seed % 10)
        everyone.import_(one.export(tmp_path / f"{pupil}.zip"))
    assert len(everyone.digits) == 9  # they all drew number 99


def test_that_a_digit_of_the_same_name_gets_another(tmp_path: Path, folder: Path) -> None:
    write_archive(tmp_path / "a.zip", {"x": picture(1)})
    write_archive(tmp_path / "b.zip", {"x": picture(2)})
    digits = MyDigits(folder)
    assert [len(digits.import_(tmp_path / name)) for name in ("a.zip", "b.zip")] == [1, 1]
    assert digits.digits[0].name == "x" != digits.digits[1].name
    assert agree(MyDigits(folder), digits)
    np.testing.assert_array_equal(digits.digits[1].picture, picture(2))


def test_that_an_empty_set_is_not_exported(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(DataError, match="no digits to export"):
        MyDigits(folder).export(tmp_path / "none.zip")
    assert not list(tmp_path.iterdir())


def test_that_an_export_replaces_no_folder_and_needs_one_to_lie_in(tmp_path: Path, three: MyDigits) -> None:
    (tmp_path / "x.zip").mkdir()
    with pytest.raises(StorageError, match="is a folder"):
        three.export(tmp_path / "x.zip")
    with pytest.raises(StorageError, match=r"cannot be saved: its folder does not exist"):
        three.export(tmp_path / "none" / "x.zip")


def test_that_thousands_of_digits_are_opened_and_pooled(tmp_path: Path) -> None:
    write_archive(tmp_path / "many.zip", {f"d{number}": picture(number) for number in range(1_000)})
    digits = MyDigits(tmp_path / "many")
    assert len(digits.import_(tmp_path / "many.zip")) == 1_000
    assert agree(MyDigits(tmp_path / "many"), digits)


def test_that_no_more_are_kept_than_an_export_can_carry(
    tmp_path: Path, three: MyDigits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(my_digits, "MOST", 4)
    write_archive(tmp_path / "two.zip", {"a": picture(5), "b": picture(6)})
    before = files(three.folder)
    with pytest.raises(DataError, match="4 digits can be kept, and these would be 5"):
        three.import_(tmp_path / "two.zip")
    assert files(three.folder) == before
    three.keep(picture(5), 5)


# Archives from others


def index_of(*lines: str) -> bytes:
    return "\n".join([HEADING, *lines, ""]).encode()


def pack(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        for name, member in members.items():
            archive.writestr(name, member)
    return content.getvalue()


def write_archive(path: Path, pictures: dict[str, Picture]) -> None:
    lines = (f"{name},{number % 10},{TIME}" for number, name in enumerate(pictures))
    named = {f"{name}.png": png_bytes(KeptDigit(name, 0, each, TIME)) for name, each in pictures.items()}
    path.write_bytes(pack({INDEX: index_of(*lines), **named}))


def saved(image: Image.Image, kind: str = "PNG") -> bytes:
    content = io.BytesIO()
    image.save(content, kind)
    return content.getvalue()


GOOD = {
    INDEX: index_of(f"a,3,{TIME}", f"b,4,{TIME}"),
    "a.png": png_bytes(KeptDigit("a", 3, picture(1), TIME)),
    "b.png": png_bytes(KeptDigit("b", 4, picture(2), TIME)),
}


IN_FOLDER = {f"my digits/{name}": content for name, content in GOOD.items()}
PACKED_AGAIN = {
    "in a folder": {"my digits/": b"", **IN_FOLDER},
    "by Finder": {**IN_FOLDER, "my digits/.DS_Store": b"x", "__MACOSX/my digits/._a.png": b"x"},
    "by Finder without a folder": {**GOOD, ".DS_Store": b"x", "__MACOSX/._index.csv": b"x", "._a.png": b"x"},
    "by Windows": {**GOOD, "Thumbs.db": b"x", "desktop.ini": b"x"},
}


@pytest.mark.parametrize("members", PACKED_AGAIN.values(), ids=PACKED_AGAIN.keys())
def test_that_an_archive_that_was_packed_again_holds_the_same_digits(
    tmp_path: Path, members: dict[str, bytes]
) -> None:
    (tmp_path / "a.zip").write_bytes(pack(members))
    kept = MyDigits(tmp_path / "kept")
    assert len(kept.import_(tmp_path / "a.zip")) == 2
    assert [digit.label for digit in kept.digits] == [3, 4]


@pytest.mark.parametrize("stranger", ["my digits/c.png", "other/c.png", "c.png"])
def test_that_a_stranger_in_an_archive_that_was_packed_again_is_refused(
    tmp_path: Path, stranger: str
) -> None:
    (tmp_path / "a.zip").write_bytes(pack({**IN_FOLDER, stranger: b"x"}))
    with pytest.raises(DataError):
        MyDigits(tmp_path / "kept").import_(tmp_path / "a.zip")


def with_line(line: str) -> bytes:
    return pack({**GOOD, INDEX: index_of(f"a,3,{TIME}", line)})


def with_picture(content: bytes) -> bytes:
    return pack({**GOOD, "b.png": content})


def encrypted() -> bytes:
    content = bytearray(pack(GOOD))
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(magic) + offset] |= 1
    return bytes(content)


def wrong_checksum() -> bytes:
    content = bytearray(pack(GOOD, zipfile.ZIP_STORED))
    content[content.rindex(b"IDAT", 0, content.index(b"PK\x01\x02")) + 20] ^= 0xFF
    return bytes(content)


def lying_about_size() -> bytes:
    """Return an archive whose picture says it unpacks to 100 bytes and holds ten million."""
    content = bytearray(pack({**GOOD, "b.png": bytes(10_000_000)}))
    for magic, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = content.rindex(magic) + offset
        content[at : at + 4] = (100).to_bytes(4, "little")
    return bytes(content)


def twice_the_same() -> bytes:
    content = io.BytesIO(pack(GOOD))
    with zipfile.ZipFile(content, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("a.png", png_bytes(KeptDigit("a", 3, picture(3), TIME)))
    return content.getvalue()


BAD_ARCHIVES: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "damaged, or no export of digits"),
    "text": (lambda: b"label,pixel0\n", "damaged, or no export of digits"),
    "a picture": (lambda: png_bytes(KeptDigit("a", 3, picture(), TIME)), "damaged, or no export of digits"),
    "cut off": (lambda: pack(GOOD)[:-40], "damaged, or no export of digits"),
    "its first half": (lambda: pack(GOOD)[: len(pack(GOOD)) // 2], "damaged, or no export"),
    "without its start": (lambda: pack(GOOD)[100:], "damaged"),
    "a broken byte": (wrong_checksum, "damaged"),
    "encrypted": (encrypted, "damaged"),
    "lying about a size": (lying_about_size, "damaged"),
    "packed otherwise": (lambda: pack(GOOD, zipfile.ZIP_BZIP2), "packed in a way"),
    "two files of one name": (twice_the_same, "two of its files have the same name"),
    "no members": (lambda: pack({}), "there is no index.csv in it"),
    "foreign": (lambda: pack({"word/document.xml": b"<a/>"}), "there is no index.csv in it"),
    "foreign member": (lambda: pack({**GOOD, "notes.txt": b"hello"}), r"'notes.txt' is not listed"),
    "unlisted picture": (lambda: pack({**GOOD, "c.png": GOOD["a.png"]}), r"'c.png' is not listed"),
    "path upwards": (lambda: pack({**GOOD, "../c.png": GOOD["a.png"]}), r"'../c.png' is not listed"),
    "path from the root": (lambda: pack({**GOOD, "/tmp/c.png": GOOD["a.png"]}), "is not listed"),
    "index upwards": (lambda: with_line(f"../b,4,{TIME}"), r"line 3: '../b' is no name of a digit"),
    "index to the root": (lambda: with_line(f"/b,4,{TIME}"), "is no name of a digit"),
    "index backwards": (lambda: with_line(f"..\\b,4,{TIME}"), "is no name of a digit"),
    "empty name": (lambda: with_line(f",4,{TIME}"), "is no name of a digit"),
    "long name": (lambda: with_line(f"{'b' * 5000},4,{TIME}"), "is no name of a digit"),
    "name with a line break": (lambda: with_line(f'"b\n",4,{TIME}'), "line 3"),
    "missing picture": (lambda: with_line(f"c,4,{TIME}"), r"line 3: there is no c.png"),
    "listed twice": (lambda: with_line(f"a,4,{TIME}"), r"line 3: the name a stands there twice"),
    "label 10": (lambda: with_line(f"b,10,{TIME}"), r"line 3: the label is '10'"),
    "label -1": (lambda: with_line(f"b,-1,{TIME}"), r"the label is '-1'"),
    "label in words": (lambda: with_line(f"b,four,{TIME}"), r"the label is 'four'"),
    "no label": (lambda: with_line(f"b,,{TIME}"), r"the label is ''"),
    "label in other figures": (lambda: with_line(f"b,٤,{TIME}"), r"the label is '٤'"),
    "no time": (lambda: with_line("b,4,"), "is no time in UTC"),
    "time in words": (lambda: with_line("b,4,yesterday"), "is no time in UTC"),
    "time elsewhere": (lambda: with_line("b,4,2025-03-09T10:30:00+05:00"), "is no time in UTC"),
    "time of nowhere": (lambda: with_line("b,4,2025-03-09T10:30:00"), "is no time in UTC"),
    "two cells": (lambda: with_line("b,4"), r"line 3: 2 cells instead of 3"),
    "open quotation mark": (lambda: with_line('"b,4'), "line 3: it cannot be read"),
    "index not in UTF-8": (lambda: pack({**GOOD, INDEX: b"\xff\xfe\x00"}), "damaged"),
    "picture of text": (lambda: with_picture(b"hello"), r"line 3: its picture is damaged"),
    "empty picture": (lambda: with_picture(b""), r"line 3: its picture is damaged"),
    "half a picture": (lambda: with_picture(GOOD["b.png"][:400]), "its picture is damaged"),
    "JPEG": (lambda: with_picture(saved(Image.new("L", (28, 28)), "JPEG")), "is no PNG file"),
    "picture of another size": (lambda: with_picture(saved(Image.new("L", (29, 28)))), "not one of 28 x 28"),
    "picture in colour": (lambda: with_picture(saved(Image.new("RGB", (28, 28)))), "not one of 28 x 28"),
    "picture of 16 bits": (lambda: with_picture(saved(Image.new("I;16", (28, 28)))), "not one of 28 x 28"),
    "picture bomb": (lambda: with_picture(saved(Image.new("1", (10_000, 10_000)))), "28 x 28"),
    "bomb of zeros": (lambda: with_picture(bytes(50_000_000)), r"would unpack to 50,000,000 bytes"),
    "index of zeros": (lambda: pack({**GOOD, INDEX: bytes(50_000_000)}), r"would unpack to 50,000,000"),
}  # fmt: skip


@pytest.mark.parametrize(("make", "message"), BAD_ARCHIVES.values(), ids=BAD_ARCHIVES)
def test_that_a_bad_archive_is_refused_whole_with_a_reason_and_a_remedy(
    tmp_path: Path, three: MyDigits, make: Callable[[], bytes], message: str
) -> None:
    path = tmp_path / "theirs.zip"
    path.write_bytes(make())
    before, known = files(three.folder), three.digits
    with pytest.raises(DataError, match=message) as caught:
        three.import_(path)
    assert str(caught.value).startswith(str(path))
    assert "Choose a file that MicroNN has exported, or export and copy it again." in str(caught.value)
    assert "\n" not in str(caught.value)
    assert (files(three.folder), three.digits) == (before, known)
    assert sorted(child.name for child in tmp_path.iterdir()) == ["data", "theirs.zip"]


def test_that_the_good_archive_beside_the_bad_ones_is_good(tmp_path: Path, three: MyDigits) -> None:
    (tmp_path / "good.zip").write_bytes(pack(GOOD))
    assert len(three.import_(tmp_path / "good.zip")) == 2


def test_that_an_archive_of_too_many_is_refused_before_it_is_read(
    tmp_path: Path, three: MyDigits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digit_files, "MOST", 1)
    (tmp_path / "many.zip").write_bytes(pack(GOOD))
    with pytest.raises(DataError, match="more than 1 digits"):
        three.import_(tmp_path / "many.zip")


def test_that_a_file_far_too_large_is_refused_before_it_is_looked_into(
    tmp_path: Path, three: MyDigits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digit_files, "_MAX_ARCHIVE_BYTES", 100)
    (tmp_path / "film.zip").write_bytes(pack(GOOD))
    with pytest.raises(DataError, match=r"film.zip is too large: [\d,]+ bytes, and 100 are the most"):
        three.import_(tmp_path / "film.zip")


def test_that_an_archive_that_is_not_there_or_a_folder_is_named(tmp_path: Path, three: MyDigits) -> None:
    with pytest.raises(DataError, match=r"none\.zip: there is no such file"):
        three.import_(tmp_path / "none.zip")
    with pytest.raises(DataError, match="is a folder"):
        three.import_(tmp_path)


# Damage in the folder


def test_that_a_damaged_line_costs_no_other_digit_and_is_kept_for_its_owner(three: MyDigits) -> None:
    index = three.folder / INDEX
    lines = index.read_bytes().split(b"\n")
    lines[2] = lines[2].replace(b",0,", b",zero\xff,")
    index.write_bytes(b"\n".join(lines))
    digits = MyDigits(three.folder)
    assert [digit.label for digit in digits.digits] == [7, 7]
    (problem,) = digits.problems
    assert problem.startswith(f"{index}, line 3: the label is 'zero")
    digits.keep(picture(5), 5)
    assert lines[2] in index.read_bytes().split(b"\n")
    index.write_bytes(index.read_bytes().replace(b"zero\xff", b"0"))
    assert sorted(digit.label for digit in MyDigits(three.folder).digits) == [0, 5, 7, 7]


DAMAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (Path.unlink, "cannot be read: No such file"),
    "empty": (lambda path: path.write_bytes(b""), "picture is damaged"),
    "cut off": (lambda path: path.write_bytes(path.read_bytes()[:300]), "picture is damaged"),
    "another size": (lambda path: path.write_bytes(saved(Image.new("L", (5, 5)))), "28 x 28"),
    "too large a file": (lambda path: path.write_bytes(bytes(100_000)), "too large a file"),
    "a folder": (lambda path: (path.unlink(), path.mkdir()), "cannot be read: Is a directory"),
}


@pytest.mark.parametrize(("damage", "message"), DAMAGES.values(), ids=DAMAGES)
def test_that_a_damaged_picture_costs_no_other_digit_and_counts_again_once_it_is_restored(
    three: MyDigits, damage: Callable[[Path], object], message: str
) -> None:
    lost = three.digits[1]
    path = three.folder / f"{lost.name}.png"
    content = path.read_bytes()
    damage(path)
    digits = MyDigits(three.folder)
    assert digits.digits == (three.digits[0], three.digits[2])
    (problem,) = digits.problems
    assert f"{INDEX}, line 3: " in problem
    assert message in problem
    digits.relabel(digits.digits[0].name, 2)
    shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    path.write_bytes(content)
    restored = MyDigits(three.folder)
    assert restored.problems == ()
    assert {digit.name for digit in restored.digits} == {digit.name for digit in three.digits}


LOST_INDEX = pytest.mark.parametrize("content", [None, b"", b"\x00\xff\xfe" * 500, b'"' + b"x" * 200_000])


def lose_index(folder: Path, content: bytes | None) -> None:
    (folder / INDEX).unlink() if content is None else (folder / INDEX).write_bytes(content)


@LOST_INDEX
def test_that_the_digits_of_a_lost_index_are_taken_back_in_and_told(
    three: MyDigits, content: bytes | None
) -> None:
    lose_index(three.folder, content)
    digits = MyDigits(three.folder)
    assert {(digit.name, digit.label, digit.kept_at) for digit in digits.digits} == {
        (digit.name, digit.label, digit.kept_at) for digit in three.digits
    }
    assert f"{INDEX} had lost 3 of the digits" in digits.problems[-1]
    if content:
        assert content in (three.folder / INDEX).read_bytes()
    else:
        assert MyDigits(three.folder).problems == ()


def test_that_a_picture_that_has_lost_its_line_is_taken_back_in_as_it_was_last_labelled(
    three: MyDigits,
) -> None:
    index, lost = three.folder / INDEX, three.relabel(three.digits[1].name, 8)
    lines = index.read_text().splitlines(keepends=True)
    index.write_text("".join(line for line in lines if lost.name not in line))
    three.keep(picture(9), 9)
    assert lost in three.digits
    assert len(three.digits) == 4
    assert three.problems == (
        f"{three.folder}: {INDEX} had lost 1 of the digits ({lost.name}). It is there again.",
    )
    assert agree(MyDigits(three.folder), three)


@LOST_INDEX
def test_that_a_lost_index_is_told_and_pictures_that_say_no_label_stay(
    three: MyDigits, content: bytes | None
) -> None:
    index = three.folder / INDEX
    for digit in three.digits:
        Image.fromarray(digit.picture).save(three.folder / f"{digit.name}.png")
    lose_index(three.folder, content)
    digits = MyDigits(three.folder)
    assert digits.digits == ()
    assert "3 of the pictures" in digits.problems[-1]
    assert str(three.folder) in digits.problems[-1]
    digits.keep(picture(9), 9)
    for digit in three.digits:
        assert (three.folder / f"{digit.name}.png").exists()
    if content:
        assert content in index.read_bytes()


def test_that_an_index_a_spreadsheet_has_saved_is_read(three: MyDigits) -> None:
    index = three.folder / INDEX
    index.write_bytes(b"\xef\xbb\xbf" + index.read_bytes().replace(b"\n", b"\r\n"))
    digits = MyDigits(three.folder)
    assert (agree(digits, three), digits.problems) == (True, ())


def test_that_an_index_that_cannot_be_read_is_never_replaced(three: MyDigits) -> None:
    index = three.folder / INDEX
    index.rename(three.folder / "aside")
    index.mkdir()
    digits = MyDigits(three.folder)
    assert digits.digits == ()
    assert "no digit can be kept there" in digits.problems[0]
    before = sorted(three.folder.iterdir())
    for change in (lambda: digits.keep(picture(), 1), lambda: three.delete(three.digits[0].name)):
        with pytest.raises(StorageError, match=r"index\.csv cannot be read: Is a directory"):
            change()
    assert sorted(three.folder.iterdir()) == before
    assert len(three.digits) == 3


def test_that_a_file_in_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    digits = MyDigits(tmp_path / "file")
    assert "Not a directory" in digits.problems[0]
    with pytest.raises(StorageError, match="a file is in the place of its folder"):
        digits.keep(picture(), 1)


# Failures while writing

CHANGES: dict[str, Callable[[MyDigits, Path], object]] = {
    "keep": lambda digits, path: digits.keep(picture(50), 5),
    "delete": lambda digits, path: digits.delete(digits.digits[0].name),
    "relabel": lambda digits, path: digits.relabel(digits.digits[0].name, 5),
    "export": lambda digits, path: digits.export(path / "old.zip"),
    "import": lambda digits, path: digits.import_(path / "good.zip"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("call", ["replace", "fsync"])
def test_that_a_full_disk_loses_nothing_whenever_it_fills_up(
    tmp_path: Path, three: MyDigits, monkeypatch: pytest.MonkeyPatch, change: Callable[..., object], call: str
) -> None:
    (tmp_path / "good.zip").write_bytes(pack(GOOD))
    (tmp_path / "old.zip").write_text("old")
    before, known = files(three.folder), three.digits
    others = {path.name for path in tmp_path.iterdir()}
    real = getattr(os, call)
    failures = 0
    for allowed in range(10):
        left = iter(range(allowed))

        def full(*values: object, left: object = left) -> object:
            if next(left, None) is None:  # type: ignore[call-overload]
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return real(*values)

        with monkeypatch.context() as patch:
            patch.setattr(os, call, full)
            try:
                change(three, tmp_path)
            except StorageError as error:
                failures += 1
                assert "cannot be saved: the disk is full. Free some space" in str(error)  # noqa: PT017
            else:
                break
        assert files(three.folder) == before
        assert three.digits == known
        assert {path.name for path in tmp_path.iterdir()} == others
        assert (tmp_path / "old.zip").read_text() == "old"
        assert agree(MyDigits(three.folder), three)
    assert failures == {"keep": 2, "import": 3, "delete": 0}.get(_name_of(change), 1)
    assert agree(MyDigits(three.folder), three)
    assert not list(tmp_path.rglob("*.part"))


def _name_of(change: Callable[..., object]) -> str:
    return next(name for name, each in CHANGES.items() if each is change)


def test_that_a_folder_that_cannot_be_made_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def read_only_disk(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(Path, "mkdir", read_only_disk)
    digits = MyDigits(folder)
    with pytest.raises(StorageError, match="the disk is read-only"):
        digits.keep(picture(), 1)
    assert digits.digits == ()


def test_that_a_picture_that_cannot_be_removed_is_out_of_the_set_all_the_same(
    three: MyDigits, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stuck(*_: object, **__: object) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    first = three.digits[0]
    with monkeypatch.context() as patch:
        patch.setattr(
            digit_files.Path, "unlink", lambda path, missing_ok=False: None if missing_ok else stuck()
        )
        three.delete(first.name)
    assert first not in three.digits
    again = MyDigits(three.folder)
    assert (agree(again, three), again.problems) == (True, ())


def test_that_a_full_disk_lets_digits_be_deleted(three: MyDigits, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    first, second, third = three.digits
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        three.delete(first.name)
        assert MyDigits(three.folder).digits == (second, third)
        three.delete(third.name)
    again = MyDigits(three.folder)
    assert (again.digits, again.problems) == ((second,), ())
    again.relabel(second.name, 1)
    assert sorted(files(three.folder)) == sorted([INDEX, f"{second.name}.png"])


KEEP = """
import sys
from pathlib import Path
import numpy as np
from micronn_core.drawing.my_digits import MyDigits
digits = MyDigits(Path(sys.argv[1]))
for i in range(int(sys.argv[2])):
    print(digits.keep(np.full((28, 28), 1 + i, np.uint8), i % 10).name)
    if i % 5 == 4:
        digits.relabel(digits.digits[i].name, 3)
"""


def test_that_no_digit_is_lost_when_several_programs_keep_at_once(folder: Path) -> None:
    count, programs = 25, 4
    words = [sys.executable, "-c", KEEP]
    env = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    running = [
        subprocess.Popen([*words, str(folder), str(count)], env=env, stdout=subprocess.PIPE, text=True)
        for _ in range(programs)
    ]
    said = [line for program in running for line in program.communicate(timeout=60)[0].split()]
    assert len(said) == count * programs
    there = MyDigits(folder)
    assert {digit.name for digit in there.digits} == set(said)
    assert there.problems == ()


# What was deleted


def test_that_a_deleted_digit_is_restored_to_its_place_with_the_same_file(three: MyDigits) -> None:
    before, known = files(three.folder), three.digits
    fingerprint = three.dataset().fingerprint()
    deleted = [three.delete(digit.name) for digit in (known[1], known[0], known[2])]
    for each in reversed(deleted):
        three.restore(each)
    assert (files(three.folder), three.digits, three.problems) == (before, known, ())
    assert three.dataset().fingerprint() == fingerprint
    assert agree(MyDigits(three.folder), three)


def test_that_several_are_deleted_and_restored_as_one(three: MyDigits) -> None:
    known = three.digits
    deleted = three.delete(known[0].name, known[2].name)
    assert three.digits == known[1:2]
    three.restore(deleted)
    assert three.digits == known
    three.restore(deleted)  # they are there
    assert three.digits == known


def test_that_nothing_is_deleted_if_one_of_several_is_not_there(three: MyDigits) -> None:
    known = three.digits
    with pytest.raises(DataError, match="There is no kept digit"):
        three.delete(known[0].name, "never was")
    assert three.digits == known


def test_that_when_it_is_closed_what_was_deleted_is_gone_for_good(three: MyDigits) -> None:
    deleted = three.delete(three.digits[0].name)
    three.close()
    assert not (three.folder / trash.FOLDER).exists()
    with pytest.raises(NotInTrashError, match="no longer in the trash"):
        three.restore(deleted)
    assert len(three.digits) == 2


def test_that_two_windows_restore_each_what_it_has_deleted(three: MyDigits) -> None:
    other, known = MyDigits(three.folder), three.digits
    mine, theirs = three.delete(known[0].name), other.delete(known[1].name)
    three.close()
    with pytest.raises(NotInTrashError):
        three.restore(mine)
    MyDigits(three.folder)  # which sweeps
    other.restore(theirs)
    assert {digit.name for digit in MyDigits(three.folder).digits} == {known[1].name, known[2].name}
    other.close()


@pytest.mark.parametrize("since_the_deletion", [True, False])
def test_that_on_a_full_disk_a_deleted_digit_is_restored_or_stays_in_the_trash(
    three: MyDigits, monkeypatch: pytest.MonkeyPatch, since_the_deletion: bool
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    known, deleted = three.digits, ()
    if since_the_deletion:
        deleted = three.delete(known[1].name)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        if since_the_deletion:
            with pytest.raises(StorageError, match="the disk is full"):
                three.restore(deleted)
            assert agree(MyDigits(three.folder), three)
            assert len(three.digits) == 2
        else:
            three.restore(three.delete(known[1].name))  # its line is still in the index
            assert three.digits == known
    three.restore(deleted)
    assert three.digits == known
    assert agree(MyDigits(three.folder), three)
