"""An X display of its own, and the hands and eyes of a person before it."""

from __future__ import annotations

import ctypes
import json
import os
import re
import struct
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

from PIL import Image, ImageGrab

SIZE = (1440, 900)
PATIENCE = 60.0
"""Seconds until something that was waited for counts as not happening: many, for slow machines."""

Box = tuple[int, int, int, int]
"""Left, top, width and height, in pixels."""


class Part(NamedTuple):
    """A visible part of the window, as a screen reader has it.

    Attributes:
        box: where it lies.
        description: what it says of its state.
        checked: whether it is a button that is down.
    """

    box: Box
    description: str
    checked: bool


def wait_until(true: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
    """Look again and again until something has happened; fail if it does not."""
    never = threading.Event()
    for _ in range(round(seconds / 0.05)):
        if true():
            return
        never.wait(0.05)
    raise AssertionError(f"waited {seconds:.0f} s for this in vain: {what}")


@contextmanager
def x_display() -> Iterator[str]:
    """Start Xvfb on a display that is free, and yield its name."""
    reading, writing = os.pipe()
    screen = f"{SIZE[0]}x{SIZE[1]}x24"
    # Without -noreset it begins anew when the last window has gone, and then refuses the next for a moment.
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", screen, "-nolisten", "tcp", "-noreset"]
    with open(reading, encoding="ascii") as answer:
        server = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
        os.close(writing)  # so that the answer ends if the server does
        try:
            number = answer.readline().strip()
            assert number, "Xvfb did not start"
            yield f":{number}"
        finally:
            server.terminate()
            server.wait()


@dataclass(frozen=True)
class Window:
    """A window of a running program, as a person has it before them.

    There is no window manager: the window lies at the screen's upper left corner.

    Attributes:
        display: the name of its X display.
        number: X's number for it.
        program: the process, started as `tests.end_to_end.observed`.
    """

    display: str
    number: str
    program: subprocess.Popen[str]

    @property
    def title(self) -> str:
        """What it is called now."""
        return xdotool(self.display, "getwindowname", self.number)

    @property
    def epoch(self) -> int:
        """The epoch that its title tells, or -1."""
        found = re.search(r"epoch ([\d,]+)", self.title)
        return int(found[1].replace(",", "")) if found else -1

    def parts(self) -> dict[str, Part]:
        """Return the visible parts by their accessible names, once everything they say is on the screen."""
        asking, answering = self.program.stdin, self.program.stdout
        assert asking is not None
        assert answering is not None
        asking.write("?")
        asking.flush()
        line = answering.readline()
        assert line, "the program has ended"
        return {
            name: Part(tuple(part["box"]), part["description"], part["checked"])
            for name, part in json.loads(line).items()
        }

    def part(self, name: str) -> Part:
        """Return a visible part by its accessible name."""
        parts = self.parts()
        assert name in parts, f"there is no {name!r}, but {sorted(parts)}"
        return parts[name]

    def picture(self, name: str) -> Image.Image:
        """Return how a part looks on the screen, once it shows what it says."""
        left, top, width, height = self.part(name).box
        return ImageGrab.grab((left, top, left + width, top + height), xdisplay=self.display)

    def press(self, keys: str) -> None:
        """Press keys, such as "space" or "ctrl+q"."""
        xdotool(self.display, "windowfocus", self.number, "key", keys)

    def write(self, text: str) -> None:
        """Write a text where the keyboard's focus is, in place of what stands there, and press Enter."""
        xdotool(self.display, "key", "ctrl+a", "type", text)
        xdotool(self.display, "key", "Return")

    def click(self, name: str, across: float = 0.5, down: float = 0.5) -> None:
        """Click into a part, by default into its middle; places are from 0 to 1."""
        left, top, width, height = self.part(name).box
        x, y = left + round(width * across), top + round(height * down)
        xdotool(self.display, "mousemove", str(x), str(y), "click", "1")

    def drag(self, name: str, start: float, end: float) -> None:
        """Drag from one place of a part's width to another, both from 0 to 1."""
        left, top, width, height = self.part(name).box
        y = str(top + height * 5 // 8)
        here, there = (str(left + round(width * place)) for place in (start, end))
        xdotool(self.display, "mousemove", here, y, "mousedown", "1")
        xdotool(self.display, "mousemove", there, y, "mouseup", "1")

    def draw(self, name: str, points: Sequence[tuple[float, float]]) -> None:
        """Draw a line with the mouse through places of a part, from 0 to 1 on both sides."""
        left, top, width, height = self.part(name).box
        places = [(str(left + round(width * x)), str(top + round(height * y))) for x, y in points]
        words = ["mousemove", *places[0], "mousedown", "1"]
        for place in places[1:]:
            words += ["mousemove", *place]
        xdotool(self.display, *words, "mouseup", "1")

    def ask_to_close(self) -> None:
        """Send what a window manager sends when its cross is clicked; xdotool cannot."""
        xcb = ctypes.CDLL("libxcb.so.1")
        xcb.xcb_connect.restype = xcb.xcb_intern_atom_reply.restype = ctypes.c_void_p
        connection = ctypes.c_void_p(xcb.xcb_connect(self.display.encode(), None))

        def atom(name: bytes) -> int:
            cookie = xcb.xcb_intern_atom(connection, 0, len(name), name)
            reply = xcb.xcb_intern_atom_reply(connection, cookie, None)
            return ctypes.c_uint32.from_address(reply + 8).value

        window, data = int(self.number), (atom(b"WM_DELETE_WINDOW"), 0, 0, 0, 0)
        client_message, bits = 33, 32
        event = struct.pack("=BBHII5I", client_message, bits, 0, window, atom(b"WM_PROTOCOLS"), *data)
        xcb.xcb_send_event(connection, 0, window, 0, event)
        atom(b"WM_PROTOCOLS")  # its answer shows that the event has arrived; else it may be lost
        xcb.xcb_disconnect(connection)


def find_window(display: str, program: subprocess.Popen[str]) -> Window | None:
    """Return the window that a program shows, or None."""
    words = ["search", "--all", "--onlyvisible", "--pid", str(program.pid), "--name", "^MicroNN"]
    numbers = xdotool(display, *words, check=False).split()
    return Window(display, numbers[0], program) if numbers else None


def xdotool(display: str, *words: str, check: bool = True) -> str:
    """Run xdotool and return what it says."""
    run = subprocess.run(
        ["xdotool", *words],
        env={**os.environ, "DISPLAY": display},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode == 0 or not check, run.stderr
    return run.stdout.strip()
