"""A learning step in plain words: what each of its steps is called, and what it does to this sample."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from micronn_core.common.texts import mark, number, percent, tr, trn
from micronn_core.explain.derivations import NEW, Derivation, Number, in_words
from micronn_core.explain.explanation import Explanation
from micronn_core.explain.steps import Step


class StageWords(NamedTuple):
    """What a step is called: in a few words, and in a title."""

    short: str
    title: str


INPUT_PICTURE = StageWords(mark("the picture"), mark("This is all that the network sees"))
INPUT = StageWords(mark("the sample"), mark("These numbers are all that the network sees"))
COMPARE = StageWords(
    mark("compare with the patterns"), mark("Each neuron compares the picture with its pattern")
)
WEIGH = StageWords(mark("weigh and add"), mark("Each neuron weighs what it gets and adds it up"))
VOTES = StageWords(mark("votes for the digits"), mark("Each neuron votes, and the votes are added"))
CLASS_VOTES = StageWords(mark("votes for the classes"), mark("Each neuron votes, and the votes are added"))
KEEP = StageWords(mark("keep what is positive"), mark("Only what is positive goes on"))
SQUEEZE = StageWords(mark("squeeze each sum"), mark("Each sum is squeezed into a small range"))
DAMP = StageWords(mark("damp what is negative"), mark("What is negative counts for little"))
SHARES = StageWords(mark("shares of the votes"), mark("The votes become shares of 100 %"))
LOSS = StageWords(mark("how wrong"), mark("How wrong is the answer?"))
ERRORS = StageWords(mark("too much, too little"), mark("Too much for some, too little for the right one"))
BLAME = StageWords(mark("which neurons to blame"), mark("Which neurons are to blame?"))
VOTES_TO_CHANGE = StageWords(mark("which votes to change"), mark("Which votes should change?"))
PIXELS_TO_CHANGE = StageWords(
    mark("which pixels to change"), mark("Which pixels should count more, which less?")
)
WEIGHTS_TO_CHANGE = StageWords(mark("which weights to change"), mark("Which weights should change?"))
STEP = StageWords(mark("take the step"), mark("Every weight takes one small step"))
CHECK = StageWords(mark("better?"), mark("Is the answer better now?"))


def stage_words(explanation: Explanation, step: Step) -> StageWords:
    """Return what a step is called in plain words, in the user's language."""
    found = _stage_words(explanation, step)
    return StageWords(tr(found.short), tr(found.title))


def _stage_words(explanation: Explanation, step: Step) -> StageWords:
    pictured, depth = _is_picture(explanation), len(explanation.network.layers)
    kind, layer = kind_and_layer(step.key)
    match kind:
        case "x":
            return INPUT_PICTURE if pictured else INPUT
        case "z" if layer == depth:
            return VOTES if _has_digits(explanation) else CLASS_VOTES
        case "z":
            return COMPARE if pictured and layer == 1 else WEIGH
        case "a" if layer == depth:
            return SHARES
        case "a":
            activation = explanation.network.activation
            return KEEP if activation.dies else SQUEEZE if activation.saturates else DAMP
        case "loss":
            return LOSS
        case "dz":
            return ERRORS if layer == depth else BLAME
        case "dW" if layer == depth:
            return VOTES_TO_CHANGE
        case "dW":
            return PIXELS_TO_CHANGE if pictured and layer == 1 else WEIGHTS_TO_CHANGE
        case "update":
            return STEP
    return CHECK


def sentence(explanation: Explanation, step: Step) -> str:
    """Return what a step does to this sample, with its real names and numbers."""
    kind, layer = kind_and_layer(step.key)
    return SENTENCES[kind](explanation, layer)


