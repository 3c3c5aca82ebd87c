"""Checks of the course of a run: what its loss says about its settings."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from micronn_core.common.texts import number, tr
from micronn_core.diagnostics.findings import LOSS, Finding, Run, brief, has

WINDOW = 20
"""Measurements that are looked back on: one a step with full batches, five epochs with small ones."""

SHOT_UP = 1.5
"""A loss that rises to so many times its first value was thrown there by a step that was too long;
learning alone never does that."""
RECOVERED = 0.5
"""Below this share of the loss of mere chance, an early leap has been made good."""

FEWEST_RISES, MOST_RISES = 0.3, 0.7
"""Shares of the measurements that rise: fewer are single stumbles, more are overfitting."""
LEAST_SWING = 0.01
"""Mean rise, in loss, of a measurement: healthy runs stay under 0.003 even where they jitter."""

FLAT = 0.01
"""A loss that falls by less than this share over the window stands still; the slowest healthy runs
fall by two per cent and more while they are still near chance."""
NO_PROGRESS = 0.9
"""Share of the first loss above which nothing was learned."""
NEAR_CHANCE = 2.0
"""Up to so many times the accuracy of guessing, a network is guessing."""
TINY_STEP = 1e-4
"""Share of its weights that a step changes: below it, the steps are too short to get anywhere."""
GOOD_STEP = 1e-2
"""The share that the largest step of a healthy run begins with."""

LOST = 0.9
"""Share of a layer's neurons that are dead, from which on no other rate brings the network back."""

OVERFIT = 1.1
"""The validation loss wavers by a few per cent; ten above its lowest is more than that."""
SMOOTHED = 4
"""Measurements in a mean, an epoch of small batches."""
WAIT = 5
"""Epochs of patience that are advised."""
WIDE = 64
"""Hidden layers from this width on can spare the neurons that dropout silences."""


def unsteady(run: Run) -> Finding | None:
    """Find a learning rate so large that the loss leaps up, or swings instead of falling."""
    _, loss, _ = run.validation()
    train = run.recent("loss")
    if loss.size < 2 and train.size < 2:
        return None
    text = (_leap(run) if np.isfinite(train).all() else _not_a_number()) or _swing(loss)
    if not text:
        return None
    rate = run.calmer_rate
    if any(layer.dead >= LOST for layer in run.layers):
        advice = tr("New network, learning rate {rate:g}", rate=rate)
        return Finding("learning rate", LOSS, text, advice, {"learning_rate": rate}, anew=True)
    return Finding("learning rate", LOSS, text, *rate_of(rate))


def rate_of(rate: float) -> tuple[str, dict[str, object]]:
    """Return the advice, and the change, to take another learning rate."""
    return tr("Learning rate {rate:g}", rate=rate), {"learning_rate": rate}


