"""Saving is all or nothing, and opening believes nothing that a file merely promises."""

from __future__ import annotations

import errno
import io
import json
import math
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from micronn_core.common.archives import as_json
from micronn_core.common.errors import StorageError
from micronn_core.data.features import DIGITS_SPEC, Columns, DataSpec, Pixels
from micronn_core.nn.activations import ACTIVATIONS
from micronn_core.nn.network import Network
from micronn_core.runs.saved_network import check_output, load_network, save_network
from micronn_core.runs.shapes import spec_of_sizes
from micronn_core.settings.config import TrainingConfig
from tests.content import assert_same_bytes
from tests.core.runs.run_records import record, with_checkpoint
from tests.fixtures import run_as_found

CONFIG = TrainingConfig(hidden=(5, 4), activation="tanh", epochs=7, seed=3)
SPEC = DataSpec(Pixels(2, 3), ("a", "b", "c"))


def network(seed: int = 3, dtype: str = "float32") -> Network:
    return Network.create((6, 5, 4, 3), ACTIVATIONS["tanh"], seed=seed, dtype=dtype)


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    return save_network(tmp_path / "model.npz", network(), CONFIG, SPEC, {"loss": 0.25})


def test_that_a_network_comes_back_with_the_run_that_led_to_it(tmp_path: Path) -> None:
    run = with_checkpoint(record(sizes=(6, 5, 4, 3), lowest=7, config=CONFIG, spec=SPEC), more=2)
    assert run.final.parameters is not None
    trained = Network(run.final.parameters, ACTIVATIONS["tanh"])
    found = load_network(save_network(tmp_path / "m", trained, CONFIG, SPEC, run=run)).run
    assert found is not None
    wanted = run_as_found(run)
    assert {**run_as_found(found), "id": wanted["id"]} == wanted
    assert found.id != run.id  # it is kept beside the run, not in its place
    with np.load(tmp_path / "m.npz") as archive:
        assert "final" not in archive


