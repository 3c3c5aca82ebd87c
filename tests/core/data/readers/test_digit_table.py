"""Users' files: what can be read is read exactly, and what can not is explained to the cell."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from micronn_core.common.errors import DataError
from micronn_core.common.resources import resource
from micronn_core.data.dataset import Dataset
from micronn_core.data.mnist import load_mnist_test
from micronn_core.data.readers import read_csv, read_dataset

BY_PLACE = "label," + ",".join(f"{row}x{column}" for row in range(1, 29) for column in range(1, 29))
BY_NUMBER = "label," + ",".join(f"pixel{pixel}" for pixel in range(784))
HEADERS = {"by place": [BY_PLACE], "by number": [BY_NUMBER], "without header": []}


@pytest.fixture(scope="module")
def digits() -> Dataset:
    return load_mnist_test()


def rows(digits: Dataset, count: int) -> list[str]:
    table = np.column_stack([digits.labels[:count], digits.values[:count]])
    return [",".join(map(str, row)) for row in table.tolist()]


def write(path: Path, lines: list[str], end: str = "\n") -> Path:
    path.write_bytes("".join(line + end for line in lines).encode())
    return path


def assert_same(read: Dataset, digits: Dataset, count: int) -> None:
    np.testing.assert_array_equal(read.values, digits.values[:count])
    np.testing.assert_array_equal(read.labels, digits.labels[:count])
    assert read.features.image_shape == (28, 28)


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS.keys())
@pytest.mark.parametrize("count", [1, 2, 40])
def test_that_a_table_is_read_with_either_header_and_without(
    tmp_path: Path, digits: Dataset, header: list[str], count: int
) -> None:
    path = write(tmp_path / "digits.csv", header + rows(digits, count))
    assert_same(read_csv(path), digits, count)
    assert read_csv(str(path)).name == "digits.csv"


def test_that_a_table_of_thousands_of_rows_is_read_in_pieces_without_a_seam(
    tmp_path: Path, digits: Dataset
) -> None:
    assert_same(read_csv(write(tmp_path / "digits.csv", [BY_NUMBER, *rows(digits, 9000)])), digits, 9000)


FORMS: dict[str, Callable[[list[str]], bytes]] = {
    "Windows line ends": lambda lines: "\r\n".join(lines).encode(),
    "no line end at the end": lambda lines: "\n".join(lines).encode(),
    "a byte order mark": lambda lines: b"\xef\xbb\xbf" + "\n".join(lines).encode(),
    "blank lines": lambda lines: ("\n\n" + "\n\n".join(lines) + "\n \n\n").encode(),
    "gzip": lambda lines: gzip.compress("\n".join(lines).encode()),
    "every cell quoted": lambda lines: "\n".join(
        ",".join(f'"{cell}"' for cell in line.split(",")) for line in lines
    ).encode(),
    "spaces around the cells": lambda lines: "\n".join(line.replace(",", " , ") for line in lines).encode(),
    "whole numbers written as fractions": lambda lines: (
        "\n".join(line.replace(",", ".0,") + ".0" for line in lines).replace("label.0", "label").encode()
    ),
    "a header in capitals": lambda lines: "\n".join(lines).replace("label", "Label").encode(),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
@pytest.mark.parametrize("header", [[BY_PLACE], []], ids=["header", "no header"])
def test_that_the_usual_forms_of_csv_are_read(
    tmp_path: Path, digits: Dataset, header: list[str], form: Callable[[list[str]], bytes]
) -> None:
    path = tmp_path / "digits.csv"
    path.write_bytes(form(header + rows(digits, 12)))
    assert_same(read_csv(path), digits, 12)


def changed(line: str, column: int, cell: str) -> str:
    cells = line.split(",")
    cells[column] = cell
    return ",".join(cells)


BAD_CELLS = {
    "text": (57, "abc", "'abc'", 255),
    "an empty cell": (57, "", "an empty cell", 255),
    "a blank cell": (57, "  ", "an empty cell", 255),
    "an empty last cell": (784, "", "an empty cell", 255),
    "a pixel of 256": (57, "256", "'256'", 255),
    "a pixel of 65536": (57, "65536", "'65536'", 255),
    "a pixel beyond all integers": (57, "9" * 30, "'9{30}'", 255),
    "a negative pixel": (57, "-1", "'-1'", 255),
    "a fractional pixel": (57, "0.5", "'0.5'", 255),
    "not a number": (57, "nan", "'nan'", 255),
    "infinity": (57, "inf", "'inf'", 255),
    "a truth value": (57, "True", "'True'", 255),
    "a hexadecimal number": (57, "0x1F", "'0x1F'", 255),
    "a label of 10": (0, "10", "'10'", 9),
    "a label of 200": (0, "200", "'200'", 9),
    "a negative label": (0, "-3", "'-3'", 9),
    "a word as label": (0, "seven", "'seven'", 9),
    "a fractional label": (0, "6.5", "'6.5'", 9),
    "an empty label": (0, "", "an empty cell", 9),
    "a letter that is not UTF-8": (57, "\udce9", r"'\\\\xe9'", 255),
}


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS.keys())
@pytest.mark.parametrize(("column", "cell", "found", "limit"), BAD_CELLS.values(), ids=BAD_CELLS.keys())
def test_that_a_bad_cell_is_named_by_line_and_column_with_what_stands_there(
    tmp_path: Path, digits: Dataset, header: list[str], column: int, cell: str, found: str, limit: int
) -> None:
    lines = header + rows(digits, 6)
    lines[4] = changed(lines[4], column, cell)
    path = tmp_path / "digits.csv"
    path.write_bytes("\n".join(lines).encode(errors="surrogateescape"))
    name = header[0].split(",")[column] if header else f"pixel {column - 1}" if column else "label"
    expected = (
        rf"digits\.csv, line 5, column {column + 1} \({name}\): found {found}, "
        rf"expected a whole number from 0 to {limit}\. Correct the cell or remove the line\."
    )
    with pytest.raises(DataError, match=expected):
        read_csv(path)


def test_that_lines_are_counted_as_an_editor_counts_them_blank_ones_included(
    tmp_path: Path, digits: Dataset
) -> None:
    lines = [BY_NUMBER, "", *rows(digits, 3), "", "", changed(rows(digits, 1)[0], 9, "x")]
    with pytest.raises(DataError, match=r"line 8, column 10 \(pixel8\): found 'x'"):
        read_csv(write(tmp_path / "digits.csv", lines))


def test_that_a_fault_in_the_first_line_of_a_table_without_header_is_no_header(
    tmp_path: Path, digits: Dataset
) -> None:
    lines = rows(digits, 3)
    lines[0] = changed(lines[0], 2, "0.1")
    with pytest.raises(DataError, match=r"line 1, column 3 \(pixel 1\): found '0\.1'"):
        read_csv(write(tmp_path / "digits.csv", lines))


@pytest.mark.parametrize("name", ["class", "label", "Digit", "the answer"])
def test_that_the_label_is_found_by_its_name_in_the_last_column(
    tmp_path: Path, digits: Dataset, name: str
) -> None:
    header = f"{BY_NUMBER.removeprefix('label,')},{name}"
    path = write(tmp_path / "digits.csv", [header, *label_last(rows(digits, 12))])
    assert_same(read_csv(path), digits, 12)
    assert read_csv(path).class_names == digits.class_names


@pytest.mark.parametrize("count", [12, 5000])
def test_that_labels_without_a_name_are_found_in_the_last_column_and_that_is_said(
    tmp_path: Path, digits: Dataset, count: int
) -> None:
    read = read_csv(write(tmp_path / "digits.csv", label_last(rows(digits, count))))
    assert_same(read, digits, count)
    assert read.remarks == ("The labels stand in the last column and were read there.",)


def label_last(lines: list[str]) -> list[str]:
    """Return rows of samples with the label behind the pixels."""
    return [",".join(reversed(line.split(",", 1))) for line in lines]


def of_one(digits: Dataset, count: int, form: str) -> list[str]:
    """Return rows of samples whose pixels go up to 1."""
    return [
        f"{label}," + ",".join(form.format(value / 255) for value in row)
        for label, row in zip(digits.labels[:count].tolist(), digits.values[:count].tolist(), strict=True)
    ]


@pytest.mark.parametrize("form", ["{:.4f}", "{}", '"{:.4f}"', "{:.3e}"])
@pytest.mark.parametrize("header", [[BY_PLACE], []], ids=["header", "no header"])
def test_that_pixels_that_go_up_to_one_are_brought_to_255_and_that_is_said(
    tmp_path: Path, digits: Dataset, form: str, header: list[str]
) -> None:
    read = read_csv(write(tmp_path / "digits.csv", header + of_one(digits, 12, form)))
    assert_same(read, digits, 12)
    assert read.remarks == (
        "No pixel is above 1, so 1 was taken for white and every pixel multiplied by 255.",
    )


def test_that_pixels_of_0_and_1_are_black_and_white(tmp_path: Path, digits: Dataset) -> None:
    read = read_csv(write(tmp_path / "digits.csv", of_one(digits, 12, "{:.0f}")))
    np.testing.assert_array_equal(read.values, np.where(digits.values[:12] > 127, 255, 0))


def test_that_a_bad_cell_among_pixels_that_go_up_to_one_is_named_and_not_the_fractions(
    tmp_path: Path, digits: Dataset
) -> None:
    lines = of_one(digits, 12, "{:.4f}")
    lines[7] = changed(lines[7], 300, "abc")
    with pytest.raises(DataError, match=r"line 8, column 301 .*found 'abc', expected a number from 0 to 1"):
        read_csv(write(tmp_path / "digits.csv", lines))


@pytest.mark.parametrize("header", [[BY_PLACE], []], ids=["header", "no header"])
def test_that_old_macintosh_line_ends_are_read(tmp_path: Path, digits: Dataset, header: list[str]) -> None:
    assert_same(read_csv(write(tmp_path / "digits.csv", header + rows(digits, 5000), "\r")), digits, 5000)


def test_that_a_fault_far_down_a_large_table_is_found(tmp_path: Path, digits: Dataset) -> None:
    lines = [BY_NUMBER, *rows(digits, 5000)]
    lines[4900] = changed(lines[4900], 700, "300")
    with pytest.raises(DataError, match=r"line 4901, column 701 \(pixel699\): found '300'"):
        read_csv(write(tmp_path / "digits.csv", lines))


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS.keys())
@pytest.mark.parametrize("line", [0, 1, 3, 5])
@pytest.mark.parametrize("change", [-1, 1, 2, -700])
def test_that_a_wrong_number_of_columns_is_named_with_its_line(
    tmp_path: Path, digits: Dataset, header: list[str], line: int, change: int
) -> None:
    lines = (header + rows(digits, 6))[:6]
    lines[line] = lines[line] + ",0" * change if change > 0 else lines[line].rsplit(",", -change)[0]
    with pytest.raises(DataError, match=rf"line {line + 1}: {785 + change} columns instead of 785"):
        read_csv(write(tmp_path / "digits.csv", lines))


TABLES: dict[str, tuple[Callable[[list[str]], list[str]], str]] = {
    "all rows without label": (
        lambda lines: [line.split(",", 1)[1] for line in lines],
        "line 1: 784 columns.*Kaggle's test.csv",
    ),
    "all rows numbered": (
        lambda lines: [f"{number},{line}" for number, line in enumerate(lines)],
        "line 1: 786 columns.*row numbers",
    ),
    "only the samples numbered": (
        lambda lines: [lines[0], *[f"{number},{line}" for number, line in enumerate(lines[1:])]],
        "line 2: 786 columns.*row numbers",
    ),
    "a last line that is cut short": (
        lambda lines: [*lines[:-1], lines[-1].rsplit(",", 1)[0]],
        "line 7: 784 columns.*may be damaged: correct or remove it",
    ),
    "a comma at the end of each line": (
        lambda lines: [line + "," for line in lines],
        "line 1: 786 columns.*comma at the end",
    ),
    "semicolons": (
        lambda lines: [line.replace(",", ";") for line in lines],
        "line 1: 1 column instead.*save the table with commas",
    ),
    "tabulators": (
        lambda lines: [line.replace(",", "\t") for line in lines],
        "line 1: 1 column instead.*save the table with commas",
    ),
    "a header and no samples": (lambda lines: lines[:1], "no samples: the file ends after its header"),
    "blank lines only": (lambda lines: ["", "  ", ""], "no samples: the file is empty"),
    "nothing": (lambda lines: [], "no samples: the file is empty"),
    "a row of empty cells": (lambda lines: [*lines, "," * 784], "line 8, column 1 .*an empty cell"),
    "two headers": (lambda lines: [lines[0], *lines], "line 2, column 1 .*'label'"),
    "an open quotation mark": (
        lambda lines: [*lines[:3], '"' + lines[3], *lines[4:]],
        "line 4: 1 column instead",
    ),
    "prose": (lambda lines: ["Dear reader,", "this is a letter."], "line 1: 2 columns instead of 785"),
    "HTML": (lambda lines: ["<!DOCTYPE html>", "<html></html>"], "line 1: 1 column instead of 785"),
}


@pytest.mark.parametrize(("change", "message"), TABLES.values(), ids=TABLES.keys())
def test_that_a_table_of_another_layout_is_explained(
    tmp_path: Path, digits: Dataset, change: Callable[[list[str]], list[str]], message: str
) -> None:
    path = write(tmp_path / "digits.csv", change([BY_NUMBER, *rows(digits, 6)]))
    with pytest.raises(DataError, match=message) as caught:
        read_csv(path)
    assert str(path) in str(caught.value)


def test_that_a_quotation_mark_left_open_in_a_large_table_is_explained(
    tmp_path: Path, digits: Dataset
) -> None:
    lines = [BY_NUMBER, *rows(digits, 200)]
    lines[2] = '"' + lines[2]
    with pytest.raises(DataError, match=r"line 3: .*Is a quotation mark left open\?"):
        read_csv(write(tmp_path / "digits.csv", lines))


FOREIGN = {
    "ZIP": (b"PK\x03\x04" + bytes(50), "ZIP archive or an Excel workbook. Unpack it"),
    "Parquet": (b"PAR1" + bytes(50), "Parquet"),
    "UTF-16": (BY_NUMBER.encode("utf-16"), "UTF-16. Save it as CSV in UTF-8"),
    "PNG": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(50), "a binary file"),
    "bytes at random": (np.random.default_rng(0).bytes(5000), "a binary file"),
    "one endless line": (b"0," * 100_000, "line 1: 100,001 columns"),
    "one endless cell": (b"0" * 200_000, "line 1: cannot be read"),
    "gzip cut short": (gzip.compress(BY_NUMBER.encode())[:-30], "truncated"),
    "gzip of nothing": (gzip.compress(b""), "no samples"),
    "old Macintosh line ends": (b"5,0,0\r6,0,0\r", "line 1: 3 columns"),
}


@pytest.mark.parametrize(("content", "message"), FOREIGN.values(), ids=FOREIGN.keys())
@pytest.mark.parametrize("read", [read_csv, read_dataset])
def test_that_a_foreign_file_is_named_with_what_it_is(
    tmp_path: Path, read: Callable[[Path], Dataset], content: bytes, message: str
) -> None:
    path = tmp_path / "digits.csv"
    path.write_bytes(content)
    with pytest.raises(DataError, match=message) as caught:
        read(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("read", [read_csv, read_dataset])
def test_that_a_missing_file_and_a_folder_are_told_apart(
    tmp_path: Path, read: Callable[[Path], Dataset]
) -> None:
    with pytest.raises(DataError, match="there is no such file"):
        read(tmp_path / "digits.csv")
    with pytest.raises(DataError, match="is a folder"):
        read(tmp_path)


@pytest.mark.parametrize("name", ["digits.csv", "digits.csv.gz", "digits"])
def test_that_a_dataset_is_recognised_by_content_and_not_by_name(
    tmp_path: Path, digits: Dataset, name: str
) -> None:
    path = write(tmp_path / name, [BY_PLACE, *rows(digits, 3)])
    assert_same(read_dataset(path), digits, 3)
    path.write_bytes(gzip.compress(path.read_bytes()))
    assert_same(read_dataset(path), digits, 3)


@pytest.mark.parametrize("chosen", ["t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"])
def test_that_either_file_of_an_idx_pair_finds_the_other(digits: Dataset, chosen: str) -> None:
    assert_same(read_dataset(resource("mnist", chosen)), digits, 10_000)


@pytest.mark.parametrize(
    ("images", "labels"),
    [
        ("t10k-images.idx3-ubyte", "t10k-labels.idx1-ubyte"),
        ("my-images.gz", "my-labels"),
        ("my-images", "my-labels.gz"),
    ],
)
def test_that_a_pair_may_be_named_otherwise_and_packed_in_part(
    tmp_path: Path, digits: Dataset, images: str, labels: str
) -> None:
    for name, source in ((images, "t10k-images-idx3-ubyte.gz"), (labels, "t10k-labels-idx1-ubyte.gz")):
        packed = resource("mnist", source).read_bytes()
        (tmp_path / name).write_bytes(packed if name.endswith(".gz") else gzip.decompress(packed))
    assert_same(read_dataset(tmp_path / images), digits, 10_000)


@pytest.mark.parametrize("name", ["t10k-images-idx3-ubyte", "pictures"])
def test_that_a_file_of_pictures_without_its_labels_names_what_is_missing(tmp_path: Path, name: str) -> None:
    packed = resource("mnist", "t10k-images-idx3-ubyte.gz").read_bytes()
    (tmp_path / name).write_bytes(packed)
    with pytest.raises(DataError, match=r"one of a pair.*is not beside it.*one folder") as caught:
        read_dataset(tmp_path / name)
    assert str(tmp_path / name) in str(caught.value)


def test_that_an_idx_file_given_as_a_table_is_recognised() -> None:
    with pytest.raises(DataError, match="an IDX file of pictures"):
        read_csv(resource("mnist", "t10k-images-idx3-ubyte.gz"))
