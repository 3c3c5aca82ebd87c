"""A file is written whole or not at all, and whatever goes wrong is said in words."""

from __future__ import annotations

import errno
import os
import socket
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from micronn_core.common.errors import DataError, StorageError
from micronn_core.common.files import (
    check_writable,
    delete,
    make_folder,
    open_file,
    read_bytes,
    reading,
    write_atomically,
)

TROUBLES = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "your share of the disk is used up",
    errno.EROFS: "the disk is read-only",
    errno.EACCES: "there is no permission",
    errno.EIO: "Input/output error. Choose another place",
}


@pytest.mark.parametrize(("number", "words"), TROUBLES.items(), ids=errno.errorcode.get)
@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_that_trouble_while_writing_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str, call: str
) -> None:
    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    path = tmp_path / "kept"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, call, fail)
    with pytest.raises(StorageError, match=words) as caught:
        write_atomically(path, b"new")
    assert str(caught.value).startswith(f"{path} cannot be saved: ")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_that_a_link_is_followed_and_stays_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "real", tmp_path / "link"
    real.write_bytes(b"old")
    link.symlink_to(real)
    assert write_atomically(link, b"new") == real
    assert link.is_symlink()
    assert real.read_bytes() == b"new"


def test_that_a_file_can_be_new_and_has_the_permissions_of_any_other(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.touch()
    path = write_atomically(tmp_path / "new", b"content")
    assert path.read_bytes() == b"content"
    assert path.stat().st_mode == other.stat().st_mode


def test_that_a_link_to_itself_is_named_and_stays(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(link)
    with pytest.raises(StorageError, match="link cannot be saved: it is a link to itself"):
        write_atomically(link, b"new")
    assert link.is_symlink()


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o755])
def test_that_a_file_that_is_replaced_keeps_its_permissions(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "kept"
    path.write_bytes(b"old")
    path.chmod(mode)
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == mode


@contextmanager
def small_limit(length: int) -> Iterator[None]:
    """Let no file be longer, as on a disk that is nearly full."""
    resource = pytest.importorskip("resource")
    signal = pytest.importorskip("signal")
    before, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.getsignal(signal.SIGXFSZ)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (length, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def test_that_room_for_a_file_is_looked_for_with_real_bytes(tmp_path: Path) -> None:
    with small_limit(5_000_000):
        check_writable(tmp_path / "new", 4_999_999)
        with pytest.raises(StorageError, match="new cannot be saved: File too large"):
            check_writable(tmp_path / "new", 5_000_001)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("function", [check_writable, lambda path: write_atomically(path, b"")])
def test_that_what_must_not_be_replaced_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, function: Callable[[Path], object]
) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for name in ("folder", "pipe"):
        with pytest.raises(StorageError, match=f"{name} is a folder, a device or a pipe"):
            function(tmp_path / name)
    kept = tmp_path / "kept"
    kept.write_text("old")
    monkeypatch.setattr(os, "access", lambda *_: False)  # the tests may run as root, who may write anywhere
    with pytest.raises(StorageError, match="kept is write-protected"):
        function(kept)
    assert kept.read_text() == "old"


def test_that_to_look_whether_a_file_can_be_written_changes_nothing(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.write_text("old")
    check_writable(kept)
    check_writable(tmp_path / "new")
    assert list(tmp_path.iterdir()) == [kept]
    assert kept.read_text() == "old"


def test_that_a_folder_is_made_with_those_above_it(tmp_path: Path) -> None:
    for _ in range(2):
        make_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()


def test_that_a_file_in_the_place_of_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="a file is in the place of its folder"):
        make_folder(tmp_path / "file")
    with pytest.raises(StorageError, match="a part of its path is not a folder"):
        make_folder(tmp_path / "file" / "below")


def test_that_deleting_twice_is_no_error_and_a_folder_is_never_deleted(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.touch()
    delete(path)
    delete(path)
    path.mkdir()
    with pytest.raises(StorageError, match="file cannot be deleted: "):
        delete(path)
    assert path.is_dir()


UNREADABLE: dict[str, tuple[BaseException, str]] = {
    "missing": (FileNotFoundError(errno.ENOENT, "x"), "f: there is no such file. Check its name."),
    "folder": (IsADirectoryError(errno.EISDIR, "x"), "f is a folder. Choose a file in it."),
    "forbidden": (PermissionError(errno.EACCES, "x"), "f: no permission to read it. Change its permissions."),
    "broken": (
        OSError(errno.EIO, "Input/output error"),
        "f cannot be read: Input/output error. Copy it again.",
    ),
    "too large": (MemoryError(), "f does not fit into memory. Close other programs first."),
}


@pytest.mark.parametrize(("error", "text"), UNREADABLE.values(), ids=UNREADABLE)
@pytest.mark.parametrize("kind", [StorageError, DataError])
def test_that_trouble_while_reading_is_said_in_words(
    error: BaseException, text: str, kind: type[StorageError] | type[DataError]
) -> None:
    with pytest.raises(kind) as caught, reading("f", kind):
        raise error
    assert str(caught.value) == text


def make_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def make_socket(path: Path) -> None:
    os.chdir(path.parent)  # the name of a socket is short
    with socket.socket(socket.AF_UNIX) as open_socket:
        open_socket.bind(path.name)


NO_FILES: dict[str, tuple[Callable[[Path], None], str]] = {
    "pipe": (os.mkfifo, "f is a device, a pipe or a socket. Choose a file."),
    "device": (make_device, "f is a device, a pipe or a socket. Choose a file."),
    "socket": (make_socket, "f is a device, a pipe or a socket. Choose a file."),
    "folder": (Path.mkdir, "f is a folder. Choose a file in it."),
    "nothing": (lambda _: None, "f: there is no such file. Check its name."),
    "link to nothing": (
        lambda path: path.symlink_to(path.parent / "nowhere"),
        "f: there is no such file. Check its name.",
    ),
}


@pytest.mark.timeout(10)
@pytest.mark.parametrize(("make", "text"), NO_FILES.values(), ids=NO_FILES)
def test_that_what_is_no_file_is_refused_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Callable[[Path], None], text: str
) -> None:
    monkeypatch.chdir(tmp_path)
    make(tmp_path / "f")
    with pytest.raises(StorageError) as caught, reading("f"):
        open_file(tmp_path / "f", 100)
    assert str(caught.value) == text


def test_that_a_file_is_read_up_to_the_most_that_it_may_have(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(b"12345")
    assert read_bytes(path, 5) == b"12345"
    with pytest.raises(StorageError) as caught, reading("f"):
        read_bytes(path, 4)
    assert str(caught.value) == "f is too large: 5 bytes, and 4 are the most. Choose a smaller file."


@pytest.mark.timeout(10)
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs a file without a length")
def test_that_a_file_that_hides_its_length_is_read_no_further() -> None:
    with pytest.raises(StorageError, match="10 are the most"), reading("f"):
        read_bytes("/proc/self/stat", 10)


LIBRARIES_ERRORS = [
    RecursionError("deep"),
    OSError("odd"),
    UnicodeDecodeError("utf-8", b"x", 0, 1, "odd"),
    OverflowError("odd"),
    AssertionError(),
]


@pytest.mark.parametrize("error", LIBRARIES_ERRORS, ids=lambda error: type(error).__name__)
def test_that_whatever_a_library_raises_becomes_an_error_in_words(error: Exception) -> None:
    with (
        pytest.raises(DataError, match=r"^f is damaged \(.+\)\.$"),
        reading("f", DataError, "{path} is damaged ({error})."),
    ):
        raise error
    with pytest.raises(StorageError if isinstance(error, OSError) else type(error)), reading("f"):
        raise error
    ours = StorageError("said already")
    with pytest.raises(StorageError, match=r"^said already$"), reading("f", DataError, "{path}"):
        raise ours
