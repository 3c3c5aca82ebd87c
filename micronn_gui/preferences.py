"""What the window remembers until it is opened again: each with its kind and its default, in versions.

What is missing, or is of another kind, has its default; what a newer MicroNN has kept is left as it is.
To add a preference, add its line to `Preferences`.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QByteArray, QSettings

from micronn_core.common.errors import ConfigError, StorageError
from micronn_core.common.formats import VERSION, Format, Values
from micronn_core.common.texts import tr
from micronn_core.settings.config import TrainingConfig
from micronn_gui.theme import TEXT_SIZES, USUAL_SIZE

FORMAT = Format(2, {1: lambda values: values})
"""The first version does not say that it is one; else it is the same."""

log = logging.getLogger(__name__)

T = TypeVar("T")

Strokes = tuple[tuple[tuple[float, ...], ...], ...]
"""Lines of points (x, y) or (x, y, pressure) on a pad whose side is 1."""

MOST_OF_A_DRAWING = 1 << 20
"""Most letters of a drawing that is kept: hours of drawing."""


def _bytes(value: object) -> QByteArray:
    return value if isinstance(value, QByteArray) else QByteArray()


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _yes(value: object) -> bool:
    return value in (True, "true")  # a file of settings holds texts


def _as_yes(yes: bool) -> str:
    return "true" if yes else "false"


def _percent(value: object) -> int:
    """Return one of the sizes of the text; the usual one if what is kept is anything else."""
    text = str(value)
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else USUAL_SIZE
    return number if number in TEXT_SIZES else USUAL_SIZE


def _config(value: object) -> TrainingConfig:
    if isinstance(value, str):
        try:
            return TrainingConfig.from_json(value)
        except ConfigError as error:
            log.warning("the settings of the last session cannot be used: %s", error)
    return TrainingConfig()


def _strokes(value: object) -> Strokes:
    """Return strokes; none if what is kept is anything else."""
    try:
        strokes = json.loads(value) if isinstance(value, str) and len(value) <= MOST_OF_A_DRAWING else []
        read = tuple(tuple(tuple(map(float, point)) for point in stroke) for stroke in strokes)
        usable = all(
            len(point) in (2, 3) and all(-1 <= number <= 2 for number in point)
            for stroke in read
            for point in stroke
        )
    except (ValueError, TypeError, OverflowError, RecursionError):
        return ()
    return read if usable and all(read) else ()


def _widths(value: object) -> tuple[float, ...]:
    """Return the widths of brushes; none if what is kept is anything else."""
    try:
        widths = json.loads(value) if isinstance(value, str) and len(value) <= MOST_OF_A_DRAWING else []
        read = tuple(map(float, widths))
    except (ValueError, TypeError, OverflowError, RecursionError):
        return ()
    return read if all(0 < width <= 1 for width in read) else ()


def _as_json(strokes: Strokes) -> str:
    text = json.dumps([[[round(number, 4) for number in point] for point in stroke] for stroke in strokes])
    return text if len(text) <= MOST_OF_A_DRAWING else "[]"


def _as_it_is(value: Any) -> Any:  # noqa: ANN401 - whatever Qt can keep
    return value


class _Kept(Generic[T]):
    """A preference: an attribute that is kept.

    Args:
        key: under what name.
        read: returns the value of what is kept, or the default if that is None or cannot be used.
        write: returns what is to be kept of a value.
    """

    def __init__(
        self, key: str, read: Callable[[object], T], write: Callable[[T], object] = _as_it_is
    ) -> None:
        self.key, self._read, self._write = key, read, write

    def __get__(self, preferences: Preferences, owner: type) -> T:
        return self._read(preferences.kept(self.key))

    def __set__(self, preferences: Preferences, value: T) -> None:
        preferences.keep(self.key, self._write(value))


class Preferences:
    """Preferences that Qt keeps as the system does.

    Args:
        settings: where they are kept.

    Attributes:
        geometry: where the window is and how large; empty for the usual place.
        theme: its name; "" for the system's.
        text_size: how large the text is, in percent.
        language: its code; "" for the system's.
        with_my_digits: whether a new network learns from the kept digits too.
        config: the last recipe; the tutorial's where there is none that can be used.
        neurons: what the pictures of the neurons show, such as "learned"; "" for the usual.
        maths: whether Inspect writes titles and lists in symbols; else in plain words.
        run: the id of the run that was open; "" for none that is kept.
        workspace: the name of the one that was open; "" for the first.
        welcomed: whether the first steps have been offered.
        drawing: the strokes on the pad.
        brushes: the widths that these were drawn with; older versions kept none.
    """

    geometry = _Kept("geometry", _bytes)
    theme = _Kept("theme", _text)
    text_size = _Kept("text size", _percent, str)
    language = _Kept("language", _text)
    with_my_digits = _Kept("train with my digits", _yes, _as_yes)
    config = _Kept("config", _config, TrainingConfig.to_json)
    neurons = _Kept("neurons", _text)
    maths = _Kept("maths", _yes, _as_yes)
    run = _Kept("run", _text)
    workspace = _Kept("workspace", _text)
    welcomed = _Kept("welcomed", _yes, _as_yes)
    drawing = _Kept("drawing", _strokes, _as_json)
    brushes = _Kept("brushes of the drawing", _widths, lambda widths: json.dumps(list(widths)))

    def __init__(self, settings: QSettings) -> None:
        self._settings = settings
        self._values = self._upgraded()

    def _upgraded(self) -> Values | None:
        """Return what is kept, as this version has it; None for what a newer version has kept."""
        # On a Mac the keys of the whole system are listed too, so only what is known is asked for.
        keys = [kept.key for kept in vars(type(self)).values() if isinstance(kept, _Kept)]
        values = {key: self._settings.value(key) for key in keys if self._settings.contains(key)}
        version = str(self._settings.value(VERSION, 1))
        values[VERSION] = int(version) if version.isascii() and version.isdigit() else version
        try:
            return FORMAT.upgraded(self._settings.fileName(), values)
        except StorageError as error:
            log.warning("%s", error)
            return None
        except ValueError as error:
            log.warning("the preferences are damaged: %s", error)
            return {}

    def kept(self, key: str) -> object:
        """Return what is kept under a name; None if there is nothing."""
        return None if self._values is None else self._values.get(key)

    def splitter(self, key: str) -> QByteArray:
        """Return how a splitter shares its space; empty for the usual shares."""
        return QByteArray() if self._values is None else _bytes(self._settings.value(key))

    def keep_splitter(self, key: str, state: QByteArray) -> None:
        """Keep how a splitter shares its space. Each workspace names its own."""
        self.keep(key, state)

    def trouble(self) -> str:
        """Return why nothing that is set will be kept, "" if it will be."""
        name = self._settings.fileName()
        if self._values is None:
            return tr(
                "{path} holds the settings of a newer MicroNN and is left as it is: what you set here is "
                "forgotten when you close the window. Update MicroNN.",
                path=name,
            )
        if self._settings.isWritable():
            return ""
        return tr(
            "{path} cannot be written: what you set here is forgotten when you close the window. Check its "
            "folder and its permissions.",
            path=name,
        )

    def write(self) -> str:
        """Have it on the disk now; returns why it cannot be there, "" if it is."""
        name = self._settings.fileName()
        settings = QSettings(name, self._settings.format())  # the same ones, but without the errors of before
        settings.sync()
        if settings.status() is QSettings.Status.NoError:
            return ""
        return tr("{path} cannot be saved. Check its folder, its permissions and the room there.", path=name)

    def save_elsewhere(self, folder: Path) -> None:
        """Save a copy in another folder.

        Raises:
            StorageError: it cannot be saved.
        """
        path = folder / Path(self._settings.fileName()).name
        copy = QSettings(str(path), QSettings.Format.IniFormat)
        for key in self._settings.allKeys():
            copy.setValue(key, self._settings.value(key))
        copy.sync()
        if copy.status() is not QSettings.Status.NoError:
            raise StorageError(tr("{path} cannot be saved. Choose another folder.", path=path))

    def keep(self, key: str, value: object) -> None:
        """Keep a value from now on, unless a newer MicroNN has kept others."""
        if self._values is not None:
            self._values[key] = value
            self._settings.setValue(key, value)
            self._settings.setValue(VERSION, FORMAT.version)
