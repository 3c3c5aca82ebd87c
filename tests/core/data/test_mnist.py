"""The embedded MNIST is the real one, and every damage to an IDX file is explained."""

from __future__ import annotations

import gzip
import hashlib
import os
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from micronn_core.common.errors import DataError
from micronn_core.common.resources import resource
from micronn_core.data import mnist
from micronn_core.data.dataset import Dataset
from micronn_core.data.mnist import load_mnist_test, load_mnist_train
from micronn_core.data.readers import read_idx
from micronn_core.data.readers.files import opened


def images_file(images: np.ndarray) -> bytes:
    return struct.pack(">IIII", 0x803, *images.shape) + images.tobytes()


def labels_file(labels: np.ndarray) -> bytes:
    return struct.pack(">II", 0x801, len(labels)) + labels.tobytes()


IMAGES = np.arange(6 * 784).astype(np.uint8).reshape(6, 28, 28)
LABELS = np.array([3, 1, 4, 1, 5, 9], np.uint8)
GOOD_IMAGES, GOOD_LABELS = images_file(IMAGES), labels_file(LABELS)


@pytest.mark.parametrize(
    ("load", "count", "images_md5", "labels_md5"),
    [
        (load_mnist_train, 60_000, "6bbc9ace898e44ae57da46a324031adb", "a25bea736e30d166cdddb491f175f624"),
        (load_mnist_test, 10_000, "2646ac647ad5339dbf082846283269ea", "27ae3e4e09519cfbb04c329615203637"),
    ],
)
def test_that_the_embedded_mnist_is_complete_and_unchanged(
    load: Callable[[], Dataset], count: int, images_md5: str, labels_md5: str
) -> None:
    dataset = load()
    assert len(dataset) == count
    assert hashlib.md5(images_file(dataset.values.reshape(-1, 28, 28))).hexdigest() == images_md5
    assert hashlib.md5(labels_file(dataset.labels)).hexdigest() == labels_md5
    assert dataset.values.flags.c_contiguous
    assert not dataset.values.flags.writeable
    assert not dataset.labels.flags.writeable


def test_that_every_digit_makes_up_about_a_tenth_of_mnist() -> None:
    counts = np.bincount(load_mnist_train().labels)
    assert counts.tolist() == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]


def test_that_the_datasets_say_which_part_of_mnist_they_are() -> None:
    assert load_mnist_train().name == "MNIST, training"
    assert load_mnist_test().name == "MNIST, test"


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_that_idx_files_are_read_plain_and_gzipped_whatever_their_names(
    tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    (tmp_path / "a").write_bytes(pack(GOOD_IMAGES))
    (tmp_path / "b").write_bytes(pack(GOOD_LABELS))
    dataset = read_idx(tmp_path / "a", str(tmp_path / "b"))
    np.testing.assert_array_equal(dataset.values, IMAGES.reshape(6, 784))
    np.testing.assert_array_equal(dataset.labels, LABELS)


def test_that_pictures_of_another_size_keep_their_shape(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(images_file(IMAGES[:, :8, :20]))
    (tmp_path / "b").write_bytes(GOOD_LABELS)
    dataset = read_idx(tmp_path / "a", tmp_path / "b")
    assert dataset.features.image_shape == (8, 20)
    assert dataset.values.shape == (6, 160)


BAD_IMAGES = {
    "empty": (b"", "begins with 0x \\(nothing\\)"),
    "labels in place of pictures": (GOOD_LABELS, "begins with 0x00000801 \\(labels\\)"),
    "a PNG picture": (b"\x89PNG\r\n\x1a\n" * 9, "is not an IDX file of pictures"),
    "text": (b"label,1x1,1x2\n5,0,0\n", "is not an IDX file of pictures"),
    "cut within the magic number": (GOOD_IMAGES[:3], "is not an IDX file of pictures"),
    "cut within the header": (GOOD_IMAGES[:9], "truncated, it ends within its header"),
    "cut after the header": (GOOD_IMAGES[:16], "truncated, 0 of 4,704 bytes"),
    "cut by one byte": (GOOD_IMAGES[:-1], "truncated, 4,703 of 4,704 bytes"),
    "one byte too long": (GOOD_IMAGES + b"\0", "longer than its header says"),
    "no pictures": (struct.pack(">IIII", 0x803, 0, 28, 28), "holds no pictures"),
    "pictures without height": (struct.pack(">IIII", 0x803, 6, 0, 28), "holds no pictures"),
    "an impossible header": (struct.pack(">IIII", 0x803, *[2**32 - 1] * 3), "promises"),
    "a header beyond memory": (struct.pack(">IIII", 0x803, 2**31, 2**12, 2**12), "promises"),
    "gzip cut short": (gzip.compress(GOOD_IMAGES)[:-20], "truncated"),
    "gzip of a cut file": (gzip.compress(GOOD_IMAGES[:-5]), "truncated, 4,699 of 4,704 bytes"),
    "gzip with a wrong checksum": (gzip.compress(GOOD_IMAGES)[:-8] + b"\1" * 8, "damaged"),
    "gzip with a broken body": (gzip.compress(GOOD_IMAGES)[:10] + b"\xff" * 400, "damaged"),
    "nothing but the mark of gzip": (b"\x1f\x8b", "truncated"),
}


@pytest.mark.parametrize(("content", "message"), BAD_IMAGES.values(), ids=BAD_IMAGES.keys())
def test_that_a_bad_idx_file_is_named_with_its_fault_and_a_remedy(
    tmp_path: Path, content: bytes, message: str
) -> None:
    (tmp_path / "images").write_bytes(content)
    (tmp_path / "labels").write_bytes(GOOD_LABELS)
    with pytest.raises(DataError, match=message) as caught:
        read_idx(tmp_path / "images", tmp_path / "labels")
    assert str(tmp_path / "images") in str(caught.value)
    assert "Copy or download the file again." in str(caught.value)


BAD_LABELS = {
    "pictures in place of labels": (GOOD_IMAGES, "is not an IDX file of labels.*\\(pictures\\)"),
    "cut by one byte": (GOOD_LABELS[:-1], "truncated, 5 of 6 bytes"),
    "one label too few": (labels_file(LABELS[:5]), "6 pictures, but .* 5 labels"),
}


@pytest.mark.parametrize(("content", "message"), BAD_LABELS.values(), ids=BAD_LABELS.keys())
def test_that_a_bad_file_of_labels_is_named_with_its_fault(
    tmp_path: Path, content: bytes, message: str
) -> None:
    (tmp_path / "images").write_bytes(GOOD_IMAGES)
    (tmp_path / "labels").write_bytes(content)
    with pytest.raises(DataError, match=message) as caught:
        read_idx(tmp_path / "images", tmp_path / "labels")
    assert str(tmp_path / "labels") in str(caught.value)


def test_that_labels_beyond_the_digits_are_classes_named_by_their_numbers(tmp_path: Path) -> None:
    (tmp_path / "images").write_bytes(images_file(IMAGES[:, :8, :8]))
    (tmp_path / "labels").write_bytes(labels_file(np.array([25, 3, 25, 11, 3, 0], np.uint8)))
    dataset = read_idx(tmp_path / "images", tmp_path / "labels")
    assert dataset.class_names == ("0", "3", "11", "25")
    assert dataset.labels.tolist() == [3, 1, 3, 2, 1, 0]


def test_that_more_classes_than_can_be_told_apart_are_refused(tmp_path: Path) -> None:
    count = 101
    (tmp_path / "images").write_bytes(images_file(np.zeros((count, 2, 2), np.uint8)))
    (tmp_path / "labels").write_bytes(labels_file(np.arange(count, dtype=np.uint8)))
    with pytest.raises(DataError, match=r"101 different labels; 100 classes are the most"):
        read_idx(tmp_path / "images", tmp_path / "labels")


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (PermissionError(13, "Permission denied"), "no permission to read it"),
        (OSError(5, "Input/output error"), "cannot be read: Input/output error"),
        (MemoryError(), "does not fit into memory"),
    ],
)
def test_that_a_file_that_the_system_does_not_give_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, message: str
) -> None:
    def refuse(*_: object) -> None:
        raise error

    (tmp_path / "digits").touch()
    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(DataError, match=message) as caught, opened(tmp_path / "digits"):
        pass
    assert str(tmp_path / "digits") in str(caught.value)


