"""Files evolve: what an older file lacks gets its default, what a newer one holds is refused in words."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from micronn_core.common.errors import StorageError
from micronn_core.data.features import Columns, DataSpec
from micronn_core.runs.record import RunRecord
from micronn_core.runs.run_file import FORMAT, read_run, run_bytes
from micronn_core.runs.store import RunStore
from micronn_core.settings.config import TrainingConfig
from micronn_core.training.history import Metrics
from tests.content import assert_same_bytes
from tests.core.runs.run_records import record
from tests.fixtures import FORMAT_1

OLD = sorted((FORMAT_1 / "runs").iterdir())[0]
IRIS = DataSpec(
    Columns(("length", "width"), (5.8, 3.0), (0.8, 0.4), ("cm", "cm")), ("setosa", "versicolor", "virginica")
)


def altered(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Save the same run with its JSON values or its arrays changed."""
    with np.load(path, allow_pickle=False) as archive:
        content: dict[str, Any] = dict(archive)
    content["micronn"] = json.loads(str(content["micronn"]))
    change(content)
    content["micronn"] = np.array(json.dumps(content["micronn"]))
    np.savez(path, **content)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A run as the first version has kept it."""
    return Path(shutil.copy(OLD, tmp_path))


@dataclass(frozen=True, eq=False)
class RicherRecord(RunRecord):
    """A run of which some day more is known."""

    note: str = "none"
    tags: tuple[str, ...] = ()
    energy: float = 1.5
    shared: bool = True


def test_that_a_new_field_of_a_run_is_written_and_read_and_has_its_default_in_old_files(
    old: Path, tmp_path: Path
) -> None:
    run = read_run(old, True, RicherRecord)
    assert isinstance(run, RicherRecord)
    assert (run.note, run.tags, run.energy, run.shared) == ("none", (), 1.5, True)
    path = tmp_path / "richer.npz"
    path.write_bytes(run_bytes(replace(run, note="ä", tags=("a", "b"), energy=2, shared=False)))
    found = read_run(path, False, RicherRecord)
    assert isinstance(found, RicherRecord)
    assert (found.note, found.tags, found.energy, found.shared) == ("ä", ("a", "b"), 2.0, False)
    with pytest.raises(
        StorageError, match=r"holds 'energy', which this MicroNN does not know\. Update MicroNN"
    ):
        read_run(path, True)


@pytest.mark.parametrize("name", [field.name for field in fields(RunRecord)])
def test_that_a_field_that_a_file_lacks_has_its_default_or_is_named(old: Path, name: str) -> None:
    def drop(content: dict[str, Any]) -> None:
        content.pop(name, None)
        content["micronn"].pop(name, None)

    default = RunRecord.__dataclass_fields__[name].default
    altered(old, drop)
    if name in ("id", "spec"):  # the first is the file's name; the second came with the second version
        read_run(old, True)
    elif name == "best":
        assert read_run(old, True).best is None
    elif default is not MISSING:
        assert getattr(read_run(old, True), name) == default
    else:
        with pytest.raises(StorageError, match=name):
            read_run(old, True)


@pytest.mark.parametrize("name", [field.name for field in fields(TrainingConfig)])
def test_that_a_setting_that_a_file_lacks_has_its_default(old: Path, name: str) -> None:
    altered(old, lambda content: content["micronn"]["config"].pop(name, None))
    run = read_run(old, False)
    assert getattr(run.config, name) == TrainingConfig.__dataclass_fields__[name].default


@pytest.mark.parametrize("name", ["loss", "validation_loss", "validation_accuracy", "accuracy"])
def test_that_a_figure_that_a_file_lacks_was_not_measured(old: Path, name: str) -> None:
    column = Metrics._fields.index(name)

    def drop(content: dict[str, Any]) -> None:
        content["micronn"].update(format=2, columns=[each for each in Metrics._fields if each != name])
        content["micronn"]["spec"] = run.spec.to_values()
        content["micronn"]["final"].pop(name)
        content["curves"] = np.delete(content["curves"], column, axis=1)

    run = read_run(old, False)
    altered(old, drop)
    found = read_run(old, False)
    assert np.isnan(getattr(found.final.metrics, name))
    assert np.isnan(found.column(name)).all()
    np.testing.assert_array_equal(np.delete(found.curves, column, 1), np.delete(run.curves, column, 1))


NEWER: dict[str, Callable[[dict[str, Any]], object]] = {
    "format": lambda c: c["micronn"].update(format=FORMAT.version + 1),
    "field": lambda c: c["micronn"].update(mood="good"),
    "figure": lambda c: c["micronn"].update(columns=[*Metrics._fields[:-1], "luck"]),
}


@pytest.mark.parametrize("change", NEWER.values(), ids=NEWER)
def test_that_a_run_of_a_newer_version_is_left_alone_and_told(
    tmp_path: Path, change: Callable[[dict[str, Any]], object]
) -> None:
    store = RunStore(tmp_path)
    store.save(record())
    (path,) = tmp_path.glob("*.npz")
    altered(path, change)
    before = path.read_bytes()
    again = RunStore(tmp_path, most=1)
    assert again.list() == ()
    (problem,) = again.problems
    assert problem.startswith(str(path))
    assert problem.endswith("Update MicroNN.")
    again.save(record())
    assert_same_bytes(path.read_bytes(), before)


def test_that_a_run_on_columns_is_kept_with_what_they_mean(tmp_path: Path) -> None:
    run = record(sizes=(2, 5, 3), spec=IRIS)
    RunStore(tmp_path).save(run)
    assert RunStore(tmp_path).read(run.id).spec == IRIS


def test_that_a_run_whose_weights_do_not_fit_its_data_is_refused(tmp_path: Path) -> None:
    run = record(spec=IRIS)
    RunStore(tmp_path).save(run)
    with pytest.raises(StorageError, match="784 inputs and 10 answers, but describes 2 inputs and 3 answers"):
        RunStore(tmp_path).read(run.id)