def flat(run: Run) -> Finding | None:
    """Find a loss that stands still although nothing, or next to nothing, was learned."""
    _, loss, accuracy = run.validation()
    window = max(WINDOW, loss.size // 10)
    if loss.size <= window:
        return None
    first = float(run.history.column("loss")[0])
    fell = loss[-window - 1] - loss[-1]
    guessing = accuracy[-1] < NEAR_CHANCE / run.classes
    if abs(fell) >= FLAT * loss[-1] or not (guessing or loss[-1] > NO_PROGRESS * first):
        return None
    text = tr(
        "The loss stands still at {loss:.2f}: in the last {window} measurements it changed by less "
        "than {share:.0%}, and {accuracy:.0%} correct is hardly more than guessing.",
        loss=loss[-1],
        window=window,
        share=FLAT,
        accuracy=accuracy[-1],
    )
    rate = run.moment.learning_rate
    steps = [rate * layer.gradient_rms / layer.weight_rms for layer in run.layers if layer.weight_rms]
    if steps and 0 < max(steps) < TINY_STEP:
        rate = float(f"{run.config.learning_rate * GOOD_STEP / max(steps):.0e}")
        return Finding("flat", LOSS, text, *rate_of(rate))
    optimizer, rate = {"optimizer": "adam"}, 0.001
    if has(run.config, optimizer):
        return Finding("flat", LOSS, text, tr("Use He weights"), {"initializer": "he"})
    advice = tr("Use Adam at {rate:g}", rate=rate)
    return Finding("flat", LOSS, text, advice, {**optimizer, "learning_rate": rate})


def overfitting(run: Run) -> Finding | None:
    """Find a validation loss that rises again while the training loss goes on falling."""
    epoch, loss, _ = run.validation()
    if loss.size < 2 * SMOOTHED:
        return None
    smooth = np.convolve(loss, np.full(SMOOTHED, 1 / SMOOTHED), "valid")
    best = int(smooth.argmin())
    if smooth[-1] <= OVERFIT * smooth[best]:
        return None
    then = run.train_loss(epoch[best], epoch[best + SMOOTHED - 1])
    now = run.train_loss(epoch[-SMOOTHED], epoch[-1])
    if not now < then:
        return None
    text = tr(
        "Overfitting since epoch {epoch:,.0f}: the training loss still falls, but on new samples it has "
        "risen from {lowest:.3f} to {now:.3f}. The network learns its samples by heart.",
        epoch=epoch[best + SMOOTHED // 2],
        lowest=smooth[best],
        now=smooth[-1],
    )
    config = run.config
    if not config.dropout and min(config.hidden) >= WIDE:
        advice = tr("Use dropout {share:g}", share=0.2)
        return Finding("overfitting", LOSS, text, advice, {"dropout": 0.2}, anew=True)
    if not config.patience and config.epochs > WAIT:
        advice = tr("Stop early (patience {epochs})", epochs=WAIT)
        return Finding("overfitting", LOSS, text, advice, {"patience": WAIT})
    if not config.l2:
        return Finding("overfitting", LOSS, text, *a_little_l2(), anew=True)
    return Finding("overfitting", LOSS, text, tr("Use fewer neurons"))


def a_little_l2() -> tuple[str, dict[str, object]]:
    """Return the advice, and the change, to keep weights small."""
    return tr("Use L2 {amount}", amount=number(1e-4, "g")), {"l2": 1e-4}


def leapt(run: Run) -> bool:
    """Return whether the loss has leapt up and not recovered."""
    return bool(_leap(run))


def _not_a_number() -> str:
    return tr(
        "The loss is no longer a number: the steps are so long that the weights grew out of all bounds."
    )


def _leap(run: Run) -> str:
    """Return what to say of a loss that leapt up, on training and validation samples alike, or nothing."""
    loss, train = run.recent("validation_loss"), run.recent("loss")
    if np.isfinite(loss).sum() < 2:
        return ""
    place = int(np.nanargmax(loss))
    first, last = float(loss[np.isfinite(loss)][0]), float(loss[np.isfinite(loss)][-1])
    height = min(loss[place], train[place])
    if height < SHOT_UP * max(first, run.chance) or last < RECOVERED * run.chance:
        return ""
    return tr(
        "The loss leapt from {first} to {height}: the steps are too long, so each lands far beyond the "
        "valley that it aims for.",
        first=brief(first),
        height=brief(height),
    )


def _swing(loss: NDArray[np.float64]) -> str:
    """Return what to say of a loss that goes up and down, or nothing."""
    changes = np.diff(loss[-WINDOW:])
    if changes.size < WINDOW - 1:
        return ""
    rises = changes > 0
    swing = min(changes[rises].sum(), -changes[~rises].sum()) / changes.size
    if not FEWEST_RISES <= rises.mean() <= MOST_RISES or swing < LEAST_SWING:
        return ""
    return tr(
        "The loss goes up and down: it rose in {rises} of the last {measurements} measurements. "
        "The steps are too long and jump from one side of the valley to the other.",
        rises=int(rises.sum()),
        measurements=changes.size,
    )
