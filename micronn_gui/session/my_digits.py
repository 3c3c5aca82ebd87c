"""The digits that people have kept: what the network makes of them, and whether it learns from them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import DTypeLike, NDArray
from PySide6.QtCore import QObject, QStandardPaths, QTimer, Signal

from micronn_core.common.errors import DataError, MicroNNError, StorageError
from micronn_core.common.files import with_ending
from micronn_core.common.texts import tr, trn
from micronn_core.common.trash import NotInTrashError
from micronn_core.data.catalog import source_of
from micronn_core.data.dataset import Dataset
from micronn_core.data.features import DIGITS_SPEC
from micronn_core.drawing.my_digits import SUFFIX, KeptDigit, MyDigits
from micronn_core.nn.activations import ACTIVATIONS
from micronn_core.nn.network import Network
from micronn_core.settings.config import TrainingConfig
from micronn_gui.session.drawing import Drawing
from micronn_gui.session.saved_files import SavedFiles
from micronn_gui.session.throttle import Throttle
from micronn_gui.session.training import NextRun, TrainingState
from micronn_gui.session.undo import DIGITS, Act

INTERVAL = 250
"""Least milliseconds between two readings of all kept digits while the network trains."""

SHARE = 10
"""After a reading there is a pause of so many times its length, however many digits there are."""

PROBLEMS = 3
"""Most faults of the folder that are named at once."""

T = TypeVar("T")


def default_folder() -> Path:
    """Return the folder of this user's kept digits."""
    data = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation)
    return Path(data) / "my-digits"