def name_in_words(explanation: Explanation, number: Number) -> str:
    """Return what a number is, in plain words, such as "the sum of the votes for 6"."""
    stem = number.name.removesuffix(NEW)
    kind, layer = stem.rstrip("0123456789"), _layer_of(stem)
    last = layer == len(explanation.network.layers)
    kind = kind if kind in NAMES else "slope" if stem.endswith(")") else "x"
    text = NAMES[kind][last]
    who = explanation.class_name(number.row) if last or kind == "y" else f"h{number.row}"
    what = _input_name(explanation, layer, number)
    name = tr(text, who=who, what=what)
    return tr("{name}, after the step", name=name) if stem != number.name else name


NAMES: Mapping[str, tuple[str, str]] = {
    "x": (mark("{what}"), mark("{what}")),
    "y": (mark("the right share of {who}"), mark("the right share of {who}")),
    "W": (mark("the weight of {what} in {who}"), mark("the vote of {what} for {who}")),
    "b": (mark("the bias of {who}"), mark("the bias of {who}")),
    "z": (mark("the sum of {who}"), mark("the sum of the votes for {who}")),
    "a": (mark("the output of {who}"), mark("the share of {who}")),
    "e^z": (mark("the size of {who}"), mark("the size of the votes for {who}")),
    "L": (mark("the loss"), mark("the loss")),
    "dz": (mark("the blame of {who}"), mark("the error of {who}")),
    "dW": (
        mark("the gradient of the weight of {what} in {who}"),
        mark("the gradient of the vote of {what} for {who}"),
    ),
    "db": (mark("the gradient of the bias of {who}"), mark("the gradient of the bias of {who}")),
    "slope": (mark("the slope of {who}"), mark("the slope of {who}")),
}
"""What a number is, by the name of its array: in a hidden layer, and in the last one."""


def parts_in_words(explanation: Explanation, derivation: Derivation) -> str:
    """Say what a number is made of."""
    name = derivation.number.name.removesuffix(NEW)
    kind, layer = kind_and_layer(name)
    last = layer == len(explanation.network.layers)
    pictured = layer == 1 and _is_picture(explanation)
    match kind:
        case "z" if pictured:
            return tr("what each pixel adds: its weight × its ink")
        case "z" if last and layer > 1:
            return tr("what each neuron adds: its vote × how strongly it fires")
        case "z":
            return tr("what each input adds: its weight × its value")
        case "a" if last:
            return tr("each sum of votes gets a size above 0; this is its share of all sizes")
        case "a" if explanation.network.activation.dies:
            return tr("its sum, or 0 where the sum is below 0")
        case "a":
            return tr("its sum, put through {f}", f=derivation.function)
        case "e^z":
            return tr("the size that its sum of votes gets: e to the power of it")
        case "L":
            return tr("the smaller the share of the right one, the greater the loss")
        case "dz" if last:
            return tr("the share it got, less the share it should have got")
        case "dz":
            return tr("what each error behind it adds: its weight × the error")
        case "dW":
            return tr("the error behind the weight × what came in through it")
        case "W" | "b":
            return tr("what it was, less its gradient × the learning rate")
    return tr("what it is made of, the weightiest first")


def _input_name(explanation: Explanation, layer: int, number: Number) -> str:
    """Return what a weight weighs, or which input a number is."""
    if number.name == "x":
        return explanation.input_name(number.row)
    return explanation.input_name(number.column) if layer <= 1 else f"h{number.column}"


# -- a sentence for each step --


def _of_input(explanation: Explanation, layer: int) -> str:
    shape = explanation.spec.features.image_shape if explanation.spec else None
    x = explanation.arrays["x"]
    if shape is None:
        return trn("{count} number describes this sample.", "{count} numbers describe this sample.", len(x))
    return tr(
        "{rows} × {columns} pixels, each a number: 0 is paper, 1 is full ink. {count} of them have ink.",
        rows=shape[0],
        columns=shape[1],
        count=int((x > 0).sum()),
    )


