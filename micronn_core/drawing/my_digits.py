"""Digits that people drew, labelled and kept: a data set of their own.

They lie in one folder and can be read without MicroNN: `index.csv` holds a line of name, label
and time for each, and `<name>.png` its picture, 28x28 pixels in grey. An export is the same files
in one ZIP archive. The folder is the truth: it is looked at again before every change, and nobody else
changes it meanwhile, so that two windows add to each other's digits. Whatever cannot be read in it is left
as it is, and a picture that has lost its line in the index is taken back in.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from micronn_core.common.errors import DataError, StorageError
from micronn_core.common.files import (
    cannot_delete,
    cannot_save,
    read_bytes,
    sweep,
    with_ending,
    write_atomically,
)
from micronn_core.common.locks import FolderLock
from micronn_core.common.texts import mark, tr, trn
from micronn_core.common.trash import Trash
from micronn_core.data.dataset import Dataset
from micronn_core.data.features import DIGITS_SPEC, WHITE
from micronn_core.drawing.digit_files import (
    FIELDS,
    INDEX,
    MAX_INDEX_BYTES,
    MAX_PICTURE_BYTES,
    MOST,
    SIDE,
    KeptDigit,
    Picture,
    archive_bytes,
    digit_from,
    index_bytes,
    parse_index,
    picture_from,
    png_bytes,
    read_archive,
    read_only,
)

__all__ = ["NAME", "KeptDigit", "MyDigits", "exported_dataset"]

NAME = "My digits"
SUFFIX = ".zip"
PICTURE = ".png"
DELETED = ".deleted"
"""How the name of a picture ends that is deleted, until the index has lost its line."""


class DeletedDigit(NamedTuple):
    """A digit that was deleted, and at which place of all of them it was."""

    place: int
    digit: KeptDigit


class MyDigits:
    """The digits kept in a folder; a change is on the disk before it shows here, or an error says why not.

    Attributes:
        folder: where they lie; it is made when the first one is kept.
        trash: what was deleted from it here, until it is closed.
        problems: what could not be read there, where, and what to do; empty if all is well.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: tuple[str, ...] = ()
        self._digits: tuple[KeptDigit, ...] = ()
        self._unread: tuple[str, ...] = ()  # lines that are written back as they were found
        self._deleted: set[str] = set()  # names of digits that the index may still list
        self._taken_back: tuple[str, ...] = ()  # names of digits whose pictures had no line
        self._lock = FolderLock(folder)
        self.trash = Trash(folder, self._lock)
        sweep(folder)
        self.trash.sweep()
        try:
            if self._read():
                with self._changing():
                    pass
        except StorageError as error:
            self.problems = (str(error),)

    @property
    def digits(self) -> tuple[KeptDigit, ...]:
        """The kept digits, the oldest first."""
        return self._digits

    def keep(self, picture: ArrayLike, label: int) -> KeptDigit:
        """Keep a picture, (28, 28), as floats of 0 to 1 or bytes of 0 to 255.

        Raises:
            DataError: it is no such picture, it is blank, or the label is not a digit.
            StorageError: it cannot be saved; all is as it was.
        """
        pixels, label = _as_picture(picture), _checked_label(label)
        with self._changing():
            now = datetime.now(UTC).replace(microsecond=0)
            digit = KeptDigit(self._new_name(now), label, pixels, now.isoformat())
            self._add([digit])
        return digit

    def delete(self, *names: str) -> tuple[DeletedDigit, ...]:
        """Move digits and their files to the trash; it needs no room on the disk.

        Returns:
            What it takes to restore them.

        Raises:
            DataError: there is none of such a name; all is as it was.
            StorageError: a file cannot be changed; it and those after it are as they were.
        """
        deleted = []
        with self._changing():
            digits = [self._named(name) for name in names]
            try:
                for digit in digits:
                    self._hide(digit.name)
                    deleted.append(DeletedDigit(self._digits.index(digit), digit))
                    self._digits = tuple(other for other in self._digits if other != digit)
            finally:
                with suppress(StorageError):  # a full disk: till the index is saved, lines are passed over
                    self._save(self._digits)
        return tuple(deleted)

    def restore(self, deleted: Sequence[DeletedDigit]) -> None:
        """Get deleted digits back, each to its place.

        Raises:
            NotInTrashError: one of them is gone for good, or there again.
            StorageError: they cannot be saved; they are still in the trash.
        """
        with self._changing():
            for place, digit in reversed(deleted):
                if digit not in self._digits:
                    self._restore(place, digit)

    def _restore(self, place: int, digit: KeptDigit) -> None:
        path, hidden = self._file(digit.name), self._file(digit.name, DELETED)
        if hidden.exists():  # the disk was full
            try:
                hidden.rename(path)
            except OSError as error:
                raise cannot_save(path, error) from error
        else:
            self.trash.get_back(path.name, path)
        self._deleted -= {digit.name}
        try:
            self._save([*self._digits[:place], digit, *self._digits[place:]])
        except StorageError:
            self._read()
            if digit not in self._digits:  # no line was left of it
                self._hide(digit.name)
                raise

    def _hide(self, name: str) -> None:
        """Let a digit's line in the index be passed over until that can be saved."""
        try:
            self._file(name).rename(self._file(name, DELETED))
        except OSError as error:
            raise cannot_delete(self._file(name), error) from error
        self._deleted |= {name}

    def close(self) -> None:
        """Delete for good what was deleted."""
        self.trash.close()

    def relabel(self, name: str, label: int) -> KeptDigit:
        """Give a digit another label and return it as it is now; raises as `keep` and `delete` do."""
        label = _checked_label(label)
        with self._changing():
            digit = self._named(name)
            changed = replace(digit, label=label)
            self._save([changed if other == digit else other for other in self._digits])
            with suppress(StorageError):  # the index says it all
                write_atomically(self._file(name), png_bytes(changed))
        return changed

    def export(self, path: Path | str) -> Path:
        """Save all digits in one ZIP archive, and return its path; ".zip" is put behind any other name.

        Raises:
            DataError: there are no digits yet.
            StorageError: it cannot be saved; what was there before is untouched.
        """
        self._read()
        if not self._digits:
            raise DataError(tr("There are no digits to export. Draw some, label and keep them first."))
        return write_atomically(with_ending(path, SUFFIX), archive_bytes(self._digits))

    def import_(self, path: Path | str) -> tuple[KeptDigit, ...]:
        """Add the digits of an exported archive, without those that are here with the same label.

        Nothing is unpacked under a name from the archive that does not belong there, nothing larger
        than it may be, and nothing is added unless all of it is sound.

        Returns:
            Those that were added.

        Raises:
            DataError: the archive cannot be used; names the member and the line.
            StorageError: a newer MicroNN has exported it, or the digits cannot be saved; all is as it was.
        """
        found = read_archive(Path(path))
        with self._changing():
            added = self._new_of(found)
            if added:
                self._add(added)
        return tuple(added)

    def _new_of(self, found: Sequence[KeptDigit]) -> list[KeptDigit]:
        """Return the digits that are not here with the same label, under names that are free."""
        here = {(digit.label, digit.picture.tobytes()) for digit in self._digits}
        names = {digit.name for digit in self._digits} | {line.split(",")[0] for line in self._unread}
        added = []
        for digit in found:
            key = digit.label, digit.picture.tobytes()
            if key in here:
                continue
            if digit.name in names or self._file(digit.name).exists():
                digit = replace(digit, name=self._new_name(datetime.fromisoformat(digit.kept_at)))
            here.add(key)
            names.add(digit.name)
            added.append(digit)
        return added

    def dataset(self) -> Dataset | None:
        """Return the digits as a data set to measure on or to train with; None if there are none."""
        return as_dataset(self._digits) if self._digits else None

    def _file(self, name: str, suffix: str = PICTURE) -> Path:
        return self.folder / f"{name}{suffix}"

    def _new_name(self, moment: datetime) -> str:
        return f"{moment:%Y%m%d-%H%M%S}-{secrets.token_hex(4)}"

    def _named(self, name: str) -> KeptDigit:
        for digit in self._digits:
            if digit.name == name:
                return digit
        text = tr(
            "There is no kept digit {name!r} in {folder}. It may have been deleted already.",
            name=name,
            folder=self.folder,
        )
        raise DataError(text)

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """Keep others out of the folder, and bring memory to what it holds, before it is changed."""
        with self._lock.held():
            if lost := self._read():
                self._take_back(lost)
            yield

    def _read(self) -> list[KeptDigit]:
        """Bring memory to what the folder holds; pictures that are known are not read again.

        Returns:
            The digits whose pictures have no line in the index, but say what they are.
        """
        index, text = self.folder / INDEX, ""
        try:
            text = read_bytes(index, MAX_INDEX_BYTES).decode("utf-8-sig", "surrogateescape")
        except FileNotFoundError:
            pass
        except OSError as error:
            trouble = tr(
                "{path} cannot be read: {reason}. Check the folder and its permissions; until then no digit "
                "can be kept there.",
                path=index,
                reason=error.strerror or error,
            )
            raise StorageError(trouble) from error
        known = {digit.name: digit.picture for digit in self._digits}

        def picture_of(name: str) -> Picture:
            return known[name] if name in known else picture_from(self._content(name))

        self._deleted = self._names(DELETED)
        digits, faults = parse_index(index, text, picture_of)
        faults = [fault for fault in faults if fault.line.split(",")[0] not in self._deleted]
        digits = [digit for digit in digits if digit.name not in self._deleted]
        sentence = mark(
            "{path}, line {number}: {reason}. Mend it, or remove the line; the other digits are not affected."
        )
        problems = [tr(sentence, path=index, number=fault.number, reason=fault.reason) for fault in faults]
        listed = {digit.name for digit in digits} | {fault.line.split(",")[0] for fault in faults}
        lost, strange = self._unlisted(listed)
        self._digits, self._unread = tuple(digits), tuple(fault.line for fault in faults)
        self.problems = (*problems, *self._words_about(strange), *self._words_about_taken_back())
        return lost

    def _names(self, suffix: str) -> set[str]:
        return {path.stem for path in self.folder.glob(f"*{suffix}")}

    def _content(self, name: str) -> bytes:
        return read_bytes(self._file(name), 16 * MAX_PICTURE_BYTES)

    def _unlisted(self, listed: set[str]) -> tuple[list[KeptDigit], list[str]]:
        """Return the digits without a line in the index, and the names of pictures that say no label."""
        lost, strange = [], []
        for name in sorted(self._names(PICTURE) - listed)[:MOST]:
            try:
                lost.append(digit_from(name, self._content(name)))
            except (ValueError, OSError):
                strange.append(name)
        return lost, strange

    def _take_back(self, lost: Sequence[KeptDigit]) -> None:
        """Give pictures without a line in the index their lines again."""
        self._save(sorted([*self._digits, *lost], key=lambda digit: digit.kept_at))
        self._taken_back += tuple(digit.name for digit in lost)
        self.problems += self._words_about_taken_back()

    def _words_about_taken_back(self) -> tuple[str, ...]:
        if not self._taken_back:
            return ()
        return (
            trn(
                "{folder}: {index} had lost {count:,} of the digits ({names}). It is there again.",
                "{folder}: {index} had lost {count:,} of the digits ({names}). They are there again.",
                len(self._taken_back),
                folder=self.folder,
                index=INDEX,
                names=_some(self._taken_back),
            ),
        )

    def _words_about(self, strange: Sequence[str]) -> tuple[str, ...]:
        """Say which pictures have lost their line, and with it their label."""
        if not strange:
            return ()
        text = trn(
            "{folder}: no line of {index} says what digit is in {count:,} of the pictures ({names}). "
            "Restore {index}, or add a line for it: {fields}.",
            "{folder}: no line of {index} says what digit is in {count:,} of the pictures ({names}). "
            "Restore {index}, or add a line for each: {fields}.",
            len(strange),
            folder=self.folder,
            index=INDEX,
            names=_some(strange),
            fields=",".join(FIELDS),
        )
        return (text,)

    def _add(self, new: Sequence[KeptDigit]) -> None:
        """Save the pictures and then the index, which makes them count; remove them again if it fails."""
        if (count := len(self._digits) + len(new)) > MOST:
            text = tr(
                "{most:,} digits can be kept, and these would be {count:,}. Delete some first.",
                most=MOST,
                count=count,
            )
            raise DataError(text)
        try:
            for digit in new:
                write_atomically(self._file(digit.name), png_bytes(digit))
            self._save([*self._digits, *new])
        except StorageError:
            for digit in new:
                with suppress(OSError):
                    self._file(digit.name).unlink()
            raise

    def _save(self, digits: Sequence[KeptDigit]) -> None:
        write_atomically(self.folder / INDEX, index_bytes(digits, self._unread))
        self._digits = tuple(digits)
        for name in self._deleted:
            with suppress(StorageError):
                self.trash.throw_away(self._file(name, DELETED), f"{name}{PICTURE}")


