"""The health of a run: what is wrong with it, in plain words, and what to do about it.

Everything is read off figures that the run has anyway, and off its layers' answers to a few
samples. To add a check, write a function from `Run` to a `Finding` or None and a row in the
table at the foot.
"""

from __future__ import annotations

from collections.abc import Collection

from micronn_core.diagnostics.curves import flat, overfitting, unsteady
from micronn_core.diagnostics.findings import ACCURACY, LOSS, Finding, Run
from micronn_core.diagnostics.layers import (
    dead,
    exploding,
    runaway,
    saturated,
    shared_softmax,
    symmetric,
    unscaled,
    vanishing,
)

MOST = 2
"""Findings that a curve has at most: more than two at once help nobody."""


def examine(run: Run, ignored: Collection[str] = ()) -> tuple[Finding, ...]:
    """Return what is wrong with a run, the most important first.

    A finding that is only the consequence of another is left out, and each curve has at most two.

    Args:
        run: the run.
        ignored: kinds that nobody wants to hear of, or of their consequences.
    """
    found = [finding for check in CHECKS if (finding := check(run)) is not None]
    explained = {kind for finding in found for kind in CONSEQUENCES.get(finding.kind, ())}
    causes = [finding for finding in found if finding.kind not in {*explained, *ignored}]
    most = {figure: [f for f in causes if f.figure == figure][:MOST] for figure in (LOSS, ACCURACY)}
    return tuple(most[LOSS] + most[ACCURACY])


CHECKS = (
    unscaled,
    shared_softmax,
    unsteady,
    exploding,
    vanishing,
    runaway,
    overfitting,
    flat,
    symmetric,
    dead,
    saturated,
)
"""All checks, the most important first."""

CONSEQUENCES = {
    "unscaled": ("learning rate", "exploding", "vanishing", "weights", "flat", "dead", "saturated"),
    "softmax": ("learning rate", "flat"),
    "symmetric": ("dead", "vanishing", "flat"),
    "dead": ("vanishing", "flat"),
    "saturated": ("vanishing", "flat"),
    "vanishing": ("flat",),
    "exploding": ("flat",),
    "learning rate": ("weights", "flat"),
}
"""What each finding explains: curing it cures these too, so they are not told beside it."""
