"""The words in formulas, which are translated, while their signs and the names of functions are not."""

from __future__ import annotations

import re

from micronn_core.common.texts import mark, tr

WORDS = (
    mark("another hand"),
    mark("batch"),
    mark("byte"),
    mark("draw"),
    mark("epochs"),
    mark("new"),
    mark("noise"),
    mark("seed"),
    mark("steps"),
    mark("stop if"),
    mark("trace"),
)
"""What is translated where a formula has it: all others are names of functions."""

_TEXT = re.compile(r"\\text\{(\s*)([^{}]*?)(\s*)\}")


def formula_in_words(latex: str) -> str:
    r"""Return a formula with the words in its `\text{...}` in the language in use."""

    def translated(found: re.Match[str]) -> str:
        before, word, after = found.groups()
        return rf"\text{{{before}{tr(word) if word in WORDS else word}{after}}}"

    return _TEXT.sub(translated, latex)


def words_of(latex: str) -> list[str]:
    r"""Return what stands in the `\text{...}` of a formula."""
    return [found[2] for found in _TEXT.finditer(latex)]
