"""Files: written beside their place and then renamed, all or nothing; read with words for every trouble.

All that MicroNN keeps goes through `write_atomically`, so that a full disk, a crash or a pulled plug
leaves what was there before.
"""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from micronn_core.common.errors import MicroNNError, StorageError
from micronn_core.common.texts import mark, tr

_CANNOT_SAVE = {
    errno.ENOENT: mark(
        "{path} cannot be saved: its folder does not exist. Make the folder first, or choose another one."
    ),
    errno.ENOTDIR: mark("{path} cannot be saved: a part of its path is not a folder. Choose another place."),
    errno.EEXIST: mark("{path} cannot be saved: a file is in the place of its folder. Move that file away."),
    errno.ENOSPC: mark("{path} cannot be saved: the disk is full. Free some space, or choose another disk."),
    errno.EDQUOT: mark(
        "{path} cannot be saved: your share of the disk is used up. Free some space, or choose another disk."
    ),
    errno.EROFS: mark("{path} cannot be saved: the disk is read-only. Choose another disk."),
    errno.EACCES: mark(
        "{path} cannot be saved: there is no permission to write there. Choose a folder of your own."
    ),
    errno.EPERM: mark(
        "{path} cannot be saved: there is no permission to write there. Choose a folder of your own."
    ),
    errno.ENAMETOOLONG: mark("{path} cannot be saved: the name is too long. Choose a shorter one."),
}
_CANNOT_SAVE_OTHERWISE = mark("{path} cannot be saved: {reason}. Choose another place.")

_CANNOT_READ = {
    errno.ENOENT: mark("{path}: there is no such file. Check its name."),
    errno.EISDIR: mark("{path} is a folder. Choose a file in it."),
    errno.EACCES: mark("{path}: no permission to read it. Change its permissions."),
}
_CANNOT_READ_OTHERWISE = mark("{path} cannot be read: {reason}. Copy it again.")


def write_atomically(path: Path | str, content: bytes) -> Path:
    """Write a file beside its place, and rename it when it is safely on the disk: all or nothing.

    Args:
        path: where to; a link is followed, and what is there already is replaced.
        content: the whole of the file.

    Returns:
        Where the file really lies.

    Raises:
        StorageError: it cannot be written; what was there before is untouched.
    """
    with _beside(path) as (target, temporary):
        with temporary.open("xb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(target)
    return target


def check_writable(path: Path | str) -> None:
    """Make sure that a file can be written, so that no work is in vain; raises StorageError."""
    with _beside(path) as (_, temporary):
        temporary.touch()


def make_folder(folder: Path) -> None:
    """Make a folder, with those above it, if it is not there; raises StorageError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _cannot_save(folder, error) from error


def delete(path: Path) -> None:
    """Delete a file for good; one that is gone already is no error.

    Raises:
        StorageError: it cannot be deleted.
    """
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        text = tr(
            "{path} cannot be deleted: {reason}. Change the permissions of its folder.",
            path=path,
            reason=error.strerror or error,
        )
        raise StorageError(text) from error


@contextmanager
def reading(path: Path | str, kind: type[MicroNNError] = StorageError) -> Iterator[None]:
    """Turn any trouble of the file system, and memory that runs out, into an error in words.

    Args:
        path: the file that is read inside.
        kind: the class of the error.
    """
    try:
        yield
    except MemoryError:
        text = tr("{path} does not fit into memory. Close other programs first.", path=path)
        raise kind(text) from None
    except OSError as error:
        sentence = _CANNOT_READ.get(error.errno or 0, _CANNOT_READ_OTHERWISE)
        raise kind(tr(sentence, path=path, reason=error.strerror or error)) from error


@contextmanager
def _beside(path: Path | str) -> Iterator[tuple[Path, Path]]:
    """Yield where a file will lie and a fresh name in the same folder; leave nothing under that name.

    Raises:
        StorageError: instead of any error of the file system, here or in the body.
    """
    try:
        target = _target(Path(path))
        temporary = target.with_name(f".micronn-{secrets.token_hex(8)}.part")
        try:
            yield target, temporary
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise _cannot_save(path, error) from error


def _target(path: Path) -> Path:
    """Return where a file will really lie, following links; refuse what must not be replaced."""
    target = Path(os.path.realpath(path))
    if target.exists():
        if not target.is_file():
            raise StorageError(
                tr("{path} is a folder, a device or a pipe. Choose another name.", path=target)
            )
        if not os.access(target, os.W_OK):
            text = tr(
                "{path} is write-protected. Choose another name, or change its permissions.", path=target
            )
            raise StorageError(text)
    return target


def _cannot_save(path: Path | str, error: OSError) -> StorageError:
    sentence = _CANNOT_SAVE.get(error.errno or 0, _CANNOT_SAVE_OTHERWISE)
    return StorageError(tr(sentence, path=path, reason=error.strerror or error))
