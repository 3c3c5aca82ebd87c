"""The command line: its words, its help and its exit codes.

What a command does is in the module of its name, which is imported when it is run, so that help
comes at once. Choices and defaults are read from the tables of the core.
To add a command, add its row to `COMMANDS`, its options here, and its module with a function `run`.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module, metadata
from typing import NoReturn

from micronn_core.cli import MODEL
from micronn_core.cli.argparse_words import speak_as_the_others
from micronn_core.cli.settings_options import add_settings, number, threads
from micronn_core.common.errors import ConfigError, MicroNNError
from micronn_core.common.language import OPTION, speak, take_language
from micronn_core.common.texts import mark, tr
from micronn_core.settings.recipes import RECIPES

FAILED, MISUSED, INTERRUPTED = 1, 2, 130

_EXAMPLES = mark(
    """\
examples:
  micronn                                     open the window
  micronn mine.npz                            open it with a network, samples, a picture or digits
  micronn train                               repeat the tutorial: 784-10-10, 500 epochs
  micronn train --recipe mini-batches         128 neurons, 128 samples a step
  micronn train --hidden 64 --lr 0.2 --seed 7 --output mine.npz
  micronn train --continue mine.npz           go on where that was stopped with Ctrl-C
  micronn train --data digits.csv --json      learn from your own samples, report in JSON lines
  micronn train --data flowers.csv --split 70%/30% --output flowers.npz
  micronn cross-validate --folds 5            five networks, each judged by a fifth of the samples
  micronn sweep --set lr=0.05,0.1 --set hidden=10,32
                                              four runs, a process each; the best comes first
  micronn evaluate mine.npz                   how well it reads MNIST's test set, digit by digit
  micronn predict seven.png --model mine.npz  which digit is in a picture
  micronn predict pen.json --model strong     which digits the strokes of a pen make
  micronn predict row.csv --model flowers.npz which class each row of a table is
"""
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    Args:
        argv: the words after `micronn`; those of this process if None.

    Returns:
        0 if all went well, 1 after a failure (data, storage, a run that diverged), 2 for words
        or settings that cannot be used, 130 after Ctrl-C.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # no terminal is too old for a file's name
    try:
        asked, words = take_language(sys.argv[1:] if argv is None else argv)
        speak(asked)
        speak_as_the_others()
        options = _parser().parse_args(words)
        module = import_module(f"micronn_core.cli.{COMMANDS[options.command].module}")
        code: int = module.run(options)
        sys.stdout.flush()
    except ConfigError as error:
        return _fail(str(error), MISUSED)
    except MicroNNError as error:
        return _fail(str(error), FAILED)
    except MemoryError:
        return _fail(tr("the memory is used up. Choose a smaller network or smaller batches."), FAILED)
    except KeyboardInterrupt:
        sys.stderr.write(f"micronn: {tr('stopped.')}\n")
        return INTERRUPTED
    except OSError as error:  # files have errors of their own: this is the output
        # What is still buffered must not be complained about at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        gone = isinstance(error, BrokenPipeError)  # whoever read it has left, and need not be told
        reason = tr("the output cannot be written: {error}.", error=error.strerror or error)
        return FAILED if gone else _fail(reason, FAILED)
    return code


def _fail(message: str, code: int) -> int:
    text = tr("error: {message}", message=" ".join(message.splitlines()))
    sys.stderr.write(f"micronn: {text}\n")
    return code


class _Parser(argparse.ArgumentParser):
    """Says what is wrong on one line, as all of MicroNN does, instead of printing its usage."""

    def error(self, message: str) -> NoReturn:
        raise ConfigError("", tr("{message}. See {command} --help.", message=message, command=self.prog))


class _Version(argparse.Action):
    """Looks the version up only when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        sys.stdout.write(f"micronn {metadata.version('micronn')}\n")
        parser.exit()


