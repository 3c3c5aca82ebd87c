"""The kept runs: every run that has taken a step, and those that others add."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QStandardPaths, QTimer, Signal

from micronn_core.common.errors import MicroNNError, NoRoomError
from micronn_core.common.files import write_atomically
from micronn_core.common.folders import runs_folder
from micronn_core.common.texts import tr, trn
from micronn_core.data.catalog import is_known
from micronn_core.nn.activations import ACTIVATIONS
from micronn_core.nn.network import Network
from micronn_core.runs.claims import under_way_in
from micronn_core.runs.lineage import is_short_try
from micronn_core.runs.opening import network_of
from micronn_core.runs.record import INTERRUPTED, RunRecord, new_id, now
from micronn_core.runs.saved_network import SavedNetwork, save_network
from micronn_core.runs.store import RunStore
from micronn_core.runs.tables import table_content, with_table_ending
from micronn_core.settings.config import TrainingConfig
from micronn_core.training.history import epoch_text
from micronn_core.training.memory import file_bytes
from micronn_gui.session.choice import MOST_CHOSEN, Choice
from micronn_gui.session.deleting import Deletion, Outcome, each, some
from micronn_gui.session.present_run import PresentRun
from micronn_gui.session.run_disk import RunDisk
from micronn_gui.session.saved_files import SavedFiles
from micronn_gui.session.throttle import Throttle
from micronn_gui.session.training import NextRun, TrainingState
from micronn_gui.session.undo import NETWORK, RUNS, Act
from micronn_gui.worker.update import Status

INTERVAL = 500
"""Least milliseconds between two looks at the present run while it trains and somebody looks."""
LONGEST_NAME = 60
AUTOSAVE = 60_000
"""Most milliseconds between two savings of a run that trains, unless they take long."""
AUTOSAVE_AT_REST = 1_000
"""Least milliseconds between two savings of a run that is taken step by step."""
SHARE = 100
"""After a saving there is none for so many times its length: it costs at most 1 % of the training."""
FIRST_CHOSEN = 3
"""Of the newest, if nobody has chosen any."""


def default_folder() -> Path:
    """Return the folder of this user's runs, on this machine."""
    return runs_folder()


def former_folder() -> Path:
    """Return where runs lay before: where profiles follow their user, they followed too."""
    data = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation)
    return Path(data) / "runs"


