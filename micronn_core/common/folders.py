"""Where the program keeps what belongs to it on this machine."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def home_folder() -> Path:
    """Return this user's home; the root of the disk for whoever has none, where Qt looks too."""
    home = Path(os.path.expanduser("~"))
    return home if home.is_absolute() else Path(os.path.abspath(os.sep))


def local_data_folder() -> Path:
    """Return the folder of this user's data on this machine: of no profile that follows them to others.

    It is the one that Qt calls AppLocalDataLocation.
    """
    home = home_folder()
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = home / "Library" / "Application Support"
    else:
        named = Path(os.environ.get("XDG_DATA_HOME", ""))
        base = named if named.is_absolute() else home / ".local" / "share"
    return base / "MicroNN" / "MicroNN"


def runs_folder() -> Path:
    """Return the folder of the runs that the window keeps."""
    return local_data_folder() / "runs"
