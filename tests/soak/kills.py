"""Kills a program at any moment, and looks whether all that it has reported saved is there at its next start.

    python -m tests.soak.kills FOLDER SEED KILLS

Each kind of work runs in a process that is forked from this one, in which everything is imported
already. It says on a pipe what it is about to do, and what is saved once the saving has returned.
It is killed after a moment that chance chooses; then this process is the program's next start. What
was kept stays for the next round, so that a store grows under its users' hands.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QTimer

from micronn_core.cli.main import main as command_line
from micronn_core.data.catalog import open_source
from micronn_core.drawing.my_digits import MyDigits
from micronn_core.runs.record import RunRecord
from micronn_core.runs.saved_network import check_output, load_network
from micronn_core.runs.store import RunStore
from micronn_core.settings.config import TrainingConfig
from micronn_core.training.feed import split_of
from micronn_core.training.trainer import Trainer
from micronn_gui.app import make_application
from micronn_gui.session import runs as session_runs
from micronn_gui.session.states import make_states
from micronn_gui.worker.training_worker import TrainingWorker
from micronn_gui.worker.update import Status
from tests.core.shapes import flowers, write_csv

FORMAT = "utf-8"
PATIENCE = 30.0
"""Seconds in which a program that works has something to report."""
LONGEST = 0.25
"""Most seconds for which a program may work after its first report."""

Report = Callable[..., None]


# -- what is killed --


def train_on_the_command_line(folder: Path, chance: random.Random, report: Report) -> None:
    """Train and save a network, go on with it, and so on."""
    data, network = folder / "flowers.csv", folder / "network.npz"
    epochs = 0
    if network.exists():
        epochs = int(load_network(network).metrics["epoch"])
    while True:
        epochs += chance.randrange(1, 5)
        fresh = ["--data", str(data), "--hidden", "3", "--batch-size", "20", "--optimizer", "adam"]
        words = ["--continue", str(network)] if network.exists() else fresh
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            code = command_line(
                ["train", *words, "--epochs", str(epochs), "--json", "--output", str(network)]
            )
        result = json.loads(said.getvalue().splitlines()[-1]) if code == 0 else {}
        report("network", step=result.get("step"), code=code, said=said.getvalue()[-500:] if code else "")


def train_in_the_window(folder: Path, chance: random.Random, report: Report) -> None:
    """Train with the window's own session, which keeps its run all the time; begin anew now and then."""
    keep_all_the_time()
    tell_of_kept_runs(report)
    application = make_application()
    states = make_states(TrainingWorker())
    training = states.training
    base = TrainingConfig(hidden=(3,), batch_size=20, epochs=1_000_000, dataset=str(folder / "flowers.csv"))
    config = replace(base, split="80%/20%", optimizer="adam")
    open_source(config.dataset)

    def act() -> None:
        if training.status is not Status.PAUSED and training.status is not Status.RUNNING:
            return
        match chance.randrange(8):
            case 0:
                training.new_network(replace(config, seed=chance.randrange(100)))
            case 1:
                training.pause()
            case 2:
                for run in states.runs.records()[8:]:
                    report("delete", id=run.id)
                    states.runs.delete([run.id])
            case 3 if states.runs.records():
                run = chance.choice(states.runs.records())
                if run.id != states.runs.present_id:
                    states.runs.load(run.id, best=False)
            case _:
                training.play()

    states.runs.loaded.connect(states.runs.open)
    timer = QTimer(interval=15)
    timer.timeout.connect(act)
    timer.start()
    training.new_network(config)
    states.runs.watch(True)
    application.exec()


def keep_all_the_time() -> None:
    """Let the present run be kept as often as it can be."""
    session_runs.AUTOSAVE = session_runs.AUTOSAVE_AT_REST = 5
    session_runs.SHARE = 0


def tell_of_kept_runs(report: Report) -> None:
    """Have the store report what it has saved, when it has."""
    save = RunStore.save

    def told(self: RunStore, record: RunRecord, *more: Any) -> tuple[RunRecord, ...]:  # noqa: ANN401
        dropped = save(self, record, *more)
        report("run", id=record.id, number=record.number, step=record.final.metrics.step)
        return dropped

    RunStore.save = told  # type: ignore[method-assign]


def draw_digits(folder: Path, chance: random.Random, report: Report) -> None:
    """Keep, relabel and delete digits."""
    digits = MyDigits(folder / "digits")
    while True:
        names = [digit.name for digit in digits.digits]
        match chance.randrange(6):
            case 0 if names:
                name, label = chance.choice(names), chance.randrange(10)
                report("relabelling", name=name)
                digits.relabel(name, label)
                report("digit", name=name, label=label)
            case 1 if len(names) > 20:
                name = chance.choice(names)
                report("deleting", name=name)
                digits.delete(name)
                report("deleted", name=name)
            case _:
                digit = digits.keep(np.eye(28), chance.randrange(10))
                report("digit", name=digit.name, label=digit.label)


WORK = {"network": train_on_the_command_line, "runs": train_in_the_window, "digits": draw_digits}


# -- who kills --


