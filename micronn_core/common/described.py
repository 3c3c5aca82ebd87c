"""What every row of a table of choices has, so that it can be shown, chosen and explained."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar


@dataclass(frozen=True)
class Described:
    """A choice in words.

    Its texts are marked for translation, and translated where they are shown.

    Attributes:
        name: its key in its table.
        label: its name as people write it.
        description: what it does and what to expect of it, in a sentence or two.
        latex: its formula.
        source: the document or paper it comes from.
    """

    name: str
    label: str
    description: str
    latex: str
    source: str


Row = TypeVar("Row", bound=Described)


def table(*rows: Row) -> dict[str, Row]:
    """Return rows by their names, in their order."""
    return {row.name: row for row in rows}
