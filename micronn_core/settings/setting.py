"""What a setting is: a row of the table, from which everything else is derived."""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, TypeVar

from micronn_core.settings.kinds import Kind, Meaning

ROW = "setting"
"""Where a field of the table keeps its row."""

Default = TypeVar("Default")


@dataclass(frozen=True)
class Section:
    """A group of settings in the recipe.

    Attributes:
        title: stands above it.
        tip: what it is for; a section with one folds away what is seldom needed.
    """

    title: str
    tip: str = ""


@dataclass(frozen=True, kw_only=True)
class Explained:
    """Something that explains itself.

    All texts are marked for translation, and translated where they are shown.

    Attributes:
        label: its name as people read it.
        what: what it does, in plain words.
        latex: the formula it stands in; "" where there is none.
        expect: what comes of turning it up or down.
        source: the document or paper it comes from.
        name: the field of `TrainingConfig`; "augmentation." and an amount for a part of it.
    """

    label: str
    what: str
    latex: str
    expect: str
    source: str
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Setting(Explained):
    """A setting of a run.

    Attributes:
        short: its name in the middle of a line, as in "rate 0.1".
        subject: how a sentence about it begins, such as "The learning rate".
        kind: which values it can have, and how they are read and written.
        help: what it does, in a line.
        section: where it stands in the recipe; None for what no person sets by hand, which is
            neither shown nor swept and has no option.
        live: whether it may change while the network trains; else a change needs a new network.
        unit: what it is counted in; "" where it says so itself.
        aliases: other names for it, on the command line.
        former: names that it had in the files of earlier versions.
        option: its option on the command line, if that is not its name.
        summary: whether its value always stands behind the title of its folded section; else only another
            value than the usual one does.
        examples: values for a sweep to begin with; "" where a sweep is seldom of use.
    """

    short: str
    subject: str
    kind: Kind
    help: str
    section: Section | None
    live: bool = False
    unit: str = ""
    aliases: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    option: str = ""
    summary: bool = False
    examples: str = ""

    def value_in(self, config: object) -> Any:  # noqa: ANN401 - what the kind takes
        """Return its value in a config."""
        return attrgetter(self.name)(config)

    def parse(self, text: str, config: object) -> Any:  # noqa: ANN401
        """Return the value that a text stands for, for the other settings of a config.

        Raises:
            ConfigError: it cannot be used there.
        """
        value = self.kind.read(text)
        self.kind.check(self, value, config)
        return value

    def describe_in(self, config: object) -> Meaning | None:
        """Return what is to be said of its value in a config; None where that says it all."""
        return self.kind.describe(self.value_in(config), config)


def setting(default: Default, row: Setting) -> Default:
    """Return a field of the table that has a default, and a row that says the rest."""
    return field(default=default, metadata={ROW: row})
