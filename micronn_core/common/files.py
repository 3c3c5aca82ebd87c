"""Files: written beside their place and then renamed, all or nothing; read with words for every trouble.

All that MicroNN keeps goes through `write_atomically`, so that a full disk, a crash or a pulled plug
leaves what was there before. All that it reads is opened by `open_file`, so that nothing that is no
file can keep it waiting, and nothing of any length can take all memory.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedReader, BufferedWriter
from pathlib import Path

from micronn_core.common.errors import MicroNNError, NoRoomError, StorageError
from micronn_core.common.stopping import Stoppable, can_be_stopped
from micronn_core.common.texts import mark, tr

try:
    import fcntl
except ImportError:  # Windows, where nobody can delete what is open
    fcntl = None  # type: ignore[assignment]

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
    errno.ELOOP: mark("{path} cannot be saved: it is a link to itself. Choose another name."),
}
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
_CANNOT_SAVE_OTHERWISE = mark("{path} cannot be saved: {reason}. Choose another place.")

_CANNOT_READ = {
    errno.ENOENT: mark("{path}: there is no such file. Check its name."),
    errno.EISDIR: mark("{path} is a folder. Choose a file in it."),
    errno.EACCES: mark("{path}: no permission to read it. Change its permissions."),
    errno.ENODEV: mark("{path} is a device, a pipe or a socket. Choose a file."),
    errno.EFBIG: mark("{path} is too large: {reason}. Choose a smaller file."),
}
_CANNOT_READ_OTHERWISE = mark("{path} cannot be read: {reason}. Copy it again.")

_AT_ONCE = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | os.O_CLOEXEC
"""How a file is opened: a pipe that nobody writes to must not be waited for."""

_PREFIX, _PART = ".micronn-", ".part"
_OLD = 3600.0
"""Seconds after which a file in the making is no longer being made, where that cannot be known: writing one
takes a minute at most."""

_LONGEST_FAULT = 200
_PIECE = bytes(1 << 20)


def write_atomically(path: Path | str, content: bytes) -> Path:
    """Write a file beside its place, and rename it when it is safely on the disk: all or nothing.

    Args:
        path: where to; a link is followed, and what is there already is replaced.
        content: the whole of the file.

    Returns:
        Where the file really lies.

    Raises:
        NoRoomError: there is no room for it; what was there before is untouched.
        StorageError: it cannot be written; likewise.
    """
    with _beside(path) as (target, temporary, stream):
        if target.exists():
            temporary.chmod(stat.S_IMODE(target.stat().st_mode))
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
        if fcntl is None:
            stream.close()  # Windows does not rename what is open
        temporary.replace(target)
    return target


def with_ending(path: Path | str, *endings: str) -> Path:
    """Return a path with the first of some endings put behind its name, unless it has one of them.

    Put behind, not in the place of another one, so that nobody's file of another kind is replaced.
    """
    path = Path(path)
    if not path.name or path.suffix.lower() in endings:
        return path
    return path.with_name(path.name + endings[0])


def check_writable(path: Path | str, length: int = 0) -> None:
    """Make sure that a file can be written, so that no work is in vain.

    Args:
        path: where to.
        length: how many bytes; as many are taken, for only then is it certain that there is room.

    Raises:
        NoRoomError: there is no room for it.
        StorageError: it cannot be written.
    """
    with _beside(path) as (_, _, stream):
        if length and not _allocate(stream.fileno(), length):
            for start in range(0, length, len(_PIECE)):
                stream.write(_PIECE[: length - start])
        stream.flush()
        os.fsync(stream.fileno())


def _allocate(descriptor: int, length: int) -> bool:
    """Have the disk set bytes aside, which takes no time; returns whether it can do that."""
    if not hasattr(os, "posix_fallocate"):
        return False
    try:
        os.posix_fallocate(descriptor, 0, length)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.EOPNOTSUPP, errno.ENOSYS):
            raise
        return False
    return True


def sweep(folder: Path) -> None:
    """Delete what a killed program has left half written in a folder; what is being written stays."""
    with suppress(OSError):
        for entry in os.scandir(folder):
            if entry.name.startswith(_PREFIX) and entry.name.endswith(_PART):
                with suppress(OSError):
                    _sweep_file(entry.path, time.time() - entry.stat(follow_symlinks=False).st_mtime > _OLD)


def _sweep_file(path: str, is_old: bool) -> None:
    """Delete a file in the making, unless it is being written."""
    if fcntl is None:
        if is_old:
            os.unlink(path)
        return
    with open(os.open(path, os.O_RDWR | _AT_ONCE), "rb") as stream:
        if _lock(stream, otherwise=is_old):
            os.unlink(path)


def _lock(stream: BufferedReader | BufferedWriter, otherwise: bool) -> bool:
    """Lock a file in the making until it is closed, however its program ends, and return whether it could be.

    Args:
        stream: the file.
        otherwise: what to return where files cannot be locked.
    """
    if fcntl is None:
        return otherwise
    try:
        fcntl.flock(stream.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return otherwise
    return True


def make_folder(folder: Path) -> None:
    """Make a folder, with those above it, if it is not there; raises StorageError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_save(folder, error) from error