def altered(path: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    """Save the same archive with its JSON values or its arrays changed."""
    with np.load(path, allow_pickle=False) as archive:
        content: dict[str, Any] = dict(archive)
    content["micronn"] = json.loads(str(content["micronn"]))
    change(content)
    content["micronn"] = np.array(json.dumps(content["micronn"]))
    np.savez(path, **content)
    return path


@pytest.mark.parametrize("labels", [np.array([0, 9], np.uint8), np.zeros((2, 1), np.uint8)])
def test_that_damaged_samples_of_its_run_are_a_fault_of_the_file(
    tmp_path: Path, labels: np.ndarray[Any, Any]
) -> None:
    run = with_checkpoint(record(sizes=(6, 5, 4, 3), config=CONFIG, spec=SPEC), more=2)
    assert run.final.parameters is not None
    trained = Network(run.final.parameters, ACTIVATIONS["tanh"])
    path = save_network(tmp_path / "m", trained, CONFIG, SPEC, run=run)
    altered(path, lambda content: content.update(more_labels=labels))
    with pytest.raises(StorageError, match=r"m\.npz is damaged: "):
        load_network(path)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_that_a_network_comes_back_bit_for_bit_with_its_settings(tmp_path: Path, dtype: str) -> None:
    original = network(dtype=dtype)
    path = save_network(tmp_path / "model.npz", original, CONFIG, SPEC, {"loss": 0.25, "data": None})
    found = load_network(path)
    assert found.network.parameters.vector.dtype == dtype
    np.testing.assert_array_equal(found.network.parameters.vector, original.parameters.vector)
    assert found.network.sizes == original.sizes
    assert found.network.activation is ACTIVATIONS["tanh"]
    assert found.config == CONFIG
    assert found.metrics == {"loss": 0.25, "data": None}


def test_that_what_inputs_and_answers_mean_comes_back(tmp_path: Path) -> None:
    spec = DataSpec(
        Columns(tuple("abcdef"), (0.1,) * 6, (2.0,) * 6, ("cm", "", "", "", "", "")), ("ä", "b", "c")
    )
    assert load_network(save_network(tmp_path / "m", network(), CONFIG, spec)).spec == spec


def test_that_inputs_of_which_nothing_is_known_are_pixels_and_answers_numbers() -> None:
    assert spec_of_sizes((6, 5, 4, 3)) == DataSpec(Pixels(1, 6), ("0", "1", "2"))
    assert spec_of_sizes((64, 5, 26)).features == Pixels(8, 8)
    assert spec_of_sizes((784, 10, 10)) == DIGITS_SPEC


def test_that_a_loaded_network_can_be_trained_on(saved: Path) -> None:
    found = load_network(saved).network
    found.parameters.vector -= 1
    np.testing.assert_array_equal(found.layers[0].weight, network().layers[0].weight - 1)


def test_that_the_arrays_have_the_names_of_the_formulas(saved: Path) -> None:
    with np.load(saved, allow_pickle=False) as archive:
        assert set(archive) == {"W1", "b1", "W2", "b2", "W3", "b3", "micronn"}
        assert archive["W2"].shape == (4, 5)
        assert archive["b2"].shape == (4, 1)


def test_that_the_same_network_gives_the_same_file(tmp_path: Path, saved: Path) -> None:
    assert (
        save_network(tmp_path / "again.npz", network(), CONFIG, SPEC, {"loss": 0.25}).read_bytes()
        == saved.read_bytes()
    )


def test_that_the_suffix_may_be_left_out(tmp_path: Path) -> None:
    assert save_network(tmp_path / "run.2", network(), CONFIG, SPEC) == tmp_path / "run.2.npz"
    assert load_network(tmp_path / "run.2").config == CONFIG


def test_that_no_other_kind_of_file_is_ever_replaced(tmp_path: Path) -> None:
    table = tmp_path / "digits.csv"
    table.write_text("precious")
    assert save_network(table, network(), CONFIG, SPEC) == tmp_path / "digits.csv.npz"
    assert table.read_text() == "precious"


def test_that_a_figure_that_was_not_measured_becomes_null(tmp_path: Path) -> None:
    path = save_network(tmp_path / "m", network(), CONFIG, SPEC, {"validation_loss": math.nan})
    assert load_network(path).metrics == {"validation_loss": None}
    assert as_json({"a": {"b": math.inf}}) == '{"a": {"b": null}}'


def test_that_saving_through_a_link_keeps_the_link(tmp_path: Path, saved: Path) -> None:
    link = tmp_path / "latest.npz"
    link.symlink_to(saved)
    save_network(link, network(seed=9), CONFIG, SPEC)
    assert link.is_symlink()
    np.testing.assert_array_equal(
        load_network(saved).network.parameters.vector, network(seed=9).parameters.vector
    )


def test_that_a_saved_file_has_the_permissions_of_any_new_file(tmp_path: Path, saved: Path) -> None:
    other = tmp_path / "other"
    other.touch()
    assert saved.stat().st_mode == other.stat().st_mode


DISK_TROUBLES = {
    errno.ENOSPC: "the disk is full",
    errno.EROFS: "the disk is read-only",
    errno.EACCES: "no permission",
    errno.EIO: "Choose another place",
}


@pytest.mark.parametrize(("number", "words"), DISK_TROUBLES.items(), ids=errno.errorcode.get)
@pytest.mark.parametrize("moment", ["fsync", "replace"])
def test_that_trouble_with_the_disk_is_explained_and_leaves_the_old_file(
    saved: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str, moment: str
) -> None:
    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    old = saved.read_bytes()
    monkeypatch.setattr(*((os, "fsync", fail) if moment == "fsync" else (Path, "replace", fail)))
    with pytest.raises(StorageError, match=words) as caught:
        save_network(saved, network(seed=9), CONFIG, SPEC)
    assert str(saved) in str(caught.value)
    assert_same_bytes(saved.read_bytes(), old)
    assert list(saved.parent.iterdir()) == [saved]


@pytest.mark.parametrize("function", [check_output, lambda path: save_network(path, network(), CONFIG, SPEC)])
def test_that_a_place_that_cannot_be_written_to_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, function: Callable[[Path], object]
) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder.npz").mkdir()
    for path, words in (
        (tmp_path / "nowhere" / "m.npz", "folder does not exist"),
        (tmp_path / "file" / "m.npz", "not a folder"),
        (tmp_path / ("long" * 100), "too long"),
        (tmp_path, "is a folder"),
        (tmp_path / "folder", "is a folder"),
    ):
        with pytest.raises(StorageError, match=words):
            function(path)
    monkeypatch.setattr(os, "access", lambda *_: False)  # the tests may run as root, who may write anywhere
    (tmp_path / "kept.npz").write_text("old")
    with pytest.raises(StorageError, match="write-protected"):
        function(tmp_path / "kept.npz")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder.npz", "kept.npz"]
    assert (tmp_path / "kept.npz").read_text() == "old"


def test_that_looking_whether_a_place_can_be_written_to_changes_nothing(tmp_path: Path, saved: Path) -> None:
    old = saved.read_bytes()
    check_output(saved)
    check_output(tmp_path / "new")
    assert list(tmp_path.iterdir()) == [saved]
    assert_same_bytes(saved.read_bytes(), old)


def test_that_weights_that_are_not_numbers_are_not_saved(tmp_path: Path) -> None:
    broken = network()
    broken.parameters.vector[4] = np.inf
    with pytest.raises(StorageError, match="not saved: some weights are not numbers"):
        save_network(tmp_path / "model.npz", broken, CONFIG, SPEC)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("share", [0.0, 0.001, 0.1, 0.5, 0.9, 0.999])
def test_that_a_truncated_file_is_named(saved: Path, share: float) -> None:
    content = saved.read_bytes()
    saved.write_bytes(content[: int(share * len(content))])
    with pytest.raises(StorageError, match=r"model\.npz is (damaged|not a network)"):
        load_network(saved)


