"""Damaged files through every loader."""

from __future__ import annotations

import random
from pathlib import Path
from typing import NamedTuple

from micronn_core.common.errors import LONGEST_MESSAGE, MicroNNError
from tests.core.test_damaged_files import LOADERS, damaged, put


class Loaded(NamedTuple):
    """How it went: how many files there were, how many were refused, and what was no refusal in words."""

    files: int
    refused: int
    faults: tuple[str, ...]


def load_damaged(folder: Path, seed: int, count: int) -> Loaded:
    """Let every loader read so many damaged files, and stop at the first that escapes it."""
    files = refused = 0
    folder.mkdir(exist_ok=True)
    for kind, (contents_of, name, use, changes) in LOADERS.items():
        place = folder / kind
        place.mkdir(exist_ok=True)
        contents, chance = contents_of(place), random.Random(f"{seed} {kind}")
        for _ in range(count):
            put(place / name, damaged(contents, changes, chance))
            files += 1
            try:
                use(place / name)
            except MicroNNError as error:
                refused += 1
                if len(str(error)) > LONGEST_MESSAGE or not str(error).isprintable():
                    return Loaded(files, refused, (f"files, seed {seed}, {kind}, file {files}: {error!r}",))
            except Exception as error:
                kept = (place / name).rename(place / f"escaped-{seed}-{name}")
                return Loaded(
                    files, refused, (f"files, seed {seed}, {kind}, file {files} ({kept}): {error!r}",)
                )
    return Loaded(files, refused, ())