def test_that_a_folder_and_a_missing_file_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is a folder"):
        read_idx(tmp_path, tmp_path)
    with pytest.raises(DataError, match="there is no such file"):
        read_idx(tmp_path / "none", tmp_path / "none")


@pytest.fixture
def embedded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the embedded test files that a test may damage."""
    for kind in ("images-idx3", "labels-idx1"):
        name = f"t10k-{kind}-ubyte.gz"
        (tmp_path / name).write_bytes(resource("mnist", name).read_bytes())
    monkeypatch.setattr(mnist, "resource", lambda *parts: tmp_path / parts[-1])
    return tmp_path


@pytest.mark.parametrize("kind", ["images-idx3", "labels-idx1"])
def test_that_a_missing_mnist_file_is_named_with_its_remedy(embedded: Path, kind: str) -> None:
    path = embedded / f"t10k-{kind}-ubyte.gz"
    path.unlink()
    with pytest.raises(DataError, match=r"there is no such file.*reinstall MicroNN") as caught:
        load_mnist_test()
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("kind", ["images-idx3", "labels-idx1"])
def test_that_a_truncated_mnist_file_is_named_with_its_remedy(embedded: Path, kind: str) -> None:
    path = embedded / f"t10k-{kind}-ubyte.gz"
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(DataError, match=r"truncated.*reinstall MicroNN") as caught:
        load_mnist_test()
    assert str(path) in str(caught.value)


def test_that_a_foreign_mnist_file_is_named_with_its_remedy(embedded: Path) -> None:
    path = embedded / "t10k-images-idx3-ubyte.gz"
    path.write_bytes(b"<html>404 Not Found</html>")
    with pytest.raises(DataError, match=r"is not an IDX file of pictures.*reinstall MicroNN") as caught:
        load_mnist_test()
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("count", [6, 10_000])
def test_that_other_pictures_in_the_place_of_mnist_are_noticed(embedded: Path, count: int) -> None:
    (embedded / "t10k-images-idx3-ubyte.gz").write_bytes(images_file(np.zeros((count, 28, 28), np.uint8)))
    (embedded / "t10k-labels-idx1-ubyte.gz").write_bytes(labels_file(np.zeros(count, np.uint8)))
    with pytest.raises(DataError, match=r"other pictures than MNIST's.*reinstall MicroNN"):
        load_mnist_test()
