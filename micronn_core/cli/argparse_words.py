"""The words that argparse says by itself, in the language of all others.

argparse asks gettext's own domain for them, which is set to ours here. Listed are those that a
user can meet; what argparse says to programmers stays English.
"""

from __future__ import annotations

import gettext
import os

from micronn_core.common.texts import DOMAIN, language_in_use, mark

WORDS = (
    mark("usage: "),
    mark("options"),
    mark("positional arguments"),
    mark("show this help message and exit"),
    mark("argument %(argument_name)s: %(message)s"),
    mark("unknown parser %(parser_name)r (choices: %(choices)s)"),
    mark("unrecognized arguments: %s"),
    mark("not allowed with argument %s"),
    mark("ignored explicit argument %r"),
    mark("the following arguments are required: %s"),
    mark("one of the arguments %s is required"),
    mark("expected one argument"),
    mark("expected at most one argument"),
    mark("expected at least one argument"),
    mark("ambiguous option: %(option)s could match %(matches)s"),
    mark("unexpected option string: %s"),
    mark("invalid %(type)s value: %(value)r"),
    mark("invalid choice: %(value)r (choose from %(choices)s)"),
)
"""For the translators; argparse looks each up when it says it."""


def speak_as_the_others() -> None:
    """Let argparse speak the language in use."""
    name, folder = language_in_use()
    gettext.bindtextdomain(DOMAIN, folder)
    gettext.textdomain(DOMAIN)
    os.environ["LANGUAGE"] = name
