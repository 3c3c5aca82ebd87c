"""Damaged files, random events and kills with fresh seeds, for as long as one likes: make soak SOAK=minutes.

    python -m tests.soak MINUTES [SEED]

Each round has a seed of its own, with which it can be done again: name it, and a single round is done.
Rounds run in processes of their own, so that one that ends does not end the others, and that what is
left of memory is told of each. The exit code is 1 if anything went wrong.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

FILES, EVENTS, KILLS = 300, 1_500, 25
"""How many of each are in a round; files for each loader."""
MOST_SEED = 10**6


@dataclass
class Figures:
    """What has been done so far.

    Attributes:
        done: how many files, events, kills.
        memory: bytes of the window's process at its begin, at its end, and at most, of each round.
        longest_gap: most seconds for which the event loop stood still.
        slowest: how many seconds of work the slowest event was, and which.
        faults: what went wrong, each with its seed.
    """

    done: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("files", "events", "kills"), 0))
    memory: list[tuple[int, int, int]] = field(default_factory=list)
    longest_gap: float = 0.0
    slowest: tuple[float, str] = (0.0, "")
    faults: list[str] = field(default_factory=list)

    def add(self, kind: str, seed: int, result: dict[str, Any]) -> None:
        """Add a round's."""
        self.done[kind] += result[kind]
        self.faults += result["faults"]
        if kind == "events":
            self.longest_gap = max(self.longest_gap, result["longest_gap"])
            self.slowest = max(self.slowest, (result["slowest"][0], f"{result['slowest'][1]}, seed {seed}"))
            self.memory += [tuple(result["memory"])] if result["memory"] else []

    def tell(self) -> None:
        """Print them."""
        for kind, count in self.done.items():
            say(f"{kind:<12}{count:>12,}")
        if self.memory:
            begin, end = self.memory[0][0], self.memory[-1][1]
            most = max(memory[2] for memory in self.memory)
            grown = max(memory[1] - memory[0] for memory in self.memory)
            say(
                f"memory      begin {begin / 1e6:,.0f} MB, end {end / 1e6:,.0f} MB, most {most / 1e6:,.0f} MB"
            )
            say(f"            within a round it grew by {grown / 1e6:,.0f} MB at most")
            say(f"event loop  longest gap {self.longest_gap * 1e3:,.0f} ms")
            say(f"            most work   {self.slowest[0] * 1e3:,.0f} ms: {self.slowest[1]}")
        say(f"faults      {len(self.faults):>12,}")
        for fault in self.faults:
            say(fault)


def files(folder: Path, seed: int) -> dict[str, Any]:
    """Do a round of damaged files."""
    from tests.soak.files import load_damaged

    return load_damaged(folder, seed, FILES)._asdict()


def events(folder: Path, seed: int) -> dict[str, Any]:
    """Do a round of random events."""
    from tests.soak.events import play

    process, memory = psutil.Process(), []
    played = play(folder, seed, EVENTS, lambda: memory.append(process.memory_info().rss))
    return {**played._asdict(), "memory": (memory[0], memory[-1], max(memory))}


def kills(folder: Path, seed: int) -> dict[str, Any]:
    """Do a round of kills."""
    from tests.soak.kills import kill

    return dict(kill(folder / "kept", seed, KILLS).__dict__)


ROUNDS = {round_.__name__: round_ for round_ in (files, events, kills)}


def soak(minutes: float) -> Figures:
    """Do rounds of all kinds in turns until the time is over."""
    figures, deadline = Figures(), time.monotonic() + 60 * minutes
    while time.monotonic() < deadline:
        for kind in ROUNDS:
            seed = secrets.randbelow(MOST_SEED)
            say(f"{kind}, seed {seed} ...")
            figures.add(kind, seed, in_process(kind, seed))
    return figures


def in_process(kind: str, seed: int) -> dict[str, Any]:
    """Do a round in a process of its own; one that ends in another way is a fault."""
    with tempfile.TemporaryDirectory() as folder:
        words = [sys.executable, "-X", "faulthandler", "-m", "tests.soak", kind, str(seed), folder]
        ended = subprocess.run(words, capture_output=True, text=True)
    lines = ended.stdout.splitlines()
    result: dict[str, Any] = json.loads(lines[-1]) if lines else {}
    if not result:
        nothing = {"longest_gap": 0.0, "slowest": (0.0, ""), "memory": ()}
        result = {kind: 0, "faults": [], **nothing}
    if ended.returncode:
        result["faults"].append(f"{kind}, seed {seed}: ended with {ended.returncode}\n{ended.stderr[-4000:]}")
    return result


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main(words: Sequence[str]) -> int:
    """Do one round, or many; returns the exit code."""
    if words and words[0] in ROUNDS:
        kind, seed, folder = words[0], int(words[1]), words[2] if len(words) > 2 else tempfile.mkdtemp()
        say(json.dumps(ROUNDS[kind](Path(folder), seed)))
        return 0
    figures = soak(float(words[0]) if words else 5.0)
    figures.tell()
    return bool(figures.faults)


if __name__ == "__main__":
    from tests.screen import OFFSCREEN

    os.environ.setdefault("QT_QPA_PLATFORM", OFFSCREEN)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    sys.exit(main(sys.argv[1:]))
