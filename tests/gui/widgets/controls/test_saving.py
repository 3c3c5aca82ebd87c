"""Where to save: the name that is asked about is the name that is written."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QWidget
from pytestqt.qtbot import QtBot

from micronn_gui.widgets.controls.saving import ask_where_to_save
from tests.gui.dialogs import answer, file_dialog, name_line, question, save_as

NETWORKS = {".npz": "Networks"}
TABLES = {".xlsx": "Workbook (Excel, LibreOffice)", ".csv": "Table (CSV)"}


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


def ask(window: QWidget, start: Path, kinds: dict[str, str] = NETWORKS) -> list[Path]:
    """Open the dialog; what is chosen will be in the list."""
    chosen: list[Path] = []
    ask_where_to_save(window, "Save", start, kinds, chosen.append)
    return chosen


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("mine.npz", "mine.npz"),
        ("mine", "mine.npz"),
        ("mine.NPZ", "mine.NPZ"),
        ("mine.txt", "mine.txt.npz"),
        ("lr 0.1", "lr 0.1.npz"),
    ],
)
def test_that_no_name_lacks_its_ending(
    qtbot: QtBot, window: QWidget, tmp_path: Path, typed: str, written: str
) -> None:
    chosen = ask(window, tmp_path / "micronn.npz")
    save_as(qtbot, typed)
    qtbot.waitUntil(lambda: chosen == [tmp_path / written])
    assert question() is None


@pytest.mark.parametrize("typed", ["mine", "mine.npz"])
def test_that_it_asks_under_the_name_that_is_written(
    qtbot: QtBot, window: QWidget, tmp_path: Path, typed: str
) -> None:
    (tmp_path / "mine.npz").write_text("old")
    chosen = ask(window, tmp_path / "micronn.npz")
    save_as(qtbot, typed)
    assert answer(qtbot, "Replace") == "mine.npz is there already. Replace it?"
    assert chosen == [tmp_path / "mine.npz"]
    assert file_dialog() is None


def test_that_it_asks_nothing_about_a_file_that_is_not_written(
    qtbot: QtBot, window: QWidget, tmp_path: Path
) -> None:
    (tmp_path / "mine.txt").write_text("another file")
    chosen = ask(window, tmp_path / "micronn.npz")
    save_as(qtbot, "mine.txt")
    qtbot.waitUntil(lambda: chosen == [tmp_path / "mine.txt.npz"])
    assert question() is None


def test_that_who_does_not_want_to_replace_chooses_another_name(
    qtbot: QtBot, window: QWidget, tmp_path: Path
) -> None:
    (tmp_path / "mine.npz").write_text("old")
    chosen = ask(window, tmp_path / "micronn.npz")
    save_as(qtbot, "mine")
    answer(qtbot, "Choose another name")
    dialog = file_dialog()
    assert dialog is not None
    assert name_line(dialog).text() == "mine.npz"
    save_as(qtbot, "other")
    qtbot.waitUntil(lambda: chosen == [tmp_path / "other.npz"])


def test_that_escape_saves_nothing(qtbot: QtBot, window: QWidget, tmp_path: Path) -> None:
    chosen = ask(window, tmp_path / "micronn.npz")
    dialog = file_dialog()
    assert dialog is not None
    qtbot.keyClick(name_line(dialog), Qt.Key.Key_Escape)
    assert (chosen, file_dialog(), question()) == ([], None, None)


def test_that_of_several_kinds_the_chosen_one_gives_the_ending(
    qtbot: QtBot, window: QWidget, tmp_path: Path
) -> None:
    chosen = ask(window, tmp_path / "runs.xlsx", TABLES)
    dialog = file_dialog()
    assert dialog is not None
    assert name_line(dialog).text() == "runs.xlsx"
    box = dialog.findChild(QComboBox, "fileTypeCombo")
    assert isinstance(box, QComboBox)
    qtbot.keyClick(box, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: name_line(dialog).text() == "runs.csv")
    save_as(qtbot, "table")
    qtbot.waitUntil(lambda: chosen == [tmp_path / "table.csv"])


def test_that_a_name_may_have_the_ending_of_any_of_the_kinds(
    qtbot: QtBot, window: QWidget, tmp_path: Path
) -> None:
    chosen = ask(window, tmp_path / "runs.xlsx", TABLES)
    save_as(qtbot, "table.csv")
    qtbot.waitUntil(lambda: chosen == [tmp_path / "table.csv"])
