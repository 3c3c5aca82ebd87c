"""Small disks: a folder that holds no more than so many bytes, and a real one where that can be had."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest


class SmallDisk:
    """Lets a folder hold no more than so many bytes, where files are written safely and room is asked for.

    Args:
        folder: the folder; what lies elsewhere is not counted.
        capacity: bytes that all its files may have together.
    """

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capacity: int = 1 << 40) -> None:
        self.folder, self.capacity = folder, capacity
        self.full = errno.ENOSPC
        """What the system says of a full disk."""
        sync = os.fsync

        def fsync(descriptor: int) -> None:
            if self.used > self.capacity:
                raise OSError(self.full, os.strerror(self.full))
            sync(descriptor)

        monkeypatch.setattr(os, "fsync", fsync)
        monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=self.free))

    @property
    def used(self) -> int:
        """Bytes of its files."""
        return sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())

    @property
    def free(self) -> int:
        """Bytes that are free."""
        return max(0, self.capacity - self.used)


def on_a_small_disk(
    folder: Path, megabytes: int, words: Sequence[str], environment: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run a program for which a folder is a disk of its own; it finds there what lies there now."""
    copied = folder.with_name(f"{folder.name}-before")
    folder.rename(copied)
    folder.mkdir()
    script = (
        f'mount -t tmpfs -o size={megabytes}m tmpfs "$0" && cp -a "$1/." "$0" && back="$1" && disk="$0" && '
        'shift 1 && "$@"; code=$?; rm -rf "$back"/*; cp -a "$disk/." "$back"; exit $code'
    )
    isolated = ["unshare", "--user", "--map-root-user", "--mount"]
    if shutil.which("unshare") is None or subprocess.run([*isolated, "true"], capture_output=True).returncode:
        pytest.skip("no disk of one's own can be had here")
    ended = subprocess.run(
        [*isolated, "sh", "-c", script, folder, copied, *words],
        env=environment,
        capture_output=True,
        text=True,
        cwd=folder.parent,
    )
    folder.rmdir()
    copied.rename(folder)
    return ended