def _of_sums(explanation: Explanation, layer: int) -> str:
    if layer == len(explanation.network.layers):
        return _of_votes(explanation, layer)
    z = explanation.arrays[f"z{layer}"][:, 0]
    values = {
        "best": f"h{z.argmax()}",
        "worst": f"h{z.argmin()}",
        "high": _short(z.max()),
        "low": _short(z.min()),
    }
    if len(z) == 1:
        return tr("There is one neuron, {best}, and its sum is {high}.", **values)
    if layer == 1 and _is_picture(explanation):
        return tr(
            "The picture fits the pattern of {best} best ({high}) and that of {worst} least ({low}).",
            **values,
        )
    return tr("{best} has the largest sum ({high}), {worst} the smallest ({low}).", **values)


def _of_votes(explanation: Explanation, layer: int) -> str:
    """Say which neurons speak for the answer, and whether that is right."""
    answer, label = explanation.before.answer, explanation.label
    names = {"answer": explanation.class_name(answer), "truth": explanation.class_name(label)}
    if layer == 1:
        text = (
            mark("The inputs speak for {answer} most, which is right.")
            if answer == label
            else mark("The inputs speak for {answer} most; they should speak for {truth}.")
        )
        return tr(text, **names)
    said = explanation.arrays[f"W{layer}"][answer] * explanation.arrays[f"a{layer - 1}"][:, 0]
    first, second = (*np.argsort(-said, kind="stable")[:2], 0)[:2]
    names |= {"first": f"h{first}", "second": f"h{second}"}
    both = said.size > 1 and said[second] > 0
    if answer == label:
        text = (
            mark("{first} and {second} fire strongly and speak for {answer}, which is right.")
            if both
            else mark("{first} speaks for {answer}, which is right.")
        )
    else:
        text = (
            mark(
                "{first} and {second} fire strongly and speak for {answer}; "
                "nothing speaks as loudly for {truth}."
            )
            if both
            else mark("{first} speaks for {answer}; nothing speaks as loudly for {truth}.")
        )
    return tr(text, **names)


def _of_outputs(explanation: Explanation, layer: int) -> str:
    if layer == len(explanation.network.layers):
        return _of_shares(explanation, "")
    z, a = (explanation.arrays[f"{name}{layer}"][:, 0] for name in "za")
    best = int(a.argmax())
    values = {"best": f"h{best}", "sum": _short(z[best]), "output": _short(a[best])}
    if explanation.network.activation.dies:
        firing = int((a > 0).sum())
        if not firing:
            return tr("No neuron fires: every sum is below 0.")
        return trn(
            "{count} of {total} neurons fires: {best}, with {output}. The others are silent.",
            "{count} of {total} neurons fire, {best} most strongly ({output}). A sum below 0 becomes 0.",
            firing,
            total=len(a),
            **values,
        )
    return tr("{best} fires most strongly: its sum of {sum} becomes {output}.", **values)


def _of_shares(explanation: Explanation, which: str) -> str:
    shares = explanation.arrays[f"a{len(explanation.network.layers)}{which}"][:, 0]
    answer, label = int(shares.argmax()), explanation.label
    other = int(np.argsort(-shares, kind="stable")[1]) if answer == label and len(shares) > 1 else label
    text = (
        mark("{answer} gets {share}, and that is right. Next comes {other} with {other_share}.")
        if answer == label
        else mark("{answer} gets {share}. The right one, {other}, gets {other_share}.")
    )
    return tr(
        text,
        answer=explanation.class_name(answer),
        share=percent(shares[answer], 1),
        other=explanation.class_name(other),
        other_share=percent(shares[other], 1),
    )


def _of_loss(explanation: Explanation, layer: int) -> str:
    return tr(
        "The right one, {truth}, got {share}. That costs a loss of {loss}; with 100 % it would be 0.",
        truth=explanation.class_name(explanation.label),
        share=percent(explanation.before.probability, 1),
        loss=_short(explanation.before.loss),
    )


