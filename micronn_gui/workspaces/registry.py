"""The workspaces there are: a row each, in the order of the rail and of the keys Ctrl+1, 2, 3 and on.

A workspace is imported and built when it is first opened, so that the window opens sooner.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from micronn_core.common.texts import mark
from micronn_gui.session.states import States
from micronn_gui.workspaces.workspace import Workspace


@dataclass(frozen=True)
class WorkspaceEntry:
    """A workspace as it is offered.

    Attributes:
        name: what the program calls it.
        label: what it is called before a user.
        tip: what one does there.
        icon: the one on the rail.
        group: those of a group stand together on the rail.
        transport: whether the run is driven there; elsewhere a thin line tells how it goes.
        build: makes its page.
    """

    name: str
    label: str
    tip: str
    icon: str
    group: str
    transport: bool
    build: Callable[[States], Workspace]


def _train(states: States) -> Workspace:
    from micronn_gui.workspaces.train import TrainWorkspace

    return TrainWorkspace(states)


def _draw(states: States) -> Workspace:
    from micronn_gui.workspaces.draw import DrawWorkspace

    return DrawWorkspace(states)


def _inspect(states: States) -> Workspace:
    from micronn_gui.workspaces.inspect import InspectWorkspace

    return InspectWorkspace(states)


def _runs(states: States) -> Workspace:
    from micronn_gui.workspaces.runs import RunsWorkspace

    return RunsWorkspace(states)


WORKSPACES = (
    WorkspaceEntry(
        "train", mark("Train"), mark("Watch the network learn"), "activity", "learn", True, _train
    ),
    WorkspaceEntry(
        "draw",
        mark("Draw"),
        mark("Draw a digit and see what the network makes of it"),
        "pencil",
        "learn",
        True,
        _draw,
    ),
    WorkspaceEntry(
        "inspect",
        mark("Inspect"),
        mark("Follow one learning step, number by number"),
        "microscope",
        "understand",
        True,
        _inspect,
    ),
    WorkspaceEntry(
        "runs",
        mark("Runs"),
        mark("Compare what you have tried, and try more"),
        "history",
        "kept",
        False,
        _runs,
    ),
)
"""The first one is open when the window opens."""
