"""For those who translate: collects the texts of the program and brings the translations up to them.

Run by `make texts`, in a checkout. What translators are to do is said in resources/locale/README.md.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from micronn_core.common.texts import DOMAIN

KEYWORDS = {"tr": None, "trn": (1, 2), "trc": ((1, "c"), 2), "mark": None}
"""What the functions of texts.py are called, and which of their arguments are texts, as Babel wants it."""

PACKAGES = ("micronn_core", "micronn_gui")
_ENCODING = "utf-8"


def extract(checkout: Path) -> Catalog:
    """Return all texts of the program.

    Args:
        checkout: the folder in which the packages lie.
    """
    catalog = Catalog(project="MicroNN", charset=_ENCODING, fuzzy=False)
    for package in PACKAGES:
        # Babel warns of f-strings, which here are values for the places of texts, never texts.
        with redirect_stderr(StringIO()):
            found = list(
                extract_from_dir(
                    checkout / package,
                    [("**.py", "python")],
                    keywords=KEYWORDS,
                    comment_tags=("Translators:",),
                )
            )
        for name, line, text, comments, context in found:
            catalog.add(text, None, [(f"{package}/{name}", line)], auto_comments=comments, context=context)
    return catalog


def update(folder: Path, template: Catalog) -> list[Path]:
    """Write the template, and bring every translation up to it; return the translations.

    Args:
        folder: where they lie, as `de/LC_MESSAGES/micronn.po`.
        template: all texts.
    """
    _write(folder / f"{DOMAIN}.pot", template)
    translations = sorted(folder.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))
    for path in translations:
        with path.open("rb") as file:
            catalog = read_po(file, locale=path.parts[-3])
        catalog.update(template)
        _write(path, catalog)
    return translations


def translated(catalog: Catalog) -> int:
    """Return how many texts of a translation are translated, with all their plurals."""
    texts = (message for message in catalog if message.id and not message.fuzzy)
    return sum(all(text.string) if isinstance(text.string, tuple) else bool(text.string) for text in texts)


def begin(folder: Path, code: str) -> Path:
    """Begin a translation, without any text in it yet, and return its file.

    Args:
        folder: where the translations lie.
        code: the language, such as "de" or "pt_BR".

    Raises:
        FileExistsError: there is one already.
    """
    path = folder / code / "LC_MESSAGES" / f"{DOMAIN}.po"
    if path.exists():
        raise FileExistsError(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    _write(path, Catalog(locale=code, project="MicroNN", charset=_ENCODING, fuzzy=False))
    return path


def main(words: Sequence[str]) -> int:
    """Collect the texts, begin the languages that are named, and bring all translations up to date."""
    checkout = Path(__file__).resolve().parents[2]
    folder = checkout / "resources" / "locale"
    for code in words:
        begin(folder, code)
    template = extract(checkout)
    sys.stdout.write(f"{len(template):,} texts\n")
    for path in update(folder, template):
        with path.open("rb") as file:
            catalog = read_po(file)
        sys.stdout.write(f"{path.relative_to(checkout)}: {translated(catalog):,} translated\n")
    return 0


def _write(path: Path, catalog: Catalog) -> None:
    with path.open("wb") as file:
        write_po(file, catalog, width=100, include_lineno=False, sort_by_file=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