def _parser() -> argparse.ArgumentParser:
    raw = argparse.RawDescriptionHelpFormatter
    parser = _Parser(
        prog="micronn",
        description=tr("A small neural network learns handwritten digits before your eyes."),
        epilog=tr(_EXAMPLES),
        formatter_class=raw,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help=tr("print the version and exit"))
    # For the help alone: it is read before anything is said, wherever it stands.
    parser.add_argument(OPTION, metavar=tr("CODE"), help=tr("speak this language, such as en (the system's)"))
    subparsers = parser.add_subparsers(
        title=tr("commands"), metavar=tr("COMMAND"), required=True, dest="command"
    )
    for name, command in COMMANDS.items():
        added = subparsers.add_parser(
            name,
            help=tr(command.help),
            description=tr(command.description),
            epilog=command.epilog(),
            formatter_class=raw if command.epilog() else argparse.HelpFormatter,
        )
        command.add_options(added)
    return parser


def _recipes() -> str:
    rows = "\n".join(f"  {recipe.name:17}{tr(recipe.description)}" for recipe in RECIPES.values())
    return tr("recipes:\n{recipes}", recipes=rows)


def _add_data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data",
        metavar=tr("FILE"),
        help=tr(
            "learn from your own file instead, a CSV table, an IDX or an NPZ file: 80 %% of its samples, in "
            "the seed's order, or what --split says"
        ),
    )
    _add_transpose(parser)


def _add_transpose(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--transpose",
        action="store_true",
        help=tr("turn the pictures of your file over the diagonal, if they lie on their side as EMNIST's do"),
    )


def _add_quiet(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--quiet", action="store_true", help=tr("write neither a progress bar nor a table"))


def _add_train(parser: argparse.ArgumentParser) -> None:
    add_settings(parser)
    _add_data(parser)
    parser.add_argument(
        "--my-digits",
        dest="more",
        metavar=tr("FILE"),
        help=tr("learn as well from digits that were kept in the window and exported (.zip)"),
    )
    parser.add_argument(
        "--continue",
        dest="kept",
        metavar=tr("RUN"),
        help=tr(
            "go on where a run was stopped, exactly: a file that was saved, or the number or name of a run "
            "that the window keeps; what is given besides is changed from there on, such as --epochs"
        ),
    )
    parser.add_argument(
        "--output",
        metavar=tr("FILE"),
        help=tr("where to save the network ({file}; with --continue, the file named there)", file=MODEL),
    )
    parser.add_argument("--no-save", action="store_true", help=tr("do not save it"))
    parser.add_argument(
        "--threads",
        type=threads,
        metavar="N",
        help=tr("threads to train with, also in small batches (one per core, at most 4; small batches: 1)"),
    )
    parser.add_argument(
        "--json", action="store_true", help=tr("write JSON lines: the config, every epoch, the result")
    )
    _add_quiet(parser)


def _add_cross_validate(parser: argparse.ArgumentParser) -> None:
    add_settings(parser)
    _add_data(parser)
    parser.add_argument(
        "--folds", type=number(int), default=5, metavar="N", help=tr("how many folds, 2 to 10 (5)")
    )
    parser.add_argument(
        "--threads", type=threads, metavar="N", help=tr("threads to train with (one per core, at most 4)")
    )
    parser.add_argument(
        "--json", action="store_true", help=tr("write JSON lines: the config, every fold, the result")
    )
    _add_quiet(parser)


def _add_sweep(parser: argparse.ArgumentParser) -> None:
    add_settings(parser)
    _add_data(parser)
    parser.add_argument(
        "--set",
        dest="values",
        action="append",
        required=True,
        metavar=tr("NAME=VALUES"),
        help=tr("a setting and its values, such as lr=0.05,0.1 or hidden=10,128-32; up to three times"),
    )
    parser.add_argument(
        "--jobs", type=_jobs, metavar="N", help=tr("processes at once (one per core, at most 8)")
    )
    parser.add_argument(
        "--output",
        metavar=tr("FILE"),
        help=tr("save all settings and figures, as a workbook (.xlsx) or a table (.csv)"),
    )
    parser.add_argument(
        "--json", action="store_true", help=tr("write JSON lines: the sweep, every run, the ranking")
    )
    _add_quiet(parser)


def _jobs(text: str) -> int:
    count, most = number(int)(text), os.cpu_count() or 1
    if not isinstance(count, int) or not 1 <= count <= most:
        raise ConfigError(
            "jobs",
            tr(
                "--jobs must be a whole number from 1 to {most}, your cores, not {text!r}.",
                most=most,
                text=text,
            ),
        )
    return count


def _add_evaluate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "model",
        nargs="?",
        default=MODEL,
        metavar=tr("MODEL"),
        help=tr("a saved network, or tutorial or strong for one of the ready networks ({file})", file=MODEL),
    )
    parser.add_argument(
        "--data",
        metavar=tr("FILE"),
        help=tr("your own CSV, IDX or NPZ file instead of the test set, or of what the split validated on"),
    )
    _add_transpose(parser)
    parser.add_argument("--json", action="store_true", help=tr("write one JSON object"))


