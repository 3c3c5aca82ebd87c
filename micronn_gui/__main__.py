"""The one command, `micronn`: alone or with a file it opens the window, else it is the command line."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path


def main(argv: Sequence[str] | None = None) -> int:
    """Run MicroNN and return its exit code; 2 means that no window can be opened here.

    Args:
        argv: the words after `micronn`; those of this process if None.
    """
    try:
        return _run(list(sys.argv[1:] if argv is None else argv))
    except KeyboardInterrupt:  # before there was anybody else to hear it
        from micronn_core.common.texts import tr

        sys.stderr.write(f"micronn: {tr('stopped.')}\n")
        return 130


def _run(words: list[str]) -> int:
    # Imported where they are needed: the command line must not wait for Qt, nor need it.
    from micronn_core.common.errors import ConfigError
    from micronn_core.common.language import speak, take_language
    from micronn_core.common.texts import tr

    try:
        asked, others = take_language(words)
        file = file_to_open(others)
        if not others or file:
            speak(asked)
    except ConfigError as error:
        sys.stderr.write(f"micronn: {tr('error: {message}', message=error)}\n")
        return 2
    if others and file is None:
        from micronn_core.cli import main as cli

        return cli.main(words)

    from micronn_gui.preflight import check_display

    problem = check_display()
    if problem is not None:
        sys.stderr.write(problem.message(tr) + "\n")
        return 2

    from micronn_gui import app

    return app.run(asked, file)


def file_to_open(words: Sequence[str]) -> Path | None:
    """Return the file that the window is to open: a single word that is no command."""
    from micronn_core.cli.main import COMMANDS

    if len(words) != 1 or words[0].startswith("-") or words[0] in COMMANDS:
        return None
    path = Path(words[0])
    return path if path.exists() or path.suffix or len(path.parts) > 1 else None


if __name__ == "__main__":
    sys.exit(main())
