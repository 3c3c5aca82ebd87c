"""Whatever has happened to a file, it opens or is refused in words on one line: nothing else ever escapes."""

from __future__ import annotations

import gzip
import io
import json
import random
import shutil
import struct
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from micronn_core.common.errors import LONGEST_MESSAGE, ConfigError, MicroNNError
from micronn_core.data.dataset import Samples
from micronn_core.data.features import DataSpec
from micronn_core.data.readers import read_dataset
from micronn_core.drawing.digit_files import INDEX, read_archive
from micronn_core.drawing.images import read_image
from micronn_core.drawing.my_digits import MyDigits, exported_dataset
from micronn_core.drawing.photographs.decoding import FORMATS
from micronn_core.drawing.preparation import prepare
from micronn_core.drawing.strokes import read_drawings
from micronn_core.nn.activations import ACTIVATIONS
from micronn_core.nn.network import Network, Parameters
from micronn_core.runs.run_file import read_run, run_bytes
from micronn_core.runs.saved_network import load_network, save_network
from micronn_core.runs.tables import as_csv
from micronn_core.settings.config import TrainingConfig
from tests.core.mutations import (
    Change,
    change_cell,
    change_json,
    change_number,
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
from tests.core.shapes import flowers, letters, moons, write_csv, write_npz
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


# ------------------------------------------------------------------ two thousand of each kind

MANY = 2_000


def put(path: Path, content: bytes) -> None:
    """Write a file over what is there: some disks take milliseconds to empty one first."""
    with path.open("r+b" if path.exists() else "wb") as stream:
        stream.write(content)
        stream.truncate()


def small_network(folder: Path) -> list[bytes]:
    run = with_checkpoint(record(sizes=(4, 2, 3), lowest=4, config=replace(ADAM, hidden=(2,))), more=2)
    network = Network(run.final.parameters or Parameters((1, 1, 1)), ACTIVATIONS["relu"])
    whole = save_network(folder / "m", network, run.config, run.spec, run=run).read_bytes()
    return [whole, save_network(folder / "m", network, run.config, run.spec).read_bytes()]


def small_runs(_: Path) -> list[bytes]:
    run = record(sizes=(4, 2, 3), lowest=4, config=replace(ADAM, hidden=(2,)))
    return [run_bytes(run), run_bytes(with_checkpoint(run, more=2))]


def tables(folder: Path) -> list[bytes]:
    shapes = (letters(52), flowers(6), moons(6))
    digits = "".join(f"{i}" + ",7" * 784 + "\n" for i in range(2)).encode()
    written = [write_csv(folder / "t", shape).read_bytes() for shape in shapes]
    return [*written, *written, *written, gzip.compress(written[1]), digits]


def arrays(folder: Path) -> list[bytes]:
    return [write_npz(folder / "a.npz", shape).read_bytes() for shape in (letters(52), flowers(6), moons(6))]


def idx_pictures(folder: Path) -> list[bytes]:
    (folder / "labels").write_bytes(struct.pack(">II", 0x801, 3) + b"\0\1\2")
    content = struct.pack(">IIII", 0x803, 3, 4, 5) + bytes(range(60))
    return [content, content, gzip.compress(content)]


def idx_labels(folder: Path) -> list[bytes]:
    (folder / "images").write_bytes(struct.pack(">IIII", 0x803, 3, 4, 5) + bytes(60))
    content = struct.pack(">II", 0x801, 3) + b"\0\1\2"
    return [content, gzip.compress(content)]


def strokes(_: Path) -> list[bytes]:
    drawing = {"strokes": [[[1, 2], [3.5, 4]], [[5, 6]]], "label": 3, "index": 7}
    return [json.dumps(form).encode() for form in (drawing, [drawing, drawing], drawing["strokes"])]


def pictures(_: Path) -> list[bytes]:
    image = Image.effect_noise((24, 18), 90)
    contents = []
    for kind in FORMATS:
        for mode in ("L", "RGB"):
            content = io.BytesIO()
            image.convert(mode).save(content, kind)
            contents.append(content.getvalue())
    return contents


def small_export(folder: Path) -> list[bytes]:
    digits = MyDigits(folder / "kept")
    digits.keep(np.eye(28), 3)
    return [digits.export(folder / "small.zip").read_bytes()]


def use_samples(path: Path) -> None:
    dataset = read_dataset(path)
    x = Samples.of(dataset).x
    assert np.isfinite(x).all()
    if len(dataset.class_names) > 1:  # of one alone, there is nothing to tell apart
        assert DataSpec.from_values(dataset.spec.to_values()) == dataset.spec


def use_strokes(path: Path) -> None:
    for drawing in read_drawings(path):
        assert np.isfinite(prepare(drawing.strokes)).all()


def use_saved(path: Path) -> None:
    network = load_network(path).network
    with np.errstate(all="ignore"):
        network.forward(np.zeros((network.sizes[0], 1)))


TEXT: tuple[Change, ...] = (*PLAIN, change_cell)
BINARY: tuple[Change, ...] = (*PLAIN, change_number)

LOADERS: dict[
    str, tuple[Callable[[Path], list[bytes]], str, Callable[[Path], object], tuple[Change, ...]]
] = {
    "tables": (tables, "data.csv", use_samples, TEXT),
    "arrays": (arrays, "data.npz", use_samples, PACKED),
    "IDX pictures": (idx_pictures, "images", use_samples, BINARY),
    "IDX labels": (idx_labels, "labels", use_samples, BINARY),
    "strokes": (strokes, "drawn.json", use_strokes, TEXT),
    "pictures": (pictures, "picture.png", read_image, BINARY),
    "networks": (small_network, "network.npz", use_saved, ARRAYS),
    "runs": (small_runs, "20251126T100000-0.npz", lambda path: read_run(path, weights=True), ARRAYS),
    "exports": (small_export, "digits.zip", read_archive, PACKED),
}


def damaged(contents: list[bytes], changes: tuple[Change, ...], chance: random.Random) -> bytes:
    """Return one of the contents, damaged once or twice."""
    content = chance.choice(changes)(chance.choice(contents), chance)
    return chance.choice(PLAIN)(content, chance) if content and chance.random() < 0.2 else content


@pytest.mark.slow
@pytest.mark.timeout(60)
@pytest.mark.parametrize("kind", LOADERS)
def test_that_each_of_two_thousand_damaged_files_opens_or_is_refused(tmp_path: Path, kind: str) -> None:
    contents_of, name, use, changes = LOADERS[kind]
    contents, chance = contents_of(tmp_path), random.Random(kind)
    path = tmp_path / name
    refused = 0
    for _ in range(MANY):
        put(path, damaged(contents, changes, chance))
        try:
            use(path)
        except MicroNNError as error:
            refused += 1
            assert name in str(error) or str(tmp_path) in str(error)  # noqa: PT017
            assert len(str(error)) <= LONGEST_MESSAGE  # noqa: PT017
            assert str(error).isprintable()  # noqa: PT017
    assert refused > MANY / 10


@pytest.mark.slow
@pytest.mark.timeout(60)
def test_that_of_two_thousand_damaged_folders_of_digits_none_loses_a_sound_digit(tmp_path: Path) -> None:
    chance, folder = random.Random(0), tmp_path / "kept"
    kept = MyDigits(folder)
    sound = {kept.keep(np.eye(28), label).name: label for label in (3, 4, 5)}
    files = {path: path.read_bytes() for path in folder.iterdir()}
    changed = [folder / INDEX, *(folder / f"{name}.png" for name in sound)]
    for _ in range(MANY):
        path = chance.choice(changed if chance.random() < 0.1 else changed[1:])  # the index is first
        put(path, chance.choice(TEXT)(files[path], chance))
        found = {digit.name for digit in MyDigits(folder).digits}
        assert found >= sound.keys() - {path.stem} or path.suffix == ".csv"
        for each in {*folder.iterdir()} - files.keys():
            each.unlink()
        for each in (path, folder / INDEX):
            put(each, files[each])
