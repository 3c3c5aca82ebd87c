"""The folders of the program are where Qt would put them, without Qt."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QApplication

from micronn_core.common.folders import home_folder, local_data_folder, runs_folder


@pytest.mark.parametrize("named", ["", "/somewhere/else", "not/absolute"])
def test_that_data_lie_in_the_local_folder_that_qt_names(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", named)
    qapp.setApplicationName("MicroNN")
    qapp.setOrganizationName("MicroNN")
    wanted = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppLocalDataLocation)
    assert local_data_folder() == Path(wanted)
    assert runs_folder() == Path(wanted, "runs")


def test_that_whoever_has_no_home_has_the_root_where_nothing_is_littered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)  # a user whom the system does not know
    assert home_folder() == Path("/").absolute()
    assert local_data_folder().is_absolute()
