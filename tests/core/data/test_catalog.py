"""Data sets by name: those that come with MicroNN, and files that were opened."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from micronn_core.common.errors import ConfigError, DataError
from micronn_core.data import catalog
from micronn_core.data.catalog import (
    DATASETS,
    is_file_name,
    open_source,
    opened_files,
    register,
    source_of,
    split_counts,
)
from micronn_core.data.features import DIGITS_SPEC
from micronn_core.settings.config import TrainingConfig
from tests.core.samples import numbered
from tests.core.shapes import flowers, moons, write_csv, write_npz


@pytest.fixture(autouse=True)
def _forget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalog, "_OPENED", {})


def test_that_mnist_can_be_chosen_by_name() -> None:
    assert DATASETS["mnist"].label == "MNIST"
    load_test = DATASETS["mnist"].load_test
    assert load_test is not None
    assert len(load_test()) == 10_000
    assert (source_of("mnist").spec, source_of("mnist").count) == (DIGITS_SPEC, 60_000)
    assert len(DATASETS["mnist"].load_train()) == 60_000


def test_that_an_opened_file_is_a_data_set_named_by_its_path(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "flowers.csv", flowers())
    source = register(path)
    assert source is source_of(str(path))
    assert opened_files() == (source,)
    assert (source.name, source.label, source.count) == (str(path), "flowers.csv", 150)
    assert source.spec == flowers().spec
    assert source.load_test is None
    np.testing.assert_array_equal(source.load_train().values, flowers().values)


def test_that_a_relative_path_names_the_same_data_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_csv(tmp_path / "flowers.csv", flowers())
    monkeypatch.chdir(tmp_path)
    assert register("flowers.csv").name == str(path)


def test_that_a_file_in_the_form_of_mnist_has_its_test_samples(tmp_path: Path) -> None:
    assert register(write_npz(tmp_path / "digits.npz", numbered(30))).load_test is DATASETS["mnist"].load_test


def test_that_a_file_that_was_written_anew_is_read_anew(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "data.csv", flowers())
    source = register(path)
    path.write_text("label,a\nred,1\nblue,2\n")
    os.utime(path, ns=(1, 1))
    assert len(source.load_train()) == 2


def test_that_a_file_is_read_when_its_data_set_is_needed(tmp_path: Path) -> None:
    path = str(write_csv(tmp_path / "flowers.csv", flowers()))
    with pytest.raises(DataError, match=r"flowers\.csv is not open\. Open it first"):
        source_of(path)
    assert open_source(path).spec == source_of(path).spec == flowers().spec


def test_that_a_name_of_nothing_is_refused_with_the_names_there_are() -> None:
    for look in (source_of, open_source):
        with pytest.raises(DataError, match=r"no data set 'cifar'\. Data sets: mnist; or the path of a file"):
            look("cifar")


def test_that_a_file_that_is_gone_is_named(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "flowers.csv", flowers())
    source = register(path)
    path.unlink()
    with pytest.raises(DataError, match=r"flowers\.csv: there is no such file"):
        source.load_train()


def test_that_a_single_class_is_nothing_to_learn_from(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("label,a\nred,1\nred,2\n")
    with pytest.raises(DataError, match="a single class, 'red'"):
        register(tmp_path / "a.csv")


@pytest.mark.parametrize(
    ("name", "is_file"),
    [("/data/a.csv", True), (r"C:\data\a.csv", True), ("mnist", False), ("cifar", False), (None, False)],
)
def test_that_the_path_of_a_file_is_told_from_a_name(name: object, is_file: bool) -> None:
    assert is_file_name(name) == is_file


def test_that_shares_are_counted_as_soon_as_a_file_is_read(tmp_path: Path) -> None:
    path = str(write_csv(tmp_path / "moons.csv", moons()))
    assert split_counts(path, "80%/20%") is None
    assert split_counts(path, "100/20") == (100, 20)
    register(path)
    assert split_counts(path, "80%/20%") == (160, 40)
    config = TrainingConfig(dataset=path, split="80%/20%", batch_size=160)
    assert (config.train_count, config.full_batch) == (160, True)
    with pytest.raises(ConfigError, match="from 0 to 160"):
        TrainingConfig(dataset=path, split="80%/20%", batch_size=161)


def test_that_a_config_may_name_a_file_of_another_machine() -> None:
    config = TrainingConfig(dataset="/elsewhere/flowers.csv", split="80%/20%", batch_size=500)
    assert (config.train_count, config.full_batch) == (None, False)
