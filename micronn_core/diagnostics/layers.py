"""Checks of the layers: what inputs, weights, gradients and activations say about a network."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from micronn_core.common.texts import mark, tr
from micronn_core.diagnostics.curves import a_little_l2, leapt, rate_of
from micronn_core.diagnostics.findings import ACCURACY, LOSS, Finding, Run, brief, has
from micronn_core.diagnostics.layer_statistics import LayerFigures, rms
from micronn_core.nn.activations import ACTIVATIONS, Array
from micronn_core.nn.initializers import INITIALIZERS
from micronn_core.nn.optimizers import OPTIMIZERS
from micronn_core.settings.table import PER_SAMPLE

LARGEST_INPUT = 2.0
"""Inputs belong between 0 and 1, or about ±1; twice that is not scaled."""

DEAD = 0.25
"""Share of a layer's neurons that may be dead: healthy networks have up to a fifth, and spare them."""

SATURATED = 0.6
"""Share of a layer's answers at the flat ends: tanh reaches one half in a healthy run."""

LONGEST_STEP = 1.0
"""A step as large as the weights themselves forgets them; healthy ones start at a tenth."""
LEAST_WEIGHT = 0.01
"""Weights that begin smaller than this are compared as if they were as large."""

FADED = 1e-3
"""The first layer's gradient as a share of the last one's: in healthy networks it is 0.05 to 1."""

LARGEST_WEIGHT = 20.0
"""Trained weights stay below 5: at 20, a single pixel decides."""
GROWN = 100.0
"""Weights that grew by this factor have run away."""

ALIKE = 0.05
"""Rows of weights that differ by less than this share of their largest are the same but for rounding;
those that began at random differ by more than their whole size."""
NOTHING = 1e-6
"""Weights below this are as good as 0."""


def unscaled(run: Run) -> Finding | None:
    """Find inputs that are not scaled to about 1."""
    largest = max(run.config.white, np.nan_to_num(run.largest_input))
    if largest <= LARGEST_INPUT:
        return None
    text = tr(
        "The inputs go up to {largest:,.0f} instead of 1: every sum of the first layer, and every step of "
        "its weights, is that many times too large.",
        largest=largest,
    )
    if run.config.white <= LARGEST_INPUT:
        return Finding("unscaled", LOSS, text, tr("Divide the inputs by the largest"))
    return Finding("unscaled", LOSS, text, tr("Scale pixels to 0 … 1"), {"pixels": "0 to 1"})


def shared_softmax(run: Run) -> Finding | None:
    """Find a softmax that subtracts the largest logit of the whole batch."""
    if run.config.softmax == PER_SAMPLE:
        return None
    text = tr(
        "The softmax subtracts one maximum from the whole batch: samples far below it get the probability 0 "
        "for every class, and teach nothing or the wrong thing."
    )
    return Finding("softmax", LOSS, text, tr("Softmax per sample"), {"softmax": PER_SAMPLE})


def symmetric(run: Run) -> Finding | None:
    """Find a hidden layer whose neurons are all the same."""
    for i, layer in enumerate(run.moment.parameters.layers[:-1]):
        if _rows_alike(layer.weight) and _rows_alike(layer.bias):
            text = _about_neurons(
                run,
                i,
                mark(
                    "All {count} hidden neurons are the same: they began alike, so they learn alike, and "
                    "together they are worth one."
                ),
                mark(
                    "All {count} neurons of layer {layer} are the same: they began alike, so they learn "
                    "alike, and together they are worth one."
                ),
                count=len(layer.weight),
            )
            return Finding("symmetric", ACCURACY, text, *_scaled_start(run))
    return None


def dead(run: Run) -> Finding | None:
    """Find hidden neurons that answer 0 to everything."""
    i, share = _worst([layer.dead for layer in run.layers])
    if share < DEAD:
        return None
    width = run.layers[i].n_out
    text = _about_neurons(
        run,
        i,
        mark(
            "{dead} of {count} hidden neurons are dead: they answer 0 to every sample, so no gradient "
            "reaches their weights and they no longer learn."
        ),
        mark(
            "{dead} of {count} neurons of layer {layer} are dead: they answer 0 to every sample, so no "
            "gradient reaches their weights and they no longer learn."
        ),
        dead=round(share * width),
        count=width,
    )
    return _calmed(run, Finding("dead", ACCURACY, text, *_leaky()))


def saturated(run: Run) -> Finding | None:
    """Find hidden neurons at the flat ends of a sigmoid or tanh."""
    i, share = _worst([layer.saturated for layer in run.layers])
    if share < SATURATED:
        return None
    text = _about_neurons(
        run,
        i,
        mark(
            "The hidden neurons are saturated: {share:.0%} of their answers lie at the flat ends of "
            "{activation}, where hardly any gradient gets through. Their weighted sums are too large."
        ),
        mark(
            "The neurons of layer {layer} are saturated: {share:.0%} of their answers lie at the flat ends "
            "of {activation}, where hardly any gradient gets through. Their weighted sums are too large."
        ),
        share=share,
        activation=tr(ACTIVATIONS[run.config.activation].label),
    )
    advice = _scaled_start(run) if INITIALIZERS[run.config.initializer].large else _leaky()
    return _calmed(run, Finding("saturated", ACCURACY, text, *advice))


