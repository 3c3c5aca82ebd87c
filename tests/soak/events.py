"""Random events in the window, with nothing going wrong unheard."""

from __future__ import annotations

import random
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tests.core.mutations import cut_out, flip_bytes
from tests.core.shapes import flowers, letters, moons, write_csv, write_npz
from tests.core.test_damaged_files import network_with_its_run, pictures, strokes
from tests.event_loop import each_in_its_turn
from tests.soak.hand import Hand
from tests.soak.program import running
from tests.soak.watch import Watch


class Played(NamedTuple):
    """How it went.

    Attributes:
        events: how many things were done.
        faults: what went wrong, with what was done before; the hand stops at the first.
        longest_gap: most seconds for which the event loop stood still.
        slowest: how many seconds of work the slowest thing was, and which.
    """

    events: int
    faults: tuple[str, ...]
    longest_gap: float
    slowest: tuple[float, str]


def play(folder: Path, seed: int, count: int, look: Callable[[], None] = lambda: None) -> Played:
    """Do so many random things in the window of a program that keeps all it keeps in a folder.

    Args:
        folder: empty.
        seed: decides what is done.
        count: how many things.
        look: called after each.
    """
    watch = Watch()
    with running(folder, watch) as program:
        hand = Hand(program, files(folder / "files", seed), seed)

        def act() -> bool:
            try:
                hand.act()
                look()
            except Exception:  # nobody between the hand and what it does has caught it
                watch.faults.append(traceback.format_exc())
            return hand.count < count and not watch.faults

        each_in_its_turn(act)
        hand.stop()
    before = "\n  done before: ".join(("", *hand.done))
    faults = [f"events, seed {seed}, event {hand.count}: {fault}{before}" for fault in watch.faults[:1]]
    return Played(hand.count, tuple(faults), watch.longest_gap, hand.slowest)


def files(folder: Path, seed: int) -> list[Path]:
    """Write files of every kind, sound and damaged ones, and return them."""
    folder.mkdir()
    chance = random.Random(seed)
    made = [write_csv(folder / f"{shape.name}.csv", shape) for shape in (letters(78), flowers(30), moons(40))]
    made.append(write_npz(folder / "moons.npz", moons(40)))
    network = network_with_its_run(folder)
    contents = {
        "network.npz": network,
        "damaged.npz": flip_bytes(network, chance),
        "strokes.json": strokes(folder)[0],
        "damaged.csv": cut_out(made[1].read_bytes(), chance),
        "empty.csv": b"",
        "it's (a) picture ü.png": pictures(folder)[0],
        "damaged.png": flip_bytes(pictures(folder)[1], chance),
    }
    for name, content in contents.items():
        path = folder / name
        path.write_bytes(content)
        made.append(path)
    return made
