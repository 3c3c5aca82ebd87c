"""Runs as a table for other programs: all settings and figures, as a workbook or as CSV.

A spreadsheet takes what it finds in CSV for what it looks like in its own language: 10-10 for the tenth of
October, 0.726 for 726 in German, =1+2 for a formula. A workbook says what each cell is; in CSV, numbers are
written without a point or comma (726E-3), and a text that could be taken for something else begins with an
apostrophe.
"""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import math
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from micronn_core.common.files import with_ending
from micronn_core.common.texts import mark
from micronn_core.runs.record import RunRecord
from micronn_core.settings.config import TrainingConfig
from micronn_core.training.history import Metrics

Cell = str | int | float
"""What a cell holds; a number that was not measured is ""."""

_WIDEST = 40
_FORMULA = re.compile(r"[=+\-@'\t\r\n]")
"""How a text begins that is a formula, or something like it, for one program or another."""
_NUMBER = re.compile(r"[\d.,\s]*\d[\d.,\s]*%?|\d+e\d+|true|false", re.IGNORECASE)
_DATE = re.compile(r"\d{1,4}(?:[-/.:\s]+\d{1,4}){1,2}")
_LAST_OF_MONTH, _LAST_MINUTE, _YEAR = 31, 59, 4


class TableKind(NamedTuple):
    """A kind of file that runs can be exported to.

    Attributes:
        label: what people call it.
        content: makes the file.
    """

    label: str
    content: Callable[[Sequence[RunRecord]], bytes]


def with_table_ending(path: Path | str) -> Path:
    """Return the path with ".csv" put behind a name that ends as no table does."""
    return with_ending(path, ".csv", *TABLE_KINDS)


def table_content(path: Path, records: Sequence[RunRecord]) -> bytes:
    """Return the file of a table, of the kind that the ending of its name says; CSV for any other."""
    return TABLE_KINDS.get(path.suffix.lower(), TABLE_KINDS[".csv"]).content(records)


def rows_of(records: Sequence[RunRecord]) -> list[list[Cell]]:
    """Return the titles of the columns, and a row for each run, with all of its settings and figures."""
    settings = [setting.name for setting in dataclasses.fields(TrainingConfig)]
    figures = [f"{moment} {name}" for moment in ("final", "best") for name in Metrics._fields]
    titles: list[Cell] = ["number", "name", "began", "ending", "seconds", "changed"]
    rows = [[*titles, *settings, *figures]]
    for record in records:
        config = json.loads(record.config.to_json())
        about: list[Cell] = [record.number, record.name, record.began, record.ending]
        about += [round(record.seconds, 3), " ".join(record.changed)]
        moments = [record.final.metrics, record.best.metrics if record.best else _NO_FIGURES]
        values = [value if math.isfinite(value) else "" for metrics in moments for value in metrics]
        rows.append([*about, *(_cell(config[name]) for name in settings), *values])
    return rows


_NO_FIGURES = [math.nan] * len(Metrics._fields)


def _cell(value: Any) -> Cell:  # noqa: ANN401 - whatever JSON can hold
    if isinstance(value, list):
        return "-".join(map(str, value))
    return json.dumps(value) if isinstance(value, dict | bool) or value is None else value


def as_csv(records: Sequence[RunRecord]) -> bytes:
    """Return runs as CSV that no spreadsheet misreads, whatever its language."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerows([_plain(cell) for cell in row] for row in rows_of(records))
    return text.getvalue().encode("utf-8-sig")  # the mark tells spreadsheets that it is UTF-8


def _plain(cell: Cell) -> str:
    if isinstance(cell, str):
        return f"'{cell}" if _is_mistakable(cell) else cell
    sign, digits, exponent = Decimal(repr(cell)).normalize().as_tuple()
    if isinstance(cell, int) or not isinstance(exponent, int) or exponent >= 0:
        return str(int(cell))
    return f"{'-' * sign}{''.join(map(str, digits))}E{exponent}"


def _is_mistakable(text: str) -> bool:
    """Return whether a spreadsheet could take a text for a formula, a number, a date or a time."""
    if _FORMULA.match(text) or (_NUMBER.fullmatch(text) and not text.isdecimal()):
        return True
    most = _LAST_MINUTE if ":" in text else _LAST_OF_MONTH
    parts = re.findall(r"\d+", text)
    return bool(_DATE.fullmatch(text)) and all(int(part) <= most or len(part) == _YEAR for part in parts)


def as_workbook(records: Sequence[RunRecord]) -> bytes:
    """Return runs as a workbook (.xlsx): texts are texts, numbers are numbers, in every language."""
    import xlsxwriter  # here, because only this needs it

    content = io.BytesIO()
    rows = rows_of(records)
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet, bold = book.add_worksheet("runs"), book.add_format({"bold": True})
        sheet.freeze_panes(1, 2)
        for place, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, str) and cell:
                    sheet.write_string(place, column, cell, bold if place == 0 else None)
                elif not isinstance(cell, str):
                    sheet.write_number(place, column, cell)
        for column, cells in enumerate(zip(*rows, strict=True)):
            sheet.set_column(column, column, min(_WIDEST, max(len(str(cell)) for cell in cells) + 1))
    return content.getvalue()


TABLE_KINDS = {
    ".xlsx": TableKind(mark("Workbook (Excel, LibreOffice)"), as_workbook),
    ".csv": TableKind(mark("Table for programs (CSV)"), as_csv),
}
"""The kinds of tables by the endings of their names; the first is offered first."""