def exploding(run: Run) -> Finding | None:
    """Find gradients that are too large for the weights that they are to change."""
    i, step = _worst([_step(run, layer) for layer in run.layers])
    if step < LONGEST_STEP:
        return None
    text = tr(
        "The gradient explodes: the next step changes W{layer} by {factor} times its own size, and what it "
        "has learned is lost.",
        layer=i + 1,
        factor=brief(step),
    )
    config = run.config
    if INITIALIZERS[config.initializer].large and len(config.hidden) > 1:  # each layer makes it larger
        return Finding("exploding", LOSS, text, *_scaled_start(run))
    if not config.clip or config.clip > 1:
        return Finding("exploding", LOSS, text, tr("Clip gradients to {length}", length=1), {"clip": 1.0})
    return Finding("exploding", LOSS, text, *rate_of(run.calmer_rate))


def vanishing(run: Run) -> Finding | None:
    """Find gradients that fade on their way back to the first layer."""
    if not run.layers:
        return None
    first, last = run.layers[0].gradient_rms, run.layers[-1].gradient_rms
    if first >= FADED * last:
        return None
    if first:
        text = tr(
            "The gradient vanishes on its way back: at W1 it is 1/{factor} of what it is at W{layer}, so the "
            "first layers hardly learn.",
            factor=brief(last / first),
            layer=len(run.layers),
        )
    else:
        text = tr(
            "The gradient vanishes on its way back: nothing of it arrives at W1, so the first layers do not "
            "learn at all."
        )
    changes = {"activation": "leaky_relu", "initializer": "he"}
    if has(run.config, changes):
        return Finding("vanishing", LOSS, text, tr("Use fewer hidden layers"))
    return Finding("vanishing", LOSS, text, tr("Leaky ReLU and He weights"), changes)


def runaway(run: Run) -> Finding | None:
    """Find weights that are out of range."""
    for i, (layer, begun) in enumerate(zip(run.layers, run.start.layers, strict=False)):
        grown = layer.weight_rms / max(rms(begun.weight), LEAST_WEIGHT)
        if layer.largest_weight < LARGEST_WEIGHT and grown < GROWN:
            continue
        text = tr(
            "The weights of W{layer} have run away: the largest is {largest}, and all together they are "
            "{factor} times as large as at the start. A few then decide everything.",
            layer=i + 1,
            largest=brief(layer.largest_weight),
            factor=brief(grown),
        )
        if run.config.l2 < 1e-4:  # it holds weights back, but brings none down again in good time
            return Finding("weights", LOSS, text, *a_little_l2(), anew=True)
        return Finding("weights", LOSS, text, *rate_of(run.calmer_rate))
    return None


def _rows_alike(values: Array) -> bool:
    """Return whether there are several rows, all the same."""
    nearly = max(ALIKE * float(np.abs(values[0]).max()), NOTHING)
    # A look at two rows spares the others nearly always.
    return len(values) > 1 and all(
        float(np.abs(rows - values[0]).max()) <= nearly for rows in (values[1:2], values[1:])
    )


def _step(run: Run, layer: LayerFigures) -> float:
    """Return how far the next step changes a layer's weights, as a multiple of their size."""
    if not OPTIMIZERS[run.config.optimizer].proportional:
        return 0.0
    length = rms(run.moment.gradient.vector) * run.moment.gradient.vector.size**0.5
    kept = min(1.0, run.config.clip / length) if run.config.clip and length else 1.0
    return run.moment.learning_rate * kept * layer.gradient_rms / max(layer.weight_rms, LEAST_WEIGHT)


def _scaled_start(run: Run) -> tuple[str, dict[str, object]]:
    """Return the advice, and the changes, to start with random weights of the right size."""
    name = ACTIVATIONS[run.config.activation].initializer
    return tr("Use {initializer} weights", initializer=name.capitalize()), {"initializer": name}


def _leaky() -> tuple[str, dict[str, object]]:
    """Return the advice, and the change, to use an activation that is nowhere flat."""
    return tr("Use leaky ReLU"), {"activation": "leaky_relu"}


def _calmed(run: Run, finding: Finding) -> Finding:
    """Return a finding that lowers the learning rate too, where a leap of the loss has led to it."""
    if not leapt(run):
        return finding
    rate = run.calmer_rate
    changes = {**finding.changes, "learning_rate": rate}
    advice = tr("{advice}, rate {rate:g}", advice=finding.advice, rate=rate)
    return replace(finding, advice=advice, changes=changes)


def _worst(shares: list[float]) -> tuple[int, float]:
    """Return the largest of some numbers and its place; NaN counts as nothing."""
    known = np.nan_to_num(shares)
    if not known.size:
        return 0, 0.0
    return int(known.argmax()), float(known.max())


def _about_neurons(run: Run, i: int, of_the_only_layer: str, of_one: str, **values: object) -> str:
    """Say something of the neurons of a hidden layer, by its number if there are several."""
    if len(run.config.hidden) == 1:
        return tr(of_the_only_layer, **values)
    return tr(of_one, layer=i + 1, **values)
