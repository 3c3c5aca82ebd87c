"""Every text that the code shows goes through texts.py, by reading the code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from micronn_core.common.translations import KEYWORDS
from tests.paths import CHECKOUT
from tests.pseudo_language import ALLOWED, ASCII_WORD

FILES = [
    str(path.relative_to(CHECKOUT))
    for package in ("micronn_core", "micronn_gui")
    for path in sorted((CHECKOUT / package).rglob("*.py"))
]

ALL = slice(None)
SHOWN: dict[str, slice] = {
    # Qt's
    "setText": ALL,
    "setToolTip": ALL,
    "setStatusTip": ALL,
    "setWhatsThis": ALL,
    "setWindowTitle": ALL,
    "setAccessibleName": ALL,
    "setAccessibleDescription": ALL,
    "setPlaceholderText": ALL,
    "setTitle": ALL,
    "setInformativeText": ALL,
    "setLabel": slice(1, None),
    "setHorizontalHeaderLabels": ALL,
    "addItem": slice(0, 1),
    "addTab": slice(1, None),
    "addAction": ALL,
    "QAction": ALL,
    "QLabel": ALL,
    "QMenu": ALL,
    "QPushButton": ALL,
    "drawText": ALL,
    "getOpenFileName": slice(1, 2),
    "ask_where_to_save": slice(1, 2),
    "question": ALL,
    "warning": slice(0, 0),  # the log's
    # our own
    "label": slice(0, 1),
    "button": slice(0, 2),
    "Card": slice(0, 1),
    "IconButton": slice(1, 2),
    "show_as": slice(1, 2),
    "show_message": slice(0, 1),
    "say": slice(0, 1),
    "write_table": ALL,
    # argparse's
    "add_argument_group": ALL,
}
"""What shows a text: which of its arguments, in their order, are texts."""

NO_TEXT = re.compile(r"<[^>]*>|\\[a-z]+|#[0-9A-F]{6}")
"""Marks of rich text, LaTeX and colours."""

NUMBER_FORMAT = re.compile(r",|(?:^|[^%])[.\d]*[efg%]$")
PEOPLE = ("micronn_gui/", "micronn_core/cli/", "micronn_core/explain/", "micronn_core/diagnostics/")
"""Where whatever is written as text is written for people."""

TOLD = {"refused", "done", "failed", "noticed"}
"""Signals that carry a text for whoever uses the program."""

SHOWN_KEYWORDS = {"help", "title", "description", "epilog", "tip", "text", "metavar"}
"""Named arguments that are texts, of whatever is called."""


def error_classes() -> dict[str, slice]:
    """The errors that users read, and where their message stands."""
    found = {"MicroNNError": ALL}
    classes = [
        node
        for file in FILES
        for node in ast.walk(ast.parse((CHECKOUT / file).read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    ]
    while new := [
        node.name
        for node in classes
        if node.name not in found and any(isinstance(b, ast.Name) and b.id in found for b in node.bases)
    ]:
        found |= dict.fromkeys(new, ALL)
    return found | {"ConfigError": slice(1, None)}


def name_of(call: ast.Call) -> str:
    """The last part of what is called."""
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def words_in(node: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield line and text of every literal in an expression that no function of texts.py holds."""
    match node:
        case ast.Call() if name_of(node) in KEYWORDS:
            for part in (*node.args, *(keyword.value for keyword in node.keywords)):
                if not isinstance(part, ast.Constant):
                    yield from words_in(part)
        case ast.Call() | ast.Subscript() | ast.Compare():
            # What is called, looked up or compared has its own use of words: here, only results are shown.
            for value in ast.iter_child_nodes(node):
                if isinstance(value, ast.Call | ast.IfExp | ast.BinOp | ast.JoinedStr) and not isinstance(
                    node, ast.Compare
                ):
                    yield from words_in(value)
        case ast.FormattedValue():
            yield from words_in(node.value)
        case ast.Constant(value=str(text)):
            words = ASCII_WORD.findall(NO_TEXT.sub("", text))
            if any(word not in ALLOWED for word in words):
                yield node.lineno, text
        case ast.IfExp():
            yield from words_in(node.body)
            yield from words_in(node.orelse)
        case _:
            for child in ast.iter_child_nodes(node):
                yield from words_in(child)


ERRORS = error_classes()


@pytest.mark.parametrize("file", FILES)
def test_that_no_text_is_shown_as_it_stands(file: str) -> None:
    shown = SHOWN | ERRORS
    found = []
    for call in ast.walk(ast.parse((CHECKOUT / file).read_text(encoding="utf-8"))):
        if not isinstance(call, ast.Call):
            continue
        parts = list(call.args[shown.get(name_of(call), slice(0, 0))])
        if name_of(call) == "emit" and ast.unparse(call.func).split(".")[-2] in TOLD:
            parts += call.args
        parts += [keyword.value for keyword in call.keywords if keyword.arg in SHOWN_KEYWORDS]
        found += [f"{file}:{line}: {text!r}" for part in parts for line, text in words_in(part)]
    assert not found, "not for translators:\n" + "\n".join(found)


@pytest.mark.parametrize("file", FILES)
def test_that_texts_are_whole(file: str) -> None:
    """A text is a literal: what is put together cannot be translated."""
    for call in ast.walk(ast.parse((CHECKOUT / file).read_text(encoding="utf-8"))):
        if isinstance(call, ast.Call) and name_of(call) in KEYWORDS:
            glued = [part for part in call.args if isinstance(part, ast.JoinedStr | ast.BinOp)]
            assert not glued, f"{file}:{call.lineno}: {ast.unparse(glued[0])}"
            is_ours = isinstance(call.func, ast.Name)  # and no method of the same name
            # tr also takes what was marked.
            literals = {"trn": 2, "trc": 2, "mark": 1}.get(name_of(call), 0) if is_ours else 0
            unread = [part for part in call.args[:literals] if not isinstance(part, ast.Constant)]
            assert not unread, f"{file}:{call.lineno}: Babel cannot read {ast.unparse(unread[0])}"


@pytest.mark.parametrize("file", [file for file in FILES if file.startswith(PEOPLE)])
def test_that_numbers_are_written_by_the_function_that_knows_the_language(file: str) -> None:
    found = []
    tree = ast.parse((CHECKOUT / file).read_text(encoding="utf-8"))
    rounded = {
        part
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and name_of(call) == "float"
        for part in ast.walk(call)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.FormattedValue) and node.format_spec is not None and node not in rounded:
            spec = ast.unparse(node.format_spec)[2:-1]
            if NUMBER_FORMAT.search(spec):
                found.append(f"{file}:{node.lineno}: {ast.unparse(node.value)}:{spec}")
    assert not found, "\n".join(found)
