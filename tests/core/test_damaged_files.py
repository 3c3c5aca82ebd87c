"""Whatever has happened to a file, it opens or is refused in words on one line: nothing else ever escapes."""

from __future__ import annotations

import io
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from micronn_core.common.errors import ConfigError, MicroNNError
from micronn_core.drawing.my_digits import MyDigits, exported_dataset
from micronn_core.nn.activations import ACTIVATIONS
from micronn_core.nn.network import Network, Parameters
from micronn_core.runs.record import as_csv
from micronn_core.runs.run_file import read_run, run_bytes
from micronn_core.runs.saved_network import load_network, save_network
from micronn_core.settings.config import TrainingConfig
from tests.core.mutations import (
    Change,
    change_json,
    claim_sizes,
    cut_off,
    cut_out,
    damage_member,
    flip_bytes,
    forge_header,
    lose_member,
    members_of,
    packed,
)
from tests.core.runs.run_records import record, with_checkpoint
from tests.fixtures import FORMAT_1

ROUNDS = 30
ADAM = TrainingConfig(hidden=(2,), optimizer="adam")


def change_values(content: bytes, chance: random.Random) -> bytes:
    """Put something evil among the values of a network or of a run."""
    members = members_of(content)
    values, written = str(np.load(io.BytesIO(members["micronn.npy"]))), io.BytesIO()
    np.save(written, np.array(change_json(values, chance)))
    return packed({**members, "micronn.npy": written.getvalue()})


PLAIN: tuple[Change, ...] = (flip_bytes, cut_off, cut_out)
PACKED: tuple[Change, ...] = (*PLAIN, lose_member, damage_member, forge_header, claim_sizes)
ARRAYS: tuple[Change, ...] = (*PACKED, change_values)


def network_of_today(folder: Path) -> bytes:
    old = load_network(FORMAT_1 / "networks" / "float64.npz")
    return save_network(folder / "m", old.network, old.config, old.spec, old.metrics).read_bytes()


def network_with_its_run(folder: Path) -> bytes:
    run = with_checkpoint(record(sizes=(784, 2, 10), lowest=4, config=ADAM), more=2)
    network = Network(run.final.parameters or Parameters((1, 1, 1)), ACTIVATIONS["relu"])
    return save_network(folder / "m", network, run.config, run.spec, run=run).read_bytes()


def run_with_checkpoint() -> bytes:
    return run_bytes(with_checkpoint(record(sizes=(784, 2, 10), lowest=4, config=ADAM), more=2))


def export_of_today(folder: Path) -> bytes:
    digits = MyDigits(Path(shutil.copytree(FORMAT_1 / "my-digits", folder / "today")))
    return digits.export(folder / "today.zip").read_bytes()


def use_network(path: Path) -> None:
    saved = load_network(path)
    parts = saved.network, saved.config, saved.spec, saved.metrics, saved.run
    save_network(path.with_name("again.npz"), *parts)
    load_network(path.with_name("again.npz"))


def use_run(path: Path) -> None:
    listed = read_run(path, weights=False)
    as_csv([listed])
    assert all(isinstance(value, float) for value in (listed.highest_accuracy, listed.seconds_per_epoch))
    run_bytes(read_run(path, weights=True))


def use_export(path: Path) -> None:
    exported_dataset(path)
    folder = path.parent / "imported"
    shutil.rmtree(folder, ignore_errors=True)
    MyDigits(folder).import_(path)


def old_files(folder: str) -> list[bytes]:
    return [path.read_bytes() for path in sorted((FORMAT_1 / folder).glob("*.npz"))]


CASES: dict[str, tuple[Callable[[Path], list[bytes]], Callable[[Path], None], tuple[Change, ...]]] = {
    "network": (
        lambda folder: [*old_files("networks"), network_of_today(folder), network_with_its_run(folder)],
        use_network,
        ARRAYS,
    ),
    "run": (
        lambda _: [
            *old_files("runs"),
            run_bytes(record(sizes=(784, 2, 10), config=ADAM, lowest=4)),
            run_with_checkpoint(),
        ],
        use_run,
        ARRAYS,
    ),
    "export": (
        lambda folder: [(FORMAT_1 / "my-digits.zip").read_bytes(), export_of_today(folder)],
        use_export,
        PACKED,
    ),
}
WAYS = [(kind, change) for kind, (_, _, changes) in CASES.items() for change in changes]


@pytest.mark.parametrize(("kind", "change"), WAYS, ids=[f"{kind}-{change.__name__}" for kind, change in WAYS])
def test_that_a_damaged_file_opens_or_is_refused_in_words(tmp_path: Path, kind: str, change: Change) -> None:
    contents_of, use, _ = CASES[kind]
    contents, chance = contents_of(tmp_path), random.Random(f"{kind} {change.__name__}")
    path = tmp_path / "damaged"
    path = path.with_suffix(".zip" if kind == "export" else ".npz")
    refused = 0
    for _ in range(ROUNDS):
        path.write_bytes(change(chance.choice(contents), chance))
        try:
            use(path)
        except MicroNNError as error:
            refused += 1
            assert str(error).startswith(str(path))  # noqa: PT017
            assert "\n" not in str(error)  # noqa: PT017
    assert refused > ROUNDS / 3


@pytest.mark.parametrize("change", PLAIN)
@pytest.mark.parametrize("part", ["index.csv", "*.png"])
def test_that_a_damaged_folder_of_digits_can_be_added_to(tmp_path: Path, part: str, change: Change) -> None:
    chance = random.Random(f"{part} {change.__name__}")
    for i in range(ROUNDS):
        folder = Path(shutil.copytree(FORMAT_1 / "my-digits", tmp_path / str(i)))
        path = chance.choice(sorted(folder.glob(part)))
        path.write_bytes(change(path.read_bytes(), chance))
        digits = MyDigits(folder)
        count = len(digits.digits)
        digits.keep(np.eye(28), 3)
        assert len(MyDigits(folder).digits) == count + 1


def test_that_damaged_settings_are_refused_in_words() -> None:
    chance, text = random.Random(0), TrainingConfig(hidden=(3, 4)).to_json()
    refused = 0
    for _ in range(10 * ROUNDS):
        try:
            TrainingConfig.from_json(change_json(text, chance)).to_json()
        except ConfigError:
            refused += 1
    assert refused > 5 * ROUNDS