class Runs(QObject):
    """Keeps runs on the disk, and says which there are and which of them are chosen.

    Nothing is read or written on the thread of the window. The folder is read when it is first
    needed: when somebody looks, or when there is a run to keep.

    Attributes:
        folder: where they lie; another one can be named until the folder is first needed.
        note: what happened to the store that somebody should know; "" if nothing did.
    """

    changed = Signal()
    """There are other runs, another name, another star or another choice."""
    grew = Signal()
    """The present run has become longer; said at most twice a second, while somebody looks."""
    interrupted = Signal(str, str)
    """A run was under way in a program that was killed: its id, and what there is to say of it."""
    loaded = Signal(SavedNetwork)
    """The weights that were asked for have been read."""
    undoable = Signal(Act)
    """Something has been done that can be undone."""
    done = Signal(str)
    """Something that takes a while has been done; the text says what."""
    refused = Signal(str)
    """Something could not be done; the text says what and what to do."""

    def __init__(self, training: TrainingState, files: SavedFiles, folder: Path | None = None) -> None:
        super().__init__(training)
        self._training, self._files = training, files
        self.folder = folder or default_folder()
        self._present = PresentRun(training, NextRun(training.config, fresh=True))
        self._kept: tuple[str, int, str] | None = None
        self._kept_at, self._cost = 0.0, 0.0  # when it was last kept, and how many seconds that took
        self._left: tuple[str, str] | None = None  # the run that has just given way, and its name
        self._unsaved: dict[str, RunRecord] = {}  # with their weights, until they lie on the disk
        self._refusals: dict[str, MicroNNError] = {}  # why they do not, by their ids
        self._said = ""  # why none can be saved at present, as it was told
        self._room_is_asked = self._has_begun = False
        self._chosen = Choice()
        self._origin = ""  # of the run that is wanted next
        self._going: set[str] = set()  # those that are being deleted
        self._watched = False
        self.note = ""
        self._growth = Throttle(self.grew.emit, INTERVAL, parent=self)
        self._saver = QTimer(self, singleShot=True)
        self._saver.timeout.connect(self._keep_in_time)
        training.about_to_begin.connect(self._begin)
        training.run_started.connect(self._offer_way_back)
        training.history_grew.connect(self._follow_growth)
        training.status_changed.connect(self._follow_status)
        training.config_changed.connect(self._follow_config)
        training.failed.connect(self._follow_failure)
        training.checkpoint_taken.connect(self._follow_checkpoint)

    @cached_property
    def _disk(self) -> RunDisk:
        disk = RunDisk(self.folder, self)
        disk.done.connect(self.changed)
        disk.failed.connect(self.refused)
        if self.folder == runs_folder() != former_folder():
            disk.do(lambda store: store.take_in(former_folder()))
        disk.do(lambda store: store.list(), self._choose_first)
        return disk

    # -- what panels ask --

    @property
    def present_id(self) -> str:
        """The id of the run that is on the other pages; "" before its first step."""
        return self._present.id

    @property
    def is_read(self) -> bool:
        """Whether the folder has been read."""
        return self._disk.runs is not None

    def present(self) -> RunRecord | None:
        """Return the run that is on the other pages, with its weights; None before its first step."""
        present = self._present.record()
        if present is not None and not present.number and self.is_read:
            present = replace(present, number=self._next_number())
        return present

    def _next_number(self) -> int:
        return 1 + max((run.number for run in self._others()), default=0)

    def records(self) -> tuple[RunRecord, ...]:
        """Return all runs, the newest first; only the present one has its weights."""
        present = self.present()
        first = [] if present is None else [present]
        saved = {run.id for run in self._disk.runs or ()}

        def age(run: RunRecord) -> tuple[float, str]:  # by numbers, for a clock may be set back
            return run.number if run.id in saved else math.inf, run.began

        return tuple(sorted([*first, *self._others()], key=age, reverse=True))

    def _others(self) -> list[RunRecord]:
        saved = {run.id: run for run in self._disk.runs or ()}
        hidden = {self.present_id, *self._going}
        return [run for run in (saved | self._unsaved).values() if run.id not in hidden]

    def title(self, record: RunRecord) -> str:
        """Return what a run is called."""
        if record.name or not record.number:
            unsaved = record.id in self._unsaved and record.id != self.present_id
            return record.name or (tr("Not saved") if unsaved else tr("This run"))
        return tr("Run {number}", number=record.number)

    @property
    def present_title(self) -> str:
        """What the run on the other pages is called, also before its first step."""
        known = self._present.known
        if known is not None and (known.name or known.number):
            return self.title(known)
        if not self._training.trained:
            return self._present.name or tr("New network")
        if self._present.name:
            return tr("{run}, continued", run=self._present.name)
        if not self.is_read:
            return tr("This run")
        return tr("Run {number}", number=self._next_number())

    @property
    def unsaved(self) -> Mapping[str, str]:
        """Why runs could not be saved, by what they are called."""
        return {
            self.title(run): _reason(self._refusals[id_])
            for id_, run in self._unsaved.items()
            if id_ in self._refusals
        }

    @property
    def problems(self) -> tuple[str, ...]:
        """What lies in the folder and cannot be read."""
        return self._disk.problems

    def is_chosen(self, id_: str) -> bool:
        """Return whether a run's curves are laid over those of others."""
        return id_ in self._chosen

    # -- intents --

    def choose(self, id_: str, chosen: bool) -> None:
        """Lay a run's curves over those of the other chosen ones, or take them away."""
        if not chosen:
            self._chosen.drop(id_)
        elif id_ not in self._chosen and self._chosen.is_full:
            text = trn(
                "At most {count} run can be told apart in the curves. Untick it first.",
                "At most {count} runs can be told apart in the curves. Untick one of them first.",
                MOST_CHOSEN,
            )
            self.refused.emit(text)
        else:
            self._chosen.add(id_)
        self.changed.emit()

    def begin(self, config: TrainingConfig, origin: str) -> None:
        """Begin a run that is a variation of another one, and play it.

        Args:
            config: its settings.
            origin: the id of the other.
        """
        self._origin = origin
        self._training.new_run(config)
        self._origin = ""

    def add(self, record: RunRecord) -> None:
        """Keep a run of an experiment, with its weights, and choose it; it gets the next number."""
        self._chosen.add(record.id)
        self._save(record)

    def rename(self, id_: str, name: str) -> None:
        """Call a run something; its number, if the name is empty."""
        self.change(id_, name=" ".join(name.split())[:LONGEST_NAME])

    def change(self, id_: str, **values: Any) -> None:  # noqa: ANN401 - those of a RunRecord
        """Give a run another name or a star."""
        if id_ == self.present_id:
            self._present.change(**values)
            self.changed.emit()
        if any(run.id == id_ for run in self._disk.runs or ()):
            self._disk.do(lambda store: store.change(id_, **values))

    def delete(self, ids: Sequence[str]) -> None:
        """Delete kept runs; it can be undone. The present one stays."""
        names = {run.id: self.title(run) for run in self._others() if run.id in ids}
        chosen = frozenset(id_ for id_ in names if self._chosen.drop(id_))
        unsaved = {id_: self._unsaved.pop(id_) for id_ in names if id_ in self._unsaved}
        if self.present_id and list(ids) == [self.present_id]:
            self.refused.emit(
                tr("This run is on the other pages. Begin a new network, then it can be deleted.")
            )
        elif names:
            self._going |= names.keys()
            self.changed.emit()
            then = partial(self._follow_deleted, Deletion(names, chosen, unsaved))
            self._disk.do(lambda store: each(names, store.delete), then)

    def _follow_deleted(self, deletion: Deletion, outcome: Outcome) -> None:
        self._going -= deletion.names.keys()
        self._take_in(deletion, outcome.again)
        unsaved = {id_: run for id_, run in deletion.unsaved.items() if id_ in outcome.lost}
        if outcome.done or unsaved:
            self._offer(deletion._replace(unsaved=unsaved).of([*outcome.done, *unsaved]))
        lost = [deletion.names[id_] for id_ in outcome.lost if id_ not in unsaved]
        faults = outcome.faults
        if lost:
            text = trn(
                "{names} is deleted for good: it was gone already, or there was no room for it in the trash.",
                "{names} are deleted for good: they were gone already, or there was no room for them in "
                "the trash.",
                len(lost),
                names=some(lost),
            )
            faults = [*faults, text]
        if faults:
            self.refused.emit("\n".join(faults))

    def _offer(self, deletion: Deletion) -> None:
        """Let a deletion be undone."""
        count, names = len(deletion.names), some(deletion.names.values())
        what = trn("delete {names}", "delete {count:,} runs ({names})", count, names=names)
        said = trn("{names} is deleted.", "{count:,} runs ({names}) are deleted.", count, names=names)
        self.undoable.emit(Act(RUNS, what, partial(self._restore, deletion), said))

    def _restore(self, deletion: Deletion) -> None:
        saved = [id_ for id_ in deletion.names if id_ not in deletion.unsaved]

        def restore(store: RunStore) -> Outcome:
            with store.kept():
                return each(saved, store.restore)

        self._disk.do(restore, partial(self._follow_restored, deletion), partial(self._follow_kept, deletion))

    def _follow_kept(self, deletion: Deletion, error: MicroNNError) -> None:
        """Offer once more to bring back what could not be, for the folder could not be used."""
        self._offer(deletion)
        self.refused.emit(str(error))

    def _follow_restored(self, deletion: Deletion, outcome: Outcome) -> None:
        back = [*outcome.done, *deletion.unsaved]
        self._take_in(deletion, back)
        if outcome.again:
            self._offer(deletion._replace(unsaved={}).of(outcome.again))
        if back:
            now = {run.id: self.title(run) for run in self._others()}
            names = [now.get(id_, deletion.names[id_]) for id_ in back]
            self.done.emit(trn("{names} is back.", "{names} are back.", len(back), names=some(names)))
        if outcome.faults:
            self.refused.emit("\n".join(outcome.faults))

    def _take_in(self, deletion: Deletion, ids: Sequence[str]) -> None:
        """Have runs of a deletion as they were before it."""
        self._unsaved |= {id_: run for id_, run in deletion.unsaved.items() if id_ in ids}
        self._chosen.take_back(id_ for id_ in ids if id_ in deletion.chosen)

    def load(self, id_: str, best: bool) -> None:
        """Have a run's last moment or its best weights read; `loaded` then brings them.

        From the last moment it goes on exactly; the best weights begin a new run.
        """
        unsaved = self._unsaved.get(id_)
        if id_ == self.present_id:
            present = self._present.record()
            if not best or present is None:
                self._training.show_live()
                self.done.emit(tr("This run is open: it goes on from its last moment."))
            else:
                self._hand_over(present, best)
        elif unsaved is not None:
            self._hand_over(unsaved, best)
        else:
            self._disk.do(lambda store: store.read(id_), lambda run: self._hand_over(run, best))

    def open(self, saved: SavedNetwork, name: str = "") -> None:
        """Go on with what was read, which may have a name; the present run is kept."""
        try:
            self._training.open_network(saved, name)
        except MicroNNError as error:
            self.refused.emit(str(error))

    def save_network(self, path: Path) -> Path:
        """Save the network as it is shown, with its run if that is the newest moment.

        Returns:
            The path of the file.

        Raises:
            StorageError: it cannot be saved; a file that was there is untouched.
        """
        checkpoint = self._training.take_checkpoint() if self._training.live else None
        record = self._present.record(checkpoint) if checkpoint else None
        return self._training.save(path, record if record and record.checkpoint else None)

    def export(self, path: Path, records: Sequence[RunRecord]) -> None:
        """Save a table of runs, with all settings and figures, as a workbook or as CSV."""
        path = with_table_ending(path)
        text = tr("Exported as {path}", path=path)

        def write(path: Path) -> None:
            write_atomically(path, table_content(path, records))

        self._disk.do(lambda _: self._files.save(path, write), lambda saved: self._files.tell(saved, text))

    def watch(self, watched: bool) -> None:
        """Tell how the present run grows, or not."""
        self._watched = watched
        if watched:
            self._disk.do(lambda store: store.list())  # another window may have kept some
        else:
            self._growth.stop()

    def look_for_interrupted(self) -> None:
        """Tell which runs were under way in programs that were killed, if there are any."""
        if under_way_in(self.folder):
            self._disk.do(RunStore.interrupted, self._tell_interrupted)

    def go_on(self, id_: str) -> None:
        """Go on with a kept run from its last moment."""
        self._disk.do(lambda store: store.read(id_), lambda run: self.open(network_of(self._grown(run))))

    def back_to(self, id_: str) -> None:
        """Open a run as it was left, whether it lies on the disk or could not be saved."""
        if (unsaved := self._unsaved.get(id_)) is not None:
            self.open(network_of(unsaved), self.title(unsaved))
        else:
            self._disk.do(
                lambda store: store.read(id_), lambda run: self.open(network_of(run), self.title(run))
            )

    def open_again(self, id_: str) -> None:
        """Open the run of the last session as it was left, unless it is gone or there is one by now."""

        def open_it(run: RunRecord) -> None:
            if not self._training.trained and not self._training.playing and is_known(run.config.dataset):
                self.open(network_of(run), self.title(run))

        self._disk.do(lambda store: store.read(id_), open_it, otherwise=lambda _: None)

    def keep(self) -> None:
        """Have the present run on the disk as it stands, while it goes on."""
        self._training.take_checkpoint()
        self._keep(under_way=True)
        if "_disk" in self.__dict__:
            self._disk.finish()

    def settle(self) -> Mapping[str, str]:
        """Pause, keep what is to be kept, and wait for it; returns what is `unsaved`."""
        self._growth.stop()
        self._training.hold()
        self._keep()
        self._saver.stop()
        if "_disk" in self.__dict__:
            self._disk.finish()
        return self.unsaved

    def save_elsewhere(self, folder: Path) -> None:
        """Save what could not be kept as files of a folder: they are opened as networks, and go on.

        Raises:
            StorageError: one cannot be saved; it and those after it are still unsaved.
        """
        for id_, run in list(self._unsaved.items()):
            name = f"micronn-{run.number or run.id}"
            path = folder / f"{name}.npz"
            if path.exists():
                path = folder / f"{name}-{new_id()}.npz"
            figures = run.final.metrics._asdict()
            save_network(path, network_of(run).network, run.config, run.spec, figures, run)
            del self._unsaved[id_]

    def close(self) -> None:
        """Keep the present run, and finish what is being written."""
        self.settle()
        if "_disk" in self.__dict__:
            self._disk.close()

    # -- following --

    def _begin(self, next_run: NextRun) -> None:
        """Keep the present run, for another is about to begin."""
        left = self.present() if self._training.trained else None
        self._left = (left.id, self.title(left)) if left is not None else None
        self._keep()
        self._saver.stop()
        self._present = PresentRun(self._training, next_run, self._leave())
        self._room_is_asked, self._has_begun = False, bool(self._present.id)
        run = next_run.run
        self._kept = None if run is None else (run.id, run.final.metrics.step, run.ending)

    def _offer_way_back(self) -> None:
        """Say that the run which has given way is kept, and offer to go back to it."""
        if self._left is None or self._left[0] == self.present_id:
            return
        id_, run = self._left
        what = tr("leaving {run}", run=run)
        said = tr("{run} is kept. Undo leads back to it.", run=run)
        self.undoable.emit(Act(NETWORK, what, partial(self.back_to, id_), said))

    def _leave(self) -> str:
        """Return the id of the run that the next one comes from: none that was a short try.

        A short try is no longer laid over the others.
        """
        before = self._present.record()
        if before is None or not is_short_try(before):
            return self._origin or self.present_id
        self._chosen.drop(before.id)
        return self._origin or before.origin

    def _follow_growth(self) -> None:
        if not self._has_begun and self._present.record() is not None:  # with its first step it is a run
            self._has_begun = True
            self._chosen.add(self._present.id)
            self.changed.emit()
        elif self._watched:
            self._growth.ask()

    def _follow_status(self) -> None:
        self._present.follow_status()
        if self._training.status is Status.FAILED:
            self._keep()
        elif self._training.status is Status.RUNNING:
            self._saver.start(self._pace)
            self._look_for_room()
        self.changed.emit()

    def _look_for_room(self) -> None:
        """Say if there is no room to keep the run that begins; it is trained all the same."""
        training = self._training
        if not self._room_is_asked:
            self._room_is_asked = True
            sizes = training.spec.sizes(training.config.hidden)
            length = file_bytes(sizes, training.config, self._present.more)
            self._disk.do(lambda store: store.check_room(length), otherwise=self._tell_refusal)

    def _tell_refusal(self, error: MicroNNError, run: RunRecord | None = None) -> None:
        """Say once why runs are not kept, until that is over or there is another reason."""
        reason = type(error).__name__ if isinstance(error, NoRoomError) else str(error)
        reason = reason.replace(run.id, "") if run else reason
        if reason == self._said:
            return
        self._said = reason
        text = tr(
            "{run} is not kept: {reason} Training goes on, and MicroNN tries again to save it.",
            run=tr("This run") if run is None else self.title(run),
            reason=_reason(error),
        )
        self.refused.emit(text)

    def _follow_config(self) -> None:
        self._present.follow_config()

    def _follow_failure(self) -> None:
        self._present.fail()

    def _follow_saved(self, asked: RunRecord, saved: tuple[RunRecord, tuple[RunRecord, ...], float]) -> None:
        record, dropped, self._cost = saved
        self._said = ""
        self._refusals.pop(asked.id, None)
        waiting = self._unsaved.get(asked.id)
        if waiting is not None and waiting.final.metrics.step <= record.final.metrics.step:
            del self._unsaved[asked.id]
        if asked.id == self.present_id:
            fields = ("id", "number", "name", "starred")  # another window may have given it others
            found = {name: getattr(record, name) for name in fields}
            self._present.change(
                **{name: value for name, value in found.items() if value != getattr(asked, name)}
            )
            if record.id != asked.id:
                self._part_from(asked, record)
        if dropped:
            self._tell_dropped(dropped)

    def _follow_unsaved(self, run: RunRecord, error: MicroNNError) -> None:
        self._refusals[run.id] = error
        self._tell_refusal(error, run)

    def _tell_dropped(self, dropped: Sequence[RunRecord]) -> None:
        """Say which runs made room, and why."""
        for old in dropped:
            self._chosen.drop(old.id)
        names = some(self.title(old) for old in dropped)
        if len(self._disk.runs or ()) >= self._disk.most:
            self.note = trn(
                "{count:,} run is kept: {name}, the oldest without a star, made room for the newest.",
                "{count:,} runs are kept: {name}, the oldest without a star, made room for the newest.",
                self._disk.most,
                name=names,
            )
            return
        self.note = trn(
            "There is little room on the disk: {names}, the oldest run without a star, made room for the "
            "newest.",
            "There is little room on the disk: {names}, the oldest runs without a star, made room for the "
            "newest.",
            len(dropped),
            names=names,
        )
        self.refused.emit(self.note)

    def _tell_interrupted(self, runs: Sequence[RunRecord]) -> None:
        if not runs:
            return
        newest = runs[0]
        text = trn(
            "{run} was interrupted at epoch {epoch}. It is among the runs: go on from there.",
            "{count:,} runs were interrupted, and {run} was at epoch {epoch}. They are among the runs: go on "
            "from there.",
            len(runs),
            run=self.title(newest),
            epoch=epoch_text(newest.final.metrics.epoch),
        )
        self.interrupted.emit(newest.id, text)

    def _part_from(self, other: RunRecord, record: RunRecord) -> None:
        """Go on beside a run that another window has trained on: neither takes the place of the other."""
        self._kept = None if self._kept is None else (record.id, *self._kept[1:])
        self._chosen.add(record.id)
        text = tr(
            "{other} was trained on in another window and is kept as it is there. Here it goes on as {run}.",
            other=self.title(other),
            run=self.title(record),
        )
        self.refused.emit(text)

    def _follow_checkpoint(self) -> None:
        """Keep the present run where it stands still; while it trains, only if it is time."""
        wait = self._pace - round(1000 * (time.monotonic() - self._kept_at))
        if wait <= 0 or self._training.status is Status.FINISHED:
            self._keep(under_way=True)
        else:
            self._saver.start(wait)

    @property
    def _pace(self) -> int:
        """Least milliseconds between two savings of the present run: they cost training next to nothing."""
        least = AUTOSAVE if self._training.status is Status.RUNNING else AUTOSAVE_AT_REST
        return max(least, round(1000 * SHARE * self._cost))

    def _keep_in_time(self) -> None:
        """Keep the present run before much of it could be lost."""
        if self._training.status is Status.RUNNING:
            self._training.ask_for_checkpoint()
        else:
            self._keep(under_way=True)

    def _keep(self, under_way: bool = False) -> None:
        """Put the present run into the store, unless it lies there as it is.

        Args:
            under_way: whether it goes on, so that it was interrupted if nothing more is heard of it.
        """
        checkpoint, newest = self._training.checkpoint, self._training.newest
        if checkpoint is not None and newest is not None and not under_way:
            checkpoint = checkpoint if checkpoint.metrics.step >= newest.metrics.step else None
        record = self._present.record(checkpoint)
        self._kept_at = time.monotonic()
        if record is not None:
            record = replace(record, ending=record.ending or (INTERRUPTED if under_way else "stopped"))
            state = (record.id, record.final.metrics.step, record.ending)
            if state != self._kept:
                self._kept = state
                self._unsaved[record.id] = record
            elif not under_way and record.id not in self._unsaved:
                self._save(record, only_if_gone=True)  # somebody may have deleted the folder
        for waiting in list(self._unsaved.values()):  # also what had no room before
            self._save(waiting)
        if self._training.status is Status.RUNNING:
            self._saver.start(self._pace)

    def _save(self, record: RunRecord, only_if_gone: bool = False) -> None:
        if not only_if_gone:
            self._unsaved[record.id] = record
        copied, spared = self._training.checkpoint_s, [self.present_id]

        def add(store: RunStore) -> tuple[RunRecord, tuple[RunRecord, ...], float]:
            began = time.perf_counter()
            if only_if_gone and store.holds(record.id):
                return record, (), copied
            return *store.add(record, spared), copied + time.perf_counter() - began

        self._disk.do(add, partial(self._follow_saved, record), partial(self._follow_unsaved, record))

    # -- helpers --

    def _choose_first(self, runs: tuple[RunRecord, ...]) -> None:
        if not any(run.id in self._chosen for run in runs):
            worth = [run for run in runs if not is_short_try(run)]
            for run in reversed(worth[:FIRST_CHOSEN]):
                self._chosen.add(run.id)

    def _hand_over(self, run: RunRecord, best: bool) -> None:
        if not best:
            self.loaded.emit(network_of(self._grown(run)))
        elif run.best is None or run.best.parameters is None:
            text = tr("No weights of {run} were kept at a moment that was validated.", run=self.title(run))
            self.refused.emit(text)
        else:
            network = Network(run.best.parameters, ACTIVATIONS[run.config.activation])
            self.loaded.emit(SavedNetwork(network, run.config, run.spec, run.best.metrics._asdict()))

    def _grown(self, run: RunRecord) -> RunRecord:
        """Return the run that goes on: one that had come to its end stays, and another goes on from there."""
        if run.ending not in ("finished", "stopped early"):
            return run
        name = tr("{run}, continued", run=self.title(run))[:LONGEST_NAME]
        return replace(
            run, id=new_id(), number=0, name=name, starred=False, began=now(), origin=run.id, experiment=""
        )


def _reason(error: MicroNNError) -> str:
    """Return why a run is not kept, without the name of its file, which nobody has chosen."""
    return tr("the disk is full. Free some space.") if isinstance(error, NoRoomError) else str(error)