def delete(path: Path) -> None:
    """Delete a file for good; one that is gone already is no error.

    Raises:
        StorageError: it cannot be deleted.
    """
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise cannot_delete(path, error) from error


def cannot_delete(path: Path, error: OSError) -> StorageError:
    """Return the error of a file that cannot be deleted, in words."""
    text = tr(
        "{path} cannot be deleted: {reason}. Change the permissions of its folder.",
        path=path,
        reason=error.strerror or error,
    )
    return StorageError(text)


def open_file(path: Path | str, most: int) -> BufferedReader:
    """Open a file to read bytes, if it is one, at once: devices, pipes and sockets can last for ever.

    Inside `until_set` the reading ends when it is given up.

    Args:
        path: the file; a link is followed.
        most: most bytes that it may have.

    Raises:
        OSError: it is missing, no file, too large, or cannot be read; `reading` says it in words.
    """
    _check_file(os.stat(path), most)  # before it is opened: to open a device may do something
    stream = open(os.open(path, _AT_ONCE), "rb")  # noqa: SIM115 - for the caller to close
    try:
        _check_file(os.fstat(stream.fileno()), most)
    except OSError:
        stream.close()
        raise
    return BufferedReader(Stoppable(stream)) if can_be_stopped() else stream


def _check_file(status: os.stat_result, most: int) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))
    if status.st_size > most:
        raise too_large(status.st_size, most)


def too_large(length: int, most: int) -> OSError:
    """Return the error of a file with more bytes than it may have, for `reading` to say in words."""
    return OSError(errno.EFBIG, tr("{length:,} bytes, and {most:,} are the most", length=length, most=most))


def read_bytes(path: Path | str, most: int) -> bytes:
    """Return what is in a file; raises OSError as `open_file` does."""
    with open_file(path, most) as stream:
        content = stream.read(most + 1)  # it may grow meanwhile
    if len(content) > most:
        raise too_large(len(content), most)
    return content


@contextmanager
def reading(
    path: Path | str, kind: type[MicroNNError] = StorageError, damaged: str | None = None
) -> Iterator[None]:
    """Turn any trouble of the file system, and memory that runs out, into an error in words.

    Args:
        path: the file that is read inside.
        kind: the class of the error.
        damaged: what to say of a file that cannot be made sense of: a sentence, marked for
            translation, with the places {path} and {error}. Whatever a library raises inside, from a
            wrong value to a text that is nested too deeply, becomes that error too.
    """
    try:
        yield
    except MicroNNError:
        raise
    except MemoryError:
        text = tr("{path} does not fit into memory. Close other programs first.", path=path)
        raise kind(text) from None
    except Exception as error:
        if isinstance(error, OSError) and (error.errno or damaged is None):  # without a number: a library's
            sentence = _CANNOT_READ.get(error.errno or 0, _CANNOT_READ_OTHERWISE)
            raise kind(tr(sentence, path=path, reason=error.strerror or error)) from error
        if damaged is None:
            raise
        raise kind(tr(damaged, path=path, error=fault_of(error))) from error


def fault_of(error: Exception) -> str:
    """Return what a library says is wrong, on one short line, whatever stands in the file."""
    said = " ".join(str(error).split()) or type(error).__name__
    return said if len(said) <= _LONGEST_FAULT else said[: _LONGEST_FAULT - 1] + "…"


@contextmanager
def _beside(path: Path | str) -> Iterator[tuple[Path, Path, BufferedWriter]]:
    """Yield where a file will lie, a fresh name in the same folder, and that file; leave nothing there.

    Raises:
        StorageError: instead of any error of the file system, here or in the body.
    """
    try:
        target = _target(Path(path))
        temporary, stream = _begun(target)
        try:
            with stream:
                yield target, temporary, stream
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise cannot_save(path, error) from error


def _begun(target: Path) -> tuple[Path, BufferedWriter]:
    """Make a file beside its place, and keep it locked, so that nobody sweeps it."""
    while True:
        temporary = target.with_name(f"{_PREFIX}{secrets.token_hex(8)}{_PART}")
        stream = temporary.open("xb")
        if _lock(stream, otherwise=True) and os.fstat(stream.fileno()).st_nlink:
            return temporary, stream
        stream.close()  # somebody has swept it before it was locked


def _target(path: Path) -> Path:
    """Return where a file will really lie, following links; refuse what must not be replaced."""
    target = Path(os.path.realpath(path))
    if target.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
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


def cannot_save(path: Path | str, error: OSError) -> StorageError:
    """Return the error of a file that cannot be saved, in words."""
    sentence = _CANNOT_SAVE.get(error.errno or 0, _CANNOT_SAVE_OTHERWISE)
    kind = NoRoomError if error.errno in _NO_ROOM else StorageError
    return kind(tr(sentence, path=path, reason=error.strerror or error))