def test_that_no_damaged_byte_ever_gives_other_weights(saved: Path) -> None:
    content = saved.read_bytes()
    rng = np.random.default_rng(0)
    refused = 0
    for place in rng.choice(len(content), 300, replace=False):
        damaged = bytearray(content)
        damaged[place] ^= rng.integers(1, 256)
        saved.write_bytes(damaged)
        try:
            found = load_network(saved)
        except StorageError:
            refused += 1
            continue
        np.testing.assert_array_equal(found.network.parameters.vector, network().parameters.vector)
        assert found.config == CONFIG
    assert refused > 200


def plain_zip() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("word/document.xml", "<text/>")
    return content.getvalue()


def lone_array() -> bytes:
    content = io.BytesIO()
    np.save(content, np.zeros(3))
    return content.getvalue()


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"PK", plain_zip(), lone_array()], ids=["empty", "text", "short", "zip", "npy"]
)
def test_that_a_foreign_file_is_called_foreign(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.npz"
    path.write_bytes(content)
    with pytest.raises(StorageError, match="is not a network saved by MicroNN"):
        load_network(path)


def test_that_missing_files_and_folders_are_explained(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="there is no such file"):
        load_network(tmp_path / "nothing.npz")
    with pytest.raises(StorageError, match="is a folder"):
        load_network(tmp_path)
    with pytest.raises(StorageError, match="cannot be read"):
        load_network(tmp_path / ("long" * 100))


def change_json(**values: object) -> Callable[[dict[str, Any]], None]:
    return lambda content: content["micronn"].update(values)


def change_arrays(**arrays: object) -> Callable[[dict[str, Any]], None]:
    return lambda content: content.update(arrays)


FAULTS: dict[str, tuple[Callable[[dict[str, Any]], None], str]] = {
    "newer format": (
        change_json(format=3),
        r"newer MicroNN \(format 3\); this one reads up to 2. Update MicroNN",
    ),
    "no format": (lambda content: content["micronn"].pop("format"), "damaged: its format is None"),
    "list for an object": (
        lambda content: content.update(micronn=[]),
        "is damaged: its values have no names",
    ),
    "unknown activation": (change_json(activation="swish"), "activation that this MicroNN does not know"),
    "unknown setting": (change_json(config={"drop": 1}), "no setting 'drop'"),
    "unusable setting": (change_json(config={"epochs": 0}), "number of epochs"),
    "settings of another kind": (change_json(config=[]), "damaged"),
    "metrics of another kind": (change_json(metrics=5), "damaged"),
    "unknown number format": (change_json(dtype="int8"), "damaged"),
    "sizes of another kind": (change_json(sizes=[6, 5.0, 4, 3]), "sizes are not those of a network"),
    "no sizes": (change_json(sizes=[]), "sizes are not those of a network"),
    "negative size": (change_json(sizes=[6, -5, 4, 3]), "sizes are not those of a network"),
    "huge sizes": (change_json(sizes=[6, 10**9, 10**9, 3]), "are the most"),
    "sizes that do not fit": (change_json(sizes=[6, 5, 5, 3]), r"W2 should be \(5, 5\)"),
    "one layer more": (change_json(sizes=[6, 5, 4, 3, 3]), "W4 is missing"),
    "turned weights": (change_arrays(W1=np.zeros((6, 5), "f4")), r"W1 should be \(5, 6\) .* but is \(6, 5\)"),
    "other numbers": (
        change_arrays(b2=np.zeros((4, 1), "i4")),
        "b2 should be .* of float32, but is .* of int32",
    ),
    "far too long": (change_arrays(W1=np.zeros(10**6, "f4")), "W1 would unpack to 4,000,128 bytes"),
    "NaN": (change_arrays(b3=np.full((3, 1), np.nan, "f4")), "some weights are not numbers"),
    "infinity": (change_arrays(b3=np.full((3, 1), np.inf, "f4")), "some weights are not numbers"),
    "other inputs": (
        change_json(spec=DataSpec(Pixels(2, 2), ("a", "b", "c")).to_values()),
        "6 inputs .* describes 4 inputs and 3 answers",
    ),
    "other answers": (
        change_json(spec=DataSpec(Pixels(2, 3), ("a", "b")).to_values()),
        "3 answers, but describes 6 inputs and 2 answers",
    ),
    "a damaged description": (
        change_json(spec={"classes": ["a", "b", "c"]}),
        "description of the data is damaged",
    ),
    "a pickle": (change_arrays(b1=np.array([{}] * 5, dtype=object)), "damaged"),
}


@pytest.mark.parametrize(("change", "words"), FAULTS.values(), ids=FAULTS)
def test_that_what_a_file_promises_is_checked(
    saved: Path, change: Callable[[dict[str, Any]], None], words: str
) -> None:
    path = altered(saved, change)
    with pytest.raises(StorageError, match=words) as caught:
        load_network(path)
    assert str(path) in str(caught.value)


def test_that_deeply_nested_json_is_called_damage(saved: Path) -> None:
    np.savez(saved, micronn=np.array("[" * 100_000))
    with pytest.raises(StorageError, match="damaged"):
        load_network(saved)


def test_that_memory_that_runs_out_is_explained(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(np, "frombuffer", fail)
    with pytest.raises(StorageError, match="does not fit into memory"):
        load_network(saved)
