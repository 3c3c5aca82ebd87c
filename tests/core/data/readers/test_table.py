"""Tables of other shapes than MNIST's: read exactly, or explained to the cell."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from micronn_core.common.errors import DataError
from micronn_core.data.dataset import Dataset
from micronn_core.data.features import Columns, Pixels
from micronn_core.data.readers import read_csv, read_dataset
from tests.core.shapes import SHAPES, flowers, letters, moons, write_csv


def assert_same(read: Dataset, wanted: Dataset) -> None:
    np.testing.assert_array_equal(read.values, wanted.values)
    np.testing.assert_array_equal(read.labels, wanted.labels)
    assert read.values.dtype == wanted.values.dtype
    assert read.spec == wanted.spec


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
@pytest.mark.parametrize("label_last", [False, True])
def test_that_a_table_with_a_header_is_read_wherever_its_label_stands(
    tmp_path: Path, shape: Callable[[], Dataset], label_last: bool
) -> None:
    assert_same(read_dataset(write_csv(tmp_path / "a.csv", shape(), label_last=label_last)), shape())


def test_that_pictures_of_any_square_size_need_no_header(tmp_path: Path) -> None:
    assert_same(read_csv(write_csv(tmp_path / "letters.csv", letters(), header=False)), letters())


@pytest.mark.parametrize("name", ["Label", "CLASS", "species", " target ", "y"])
def test_that_the_column_of_the_labels_may_have_the_usual_names(tmp_path: Path, name: str) -> None:
    text = write_csv(tmp_path / "a.csv", moons()).read_text().replace("label,x,y", f"{name},left,up")
    (tmp_path / "a.csv").write_text(text)
    read = read_csv(tmp_path / "a.csv")
    assert isinstance(read.features, Columns)
    assert read.features.names == ("left", "up")


def test_that_the_only_column_of_words_holds_the_labels_whatever_its_name(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", flowers(), label_last=True)
    path.write_text(path.read_text().replace(",label\n", ",Which flower is it?\n"))
    assert_same(read_csv(path), flowers())


@pytest.mark.parametrize("form", ["gzip", "byte order mark", "Windows line ends", "blank lines", "quoted"])
def test_that_the_usual_forms_of_csv_are_read(tmp_path: Path, form: str) -> None:
    text = write_csv(tmp_path / "a.csv", flowers()).read_text()
    content = {
        "gzip": gzip.compress(text.encode()),
        "byte order mark": b"\xef\xbb\xbf" + text.encode(),
        "Windows line ends": text.replace("\n", "\r\n").encode(),
        "blank lines": ("\n\n" + text.replace("\n", "\n \n")).encode(),
        "quoted": re.sub(r"[^,\n]+", r'"\g<0>"', text).encode(),
    }[form]
    (tmp_path / "a.csv").write_bytes(content)
    assert_same(read_csv(tmp_path / "a.csv"), flowers())


def test_that_numbers_as_labels_are_classes_in_the_order_of_numbers(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("label,a\n10,1\n9,2\n10.0,3\n2,4\n")
    read = read_csv(tmp_path / "a.csv")
    assert read.class_names == ("2", "9", "10")
    assert read.labels.tolist() == [2, 1, 2, 0]


def test_that_columns_are_scaled_by_their_mean_and_deviation(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("label,a,same\nred,1,7\nblue,3,7\n")
    features = read_csv(tmp_path / "a.csv").features
    assert features == Columns(("a", "same"), (2.0, 7.0), (1.0, 1.0), ("", ""))


def changed(path: Path, line: int, column: int, cell: str) -> Path:
    lines = [row.split(",") for row in path.read_text().splitlines()]
    lines[line - 1][column - 1] = cell
    path.write_text("\n".join(map(",".join, lines)))
    return path


@pytest.mark.parametrize(
    ("column", "cell", "message"),
    [
        (3, "abc", r"line 5, column 3 \(sepal width\): found 'abc', expected a number\. Correct the cell"),
        (5, "", r"line 5, column 5 \(petal width\): found an empty cell, expected a number"),
        (2, "nan", r"line 5, column 2 \(sepal length\): found 'nan', expected a number"),
        (2, "-inf", r"line 5, column 2 \(sepal length\): found '-inf', expected a number"),
        (1, " ", r"line 5, column 1 \(label\): found an empty cell, expected the name of a class"),
        (5, "1,2", r"line 5: 6 columns instead of 5\. The line may be damaged"),
    ],
)
def test_that_a_bad_cell_of_columns_is_named_by_line_and_column(
    tmp_path: Path, column: int, cell: str, message: str
) -> None:
    path = changed(write_csv(tmp_path / "flowers.csv", flowers()), 5, column, cell)
    with pytest.raises(DataError, match=r"flowers\.csv, " + message):
        read_csv(path)


@pytest.mark.parametrize("header", [True, False])
@pytest.mark.parametrize("cell", ["256", "-1", "0.5", "abc", ""])
def test_that_a_bad_pixel_is_named_by_line_and_column(tmp_path: Path, header: bool, cell: str) -> None:
    path = changed(write_csv(tmp_path / "letters.csv", letters(), header=header), 9, 4, cell)
    name = "pixel2" if header else "pixel 2"
    found = f"'{cell}'" if cell else "an empty cell"
    message = rf"line 9, column 4 \({name}\): found {found}, expected a whole number from 0 to 255"
    with pytest.raises(DataError, match=message):
        read_csv(path)


FAULTS = {
    "no label among the names": (
        "a,b,c\n1,2,3\n4,5,6\n",
        r"line 1: none of the 3 columns is named 'label'\. Name the column so",
    ),
    "a first line of samples that is cut short": (
        "label,a,b\nred,1\n",
        "line 2: 2 columns instead of 3",
    ),
    "no names above the columns": (
        "5.1,3.5,setosa\n4.9,3.0,virginica\n",
        r"line 1: the columns have no names\. Put a line of names above them",
    ),
    "a header and nothing else": ("label,a\n", "no samples: the file ends after its header"),
    "pixels that make no square": (
        "label,pixel0,pixel1,pixel2\n0,1,2,3\n",
        "line 1: 4 columns instead of 785",
    ),
    "too many classes": (
        "label,a\n" + "".join(f"{i / 10},1\n" for i in range(101)),
        "101 different labels; 100 classes are the most",
    ),
    "an open quotation mark": ('label,a\n1,2\n"3,4\n' + "5,6\n" * 40_000, "line 3: cannot be read"),
}


@pytest.mark.parametrize(("text", "message"), FAULTS.values(), ids=FAULTS.keys())
def test_that_a_table_that_can_not_be_used_is_explained(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "table.csv").write_text(text)
    with pytest.raises(DataError, match=message) as caught:
        read_csv(tmp_path / "table.csv")
    assert "table.csv" in str(caught.value)


def test_that_a_table_of_digits_in_the_form_of_mnist_keeps_all_ten_classes(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(",".join(["3"] + ["0"] * 784) + "\n")
    read = read_csv(tmp_path / "a.csv")
    assert (read.features, len(read.class_names)) == (Pixels(28, 28), 10)
