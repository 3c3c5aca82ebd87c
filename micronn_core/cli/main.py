"""The command line: its words, its help and its exit codes.

What the commands do is in commands.py and predict.py, which are imported when one is run, so
that help comes at once. Choices and defaults are read from the tables of the core.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from importlib import metadata
from typing import NoReturn

from micronn_core.cli.argparse_words import speak_as_the_others
from micronn_core.cli.settings_options import add_settings, number, threads, training_config
from micronn_core.common.errors import ConfigError, MicroNNError
from micronn_core.common.language import OPTION, speak, take_language
from micronn_core.common.texts import tr
from micronn_core.settings.recipes import RECIPES

MODEL = "micronn-model.npz"
FAILED, MISUSED, INTERRUPTED = 1, 2, 130

_EXAMPLES = """\
examples:
  micronn                                     open the window
  micronn train                               repeat the tutorial: 784-10-10, 500 epochs
  micronn train --recipe mini-batches         128 neurons, 128 samples a step
  micronn train --hidden 64 --lr 0.2 --seed 7 --output mine.npz
  micronn train --data digits.csv --json      learn from your own digits, report in JSON lines
  micronn cross-validate --folds 5            five networks, each judged by a fifth of the samples
  micronn sweep --set lr=0.05,0.1 --set hidden=10,32
                                              four runs, a process each; the best comes first
  micronn evaluate mine.npz                   how well it reads MNIST's test set, digit by digit
  micronn predict seven.png --model mine.npz  which digit is in a picture
  micronn predict pen.json --model strong     which digits the strokes of a pen make
"""


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
        code: int = options.run(options)
        sys.stdout.flush()
    except ConfigError as error:
        return _fail(str(error), MISUSED)
    except MicroNNError as error:
        return _fail(str(error), FAILED)
    except MemoryError:
        return _fail("the memory is used up. Choose a smaller network or smaller batches.", FAILED)
    except KeyboardInterrupt:
        sys.stderr.write("micronn: stopped.\n")
        return INTERRUPTED
    except OSError as error:  # files have errors of their own: this is the output
        # What is still buffered must not be complained about at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        gone = isinstance(error, BrokenPipeError)  # whoever read it has left, and need not be told
        return FAILED if gone else _fail(f"the output cannot be written: {error.strerror or error}.", FAILED)
    return code


def _fail(message: str, code: int) -> int:
    sys.stderr.write(f"micronn: error: {' '.join(message.splitlines())}\n")
    return code


class _Parser(argparse.ArgumentParser):
    """Says what is wrong on one line, as all of MicroNN does, instead of printing its usage."""

    def error(self, message: str) -> NoReturn:
        raise ConfigError("", f"{message}. See {self.prog} --help.")


class _Version(argparse.Action):
    """Looks the version up only when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        sys.stdout.write(f"micronn {metadata.version('micronn')}\n")
        parser.exit()


def _parser() -> argparse.ArgumentParser:
    raw = argparse.RawDescriptionHelpFormatter
    parser = _Parser(
        prog="micronn",
        description="A small neural network learns handwritten digits before your eyes.",
        epilog=_EXAMPLES,
        formatter_class=raw,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and exit")
    # For the help alone: it is read before anything is said, wherever it stands.
    parser.add_argument(OPTION, metavar="CODE", help=tr("speak this language, such as en (the system's)"))
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    recipes = "\n".join(f"  {recipe.name:17}{recipe.description}" for recipe in RECIPES.values())
    train = commands.add_parser(
        "train",
        help="train a network and save it",
        description="Train a network and save it. Ctrl-C stops early and keeps what was learned.",
        epilog=f"recipes:\n{recipes}",
        formatter_class=raw,
    )
    train.set_defaults(run=_train)
    add_settings(train)
    _add_train_options(train)
    _add_cross_validate(
        commands.add_parser(
            "cross-validate",
            help="judge settings by every sample in turn",
            description="Cut the split's samples, training and validation together, into folds; train a "
            "network for each, on all others. Says how far a validation accuracy is to be trusted.",
        )
    )
    _add_sweep(
        commands.add_parser(
            "sweep",
            help="train with every combination of a few values",
            description="Train with every combination of a few settings' values, each on a process of its "
            "own. Ctrl-C stops all and reports what is complete.",
        )
    )
    _add_evaluate(commands.add_parser("evaluate", help="measure a saved network"))
    _add_predict(commands.add_parser("predict", help="read digits in pictures and pen strokes"))
    return parser


def _add_train_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data",
        metavar="FILE",
        help="learn from your own CSV or IDX file instead: 80 %% of it, in the seed's order",
    )
    parser.add_argument(
        "--my-digits",
        dest="more",
        metavar="FILE",
        help="learn as well from digits that were kept in the window and exported (.zip)",
    )
    parser.add_argument(
        "--output", default=MODEL, metavar="FILE", help=f"where to save the network ({MODEL})"
    )
    parser.add_argument("--no-save", action="store_true", help="do not save it")
    parser.add_argument(
        "--threads",
        type=threads,
        metavar="N",
        help="threads to train with, also in small batches (one per core, at most 4; small batches: 1)",
    )
    parser.add_argument(
        "--json", action="store_true", help="write JSON lines: the config, every epoch, the result"
    )
    parser.add_argument("--quiet", action="store_true", help="write neither a progress bar nor a table")


