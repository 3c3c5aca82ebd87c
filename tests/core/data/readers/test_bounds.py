"""No file of samples, of whatever make, takes more memory or time than what it holds is worth."""

from __future__ import annotations

import gzip
import io
import os
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from micronn_core.common.errors import DataError
from micronn_core.data.readers import read_dataset
from tests.paths import CHECKOUT

MOST_MEMORY = 500 << 20
"""Bytes that reading any of them may take, the libraries included."""


def repeated(text: bytes, count: int) -> bytes:
    """Return gzip data of a text many times over, packed in pieces."""
    packed = io.BytesIO()
    with gzip.open(packed, "wb", 9) as stream:
        for _ in range(count):
            stream.write(text)
    return packed.getvalue()


def npz_bomb(method: int, rows: int) -> bytes:
    """Return an archive whose array x unpacks to a thousand zeros for each row."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        for name, shape in (("x.npy", (rows, 1000)), ("y.npy", (rows,))):
            header = io.BytesIO()
            np.lib.format.write_array_header_1_0(
                header, {"descr": "|u1", "fortran_order": False, "shape": shape}
            )
            with archive.open(name, "w", force_zip64=True) as stream:
                stream.write(header.getvalue())
                for _ in range(int(np.prod(shape)) // 1000):
                    stream.write(bytes(1000))
    return content.getvalue()


MEGABYTE = 1 << 20
BOMBS: dict[str, tuple[Callable[[], bytes], str]] = {
    "IDX that unpacks to 900 MB": (
        lambda: repeated(struct.pack(">IIII", 0x803, 1000, 1000, 900), 1) + repeated(bytes(MEGABYTE), 900),
        "promises 900,000,000 bytes",
    ),
    "IDX that promises 120 MB": (
        lambda: struct.pack(">IIII", 0x803, 200, 1000, 600),
        "truncated, 0 of 120,000,000 bytes",
    ),
    "CSV of one line of 600 MB": (lambda: repeated(b"1," * (MEGABYTE // 2), 600), "cannot be read|not a CSV"),
    "CSV of one digit and then 600 MB": (
        lambda: repeated(b"1" + b",0" * 784 + b"\n", 1) + repeated(b"1," * (MEGABYTE // 2), 600),
        "line 2: cannot be read",
    ),
    "CSV of an open quotation": (
        lambda: repeated(b"1" + b",0" * 784 + b'\n"', 1) + repeated(b"1\n" * (MEGABYTE // 2), 600),
        "line 2: cannot be read",
    ),
    "CSV of a quotation of many cells": (
        lambda: repeated(b"label,x\n1,2\n", 1) + repeated(b'"\n",' * (MEGABYTE // 4), 600),
        "line 3: cannot be read",
    ),
    "CSV of two million columns": (
        lambda: b"label," + b"a," * 2_000_000 + b"b\n",
        "line 1: 2,000,002 columns; 1,000,001 are the most",
    ),
    "CSV of a million columns": (
        lambda: b"label" + b",a" * 1_000_000 + b"\n" + b"1" + b",1" * 1_000_000 + b"\n",
        "",
    ),
    "archive in bzip2": (
        lambda: npz_bomb(zipfile.ZIP_BZIP2, 1000),
        "packed in a way that MicroNN never uses",
    ),
    "archive of 600 MB": (
        lambda: npz_bomb(zipfile.ZIP_DEFLATED, 600_000),
        "x would unpack to 600,000,128 bytes",
    ),
    "gzip of 600 MB of zeros": (lambda: repeated(bytes(MEGABYTE), 600), "not a CSV table"),
}

READ = """
import sys
from micronn_core.common.errors import DataError
from micronn_core.data.readers import read_dataset
from tests.peak import peak_bytes
try:
    read_dataset(sys.argv[1])
except DataError as error:
    print(error)
print(peak_bytes())
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="measured by Linux")
@pytest.mark.parametrize(("make", "message"), BOMBS.values(), ids=BOMBS)
def test_that_no_file_takes_much_memory(tmp_path: Path, make: Callable[[], bytes], message: str) -> None:
    path = tmp_path / "images"
    path.write_bytes(make())
    (tmp_path / "labels").write_bytes(struct.pack(">II", 0x801, 1) + b"1")
    words = [sys.executable, "-c", READ, str(path)]
    env = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    *said, memory = subprocess.run(
        words, env=env, capture_output=True, text=True, check=True, timeout=60
    ).stdout.splitlines()
    assert int(memory) < MOST_MEMORY
    if message:
        with pytest.raises(DataError, match=message):
            raise DataError(said[0])


@pytest.mark.timeout(10)
@pytest.mark.parametrize("name", ["digits.csv", "digits.npz", "train-images-idx3-ubyte"])
def test_that_a_pipe_is_not_waited_for(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / name)
    with pytest.raises(DataError, match=r"is a device, a pipe or a socket\. Choose a file"):
        read_dataset(tmp_path / name)


def test_that_an_endless_device_is_no_file() -> None:
    with pytest.raises(DataError, match="/dev/zero is a device"):
        read_dataset("/dev/zero")


FAULTS = {
    "a number beyond all": (b"label,a\nx,1\ny,1e101\n", "line 3, column 2 .a.: found '1e101'"),
    "the long name of a class": (
        b"label,a\nx,1\n" + b"y" * 201 + b",1\n",
        "the name 'yyy.*…* has more than 200 letters",
    ),
    "the long name of a column": (b"label," + b"y" * 201 + b"\nx,1\nz,2\n", "has more than 200 letters"),
}


@pytest.mark.parametrize(("content", "message"), FAULTS.values(), ids=FAULTS)
def test_that_what_cannot_be_used_of_a_table_is_named(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(content)
    with pytest.raises(DataError, match=message):
        read_dataset(path)


@pytest.mark.parametrize("cell", ["{}", '"{}"', " {}", "{}.0", "{}e0"])
def test_that_digits_are_read_however_they_are_written(tmp_path: Path, cell: str) -> None:
    path = tmp_path / "digits.csv"
    numbers = np.arange(2 * 785).reshape(2, -1) % 10
    path.write_text("\n".join(",".join(cell.format(number) for number in row) for row in numbers))
    read = read_dataset(path)
    np.testing.assert_array_equal(read.values, numbers[:, 1:])
    np.testing.assert_array_equal(read.labels, numbers[:, 0])
    assert read.class_names == tuple("0123456789")