class MyDigitsState(QObject):
    """Keeps drawings, and reads them all by the network as it is shown, while somebody looks.

    Attributes:
        included: whether the next new network learns from them too.
        answers: (n,), what the shown network reads in each digit; None where there is no network,
            or nobody has looked yet.
    """

    changed = Signal()
    """There are other digits, or another decision to train with them; the answers are new as well."""
    answered = Signal()
    """The network has read them again."""
    undoable = Signal(Act)
    """Something has been done that can be undone."""
    done = Signal(str)
    """Something has been undone; the text says what."""
    refused = Signal(str)
    """Something could not be done; the text says what and what to do."""

    def __init__(
        self, training: TrainingState, drawing: Drawing, files: SavedFiles, folder: Path | None = None
    ) -> None:
        super().__init__(training)
        self._training, self._drawing, self._files = training, drawing, files
        self._folder = folder
        self._watched = False
        self._problems_said: tuple[str, ...] = ()
        self.included = False
        self.answers: NDArray[np.intp] | None = None
        self._x: tuple[object, NDArray[np.floating]] | None = None
        self._reading = Throttle(self._follow, INTERVAL, SHARE, self)
        training.about_to_begin.connect(self._join)
        training.shown_changed.connect(self._moment_changed)

    @cached_property
    def _store(self) -> MyDigits:
        """The digits on the disk, read when they are first needed."""
        return MyDigits(default_folder() if self._folder is None else self._folder)

    # -- what panels ask --

    @property
    def digits(self) -> tuple[KeptDigit, ...]:
        """The kept digits, the oldest first."""
        return self._store.digits

    @property
    def suit(self) -> bool:
        """Whether the network is for such pictures, so that it can read and learn from them."""
        return self._training.spec == DIGITS_SPEC

    @property
    def right(self) -> int:
        """How many of them the shown network reads as they are labelled."""
        if self.answers is None:
            return 0
        return sum(digit.label == answer for digit, answer in zip(self.digits, self.answers, strict=True))

    @property
    def fingerprint(self) -> str:
        """Which digits these are, as a config names them; "" for none."""
        return "" if self._set is None else self._set[1]

    # -- intents --

    def keep(self, label: int) -> bool:
        """Keep the drawing under a label and clear the pad; without a drawing, or if refused, do nothing.

        Returns:
            Whether it was kept.
        """
        if not self.suit or self._drawing.is_empty:
            return False
        if self._tried(lambda: self._store.keep(self._drawing.picture, label)) is None:
            return False
        self._drawing.clear(kept=True)
        return True

    def relabel(self, name: str, label: int) -> None:
        """Give a kept digit another label; it can be undone."""
        old = {digit.name: digit.label for digit in self.digits}.get(name)
        if self._tried(lambda: self._store.relabel(name, label)) and old not in (None, label):
            what = tr("label the {old} as {new}", old=old, new=label)
            self._offer(what, "", lambda: self._store.relabel(name, old))

    def delete(self, name: str) -> None:
        """Delete a kept digit; it can be undone."""
        deleted = self._tried(lambda: self._store.delete(name))
        if deleted:
            label = deleted[0].digit.label

            def restore() -> None:
                self._store.restore(deleted)
                self.done.emit(tr("The {label} is back among your digits.", label=label))

            said = tr("The {label} is deleted from your digits.", label=label)
            self._offer(tr("delete the {label}", label=label), said, restore)

    def export(self, path: Path) -> Path | None:
        """Save all of them as one file and return its path, or None if refused."""
        path = with_ending(path, SUFFIX)
        saved = self._tried(lambda: self._files.save(path, self._store.export))
        if saved is None:
            return None
        self._files.tell(saved, tr("Exported as {path}", path=saved.path))
        return saved.path

    def import_(self, path: Path) -> int | None:
        """Add the digits of an exported file and return how many were new, or None if refused."""
        added = self._tried(lambda: self._store.import_(path))
        if added:
            names = {digit.name for digit in added}
            self._offer(
                trn("import {count:,} digit", "import {count:,} digits", len(added)),
                trn("{count:,} digit was added", "{count:,} digits were added", len(added)),
                lambda: self._store.delete(*(digit.name for digit in self.digits if digit.name in names)),
            )
        return None if added is None else len(added)

    def train_with_them(self, included: bool) -> None:
        """Let the next new network learn from them too, or not."""
        if included is not self.included:
            self.included = included
            self.changed.emit()

    def watch(self, watched: bool) -> None:
        """Read them again whenever another moment is shown, or leave that until somebody looks again."""
        if watched and not self._watched:
            self._tell_problems()
            self._read()
        self._watched = watched
        self._reading.stop()

    def for_run(self, config: TrainingConfig, new: bool) -> tuple[TrainingConfig, Dataset | None]:
        """Return a config with its kept digits named, and these digits, for a run that begins now.

        A new network learns from the digits that are here now, if that is wanted. One that was saved
        goes on with those that it knows, if they are here as they were.
        """
        if new:
            chosen = self._set if self.included and _suits(config) else None
            config = replace(config, my_digits="" if chosen is None else chosen[1])
        else:
            chosen = self._set if config.my_digits and config.my_digits == self.fingerprint else None
            if config.my_digits and chosen is None:
                text = trn(
                    "This network has learned from {count:,} kept digit that is not here, or not as it was. "
                    "If you train it on, it learns without it; import it first if you have its file.",
                    "This network has learned from {count:,} kept digits that are not here, or not as they "
                    "were. If you train it on, it learns without them; import them first if you have their "
                    "file.",
                    int(config.my_digits.partition("-")[0]),
                )
                QTimer.singleShot(0, self, lambda: self.refused.emit(text))  # after the run has begun
        return config, None if chosen is None else chosen[0]

    def _join(self, run: NextRun) -> None:
        """Let a run that is about to begin learn from them, if wanted; one that goes on has its own."""
        if run.run is None:
            run.config, run.more = self.for_run(run.config, run.fresh)

    def close(self) -> None:
        """Read them no more; what was deleted is then gone for good."""
        self.watch(False)
        if "_store" in self.__dict__:
            self._store.close()

    def _tell_problems(self) -> None:
        """Say once what cannot be read in the folder."""
        if self._store.problems and self._store.problems != self._problems_said:
            self.refused.emit("\n".join(self._store.problems[:PROBLEMS]))
        self._problems_said = self._store.problems

    # -- the network's answers --

    @cached_property
    def _set(self) -> tuple[Dataset, str] | None:
        """The digits as a data set, and its fingerprint."""
        dataset = self._store.dataset()
        return None if dataset is None else (dataset, dataset.fingerprint())

    def _seen(self, digits: Dataset, dtype: DTypeLike, white: float) -> NDArray[np.floating]:
        """Return the digits as the network sees them, (pixels, n)."""
        wanted = digits, np.dtype(dtype), white
        if self._x is None or self._x[0] != wanted:
            self._x = wanted, DIGITS_SPEC.inputs(digits.values, dtype, white)
        return self._x[1]

    def _offer(self, what: str, said: str, take_back: Callable[[], object]) -> None:
        """Let something be undone; if that fails for now, also later."""
        act = Act(DIGITS, what, lambda: self._tried(take_back, act), said)
        self.undoable.emit(act)

    def _tried(self, change: Callable[[], T], again: Act | None = None) -> T | None:
        """Do what may be refused.

        Args:
            change: does it.
            again: what it undoes, to be undone later if it cannot be saved now.
        """
        try:
            done = change()
        except MicroNNError as error:
            if again and isinstance(error, StorageError) and not isinstance(error, NotInTrashError):
                self.undoable.emit(again)
            self.refused.emit(str(error))
            return None
        finally:  # the folder was looked at, so there may be others even if nothing was done
            self.__dict__.pop("_set", None)
            self._read()
            self.changed.emit()
        return done

    def _moment_changed(self) -> None:
        if not self._watched:
            return
        if self._training.shown is None:
            self._reading.now()  # what the old network read is said no longer
        else:
            self._reading.ask()

    def _follow(self) -> None:
        self._read()
        self.answered.emit()

    def _read(self) -> None:
        shown = self._training.shown
        self.answers = None
        if shown is not None and self._set is not None and self.suit:
            network = Network(shown.parameters, ACTIVATIONS[self._training.config.activation])
            dtype, white = shown.parameters.vector.dtype, self._training.config.white
            self.answers = network.predict(self._seen(self._set[0], dtype, white))


def _suits(config: TrainingConfig) -> bool:
    """Return whether the samples of a config's data set are pictures of digits as these are."""
    try:
        return source_of(config.dataset).spec == DIGITS_SPEC
    except DataError:
        return False
