"""Where no window can be opened, one message says what is missing, what mends it, and what works anyway."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication

from micronn_gui import __main__, preflight

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux has X displays")


def start(**environment: str) -> subprocess.CompletedProcess[str]:
    """Start `micronn` alone, as a user would, where only the given variables name a screen."""
    screens = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    inherited = {name: value for name, value in os.environ.items() if name not in screens}
    return subprocess.run(
        [sys.executable, "-m", "micronn_gui"],
        env=inherited | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


def assert_refused(run: subprocess.CompletedProcess[str], *words: str) -> None:
    """It ended with exit code 2 and one message that has these words; it neither aborted nor fell over."""
    assert run.returncode == 2
    assert run.stdout == ""
    assert "Traceback" not in run.stderr
    assert run.stderr.count("MicroNN cannot open its window") == 1
    assert len(run.stderr.splitlines()) == 3
    for word in (*words, "micronn train"):
        assert word in run.stderr


def test_that_without_any_display_the_message_says_so() -> None:
    assert_refused(start(), "there is no screen", "DISPLAY")


def test_that_an_x_display_that_does_not_answer_is_named() -> None:
    assert_refused(start(DISPLAY=":4711"), '":4711"', "does not answer")


def test_that_a_wayland_display_that_does_not_answer_is_refused(tmp_path: Path) -> None:
    assert_refused(start(WAYLAND_DISPLAY="wayland-4711", XDG_RUNTIME_DIR=str(tmp_path)), "ayland")


def test_that_an_unknown_platform_is_named_beside_those_which_exist() -> None:
    run = start(QT_QPA_PLATFORM="cinema")
    assert_refused(run, '"cinema"', "offscreen", "xcb", "unset QT_QPA_PLATFORM")


@pytest.mark.parametrize(
    ("library", "package"), [("libEGL.so.1", "libegl1"), ("libxcb-cursor.so.0", "libxcb-cursor0")]
)
def test_that_a_missing_system_library_is_named_with_its_package(
    library: str, package: str, tmp_path: Path
) -> None:
    (tmp_path / library).touch()  # an empty file that the loader finds first is as good as a missing one
    run = start(DISPLAY=":4711", LD_LIBRARY_PATH=str(tmp_path))
    assert_refused(run, library)
    if (Path("/usr/bin") / "apt-get").exists():
        assert f"apt-get install -y {package}" in run.stderr


def test_that_all_missing_libraries_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    missing = {"libGL.so.1", "libxcb-icccm.so.4"}
    monkeypatch.setattr(preflight, "_load_error", lambda name: "gone" if name in missing else "")
    monkeypatch.setattr(preflight.shutil, "which", lambda program: f"/usr/bin/{program}")
    message = preflight._library_missing(
        "libGL.so.1: cannot open shared object file: No such file or directory"
    ).message()
    assert "libGL.so.1, libxcb-icccm.so.4" in message
    assert "apt-get install -y libgl1 libxcb-icccm4\n" in message


def test_that_without_apt_the_libraries_are_named_for_another_package_manager(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(preflight.shutil, "which", lambda program: None)
    message = preflight._library_missing("libGL.so.1: cannot open shared object file").message()
    assert "libGL.so.1" in message
    assert "apt" not in message


def test_that_a_missing_pyside_is_named_with_the_line_that_installs_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "PySide6.QtWidgets", None)
    assert __main__.main([]) == 2
    message = capsys.readouterr().err
    assert "PySide6" in message
    assert '-m pip install --force-reinstall "PySide6-Essentials!=6.12.0"' in message
    assert "micronn train" in message


@pytest.mark.parametrize(
    ("library", "package"),
    [
        ("libGL.so.1", "libgl1"),
        ("libdbus-1.so.3", "libdbus-1-3"),
        ("libglib-2.0.so.0", "libglib2.0-0"),
        ("libX11-xcb.so.1", "libx11-xcb1"),
        ("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
        ("libxcb-icccm.so.4", "libxcb-icccm4"),
    ],
)
def test_that_a_library_is_looked_for_in_the_package_that_debian_puts_it_in(
    library: str, package: str
) -> None:
    assert preflight.debian_package(library) == package


def test_that_a_platform_without_a_screen_is_let_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert preflight.check_display() is None


def test_that_a_later_choice_that_works_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "cinema;Offscreen:size=800x600")
    assert preflight.check_display() is None


def test_that_looking_starts_no_application_and_searches_for_libraries_only_when_one_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", ":4711")
    monkeypatch.setattr(preflight, "missing_libraries", lambda: pytest.fail("searched for libraries"))
    before = QCoreApplication.instance()
    problem = preflight.check_display()
    assert problem is not None
    assert ":4711" in problem.message()
    assert QCoreApplication.instance() is before


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_that_windows_and_macos_need_no_look(platform: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preflight.sys, "platform", platform)
    monkeypatch.setenv("QT_QPA_PLATFORM", "cinema")
    assert preflight.check_display() is None