def _add_predict(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "inputs",
        nargs="+",
        metavar=tr("FILE"),
        help=tr(
            "a picture of one digit (PNG, JPEG, BMP ...), a table of samples (.csv) with labels or without, "
            "or pen strokes (.json): a list of strokes, each a list of [x, y] with y down; "
            '{example}; or a list of such objects, each with a "label" if you like',
            example='{"strokes": [...]}',
        ),
    )
    parser.add_argument(
        "--model",
        metavar=tr("MODEL"),
        help=tr(
            "a saved network, or tutorial or strong for one of the ready networks ({file}; if there is "
            "none: strong)",
            file=MODEL,
        ),
    )
    parser.add_argument("--keep-slant", action="store_true", help=tr("do not undo the slant of pen strokes"))
    parser.add_argument(
        "--output",
        metavar=tr("FILE"),
        help=tr("save the answers as a table, as Kaggle takes them: ImageId, Label (CSV)"),
    )
    _add_transpose(parser)
    parser.add_argument("--json", action="store_true", help=tr("write one JSON object for each answer"))


@dataclass(frozen=True)
class Command:
    """A command.

    Attributes:
        module: the module of `micronn_core.cli` whose function `run` does it.
        help: what it does, in a few words.
        description: the same in sentences; "" if there is no more to say.
        add_options: adds its options to its parser.
        epilog: what stands below them.
    """

    module: str
    help: str
    description: str
    add_options: Callable[[argparse.ArgumentParser], None]
    epilog: Callable[[], str] = str


COMMANDS = {
    "train": Command(
        "train",
        mark("train a network and save it"),
        mark(
            "Train a network and save it. Ctrl-C stops early and keeps what was learned; --continue goes on "
            "from there as if it had never been stopped."
        ),
        _add_train,
        _recipes,
    ),
    "cross-validate": Command(
        "cross_validate",
        mark("judge settings by every sample in turn"),
        mark(
            "Cut the split's samples, training and validation together, into folds; train a "
            "network for each, on all others. Says how far a validation accuracy is to be trusted."
        ),
        _add_cross_validate,
    ),
    "sweep": Command(
        "sweep",
        mark("train with every combination of a few values"),
        mark(
            "Train with every combination of a few settings' values, each on a process of its "
            "own. Ctrl-C stops all and reports what is complete."
        ),
        _add_sweep,
    ),
    "evaluate": Command("evaluate", mark("measure a saved network"), "", _add_evaluate),
    "predict": Command(
        "predict", mark("say what pictures, pen strokes and rows of a table are"), "", _add_predict
    ),
}
"""The commands, in the order of the help."""


if __name__ == "__main__":
    sys.exit(main())
