"""The one command, `micronn`: alone it opens the window, with words it is the command line."""

from __future__ import annotations

import sys
from collections.abc import Sequence


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
        if not others:
            speak(asked)
    except ConfigError as error:
        sys.stderr.write(f"micronn: {tr('error: {message}', message=error)}\n")
        return 2
    if others:
        from micronn_core.cli import main as cli

        return cli.main(words)

    from micronn_gui.preflight import check_display

    problem = check_display()
    if problem is not None:
        sys.stderr.write(problem.message(tr) + "\n")
        return 2

    from micronn_gui import app

    return app.run(asked)


if __name__ == "__main__":
    sys.exit(main())
