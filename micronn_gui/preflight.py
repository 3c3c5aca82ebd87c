"""Can a window be opened here? Asked before Qt is started, since Qt answers no by aborting.

Run as a program (`python micronn_gui/preflight.py`) it lists Qt's missing system libraries, each
with its Debian package: the Makefile installs what it prints. So it imports only what Python brings,
and its texts are translated by whoever shows them.
"""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import socket
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

QT_LIBRARIES = (
    "libGL.so.1",
    "libEGL.so.1",
    "libxkbcommon.so.0",
    "libdbus-1.so.3",
    "libfontconfig.so.1",
    "libglib-2.0.so.0",
    "libX11-xcb.so.1",
    "libxcb.so.1",
    "libxcb-cursor.so.0",
    "libxcb-icccm.so.4",
    "libxcb-image.so.0",
    "libxcb-keysyms.so.1",
    "libxcb-randr.so.0",
    "libxcb-render-util.so.0",
    "libxcb-shape.so.0",
    "libxcb-shm.so.0",
    "libxcb-sync.so.1",
    "libxcb-xfixes.so.0",
    "libxcb-xkb.so.1",
    "libxkbcommon-x11.so.0",
)
"""The system libraries that Qt loads for a window on an X display."""

_REINSTALL_QT = f'{sys.executable} -m pip install --force-reinstall "PySide6-Essentials!=6.12.0"'


def mark(text: str, /) -> str:
    """Mark a text for translation, as micronn_core does, which cannot be imported here."""
    return text


class Problem(NamedTuple):
    """Why no window can be opened, and what mends it.

    Attributes:
        text: what is wrong, with places.
        values: what fills its places.
        remedy: what to do, with places of its own.
    """

    text: str
    values: Mapping[str, object]
    remedy: str

    def message(self, tr: Callable[..., str] = lambda text, /, **values: text.format(**values)) -> str:
        """Return the message for the user, three lines.

        Args:
            tr: translates a text and fills its places; English without.
        """
        lines = (
            mark("MicroNN cannot open its window: {problem}"),
            mark("To mend it:        {remedy}"),
            mark("Without a screen:  {command}"),
        )
        problem, remedy = tr(self.text, **self.values), tr(self.remedy, **self.values)
        return "\n".join(tr(line, problem=problem, remedy=remedy, command="micronn train") for line in lines)


def check_display() -> Problem | None:
    """Return what keeps a window from being opened here, or None if all is well."""
    try:
        import PySide6.QtWidgets  # noqa: F401 -- the application needs it next anyway
    except ImportError as error:
        return _cannot_import(error)
    if not sys.platform.startswith("linux"):
        return None
    # Qt tries these one after the other and aborts when none works; the first is the preferred one.
    problems = [_platform_problem(name) for name in _platforms_to_try()]
    return None if None in problems else problems[0]


def missing_libraries() -> list[str]:
    """Return the names of those of Qt's system libraries that this machine lacks."""
    return [name for name in QT_LIBRARIES if _load_error(name)]


def debian_package(library: str) -> str:
    """Return the package that carries a library, by Debian's rule: libX11-xcb.so.1 is in libx11-xcb1."""
    name, _, version = library.lower().partition(".so.")
    name = name.replace("libglib-", "libglib")
    return f"{name}-{version}" if name[-1].isdigit() else name + version


def _platforms_to_try() -> list[str]:
    requested = os.environ.get("QT_QPA_PLATFORM", "")
    names = [entry.split(":")[0].strip().lower() for entry in requested.split(";")]
    by_default = ["wayland", "xcb"] if os.environ.get("WAYLAND_DISPLAY") else ["xcb"]
    return [name for name in names if name] or by_default


def _platform_problem(name: str) -> Problem | None:
    plugins = _platform_plugins()
    if name not in plugins:
        return Problem(
            mark('QT_QPA_PLATFORM asks for "{name}", which this Qt does not have; it has {names}.'),
            {"name": name, "names": ", ".join(plugins), "command": "unset QT_QPA_PLATFORM"},
            "{command}",
        )
    error = _load_error(str(plugins[name]))
    if error:
        return _library_missing(error)
    if name == "xcb":
        return _x_problem()
    if name == "wayland":
        return _wayland_problem()
    return None


def _platform_plugins() -> dict[str, Path]:
    from PySide6.QtCore import QLibraryInfo

    folder = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath)) / "platforms"
    # Older releases bring Wayland as libqwayland-generic.so and libqwayland-egl.so.
    return {
        path.stem.removeprefix("libq").removesuffix("-generic"): path
        for path in sorted(folder.glob("libq*.so"))
    }


def _x_problem() -> Problem | None:
    display = os.environ.get("DISPLAY")
    if not display:
        return Problem(
            mark("there is no screen: neither DISPLAY nor WAYLAND_DISPLAY is set."),
            {"command": "ssh -X"},
            mark("start it in a terminal of the desktop, or connect with: {command}"),
        )
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
    refused = xcb.xcb_connection_has_error(connection)
    xcb.xcb_disconnect(connection)
    if refused:
        return Problem(
            mark('the X display "{display}" does not answer (DISPLAY={display}).'),
            {"display": display, "command": "DISPLAY=:0 micronn"},
            mark("start it in a terminal of the desktop, or name the display that runs: {command}"),
        )
    return None


def _wayland_problem() -> Problem | None:
    folder = os.environ.get("XDG_RUNTIME_DIR", "/run")
    display = os.environ.get("WAYLAND_DISPLAY") or "wayland-0"
    try:
        with socket.socket(socket.AF_UNIX) as compositor:
            compositor.connect(os.path.join(folder, display))
    except OSError:
        return Problem(
            mark('the Wayland display "{display}" does not answer.'),
            {"display": display},
            mark("start it in a terminal of the desktop"),
        )
    return None


def _cannot_import(error: ImportError) -> Problem:
    if sys.platform.startswith("linux") and ".so" in str(error):
        return _library_missing(str(error))
    text = mark("Qt for Python cannot be loaded ({error}).")
    return Problem(text, {"error": error, "command": _REINSTALL_QT}, "{command}")


def _library_missing(error: str) -> Problem:
    named = re.search(r"([^/\s:]+\.so[.\d]*):", error)
    library = named[1] if named else error
    if named is None or library.startswith(("Qt", "libQt", "libpyside", "libshiboken")):
        text = mark("a part of Qt cannot be loaded ({error}).")
        return Problem(text, {"error": error, "command": _REINSTALL_QT}, "{command}")
    # The loader stops at the first library it misses: spare the user one round per library.
    libraries = list(dict.fromkeys([library, *missing_libraries()]))
    sudo = "" if os.geteuid() == 0 else "sudo "
    install = f"{sudo}apt-get install -y {' '.join(map(debian_package, libraries))}"
    by_hand = mark("install these libraries with the package manager of your system")
    return Problem(
        mark("Qt misses a system library: {names}."),
        {"names": ", ".join(libraries), "command": install},
        "{command}" if shutil.which("apt-get") else by_hand,
    )


def _load_error(library: str) -> str:
    try:
        ctypes.CDLL(library)
    except OSError as error:
        return str(error)
    return ""


if __name__ == "__main__":
    for missing in missing_libraries():
        sys.stdout.write(f"{missing} {debian_package(missing)}\n")
