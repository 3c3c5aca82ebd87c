"""A language made from the program's own texts, in which a text that was missed stands out.

Each text becomes a longer one, in letters that are all foreign, between « and »:
"One run" is «Ôôñéé ŕûûñ». Numbers are written as in German. So whoever reads what the program
shows can tell the texts that were never translated, and those that were glued from pieces.
"""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from micronn_core.common.translations import extract
from tests.paths import CHECKOUT

CODE = "de"
"""German lends its name: for its numbers, and because argparse and Qt know it too."""

LETTERS = str.maketrans(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    "ÁВÇÐÉҒĜĤÎĴĶĻМÑÔÞǪŔŠŢÛVŴХÝŽáьçðéƒĝĥîĵķļмñôþǫŕšţûνŵхýž".replace("VŴ", "ѴŴ"),
)
KEPT = re.compile(
    r"\{[^{}]*\}"  # a place
    r"|%\(\w+\)[a-z]|%[srd%]"  # a place of argparse's
    r"|</?[a-z][^<>]*>|&\w+;"  # rich text
    r"|\(\*[^()]*\)"  # the endings of files in a dialog
)
NUMBER = re.compile(r"(?<![\d.])(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+)(?![\d.]*\d)")
SIGNS = str.maketrans(",.", ".,")
VOWEL = re.compile("[aeiouAEIOU]")

ALLOWED = {
    # proper names
    "MicroNN", "MNIST", "NIST", "Yann", "LeCun", "Corinna", "Cortes", "Inter", "JetBrains", "Mono", "Lucide",
    "Kaggle", "Python", "NumPy", "Qt", "Adam", "Nesterov", "Xavier", "Glorot", "He", "ReLU", "Wikipedia",
    # licences
    "MIT", "CC", "BY", "SA", "OFL", "ISC", "LGPL",
    # the ends of file names, and what is typed or written in files as it stands
    "npz", "csv", "json", "idx", "zip", "png", "NaN", "nan", "inf",
    "scale", "shift", "rotation", "slant", "thickness", "elastic", "noise", "hands",
    # functions and formulas
    "tanh", "exp", "log", "max", "min", "softmax", "sigmoid", "relu", "argmax", "Var", "sign", "step",
    "vary", "Bernoulli", "dW", "db", "dz", "da",
    # units, and types as they are typed
    "px", "ms", "float",
    # keys, which Qt names
    "Ctrl", "Shift", "Space",
    # languages, named by those who speak them
    "English", "Deutsch",
}  # fmt: skip
"""What no translator translates: proper names, licences, what is typed, formulas."""

ASCII_WORD = re.compile(r"(?<![^\W\d_])[A-Za-z]{2,}(?![^\W\d_])")
CUT = re.compile(r"[^\W\d_]+…")
FILE = re.compile(r"[\w/-]+\.(?:py|npz|csv|zip|json)\b")
LETTER = re.compile(r"[^\W\d_]")
BREAK = re.compile(r"<br ?/?>|</?(?:p|div|table|tr|td|th|li|ul|ol|h\d)\b[^<>]*>|\n")
TAG = re.compile(r"<[^<>]*>")
SENTENCE_END = re.compile(r"[.!?…:][)\"”]?$")
LIST_SIGN = re.compile(r"\s*[·|/,;→←↔+×=–—−]+\s*|\s*→?\s*")
ENGLISH_NUMBER = re.compile(r"(?<![\d.,\w])\d+\.(?:\d{1,2}|\d{4,})(?![\d.,]*\d|\w)|\d \d{3}(?!\d)")


def pseudo(text: str) -> str:
    """Translate a text: longer by its vowels, in foreign letters, between marks; its places as they are."""
    words, place = [], 0
    for kept in KEPT.finditer(text):
        words += [_foreign(text[place : kept.start()]), kept[0]]
        place = kept.end()
    return "«" + "".join([*words, _foreign(text[place:])]) + "»"


def _foreign(words: str) -> str:
    numbers = NUMBER.sub(lambda found: found[0].translate(SIGNS), words)
    return VOWEL.sub(lambda vowel: vowel[0] * 2, numbers).translate(LETTERS)


@functools.cache
def texts() -> Catalog:
    """All texts of the program."""
    return extract(CHECKOUT)


def write_pseudo(folder: Path) -> None:
    """Write the translation of all texts, for `use_language(CODE, folder)`."""
    catalog = Catalog(locale=CODE)
    for message in texts():
        if message.id:
            one_or_more = isinstance(message.id, tuple)
            said = tuple(map(pseudo, message.id)) if one_or_more else pseudo(message.id)
            catalog.add(message.id, said, context=message.context)
    path = folder / CODE / "LC_MESSAGES" / "micronn.mo"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_mo(file, catalog)


@functools.lru_cache(maxsize=10_000)
def faults(text: str, *names: str) -> list[str]:
    """Return what is wrong with a text that is shown in this language.

    Args:
        text: plain or rich.
        *names: what else may stay as it is, such as the name of a file.
    """
    text = _without(text, names)
    found: list[str] = []
    for line in BREAK.split(text):
        found += _faults(html.unescape(TAG.sub("", line)))
    return found


def missed_words(text: str, *names: str) -> Iterator[str]:
    """Yield what was never translated in a piece of text, as it may come out of a drawing.

    Args:
        text: plain.
        *names: what else may stay as it is.
    """
    text = _without(text, names)
    words = ASCII_WORD.findall(CUT.sub("", FILE.sub("", text)))
    if missed := [word for word in words if word not in ALLOWED]:
        yield f"missed ({', '.join(missed)})"


def _without(text: str, names: Iterable[str]) -> str:
    """Take whole names out of a text, the longest first; single letters are no words anyway."""
    for name in sorted(set(names), key=len, reverse=True):
        if len(name) > 1:
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "", text)
    return text


def _faults(line: str) -> Iterator[str]:
    yield from missed_words(line)
    if english := ENGLISH_NUMBER.search(line):
        yield f"English number ({english[0]})"
    outside, inside = _outside(line)
    is_formula = any("=" in piece for piece in outside)
    if is_formula:
        return
    if inside and any(LETTER.search(piece) and not _is_name(piece) for piece in outside):
        yield "glued: words beside a text"
    elif inside and any(re.search(r"\d", piece) for piece in outside):
        yield "glued: a number beside a text"
    for before, sign in zip(inside[:-1], outside[1:-1], strict=True):
        if not LIST_SIGN.fullmatch(sign) or (not sign.strip() and not SENTENCE_END.search(before)):
            yield "glued: several texts"
            break


def _is_name(piece: str) -> bool:
    return all(word in ALLOWED or len(word) == 1 for word in re.findall(r"[^\W\d_]+", piece))


def _outside(line: str) -> tuple[list[str], list[str]]:
    """Split a line into what stands outside of all texts, and the texts between."""
    outside, inside, depth = [""], [], 0
    for sign in line:
        depth += sign == "«"
        if sign == "«" and depth == 1:
            inside.append("")
        elif depth == 0:
            outside[-1] += sign
        elif sign == "»" and depth == 1:
            outside.append("")
        else:
            inside[-1] += sign
        depth = max(depth - (sign == "»"), 0)
    if depth:  # a text that was cut, as by an ellipsis
        outside.append("")
    return outside, inside