@dataclass
class Kept:
    """What has been reported saved so far, and what may have changed since.

    Attributes:
        step: of the network, 0 for none.
        runs: the least step of each run, by its id.
        digits: the label of each digit, or None where it was being changed.
        deleted: digits that must be gone.
    """

    step: int = 0
    runs: dict[str, int] = field(default_factory=dict)
    digits: dict[str, int | None] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)

    def hear(self, what: str, values: dict[str, Any]) -> None:
        """Take in a report."""
        match what:
            case "network":
                assert values["code"] == 0, values
                self.step = values["step"]
            case "run":
                self.runs[values["id"]] = values["step"]
            case "delete":
                self.runs.pop(values["id"], None)
            case "digit":
                self.digits[values["name"]] = values["label"]
            case "relabelling":
                self.digits[values["name"]] = None
            case "deleting":
                self.digits.pop(values["name"], None)
            case "deleted":
                self.deleted.add(values["name"])

    # -- the next start --

    def look(self, folder: Path) -> None:
        """Be the next start of the program: everything is there, and can be gone on with."""
        self._look_at_network(folder)
        self._look_at_runs(RunStore(session_runs.default_folder()))
        self._look_at_digits(MyDigits(folder / "digits"))
        left = [path for path in folder.rglob("*.part")]
        assert not left, f"half written files are left: {left}"

    def _look_at_network(self, folder: Path) -> None:
        path = folder / "network.npz"
        check_output(path)  # as the next training begins
        if self.step or path.exists():
            saved = load_network(path)
            assert saved.metrics["step"] >= self.step, f"step {self.step} is lost: {saved.metrics}"
            assert saved.run is not None
            go_on(saved.run)

    def _look_at_runs(self, store: RunStore) -> None:
        kept = {run.id: run for run in store.list()}
        assert not store.problems, store.problems
        for id_, step in self.runs.items():
            assert id_ in kept, f"run {id_} is lost"
            found = kept[id_].final.metrics.step
            assert found >= step, f"run {id_}: step {step} is lost, {found} is there"
        numbers = [run.number for run in kept.values()]
        assert len({*numbers}) == len(numbers), f"numbers are given twice: {sorted(numbers)}"
        newest = max(kept.values(), key=lambda run: run.began, default=None)
        if newest is not None:
            go_on(store.read(newest.id))

    def _look_at_digits(self, digits: MyDigits) -> None:
        labels = {digit.name: digit.label for digit in digits.digits}
        for name, label in self.digits.items():
            assert name in labels, f"digit {name} is lost"
            assert label in (None, labels[name]), f"digit {name} is a {labels[name]}, not a {label}"
        assert not self.deleted & labels.keys(), "a deleted digit is there again"


def go_on(run: RunRecord) -> None:
    """Take one step from where a run was."""
    assert run.checkpoint is not None, f"{run.id} cannot go on"
    samples = split_of(run.config, open_source(run.config.dataset).load_train(), run.more)
    assert run.checkpoint.fits(samples)
    with Trainer(run.config, samples, checkpoint=run.checkpoint, threads=1) as trainer:
        trainer.change(replace(run.config, epochs=1_000_000))
        with contextlib.closing(trainer.run()) as pieces:
            assert any(made is not None and made.step > run.final.metrics.step for made in pieces)


@dataclass
class Killed:
    """What came of the kills: how many, how many savings were reported, and what was lost."""

    kills: int = 0
    savings: int = 0
    faults: list[str] = field(default_factory=list)


def kill(folder: Path, seed: int, kills: int) -> Killed:
    """Let programs work in a folder, and kill each at a random moment; stop at the first fault."""
    chance, kept, killed = random.Random(seed), Kept(), Killed()
    folder.mkdir(exist_ok=True)
    write_csv(folder / "flowers.csv", flowers())
    with pytest.MonkeyPatch.context() as patch:
        for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
            patch.setenv(name, str(folder))
        for i in range(kills):
            name = chance.choice(list(WORK))
            try:
                for report in _work(name, folder, chance):
                    kept.hear(report.pop("what"), report)
                    killed.savings += 1
                killed.kills += 1
                kept.look(folder)
            except Exception as error:
                killed.faults.append(
                    f"kills, seed {seed}, kill {i} ({name}): {type(error).__name__}: {error}"
                )
                break
    return killed


def _work(name: str, folder: Path, chance: random.Random) -> Iterator[dict[str, Any]]:
    """Let a process work, kill it, and return all that it has reported."""
    seed, moment = chance.randrange(2**31), chance.random()
    with _forked(lambda report: WORK[name](folder, random.Random(seed), report)) as (process, lines):
        deadline = time.monotonic() + PATIENCE
        first = lines.readline() if chance.random() < 0.8 else b""  # some do not get as far
        assert time.monotonic() < deadline, f"{name} has nothing to report"
        time.sleep(moment * LONGEST)
        os.kill(process, signal.SIGKILL)
        _, status = os.waitpid(process, 0)
        assert os.WIFSIGNALED(status), f"{name} has ended by itself: {status}"
        for line in (first, *lines.read().splitlines(keepends=True)):
            if line.endswith(b"\n"):  # the last may be cut off: it is not reported
                yield json.loads(line)


@contextmanager
def _forked(work: Callable[[Report], None]) -> Iterator[tuple[int, io.BufferedReader]]:
    """Fork a process; yields its number, and what it reports, a line of JSON each."""
    reading, writing = os.pipe()
    process = os.fork()
    if not process:
        os.close(reading)
        try:
            work(lambda what, **values: _tell(writing, {"what": what, **values}))
        except BaseException:
            import traceback

            traceback.print_exc()
        finally:
            os._exit(1)
    os.close(writing)
    with open(reading, "rb") as lines:
        yield process, lines


def _tell(descriptor: int, values: dict[str, Any]) -> None:
    os.write(descriptor, json.dumps(values).encode(FORMAT) + b"\n")


def main(words: list[str]) -> int:
    """Kill, and say in JSON what came of it."""
    killed = kill(Path(words[0]), int(words[1]), int(words[2]))
    sys.stdout.write(json.dumps(killed.__dict__) + "\n")
    return bool(killed.faults)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