def _add_cross_validate(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=_cross_validate)
    add_settings(parser)
    parser.add_argument(
        "--folds", type=number(int), default=5, metavar="N", help="how many folds, 2 to 10 (5)"
    )
    parser.add_argument(
        "--threads",
        type=threads,
        metavar="N",
        help="threads to train with (one per core, at most 4)",
    )
    parser.add_argument(
        "--json", action="store_true", help="write JSON lines: the config, every fold, the result"
    )
    parser.add_argument("--quiet", action="store_true", help="write neither a progress bar nor a table")


def _add_sweep(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=_sweep)
    add_settings(parser)
    parser.add_argument(
        "--set",
        dest="values",
        action="append",
        required=True,
        metavar="NAME=VALUES",
        help="a setting and its values, such as lr=0.05,0.1 or hidden=10,128-32; up to three times",
    )
    parser.add_argument("--jobs", type=_jobs, metavar="N", help="processes at once (one per core, at most 8)")
    parser.add_argument("--output", metavar="FILE", help="save all settings and figures as a table (CSV)")
    parser.add_argument(
        "--json", action="store_true", help="write JSON lines: the sweep, every run, the ranking"
    )
    parser.add_argument("--quiet", action="store_true", help="write neither a progress bar nor a table")


def _jobs(text: str) -> int:
    count, most = number(int)(text), os.cpu_count() or 1
    if not isinstance(count, int) or not 1 <= count <= most:
        raise ConfigError(
            "jobs", f"--jobs must be a whole number from 1 to {most}, your cores, not {text!r}."
        )
    return count


def _add_evaluate(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=_evaluate)
    parser.add_argument("model", nargs="?", default=MODEL, metavar="MODEL", help=f"a saved network ({MODEL})")
    parser.add_argument("--data", metavar="FILE", help="your own CSV or IDX file instead of the test set")
    parser.add_argument("--json", action="store_true", help="write one JSON object")


def _add_predict(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=_predict)
    parser.add_argument(
        "inputs",
        nargs="+",
        metavar="FILE",
        help="a picture of one digit (PNG, JPEG, BMP ...), or pen strokes (.json): a list of strokes, each "
        'a list of [x, y] with y down; {"strokes": [...]}; or a list of such objects, each with a "label" '
        "if you like",
    )
    parser.add_argument(
        "--model",
        metavar="MODEL",
        help=f"a saved network, or tutorial or strong for one of the ready networks ({MODEL}; if there is "
        "none: strong)",
    )
    parser.add_argument("--keep-slant", action="store_true", help="do not undo the slant of pen strokes")
    parser.add_argument("--json", action="store_true", help="write one JSON object for each digit")


def _train(options: argparse.Namespace) -> int:
    config = training_config(options)
    from micronn_core.cli import commands

    output = None if options.no_save else options.output
    how = options.threads, options.json, options.quiet, options.more
    return commands.train(config, options.data, output, *how)


def _cross_validate(options: argparse.Namespace) -> int:
    config = training_config(options)
    from micronn_core.cli.experiments import cross_validation

    return cross_validation(config, options.folds, options.threads, options.json, options.quiet)


def _sweep(options: argparse.Namespace) -> int:
    config = training_config(options)
    from micronn_core.cli.experiments import sweep

    return sweep(config, options.values, options.jobs, options.output, options.json, options.quiet)


def _evaluate(options: argparse.Namespace) -> int:
    from micronn_core.cli import commands

    return commands.evaluate(options.model, options.data, options.json)


def _predict(options: argparse.Namespace) -> int:
    from micronn_core.cli.predict import predict

    model = MODEL if options.model is None and os.path.lexists(MODEL) else options.model
    return predict(options.inputs, model, options.keep_slant, options.json)


if __name__ == "__main__":
    sys.exit(main())
