"""Exported runs hold everything, and no spreadsheet of whatever language takes a cell for something else."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from micronn_core.runs.record import RunRecord
from micronn_core.runs.tables import TABLE_KINDS, as_csv, as_workbook, rows_of, table_content
from micronn_core.settings.config import TrainingConfig
from micronn_core.training.history import Metrics
from tests.core.runs.run_records import record

CONFIG = TrainingConfig()

NAMES = (
    "10-10",
    '=HYPERLINK("http://example.org","x")',
    "@home",
    "+momentum",
    "-dropout",
    "=1+2",
    "3/4",
    "1e5",
    "16-8-4",
    "0,5",
    "10:59",
    "2026-11",
    "1 000",
    "50%",
)
RUNS = [record(name=name, number=number) for number, name in enumerate(NAMES, 1)]
"""Runs with names that a spreadsheet would like to take for formulas, links, dates and numbers."""


def lines(runs: list[RunRecord]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(as_csv(runs).decode("utf-8-sig"))))


def test_that_a_table_holds_every_setting_and_every_figure() -> None:
    config = replace(CONFIG, hidden=(128, 32), epochs=10, learning_rate=0.25)
    runs = [
        record(config=config, name='Ours, "wide"', number=3, changed=("learning_rate",)),
        replace(record(lowest=4, number=4), best=None),
    ]
    first, second = (dict(zip(rows_of(runs)[0], row, strict=True)) for row in rows_of(runs)[1:])
    assert first["name"] == 'Ours, "wide"'
    assert first["hidden"] == "128-32"
    assert first["learning_rate"] == 0.25
    assert first["changed"] == "learning_rate"
    assert first["final validation_loss"] == first["best validation_loss"] == 1.0
    assert float(second["final validation_loss"]) > 1.1
    assert second["best validation_loss"] == ""
    assert second["number"] == 4


def test_that_every_number_in_csv_is_exact_and_has_neither_point_nor_comma() -> None:
    titles, *rows = rows_of(RUNS)
    for row, line in zip(rows, lines(RUNS), strict=True):
        for title, value in zip(titles, row, strict=True):
            if not isinstance(value, str):
                assert float(line[str(title)]) == value
                assert not set(line[str(title)]) & set(".,")


@pytest.mark.parametrize("value", [0.726, 1e-7, 1e22, 123456.789, -0.5, 0.0, 1e-310, 1.7976931348623157e308])
def test_that_a_number_of_any_size_comes_back_exactly(value: float) -> None:
    run = record()
    metrics = run.final.metrics._replace(loss=value)
    run = replace(run, final=run.final._replace(metrics=metrics))
    assert float(lines([run])[0]["final loss"]) == value


def test_that_a_text_in_csv_that_looks_like_something_else_begins_with_an_apostrophe() -> None:
    assert [line["name"] for line in lines(RUNS)] == [f"'{name}" for name in NAMES]
    plain = ("Ours", "run 3", "Grüße", "3", "", "128-32", "64-64", "48000/12000", "80%/20%")
    assert [line["name"] for line in lines([record(name=name) for name in plain])] == list(plain)
    assert lines(RUNS)[0]["split"] == CONFIG.split
    assert lines([record(config=replace(CONFIG, hidden=(10, 10)))])[0]["hidden"] == "'10-10"


def test_that_a_workbook_says_of_every_cell_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "runs.xlsx"
    path.write_bytes(as_workbook(RUNS))
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    for row, cells in zip(rows_of(RUNS), sheet.iter_rows(), strict=True):
        for value, cell in zip(row, cells, strict=True):
            assert (cell.value or "") == (value or "")
            assert cell.data_type == ("n" if value == "" or not isinstance(value, str) else "s")
            assert cell.hyperlink is None


def test_that_a_figure_that_was_not_measured_is_an_empty_cell() -> None:
    run = record()
    nothing = Metrics(*(math.nan for _ in Metrics._fields))
    run = replace(run, final=run.final._replace(metrics=nothing))
    assert lines([run])[0]["final accuracy"] == ""
    as_workbook([run])


@pytest.mark.parametrize(
    ("name", "kind"), [("a.xlsx", ".xlsx"), ("A.XLSX", ".xlsx"), ("a.csv", ".csv"), ("a", ".csv")]
)
def test_that_the_ending_of_the_name_says_which_kind_of_table_is_written(name: str, kind: str) -> None:
    content = table_content(Path(name), RUNS)
    assert content[:2] == TABLE_KINDS[kind].content(RUNS)[:2]