def _of_errors(explanation: Explanation, layer: int) -> str:
    dz = explanation.arrays[f"dz{layer}"][:, 0]
    if layer < len(explanation.network.layers):
        worst = int(np.abs(dz).argmax())
        if not dz[worst]:
            return tr("No neuron is to blame: none of them could have changed the answer.")
        text = (
            mark("{neuron} is to blame most: had it fired less, the answer would have been better.")
            if dz[worst] > 0
            else mark("{neuron} is to blame most: had it fired more, the answer would have been better.")
        )
        return tr(text, neuron=f"h{worst}")
    label = explanation.label
    others = np.where(np.arange(len(dz)) == label, -1.0, dz)
    most = int(others.argmax())
    return tr(
        "{truth} should have got 100 %: it has {less} too little. {other} has {more} too much.",
        truth=explanation.class_name(label),
        less=percent(-dz[label], 1),
        other=explanation.class_name(most),
        more=percent(dz[most], 1),
    )


def _of_gradients(explanation: Explanation, layer: int) -> str:
    gradient = explanation.arrays[f"dW{layer}"]
    row, column = (int(i) for i in np.unravel_index(np.abs(gradient).argmax(), gradient.shape))
    value = gradient[row, column]
    what = name_in_words(explanation, Number(f"W{layer}", row, column))
    if not value:
        return tr("Nothing should change here: no weight could make the answer better.")
    text = (
        mark("What should shrink most is {what}.") if value > 0 else mark("What should grow most is {what}.")
    )
    if layer == 1 and _is_picture(explanation):
        return " ".join((tr(text, what=what), tr("Where there is no ink, nothing changes.")))
    return tr(text, what=what)


def _of_update(explanation: Explanation, layer: int) -> str:
    return tr(
        "Each weight moves against its gradient, {rate:g} times as far: that makes the loss smaller.",
        rate=explanation.learning_rate,
    )


def _of_check(explanation: Explanation, layer: int) -> str:
    before, after = explanation.before, explanation.after
    text = (
        mark("The share of {truth} went from {before} to {after}: the step has helped.")
        if after.loss < before.loss
        else mark("The share of {truth} went from {before} to {after}: the step was too large.")
    )
    return tr(
        text,
        truth=explanation.class_name(explanation.label),
        before=percent(before.probability, 1),
        after=percent(after.probability, 1),
    )


SENTENCES: Mapping[str, Callable[[Explanation, int], str]] = {
    "x": _of_input,
    "z": _of_sums,
    "a": _of_outputs,
    "loss": _of_loss,
    "dz": _of_errors,
    "dW": _of_gradients,
    "update": _of_update,
    "check": _of_check,
}
"""What says a sentence about a step, by the kind of the step."""


def kind_and_layer(name: str) -> tuple[str, int]:
    """Split the name of a step or an array: "dz2" is ("dz", 2), "ReLU′(z1)" ("ReLU′(z", 1), "L" ("L", 0)."""
    return name.rstrip(")").rstrip("0123456789"), _layer_of(name)


def _layer_of(name: str) -> int:
    digits = name.rstrip(")").removeprefix(name.rstrip(")").rstrip("0123456789"))
    return int(digits) if digits else 0


def _is_picture(explanation: Explanation) -> bool:
    return explanation.spec is not None and explanation.spec.features.image_shape is not None


def _has_digits(explanation: Explanation) -> bool:
    return explanation.spec is not None and all(name.isdigit() for name in explanation.spec.class_names)


def _short(value: float | NDArray[np.floating]) -> str:
    return number(float(value), ".2f")


def in_shapes(explanation: Explanation, step: Step) -> str:
    """Return a step's formula with the rows and columns of its arrays: "W2 (10×10) · a1 (10×1) + …"."""
    return " ".join(_with_shape(explanation, token) for token in step.expressions[0])


def _with_shape(explanation: Explanation, token: str) -> str:
    name = token.removesuffix("ᵀ")
    if name not in explanation.arrays:
        return token
    rows, columns = explanation.arrays[name].shape[:: 1 if name == token else -1]
    return tr("{name} ({rows}×{columns})", name=in_words(token), rows=rows, columns=columns)
