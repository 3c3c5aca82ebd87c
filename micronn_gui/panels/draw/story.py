"""What happened to an answer over a run, in a sentence."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from micronn_core.common.texts import tr
from micronn_core.training.history import epoch_text

SURE = 0.9
"""From this probability on there is no doubt."""
RIVAL = 0.05
"""Mean probability from which another answer is one that was doubted between."""
MOST_RIVALS = 2
BRIEF = 0.1
"""Share of the run up to which other answers at the beginning are noise."""
LONG = 0.5
"""Share of the run from which a doubt is long."""

Values = NDArray[np.floating]


def story(epochs: Values, shares: Values, names: tuple[str, ...]) -> str:
    """Return a sentence about how an answer came about; "" where nothing is known.

    Args:
        epochs: of the moments, (n,), rising.
        shares: the probabilities at them, (classes, n).
        names: of the classes.
    """
    if not epochs.size:
        return ""
    leaders = shares.argmax(axis=0)
    final = int(leaders[-1])
    if epochs.size == 1 or epochs[-1] <= 0:
        return tr("It has learned nothing yet: {digit} is a guess.", digit=names[final])
    others = np.flatnonzero(leaders != final)
    since = int(others[-1]) + 1 if others.size else 0
    rivals = _doubted(shares[:, since:], final)
    several = _listed([names[i] for i in (final, *rivals)]) if rivals else ""
    if not others.size:
        return _from_the_start(names[final], several)
    doubtful = int((shares[final, since:] < SURE).sum())
    if epochs[since] - epochs[0] <= BRIEF * (epochs[-1] - epochs[0]):
        return _after_noise(names[final], epochs[since], several, doubtful >= LONG * epochs.size)
    before = int(np.bincount(leaders[others]).argmax())
    return _after_another(names[before], names[final], epochs[since], several)


def _doubted(shares: Values, final: int) -> list[int]:
    """Return the other answers between which it doubted, the likelier first; none where it was sure."""
    if (shares[final] >= SURE).mean() >= LONG:
        return []
    mean = shares.mean(axis=1)
    mean[final] = -1
    order = np.argsort(-mean, kind="stable")[:MOST_RIVALS].tolist()
    return [i for place, i in enumerate(order) if mean[i] >= 0 and (mean[i] >= RIVAL or place == 0)]


def _from_the_start(name: str, several: str) -> str:
    if several:
        return tr(
            "It said {digit} from the start, but doubted between {several}.", digit=name, several=several
        )
    return tr("It said {digit} from the start, and was soon sure.", digit=name)


def _after_noise(name: str, epoch: float, several: str, long: bool) -> str:
    if not several:
        text = epoch_text(epoch)
        return tr(
            "Noise at first, then {digit} from epoch {epoch} on, and soon sure.", digit=name, epoch=text
        )
    if long:
        return tr("Noise at first, then a long doubt between {several}.", several=several)
    return tr("Noise at first, then a doubt between {several}.", several=several)


def _after_another(before: str, name: str, epoch: float, several: str) -> str:
    values = {"before": before, "digit": name, "epoch": epoch_text(epoch)}
    if not several:
        return tr("First it said {before}; from epoch {epoch} on {digit}, and soon sure.", **values)
    return tr(
        "First it said {before}; from epoch {epoch} on {digit}, in doubt between {several}.",
        **values,
        several=several,
    )


def _listed(names: list[str]) -> str:
    if len(names) == 2:
        return tr("{first} and {last}", first=names[0], last=names[1])
    return tr("{first}, {second} and {last}", first=names[0], second=names[1], last=names[2])