def _some(names: Sequence[str]) -> str:
    """Return the first few of many names."""
    return ", ".join(names[:3]) + (" ..." if len(names) > 3 else "")


def as_dataset(digits: Sequence[KeptDigit]) -> Dataset:
    """Return digits, at least one, as a data set in their order."""
    images = np.stack([digit.picture.ravel() for digit in digits])
    labels = np.array([digit.label for digit in digits], np.uint8)
    return Dataset(NAME, images, labels, DIGITS_SPEC.features, DIGITS_SPEC.class_names)


def exported_dataset(path: Path | str) -> Dataset:
    """Return the digits of an exported archive as a data set.

    Raises:
        DataError: the archive cannot be used, or there is no digit in it.
        StorageError: a newer MicroNN has exported it.
    """
    digits = read_archive(Path(path))
    if not digits:
        raise DataError(tr("{path}: there are no digits in it. Choose another exported file.", path=path))
    return as_dataset(digits)


def _as_picture(picture: ArrayLike) -> Picture:
    pixels = np.asarray(picture)
    if pixels.shape != (SIDE, SIDE):
        raise DataError(
            tr(
                "A digit to keep has {side} x {side} pixels, not the shape {shape}.",
                side=SIDE,
                shape=pixels.shape,
            )
        )
    if pixels.dtype.kind == "f" and np.all((pixels >= 0) & (pixels <= 1)):  # NaN is neither
        pixels = np.rint(pixels * WHITE).astype(np.uint8)
    elif pixels.dtype != np.uint8:
        raise DataError(
            tr(
                "A digit to keep is made of numbers from 0 to 1, or of bytes; here is {kind}.",
                kind=pixels.dtype,
            )
        )
    if not pixels.any():
        raise DataError(tr("There is nothing to keep: the picture is blank. Draw a digit first."))
    return read_only(pixels.copy())


def _checked_label(label: object) -> int:
    classes = len(DIGITS_SPEC.class_names)
    if isinstance(label, bool) or not isinstance(label, int | np.integer) or not 0 <= label < classes:
        raise DataError(tr("The label of a digit is a whole number from 0 to 9, not {label!r}.", label=label))
    return int(label)
